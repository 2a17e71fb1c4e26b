//! Ordinary instrumentation: three providers of the real SDK, and what came out of them.

use opentelemetry::logs::LoggerProvider;
use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::logs::{InMemoryLogExporter, SdkLogRecord, SdkLogger, SdkLoggerProvider};
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, SdkMeterProvider};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracer, SdkTracerProvider, SpanData};

/// Three providers that nobody told of each other.
pub(crate) struct Ordinary {
    pub(crate) tracer: SdkTracer,
    pub(crate) logger: SdkLogger,
    pub(crate) meter: Meter,
    spans: InMemorySpanExporter,
    logs: InMemoryLogExporter,
    metrics: InMemoryMetricExporter,
    meters: SdkMeterProvider,
    _traces: SdkTracerProvider,
    _logs: SdkLoggerProvider,
}

impl Ordinary {
    pub(crate) fn new() -> Ordinary {
        let (spans, logs, metrics) = (
            InMemorySpanExporter::default(),
            InMemoryLogExporter::default(),
            InMemoryMetricExporter::default(),
        );
        let traces = SdkTracerProvider::builder().with_simple_exporter(spans.clone()).build();
        let loggers = SdkLoggerProvider::builder().with_simple_exporter(logs.clone()).build();
        let meters = SdkMeterProvider::builder().with_periodic_exporter(metrics.clone()).build();
        Ordinary {
            tracer: traces.tracer("payments"),
            logger: loggers.logger("payments"),
            meter: meters.meter("payments"),
            spans,
            logs,
            metrics,
            meters,
            _traces: traces,
            _logs: loggers,
        }
    }

    pub(crate) fn spans(&self) -> Vec<SpanData> {
        self.spans.get_finished_spans().unwrap()
    }

    pub(crate) fn logs(&self) -> Vec<SdkLogRecord> {
        self.logs.get_emitted_logs().unwrap().into_iter().map(|log| log.record).collect()
    }

    /// The points of a counter: labels and value.
    pub(crate) fn counter(&self, name: &str) -> Vec<(Vec<(String, slo::value::Value<'static>)>, u64)> {
        self.meters.force_flush().unwrap();
        let mut points = Vec::new();
        let all = self.metrics.get_finished_metrics().unwrap();
        for metric in
            all.last().into_iter().flat_map(|all| all.scope_metrics()).flat_map(|scope| scope.metrics())
        {
            if let (true, AggregatedMetrics::U64(MetricData::Sum(sum))) =
                (metric.name() == name, metric.data())
            {
                for point in sum.data_points() {
                    points.push((super::attributes(point.attributes()), point.value()));
                }
            }
        }
        points
    }
}
