//! What is answered where a request isn't taken.

use std::time::Duration;

use prost::Message;
use slo_verify::input::Wrong;
use slo_verify::input::limits::LARGEST_REQUEST;
use slo_verify::input::queue::bounded;
use slo_verify::input::serve::Server;
use tonic::Code;
use tonic::codec::CompressionEncoding;
use tonic_types::StatusExt;

use super::clients::{GrpcClient, Served, post, settings};
use crate::input::files::gzip;
use crate::input::kept::Kept;
use crate::input::protobuf::{span, traces};

const PROTOBUF: (&str, &str) = ("content-type", "application/x-protobuf");
const JSON: (&str, &str) = ("content-type", "application/json");
const TRACES: &str = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

/// Empty spans in one scope: two bytes each on the wire, some hundreds in memory.
fn empty_spans(count: usize) -> Vec<u8> {
    let inside = |bytes: Vec<u8>, tag: u8| {
        let mut outer = vec![tag];
        prost::encoding::encode_varint(u64::try_from(bytes.len()).unwrap(), &mut outer);
        outer.extend(bytes);
        outer
    };
    inside(inside([0x12, 0x00].repeat(count), 0x12), 0x0a)
}

#[test]
fn each_fault_over_http_has_its_status_and_is_counted() {
    let zeros = vec![0; 16 << 20];
    let large = vec![0; LARGEST_REQUEST + 1];
    let bomb = gzip(&zeros);
    let deep = format!(r#"{{"resourceLogs":{}{}}}"#, "[".repeat(200), "]".repeat(200));
    for (path, headers, body, status, wrong) in [
        ("/v1/spans", vec![PROTOBUF], &b""[..], 404, Wrong::UnknownType),
        ("/", vec![JSON], b"{}", 404, Wrong::UnknownType),
        ("/v1/traces", vec![("content-type", "text/plain")], b"hello", 415, Wrong::UnknownType),
        ("/v1/traces", vec![("content-type", "application/x-protobufs")], b"", 415, Wrong::UnknownType),
        ("/v1/traces", vec![("content-type", "application/grpc-web+proto")], b"", 415, Wrong::UnknownType),
        ("/v1/traces", vec![PROTOBUF, ("content-encoding", "br")], b"", 415, Wrong::UnknownType),
        ("/v1/traces", vec![PROTOBUF, ("content-encoding", "gzip")], b"this is no gzip", 400, Wrong::Packing),
        ("/v1/traces", vec![PROTOBUF, ("content-encoding", "gzip")], &bomb, 413, Wrong::Bomb),
        ("/v1/traces", vec![PROTOBUF], &[0x0a, 0x05], 400, Wrong::Truncated),
        ("/v1/traces", vec![PROTOBUF], &[0xff; 12], 400, Wrong::Malformed),
        ("/v1/traces", vec![PROTOBUF], &large, 413, Wrong::TooLarge),
        ("/v1/traces", vec![JSON], b"{", 400, Wrong::Truncated),
        ("/v1/traces", vec![JSON], b"[]", 400, Wrong::Malformed),
        ("/v1/logs", vec![JSON], deep.as_bytes(), 400, Wrong::Misfit),
    ] {
        let served = Served::start(&settings());
        let answer = post(&served.url(path), &headers, body);
        let kept = served.end();
        assert_eq!(
            (answer.status, kept.wrongs()),
            (status, vec![wrong]),
            "{path} {headers:?} {:?}",
            kept.said()
        );
        assert_eq!(answer.retry_after, None);
        match answer.content_type.as_str() {
            "application/json" => assert!(answer.body.starts_with(br#"{"code":"#)),
            "application/x-protobuf" => {
                let status = tonic_types::Status::decode(answer.body.as_slice()).unwrap();
                assert!(status.message.starts_with("the request "), "{}", status.message);
            }
            other => panic!("the answer is `{other}`"),
        }
    }
    let served = Served::start(&settings());
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let answer = agent.get(served.url("/v1/traces")).call().unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["allow"].to_str().unwrap()), (405, "POST"));
}

#[test]
fn each_fault_over_grpc_has_its_status_and_is_counted() {
    let bomb = vec![0; LARGEST_REQUEST + 1];
    for (method, body, packing, code, wrong) in [
        (
            "/opentelemetry.proto.collector.profiles.v1.ProfilesService/Export",
            vec![],
            None,
            Code::Unimplemented,
            Wrong::UnknownType,
        ),
        (TRACES, vec![0xff; 12], None, Code::InvalidArgument, Wrong::Malformed),
        (TRACES, vec![0x0a, 0x05], None, Code::InvalidArgument, Wrong::Truncated),
        (TRACES, bomb.clone(), None, Code::ResourceExhausted, Wrong::TooLarge),
        (TRACES, bomb.clone(), Some(CompressionEncoding::Gzip), Code::ResourceExhausted, Wrong::Bomb),
        (TRACES, bomb, Some(CompressionEncoding::Zstd), Code::ResourceExhausted, Wrong::Bomb),
        (TRACES, empty_spans(2_000_000), None, Code::ResourceExhausted, Wrong::TooManyParts),
    ] {
        let served = Served::start(&settings());
        let mut client = GrpcClient::new(&served);
        client.packing = packing;
        let status = client.bytes(method, body).unwrap_err();
        let kept = served.end();
        assert_eq!((status.code(), kept.wrongs()), (code, vec![wrong]), "{status} {:?}", kept.said());
        assert!(status.get_details_retry_info().is_none());
    }
}

#[test]
fn what_comes_faster_than_it_is_judged_is_to_be_sent_again() {
    let (sender, inbox) = bounded(1);
    let served = Served { server: Server::start(&settings(), sender).unwrap(), inbox, kept: Kept::default() };
    let request = traces(vec![span("a")]);
    let client = GrpcClient::new(&served);
    client.traces(request.clone()).unwrap();
    let status = client.traces(request.clone()).unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
    assert_eq!(status.get_details_retry_info().unwrap().retry_delay, Some(Duration::from_secs(1)));
    let answer = post(&served.url("/v1/traces"), &[PROTOBUF], &request.encode_to_vec());
    assert_eq!((answer.status, answer.retry_after.as_deref()), (429, Some("1")));
    let kept = served.end();
    assert_eq!((kept.records.len(), kept.wrongs()), (1, vec![Wrong::Full]));
    assert_eq!(kept.refusals[0].count, 2);
}

#[test]
fn what_waits_to_be_judged_has_a_bound_in_memory() {
    let mut served = Served::start(&slo_verify::input::serve::Settings { bytes: 1 << 20, ..settings() });
    let memory_of_two_thirds = empty_spans(2_000);
    let post = |served: &Served, body: &[u8]| post(&served.url("/v1/traces"), &[PROTOBUF], body).status;
    assert_eq!(post(&served, &memory_of_two_thirds), 200);
    assert_eq!(post(&served, &memory_of_two_thirds), 429);
    // What never fits isn't to be sent again.
    assert_eq!(post(&served, &empty_spans(5_000)), 413);
    served.inbox.wait(&mut served.kept, Duration::from_secs(10));
    assert_eq!(post(&served, &memory_of_two_thirds), 200);
    let client = GrpcClient::new(&served);
    let status = client.bytes(TRACES, vec![0; 2 << 20]).unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
    assert!(status.get_details_retry_info().is_none());
    assert_eq!(served.end().records.len(), 4_000);
}
