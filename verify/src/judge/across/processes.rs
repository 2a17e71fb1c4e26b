//! Whether two processes send as one.
//!
//! A cumulative series has the start time of its process (metrics data model, "Resets and Gaps"). A process that starts anew has a later one,
//! and the earlier never comes back: where it does, with later points, both processes are there.

use std::collections::HashMap;

/// How many series are remembered.
const MOST_SERIES: usize = 200_000;

/// The starts of a series.
#[derive(Clone, Copy, Debug)]
struct Starts {
    before: u64,
    last: u64,
    /// The time of the latest point.
    time: u64,
}

/// The starts of all series, by the number of their metric and the hash of their labels.
#[derive(Debug, Default)]
pub(crate) struct Processes {
    series: HashMap<(u32, u64), Starts>,
}

impl Processes {
    /// Takes a point of a cumulative series; whether an earlier process came back with it.
    pub(crate) fn take(&mut self, series: (u32, u64), start: u64, time: u64) -> bool {
        if start == 0 || time == u64::MAX {
            return false;
        }
        let is_full = self.series.len() >= MOST_SERIES;
        let Some(starts) = self.series.get_mut(&series) else {
            if !is_full {
                self.series.insert(series, Starts { before: 0, last: start, time });
            }
            return false;
        };
        let is_back = start == starts.before && time > starts.time;
        if start != starts.last {
            (starts.before, starts.last) = (starts.last, start);
        }
        starts.time = starts.time.max(time);
        is_back
    }
}
