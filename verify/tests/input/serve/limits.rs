//! Clients that are slow, many, or gone.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use prost::Message;
use slo_verify::input::Wrong;
use slo_verify::input::serve::Settings;

use super::clients::{GrpcClient, Served, post, settings};
use crate::input::protobuf::{span, traces};

const HEAD: &str = "POST /v1/traces HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-protobuf\r\ncontent-length: 100\r\n\r\n";

fn hasty() -> Settings {
    Settings { head_time: Duration::from_millis(300), body_time: Duration::from_millis(300), ..settings() }
}

fn connect(served: &Served) -> TcpStream {
    let stream = TcpStream::connect(served.server.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream
}

/// All that the server still says.
fn said(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    // A reset is an end, too.
    _ = stream.read_to_end(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}

#[test]
fn clients_that_send_byte_by_byte_are_let_go_and_the_others_served() {
    let mut served = Served::start(&hasty());
    let silent = connect(&served);
    let slow_head: Vec<TcpStream> = (0..3).map(|_| connect(&served)).collect();
    let slow_body = connect(&served);
    (&slow_body).write_all(HEAD.as_bytes()).unwrap();
    let slow_preface = connect(&served);
    (&slow_preface).write_all(b"PRI * HTT").unwrap();
    let began = Instant::now();
    let mut bytes = HEAD.bytes();
    // A byte now and then keeps no connection open.
    while began.elapsed() < Duration::from_millis(600) {
        let byte = [bytes.next().unwrap()];
        for mut stream in slow_head.iter().chain([&slow_body]) {
            _ = stream.write_all(&byte);
        }
        std::thread::sleep(Duration::from_millis(40));
        let answer = post(&served.url("/v1/traces"), &[("content-type", "application/x-protobuf")], b"");
        assert_eq!(answer.status, 200);
    }
    for mut stream in slow_head.into_iter().chain([silent, slow_preface]) {
        assert_eq!(said(&mut stream), "");
    }
    let mut slow_body = slow_body;
    assert!(said(&mut slow_body).starts_with("HTTP/1.1 408 "));
    served.refusals(6);
    assert_eq!(
        served.kept.wrongs().iter().filter(|wrong| **wrong != Wrong::Slow).count(),
        0,
        "{:?}",
        served.kept.said()
    );
}

#[test]
fn a_stream_over_which_no_message_comes_is_let_go() {
    let mut served = Served::start(&hasty());
    let client = GrpcClient::new(&served);
    let status = client.nothing("/opentelemetry.proto.collector.logs.v1.LogsService/Export");
    assert_eq!(status.code(), tonic::Code::DeadlineExceeded, "{status}");
    served.refusals(1);
    assert_eq!(served.kept.wrongs(), [Wrong::Slow]);
    client.traces(traces(vec![span("a")])).unwrap();
    assert_eq!(served.end().records.len(), 1);
}

#[test]
fn a_connection_is_kept_while_requests_come_over_it() {
    let mut served = Served::start(&hasty());
    let client = GrpcClient::new(&served);
    for _ in 0..8 {
        std::thread::sleep(Duration::from_millis(100));
        client.traces(traces(vec![span("a")])).unwrap();
        served.inbox.wait(&mut served.kept, Duration::from_secs(1));
    }
    let kept = served.end();
    assert_eq!((kept.records.len(), kept.said()), (8, vec![]));
}

#[test]
fn a_body_that_breaks_off_is_counted() {
    let mut served = Served::start(&settings());
    let mut stream = connect(&served);
    stream.write_all(HEAD.as_bytes()).unwrap();
    stream.write_all(&traces(vec![span("a")]).encode_to_vec()[..40]).unwrap();
    drop(stream);
    served.refusals(1);
    let kept = served.end();
    assert_eq!((kept.records.len(), kept.wrongs()), (0, vec![Wrong::Truncated]));
}

#[test]
fn a_connection_too_many_is_closed_and_counted() {
    let mut served = Served::start(&Settings { connections: 2, ..settings() });
    let kept_open: Vec<TcpStream> = (0..2).map(|_| connect(&served)).collect();
    assert_eq!(said(&mut connect(&served)), "");
    served.refusals(1);
    assert_eq!(served.kept.wrongs(), [Wrong::TooManyConnections]);
    drop(kept_open);
    // There is room again, as soon as the server has seen it.
    for _ in 0..100 {
        let mut stream = connect(&served);
        _ = stream.write_all(b"POST /v1/traces HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}");
        if said(&mut stream).starts_with("HTTP/1.1 200 ") {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("there is no room");
}

#[test]
fn a_server_that_ends_waits_for_no_idle_client() {
    let served = Served::start(&settings());
    let client = GrpcClient::new(&served);
    client.traces(traces(vec![span("a")])).unwrap();
    let mut idle = connect(&served);
    idle.write_all(b"POST /v1/traces HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}").unwrap();
    let mut answer = [0; 15];
    idle.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200 OK");
    let began = Instant::now();
    assert_eq!(served.end().records.len(), 1);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[test]
fn an_address_that_is_taken_is_an_error() {
    let served = Served::start(&settings());
    let (sender, _inbox) = slo_verify::input::queue::bounded(1);
    let taken = Settings { address: served.server.address(), ..settings() };
    assert!(slo_verify::input::serve::Server::start(&taken, sender).is_err());
}
