//! One call, and what became of it.

use std::error::Error;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::SystemTime;

use ::http::{HeaderMap, Request, StatusCode, header};
use http_body::Body as _;
use percent_encoding::percent_decode;
use prost::bytes::{Buf, Bytes, BytesMut};
use tonic::Code;
use tonic::body::Body;
use tonic::client::GrpcService;
use tonic::transport::Channel;

use super::handover::{Handover, not_sent};
use crate::delivery::answer::{Answer, Retry};
use crate::otlp::details::retry_info;
use crate::otlp::encoding::Encoding;
use crate::otlp::http_status;
use crate::otlp::response::{LENGTH, taken, unread};
use crate::otlp::words::{chain, said};

/// Makes the call, and waits for its end.
pub(super) async fn call(
    mut channel: Channel,
    request: Request<Body>,
    handover: Arc<Handover>,
    records: u64,
) -> Answer {
    let response = match poll_fn(|context| GrpcService::<Body>::poll_ready(&mut channel, context)).await {
        Ok(()) => GrpcService::call(&mut channel, request).await,
        Err(error) => Err(error),
    };
    let (head, body) = match response {
        Ok(response) => response.into_parts(),
        Err(error) => return failed(&error, &handover),
    };
    // What has no message at all has its trailers as its headers.
    if head.headers.contains_key(STATUS) {
        return ended(&head.headers, &[], records);
    }
    if head.status != StatusCode::OK {
        return http_status::answer(head.status, &head.headers, "", SystemTime::now());
    }
    if !is_grpc(&head.headers) {
        let why = "answered by something that is no gRPC server; is it the port for HTTP?".to_owned();
        return Answer::Refused { why, retry: Retry::Never };
    }
    match read(body).await {
        Ok((message, trailers)) if trailers.contains_key(STATUS) => ended(&trailers, &message, records),
        Ok(_) => Answer::lost("the answer ended without a status".to_owned()),
        Err(why) => Answer::lost(why),
    }
}

const STATUS: &str = "grpc-status";

/// The outcome of a request to which no answer came.
///
/// A stream that the server refuses, or that it says it will not come to before it goes away, was not processed (RFC 9113,
/// sections 8.7 and 6.8).
fn failed(error: &(dyn Error + 'static), handover: &Handover) -> Answer {
    let why = chain(error);
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<h2::Error>() {
            let is_refused = error.reason() == Some(h2::Reason::REFUSED_STREAM);
            if error.is_remote() && (is_refused || error.is_go_away()) {
                return not_sent(&why);
            }
        }
        cause = error.source();
    }
    handover.broken(why)
}

/// Reads the body, and the trailers after it.
async fn read(mut body: Body) -> Result<(Bytes, HeaderMap), String> {
    let mut bytes = BytesMut::new();
    let mut trailers = HeaderMap::new();
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let frame = frame.map_err(|error| format!("the answer broke off: {}", chain(&error)))?;
        match frame.into_data() {
            Ok(data) if bytes.len() + data.len() > LENGTH => {
                return Err(format!("the answer is longer than {LENGTH} bytes"));
            }
            Ok(data) => bytes.extend_from_slice(&data),
            Err(frame) => trailers.extend(frame.into_trailers().unwrap_or_default()),
        }
    }
    Ok((bytes.freeze(), trailers))
}

/// The outcome of a request that the server ended with a status.
///
/// | code | |
/// |---|---|
/// | OK | taken |
/// | UNAVAILABLE, ABORTED, OUT_OF_RANGE, DATA_LOSS | refused; may be sent again, after what `RetryInfo` says |
/// | RESOURCE_EXHAUSTED | the same where there is a `RetryInfo`; else it would be refused again |
/// | CANCELLED, DEADLINE_EXCEEDED | unanswered: the server gave up, or something in between did; may be sent again likewise |
/// | all others | refused; sent again, it would be refused again (OTLP specification, "OTLP/gRPC Response", "Failures") |
fn ended(trailers: &HeaderMap, message: &[u8], records: u64) -> Answer {
    let code = trailers.get(STATUS).map_or(Code::Unknown, |value| Code::from_bytes(value.as_bytes()));
    if code == Code::Ok {
        return match unframed(message) {
            Some(message) => taken(message, records, Encoding::Protobuf),
            None => unread("its answer is no message of gRPC"),
        };
    }
    let words = trailers.get("grpc-message").map(|value| value.as_bytes()).unwrap_or_default();
    let words = said(&percent_decode(words).decode_utf8_lossy());
    let why = match words.is_empty() {
        true => format!("answered {code:?}"),
        false => format!("answered {code:?}: {words}"),
    };
    let info = trailers.get("grpc-status-details-bin").and_then(|value| retry_info(value.as_bytes()));
    let retry = match code {
        Code::Unavailable | Code::Aborted | Code::OutOfRange | Code::DataLoss => Retry::After(info.flatten()),
        Code::ResourceExhausted => info.map_or(Retry::Never, Retry::After),
        Code::Cancelled | Code::DeadlineExceeded => {
            return Answer::Unanswered { why, retry: Retry::After(info.flatten()) };
        }
        _ => Retry::Never,
    };
    Answer::Refused { why, retry }
}

/// The message in its frame; nobody asked for a compressed one. No frame at all is an empty message: not every server
/// sends one where it has nothing to say.
fn unframed(mut bytes: &[u8]) -> Option<&[u8]> {
    if bytes.is_empty() {
        return Some(bytes);
    }
    let is_packed = bytes.try_get_u8().ok()? != 0;
    let length = usize::try_from(bytes.try_get_u32().ok()?).ok()?;
    (!is_packed).then(|| bytes.get(..length)).flatten()
}

fn is_grpc(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"application/grpc"))
}
