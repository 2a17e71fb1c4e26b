//! The thread that sends the records of one signal by one exporter.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use opentelemetry::Context;

use crate::delivery::answer::Answer;
use crate::delivery::orders::{Ending, Orders};
use crate::delivery::trouble::Tell;
use crate::delivery::{Delivering, Delivery, Patience, panicked};
use crate::records::lane::{Lane, Outcome};
use crate::records::queue::Waiting;

/// What sends batches.
pub(crate) trait Sink<T>: Send {
    /// Takes a batch, to be sent once or more often.
    fn prepare(&mut self, batch: Vec<T>);

    /// Sends the batch. It comes back within the time, or not much later.
    fn send(&mut self, within: Duration) -> Answer;

    /// A batch in parts, none of them larger than the receiver takes.
    fn split(&self, batch: Vec<T>) -> Vec<Vec<T>> {
        vec![batch]
    }

    /// Nothing more is sent.
    fn end(&mut self, _within: Duration) {}
}

/// When batches are sent, and for how long they are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Schedule {
    /// How many records wait at most.
    pub(crate) capacity: usize,
    /// How many are sent at once at most.
    pub(crate) batch: usize,
    /// How long a record waits for others.
    pub(crate) delay: Duration,
    /// How long a batch is tried.
    pub(crate) patience: Patience,
}

impl Schedule {
    /// The same, where one try may take so long.
    pub(crate) fn within(self, timeout: Duration) -> Schedule {
        Schedule { patience: Patience { timeout, ..self.patience }, ..self }
    }
}

pub(crate) struct Worker<T> {
    pub(crate) waiting: Waiting<T>,
    pub(crate) orders: Arc<Orders>,
    pub(crate) sink: Box<dyn Sink<T>>,
    pub(crate) schedule: Schedule,
    pub(crate) tell: Tell,
}

impl<T> Worker<T> {
    /// Works until it is told to stop.
    pub(crate) fn run(mut self) {
        self.orders.begin();
        let orders = Arc::clone(&self.orders);
        let _ending = Ending(&orders);
        // What sending does on its own is no business of the program's telemetry.
        let _suppressed = Context::enter_telemetry_suppressed_scope();
        let mut next = Instant::now() + self.schedule.delay;
        let batch = self.schedule.batch.max(1) as u64;
        loop {
            let (ordered, until) = (orders.ordered(), orders.until());
            let waiting = self.lane().waiting();
            let now = Instant::now();
            if ordered.is_none() && until.is_none() && waiting < batch && now < next {
                std::thread::park_timeout(next - now);
                continue;
            }
            // What comes meanwhile is for the next time: else a flush of a busy program would never end. At the end nothing
            // comes any more, but what was let in before.
            let mut left = match (ordered, until) {
                (_, Some(_)) => u64::MAX,
                (Some(_), None) => waiting,
                (None, None) => waiting.min(batch),
            };
            while left > 0 && orders.until().is_none_or(|until| Instant::now() < until) {
                let records = self.waiting.take(left.min(batch));
                if records.is_empty() {
                    break;
                }
                left -= records.len() as u64;
                for part in self.sink.split(records) {
                    self.send(part);
                }
            }
            if let Some(ticket) = ordered {
                orders.done(ticket);
            }
            if let Some(until) = until {
                return self.close(until);
            }
            next = Instant::now() + self.schedule.delay;
        }
    }

    fn lane(&self) -> &Arc<Lane> {
        self.waiting.lane()
    }

    /// What still waits is dropped: the deadline came.
    fn close(&mut self, until: Instant) {
        self.lane().close();
        let left = until.saturating_duration_since(Instant::now());
        // What it says at its end changes nothing that is counted.
        _ = catch_unwind(AssertUnwindSafe(|| self.sink.end(left)));
    }

    fn send(&mut self, batch: Vec<T>) {
        let records = batch.len() as u64;
        let Worker { waiting, orders, sink, schedule, tell } = self;
        let lane = waiting.lane();
        let trouble = |why: &str| {
            lane.trouble(why);
            tell.trouble(why);
        };
        lane.begin(records);
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| sink.prepare(batch))) {
            trouble(&panicked(panic.as_ref()));
            return lane.conclude(Outcome { refused: records, ..Outcome::default() });
        }
        let delivering = Delivering {
            patience: schedule.patience,
            orders,
            may_have_arrived: &|may| lane.may_have_arrived(may),
            trouble: &trouble,
        };
        let delivery = delivering.deliver(|within| sink.send(within));
        lane.conclude(outcome(records, delivery));
        if delivery.taken == Some(0) {
            tell.over();
        }
        // What waits meanwhile goes out later, where the next batch would be refused at once.
        if let Some(pause) = delivery.pause {
            orders.sleep(pause);
        }
    }
}

/// The outcome of so many records.
fn outcome(records: u64, delivery: Delivery) -> Outcome {
    let none = Outcome::default();
    match delivery {
        Delivery { taken: Some(rejected), is_doubtful, .. } => {
            let rejected = rejected.min(records);
            let delivered = records - rejected;
            // What a second try has rejected may have been taken at the first.
            if is_doubtful {
                Outcome { delivered, unconfirmed: rejected, ..none }
            } else {
                Outcome { delivered, rejected, ..none }
            }
        }
        Delivery { is_doubtful: true, .. } => Outcome { unconfirmed: records, ..none },
        Delivery { is_tried: true, .. } => Outcome { refused: records, ..none },
        Delivery { .. } => Outcome { unsent: records, ..none },
    }
}
