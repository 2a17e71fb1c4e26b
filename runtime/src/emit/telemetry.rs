//! Which providers events go to.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use opentelemetry::logs::LoggerProvider;
use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry::trace::{FutureExt, TracerProvider, WithContext};
use opentelemetry::{Context, InstrumentationScope, global};
use opentelemetry_sdk::logs::{SdkLogger, SdkLoggerProvider};
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use slo_model::Container;
use slo_model::event::Event as Table;

use super::Emitters;
use super::accounting::Accounting;
use super::clock::{AnyClock, Clock};
use super::emitter::Emitter;
use super::exemplars::Exemplars;
use super::own_metrics::{OwnMetrics, own_scope};
use super::problem::Problem;
use crate::program::Program;
use crate::resource::{Attributes, AttributesBuilder, Scope};

/// The providers that events are recorded with: the program's own, or OpenTelemetry's global ones.
///
/// A program that has providers hands them over once, when it starts:
///
/// ```no_run
/// # mod contracts { pub static CONTRACT: slo::Contract<'static> = slo::Contract::EMPTY; }
/// use opentelemetry_sdk::logs::SdkLoggerProvider;
/// use opentelemetry_sdk::metrics::SdkMeterProvider;
/// use opentelemetry_sdk::trace::SdkTracerProvider;
///
/// let metrics = SdkMeterProvider::builder().with_view(slo::view(&contracts::CONTRACT)).build();
/// let traces = SdkTracerProvider::builder().with_span_limits(slo::span_limits(&contracts::CONTRACT)).build();
/// let logs = SdkLoggerProvider::builder().build();
/// slo::Telemetry::builder().metrics(metrics).traces(traces).logs(logs).build().install()?;
/// # Ok::<(), slo::AlreadyInstalled>(())
/// ```
///
/// Where nothing is installed, metrics and spans go to OpenTelemetry's global providers, which are looked up when an
/// event is recorded for the first time. OpenTelemetry for Rust has no global logger provider: log records go nowhere then, which
/// is told once.
#[derive(Clone)]
pub struct Telemetry(Arc<Inner>);

struct Inner {
    metrics: Option<SdkMeterProvider>,
    traces: Option<SdkTracerProvider>,
    logs: Option<SdkLoggerProvider>,
    /// Whether what is missing above is looked up among the global providers.
    globals: bool,
    scopes: HashMap<String, InstrumentationScope>,
    shared: Arc<Shared>,
    /// Those of each event, by the address of its `Emitters`.
    emitters: Mutex<HashMap<usize, Arc<Emitter>>>,
}

/// Whom problems are told.
type Tell = Box<dyn Fn(&Problem) + Send + Sync>;

/// What every emitter of a telemetry has of it.
pub(crate) struct Shared {
    pub(crate) clock: AnyClock,
    pub(crate) own: OwnMetrics,
    /// What counts the events: a program with exporters has it.
    pub(crate) accounting: Option<Arc<Accounting>>,
    /// Where measurements under sampled spans are kept.
    pub(crate) exemplars: Option<Arc<Exemplars>>,
    tell: Option<Tell>,
}

impl Shared {
    /// Tells the program of a problem. Whoever is told is the program's: its panic must not keep an event from being recorded,
    /// end what sends, or leave a lock of the SDK poisoned.
    pub(crate) fn tell(&self, problem: &Problem) {
        let _ = catch_unwind(AssertUnwindSafe(|| match &self.tell {
            Some(tell) => tell(problem),
            None => log(problem),
        }));
    }
}

/// Where the SDK tells of its own troubles.
#[cfg(feature = "internal-logs")]
fn log(problem: &Problem) {
    opentelemetry::otel_warn!(name: "slo.problem", event = problem.of, message = problem.to_string());
}

#[cfg(not(feature = "internal-logs"))]
fn log(_: &Problem) {}

/// The tracer of an emitter.
pub(crate) enum Tracer {
    Sdk(SdkTracer),
    Global(global::BoxedTracer),
}

static INSTALLED: OnceLock<Telemetry> = OnceLock::new();

/// What the program installed.
pub(crate) fn installed() -> Option<&'static Telemetry> {
    INSTALLED.get()
}

/// The telemetry that a context carries.
pub(crate) struct Current(pub(crate) Telemetry);

/// The clock by which events are timed under this context.
pub(crate) fn clock_of(context: &Context) -> AnyClock {
    match (context.get::<Current>(), installed()) {
        (Some(Current(telemetry)), _) | (None, Some(telemetry)) => telemetry.0.shared.clock.clone(),
        (None, None) => AnyClock::default(),
    }
}

impl Telemetry {
    /// A builder, which is given the providers.
    pub fn builder() -> TelemetryBuilder {
        TelemetryBuilder::default()
    }

    /// Installs this telemetry for the process: events are recorded with it, unless their context carries another.
    ///
    /// # Errors
    /// Something was installed before, and stays.
    pub fn install(self) -> Result<(), AlreadyInstalled> {
        INSTALLED.set(self).map_err(|_| AlreadyInstalled)
    }

    /// The current context with this telemetry: events that are recorded under it are recorded with this one, in
    /// tasks that carry the context too.
    #[must_use]
    pub fn context(&self) -> Context {
        Context::current_with_value(Current(self.clone()))
    }

    /// Runs `work`, whose events are recorded with this telemetry.
    pub fn in_scope<T>(&self, work: impl FnOnce() -> T) -> T {
        let _attached = self.context().attach();
        work()
    }

    /// A future whose events are recorded with this telemetry.
    pub fn run<F: Future>(&self, work: F) -> WithContext<F> {
        work.with_context(self.context())
    }

    /// OpenTelemetry's global providers.
    pub(crate) fn of_globals() -> &'static Telemetry {
        static GLOBALS: LazyLock<Telemetry> =
            LazyLock::new(|| TelemetryBuilder { globals: true, ..TelemetryBuilder::default() }.build());
        &GLOBALS
    }

    pub(crate) fn emitter(
        &self,
        emitters: &'static Emitters,
        table: &'static Table<'static>,
    ) -> Arc<Emitter> {
        let address = std::ptr::from_ref(emitters) as usize;
        let mut all = self.0.emitters.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(
            all.entry(address).or_insert_with(|| Arc::new(Emitter::new(table, self, emitters.specialized))),
        )
    }

    /// Whether what it lacks is looked up among the global providers.
    pub(crate) fn is_of_globals(&self) -> bool {
        self.0.globals
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.0.shared
    }

    pub(crate) fn tracer(&self, scope: InstrumentationScope) -> Option<Tracer> {
        match &self.0.traces {
            Some(traces) => Some(Tracer::Sdk(traces.tracer_with_scope(scope))),
            None if self.0.globals => Some(Tracer::Global(global::tracer_with_scope(scope))),
            None => None,
        }
    }

    /// Whether metrics go anywhere.
    pub(crate) fn measures(&self) -> bool {
        self.0.metrics.is_some() || self.0.globals
    }

    pub(crate) fn meter(&self, scope: InstrumentationScope) -> Meter {
        meter(self.0.metrics.as_ref(), self.0.globals, scope)
    }

    pub(crate) fn logger(&self, scope: InstrumentationScope) -> Option<SdkLogger> {
        self.0.logs.as_ref().map(|logs| logs.logger_with_scope(scope))
    }

    /// The scope of a contract: the one that was given, else what its constants and the environment say. What is wrong
    /// with it is told, in words.
    pub(crate) fn scope(&self, table: &'static Container<'static>) -> (InstrumentationScope, Option<String>) {
        if let Some(scope) = self.0.scopes.get(table.name) {
            return (scope.clone(), None);
        }
        let (built, violations) = AttributesBuilder::<Scope>::new(table, Program::default()).build_lenient();
        let words: Vec<String> = violations.iter().map(ToString::to_string).collect();
        (built.to_scope(), (!words.is_empty()).then(|| words.join("; ")))
    }
}

fn meter(provider: Option<&SdkMeterProvider>, globals: bool, scope: InstrumentationScope) -> Meter {
    match provider {
        Some(metrics) => metrics.meter_with_scope(scope),
        None if globals => global::meter_with_scope(scope),
        // Instruments of a provider that is gone measure nothing.
        None => opentelemetry::metrics::noop::NoopMeterProvider::new().meter_with_scope(scope),
    }
}

impl fmt::Debug for Telemetry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Telemetry")
            .field("metrics", &self.0.metrics.is_some())
            .field("traces", &self.0.traces.is_some())
            .field("logs", &self.0.logs.is_some())
            .field("globals", &self.0.globals)
            .finish_non_exhaustive()
    }
}

/// The builder of a [`Telemetry`]: a signal without a provider is not recorded.
#[derive(Default)]
#[must_use = "nothing is made before `build`"]
pub struct TelemetryBuilder {
    metrics: Option<SdkMeterProvider>,
    traces: Option<SdkTracerProvider>,
    logs: Option<SdkLoggerProvider>,
    globals: bool,
    scopes: HashMap<String, InstrumentationScope>,
    clock: AnyClock,
    accounting: Option<Arc<Accounting>>,
    exemplars: Option<Arc<Exemplars>>,
    tell: Option<Tell>,
}

impl TelemetryBuilder {
    /// Sets the meter provider, which was built with [`view`](crate::view).
    pub fn metrics(mut self, provider: SdkMeterProvider) -> TelemetryBuilder {
        self.metrics = Some(provider);
        self
    }

    /// Sets the tracer provider, which was built with [`span_limits`](crate::span_limits).
    pub fn traces(mut self, provider: SdkTracerProvider) -> TelemetryBuilder {
        self.traces = Some(provider);
        self
    }

    /// Sets the logger provider.
    pub fn logs(mut self, provider: SdkLoggerProvider) -> TelemetryBuilder {
        self.logs = Some(provider);
        self
    }

    /// Sets the attributes of an instrumentation scope that the program has to give; other scopes need nothing.
    pub fn scope(mut self, scope: &Attributes<'_, Scope>) -> TelemetryBuilder {
        self.scopes.insert(scope.contract().to_owned(), scope.to_scope());
        self
    }

    /// Sets the clock, instead of the system's.
    pub fn clock(mut self, clock: impl Clock) -> TelemetryBuilder {
        self.clock = AnyClock(Some(Arc::new(clock)));
        self
    }

    /// Sets the function that is called with each problem, instead of the SDK's internal log; it must not record events.
    pub fn on_problem(mut self, tell: impl Fn(&Problem) + Send + Sync + 'static) -> TelemetryBuilder {
        self.tell = Some(Box::new(tell));
        self
    }

    /// What counts the events.
    #[cfg(feature = "export")]
    pub(crate) fn accounting(mut self, accounting: Arc<Accounting>) -> TelemetryBuilder {
        self.accounting = Some(accounting);
        self
    }

    /// Where measurements under sampled spans are kept.
    #[cfg(feature = "export")]
    pub(crate) fn exemplars(mut self, exemplars: Option<Arc<Exemplars>>) -> TelemetryBuilder {
        self.exemplars = exemplars;
        self
    }

    /// Builds the telemetry.
    #[must_use]
    pub fn build(self) -> Telemetry {
        let TelemetryBuilder { metrics, traces, logs, globals, scopes, clock, accounting, exemplars, tell } =
            self;
        let own = OwnMetrics::new(&meter(metrics.as_ref(), globals, own_scope()));
        let shared = Arc::new(Shared { clock, own, accounting, exemplars, tell });
        let emitters = Mutex::default();
        Telemetry(Arc::new(Inner { metrics, traces, logs, globals, scopes, shared, emitters }))
    }
}

impl fmt::Debug for TelemetryBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("TelemetryBuilder").finish_non_exhaustive()
    }
}

/// The error that a telemetry was installed before; that one stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlreadyInstalled;

impl fmt::Display for AlreadyInstalled {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a telemetry was installed before; a program installs one, when it starts")
    }
}

impl std::error::Error for AlreadyInstalled {}
