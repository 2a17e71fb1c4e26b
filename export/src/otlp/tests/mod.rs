//! Requests that really go out: to receivers that are made up, over real sockets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod given;
#[cfg(feature = "otlp-grpc")]
mod grpc;
#[cfg(feature = "otlp-grpc")]
mod grpc_bent;
#[cfg(feature = "otlp-http")]
mod http;
#[cfg(feature = "otlp-http")]
mod http_server;
#[cfg(feature = "otlp-json")]
mod json;
mod parts;
mod proxies;
mod request;
mod settings;
#[cfg(feature = "tls")]
mod tls;

#[test]
fn what_sends_may_go_to_a_thread_of_its_own() {
    fn is_send<T: Send>() {}
    is_send::<super::sender::Sender>();
}
