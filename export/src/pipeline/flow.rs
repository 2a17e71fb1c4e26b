//! All that goes out, and the order in which it does: log records, then spans, then metrics.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use slo_model::event::Signal;

use crate::counts::{Counts, SignalCounts};
use crate::delivery::orders::{Orders, earliest};
use crate::metrics::covered::Covered;
use crate::records::lane::Lane;
use slo::__export::Accounting;

/// All that goes out.
#[derive(Debug, Default)]
pub(crate) struct Flow {
    pub(crate) accounting: Arc<Accounting>,
    pub(crate) logs: Vec<(Arc<Lane>, Arc<Orders>)>,
    pub(crate) spans: Vec<(Arc<Lane>, Arc<Orders>)>,
    /// A scrape has no worker that could be told anything.
    pub(crate) metrics: Vec<(Arc<Covered>, Option<Arc<Orders>>)>,
    /// By when a shutdown is to be over that somebody else has less time for.
    pub(crate) no_later: Mutex<Option<NoLater>>,
}

/// By when something is to be over, whatever time it was given before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoLater {
    /// The wait for the events that are inside.
    drained: Instant,
    /// Everything.
    over: Instant,
}

/// The events that are inside, and the three signals.
const STAGES: u32 = 4;

/// A share of the time that is left, so that one signal's exporter that hangs does not take the time of the next.
fn share(until: Instant, stages: u32) -> Instant {
    let now = Instant::now();
    now + until.saturating_duration_since(now) / stages
}

impl Flow {
    /// The orders of each signal, in their order.
    fn stages(&self) -> [Vec<&Arc<Orders>>; 3] {
        [
            self.logs.iter().map(|(_, orders)| orders).collect(),
            self.spans.iter().map(|(_, orders)| orders).collect(),
            self.metrics.iter().filter_map(|(_, orders)| orders.as_ref()).collect(),
        ]
    }

    /// Flushes everything that is there now. Says whether all of it was tried in time.
    pub(crate) fn flush(&self, until: Instant) -> bool {
        let mut tickets = Vec::new();
        for (stage, left) in self.stages().into_iter().zip([3, 2, 1]) {
            let ordered: Vec<_> = stage.into_iter().map(|orders| (orders, orders.flush())).collect();
            let until = share(until, left);
            for (orders, ticket) in &ordered {
                orders.wait_for(*ticket, until);
            }
            tickets.extend(ordered);
        }
        tickets.into_iter().all(|(orders, ticket)| orders.wait_for(ticket, until))
    }

    /// A shutdown, whether or not it has begun, is to be over by that moment.
    pub(crate) fn hurry(&self, until: Instant) {
        let mut no_later = self.no_later.lock().unwrap_or_else(PoisonError::into_inner);
        *no_later = Some(NoLater {
            drained: earliest(share(until, STAGES), no_later.map(|before| before.drained)),
            over: earliest(until, no_later.map(|before| before.over)),
        });
        drop(no_later);
        for orders in self.stages().into_iter().flatten() {
            orders.hurry(until);
        }
    }

    /// By when a shutdown is to be over that was given so much time.
    pub(crate) fn no_later_than(&self, until: Instant) -> Instant {
        earliest(until, self.no_later().map(|no_later| no_later.over))
    }

    fn no_later(&self) -> Option<NoLater> {
        *self.no_later.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Flushes everything, and ends. The accounting was closed before. Says whether all was tried in time.
    pub(crate) fn shut_down(&self, until: Instant) -> bool {
        let drained = share(until, STAGES);
        self.accounting.drain(|| earliest(drained, self.no_later().map(|no_later| no_later.drained)));
        let stages = self.stages();
        for (stage, left) in stages.iter().zip([3, 2, 1]) {
            for orders in stage {
                orders.stop(until);
            }
            let until = share(until, left);
            for orders in stage {
                orders.wait_for_end(until);
            }
        }
        let have_ended = stages.iter().flatten().all(|orders| orders.wait_for_end(until));
        for (lane, _) in self.logs.iter().chain(&self.spans) {
            lane.close();
        }
        for (covered, _) in &self.metrics {
            covered.close();
        }
        have_ended
    }

    /// The outcome of everything, at this moment.
    pub(crate) fn counts(&self) -> Counts {
        let accounting = &self.accounting;
        let lanes = |lanes: &[(Arc<Lane>, Arc<Orders>)], signal| {
            let late = accounting.late(signal);
            SignalCounts::new(accounting, signal, lanes.iter().map(|(lane, _)| lane.counts(late)))
        };
        let late = accounting.late(Signal::Metric);
        let covered = self.metrics.iter().map(|(covered, _)| covered.counts(late));
        Counts {
            logs: lanes(&self.logs, Signal::Log),
            spans: lanes(&self.spans, Signal::Span),
            metrics: SignalCounts::new(accounting, Signal::Metric, covered),
        }
    }
}

/// The report of a flush or a shutdown: the counts, and the time that it took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The outcome of everything that was recorded, from the start on.
    pub counts: Counts,
    /// Whether every exporter came to its end within the time: what it has not delivered, it then has tried.
    pub is_in_time: bool,
    /// How long it took.
    pub took: Duration,
}

impl Report {
    /// Whether everything that was recorded is delivered, or was left out as it should.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.counts.is_whole()
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let whole = if self.is_whole() { "everything went out" } else { "not everything went out" };
        let in_time = if self.is_in_time { "" } else { ", and not every exporter came to its end" };
        writeln!(formatter, "{whole} in {:.1?}{in_time}", self.took)?;
        self.counts.fmt(formatter)
    }
}
