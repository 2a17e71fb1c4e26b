//! Requests over gRPC.
//!
//! | what | where |
//! |---|---|
//! | the thread that connections live on | `thread` |
//! | what is known of a request that was handed on | `handover` |
//! | one call, and what became of it | `call` |
//!
//! Connections are tonic's; calls are made here, by the few rules of gRPC for a call of one message (gRPC over HTTP/2). A
//! call of tonic's own does not say which errors the server sent and which were made up on this side, and panics on details
//! that are no base64 (0.14.9): a receiver could stop a program's telemetry.

mod call;
mod handover;
mod thread;

use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use ::http::{HeaderValue, Method, Version, header};
use prost::bytes::{BufMut, Bytes, BytesMut};
use tonic::transport::{Channel, Endpoint};

use self::handover::Handover;
use self::thread::Thread;
use super::checked::Settings;
use super::error::OtlpError;
use super::gzip::gzip;
use super::request::Request;
use super::signal::grpc_path;
use crate::delivery::answer::Answer;

/// So many bytes may the headers and the trailers of an answer be, each.
const HEAD: u32 = 16 * 1024;

/// After so long without a word the system asks a peer whether it is still there. HTTP/2 has pings for it, which servers
/// punish by closing the connection where they come more often than every five minutes (gRPC, "Keepalive User Guide").
pub(super) const KEEP_ALIVE: Duration = Duration::from_secs(30);

/// So much later than the sender gives a request up the server is to. tonic reads it as well, and would give up at the
/// same moment, in other words.
const GRACE: Duration = Duration::from_secs(1);

/// Sends requests over gRPC, one after the other, by a connection that is made when it is needed and kept.
pub(super) struct Grpc {
    settings: Settings,
    thread: Arc<Thread>,
    endpoint: Endpoint,
    channel: Channel,
}

impl Grpc {
    /// Needs no runtime of the program's.
    pub(super) fn new(settings: &Settings) -> Result<Grpc, OtlpError> {
        let thread = Thread::shared().map_err(|error| {
            let why = format!("could not start its thread: {error}");
            OtlpError::new("slo_export::Otlp::grpc", why)
        })?;
        let endpoint = Endpoint::from(settings.url.clone())
            .connect_timeout(settings.timeout)
            .tcp_keepalive(Some(KEEP_ALIVE))
            .http2_max_header_list_size(HEAD);
        #[cfg(feature = "tls")]
        let endpoint = match &settings.tls {
            Some(tls) => {
                let tls = tls.for_grpc().timeout(settings.timeout);
                endpoint.tls_config(tls).map_err(|error| {
                    let why = format!("can't be secured: {}", super::words::chain(&error));
                    OtlpError::new("slo_export::Otlp::endpoint", why)
                })?
            }
            None => endpoint,
        };
        let channel = thread.connect(&endpoint, settings.proxy.as_ref());
        Ok(Grpc { settings: settings.clone(), thread, endpoint, channel })
    }

    /// The outcome of the request. It may be called on any thread, one that runs futures as well: the call itself is made on
    /// another.
    pub(super) fn send(&mut self, request: &Request, timeout: Duration) -> Answer {
        let (message, is_packed) = framed(&request.message, self.settings.gzip);
        let handover = Arc::new(Handover::default());
        let post = self.post(is_packed, timeout, handover.body(message));
        let (answer_to, answer) = sync_channel(1);
        let call = call::call(self.channel.clone(), post, Arc::clone(&handover), request.records());
        let task = self.thread.spawn(async move {
            // Nobody waits any more where the time was over meanwhile.
            let _ = answer_to.send(call.await);
        });
        match answer.recv_timeout(timeout) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout) => {
                task.abort();
                // The peer may be gone without a word: the next try is not to wait for it as well.
                self.channel = self.thread.connect(&self.endpoint, self.settings.proxy.as_ref());
                handover.broken("no answer in time".to_owned())
            }
            Err(RecvTimeoutError::Disconnected) => handover.broken("the gRPC client panicked".to_owned()),
        }
    }

    fn post(
        &self,
        is_packed: bool,
        timeout: Duration,
        body: tonic::body::Body,
    ) -> ::http::Request<tonic::body::Body> {
        let mut post = ::http::Request::new(body);
        *post.method_mut() = Method::POST;
        *post.version_mut() = Version::HTTP_2;
        // The connection puts scheme and host before it.
        *post.uri_mut() = ::http::Uri::from_static(grpc_path(self.settings.signal));
        let headers = post.headers_mut();
        headers.extend(self.settings.headers.clone());
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        headers.insert(header::TE, HeaderValue::from_static("trailers"));
        if is_packed {
            headers.insert("grpc-encoding", HeaderValue::from_static("gzip"));
        }
        // Eight digits are allowed, and an hour has fewer.
        let given_up = timeout.saturating_add(GRACE).as_millis();
        if let Ok(given_up) = HeaderValue::from_str(&format!("{given_up}m")) {
            headers.insert("grpc-timeout", given_up);
        }
        post
    }
}

impl fmt::Debug for Grpc {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Grpc").field(&self.settings).finish()
    }
}

/// The message with what stands before it (gRPC over HTTP/2, "Requests", `Length-Prefixed-Message`), and whether it is
/// compressed.
fn framed(message: &Bytes, is_gzip: bool) -> (Bytes, bool) {
    let packed = if is_gzip { gzip(message) } else { None };
    let is_packed = packed.is_some();
    let message = packed.as_ref().unwrap_or(message);
    let mut framed = BytesMut::with_capacity(5 + message.len());
    framed.put_u8(u8::from(is_packed));
    // A request of 4 GiB would have ended the process before.
    framed.put_u32(u32::try_from(message.len()).unwrap_or(u32::MAX));
    framed.put_slice(message);
    (framed.freeze(), is_packed)
}
