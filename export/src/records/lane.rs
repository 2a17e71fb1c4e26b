//! The outcome of the records of one signal on one exporter.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::counts::{DropReason, ExporterCounts};

/// The outcome of the records of one signal on one exporter.
#[derive(Debug)]
pub(crate) struct Lane {
    exporter: &'static str,
    /// Those that wait in the queue.
    waiting: AtomicU64,
    /// Those that found no room there, and those that came when nobody sent any more.
    turned_away: [AtomicU64; 2],
    sent: Mutex<Sent>,
    is_closed: AtomicBool,
}

/// What the worker did.
#[derive(Debug, Default)]
struct Sent {
    outcome: Outcome,
    in_flight: InFlight,
    error: Option<String>,
}

/// The batch that is being sent.
#[derive(Clone, Copy, Debug, Default)]
struct InFlight {
    records: u64,
    /// Whether the receiver may have it.
    may_have_arrived: bool,
}

/// The outcome of a batch, or of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) delivered: u64,
    pub(crate) unconfirmed: u64,
    pub(crate) refused: u64,
    pub(crate) rejected: u64,
    /// The deadline came before they were sent.
    pub(crate) unsent: u64,
}

impl Lane {
    pub(crate) fn new(exporter: &'static str) -> Lane {
        Lane {
            exporter,
            waiting: AtomicU64::new(0),
            turned_away: Default::default(),
            sent: Mutex::default(),
            is_closed: AtomicBool::new(false),
        }
    }

    fn sent(&self) -> MutexGuard<'_, Sent> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A record comes to wait. Says how many do now.
    pub(crate) fn wait(&self) -> u64 {
        self.waiting.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// A record that came to wait found no room.
    pub(crate) fn turn_away(&self) {
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        self.turned_away[0].fetch_add(1, Ordering::Relaxed);
    }

    /// A record came when nobody sent any more.
    pub(crate) fn come_late(&self) {
        self.turned_away[1].fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }

    /// So many that waited are being sent.
    pub(crate) fn begin(&self, records: u64) {
        let mut sent = self.sent();
        self.waiting.fetch_sub(records, Ordering::Relaxed);
        sent.in_flight = InFlight { records, may_have_arrived: false };
    }

    /// Whether the receiver may have what is being sent.
    pub(crate) fn may_have_arrived(&self, may: bool) {
        self.sent().in_flight.may_have_arrived = may;
    }

    /// The outcome of what was sent.
    pub(crate) fn conclude(&self, outcome: Outcome) {
        let mut sent = self.sent();
        let all = &mut sent.outcome;
        all.delivered += outcome.delivered;
        all.unconfirmed += outcome.unconfirmed;
        all.refused += outcome.refused;
        all.rejected += outcome.rejected;
        all.unsent += outcome.unsent;
        sent.in_flight = InFlight::default();
    }

    /// Remembers the last trouble.
    pub(crate) fn trouble(&self, why: &str) {
        self.sent().error = Some(why.to_owned());
    }

    /// Nothing more is sent: what waits is dropped.
    pub(crate) fn close(&self) {
        self.is_closed.store(true, Ordering::SeqCst);
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::SeqCst)
    }

    /// The counts at this moment. So many records came after the accounting had closed.
    pub(crate) fn counts(&self, late: u64) -> ExporterCounts {
        let sent = self.sent();
        let Sent { outcome, in_flight, error } = &*sent;
        let waiting = self.waiting();
        let mut counts = ExporterCounts::new(self.exporter);
        counts.delivered = outcome.delivered;
        counts.unconfirmed = outcome.unconfirmed;
        counts.drop_records(outcome.refused, DropReason::Refused);
        counts.drop_records(outcome.rejected, DropReason::Rejected);
        counts.drop_records(outcome.unsent, DropReason::Deadline);
        counts.drop_records(self.turned_away[0].load(Ordering::Relaxed), DropReason::QueueFull);
        counts.drop_records(self.turned_away[1].load(Ordering::Relaxed) + late, DropReason::AfterShutdown);
        if !self.is_closed() {
            counts.pending = waiting + in_flight.records;
        } else {
            counts.drop_records(waiting, DropReason::Deadline);
            // Whoever sends it did not come back in time.
            if in_flight.may_have_arrived {
                counts.unconfirmed += in_flight.records;
            } else {
                counts.drop_records(in_flight.records, DropReason::Deadline);
            }
        }
        counts.error.clone_from(error);
        counts
    }
}
