//! What sends, for the exporters that code asks for and the variables let signals have.

use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::trace::SpanData;

use super::builder::PipelineBuilder;
use super::error::PipelineProblem;
use super::variables::Variables;
use crate::metrics::worker::{MetricsSchedule, MetricsSink};
use crate::records::processors::LogItem;
use crate::records::worker::{Schedule, Sink};

/// What sends, for each signal.
#[derive(Default)]
pub(crate) struct Exporters {
    pub(crate) logs: Vec<RecordExporter<LogItem>>,
    pub(crate) spans: Vec<RecordExporter<SpanData>>,
    pub(crate) metrics: Vec<MetricExporter>,
    /// Whether histograms that the contract doesn't declare have exponential buckets.
    pub(crate) are_exponential: bool,
    #[cfg(feature = "prometheus")]
    pub(crate) scraped: Option<std::net::TcpListener>,
}

/// What sends log records, or spans.
pub(crate) struct RecordExporter<T> {
    pub(crate) name: &'static str,
    pub(crate) sink: Box<dyn Sink<T>>,
    pub(crate) schedule: Schedule,
}

/// What sends metrics.
pub(crate) struct MetricExporter {
    pub(crate) name: &'static str,
    pub(crate) sink: Box<dyn MetricsSink>,
    pub(crate) temporality: Temporality,
    pub(crate) schedule: MetricsSchedule,
}

/// Exporters of the SDK, by their names.
#[derive(Default)]
pub(crate) struct OfSdk {
    pub(crate) logs: Vec<(&'static str, Box<dyn Sink<LogItem>>)>,
    pub(crate) spans: Vec<(&'static str, Box<dyn Sink<SpanData>>)>,
    pub(crate) metrics: Vec<(&'static str, Temporality, Box<dyn MetricsSink>)>,
}

impl Exporters {
    pub(crate) fn are_none(&self) -> bool {
        self.logs.is_empty() && self.spans.is_empty() && !self.have_metrics()
    }

    pub(crate) fn have_metrics(&self) -> bool {
        self.has_endpoint() || !self.metrics.is_empty()
    }

    fn has_endpoint(&self) -> bool {
        #[cfg(feature = "prometheus")]
        let has = self.scraped.is_some();
        #[cfg(not(feature = "prometheus"))]
        let has = false;
        has
    }

    /// What two exporters of a signal are called.
    pub(crate) fn same_names(&self) -> Vec<PipelineProblem> {
        let endpoint = self.has_endpoint().then_some(crate::names::PROMETHEUS);
        let signals: [(&str, Vec<&'static str>); 3] = [
            ("log", self.logs.iter().map(|exporter| exporter.name).collect()),
            ("span", self.spans.iter().map(|exporter| exporter.name).collect()),
            ("metric", self.metrics.iter().map(|exporter| exporter.name).chain(endpoint).collect()),
        ];
        let mut problems = Vec::new();
        for (signal, names) in signals {
            for (at, name) in names.iter().enumerate() {
                if names.iter().take(at).any(|other| other == name) {
                    problems.push(PipelineProblem::SameName { signal, name });
                }
            }
        }
        problems
    }
}

/// Which exporters a signal has.
const LOGS: &str = "OTEL_LOGS_EXPORTER";
const METRICS: &str = "OTEL_METRICS_EXPORTER";
const TRACES: &str = "OTEL_TRACES_EXPORTER";

/// What exporters are set up from.
pub(crate) struct Setting<'s, 'l> {
    pub(crate) variables: &'s mut Variables<'l>,
    pub(crate) problems: &'s mut Vec<PipelineProblem>,
}

impl PipelineBuilder {
    /// Whether code names an exporter, whatever the variables make of it.
    pub(crate) fn names_exporters(&self) -> bool {
        let OfSdk { logs, spans, metrics } = &self.of_sdk;
        let named = !(logs.is_empty() && spans.is_empty() && metrics.is_empty());
        #[cfg(feature = "json-lines")]
        let named = named || self.json_lines.is_some();
        #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
        let named = named || self.otlp.is_some();
        #[cfg(feature = "prometheus")]
        let named = named || self.prometheus.is_some();
        named
    }

    /// What sends.
    pub(crate) fn exporters(&mut self, setting: &mut Setting<'_, '_>) -> Exporters {
        let OfSdk { logs, spans, metrics } = std::mem::take(&mut self.of_sdk);
        let variables = &mut *setting.variables;
        let mut exporters = Exporters::default();
        if !variables.is_none(LOGS) {
            exporters.logs.extend(logs.into_iter().map(|(name, sink)| {
                let schedule = variables.of_logs();
                RecordExporter { name, sink, schedule }
            }));
        }
        if !variables.is_none(TRACES) {
            exporters.spans.extend(spans.into_iter().map(|(name, sink)| {
                let schedule = variables.of_spans();
                RecordExporter { name, sink, schedule }
            }));
        }
        if !variables.is_none(METRICS) {
            exporters.metrics.extend(metrics.into_iter().map(|(name, temporality, sink)| {
                let schedule = variables.of_metrics();
                MetricExporter { name, sink, temporality, schedule }
            }));
        }
        #[cfg(feature = "json-lines")]
        if let Some(writer) = self.json_lines.take()
            && setting.variables.lets_out(LOGS, "console")
        {
            let sink = Box::new(crate::json_lines::JsonLines::new(writer, &self.resource));
            let schedule = setting.variables.of_logs();
            exporters.logs.push(RecordExporter { name: crate::names::JSON_LINES, sink, schedule });
        }
        #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
        if let Some(otlp) = self.otlp.take() {
            self.otlp_exporters(&otlp, setting, &mut exporters);
        }
        #[cfg(feature = "prometheus")]
        if let Some(prometheus) = self.prometheus.take()
            && setting.variables.lets_out(METRICS, "prometheus")
        {
            exporters.scraped = self.listener(&prometheus, setting);
            if exporters.are_exponential {
                setting.problems.push(PipelineProblem::ExponentialDefault);
            }
        }
        exporters
    }

    /// Where a Prometheus server scrapes.
    #[cfg(feature = "prometheus")]
    fn listener(
        &self,
        prometheus: &crate::prometheus::Prometheus,
        setting: &mut Setting<'_, '_>,
    ) -> Option<std::net::TcpListener> {
        for stream in self.contract.streams.iter().filter(|stream| stream.exponential) {
            setting.problems.push(PipelineProblem::ExponentialBuckets { metric: stream.metric });
        }
        let address = prometheus.address(setting.variables);
        match std::net::TcpListener::bind(&*address) {
            Ok(listener) => Some(listener),
            Err(error) => {
                let why = error.to_string();
                setting.problems.push(PipelineProblem::Endpoint { address, why });
                None
            }
        }
    }

    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    fn otlp_exporters(
        &self,
        otlp: &crate::otlp::Otlp,
        setting: &mut Setting<'_, '_>,
        exporters: &mut Exporters,
    ) {
        use slo_model::event::Signal;

        use crate::names::OTLP;

        let Setting { variables, problems } = setting;
        let mut signals = vec![(Signal::Log, LOGS), (Signal::Span, TRACES), (Signal::Metric, METRICS)];
        signals.retain(|(_, variable)| variables.lets_out(variable, "otlp"));
        let signals: Vec<Signal> = signals.into_iter().map(|(signal, _)| signal).collect();
        let settings = match otlp.settings(&signals, variables.lookup()) {
            Ok(settings) => settings,
            Err(errors) => return problems.extend(errors.into_iter().map(PipelineProblem::from)),
        };
        for (signal, settings) in signals.into_iter().zip(settings) {
            let sender = match settings.sender() {
                Ok(sender) => sender,
                Err(error) => {
                    problems.push(error.into());
                    continue;
                }
            };
            let sink = Box::new(crate::otlp::OtlpSink::new(sender, &settings, &self.resource));
            let timeout = settings.timeout;
            match signal {
                Signal::Log => {
                    let schedule = variables.of_logs().within(timeout);
                    exporters.logs.push(RecordExporter { name: OTLP, sink, schedule });
                }
                Signal::Span => {
                    let schedule = variables.of_spans().within(timeout);
                    exporters.spans.push(RecordExporter { name: OTLP, sink, schedule });
                }
                Signal::Metric => {
                    let mut schedule = variables.of_metrics();
                    schedule.patience.timeout = timeout;
                    let temporality = settings.temporality;
                    exporters.are_exponential = settings.exponential;
                    exporters.metrics.push(MetricExporter { name: OTLP, sink, temporality, schedule });
                }
            }
        }
    }
}
