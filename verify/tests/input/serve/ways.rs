//! All ways to send a request.

use prost::Message;
use tonic::codec::CompressionEncoding;

use super::clients::{GrpcClient, Served, post, settings};
use crate::input::files::{gzip, zstd};
use crate::input::protobuf::{gauge, logs, span, traces};
use slo_verify::input::Source;

const PROTOBUF: (&str, &str) = ("content-type", "application/x-protobuf");
const JSON: (&str, &str) = ("content-type", "application/json; charset=utf-8");

#[test]
fn every_signal_comes_over_grpc_plain_and_packed() {
    let served = Served::start(&settings());
    let mut client = GrpcClient::new(&served);
    for packing in [None, Some(CompressionEncoding::Gzip), Some(CompressionEncoding::Zstd)] {
        client.packing = packing;
        assert_eq!(client.traces(traces(vec![span("a")])).unwrap().partial_success, None);
    }
    assert_eq!(client.logs(logs(&["hello"])).unwrap().partial_success, None);
    assert_eq!(client.metrics(gauge("g", 1.0)).unwrap().partial_success, None);
    let source = Source::Otlp(served.server.address().to_string().into());
    let kept = served.end();
    let kinds: Vec<_> = kept.records.iter().map(|record| record.split(' ').next().unwrap()).collect();
    assert_eq!(kinds, ["span", "span", "span", "log", "metric"]);
    assert_eq!(kept.records[0], kept.records[2]);
    assert!(kept.places.iter().all(|(one, _)| *one == source));
    assert_eq!(kept.said(), [""; 0]);
}

#[test]
fn every_signal_comes_over_http_as_protobuf_and_json_plain_and_packed() {
    let served = Served::start(&settings());
    let url = |signal: &str| served.url(&format!("/v1/{signal}"));
    let request = traces(vec![span("a")]).encode_to_vec();
    let json = br#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"a"}]}]}]}"#;
    for (form, body) in [(PROTOBUF, request.as_slice()), (JSON, json.as_slice())] {
        for (packing, packed) in [("identity", body.to_vec()), ("gzip", gzip(body)), ("zstd", zstd(body))] {
            let answer = post(&url("traces"), &[form, ("content-encoding", packing)], &packed);
            assert_eq!(answer.status, 200);
            assert_eq!(answer.content_type, form.1.split(';').next().unwrap());
            assert_eq!(answer.body, if form == JSON { b"{}".to_vec() } else { Vec::new() });
        }
    }
    assert_eq!(post(&url("logs"), &[PROTOBUF], &logs(&["hello"]).encode_to_vec()).status, 200);
    assert_eq!(post(&url("metrics"), &[PROTOBUF], &gauge("g", 1.0).encode_to_vec()).status, 200);
    assert_eq!(post(&url("metrics"), &[PROTOBUF], b"").status, 200);
    assert_eq!(post(&url("metrics"), &[JSON], b"{}").status, 200);
    let kept = served.end();
    let kinds: Vec<_> = kept.records.iter().map(|record| record.split(' ').next().unwrap()).collect();
    assert_eq!(kinds, ["span", "span", "span", "span", "span", "span", "log", "metric"]);
    assert_eq!(kept.said(), [""; 0]);
}

#[test]
fn a_record_that_cannot_be_read_is_answered_as_partial_success() {
    let served = Served::start(&settings());
    let mut request = traces(vec![span("a"), span("bad"), span("c")]).encode_to_vec();
    let at = request.windows(3).position(|window| window == b"bad").unwrap();
    request[at] = 0xff;
    let said = "resourceSpans[0].scopeSpans[0].spans[1].name isn't UTF-8";
    let is_partial = |answer: &[u8]| {
        let answer =
            opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse::decode(answer);
        let partial = answer.unwrap().partial_success.unwrap();
        partial.rejected_spans == 1 && partial.error_message == said
    };
    let answer = post(&served.url("/v1/traces"), &[PROTOBUF], &request);
    assert_eq!(answer.status, 200);
    assert!(is_partial(&answer.body));
    let client = GrpcClient::new(&served);
    let method = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    assert!(is_partial(&client.bytes(method, request).unwrap()));
    let json = br#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"traceId":"x"},{"eventName":"b"}]}]}]}"#;
    let answer = post(&served.url("/v1/logs"), &[JSON], json);
    let said_of_log = "resourceLogs[0].scopeLogs[0].logRecords[0].traceId has a value of another type";
    let expected =
        format!(r#"{{"partialSuccess":{{"errorMessage":"{said_of_log}","rejectedLogRecords":"1"}}}}"#);
    assert_eq!(String::from_utf8(answer.body).unwrap(), expected);
    let kept = served.end();
    assert_eq!(kept.records.len(), 5);
    let count: u64 = kept.refusals.iter().map(|refusal| refusal.count).sum();
    assert_eq!(count, 3);
}
