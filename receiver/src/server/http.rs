//! OTLP over HTTP/1.1, as binary protobuf.

use std::convert::Infallible;
use std::future::pending;
use std::io::Read;
use std::sync::Arc;

use flate2::read::MultiGzDecoder;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message;
use tokio::sync::Notify;
use tonic::Code;

use super::deal::{Verdict, deal};
use super::shared::Shared;
use crate::export::Export;
use crate::{Protocol, Refusal, Signal, Silence};

const PROTOBUF: HeaderValue = HeaderValue::from_static("application/x-protobuf");

/// Answers a request.
pub(super) async fn answer(
    shared: Arc<Shared>,
    close: Arc<Notify>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let Some(signal) = Signal::of_http_path(request.uri().path()) else {
        return Ok(refused(&unreadable(StatusCode::NOT_FOUND, "this is no path of OTLP")));
    };
    let read = match signal {
        Signal::Logs => read::<ExportLogsServiceRequest>(&shared, close, request).await,
        Signal::Traces => read::<ExportTraceServiceRequest>(&shared, close, request).await,
        Signal::Metrics => read::<ExportMetricsServiceRequest>(&shared, close, request).await,
    };
    Ok(read.unwrap_or_else(|refusal| {
        shared.count_unreadable(signal);
        refused(&refusal)
    }))
}

/// Reads a request of this kind, and answers it. The error is why it can't be read.
async fn read<M: Export>(
    shared: &Arc<Shared>,
    close: Arc<Notify>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Refusal> {
    let (head, body) = request.into_parts();
    if head.method != Method::POST {
        return Err(unreadable(StatusCode::METHOD_NOT_ALLOWED, "OTLP is posted"));
    }
    if !is_protobuf(&head.headers) {
        let why = "the content is to be `application/x-protobuf`";
        return Err(unreadable(StatusCode::UNSUPPORTED_MEDIA_TYPE, why));
    }
    let packing = Packing::of(&head.headers)?;
    let largest = shared.largest();
    let body = match Limited::new(body, largest).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => return Err(too_large()),
        Err(_) => return Err(unreadable(StatusCode::BAD_REQUEST, "the body has no end")),
    };
    let body = match packing {
        Packing::None => body,
        Packing::Gzip => unpacked(&body, largest)?,
    };
    let message = M::decode(body).map_err(|error| unreadable(StatusCode::BAD_REQUEST, &error.to_string()))?;
    match deal(shared, Protocol::Http, &head.headers, message).await {
        Verdict::Answer(answer) => Ok(answered(StatusCode::OK, answer.encode_to_vec())),
        Verdict::Refuse(refusal) => Ok(refused(&refusal)),
        Verdict::Silence(Silence::Forever) => pending().await,
        Verdict::Silence(Silence::Reset | Silence::Close) => {
            close.notify_one();
            pending().await
        }
    }
}

fn is_protobuf(headers: &HeaderMap) -> bool {
    let content = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = content.and_then(|value| value.split(';').next());
    kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/x-protobuf"))
}

/// How a body is packed.
enum Packing {
    None,
    Gzip,
}

impl Packing {
    fn of(headers: &HeaderMap) -> Result<Packing, Refusal> {
        match headers.get(header::CONTENT_ENCODING).map(HeaderValue::as_bytes) {
            None | Some(b"identity") => Ok(Packing::None),
            Some(b"gzip") => Ok(Packing::Gzip),
            Some(_) => {
                let why = "the content may be packed by `gzip` alone";
                Err(unreadable(StatusCode::UNSUPPORTED_MEDIA_TYPE, why))
            }
        }
    }
}

/// Unpacks a body of at most so many bytes.
fn unpacked(body: &[u8], largest: usize) -> Result<Bytes, Refusal> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(largest).unwrap_or(u64::MAX).saturating_add(1);
    match MultiGzDecoder::new(body).take(limit).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() > largest => Err(too_large()),
        Ok(_) => Ok(Bytes::from(bytes)),
        Err(error) => Err(unreadable(StatusCode::BAD_REQUEST, &error.to_string())),
    }
}

fn too_large() -> Refusal {
    unreadable(StatusCode::PAYLOAD_TOO_LARGE, "the request is larger than the receiver takes")
}

fn unreadable(status: StatusCode, why: &str) -> Refusal {
    Refusal::new(status, Code::InvalidArgument).message(why)
}

fn refused(refusal: &Refusal) -> Response<Full<Bytes>> {
    let mut response = answered(refusal.status(), refusal.body());
    if let Some(seconds) = refusal.retry_after_seconds() {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

fn answered(status: StatusCode, body: Vec<u8>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, PROTOBUF);
    response
}
