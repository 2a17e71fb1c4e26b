//! Requests as small as they can be.

use std::ops::Range;

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value::Value};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::metrics::v1::{
    Gauge, Metric, NumberDataPoint, ResourceMetrics, ScopeMetrics, metric::Data, number_data_point,
};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};

/// The attribute that tells records apart.
pub(crate) const ORDER: &str = "order.id";

/// A log record for each of these orders.
pub(crate) fn logs(orders: Range<i64>) -> ExportLogsServiceRequest {
    let record = |order| LogRecord { attributes: vec![int(ORDER, order)], ..LogRecord::default() };
    let scope = ScopeLogs { log_records: orders.map(record).collect(), ..ScopeLogs::default() };
    let resource = ResourceLogs { resource: Some(resource()), scope_logs: vec![scope], ..Default::default() };
    ExportLogsServiceRequest { resource_logs: vec![resource] }
}

/// A span for each of these orders.
pub(crate) fn spans(orders: Range<i64>) -> ExportTraceServiceRequest {
    let span = |order: i64| Span {
        trace_id: i128::from(order).to_be_bytes().to_vec(),
        span_id: order.to_be_bytes().to_vec(),
        attributes: vec![int(ORDER, order)],
        end_time_unix_nano: 1,
        ..Span::default()
    };
    let scope = ScopeSpans { spans: orders.map(span).collect(), ..ScopeSpans::default() };
    let resource =
        ResourceSpans { resource: Some(resource()), scope_spans: vec![scope], ..Default::default() };
    ExportTraceServiceRequest { resource_spans: vec![resource] }
}

/// A gauge with a point for each of these orders.
pub(crate) fn metrics(orders: Range<i64>) -> ExportMetricsServiceRequest {
    let point = |order| NumberDataPoint {
        attributes: vec![int(ORDER, order)],
        value: Some(number_data_point::Value::AsInt(order)),
        ..NumberDataPoint::default()
    };
    let gauge = Gauge { data_points: orders.map(point).collect() };
    let metric = Metric { name: "paid".to_owned(), data: Some(Data::Gauge(gauge)), ..Metric::default() };
    let scope = ScopeMetrics { metrics: vec![metric], ..ScopeMetrics::default() };
    let resource =
        ResourceMetrics { resource: Some(resource()), scope_metrics: vec![scope], ..Default::default() };
    ExportMetricsServiceRequest { resource_metrics: vec![resource] }
}

fn resource() -> Resource {
    let value = Some(AnyValue { value: Some(Value::StringValue("shop".to_owned())) });
    let name = KeyValue { key: "service.name".to_owned(), value, ..KeyValue::default() };
    Resource { attributes: vec![name], ..Resource::default() }
}

fn int(key: &str, number: i64) -> KeyValue {
    let value = Some(AnyValue { value: Some(Value::IntValue(number)) });
    KeyValue { key: key.to_owned(), value, ..KeyValue::default() }
}
