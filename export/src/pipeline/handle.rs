//! The pipeline of a program: flush, shut down, and the counts of everything.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_channel::oneshot;
use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;

use crate::counts::Counts;
use crate::metrics::meters::PipelineMeterProvider;
use crate::pipeline::flow::{Flow, Report};
use crate::pipeline::variables::LONGEST;
use slo::Telemetry;

/// How long dropping the pipeline takes at most.
const AT_DROP: Duration = Duration::from_secs(1);

/// The export of a program's telemetry: the providers of the three signals, their exporters, and the counts of every
/// record. It is made by [`Pipeline::builder`] when the program starts, and shut down when it ends.
///
/// ```no_run
/// # use std::time::Duration;
/// # mod contracts { pub static CONTRACT: slo::Contract<'static> = slo::Contract::EMPTY; }
/// # use contracts::CONTRACT;
/// # async fn serve() {}
/// # async fn run(resource: opentelemetry_sdk::Resource) -> Result<(), slo_export::PipelineError> {
/// let pipeline = slo_export::Pipeline::builder(&CONTRACT, resource)
///     .log_exporter("stdout", opentelemetry_sdk::logs::InMemoryLogExporter::default())
///     .start()?;
/// serve().await;
/// let report = pipeline.shutdown(Duration::from_secs(5)).await;
/// println!("{report}");
/// # Ok(())
/// # }
/// ```
///
/// Dropping the pipeline shuts down as well, within a second, and blocks for that; for a shutdown that is under way it waits
/// two seconds at most.
#[must_use = "dropping the pipeline shuts the exporters down"]
pub struct Pipeline {
    pub(crate) flow: Arc<Flow>,
    pub(crate) telemetry: Telemetry,
    pub(crate) metrics: PipelineMeterProvider,
    pub(crate) traces: SdkTracerProvider,
    pub(crate) logs: SdkLoggerProvider,
    pub(crate) flushes: mpsc::Sender<Waiter>,
    pub(crate) shutdown: Arc<Mutex<Shutdown>>,
    /// Ends what ends after everything has gone out.
    pub(crate) last: Arc<Mutex<Option<Last>>>,
    #[cfg(feature = "prometheus")]
    pub(crate) prometheus: Option<std::net::SocketAddr>,
}

/// Whom to hand a report.
pub(crate) type Waiter = Box<dyn FnOnce(&Report) + Send>;

/// What ends last, by that moment. It says whether it has.
pub(crate) type Last = Box<dyn FnOnce(Instant) -> bool + Send>;

/// How far a shutdown is.
#[derive(Default)]
pub(crate) enum Shutdown {
    #[default]
    NotBegun,
    Running(Vec<Waiter>),
    Done(Box<Report>),
}

/// A future of the [`Report`] of a flush or a shutdown, which runs whether or not it is awaited.
#[must_use = "the report says what did not go out"]
pub struct PendingReport {
    report: oneshot::Receiver<Report>,
    flow: Arc<Flow>,
    begun: Instant,
}

impl Future for PendingReport {
    type Output = Report;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Report> {
        let PendingReport { report, flow, begun } = &mut *self;
        Pin::new(report).poll(context).map(|report| {
            // Who was to report is gone: what is known is reported all the same.
            report.unwrap_or_else(|_| not_in_time(flow, *begun))
        })
    }
}

impl std::fmt::Debug for PendingReport {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("PendingReport").finish_non_exhaustive()
    }
}

fn not_in_time(flow: &Flow, begun: Instant) -> Report {
    Report { counts: flow.counts(), is_in_time: false, took: begun.elapsed() }
}

impl Pipeline {
    /// The telemetry that events are recorded with, for [`Telemetry::in_scope`] and [`Telemetry::run`] where it was
    /// not installed.
    #[must_use]
    pub const fn telemetry(&self) -> &Telemetry {
        &self.telemetry
    }

    /// The tracer provider, for spans that are opened by other means.
    #[must_use]
    pub const fn tracer_provider(&self) -> &SdkTracerProvider {
        &self.traces
    }

    /// The meter provider, for metrics that are measured by other means. Their callbacks may panic: the others are collected
    /// all the same. They must neither record an event nor wait for a thread that may: the first recording of an event waits until
    /// the collection is over.
    #[must_use]
    pub const fn meter_provider(&self) -> &PipelineMeterProvider {
        &self.metrics
    }

    /// The logger provider, for bridges from other logging.
    #[must_use]
    pub const fn logger_provider(&self) -> &SdkLoggerProvider {
        &self.logs
    }

    /// The address at which a Prometheus server scrapes; none where the pipeline has no such endpoint.
    #[cfg(feature = "prometheus")]
    #[must_use]
    pub const fn prometheus_address(&self) -> Option<std::net::SocketAddr> {
        self.prometheus
    }

    /// The counts of everything that was recorded so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.flow.counts()
    }

    /// Flushes what is there now: log records first, then spans, then metrics. A barrier at the end of a unit of
    /// work: what was recorded before has been tried when it is over. All who wait share one flush.
    ///
    /// It needs no runtime, begins whether or not it is awaited, and takes as long as the builder allows
    /// ([`flush_timeout`](crate::PipelineBuilder::flush_timeout)).
    pub fn flush(&self) -> PendingReport {
        let (waiter, reported) = self.reported();
        self.begin_flush(waiter);
        reported
    }

    /// The same, blocking. On a runtime of one thread that is safe: what sends has threads of its own.
    pub fn flush_blocking(&self) -> Report {
        let (sender, receiver) = mpsc::channel();
        let begun = Instant::now();
        self.begin_flush(Box::new(move |report| _ = sender.send(report.clone())));
        receiver.recv().unwrap_or_else(|_| not_in_time(&self.flow, begun))
    }

    fn begin_flush(&self, waiter: Waiter) {
        if let Shutdown::Done(report) = &*lock(&self.shutdown) {
            return waiter(report);
        }
        // Where the thread is gone the waiter is dropped, and whoever waits gets what is known.
        _ = self.flushes.send(waiter);
    }

    /// Shuts down within this time: ends recording for all signals at this moment, flushes log records, then spans,
    /// then metrics, and ends every exporter. What is recorded later is counted as dropped.
    ///
    /// It begins at once, on a thread of its own, whether or not it is awaited, and needs no runtime. A second shutdown
    /// gets the report of the first, which then has no more time than the second.
    pub fn shutdown(&self, within: Duration) -> PendingReport {
        let (waiter, reported) = self.reported();
        self.begin_shutdown(within, waiter);
        reported
    }

    /// The same, blocking. On a runtime of one thread that is safe: what sends has threads of its own.
    pub fn shutdown_blocking(&self, within: Duration) -> Report {
        let (sender, receiver) = mpsc::channel();
        let begun = Instant::now();
        self.begin_shutdown(within, Box::new(move |report| _ = sender.send(report.clone())));
        // The thread keeps the time.
        let patience = within.saturating_add(AT_DROP);
        receiver.recv_timeout(patience).unwrap_or_else(|_| not_in_time(&self.flow, begun))
    }

    fn reported(&self) -> (Waiter, PendingReport) {
        let (sender, report) = oneshot::channel();
        let waiter: Waiter = Box::new(move |report: &Report| _ = sender.send(report.clone()));
        (waiter, PendingReport { report, flow: Arc::clone(&self.flow), begun: Instant::now() })
    }

    fn begin_shutdown(&self, within: Duration, waiter: Waiter) {
        let mut state = lock(&self.shutdown);
        match &mut *state {
            Shutdown::Done(report) => waiter(report),
            Shutdown::Running(waiters) => {
                waiters.push(waiter);
                drop(state);
                self.flow.hurry(Instant::now() + within.min(LONGEST));
            }
            Shutdown::NotBegun => {
                let begun = Instant::now();
                self.flow.accounting.close();
                *state = Shutdown::Running(vec![waiter]);
                drop(state);
                let (flow, last) = (Arc::clone(&self.flow), Arc::clone(&self.last));
                let shared = Arc::clone(&self.shutdown);
                let work = move || finish(&flow, &shared, &last, begun, within);
                if let Err(error) = std::thread::Builder::new().name("slo-shutdown".to_owned()).spawn(work) {
                    // There is no room for a thread: then on this one.
                    let _ = error;
                    finish(&self.flow, &self.shutdown, &self.last, begun, within);
                }
            }
        }
    }
}

/// Ends everything, and tells all who wait.
fn finish(
    flow: &Flow,
    shutdown: &Mutex<Shutdown>,
    last: &Mutex<Option<Last>>,
    begun: Instant,
    within: Duration,
) {
    let until = begun + within.min(LONGEST);
    let mut is_in_time = flow.shut_down(until);
    if let Some(end) = lock(last).take() {
        is_in_time &= end(flow.no_later_than(until));
    }
    let report = Report { counts: flow.counts(), is_in_time, took: begun.elapsed() };
    let before = std::mem::replace(&mut *lock(shutdown), Shutdown::Done(Box::new(report.clone())));
    if let Shutdown::Running(waiters) = before {
        for waiter in waiters {
            waiter(&report);
        }
    }
}

/// Runs flushes: one for all who wait when it begins.
pub(crate) fn run_flushes(flow: &Flow, waiters: &mpsc::Receiver<Waiter>, timeout: Duration) {
    while let Ok(first) = waiters.recv() {
        let all: Vec<Waiter> = std::iter::once(first).chain(waiters.try_iter()).collect();
        let begun = Instant::now();
        let is_in_time = flow.flush(begun + timeout.min(LONGEST));
        let report = Report { counts: flow.counts(), is_in_time, took: begun.elapsed() };
        for waiter in all {
            waiter(&report);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Pipeline {
    fn drop(&mut self) {
        if !matches!(&*lock(&self.shutdown), Shutdown::Done(_)) {
            let (sender, receiver) = mpsc::channel();
            let waiter: Waiter = Box::new(move |_| _ = sender.send(()));
            let mut state = lock(&self.shutdown);
            if let Shutdown::Running(waiters) = &mut *state {
                // Whoever began it gave it its time, and may still wait for the report.
                waiters.push(waiter);
                drop(state);
            } else {
                drop(state);
                self.begin_shutdown(AT_DROP, waiter);
            }
            _ = receiver.recv_timeout(AT_DROP.saturating_mul(2));
        }
    }
}

impl std::fmt::Debug for Pipeline {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Pipeline").field("flow", &self.flow).finish_non_exhaustive()
    }
}
