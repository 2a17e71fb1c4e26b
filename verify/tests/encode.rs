//! What an occurrence becomes, as a program sends it.

use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::common::v1::{
    AnyValue, ArrayValue, InstrumentationScope, KeyValue, KeyValueList,
};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Number;
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, ExponentialHistogram, ExponentialHistogramDataPoint, Gauge, Histogram,
    HistogramDataPoint, Metric, NumberDataPoint, ResourceMetrics, ScopeMetrics, Sum,
};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::span::{Event as SpanEvent, SpanKind as Kind};
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status as CameStatus};
use slo_interpreter::{Labels, Number as Measured, Point, Telemetry};
use slo_model::event::{Buckets, Event, InstrumentKind, Metric as Table, Severity, SpanKind, Status};
use slo_model::{Container, Source, Value};

/// 2026-12-01, in nanoseconds.
pub(crate) const NOW: u64 = 1_796_083_200_000_000_000;

/// All that a program sends of some occurrences.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sent {
    pub(crate) spans: Vec<ResourceSpans>,
    pub(crate) logs: Vec<ResourceLogs>,
    pub(crate) metrics: Vec<ResourceMetrics>,
}

fn any(value: &Value<'_>) -> AnyValue {
    let list = |values: Vec<Any>| {
        let values = values.into_iter().map(|value| AnyValue { value: Some(value) }).collect();
        Any::ArrayValue(ArrayValue { values })
    };
    let object = |members: &slo_model::Object<'_>| {
        let values = members.iter().map(|(name, value)| pair(name, any(value))).collect();
        Any::KvlistValue(KeyValueList { values })
    };
    let value = match value {
        Value::String(text) => Any::StringValue(text.to_string()),
        Value::Int(number) => Any::IntValue(*number),
        Value::Double(number) => Any::DoubleValue(*number),
        Value::Bool(truth) => Any::BoolValue(*truth),
        Value::StringArray(values) => {
            list(values.iter().map(|text| Any::StringValue(text.to_string())).collect())
        }
        Value::IntArray(values) => list(values.iter().copied().map(Any::IntValue).collect()),
        Value::DoubleArray(values) => list(values.iter().copied().map(Any::DoubleValue).collect()),
        Value::BoolArray(values) => list(values.iter().copied().map(Any::BoolValue).collect()),
        Value::Object(members) => object(members),
        Value::ObjectArray(objects) => list(objects.iter().map(object).collect()),
    };
    AnyValue { value: Some(value) }
}

fn pair(key: &str, value: AnyValue) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(value), ..KeyValue::default() }
}

pub(crate) fn text(key: &str, value: &str) -> KeyValue {
    pair(key, any(&Value::String(value.into())))
}

fn attributes(labels: &Labels<'_>) -> Vec<KeyValue> {
    labels.iter().map(|(key, value)| pair(key, any(value))).collect()
}

/// A resource as its contract asks for it.
fn resource(table: Option<&Container<'_>>) -> Option<Resource> {
    let mut attributes = Vec::new();
    for key in table.map_or(&[][..], |table| table.keys) {
        let value = match key.source {
            Source::Static(literal) => Value::from(literal),
            _ => match (key.default, key.members) {
                (Some(default), _) => Value::from(default),
                (None, Some([member, ..])) => Value::from(member.wire),
                (None, _) if key.name == "service.name" => Value::String("shop".into()),
                (None, _) if matches!(key.source, Source::Required) => match key.value_type {
                    slo_model::ValueType::Int => Value::Int(1),
                    _ => Value::String("x".into()),
                },
                _ => continue,
            },
        };
        attributes.push(pair(key.name, any(&value)));
    }
    if attributes.is_empty() {
        attributes.push(text("service.name", "shop"));
    }
    Some(Resource { attributes, ..Resource::default() })
}

fn scope(table: &Container<'_>) -> Option<InstrumentationScope> {
    let mut scope =
        InstrumentationScope { name: table.scope_name.to_owned(), ..InstrumentationScope::default() };
    for key in table.keys {
        let value = match (key.source, key.default) {
            (Source::Static(literal), _) | (_, Some(literal)) => Value::from(literal),
            (Source::Required, _) => Value::String("x".into()),
            _ => continue,
        };
        match key.name {
            "otel.scope.name" => scope.name = value.to_string(),
            "otel.scope.version" => scope.version = value.to_string(),
            "otel.scope.schema_url" => {}
            name => scope.attributes.push(pair(name, any(&value))),
        }
    }
    Some(scope)
}

/// What an occurrence becomes, as records of a trace of this number.
pub(crate) fn sent(
    event: &Event<'_>,
    of: Option<&Container<'_>>,
    telemetry: &Telemetry<'_>,
    number: u64,
) -> Sent {
    let (trace_id, span_id) = (
        vec![7; 8].into_iter().chain(number.to_be_bytes()).collect::<Vec<u8>>(),
        number.to_be_bytes().to_vec(),
    );
    let mut sent = Sent::default();
    let span = telemetry.span.as_ref();
    let has_span = span.is_some() || !telemetry.span_events.is_empty();
    if has_span {
        let own = span.filter(|span| span.name.is_some());
        let table = match (own, event.span) {
            (Some(_), Some(table)) => scope(table.scope.unwrap_or(event.scope)),
            _ => {
                Some(InstrumentationScope { name: "a.library".to_owned(), ..InstrumentationScope::default() })
            }
        };
        let events = telemetry.span_events.iter().map(|one| SpanEvent {
            time_unix_nano: NOW,
            name: one.name.clone(),
            attributes: attributes(&one.attributes),
            ..SpanEvent::default()
        });
        let kind = match own.map(|span| span.kind) {
            None | Some(SpanKind::Internal) => Kind::Internal,
            Some(SpanKind::Server) => Kind::Server,
            Some(SpanKind::Client) => Kind::Client,
            Some(SpanKind::Producer) => Kind::Producer,
            Some(SpanKind::Consumer) => Kind::Consumer,
        };
        let status = span.and_then(|span| span.status).map(|status| CameStatus {
            message: span.and_then(|span| span.status_description.clone()).unwrap_or_default(),
            code: match status {
                Status::Unset => StatusCode::Unset,
                Status::Ok => StatusCode::Ok,
                Status::Error => StatusCode::Error,
            } as i32,
        });
        let came = Span {
            trace_id: trace_id.clone(),
            span_id: span_id.clone(),
            name: own.and_then(|span| span.name.clone()).unwrap_or_else(|| "a library's".to_owned()),
            kind: kind as i32,
            start_time_unix_nano: NOW,
            end_time_unix_nano: NOW + 1_000,
            attributes: span.map(|span| attributes(&span.attributes)).unwrap_or_default(),
            events: events.collect(),
            status,
            ..Span::default()
        };
        let scope_spans = vec![ScopeSpans { scope: table, spans: vec![came], ..ScopeSpans::default() }];
        sent.spans.push(ResourceSpans { resource: resource(of), scope_spans, ..ResourceSpans::default() });
    }
    // The logs that came are those of the contract whose tests pass, in its order: found again by what they hold.
    for log in &telemetry.logs {
        let table = event.logs.iter().find(|table| {
            table.name == log.name
                && (table.name.is_some()
                    || !table.attributes.is_empty()
                    || table.body.is_empty() == log.body.is_none())
        });
        let table = table.and_then(|table| table.scope).unwrap_or(event.scope);
        let (severity_number, word) = match log.severity {
            None | Some(Severity::Unspecified) => (0, ""),
            Some(Severity::Trace) => (1, "TRACE"),
            Some(Severity::Debug) => (5, "DEBUG"),
            Some(Severity::Info) => (9, "INFO"),
            Some(Severity::Warn) => (13, "WARN"),
            Some(Severity::Error) => (17, "ERROR"),
            Some(Severity::Fatal) => (21, "FATAL"),
        };
        let record = LogRecord {
            time_unix_nano: NOW,
            observed_time_unix_nano: NOW,
            severity_number,
            severity_text: log.severity_text.unwrap_or(word).to_owned(),
            body: log.body.as_ref().map(|body| any(&Value::String(body.into()))),
            attributes: attributes(&log.attributes),
            trace_id: if has_span { trace_id.clone() } else { Vec::new() },
            span_id: if has_span { span_id.clone() } else { Vec::new() },
            event_name: log.name.unwrap_or_default().to_owned(),
            ..LogRecord::default()
        };
        let scope_logs =
            vec![ScopeLogs { scope: scope(table), log_records: vec![record], ..ScopeLogs::default() }];
        sent.logs.push(ResourceLogs { resource: resource(of), scope_logs, ..ResourceLogs::default() });
    }
    for point in &telemetry.points {
        let all = event.metrics.iter().chain(event.running);
        let table = all.into_iter().find(|table| table.name == point.metric).unwrap();
        let metrics = vec![metric(table, point)];
        let scope_metrics = vec![ScopeMetrics {
            scope: scope(table.scope.unwrap_or(event.scope)),
            metrics,
            ..ScopeMetrics::default()
        }];
        sent.metrics.push(ResourceMetrics {
            resource: resource(of),
            scope_metrics,
            ..ResourceMetrics::default()
        });
    }
    sent
}

fn metric(table: &Table<'_>, point: &Point<'_>) -> Metric {
    let attributes = attributes(&point.labels);
    let (value, double) = match point.value {
        Measured::Int(number) => (Number::AsInt(number), number as f64),
        Measured::Double(number) => (Number::AsDouble(number), number),
    };
    let number = || NumberDataPoint {
        attributes: attributes.clone(),
        start_time_unix_nano: NOW - 1,
        time_unix_nano: NOW,
        value: Some(value),
        ..NumberDataPoint::default()
    };
    let cumulative = AggregationTemporality::Cumulative as i32;
    let data = match table.kind {
        InstrumentKind::Counter | InstrumentKind::UpDownCounter => Data::Sum(Sum {
            data_points: vec![number()],
            aggregation_temporality: cumulative,
            is_monotonic: table.kind == InstrumentKind::Counter,
        }),
        InstrumentKind::Gauge => Data::Gauge(Gauge { data_points: vec![number()] }),
        InstrumentKind::Histogram => match table.buckets {
            Buckets::Exponential => Data::ExponentialHistogram(ExponentialHistogram {
                data_points: vec![ExponentialHistogramDataPoint {
                    attributes: attributes.clone(),
                    start_time_unix_nano: NOW - 1,
                    time_unix_nano: NOW,
                    count: 1,
                    sum: Some(double),
                    ..ExponentialHistogramDataPoint::default()
                }],
                aggregation_temporality: cumulative,
            }),
            Buckets::None | Buckets::Explicit(_) => {
                let bounds =
                    if let Buckets::Explicit(bounds) = table.buckets { bounds.to_vec() } else { Vec::new() };
                let mut counts = vec![0; bounds.len() + 1];
                counts[bounds.iter().position(|bound| double <= *bound).unwrap_or(bounds.len())] = 1;
                Data::Histogram(Histogram {
                    data_points: vec![HistogramDataPoint {
                        attributes: attributes.clone(),
                        start_time_unix_nano: NOW - 1,
                        time_unix_nano: NOW,
                        count: 1,
                        sum: Some(double),
                        bucket_counts: counts,
                        explicit_bounds: bounds,
                        ..HistogramDataPoint::default()
                    }],
                    aggregation_temporality: cumulative,
                })
            }
        },
    };
    Metric { name: table.name.to_owned(), unit: table.unit.to_owned(), data: Some(data), ..Metric::default() }
}
