//! Processors and a reader that keep what a form made, to be looked at as text.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use opentelemetry::logs::AnyValue;
use opentelemetry::trace::Status;
use opentelemetry::{Context, InstrumentationScope, KeyValue};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{LogProcessor, SdkLogRecord};
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, Metric, MetricData, ResourceMetrics};
use opentelemetry_sdk::metrics::reader::MetricReader;
use opentelemetry_sdk::metrics::{InstrumentKind, ManualReader, Pipeline, Temporality};
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};
use slo_benches::emission::{Providers, scope};

/// What a form made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept {
    pub(crate) spans: Arc<Mutex<Vec<SpanData>>>,
    logs: Arc<Mutex<Vec<SdkLogRecord>>>,
    reader: Arc<ManualReader>,
}

impl SpanProcessor for Kept {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        self.spans.lock().unwrap().push(span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

impl LogProcessor for Kept {
    fn emit(&self, record: &mut SdkLogRecord, of: &InstrumentationScope) {
        assert_eq!(*of, scope());
        self.logs.lock().unwrap().push(record.clone());
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

impl MetricReader for Kept {
    fn register_pipeline(&self, pipeline: std::sync::Weak<Pipeline>) {
        self.reader.register_pipeline(pipeline);
    }

    fn collect(&self, metrics: &mut ResourceMetrics) -> OTelSdkResult {
        self.reader.collect(metrics)
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.reader.shutdown_with_timeout(timeout)
    }

    fn temporality(&self, kind: InstrumentKind) -> Temporality {
        self.reader.temporality(kind)
    }
}

fn pairs<'a>(attributes: impl IntoIterator<Item = &'a KeyValue>) -> String {
    sorted(attributes.into_iter().map(|pair| format!(" {}={}", pair.key, pair.value)))
}

fn text(value: &AnyValue) -> String {
    match value {
        AnyValue::String(text) => text.to_string(),
        other => format!("{other:?}"),
    }
}

fn sorted(texts: impl Iterator<Item = String>) -> String {
    let mut texts: Vec<String> = texts.collect();
    texts.sort();
    texts.concat()
}

fn points(metric: &Metric) -> String {
    let name = format!("{} {}", metric.name(), metric.unit());
    match metric.data() {
        AggregatedMetrics::U64(MetricData::Sum(sum)) => sorted(
            sum.data_points().map(|point| format!("{name} {}{}\n", point.value(), pairs(point.attributes()))),
        ),
        AggregatedMetrics::F64(MetricData::Histogram(histogram)) => {
            sorted(histogram.data_points().map(|point| {
                let buckets: Vec<String> = point.bounds().map(|bound| bound.to_string()).collect();
                format!("{name} {} in {}{}\n", point.count(), buckets.join(","), pairs(point.attributes()))
            }))
        }
        other => panic!("{} is {other:?}", metric.name()),
    }
}

impl Kept {
    pub(crate) fn providers(&self) -> Providers {
        Providers::new(self.clone(), self.clone(), self.clone())
    }

    pub(crate) fn spans(&self) -> String {
        let line = |span: &SpanData| {
            assert_eq!(span.instrumentation_scope, scope());
            let status = if span.status == Status::error("") { " error" } else { "" };
            format!("{} {:?}{status}{}\n", span.name, span.span_kind, pairs(&span.attributes))
        };
        self.spans.lock().unwrap().iter().map(line).collect()
    }

    /// The records, `elapsed` aside. Each belongs to the span of its fact, and has its end's time.
    pub(crate) fn logs(&self) -> String {
        let (spans, logs) = (self.spans.lock().unwrap(), self.logs.lock().unwrap());
        assert_eq!(spans.len(), logs.len());
        let line = |(span, log): (&SpanData, &SdkLogRecord)| {
            let of = log.trace_context().unwrap();
            assert_eq!(of.trace_id, span.span_context.trace_id());
            assert_eq!(of.span_id, span.span_context.span_id());
            assert_eq!(of.trace_flags, Some(span.span_context.trace_flags()));
            assert_eq!(log.timestamp(), Some(span.end_time));
            assert!(log.observed_timestamp().is_some());
            let elapsed = span.end_time.duration_since(span.start_time).unwrap().as_secs_f64();
            let rest = log.attributes_iter().filter_map(|(key, value)| {
                if key.as_str() == "elapsed" {
                    assert_eq!(*value, elapsed.into());
                    return None;
                }
                Some(format!(" {key}={}", text(value)))
            });
            let (name, severity) = (log.event_name().unwrap(), log.severity_text().unwrap());
            assert_eq!(log.severity_number().unwrap().name(), severity);
            format!("{name} {severity} {}{}\n", text(log.body().unwrap()), sorted(rest))
        };
        spans.iter().zip(logs.iter()).map(line).collect()
    }

    pub(crate) fn metrics(&self) -> String {
        let mut metrics = ResourceMetrics::default();
        self.reader.collect(&mut metrics).unwrap();
        sorted(metrics.scope_metrics().flat_map(|of_scope| {
            assert_eq!(*of_scope.scope(), scope());
            of_scope.metrics().map(points)
        }))
    }
}
