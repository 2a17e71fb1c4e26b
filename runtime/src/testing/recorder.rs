//! Where events go that a test looks at.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use opentelemetry::Context;
use opentelemetry::InstrumentationScope;
use opentelemetry::trace::WithContext;
use opentelemetry_sdk::logs::{SdkLogRecord, SdkLoggerProvider};
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::reader::MetricReader;
use opentelemetry_sdk::metrics::{SdkMeterProvider, Temporality};
use opentelemetry_sdk::trace::{IdGenerator, SdkTracerProvider, SpanData};
use slo_model::event::Contract;

use super::clock::TestClock;
use super::ids::SequentialIds;
use super::lines::{Lines, Recorded};
use super::memory::Kept;
use super::points::{Point, points};
use crate::emit::SharedReader;
use crate::{Clock, Problem, Telemetry, span_limits, view};

/// A telemetry for tests, which keeps what is recorded with it.
///
/// ```ignore
/// let recorder = slo::testing::Recorder::new(&CONTRACT);
/// recorder.in_scope(|| charge(&order));
/// recorder.assert_recorded(|| PaymentAttempt { outcome: PaymentOutcome::Succeeded, method, amount, route }.record(elapsed));
/// ```
#[derive(Debug)]
pub struct Recorder {
    contract: &'static Contract<'static>,
    telemetry: Telemetry,
    clock: TestClock,
    spans: Kept<SpanData>,
    logs: Kept<(SdkLogRecord, InstrumentationScope)>,
    reader: SharedReader,
    problems: Kept<Problem>,
    traces: SdkTracerProvider,
    looked: Mutex<Looked>,
}

/// What the last look left.
#[derive(Debug, Default)]
struct Looked {
    begin: Option<SystemTime>,
    totals: HashMap<String, f64>,
    own: HashMap<String, Vec<(String, f64)>>,
}

/// The builder of a [`Recorder`].
#[derive(Debug)]
#[must_use = "nothing is made before `build`"]
pub struct RecorderBuilder {
    contract: &'static Contract<'static>,
    clock: TestClock,
    is_system: bool,
    ids: Box<dyn IdGenerator>,
}

impl RecorderBuilder {
    /// The clock, which the test may share with others.
    pub fn clock(mut self, clock: TestClock) -> RecorderBuilder {
        self.clock = clock;
        self
    }

    /// Sets the system's clock.
    pub fn system_clock(mut self) -> RecorderBuilder {
        self.is_system = true;
        self
    }

    /// Sets the id generator.
    pub fn id_generator(mut self, ids: impl IdGenerator + 'static) -> RecorderBuilder {
        self.ids = Box::new(ids);
        self
    }

    /// Builds the recorder.
    #[must_use]
    pub fn build(self) -> Recorder {
        let RecorderBuilder { contract, clock, is_system, ids } = self;
        let (spans, logs, problems) = (Kept::default(), Kept::default(), Kept::default());
        let reader = SharedReader::new(Temporality::Delta);
        let metrics =
            SdkMeterProvider::builder().with_view(view(contract)).with_reader(reader.clone()).build();
        let traces = SdkTracerProvider::builder()
            .with_span_limits(span_limits(contract))
            .with_id_generator(Ids(ids))
            .with_span_processor(Kept::clone(&spans))
            .build();
        let log_provider = SdkLoggerProvider::builder().with_log_processor(Kept::clone(&logs)).build();
        let told: Kept<Problem> = Kept::clone(&problems);
        let telemetry = Telemetry::builder()
            .metrics(metrics)
            .traces(traces.clone())
            .logs(log_provider)
            .on_problem(move |problem| told.all().push(problem.clone()));
        let telemetry = if is_system { telemetry } else { telemetry.clock(clock.clone()) }.build();
        let looked = Mutex::new(Looked { begin: Some(clock.now()), ..Looked::default() });
        Recorder { contract, telemetry, clock, spans, logs, reader, problems, traces, looked }
    }
}

/// A generator behind a pointer.
#[derive(Debug)]
struct Ids(Box<dyn IdGenerator>);

impl IdGenerator for Ids {
    fn new_trace_id(&self) -> opentelemetry::trace::TraceId {
        self.0.new_trace_id()
    }

    fn new_span_id(&self) -> opentelemetry::trace::SpanId {
        self.0.new_span_id()
    }
}

impl Recorder {
    /// A recorder for the events of a contract, with a clock that stands still and ids that are counted.
    #[must_use]
    pub fn new(contract: &'static Contract<'static>) -> Recorder {
        Recorder::builder(contract).build()
    }

    /// A builder of a recorder with a clock or an id generator of the test's own.
    pub fn builder(contract: &'static Contract<'static>) -> RecorderBuilder {
        RecorderBuilder {
            contract,
            clock: TestClock::default(),
            is_system: false,
            ids: Box::new(SequentialIds::default()),
        }
    }

    /// Runs `work`, whose events are recorded here.
    pub fn in_scope<T>(&self, work: impl FnOnce() -> T) -> T {
        self.telemetry.in_scope(work)
    }

    /// A future whose events are recorded here, whatever runtime polls it.
    pub fn run<F: Future>(&self, work: F) -> WithContext<F> {
        self.telemetry.run(work)
    }

    /// The current context with this recorder's telemetry.
    #[must_use]
    pub fn context(&self) -> Context {
        self.telemetry.context()
    }

    /// The recorder's telemetry.
    #[must_use]
    pub const fn telemetry(&self) -> &Telemetry {
        &self.telemetry
    }

    /// The clock.
    #[must_use]
    pub const fn clock(&self) -> &TestClock {
        &self.clock
    }

    /// The tracer provider, for spans that are opened by other means.
    #[must_use]
    pub const fn tracer_provider(&self) -> &SdkTracerProvider {
        &self.traces
    }

    /// The spans that have ended since the last look.
    #[must_use]
    pub fn spans(&self) -> Vec<SpanData> {
        self.spans.all().clone()
    }

    /// The log records since the last look, with their scopes.
    #[must_use]
    pub fn logs(&self) -> Vec<(SdkLogRecord, InstrumentationScope)> {
        self.logs.all().clone()
    }

    /// What was added to the points of metrics since the last look, and looks at metrics.
    #[must_use = "what was measured is forgotten"]
    pub fn points(&self) -> Vec<Point> {
        let mut metrics = ResourceMetrics::default();
        // A reader that is not shut down, of a provider that is there, collects.
        let _ = self.reader.collect(&mut metrics);
        points(&metrics)
    }

    /// The problems that were told of, each kind once for an event and a field.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        self.problems.all().clone()
    }

    /// A counter of the runtime's own, such as `slo.values.folded`: the labels of its points, and what it stands at since
    /// the last collection. It is collected with everything else, so that it is asked right after [`recorded`](Recorder::recorded).
    #[must_use]
    pub fn own(&self, metric: &str) -> Vec<(String, f64)> {
        self.looked().own.get(metric).cloned().unwrap_or_default()
    }

    /// Takes everything that was recorded since the last look.
    #[must_use = "what was recorded is forgotten"]
    pub fn recorded(&self) -> Recorded {
        let spans = std::mem::take(&mut *self.spans.all());
        let logs = std::mem::take(&mut *self.logs.all());
        let mut metrics = ResourceMetrics::default();
        // A reader that is not shut down, of a provider that is there, collects.
        let _ = self.reader.collect(&mut metrics);
        let mut looked = self.looked();
        let begin = looked.begin.unwrap_or_else(|| self.clock.now());
        let mut lines = Lines { begin, totals: std::mem::take(&mut looked.totals) };
        looked.own = lines.own(&metrics);
        let metrics = lines.metrics(&metrics);
        let recorded = Recorded { metrics, logs: lines.logs(&logs, &spans), spans: lines.spans(&spans) };
        looked.totals = lines.totals;
        recorded
    }

    /// Asserts that what was recorded since the last look is what `expected` records, on every signal, and nothing
    /// else. Identifiers aren't compared, nor under which other span it was recorded.
    ///
    /// # Panics
    /// Where it is something else: the message says on which signal, and what.
    #[track_caller]
    #[allow(clippy::panic, reason = "an assertion")]
    pub fn assert_recorded(&self, expected: impl FnOnce()) {
        let twin = Recorder::builder(self.contract).clock(self.clock.clone()).build();
        twin.looked().begin = self.looked().begin;
        twin.in_scope(expected);
        let difference = self.recorded().difference(&twin.recorded());
        assert!(difference.is_empty(), "something else was recorded\n{difference}");
    }

    /// Asserts that nothing was recorded since the last look.
    ///
    /// # Panics
    /// Where something was: the message says what.
    #[track_caller]
    pub fn assert_nothing_recorded(&self) {
        let recorded = self.recorded();
        assert!(recorded.is_empty(), "something was recorded\n{recorded}");
    }

    fn looked(&self) -> MutexGuard<'_, Looked> {
        self.looked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
