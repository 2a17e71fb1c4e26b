//! What a program says of its pipeline.

use std::time::Duration;

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::{LogExporter, LoggerProviderBuilder};
use opentelemetry_sdk::metrics::MeterProviderBuilder;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::trace::{ShouldSample, SpanExporter, TracerProviderBuilder};
use slo::resource::{Attributes, Scope};
use slo::{Clock, Problem, Telemetry, TelemetryBuilder};
use slo_model::event::Contract;

use super::error::PipelineError;
use super::exporters::OfSdk;
use super::handle::Pipeline;
use super::start::start;
use crate::sdk;

/// The builder of a [`Pipeline`]: the providers of the three signals with one resource, and one exporter or more.
///
/// What code does not say, the `OTEL_*` variables do: samplers, queues, intervals, limits, propagators, and whether a signal
/// has an exporter at all (`OTEL_LOGS_EXPORTER=none`). `OTEL_SDK_DISABLED=true` sets up nothing but the propagators.
#[must_use = "nothing is set up before `start`"]
pub struct PipelineBuilder {
    pub(crate) contract: &'static Contract<'static>,
    pub(crate) resource: Resource,
    #[cfg(feature = "json-lines")]
    pub(crate) json_lines: Option<Box<dyn std::io::Write + Send>>,
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    pub(crate) otlp: Option<crate::otlp::Otlp>,
    #[cfg(feature = "prometheus")]
    pub(crate) prometheus: Option<crate::prometheus::Prometheus>,
    pub(crate) sampler: Option<Box<dyn ShouldSample>>,
    pub(crate) is_global: bool,
    pub(crate) lookup: Variable,
    pub(crate) telemetry: TelemetryBuilder,
    pub(crate) flush_timeout: Duration,
    pub(crate) configure_metrics: Configure<MeterProviderBuilder>,
    pub(crate) configure_traces: Configure<TracerProviderBuilder>,
    pub(crate) configure_logs: Configure<LoggerProviderBuilder>,
    pub(crate) of_sdk: OfSdk,
    pub(crate) has_exact_collections: bool,
}

/// Gives a variable's text by its name.
pub(crate) type Variable = Box<dyn Fn(&str) -> Option<String>>;

/// Changes how a provider is built.
pub(crate) type Configure<B> = Box<dyn FnOnce(B) -> B>;

impl Pipeline {
    /// A builder of a pipeline for the events of a contract, with the resource that
    /// [`Attributes::to_resource`](slo::resource::Attributes::to_resource) gives.
    pub fn builder(contract: &'static Contract<'static>, resource: Resource) -> PipelineBuilder {
        PipelineBuilder {
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
            of_sdk: OfSdk::default(),
            has_exact_collections: false,
        }
    }
}

impl PipelineBuilder {
    /// Adds an exporter of OTLP for all three signals.
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    pub fn otlp(mut self, otlp: crate::otlp::Otlp) -> PipelineBuilder {
        self.otlp = Some(otlp);
        self
    }

    /// Adds an exporter that writes log records as lines of JSON, to standard output or elsewhere. A thread of its
    /// own writes: a reader that is slow holds up nothing but the lines.
    #[cfg(feature = "json-lines")]
    pub fn json_lines(mut self, writer: impl std::io::Write + Send + 'static) -> PipelineBuilder {
        self.json_lines = Some(Box::new(writer));
        self
    }

    /// Adds an endpoint at which a Prometheus server scrapes metrics.
    #[cfg(feature = "prometheus")]
    pub fn prometheus(mut self, prometheus: crate::prometheus::Prometheus) -> PipelineBuilder {
        self.prometheus = Some(prometheus);
        self
    }

    /// Adds a log exporter of OpenTelemetry's SDK, its own or anybody's, whose counts have this name.
    ///
    /// What the exporter says is counted: what it exported as delivered, what failed as unconfirmed. It is not asked again;
    /// trying again is its own affair. It runs on a thread of its own, in the tokio runtime that [`start`](Self::start) is called in
    /// where there is one (feature `tokio`). `OTEL_LOGS_EXPORTER=none` leaves it out.
    pub fn log_exporter(
        mut self,
        name: &'static str,
        exporter: impl LogExporter + 'static,
    ) -> PipelineBuilder {
        let sink = sdk::Logs::new(exporter, &self.resource);
        self.of_sdk.logs.push((name, Box::new(sink)));
        self
    }

    /// Adds a span exporter of OpenTelemetry's SDK, as [`log_exporter`](Self::log_exporter) does for log records.
    pub fn span_exporter(
        mut self,
        name: &'static str,
        exporter: impl SpanExporter + 'static,
    ) -> PipelineBuilder {
        let sink = sdk::Spans::new(exporter, &self.resource);
        self.of_sdk.spans.push((name, Box::new(sink)));
        self
    }

    /// Adds a metric exporter of OpenTelemetry's SDK, as [`log_exporter`](Self::log_exporter) does for log records: of the
    /// temporality that the exporter asks for, and without exemplars, for which the SDK's data has no room.
    pub fn metric_exporter(
        mut self,
        name: &'static str,
        exporter: impl PushMetricExporter + 'static,
    ) -> PipelineBuilder {
        let temporality = exporter.temporality();
        self.of_sdk.metrics.push((name, temporality, Box::new(sdk::Metrics::new(exporter))));
        self
    }

    /// Has each collection of metrics hold exactly the events that were recorded before it, all of them on all metrics:
    /// sums of several metrics agree at every moment. Every thread that records an event while metrics are collected waits
    /// for the collection, 2 ms at most.
    ///
    /// Without it nobody waits. A collection may then hold an event's measurement on one metric and not yet on another; the
    /// next one has both, and the last one, after the shutdown's begin, has everything either way.
    pub fn exact_collections(mut self) -> PipelineBuilder {
        self.has_exact_collections = true;
        self
    }

    /// Sets the sampler, whatever `OTEL_TRACES_SAMPLER` says. Where neither says anything: all without a parent, and
    /// those whose parent is.
    pub fn sampler(mut self, sampler: impl ShouldSample + 'static) -> PipelineBuilder {
        self.sampler = Some(Box::new(sampler));
        self
    }

    /// Sets nothing global: neither OpenTelemetry's providers and propagators nor where events go. Events go to
    /// [`Pipeline::telemetry`] where the program says so.
    pub fn without_globals(mut self) -> PipelineBuilder {
        self.is_global = false;
        self
    }

    /// Sets the attributes of an instrumentation scope that the program has to give; other scopes need nothing.
    pub fn scope(mut self, scope: &Attributes<'_, Scope>) -> PipelineBuilder {
        self.telemetry = self.telemetry.scope(scope);
        self
    }

    /// Sets the clock by which events are timed, instead of the system's.
    pub fn clock(mut self, clock: impl Clock) -> PipelineBuilder {
        self.telemetry = self.telemetry.clock(clock);
        self
    }

    /// Sets the function that is called with each problem, those of exporters among them, instead of the SDK's
    /// internal log; it must not record events.
    pub fn on_problem(mut self, tell: impl Fn(&Problem) + Send + Sync + 'static) -> PipelineBuilder {
        self.telemetry = self.telemetry.on_problem(tell);
        self
    }

    /// Sets how long a [`flush`](Pipeline::flush) takes at most, from its begin: 10 seconds by default. One that is
    /// asked for while another is under way begins when that one is over.
    pub fn flush_timeout(mut self, timeout: Duration) -> PipelineBuilder {
        self.flush_timeout = timeout;
        self
    }

    /// Sets how environment variables are looked up, instead of in the process's environment.
    pub fn environment(mut self, lookup: impl Fn(&str) -> Option<String> + 'static) -> PipelineBuilder {
        self.lookup = Box::new(lookup);
        self
    }

    /// Changes how the meter provider is built: further views stand behind the contract's.
    pub fn metrics(
        mut self,
        change: impl FnOnce(MeterProviderBuilder) -> MeterProviderBuilder + 'static,
    ) -> PipelineBuilder {
        self.configure_metrics = Box::new(change);
        self
    }

    /// Changes how the tracer provider is built: with further processors, or identifiers of the program's own.
    pub fn traces(
        mut self,
        change: impl FnOnce(TracerProviderBuilder) -> TracerProviderBuilder + 'static,
    ) -> PipelineBuilder {
        self.configure_traces = Box::new(change);
        self
    }

    /// Changes how the logger provider is built: further processors stand behind the exporters'.
    pub fn logs(
        mut self,
        change: impl FnOnce(LoggerProviderBuilder) -> LoggerProviderBuilder + 'static,
    ) -> PipelineBuilder {
        self.configure_logs = Box::new(change);
        self
    }

    /// Sets everything up, and starts the threads that send.
    ///
    /// # Errors
    /// Names everything that is wrong: an address that can't be listened at, an endpoint that is none, no exporter at all.
    pub fn start(self) -> Result<Pipeline, PipelineError> {
        start(self)
    }
}

impl std::fmt::Debug for PipelineBuilder {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("PipelineBuilder").finish_non_exhaustive()
    }
}
