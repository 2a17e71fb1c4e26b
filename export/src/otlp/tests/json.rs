//! Over HTTP, as JSON (OTLP specification, "JSON Protobuf Encoding").

use opentelemetry::KeyValue;
use opentelemetry::logs::{AnyValue, LogRecord};
use opentelemetry::metrics::MeterProvider;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::reader::MetricReader;
use opentelemetry_sdk::metrics::{SdkMeterProvider, Temporality};
use serde_json::{Value, json};
use slo::__export::{KeptExemplars, SharedReader};

use super::given::*;
use super::http_server::{Does, Server, answer};
use crate::Otlp;
use crate::delivery::answer::Answer;
use crate::otlp::encoding::Encoding;
use crate::otlp::request::{Request, SentResource};

const JSON: &str = "content-type: application/json\r\n";

fn request() -> Request {
    let mut records = records(&["one"]);
    let (record, _) = &mut records[0];
    record.set_trace_context(7.into(), 9.into(), None);
    record.add_attribute("attempts", AnyValue::Int(i64::MAX));
    record.add_attribute("ratio", AnyValue::Double(f64::NAN));
    record.add_attribute("raw", AnyValue::Bytes(Box::new(vec![0, 255])));
    Request::logs(&items(records), &SentResource::from(&resource()), Encoding::Json)
}

fn send(does: Does) -> (Answer, Value, Option<String>) {
    let server = Server::that([does]);
    let answer = sender(&Otlp::http_json().endpoint(server.url())).send(&request(), LONG);
    let received = server.received();
    let content_type = received.header("content-type").map(str::to_owned);
    (answer, serde_json::from_slice(&received.body).unwrap(), content_type)
}

#[test]
fn identifiers_are_hexadecimal_and_wide_integers_are_texts() {
    let (answer, body, content_type) = send(answer("200 OK", JSON, b"{}"));
    assert_eq!((answer, content_type.as_deref()), (taken(), Some("application/json")));
    let record = &body["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0];
    assert_eq!(record["traceId"], "00000000000000000000000000000007");
    assert_eq!(record["spanId"], "0000000000000009");
    assert!(record["observedTimeUnixNano"].is_string());
    assert_eq!(record["body"], json!({ "stringValue": "one" }));
    assert_eq!(record["eventName"], "order.placed");
    let value = |key: &str| {
        let attributes = record["attributes"].as_array().unwrap().iter();
        attributes.clone().find(|attribute| attribute["key"] == key).unwrap()["value"].clone()
    };
    assert_eq!(value("attempts"), json!({ "intValue": i64::MAX.to_string() }));
    assert_eq!(value("raw"), json!({ "bytesValue": "AP8=" }));
}

#[test]
fn what_is_rejected_is_counted_whether_it_is_a_text_or_a_number() {
    for rejected in [json!("1"), json!(1)] {
        let says = json!({ "partialSuccess": { "rejectedLogRecords": rejected, "errorMessage": "too old" } });
        let (answer, ..) = send(answer("200 OK", JSON, says.to_string().as_bytes()));
        assert!(taken_but(answer, 1).ends_with("too old"));
    }
    let (answer, ..) = send(answer("200 OK", JSON, b"[]"));
    doubtful(answer);
}

#[test]
fn a_refusal_is_told_in_its_words() {
    let (answer, ..) = send(answer("400 Bad Request", JSON, br#"{"code":3,"message":"no such tenant"}"#));
    assert!(refused(answer).ends_with("no such tenant"));
}

#[test]
fn points_are_as_the_specification_writes_them() {
    let reader = SharedReader::new(Temporality::Cumulative);
    let provider = SdkMeterProvider::builder().with_reader(reader.clone()).build();
    let meter = provider.meter("pay");
    meter.u64_counter("attempts").build().add(3, &[KeyValue::new("method", "card")]);
    meter.f64_histogram("duration").with_boundaries(vec![1.0]).build().record(0.5, &[]);
    let mut metrics = ResourceMetrics::default();
    reader.collect(&mut metrics).unwrap();
    let requests = Request::metrics(&metrics, &KeptExemplars::default(), None, Encoding::Json, usize::MAX);
    let body: Value = serde_json::from_slice(&requests[0].message).unwrap();
    let metrics = body["resourceMetrics"][0]["scopeMetrics"][0]["metrics"].as_array().unwrap().clone();
    let of = |name: &str| metrics.iter().find(|metric| metric["name"] == name).unwrap().clone();
    let sum = of("attempts")["sum"].clone();
    assert_eq!((&sum["aggregationTemporality"], &sum["isMonotonic"]), (&json!(2), &json!(true)));
    assert_eq!(sum["dataPoints"][0]["asInt"], "3");
    let point = of("duration")["histogram"]["dataPoints"][0].clone();
    assert_eq!(
        (&point["count"], &point["bucketCounts"], &point["explicitBounds"]),
        (&json!("1"), &json!(["1", "0"]), &json!([1.0]))
    );
}
