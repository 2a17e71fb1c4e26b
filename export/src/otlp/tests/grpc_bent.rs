//! Over gRPC, with servers that break its rules.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

use h2::server::SendResponse;
use http::{HeaderMap, HeaderName, HeaderValue, Response};
use prost::bytes::Bytes;

use super::given::*;
use crate::Otlp;

/// What a server answers, and that it may leave out.
#[derive(Default)]
struct Says {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Option<Vec<u8>>,
    trailers: Vec<(&'static str, String)>,
}

const GRPC: (&str, &str) = ("content-type", "application/grpc");

fn says(
    status: u16,
    headers: &[(&'static str, &str)],
    body: Option<&[u8]>,
    trailers: &[(&'static str, &str)],
) -> Says {
    let owned = |pairs: &[(&'static str, &str)]| {
        pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
    };
    Says { status, headers: owned(headers), body: body.map(<[u8]>::to_vec), trailers: owned(trailers) }
}

/// Listens, and answers the requests of one connection so, in their order.
fn server(script: Vec<Says>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let (stream, _) = listener.accept().unwrap();
            stream.set_nonblocking(true).unwrap();
            let stream = tokio::net::TcpStream::from_std(stream).unwrap();
            let mut connection = h2::server::handshake(stream).await.unwrap();
            let mut script = script.into_iter();
            while let Some(Ok((request, respond))) = connection.accept().await {
                let Some(says) = script.next() else { break };
                let mut body = request.into_body();
                tokio::spawn(async move {
                    while let Some(Ok(data)) = body.data().await {
                        let _ = body.flow_control().release_capacity(data.len());
                    }
                    say(respond, says);
                });
            }
        });
    });
    address
}

fn say(mut respond: SendResponse<Bytes>, says: Says) {
    let map = |pairs: Vec<(&'static str, String)>| -> HeaderMap {
        pairs
            .into_iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::try_from(value).unwrap()))
            .collect()
    };
    let mut response = Response::builder().status(says.status).body(()).unwrap();
    *response.headers_mut() = map(says.headers);
    let is_all = says.body.is_none() && says.trailers.is_empty();
    let mut stream = respond.send_response(response, is_all).unwrap();
    let has_trailers = !says.trailers.is_empty();
    if let Some(body) = says.body {
        stream.send_data(body.into(), !has_trailers).unwrap();
    }
    if has_trailers {
        stream.send_trailers(map(says.trailers)).unwrap();
    }
}

fn sent(script: Vec<Says>) -> Vec<crate::delivery::answer::Answer> {
    let count = script.len();
    let mut sender = sender(&Otlp::grpc().endpoint(format!("http://{}", server(script))));
    (0..count).map(|_| sender.send(&logs(&["one", "two"]), LONG)).collect()
}

fn only(says: Says) -> crate::delivery::answer::Answer {
    sent(vec![says]).remove(0)
}

#[test]
fn what_is_no_grpc_server_refuses() {
    let html = [("content-type", "text/html")];
    let answers = sent(vec![
        says(404, &html, Some(b"<h1>where?</h1>"), &[]),
        says(200, &html, Some(b"<h1>It works!</h1>"), &[]),
        says(200, &[], None, &[]),
    ]);
    for answer in answers {
        refused(answer);
    }
}

#[test]
fn a_proxy_before_it_answers_by_http() {
    let [busy, broken, late] = sent(vec![
        says(503, &[("retry-after", "9")], Some(b""), &[]),
        says(502, &[], Some(b"bad gateway"), &[]),
        says(504, &[], None, &[]),
    ])
    .try_into()
    .unwrap();
    refused_for_now(busy, Some(std::time::Duration::from_secs(9)));
    unanswered(broken);
    unanswered(late);
}

#[test]
fn a_status_may_stand_among_the_headers() {
    let [refusal, success] = sent(vec![
        says(200, &[GRPC, ("grpc-status", "3"), ("grpc-message", "no%20%C3%A4%zz")], None, &[]),
        says(200, &[GRPC, ("grpc-status", "0")], None, &[]),
    ])
    .try_into()
    .unwrap();
    assert!(refused(refusal).ends_with("answered InvalidArgument: no ä%zz"));
    assert_eq!(success, taken());
}

#[test]
fn an_answer_without_a_status_leaves_it_open_who_has_it() {
    unanswered(only(says(200, &[GRPC], Some(b"\0\0\0\0\0"), &[])));
    unanswered(only(says(200, &[GRPC], Some(b""), &[("x-status", "0")])));
}

#[test]
fn a_status_that_nobody_knows_is_a_refusal() {
    refused(only(says(200, &[GRPC], None, &[("grpc-status", "99")])));
    refused(only(says(200, &[GRPC], None, &[("grpc-status", "fine")])));
}

#[test]
fn a_success_in_words_that_nobody_understands_is_in_doubt() {
    let ok = [("grpc-status", "0")];
    for body in [
        &b"\0"[..],
        // Shorter than it says.
        b"\0\0\0\0\x09abc",
        // Compressed, which nobody asked for.
        b"\x01\0\0\0\x03abc",
        b"\0\0\0\0\x03abc",
        b"\0\xff\xff\xff\xff",
    ] {
        let why = doubtful(only(says(200, &[GRPC], Some(body), &ok)));
        assert!(why.contains("taken, but its answer is no message"), "{why}");
    }
}

#[test]
fn details_that_can_not_be_read_are_none() {
    for details in ["not base64!", "AAAA", "====", "CA4"] {
        let trailers = [("grpc-status", "14"), ("grpc-status-details-bin", details)];
        refused_for_now(only(says(200, &[GRPC], None, &trailers)), None);
    }
}

#[test]
fn an_answer_is_read_up_to_a_length() {
    let huge = vec![0; 3 * 1024 * 1024];
    let why = unanswered(only(says(200, &[GRPC], Some(&huge), &[("grpc-status", "0")])));
    assert!(why.contains("longer than"), "{why}");
    let long = "x".repeat(64 * 1024);
    unanswered(only(says(200, &[GRPC, ("x-long", &long)], None, &[("grpc-status", "0")])));
    unanswered(only(says(200, &[GRPC], None, &[("grpc-status", "0"), ("x-long", &long)])));
}

/// A server that reads one request to its end, writes these frames, and reads on.
fn frames(frames: &[&[u8]]) -> SocketAddr {
    let frames = frames.concat();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        // Settings: none.
        stream.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).unwrap();
        let mut preface = [0; 24];
        stream.read_exact(&mut preface).unwrap();
        while !is_last(&mut stream) {}
        stream.write_all(&frames).unwrap();
        let _ = stream.read_to_end(&mut Vec::new());
    });
    address
}

/// Reads a frame. Whether it ends a stream of data.
fn is_last(stream: &mut TcpStream) -> bool {
    let mut head = [0; 9];
    stream.read_exact(&mut head).unwrap();
    let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
    let mut payload = vec![0; length as usize];
    stream.read_exact(&mut payload).unwrap();
    head[3] == 0 && head[4] & 1 == 1
}

fn sent_to(address: SocketAddr) -> crate::delivery::answer::Answer {
    sender(&Otlp::grpc().endpoint(format!("http://{address}"))).send(&logs(&["one"]), LONG)
}

#[test]
fn a_stream_that_is_refused_was_not_processed() {
    // RST_STREAM of stream 1, REFUSED_STREAM.
    let reset = &[0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 7];
    let why = refused_for_now(sent_to(frames(&[reset])), None);
    assert!(why.contains("not sent"), "{why}");
}

#[test]
fn a_server_that_goes_before_a_stream_did_not_process_it() {
    // GOAWAY, after stream 0, NO_ERROR.
    let go_away = &[0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    refused_for_now(sent_to(frames(&[go_away])), None);
}

#[test]
fn a_server_that_goes_after_a_stream_may_have_processed_it() {
    // GOAWAY, after stream 1, NO_ERROR; then RST_STREAM of stream 1, CANCEL.
    let go_away = &[0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0];
    let reset = &[0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 8];
    unanswered(sent_to(frames(&[go_away, reset])));
}

#[test]
fn what_speaks_no_http_2_leaves_it_open_who_has_it() {
    unanswered(sent_to(frames(&[b"HTTP/1.1 400 Bad Request\r\n\r\n"])));
}

#[test]
fn a_request_whose_end_is_not_handed_over_has_nobody() {
    // The server lets out the first 64 KiB and no more.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut sender = sender(&Otlp::grpc().endpoint(format!("http://{}", listener.local_addr().unwrap())));
    let long = "x".repeat(1024 * 1024);
    let why = refused_for_now(sender.send(&logs(&[&long]), SHORT), None);
    assert!(why.contains("not sent: no answer in time"), "{why}");
}
