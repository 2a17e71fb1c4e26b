//! Over HTTP.

use std::net::TcpListener;
use std::time::Duration;

use opentelemetry_proto::tonic::collector::logs::v1::{
    ExportLogsPartialSuccess, ExportLogsServiceRequest, ExportLogsServiceResponse,
};
use prost::Message;

use super::given::*;
use super::http_server::{Does, Server, answer};
use crate::Otlp;

const PROTOBUF: &str = "content-type: application/x-protobuf\r\n";

fn partial(rejected: i64, message: &str) -> Does {
    let partial =
        ExportLogsPartialSuccess { rejected_log_records: rejected, error_message: message.to_owned() };
    let response = ExportLogsServiceResponse { partial_success: Some(partial) };
    answer("200 OK", PROTOBUF, &response.encode_to_vec())
}

/// What is told without the URL, which has another port each time.
fn without_url(why: &str) -> &str {
    why.split_once("`: ").unwrap().1
}

#[test]
fn a_request_is_a_post_of_protobuf() {
    let server = Server::that([answer("200 OK", PROTOBUF, b"")]);
    let otlp = Otlp::http().endpoint(server.url()).header("x-team", "payments");
    assert_eq!(sender(&otlp).send(&logs(&["one", "two"]), LONG), taken());

    let received = server.received();
    assert_eq!(received.line, "POST /v1/logs HTTP/1.1");
    assert_eq!(received.header("content-type"), Some("application/x-protobuf"));
    assert_eq!(received.header("x-team"), Some("payments"));
    assert_eq!(received.header("content-encoding"), None);
    assert_eq!(received.header("transfer-encoding"), None);
    let agent = concat!("slo-otlp-exporter-rust/", env!("CARGO_PKG_VERSION"));
    assert_eq!(received.header("user-agent"), Some(agent));
    let message = ExportLogsServiceRequest::decode(received.body.as_slice()).unwrap();
    assert_eq!(message.resource_logs[0].scope_logs[0].log_records.len(), 2);
}

#[test]
fn a_programs_name_stands_before_the_exporters() {
    let server = Server::that([answer("200 OK", PROTOBUF, b"")]);
    let otlp = Otlp::http().endpoint(server.url()).header("User-Agent", "payments/3");
    sender(&otlp).send(&logs(&["one"]), LONG);
    let agent = concat!("payments/3 slo-otlp-exporter-rust/", env!("CARGO_PKG_VERSION"));
    assert_eq!(server.received().header("user-agent"), Some(agent));
}

#[cfg(feature = "gzip")]
#[test]
fn a_request_is_compressed_where_that_is_asked_for() {
    use std::io::Read;

    let server = Server::that([answer("200 OK", PROTOBUF, b"")]);
    let otlp = Otlp::http().endpoint(server.url()).compression(crate::OtlpCompression::Gzip);
    let request = logs(&["one"]);
    assert_eq!(sender(&otlp).send(&request, LONG), taken());

    let received = server.received();
    assert_eq!(received.header("content-encoding"), Some("gzip"));
    let mut message = Vec::new();
    flate2::read::GzDecoder::new(received.body.as_slice()).read_to_end(&mut message).unwrap();
    assert_eq!(message, request.message.as_ref());
}

#[test]
fn what_the_receiver_rejects_is_counted() {
    let server = Server::that([
        partial(1, "too old\nreally"),
        partial(99, "all"),
        partial(-1, ""),
        partial(0, "soon the limit is reached"),
    ]);
    let mut sender = sender(&Otlp::http().endpoint(server.url()));
    let request = logs(&["one", "two"]);
    assert_eq!(without_url(&taken_but(sender.send(&request, LONG), 1)), r"too old\nreally");
    assert_eq!(without_url(&taken_but(sender.send(&request, LONG), 2)), "all");
    assert_eq!(taken_but(sender.send(&request, LONG), 0), "");
    assert_eq!(without_url(&taken_but(sender.send(&request, LONG), 0)), "soon the limit is reached");
}

#[test]
fn a_refusal_says_why() {
    #[derive(Clone, PartialEq, Message)]
    struct Status {
        #[prost(string, tag = "2")]
        message: String,
    }
    let status = Status { message: "no such tenant".to_owned() }.encode_to_vec();
    let server = Server::that([
        answer("400 Bad Request", PROTOBUF, &status),
        answer("401 Unauthorized", "content-type: text/plain\r\n", b"who are you?\n"),
        answer("413 Content Too Large", "", b""),
        answer("500 Internal Server Error", PROTOBUF, b"no protobuf"),
    ]);
    let mut sender = sender(&Otlp::http().endpoint(server.url()));
    let request = logs(&["one"]);
    let mut why = || without_url(&refused(sender.send(&request, LONG))).to_owned();
    assert_eq!(why(), "answered 400 Bad Request: no such tenant");
    assert_eq!(why(), "answered 401 Unauthorized: who are you?");
    assert_eq!(why(), "answered 413 Payload Too Large");
    assert_eq!(why(), "answered 500 Internal Server Error");
}

#[test]
fn a_receiver_that_is_busy_says_when_to_come_again() {
    let server = Server::that([
        answer("429 Too Many Requests", "retry-after: 7\r\n", b""),
        answer("503 Service Unavailable", "retry-after: soon\r\n", b""),
    ]);
    let mut sender = sender(&Otlp::http().endpoint(server.url()));
    let request = logs(&["one"]);
    refused_for_now(sender.send(&request, LONG), Some(Duration::from_secs(7)));
    refused_for_now(sender.send(&request, LONG), None);
}

#[test]
fn a_proxy_that_gave_up_may_have_handed_it_on() {
    let server = Server::that([
        answer("502 Bad Gateway", "", b""),
        answer("504 Gateway Timeout", "content-type: text/html\r\n", b"<h1>late</h1>"),
        answer("408 Request Timeout", "", b""),
    ]);
    let mut sender = sender(&Otlp::http().endpoint(server.url()));
    for _ in 0..3 {
        unanswered(sender.send(&logs(&["one"]), LONG));
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    other.set_nonblocking(true).unwrap();
    let location = format!("location: http://{}/v1/logs\r\n", other.local_addr().unwrap());
    let server =
        Server::that([answer("302 Found", &location, b""), answer("307 Temporary Redirect", &location, b"")]);
    let mut sender = sender(&Otlp::http().endpoint(server.url()));
    for _ in 0..2 {
        let why = refused(sender.send(&logs(&["one"]), LONG));
        assert!(why.contains("not followed"), "{why}");
    }
    assert!(other.accept().is_err());
}

#[test]
fn what_can_not_be_connected_to_has_nothing() {
    let otlp = Otlp::http().endpoint(format!("http://127.0.0.1:{}", closed_port()));
    let why = refused_for_now(sender(&otlp).send(&logs(&["one"]), LONG), None);
    assert!(why.contains("not sent: Connection refused"), "{why}");
}

#[test]
fn a_request_that_was_not_read_whole_was_not_processed() {
    let server = Server::that([Does::Closes]);
    // More than what the system keeps of it for whoever does not read.
    let long = "x".repeat(64 * 1024 * 1024);
    let answer = sender(&Otlp::http().endpoint(server.url())).send(&logs(&[&long]), LONG);
    refused_for_now(answer, None);
}

#[test]
fn a_connection_that_breaks_leaves_it_open_who_has_it() {
    let server = Server::that([Does::SaysAndCloses(""), Does::SaysAndCloses("HTTP/1.1 200 O")]);
    let mut sender = sender(&Otlp::http().endpoint(server.url()));
    unanswered(sender.send(&logs(&["one"]), LONG));
    unanswered(sender.send(&logs(&["one"]), LONG));
}

#[test]
fn an_answer_that_does_not_come_is_not_waited_for() {
    let server =
        Server::that([Does::SaysAndHangs(""), Does::SaysAndHangs("HTTP/1.1 200 OK\r\nserver: slow\r\n")]);
    let mut sender = sender(&Otlp::http().endpoint(server.url()));
    assert_eq!(without_url(&unanswered(sender.send(&logs(&["one"]), SHORT))), "no answer in time");
    assert_eq!(without_url(&unanswered(sender.send(&logs(&["one"]), SHORT))), "no answer in time");
}

#[test]
fn an_answer_that_is_none_leaves_it_open_who_has_it() {
    let server = Server::that([
        Does::SaysAndCloses("hello\r\n\r\n"),
        Does::SaysForEver("HTTP/1.1 200 OK\r\n", "x-y: zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz\r\n"),
        Does::SaysForEver("", "HTTP/1.1 100 Continue\r\n\r\n"),
        Does::SaysAndCloses("HTTP/1.1 101 Switching Protocols\r\n\r\n"),
    ]);
    let mut sender = sender(&Otlp::http().endpoint(server.url()));
    unanswered(sender.send(&logs(&["one"]), LONG));
    unanswered(sender.send(&logs(&["one"]), LONG));
    unanswered(sender.send(&logs(&["one"]), SHORT));
    unanswered(sender.send(&logs(&["one"]), LONG));
}

#[test]
fn what_comes_before_an_answer_is_no_answer() {
    let server = Server::that([Does::Says(
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_vec(),
    )]);
    assert_eq!(sender(&Otlp::http().endpoint(server.url())).send(&logs(&["one"]), LONG), taken());
}

#[test]
fn a_success_in_words_that_nobody_understands_is_in_doubt() {
    let huge = vec![0; 2 * 1024 * 1024];
    let server = Server::that([
        answer("200 OK", "content-type: text/html; charset=utf-8\r\n", b"<h1>It works!</h1>"),
        answer("200 OK", PROTOBUF, b"no protobuf"),
        answer("200 OK", PROTOBUF, &huge),
        answer("204 No Content", "", b""),
    ]);
    let mut sender = sender(&Otlp::http().endpoint(server.url()));
    let request = logs(&["one"]);
    let why = doubtful(sender.send(&request, LONG));
    assert_eq!(
        without_url(&why),
        "answered that it is taken, but it answered with `text/html; charset=utf-8`, which is none of OTLP's answers"
    );
    let why = doubtful(sender.send(&request, LONG));
    assert_eq!(without_url(&why), "answered that it is taken, but its answer is no message of OTLP");
    let why = doubtful(sender.send(&request, LONG));
    assert_eq!(without_url(&why), "answered that it is taken, but its answer is longer than 1048576 bytes");
}

#[test]
fn a_success_whose_rest_does_not_come_is_in_doubt() {
    let server = Server::that([
        Does::SaysAndCloses("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc"),
        Does::SaysAndHangs("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc"),
        Does::SaysForEver("HTTP/1.1 200 OK\r\n\r\n", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
    ]);
    let mut sender = sender(&Otlp::http().endpoint(server.url()));
    let request = logs(&["one"]);
    assert!(doubtful(sender.send(&request, LONG)).contains("could not be read"));
    assert!(doubtful(sender.send(&request, SHORT)).contains("could not be read"));
    assert!(doubtful(sender.send(&request, LONG)).contains("longer than"));
}

#[test]
fn a_connection_is_kept_and_made_anew_where_it_was_closed() {
    let server = Server::that([
        answer("200 OK", PROTOBUF, b""),
        Does::SaysAndCloses("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"),
        answer("200 OK", PROTOBUF, b""),
    ]);
    let mut sender = sender(&Otlp::http().endpoint(server.url()));
    let connections = [(); 3].map(|()| {
        assert_eq!(sender.send(&logs(&["one"]), LONG), taken());
        server.received().connection
    });
    assert_eq!(connections, [0, 0, 1]);
    assert!(server.has_no_more());
}

#[test]
fn what_is_told_holds_no_secret_and_is_the_same_each_time() {
    let url = format!("http://127.0.0.1:{}/otlp?token=hush", closed_port());
    let otlp = Otlp::http().endpoint(url).header("authorization", "Bearer hush");
    let mut sender = sender(&otlp);
    let [first, second] = [(); 2].map(|()| refused_for_now(sender.send(&logs(&["one"]), LONG), None));
    assert_eq!(first, second);
    assert!(first.contains("/otlp/v1/logs`"), "{first}");
    for shown in [first, format!("{otlp:?}"), format!("{sender:?}"), format!("{:?}", settings(&otlp))] {
        assert!(!shown.contains("hush"), "{shown}");
    }
}

#[test]
fn there_may_be_no_time_at_all() {
    let server = Server::that([answer("200 OK", PROTOBUF, b"")]);
    let answer = sender(&Otlp::http().endpoint(server.url())).send(&logs(&["one"]), Duration::ZERO);
    refused_for_now(answer, None);
}
