//! Through a proxy.

use std::io::{BufRead, BufReader, Write, copy};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};

use super::given::*;
use crate::Otlp;

/// A proxy, and the heads of the requests that it gets.
struct Tunnels {
    address: SocketAddr,
    heads: Receiver<String>,
}

/// Connects to where it is asked to, or says this instead.
fn tunnels(instead: Option<&'static str>) -> Tunnels {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (to, heads) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = String::new();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).is_ok_and(|read| read > 0) {}
            let host = head.split(' ').nth(1).unwrap().to_owned();
            _ = to.send(head);
            if let Some(instead) = instead {
                stream.write_all(instead.as_bytes()).unwrap();
                continue;
            }
            let there = TcpStream::connect(host).unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
            pump(stream.try_clone().unwrap(), there.try_clone().unwrap());
            pump(there, stream);
        }
    });
    Tunnels { address, heads }
}

fn pump(mut from: TcpStream, mut to: TcpStream) {
    std::thread::spawn(move || {
        _ = copy(&mut from, &mut to);
        _ = to.shutdown(Shutdown::Write);
    });
}

impl Tunnels {
    /// Its URL, with a user.
    fn url(&self) -> String {
        format!("http://me:secret@{}", self.address)
    }

    /// Its next request is one for a tunnel to there, from the user.
    #[track_caller]
    fn assert_connects(&self, there: &str) {
        let head = self.heads.recv_timeout(LONG).unwrap();
        assert!(head.starts_with(&format!("CONNECT {there} ")), "{head}");
        let authorization = "proxy-authorization: basic bwu6c2vjcmv0";
        assert!(head.to_ascii_lowercase().contains(authorization), "{head}");
    }
}

#[cfg(feature = "otlp-http")]
#[test]
fn requests_over_http_go_through_it() {
    use super::http_server::{Server, answer};

    let server = Server::that([answer("200 OK", "content-type: application/x-protobuf\r\n", b"")]);
    let tunnels = tunnels(None);
    let otlp = Otlp::http().endpoint(server.url()).proxy(tunnels.url());
    assert_eq!(sender(&otlp).send(&logs(&["one"]), LONG), taken());
    tunnels.assert_connects(&server.address.to_string());
    assert_eq!(server.received().line, "POST /v1/logs HTTP/1.1");
}

#[cfg(feature = "otlp-http")]
#[test]
fn a_proxy_that_refuses_has_nothing_of_the_request() {
    let tunnels = tunnels(Some("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n"));
    let otlp = Otlp::http().endpoint("http://collector.invalid:4318").proxy(tunnels.url());
    let why = refused_for_now(sender(&otlp).send(&logs(&["one"]), LONG), None);
    assert!(!why.contains("secret"), "{why}");
    tunnels.assert_connects("collector.invalid:4318");
}

#[cfg(feature = "otlp-grpc")]
#[test]
fn requests_over_grpc_go_through_it() {
    let receiver = slo_receiver::Receiver::builder().start().unwrap();
    let tunnels = tunnels(None);
    let endpoint = receiver.grpc_endpoint();
    let otlp = Otlp::grpc().endpoint(endpoint.clone()).proxy(tunnels.url());
    assert_eq!(sender(&otlp).send(&logs(&["one"]), LONG), taken());
    tunnels.assert_connects(endpoint.trim_start_matches("http://"));
}

#[cfg(feature = "otlp-grpc")]
#[test]
fn over_grpc_a_proxy_that_refuses_has_nothing_of_the_request() {
    let tunnels = tunnels(Some("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n"));
    let otlp = Otlp::grpc().endpoint("http://collector.invalid:4317").proxy(tunnels.url());
    let why = refused_for_now(sender(&otlp).send(&logs(&["one"]), LONG), None);
    assert!(!why.contains("secret"), "{why}");
    tunnels.assert_connects("collector.invalid:4317");
}
