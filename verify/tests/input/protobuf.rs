//! OTLP as protobuf.

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::metrics::v1::{
    Gauge, Metric, NumberDataPoint, ResourceMetrics, ScopeMetrics, metric::Data, number_data_point,
};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use prost::Message;

use super::kept::{kept, read};
use slo_verify::input::Wrong;

pub(crate) fn pair(key: &str, value: Value) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(AnyValue { value: Some(value) }), ..KeyValue::default() }
}

fn resource(name: &str) -> Option<Resource> {
    let attributes = vec![pair("service.name", Value::StringValue(name.to_owned()))];
    Some(Resource { attributes, ..Resource::default() })
}

fn scope() -> Option<InstrumentationScope> {
    Some(InstrumentationScope {
        name: "shop".to_owned(),
        version: "1".to_owned(),
        ..InstrumentationScope::default()
    })
}

pub(crate) fn span(name: &str) -> Span {
    Span {
        name: name.to_owned(),
        trace_id: vec![1; 16],
        span_id: vec![2; 8],
        kind: 2,
        start_time_unix_nano: 1_700_000_000_000_000_000,
        end_time_unix_nano: 1_700_000_000_000_000_009,
        attributes: vec![pair("amount", Value::IntValue(7))],
        ..Span::default()
    }
}

pub(crate) fn traces(spans: Vec<Span>) -> ExportTraceServiceRequest {
    let scope_spans = vec![ScopeSpans { scope: scope(), spans, ..ScopeSpans::default() }];
    let resource_spans =
        vec![ResourceSpans { resource: resource("cart"), scope_spans, ..ResourceSpans::default() }];
    ExportTraceServiceRequest { resource_spans }
}

pub(crate) fn logs(bodies: &[&str]) -> ExportLogsServiceRequest {
    let record = |body: &&str| LogRecord {
        body: Some(AnyValue { value: Some(Value::StringValue((*body).to_owned())) }),
        severity_number: 9,
        ..LogRecord::default()
    };
    let log_records = bodies.iter().map(record).collect();
    let scope_logs = vec![ScopeLogs { scope: scope(), log_records, ..ScopeLogs::default() }];
    ExportLogsServiceRequest {
        resource_logs: vec![ResourceLogs {
            resource: resource("cart"),
            scope_logs,
            ..ResourceLogs::default()
        }],
    }
}

pub(crate) fn gauge(name: &str, value: f64) -> ExportMetricsServiceRequest {
    let point = NumberDataPoint {
        value: Some(number_data_point::Value::AsDouble(value)),
        ..NumberDataPoint::default()
    };
    let data = Some(Data::Gauge(Gauge { data_points: vec![point] }));
    let metrics = vec![Metric { name: name.to_owned(), unit: "s".to_owned(), data, ..Metric::default() }];
    let scope_metrics = vec![ScopeMetrics { scope: scope(), metrics, ..ScopeMetrics::default() }];
    ExportMetricsServiceRequest {
        resource_metrics: vec![ResourceMetrics {
            resource: resource("cart"),
            scope_metrics,
            ..ResourceMetrics::default()
        }],
    }
}

/// With its length before it, as the Collector's file exporter writes it.
pub(crate) fn framed(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap().to_be_bytes();
    [length.as_slice(), bytes].concat()
}

const FROM: &str = " of {service.name=\"cart\"} in shop 1{}";

fn spanned(name: &str) -> String {
    let ids = "01010101010101010101010101010101/0202020202020202";
    format!("span {name} {ids} kind=2 1700000000000000000..1700000000000000009 {{amount=7}}{FROM}")
}

#[test]
fn messages_with_lengths_are_told_by_what_they_hold() {
    let file = [
        framed(&traces(vec![span("a"), span("b")]).encode_to_vec()),
        framed(&logs(&["hello"]).encode_to_vec()),
        framed(&gauge("queue.length", f64::NAN).encode_to_vec()),
        framed(b""),
        framed(br#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"eventName":"json"}]}]}]}"#),
    ];
    let kept = read(file.concat());
    assert_eq!(
        kept.records,
        [
            spanned("a"),
            spanned("b"),
            format!("log number=9 body=\"hello\" {{}}{FROM}"),
            format!("metric queue.length s gauge [\"NaN\"]{FROM}"),
            "log event=json {}".to_owned(),
        ]
    );
    let places: Vec<_> = kept.places.iter().map(|(_, place)| place.byte.unwrap()).collect();
    let lengths = file.iter().map(|frame| u64::try_from(frame.len()).unwrap());
    let starts: Vec<u64> = lengths.scan(0, |at, length| Some(std::mem::replace(at, *at + length))).collect();
    assert_eq!(places, starts);
}

#[test]
fn a_request_alone_is_a_file_and_several_behind_each_other_are() {
    let one = traces(vec![span("a")]).encode_to_vec();
    assert_eq!(read(&one).records, [spanned("a")]);
    assert_eq!(read([one.clone(), one].concat()).records, [spanned("a"), spanned("a")]);
    assert_eq!(read(logs(&["x"]).encode_to_vec()).records, [format!("log number=9 body=\"x\" {{}}{FROM}")]);
    let metrics = gauge("g", 0.5).encode_to_vec();
    assert_eq!(read(metrics).records, [format!("metric g s gauge [\"0.5\"]{FROM}")]);
}

#[test]
fn a_large_request_alone_is_told_by_its_beginning() {
    let spans = (0..3_000).map(|number| span(&format!("span {number}"))).collect();
    let bytes = traces(spans).encode_to_vec();
    assert!(bytes.len() > 128 << 10);
    let kept = read(&bytes);
    assert_eq!(kept.records.len(), 3_000);
    assert_eq!(super::kept::kept(&bytes[..bytes.len() - 1]).wrongs(), [Wrong::Truncated]);
}

#[test]
fn text_behind_a_blank_line_is_no_request() {
    for text in ["\n{\"msg\":\"hello\"}", "\n\n\n{\"msg\":\"hello\"}\n", "\n{\n\"msg\":\n\"hello\"\n}\n"] {
        assert_eq!(read(text).records, ["json body=\"hello\" {}"], "{text:?}");
    }
    assert_eq!(read("\nlevel=info msg=hello\n").records, ["logfmt severity=info body=\"hello\" {}"]);
    assert_eq!(read("\n# TYPE a counter\na 1\n").scrapes.len(), 1);
}

#[test]
fn a_record_that_cannot_be_read_is_left_out_and_the_others_stay() {
    let mut request = traces(vec![span("a"), span("bad"), span("c")]).encode_to_vec();
    let at = request.windows(3).position(|window| window == b"bad").unwrap();
    request[at] = 0xff;
    let kept = kept(framed(&request));
    assert_eq!(kept.records, [spanned("a"), spanned("c")]);
    assert_eq!(kept.said(), ["file, byte 0, resourceSpans[0].scopeSpans[0].spans[1].name isn't UTF-8"]);
}

#[test]
fn values_that_lie_too_deep_take_their_record_with_them() {
    let mut value = Value::IntValue(1);
    for _ in 0..60 {
        value = Value::ArrayValue(ArrayValue { values: vec![AnyValue { value: Some(value) }] });
    }
    let mut deep = span("deep");
    deep.attributes = vec![pair("a", value)];
    let kept = kept(framed(&traces(vec![deep, span("b")]).encode_to_vec()));
    assert_eq!(kept.records, [spanned("b")]);
    assert_eq!(kept.wrongs(), [Wrong::TooDeep]);
}

#[test]
fn names_times_and_numbers_at_the_ends_of_their_range_are_no_fault_of_the_form() {
    let mut odd = span(&"n".repeat(64 << 10));
    odd.start_time_unix_nano = 0;
    odd.end_time_unix_nano = u64::MAX;
    odd.attributes =
        vec![pair(&"k".repeat(64 << 10), Value::DoubleValue(f64::NAN)), pair("", Value::IntValue(i64::MIN))];
    let kept = read(framed(&traces(vec![odd]).encode_to_vec()));
    let [record] = kept.records.as_slice() else { panic!("one record is expected") };
    assert!(record.contains("0..18446744073709551615"), "{record:.200}");
    assert!(record.contains("=NaN,=-9223372036854775808}"));
}
