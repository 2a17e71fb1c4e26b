//! The thread that sends metrics.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use opentelemetry::Context;
use slo::__export::{Collected, OWN_SCOPE};

use super::collector::{Collection, Collector};
use super::covered::Covered;
use crate::delivery::answer::Answer;
use crate::delivery::orders::{Ending, Orders};
use crate::delivery::trouble::Tell;
use crate::delivery::{Delivering, Delivery, Patience, panicked};

/// What sends collections.
pub(crate) trait MetricsSink: Send {
    /// Takes a collection, to be sent once or more often. Where `only_scope` is given, only the metrics of that scope.
    fn prepare(&mut self, collection: Collection, only_scope: Option<&str>);

    /// Sends it. It comes back within the time, or not much later.
    fn send(&mut self, within: Duration) -> Answer;

    /// Nothing more is sent.
    fn end(&mut self, _within: Duration) {}
}

/// When metrics are sent, and for how long they are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MetricsSchedule {
    pub(crate) interval: Duration,
    /// How long a collection is tried.
    pub(crate) patience: Patience,
}

/// The thread that sends metrics.
pub(crate) struct MetricsWorker {
    pub(crate) collector: Arc<Collector>,
    pub(crate) covered: Arc<Covered>,
    pub(crate) orders: Arc<Orders>,
    pub(crate) sink: Box<dyn MetricsSink>,
    pub(crate) schedule: MetricsSchedule,
    pub(crate) tell: Tell,
}

/// How often the last collection is made anew where the receiver rejects some of its points: which measurements those
/// hold can't be known.
const LAST_TRIES: usize = 3;

impl MetricsWorker {
    /// Works until it is told to stop.
    pub(crate) fn run(mut self) {
        self.orders.begin();
        let orders = Arc::clone(&self.orders);
        let _ending = Ending(&orders);
        let _suppressed = Context::enter_telemetry_suppressed_scope();
        let mut next = Instant::now() + self.schedule.interval;
        loop {
            let (ordered, until) = (orders.ordered(), orders.until());
            let now = Instant::now();
            if ordered.is_none() && until.is_none() && now < next {
                std::thread::park_timeout(next - now);
                continue;
            }
            let tries = if ordered.is_some() || until.is_some() { LAST_TRIES } else { 1 };
            for _ in 0..tries {
                let is_over = orders.until().is_some_and(|until| Instant::now() >= until);
                if is_over || !self.export() {
                    break;
                }
            }
            if let Some(ticket) = ordered {
                orders.done(ticket);
            }
            if let Some(until) = until {
                self.covered.close();
                self.export_own();
                let left = until.saturating_duration_since(Instant::now());
                // What it says at its end changes nothing that is counted.
                _ = catch_unwind(AssertUnwindSafe(|| self.sink.end(left)));
                return;
            }
            next = Instant::now() + self.schedule.interval;
        }
    }

    fn trouble(&self, why: &str) {
        self.covered.trouble(why);
        self.tell.trouble(why);
    }

    /// Collects and sends. Says whether another collection may fare better at once.
    fn export(&mut self) -> bool {
        let collection = match self.collector.collect() {
            Ok(collection) => collection,
            Err(why) => {
                self.covered.fail();
                self.trouble(&why);
                return false;
            }
        };
        let holds = collection.holds;
        let Some(delivery) = self.deliver(collection, None, Some(holds)) else {
            self.covered.refuse(holds);
            return false;
        };
        match delivery {
            Delivery { taken: Some(0), .. } => {
                self.covered.confirm(holds);
                self.tell.over();
            }
            // Which measurements the rejected points hold can't be known.
            Delivery { taken: Some(_), .. } | Delivery { is_doubtful: true, .. } => self.covered.doubt(holds),
            Delivery { is_tried: true, .. } => self.covered.refuse(holds),
            // What was not even tried is dropped by the deadline.
            Delivery { .. } => {}
        }
        if let Some(pause) = delivery.pause {
            self.orders.sleep(pause);
        }
        self.collector.is_cumulative() && delivery.taken.is_some_and(|rejected| rejected > 0)
    }

    /// Sends what is known of everything else, last. What becomes of that can't be said any more, but by the report.
    fn export_own(&mut self) {
        if let Ok(collection) = self.collector.collect() {
            self.deliver(collection, Some(OWN_SCOPE), None);
        }
    }

    /// Sends a collection, of which the receiver is to have so many measurements. None where the exporter panicked before
    /// it sent anything.
    fn deliver(
        &mut self,
        collection: Collection,
        only_scope: Option<&str>,
        holds: Option<Collected>,
    ) -> Option<Delivery> {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| self.sink.prepare(collection, only_scope))) {
            self.trouble(&panicked(panic.as_ref()));
            return None;
        }
        let MetricsWorker { covered, orders, sink, schedule, tell, .. } = self;
        let delivering = Delivering {
            patience: schedule.patience,
            orders,
            may_have_arrived: &|may| covered.send(holds.filter(|_| may)),
            trouble: &|why| {
                covered.trouble(why);
                tell.trouble(why);
            },
        };
        Some(delivering.deliver(|within| sink.send(within)))
    }
}
