//! OTLP over HTTP.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceResponse;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceResponse;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use prost::Message;
use slo_receiver::{Count, Done, Plan, Reaction, Receiver, Refusal, Signal, Silence, StatusCode};
use ureq::Agent;

use super::messages::{logs, metrics, spans};
use super::{IMPATIENCE, PATIENCE};

/// What a sender hears.
#[derive(Debug)]
struct Heard {
    status: u16,
    retry_after: Option<String>,
    body: Vec<u8>,
}

/// A sender that waits so long.
fn sender(patience: Duration) -> Agent {
    let config = Agent::config_builder().http_status_as_error(false).proxy(None);
    Agent::new_with_config(config.timeout_global(Some(patience)).build())
}

fn post(
    agent: &Agent,
    receiver: &Receiver,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Result<Heard, ureq::Error> {
    let mut request = agent.post(format!("{}{path}", receiver.http_endpoint()));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut answer = request.send(body)?;
    let retry_after = answer.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
    Ok(Heard { status: answer.status().as_u16(), retry_after, body: answer.body_mut().read_to_vec()? })
}

const PROTOBUF: (&str, &str) = ("content-type", "application/x-protobuf");

/// Sends ten log records, and says what is heard.
fn send_ten(receiver: &Receiver, patience: Duration) -> Result<Heard, ureq::Error> {
    post(&sender(patience), receiver, "/v1/logs", &[PROTOBUF], &logs(0..10).encode_to_vec())
}

/// So many requests of ten records, of which so many are counted.
const fn tens(requests: u64, records: u64) -> Count {
    Count { requests, records }
}

/// What was done with log records, once all is over.
fn done(receiver: &Receiver) -> Done {
    assert!(receiver.settle(PATIENCE));
    receiver.done(Signal::Logs)
}

#[test]
fn three_signals_are_taken() {
    let receiver = Receiver::start(Plan::healthy()).unwrap();
    let agent = sender(PATIENCE);
    let requests = [
        ("/v1/logs", logs(0..1).encode_to_vec()),
        ("/v1/traces", spans(0..2).encode_to_vec()),
        ("/v1/metrics", metrics(0..3).encode_to_vec()),
    ];
    for (path, body) in requests {
        let heard = post(&agent, &receiver, path, &[PROTOBUF], &body).unwrap();
        assert_eq!((heard.status, heard.body), (200, vec![]));
    }
    for (signal, records) in Signal::ALL.into_iter().zip([1, 2, 3]) {
        let done = receiver.done(signal);
        assert_eq!((done.received, done.taken), (tens(1, records), tens(1, records)), "{signal}");
    }
}

#[test]
fn a_refusal_says_when_to_come_again() {
    let receiver = Receiver::start(Plan::script([
        Reaction::Refuse(Refusal::invalid()),
        Reaction::Refuse(Refusal::too_many().retry_after(Duration::from_millis(1_500))),
        Reaction::Refuse(Refusal::unavailable()),
        Reaction::Refuse(Refusal::new(StatusCode::BAD_GATEWAY, slo_receiver::Code::Unknown)),
    ]))
    .unwrap();
    let heard: Vec<(u16, Option<String>)> = (0..5)
        .map(|_| send_ten(&receiver, PATIENCE).unwrap())
        .map(|heard| (heard.status, heard.retry_after))
        .collect();
    let after = Some("2".to_owned());
    assert_eq!(heard, [(400, None), (429, after), (503, None), (502, None), (200, None)]);
    let done = done(&receiver);
    assert_eq!((done.refused, done.taken), (tens(4, 40), tens(1, 10)));
    assert_eq!(receiver.digest().unwrap().logs.records(), 10);
}

#[test]
fn a_partial_success_says_how_many_were_rejected() {
    let receiver = Receiver::start(Plan::script([Reaction::RejectLast(3)])).unwrap();
    let agent = sender(PATIENCE);
    let heard = post(&agent, &receiver, "/v1/logs", &[PROTOBUF], &logs(0..10).encode_to_vec()).unwrap();
    let partial = ExportLogsServiceResponse::decode(heard.body.as_slice()).unwrap().partial_success.unwrap();
    assert_eq!((heard.status, partial.rejected_log_records), (200, 3));
    let done = done(&receiver);
    assert_eq!((done.taken, done.rejected), (tens(1, 7), tens(1, 3)));
    let heard = post(&agent, &receiver, "/v1/traces", &[PROTOBUF], &spans(0..2).encode_to_vec()).unwrap();
    let partial = ExportTraceServiceResponse::decode(heard.body.as_slice()).unwrap().partial_success.unwrap();
    assert_eq!(partial.rejected_spans, 2, "never more than were sent");
    let heard = post(&agent, &receiver, "/v1/metrics", &[PROTOBUF], &metrics(0..5).encode_to_vec()).unwrap();
    let partial =
        ExportMetricsServiceResponse::decode(heard.body.as_slice()).unwrap().partial_success.unwrap();
    assert_eq!((partial.rejected_data_points, partial.error_message.as_str()), (3, "rejected by plan"));
}

#[test]
fn a_partial_success_that_rejects_nothing_is_a_warning() {
    let receiver = Receiver::start(Plan::script([Reaction::RejectLast(0)])).unwrap();
    let heard = send_ten(&receiver, PATIENCE).unwrap();
    let partial = ExportLogsServiceResponse::decode(heard.body.as_slice()).unwrap().partial_success.unwrap();
    assert_eq!((partial.rejected_log_records, partial.error_message.is_empty()), (0, false));
    let done = done(&receiver);
    assert_eq!((done.taken, done.rejected), (tens(1, 10), Count::default()));
}

#[test]
fn an_answer_is_lost_and_the_records_are_there() {
    let silences = [Silence::Reset, Silence::Close];
    let receiver = Receiver::start(Plan::script(silences.map(Reaction::TakeUnanswered))).unwrap();
    for _ in silences {
        let error = send_ten(&receiver, PATIENCE).unwrap_err();
        assert!(!matches!(error, ureq::Error::Timeout(_)), "{error}");
    }
    assert_eq!(done(&receiver).unanswered_taken, tens(2, 20));
    assert_eq!(receiver.digest().unwrap().logs.records(), 20);
}

#[test]
fn records_are_lost_without_an_answer() {
    let silences = [Silence::Reset, Silence::Close];
    let receiver = Receiver::start(Plan::script(silences.map(Reaction::DropUnanswered))).unwrap();
    for _ in silences {
        let error = send_ten(&receiver, PATIENCE).unwrap_err();
        assert!(!matches!(error, ureq::Error::Timeout(_)), "{error}");
    }
    assert_eq!(done(&receiver).unanswered_dropped, tens(2, 20));
    assert_eq!(receiver.digest().unwrap().logs.records(), 0);
}

#[test]
fn nobody_ever_answers() {
    let receiver = Receiver::start(Plan::script([
        Reaction::TakeUnanswered(Silence::Forever),
        Reaction::DropUnanswered(Silence::Forever),
    ]))
    .unwrap();
    for _ in 0..2 {
        let error = send_ten(&receiver, IMPATIENCE).unwrap_err();
        assert!(matches!(error, ureq::Error::Timeout(_)), "{error}");
    }
    let done = done(&receiver);
    assert_eq!((done.unanswered_taken, done.unanswered_dropped), (tens(1, 10), tens(1, 10)));
    assert_eq!(done.kept(), receiver.digest().unwrap().logs.records());
}

#[test]
fn an_answer_comes_late_for_one_and_too_late_for_another() {
    let receiver = Receiver::start(Plan::script([
        Reaction::TakeLate(Duration::from_millis(50)),
        Reaction::TakeLate(Duration::from_secs(3_600)),
    ]))
    .unwrap();
    assert_eq!(send_ten(&receiver, PATIENCE).unwrap().status, 200);
    assert!(matches!(send_ten(&receiver, IMPATIENCE).unwrap_err(), ureq::Error::Timeout(_)));
    let done = done(&receiver);
    assert_eq!((done.taken, done.unanswered_taken), (tens(1, 10), tens(1, 10)));
}

#[test]
fn a_late_request_is_kept_while_it_waits() {
    let receiver = Receiver::start(Plan::script([Reaction::TakeLate(Duration::from_secs(3_600))])).unwrap();
    std::thread::scope(|scope| {
        let sending = scope.spawn(|| send_ten(&receiver, PATIENCE));
        let waits = |receiver: &Receiver| receiver.digest().unwrap().logs.records() == 10;
        assert!(receiver.until(PATIENCE, waits));
        assert_eq!(receiver.done(Signal::Logs).pending(), tens(1, 10));
        receiver.down();
        assert!(sending.join().unwrap().is_err());
    });
    assert_eq!(done(&receiver).unanswered_taken, tens(1, 10));
}

#[test]
fn a_plan_sees_headers_and_is_switched() {
    let receiver = Receiver::start(Plan::by(|arrival| match arrival.header("x-team") {
        Some("pay") if arrival.records == 10 => Reaction::Take,
        _ => Reaction::Refuse(Refusal::invalid()),
    }))
    .unwrap();
    let (agent, body) = (sender(PATIENCE), logs(0..10).encode_to_vec());
    let send = |headers: &[_]| post(&agent, &receiver, "/v1/logs", headers, &body).unwrap().status;
    assert_eq!(send(&[PROTOBUF]), 400);
    assert_eq!(send(&[PROTOBUF, ("x-team", "pay")]), 200);
    receiver.switch(Plan::healthy());
    assert_eq!(send(&[PROTOBUF]), 200);
}

#[test]
fn what_is_packed_is_unpacked() {
    let receiver = Receiver::start(Plan::healthy()).unwrap();
    let body = gzip(&logs(0..10).encode_to_vec());
    let headers = [PROTOBUF, ("content-encoding", "gzip")];
    assert_eq!(post(&sender(PATIENCE), &receiver, "/v1/logs", &headers, &body).unwrap().status, 200);
    assert_eq!(done(&receiver).taken, tens(1, 10));
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A path, headers and a body, and the status that is heard.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [u8], u16);

#[test]
fn what_is_no_otlp_is_refused() {
    let receiver = Receiver::builder().largest_request(1_000).start().unwrap();
    let agent = sender(PATIENCE);
    let packed = ("content-encoding", "gzip");
    let zeros = gzip(&[0; 1_001]);
    let cases: [Case<'_>; 9] = [
        ("/v1/logs", &[PROTOBUF], b"no protobuf", 400),
        ("/v1/logs", &[PROTOBUF, packed], b"no gzip", 400),
        ("/v1/logs", &[PROTOBUF, packed], &zeros, 413),
        ("/v1/logs", &[PROTOBUF], &[0; 1_001], 413),
        ("/v1/logs", &[PROTOBUF, ("content-encoding", "br")], b"", 415),
        ("/v1/logs", &[("content-type", "application/json")], b"{}", 415),
        ("/v1/logs", &[], b"", 415),
        ("/v1/profiles", &[PROTOBUF], b"", 404),
        ("/", &[], b"", 404),
    ];
    for (path, headers, body, status) in cases {
        let heard = post(&agent, &receiver, path, headers, body).unwrap();
        assert_eq!(heard.status, status, "{path} {headers:?} {}", body.len());
    }
    let url = format!("{}/v1/logs", receiver.http_endpoint());
    assert_eq!(agent.get(url).call().unwrap().status(), 405);
    let done = done(&receiver);
    assert_eq!((done.unreadable, done.received), (8, Count::default()));
}

#[test]
fn what_is_no_http_is_not_listened_to() {
    let receiver = Receiver::start(Plan::healthy()).unwrap();
    let address = receiver.http_endpoint().replace("http://", "");
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n").unwrap();
    let mut heard = Vec::new();
    stream.read_to_end(&mut heard).unwrap();
    assert!(heard.is_empty() || heard.starts_with(b"HTTP/1.1 400"));
    assert_eq!(send_ten(&receiver, PATIENCE).unwrap().status, 200);
}
