//! Metrics: collected by all exits from one reader, and which measurements an exit's receiver has.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use opentelemetry::Context;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::reader::MetricReader;

use super::ExitKind;
use super::answer::Answer;
use super::counts::{ExitCounts, Loss};
use super::delivery::{Delivering, Delivery, Patience, panicked};
use super::exemplar::KeptExemplars;
use super::orders::{Ending, Orders};
use super::trouble::Tell;
use crate::emit::{Collected, Exemplars, Intake, SharedReader};

/// Collects metrics, one collection at a time.
#[derive(Debug)]
pub(crate) struct Collector {
    reader: SharedReader,
    intake: Arc<Intake>,
    exemplars: Option<Arc<Exemplars>>,
    collecting: Mutex<()>,
}

/// A collection.
#[derive(Debug)]
pub(crate) struct Collection {
    pub(crate) metrics: ResourceMetrics,
    pub(crate) exemplars: KeptExemplars,
    /// How many measurements of facts it holds.
    pub(crate) holds: Collected,
}

impl Collector {
    pub(crate) fn new(
        reader: SharedReader,
        intake: &Arc<Intake>,
        exemplars: Option<&Arc<Exemplars>>,
    ) -> Collector {
        let (intake, exemplars) = (Arc::clone(intake), exemplars.cloned());
        Collector { reader, intake, exemplars, collecting: Mutex::default() }
    }

    /// Collects all metrics. What panics in the SDK is an error, and leaves it unable to collect; callbacks are kept from
    /// that by what they are registered with.
    pub(crate) fn collect(&self) -> Result<Collection, String> {
        let _one = self.collecting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut metrics = ResourceMetrics::default();
        let (collected, holds) =
            self.intake.collect(|| catch_unwind(AssertUnwindSafe(|| self.reader.collect(&mut metrics))));
        match collected {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(format!("metrics can't be collected: {error}")),
            Err(panic) => return Err(panicked(panic.as_ref())),
        }
        let exemplars = self.exemplars.as_ref().map(|exemplars| exemplars.kept()).unwrap_or_default();
        Ok(Collection { metrics, exemplars, holds })
    }
}

/// Which measurements of facts an exit's receiver has. Metrics are cumulative: whoever has a collection has all that was
/// measured before.
#[derive(Debug)]
pub(crate) struct Covered {
    exit: ExitKind,
    intake: Arc<Intake>,
    /// What measurements are that no collection held when the exit ended.
    rest: Loss,
    state: Mutex<Coverage>,
}

#[derive(Clone, Debug, Default)]
struct Coverage {
    /// The receiver has these.
    certain: u64,
    /// The most that it may have.
    most: u64,
    /// What is being sent holds at most so many.
    sending: u64,
    error: Option<String>,
    is_closed: bool,
    /// Whether the last collection was refused.
    is_refused: bool,
}

impl Covered {
    pub(crate) fn new(exit: ExitKind, intake: &Arc<Intake>, rest: Loss) -> Covered {
        Covered { exit, intake: Arc::clone(intake), rest, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, Coverage> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the receiver may have that is being sent.
    pub(crate) fn send(&self, holds: Collected) {
        self.state().sending = holds.most;
    }

    /// The receiver has the collection.
    pub(crate) fn confirm(&self, holds: Collected) {
        let mut state = self.state();
        state.certain = state.certain.max(holds.certain);
        state.most = state.most.max(holds.most);
        (state.sending, state.is_refused) = (0, false);
    }

    /// The receiver may have the collection.
    pub(crate) fn doubt(&self, holds: Collected) {
        let mut state = self.state();
        state.most = state.most.max(holds.most);
        (state.sending, state.is_refused) = (0, false);
    }

    /// The receiver does not have the collection.
    pub(crate) fn refuse(&self) {
        let mut state = self.state();
        (state.sending, state.is_refused) = (0, true);
    }

    pub(crate) fn trouble(&self, why: &str) {
        self.state().error = Some(why.to_owned());
    }

    /// Nothing more is sent.
    pub(crate) fn close(&self) {
        self.state().is_closed = true;
    }

    /// The counts at this moment. So many measurements came after the intake had closed.
    pub(crate) fn counts(&self, late: u64) -> ExitCounts {
        let state = self.state().clone();
        let measured = self.intake.measured();
        let mut counts = ExitCounts::new(self.exit);
        counts.confirmed = state.certain.min(measured);
        let most = if state.is_closed { state.most.max(state.sending) } else { state.most };
        counts.unconfirmed = most.min(measured) - counts.confirmed.min(most);
        let rest = measured - counts.confirmed - counts.unconfirmed;
        match state.is_closed {
            false => counts.pending = rest,
            true => counts.lose(rest, if state.is_refused { Loss::Refused } else { self.rest }),
        }
        counts.lose(late, Loss::AfterShutdown);
        counts.error = state.error;
        counts
    }
}

/// What sends collections.
pub(crate) trait MetricsSink: Send {
    /// Takes a collection, to be sent once or more often. Where `only_scope` is given, only the metrics of that scope.
    fn prepare(&mut self, collection: &Collection, only_scope: Option<&str>);

    /// Sends it. It comes back within the time, or not much later.
    fn send(&mut self, within: Duration) -> Answer;
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
            if until.is_some() {
                self.covered.close();
                self.export_own();
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
                self.covered.refuse();
                self.trouble(&why);
                return false;
            }
        };
        let holds = collection.holds;
        let Some(delivery) = self.deliver(&collection, None, holds) else { return false };
        match delivery {
            Delivery { taken: Some(0), .. } => {
                self.covered.confirm(holds);
                self.tell.over();
            }
            // Which measurements the rejected points hold can't be known.
            Delivery { taken: Some(_), .. } | Delivery { is_doubtful: true, .. } => self.covered.doubt(holds),
            Delivery { is_tried: true, .. } => self.covered.refuse(),
            // What was not even tried is lost by the deadline.
            Delivery { .. } => {}
        }
        if let Some(pause) = delivery.pause {
            self.orders.sleep(pause);
        }
        delivery.taken.is_some_and(|rejected| rejected > 0)
    }

    /// Sends what is known of everything else, last. What becomes of that can't be said any more, but by the report.
    fn export_own(&mut self) {
        if let Ok(collection) = self.collector.collect() {
            self.deliver(&collection, Some(crate::emit::OWN_SCOPE), Collected::default());
        }
    }

    /// Sends a collection, of which the receiver is to have so many measurements. None where the exporter panicked before
    /// it sent anything.
    fn deliver(
        &mut self,
        collection: &Collection,
        only_scope: Option<&str>,
        holds: Collected,
    ) -> Option<Delivery> {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| self.sink.prepare(collection, only_scope))) {
            self.covered.refuse();
            self.trouble(&panicked(panic.as_ref()));
            return None;
        }
        let MetricsWorker { covered, orders, sink, schedule, tell, .. } = self;
        let delivering = Delivering {
            patience: schedule.patience,
            orders,
            may_have_arrived: &|may| covered.send(if may { holds } else { Collected::default() }),
            trouble: &|why| {
                covered.trouble(why);
                tell.trouble(why);
            },
        };
        Some(delivering.deliver(|within| sink.send(within)))
    }
}
