//! Sets the exits up.

use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use opentelemetry::global;
use opentelemetry::metrics::MeterProvider;
use opentelemetry::propagation::TextMapCompositePropagator;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::{LoggerProviderBuilder, SdkLoggerProvider};
use opentelemetry_sdk::metrics::{MeterProviderBuilder, SdkMeterProvider, Temporality};
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider, ShouldSample, SpanData, TracerProviderBuilder};
use slo_model::event::Contract;

use super::counts::Loss;
use super::error::ExitsError;
use super::flow::Flow;
use super::handle::{Exits, Last, Waiter, run_flushes};
use super::kind::ExitKind;
use super::lane::Lane;
use super::meters::ExitsMeterProvider;
use super::metrics::{Collector, Covered, MetricsSchedule, MetricsSink, MetricsWorker};
use super::orders::Orders;
use super::own_metrics;
use super::processors::{LogItem, Processor};
use super::queue::queue;
use super::settings::Variables;
use super::trouble::Tell;
use super::worker::{Schedule, Sink, Worker};
use crate::emit::{Exemplars, Intake, SharedReader, own_scope};
use crate::{Built, Clock, Problem, ProblemKind, Scope, Telemetry, TelemetryBuilder, view};

/// Sets up everything that a program sends its facts out by: the providers of the three signals with one resource, and
/// an exit or more.
///
/// What code does not say, the `OTEL_*` variables do: samplers, queues, intervals, limits, propagators, and whether a signal
/// has an exit at all (`OTEL_LOGS_EXPORTER=none`). `OTEL_SDK_DISABLED=true` sets up nothing but the propagators.
#[must_use = "nothing is set up before `start`"]
pub struct ExitsBuilder {
    contract: &'static Contract<'static>,
    resource: Resource,
    #[cfg(feature = "json-lines")]
    pub(super) json_lines: Option<Box<dyn std::io::Write + Send>>,
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    pub(super) otlp: Option<super::otlp::Otlp>,
    #[cfg(feature = "prometheus")]
    pub(super) prometheus: Option<super::prometheus::Prometheus>,
    sampler: Option<Box<dyn ShouldSample>>,
    is_global: bool,
    lookup: Variable,
    telemetry: TelemetryBuilder,
    flush_timeout: Duration,
    configure_metrics: Configure<MeterProviderBuilder>,
    configure_traces: Configure<TracerProviderBuilder>,
    configure_logs: Configure<LoggerProviderBuilder>,
    #[cfg(test)]
    pub(super) sinks: Sinks,
}

/// Gives a variable's text by its name.
type Variable = Box<dyn Fn(&str) -> Option<String>>;

type Configure<B> = Box<dyn FnOnce(B) -> B>;

/// What sends, for each signal.
#[derive(Default)]
pub(super) struct Sinks {
    pub(super) logs: Vec<(ExitKind, Box<dyn Sink<LogItem>>, Schedule)>,
    pub(super) spans: Vec<(ExitKind, Box<dyn Sink<SpanData>>, Schedule)>,
    pub(super) metrics: Option<(ExitKind, Box<dyn MetricsSink>, MetricsSchedule)>,
    #[cfg(feature = "prometheus")]
    pub(super) scraped: Option<std::net::TcpListener>,
}

impl Sinks {
    fn are_none(&self) -> bool {
        self.logs.is_empty() && self.spans.is_empty() && !self.have_metrics()
    }

    fn have_metrics(&self) -> bool {
        #[cfg(feature = "prometheus")]
        if self.scraped.is_some() {
            return true;
        }
        self.metrics.is_some()
    }
}

impl Exits {
    /// Sets up exits for the facts of a contract, all with this resource: what
    /// [`Built::to_resource`](crate::Built::to_resource) gives.
    pub fn builder(contract: &'static Contract<'static>, resource: Resource) -> ExitsBuilder {
        ExitsBuilder {
            contract,
            resource,
            #[cfg(feature = "json-lines")]
            json_lines: None,
            #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
            otlp: None,
            #[cfg(feature = "prometheus")]
            prometheus: None,
            sampler: None,
            is_global: true,
            lookup: Box::new(|name| std::env::var(name).ok()),
            telemetry: Telemetry::builder(),
            flush_timeout: Duration::from_secs(10),
            configure_metrics: Box::new(|builder| builder),
            configure_traces: Box::new(|builder| builder),
            configure_logs: Box::new(|builder| builder),
            #[cfg(test)]
            sinks: Sinks::default(),
        }
    }
}

impl ExitsBuilder {
    /// Sends everything by OTLP.
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    pub fn otlp(mut self, otlp: super::otlp::Otlp) -> ExitsBuilder {
        self.otlp = Some(otlp);
        self
    }

    /// Writes log records as JSON, a line each, to standard output or elsewhere. A thread of its own writes: a reader that
    /// is slow holds up nothing but the lines.
    #[cfg(feature = "json-lines")]
    pub fn json_lines(mut self, writer: impl std::io::Write + Send + 'static) -> ExitsBuilder {
        self.json_lines = Some(Box::new(writer));
        self
    }

    /// Has a Prometheus server scrape metrics.
    #[cfg(feature = "prometheus")]
    pub fn prometheus(mut self, prometheus: super::prometheus::Prometheus) -> ExitsBuilder {
        self.prometheus = Some(prometheus);
        self
    }

    /// Which spans are sampled, whatever `OTEL_TRACES_SAMPLER` says. Where neither says anything: all without a parent, and
    /// those whose parent is.
    pub fn sampler(mut self, sampler: impl ShouldSample + 'static) -> ExitsBuilder {
        self.sampler = Some(Box::new(sampler));
        self
    }

    /// Sets nothing global: neither OpenTelemetry's providers and propagators nor where facts go. Facts go to
    /// [`Exits::telemetry`] where the program says so.
    pub fn without_globals(mut self) -> ExitsBuilder {
        self.is_global = false;
        self
    }

    /// What a scope of the contract says whose attributes the program gives. Other scopes need nothing.
    pub fn scope(mut self, scope: &Built<'_, Scope>) -> ExitsBuilder {
        self.telemetry = self.telemetry.scope(scope);
        self
    }

    /// The clock that facts are timed by, instead of the system's.
    pub fn clock(mut self, clock: impl Clock) -> ExitsBuilder {
        self.telemetry = self.telemetry.clock(clock);
        self
    }

    /// Whom to tell of problems, those of the exits among them, instead of the SDK's own log. It must not state facts.
    pub fn on_problem(mut self, tell: impl Fn(&Problem) + Send + Sync + 'static) -> ExitsBuilder {
        self.telemetry = self.telemetry.on_problem(tell);
        self
    }

    /// How long a [`flush`](Exits::flush) takes at most, from its begin: 10 seconds where this isn't said. One that is asked
    /// for while another is under way begins when that one is over.
    pub fn flush_timeout(mut self, timeout: Duration) -> ExitsBuilder {
        self.flush_timeout = timeout;
        self
    }

    /// Looks variables up by `lookup`, all of them, instead of in the process's environment.
    pub fn environment(mut self, lookup: impl Fn(&str) -> Option<String> + 'static) -> ExitsBuilder {
        self.lookup = Box::new(lookup);
        self
    }

    /// Changes how the meter provider is built: further views stand behind the contract's.
    pub fn metrics(
        mut self,
        change: impl FnOnce(MeterProviderBuilder) -> MeterProviderBuilder + 'static,
    ) -> ExitsBuilder {
        self.configure_metrics = Box::new(change);
        self
    }

    /// Changes how the tracer provider is built: with further processors, or identifiers of the program's own.
    pub fn traces(
        mut self,
        change: impl FnOnce(TracerProviderBuilder) -> TracerProviderBuilder + 'static,
    ) -> ExitsBuilder {
        self.configure_traces = Box::new(change);
        self
    }

    /// Changes how the logger provider is built: further processors stand behind the exits'.
    pub fn logs(
        mut self,
        change: impl FnOnce(LoggerProviderBuilder) -> LoggerProviderBuilder + 'static,
    ) -> ExitsBuilder {
        self.configure_logs = Box::new(change);
        self
    }

    /// Sets everything up.
    ///
    /// # Errors
    /// Names everything that is wrong: an address that can't be listened at, an endpoint that is none, no exit at all.
    pub fn start(mut self) -> Result<Exits, ExitsError> {
        let lookup = std::mem::replace(&mut self.lookup, Box::new(|_| None));
        let mut variables = Variables::new(&lookup);
        let is_disabled = variables.truth("OTEL_SDK_DISABLED");
        let names_exits = self.names_exits();
        let mut problems = Vec::new();
        let mut setting = Setting { variables: &mut variables, problems: &mut problems };
        let sinks = if is_disabled { Sinks::default() } else { self.sinks(&mut setting) };
        if sinks.are_none() && !is_disabled && problems.is_empty() && !names_exits {
            problems.push(NO_EXIT.to_owned());
        }
        if !problems.is_empty() {
            return Err(ExitsError::new(problems));
        }
        let have_metrics = sinks.have_metrics();
        let limits = variables.limits(self.contract);
        let from_variables = variables.sampler();
        let sampler = match self.sampler.take() {
            _ if is_disabled => Box::new(Sampler::AlwaysOff),
            Some(sampler) => sampler,
            None => Box::new(from_variables),
        };
        let keeps_exemplars = variables.keeps_exemplars() && have_metrics;
        let propagators = variables.propagators();
        let unread = variables.unread;

        let intake = Arc::new(Intake::default());
        let exemplars = keeps_exemplars.then(|| Arc::new(Exemplars::default()));
        let mut flow = Flow { intake: Arc::clone(&intake), ..Flow::default() };
        let (log_processor, log_starts) = lanes(sinks.logs, &intake, &mut flow.logs);
        let (span_processor, span_starts) = lanes(sinks.spans, &intake, &mut flow.spans);
        let reader = SharedReader::new(Temporality::Cumulative);
        let collector = Arc::new(Collector::new(reader.clone(), &intake, exemplars.as_ref()));
        let metrics =
            SdkMeterProvider::builder().with_resource(self.resource.clone()).with_view(view(self.contract));
        let metrics = if have_metrics { metrics.with_reader(reader) } else { metrics };
        let metrics = if is_disabled { metrics } else { (self.configure_metrics)(metrics) }.build();
        let traces = SdkTracerProvider::builder()
            .with_resource(self.resource.clone())
            .with_span_limits(limits)
            .with_sampler(Chosen(sampler));
        let traces = if is_disabled {
            traces
        } else {
            (self.configure_traces)(traces.with_span_processor(span_processor))
        }
        .build();
        let logs = SdkLoggerProvider::builder().with_resource(self.resource.clone());
        let logs =
            if is_disabled { logs } else { (self.configure_logs)(logs.with_log_processor(log_processor)) }
                .build();

        let telemetry = self.telemetry.metrics(metrics.clone()).traces(traces.clone()).logs(logs.clone());
        let telemetry = match &exemplars {
            Some(exemplars) => telemetry.exemplars(Arc::clone(exemplars)),
            None => telemetry,
        };
        let telemetry = telemetry.intake(Arc::clone(&intake)).build();
        let shared = Arc::clone(telemetry.shared());
        for (of, why) in unread {
            shared.tell(&Problem { kind: ProblemKind::Setting, of, what: "", why });
        }
        let meters = ExitsMeterProvider { provider: metrics.clone(), shared: Arc::clone(&shared) };
        let mut threads: Vec<Thread> = Vec::new();
        for start in log_starts {
            threads.push(start.thread("log", &shared));
        }
        for start in span_starts {
            threads.push(start.thread("span", &shared));
        }
        if let Some((exit, sink, schedule)) = sinks.metrics {
            let covered = Arc::new(Covered::new(exit, &intake, Loss::Deadline));
            let orders = Arc::new(Orders::default());
            flow.metrics.push((Arc::clone(&covered), Some(Arc::clone(&orders))));
            let tell = Tell::new(&shared, exit, "metric");
            let collector = Arc::clone(&collector);
            let worker = MetricsWorker { collector, covered, orders, sink, schedule, tell };
            threads.push((format!("slo-metric-{exit}"), Box::new(move || worker.run())));
        }
        #[cfg(feature = "prometheus")]
        let scraped = sinks.scraped.map(|listener| {
            let covered = Arc::new(Covered::new(ExitKind::Prometheus, &intake, Loss::NotScraped));
            flow.metrics.push((Arc::clone(&covered), None));
            let tell = Tell::new(&shared, ExitKind::Prometheus, "metric");
            let named = self.contract.prometheus;
            let collector = Arc::clone(&collector);
            (listener, super::prometheus::Scrapes { collector, covered, named, tell })
        });
        let flow = Arc::new(flow);
        own_metrics::observe(&metrics.meter_with_scope(own_scope()), &flow);
        let (flushes, waiting) = mpsc::channel::<Waiter>();
        let (of_flushes, timeout) = (Arc::clone(&flow), self.flush_timeout);
        threads.push(("slo-flush".to_owned(), Box::new(move || run_flushes(&of_flushes, &waiting, timeout))));

        #[cfg(feature = "prometheus")]
        let (mut last, mut prometheus): (Option<Last>, _) = (None, None);
        #[cfg(not(feature = "prometheus"))]
        let last: Option<Last> = None;
        #[cfg(feature = "prometheus")]
        if let Some((listener, scrapes)) = scraped {
            let server = super::prometheus::Server::start(listener, Arc::new(scrapes));
            let mut server =
                server.map_err(|error| ExitsError::new(vec![format!("nobody can scrape: {error}")]))?;
            prometheus = Some(server.address());
            last = Some(Box::new(move |until| server.stop(until)));
        }
        let exits = Exits {
            flow,
            telemetry,
            metrics: meters,
            traces,
            logs,
            flushes,
            shutdown: Arc::default(),
            last: Arc::new(Mutex::new(last)),
            #[cfg(feature = "prometheus")]
            prometheus,
        };
        for (name, work) in threads {
            // Where one does not start, dropping the handle ends the others.
            std::thread::Builder::new()
                .name(name)
                .spawn(work)
                .map_err(|error| ExitsError::new(vec![format!("a thread can't be started: {error}")]))?;
        }
        // Last: what is global stays, whatever fails.
        if self.is_global {
            let installed = exits.telemetry.clone().install();
            installed.map_err(|error| ExitsError::new(vec![error.to_string()]))?;
            global::set_tracer_provider(exits.traces.clone());
            global::set_meter_provider(exits.metrics.clone());
            global::set_text_map_propagator(TextMapCompositePropagator::new(propagators));
        }
        Ok(exits)
    }

    /// Whether code names an exit, whatever the variables make of it.
    fn names_exits(&self) -> bool {
        let named = false;
        #[cfg(feature = "json-lines")]
        let named = named || self.json_lines.is_some();
        #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
        let named = named || self.otlp.is_some();
        #[cfg(feature = "prometheus")]
        let named = named || self.prometheus.is_some();
        named
    }

    /// What sends, for the exits that code asks for and the variables let signals have.
    #[allow(unused_mut, unused_variables, clippy::unnecessary_wraps, reason = "by the features")]
    fn sinks(&mut self, setting: &mut Setting<'_, '_>) -> Sinks {
        #[cfg(test)]
        let mut sinks = std::mem::take(&mut self.sinks);
        #[cfg(not(test))]
        let mut sinks = Sinks::default();
        #[cfg(feature = "json-lines")]
        if let Some(writer) = self.json_lines.take()
            && setting.variables.lets_out(LOGS, "console")
        {
            let sink = Box::new(super::json_lines::JsonLines::new(writer, &self.resource));
            sinks.logs.push((ExitKind::JsonLines, sink, setting.variables.of_logs()));
        }
        #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
        if let Some(otlp) = self.otlp.take() {
            self.otlp_sinks(&otlp, setting, &mut sinks);
        }
        #[cfg(feature = "prometheus")]
        if let Some(prometheus) = self.prometheus.take()
            && setting.variables.lets_out(METRICS, "prometheus")
        {
            sinks.scraped = self.listener(&prometheus, setting);
        }
        sinks
    }

    /// Where a Prometheus server scrapes.
    #[cfg(feature = "prometheus")]
    fn listener(
        &self,
        prometheus: &super::prometheus::Prometheus,
        setting: &mut Setting<'_, '_>,
    ) -> Option<std::net::TcpListener> {
        for stream in self.contract.streams.iter().filter(|stream| stream.exponential) {
            setting.problems.push(format!(
                "`{}` has exponential buckets, which the text that Prometheus scrapes can't hold; give it buckets, or send metrics by OTLP alone",
                stream.metric
            ));
        }
        let address = prometheus.address(setting.variables);
        match std::net::TcpListener::bind(&*address) {
            Ok(listener) => Some(listener),
            Err(error) => {
                setting.problems.push(format!("nobody can scrape at `{address}`: {error}"));
                None
            }
        }
    }

    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    fn otlp_sinks(&self, otlp: &super::otlp::Otlp, setting: &mut Setting<'_, '_>, sinks: &mut Sinks) {
        use slo_model::event::Signal;

        let Setting { variables, problems } = setting;
        let mut signals = vec![(Signal::Log, LOGS), (Signal::Span, TRACES), (Signal::Metric, METRICS)];
        signals.retain(|(_, variable)| variables.lets_out(variable, "otlp"));
        let signals: Vec<Signal> = signals.into_iter().map(|(signal, _)| signal).collect();
        let settings = match otlp.settings(&signals, variables.lookup()) {
            Ok(settings) => settings,
            Err(errors) => return problems.extend(errors.iter().map(ToString::to_string)),
        };
        for (signal, settings) in signals.into_iter().zip(settings) {
            let sender = match settings.sender() {
                Ok(sender) => sender,
                Err(error) => {
                    problems.push(error.to_string());
                    continue;
                }
            };
            let sink = Box::new(super::otlp::OtlpSink::new(sender, &self.resource));
            let timeout = settings.timeout;
            match signal {
                Signal::Log => {
                    sinks.logs.push((ExitKind::Otlp, sink, variables.of_logs().within(timeout)));
                }
                Signal::Span => {
                    sinks.spans.push((ExitKind::Otlp, sink, variables.of_spans().within(timeout)));
                }
                Signal::Metric => {
                    let mut schedule = variables.of_metrics();
                    schedule.patience.timeout = timeout;
                    sinks.metrics = Some((ExitKind::Otlp, sink, schedule));
                }
            }
        }
    }
}

/// Which exits a signal has.
const LOGS: &str = "OTEL_LOGS_EXPORTER";
const METRICS: &str = "OTEL_METRICS_EXPORTER";
const TRACES: &str = "OTEL_TRACES_EXPORTER";

/// What exits are set up from.
pub(super) struct Setting<'s, 'l> {
    pub(super) variables: &'s mut Variables<'l>,
    pub(super) problems: &'s mut Vec<String>,
}

const NO_EXIT: &str = "no exit was asked for; ask for one, such as `.otlp(Otlp::grpc())`";

/// A thread's name, and its work.
type Thread = (String, Box<dyn FnOnce() + Send>);

/// What a worker is started from.
struct Start<T> {
    exit: ExitKind,
    worker: Box<dyn FnOnce(Tell) -> Worker<T> + Send>,
}

impl<T: Send + 'static> Start<T> {
    /// The thread's name and its work.
    fn thread(self, signal: &'static str, shared: &Arc<crate::emit::Shared>) -> Thread {
        let tell = Tell::new(shared, self.exit, signal);
        let worker = (self.worker)(tell);
        (format!("slo-{signal}-{}", self.exit), Box::new(move || worker.run()))
    }
}

/// The exits' own lanes.
type Lanes = Vec<(Arc<Lane>, Arc<Orders>)>;

/// A lane for each exit of a signal, and what takes its records in.
fn lanes<T: Send + 'static>(
    sinks: Vec<(ExitKind, Box<dyn Sink<T>>, Schedule)>,
    intake: &Arc<Intake>,
    lanes: &mut Lanes,
) -> (Processor<T>, Vec<Start<T>>) {
    let mut processor = Processor { intake: Arc::clone(intake), queues: Vec::new(), orders: Vec::new() };
    let mut starts = Vec::new();
    for (exit, sink, schedule) in sinks {
        let (lane, orders) = (Arc::new(Lane::new(exit)), Arc::new(Orders::default()));
        let (queue, waiting) = queue(schedule.capacity, schedule.batch, &lane, &orders);
        processor.queues.push(queue);
        processor.orders.push(Arc::clone(&orders));
        lanes.push((lane, Arc::clone(&orders)));
        let worker = Box::new(move |tell| Worker { waiting, orders, sink, schedule, tell });
        starts.push(Start { exit, worker });
    }
    (processor, starts)
}

/// A sampler behind a pointer.
#[derive(Clone, Debug)]
struct Chosen(Box<dyn ShouldSample>);

impl ShouldSample for Chosen {
    fn should_sample(
        &self,
        parent: Option<&opentelemetry::Context>,
        trace_id: opentelemetry::trace::TraceId,
        name: &str,
        kind: &opentelemetry::trace::SpanKind,
        attributes: &[opentelemetry::KeyValue],
        links: &[opentelemetry::trace::Link],
    ) -> opentelemetry_sdk::trace::SamplingResult {
        self.0.should_sample(parent, trace_id, name, kind, attributes, links)
    }
}

impl std::fmt::Debug for ExitsBuilder {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("ExitsBuilder").finish_non_exhaustive()
    }
}
