//! The records of a recording that faults are made in.

use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::common::v1::{InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::{HistogramDataPoint, Metric, NumberDataPoint};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::Span;

use super::{Event, Recording};

/// The value under a key.
pub(super) fn value<'a>(list: &'a [KeyValue], key: &str) -> Option<&'a Any> {
    list.iter().find(|pair| pair.key == key)?.value.as_ref()?.value.as_ref()
}

fn is(list: &[KeyValue], key: &str, text: &str) -> bool {
    matches!(value(list, key), Some(Any::StringValue(own)) if own == text)
}

/// The first span of an event with an outcome.
pub(super) fn span<'r>(all: &'r mut Recording, event: Event, outcome: &str) -> Option<&'r mut Span> {
    let groups =
        all.traces.iter_mut().flat_map(|one| &mut one.resource_spans).flat_map(|one| &mut one.scope_spans);
    let own = groups.filter(|group| group.scope.as_ref().is_some_and(|scope| scope.name == "shop.checkout"));
    let mut spans = own.flat_map(|group| &mut group.spans);
    spans.find(|span| span.name == event.span() && is(&span.attributes, event.outcome_key(), outcome))
}

fn body(log: &LogRecord) -> &str {
    match log.body.as_ref().and_then(|body| body.value.as_ref()) {
        Some(Any::StringValue(text)) => text,
        _ => "",
    }
}

/// The first log record of an event with an outcome.
pub(super) fn log<'r>(all: &'r mut Recording, event: Event, outcome: &str) -> Option<&'r mut LogRecord> {
    let groups =
        all.logs.iter_mut().flat_map(|one| &mut one.resource_logs).flat_map(|one| &mut one.scope_logs);
    let mut logs = groups.flat_map(|group| &mut group.log_records);
    logs.find(|log| match event {
        // Of Java's a text alone tells.
        Event::Checkout => body(log).starts_with("order ") && body(log).ends_with(outcome),
        Event::Payment => {
            value(&log.attributes, "attempt").is_some() && is(&log.attributes, "outcome", outcome)
        }
    })
}

/// The log record of a payment that names a span.
pub(super) fn log_of<'r>(all: &'r mut Recording, span_id: &[u8]) -> Option<&'r mut LogRecord> {
    let groups =
        all.logs.iter_mut().flat_map(|one| &mut one.resource_logs).flat_map(|one| &mut one.scope_logs);
    let mut logs = groups.flat_map(|group| &mut group.log_records);
    logs.find(|log| log.span_id == span_id && value(&log.attributes, "attempt").is_some())
}

/// A metric by its name.
pub(super) fn metric<'r>(all: &'r mut Recording, name: &str) -> Option<&'r mut Metric> {
    let groups = all
        .metrics
        .iter_mut()
        .flat_map(|one| &mut one.resource_metrics)
        .flat_map(|one| &mut one.scope_metrics);
    groups.flat_map(|group| &mut group.metrics).find(|metric| metric.name == name)
}

/// The first point of a counter.
pub(super) fn number<'r>(all: &'r mut Recording, name: &str) -> Option<&'r mut NumberDataPoint> {
    match metric(all, name)?.data.as_mut()? {
        Data::Sum(sum) => sum.data_points.first_mut(),
        _ => None,
    }
}

/// The first point of a histogram.
pub(super) fn histogram<'r>(all: &'r mut Recording, name: &str) -> Option<&'r mut HistogramDataPoint> {
    match metric(all, name)?.data.as_mut()? {
        Data::Histogram(histogram) => histogram.data_points.first_mut(),
        _ => None,
    }
}

/// The labels of the first point of a metric.
pub(super) fn labels<'r>(all: &'r mut Recording, name: &str) -> Option<&'r mut Vec<KeyValue>> {
    match metric(all, name)?.data.as_mut()? {
        Data::Sum(sum) => sum.data_points.first_mut().map(|point| &mut point.attributes),
        Data::Histogram(histogram) => histogram.data_points.first_mut().map(|point| &mut point.attributes),
        _ => None,
    }
}

/// The resources of all signals.
pub(super) fn resources(all: &mut Recording) -> Vec<&mut Resource> {
    let spans = all.traces.iter_mut().flat_map(|one| &mut one.resource_spans).map(|one| &mut one.resource);
    let logs = all.logs.iter_mut().flat_map(|one| &mut one.resource_logs).map(|one| &mut one.resource);
    let metrics =
        all.metrics.iter_mut().flat_map(|one| &mut one.resource_metrics).map(|one| &mut one.resource);
    spans.chain(logs).chain(metrics).flatten().collect()
}

/// The scope of the events' spans.
pub(super) fn scope(all: &mut Recording) -> Option<&mut InstrumentationScope> {
    let groups =
        all.traces.iter_mut().flat_map(|one| &mut one.resource_spans).flat_map(|one| &mut one.scope_spans);
    groups.filter_map(|group| group.scope.as_mut()).find(|scope| scope.name == "shop.checkout")
}
