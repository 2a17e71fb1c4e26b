//! How often counters say that an event happened: beside its spans it shows what was lost, or counted twice.
//!
//! No finding is made of it: who sees more counted than spans can't tell what was counted twice from spans that were not sampled, and who sees fewer may have missed
//! the last collection.

use std::cmp::Ordering;
use std::collections::HashMap;

/// How many series are remembered; where there are more, nothing is said.
const MOST_SERIES: usize = 200_000;

/// The counters of events.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    /// The start and the value of each series, by the number of its metric and the hash of its labels.
    series: HashMap<(u32, u64), (u64, u64)>,
    events: HashMap<(usize, usize), u64>,
    is_full: bool,
}

impl Counted {
    /// Takes a point of a cumulative counter of an event.
    pub(crate) fn take(&mut self, event: (usize, usize), series: (u32, u64), start: u64, value: u64) {
        if self.series.len() >= MOST_SERIES && !self.series.contains_key(&series) {
            self.is_full = true;
            return;
        }
        let last = self.series.entry(series).or_insert((start, 0));
        let before = match start.cmp(&last.0) {
            Ordering::Equal => last.1,
            // The process started anew.
            Ordering::Greater => 0,
            // It comes late, or from another process.
            Ordering::Less => return,
        };
        *last = (start, value.max(before));
        let more = value.saturating_sub(before);
        let all = self.events.entry(event).or_default();
        *all = all.saturating_add(more);
    }

    /// How often each event was counted; of none where there are too many series.
    pub(crate) fn events(&self) -> impl Iterator<Item = ((usize, usize), u64)> {
        self.events.iter().filter(|_| !self.is_full).map(|(event, count)| (*event, *count))
    }
}
