//! Which measurements of events an exporter's receiver has.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use slo::__export::{Accounting, Collected};

use super::intervals::{Fate, Intervals};
use crate::counts::{DropReason, ExporterCounts};

/// Which measurements of events an exporter's receiver has.
#[derive(Debug)]
pub(crate) struct Covered {
    exporter: &'static str,
    accounting: Arc<Accounting>,
    /// What measurements are that no collection held when the exporter ended.
    rest: DropReason,
    state: Mutex<State>,
}

#[derive(Clone, Debug)]
struct State {
    coverage: Coverage,
    error: Option<String>,
    is_closed: bool,
}

#[derive(Clone, Debug)]
enum Coverage {
    Cumulative(Cumulative),
    Intervals(Intervals),
}

/// Whoever has a cumulative collection has all that was measured before.
#[derive(Clone, Copy, Debug, Default)]
struct Cumulative {
    /// The receiver has these.
    certain: u64,
    /// The most that it has.
    most: u64,
    /// The most that it may have by collections of which that isn't known.
    doubtful: u64,
    /// What is being sent holds at most so many.
    sending: u64,
    /// Whether the last collection was refused.
    is_refused: bool,
}

impl Covered {
    pub(crate) fn new(
        exporter: &'static str,
        accounting: &Arc<Accounting>,
        is_cumulative: bool,
        rest: DropReason,
    ) -> Covered {
        let coverage = match is_cumulative {
            true => Coverage::Cumulative(Cumulative::default()),
            false => Coverage::Intervals(Intervals::default()),
        };
        let state = Mutex::new(State { coverage, error: None, is_closed: false });
        Covered { exporter, accounting: Arc::clone(accounting), rest, state }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the receiver may have that is being sent; none where it has nothing of it for certain.
    pub(crate) fn send(&self, holds: Option<Collected>) {
        match &mut self.state().coverage {
            Coverage::Cumulative(cumulative) => cumulative.sending = holds.map_or(0, |holds| holds.most),
            Coverage::Intervals(intervals) => intervals.sending = holds,
        }
    }

    /// The receiver has the collection.
    pub(crate) fn confirm(&self, holds: Collected) {
        match &mut self.state().coverage {
            Coverage::Cumulative(cumulative) => {
                cumulative.certain = cumulative.certain.max(holds.certain);
                cumulative.most = cumulative.most.max(holds.most);
                if cumulative.doubtful <= holds.most {
                    cumulative.doubtful = 0;
                }
                (cumulative.sending, cumulative.is_refused) = (0, false);
            }
            Coverage::Intervals(intervals) => intervals.settle(holds, Fate::Delivered),
        }
    }

    /// The receiver may have the collection.
    pub(crate) fn doubt(&self, holds: Collected) {
        match &mut self.state().coverage {
            Coverage::Cumulative(cumulative) => {
                cumulative.doubtful = cumulative.doubtful.max(holds.most);
                (cumulative.sending, cumulative.is_refused) = (0, false);
            }
            Coverage::Intervals(intervals) => intervals.settle(holds, Fate::Unconfirmed),
        }
    }

    /// The receiver does not have the collection.
    pub(crate) fn refuse(&self, holds: Collected) {
        match &mut self.state().coverage {
            Coverage::Cumulative(cumulative) => (cumulative.sending, cumulative.is_refused) = (0, true),
            Coverage::Intervals(intervals) => intervals.settle(holds, Fate::Refused),
        }
    }

    /// Nothing could be collected.
    pub(crate) fn fail(&self) {
        if let Coverage::Cumulative(cumulative) = &mut self.state().coverage {
            cumulative.is_refused = true;
        }
    }

    pub(crate) fn trouble(&self, why: &str) {
        self.state().error = Some(why.to_owned());
    }

    /// Nothing more is sent.
    pub(crate) fn close(&self) {
        self.state().is_closed = true;
    }

    /// The counts at this moment. So many measurements came after the accounting had closed.
    pub(crate) fn counts(&self, late: u64) -> ExporterCounts {
        let State { coverage, error, is_closed } = self.state().clone();
        let measured = self.accounting.measured();
        let mut counts = ExporterCounts::new(self.exporter);
        let why = match coverage {
            Coverage::Cumulative(cumulative) => {
                let Cumulative { certain, most, doubtful, sending, is_refused } = cumulative;
                counts.delivered = certain.min(measured);
                // What was recorded while a delivered collection was made is in it, or in the next.
                let most = if is_closed { most.max(doubtful).max(sending) } else { doubtful };
                counts.unconfirmed = most.min(measured).saturating_sub(counts.delivered);
                if is_refused { DropReason::Refused } else { self.rest }
            }
            Coverage::Intervals(intervals) => {
                intervals.count(&mut counts, is_closed);
                self.rest
            }
        };
        let rest = measured.saturating_sub(counts.delivered + counts.unconfirmed + counts.all_dropped());
        match is_closed {
            false => counts.pending = rest,
            true => counts.drop_records(rest, why),
        }
        counts.drop_records(late, DropReason::AfterShutdown);
        counts.error = error;
        counts
    }
}
