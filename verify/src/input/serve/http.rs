//! OTLP over HTTP/1.1 and HTTP/2, as protobuf and as JSON.

use std::sync::Arc;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use prost::Message;
use tonic::body::Body;

use super::Shared;
use super::body::{Bounded, Fault};
use super::control;
use super::refused::{self, RETRY};
use super::take::{Form, path, take};
use crate::input::limits::LARGEST_REQUEST;
use crate::input::otlp::Signal;
use crate::input::refusal::{Problem, Wrong, quoted};
use crate::input::unpack::{self, Packing};

/// Why a request isn't taken, and how that is said.
struct Denied {
    problem: Problem,
    status: StatusCode,
}

impl From<Problem> for Denied {
    fn from(problem: Problem) -> Denied {
        Denied { status: refused::http(problem.wrong), problem }
    }
}

/// Answers a request.
pub(super) async fn answer(shared: &Arc<Shared>, request: Request<Incoming>) -> Response<Body> {
    if shared.answers
        && let Some(answer) = control::answer(shared, &request).await
    {
        return answer;
    }
    // A client that isn't understood is answered in the form of most.
    let form = form(request.headers());
    match read(shared, request).await {
        Ok(answer) => answer,
        Err(Denied { problem, status }) => {
            let answer = refusal(form.unwrap_or(Form::Protobuf), status, &problem);
            shared.refuse(problem);
            answer
        }
    }
}

async fn read(shared: &Arc<Shared>, request: Request<Incoming>) -> Result<Response<Body>, Denied> {
    let (head, body) = request.into_parts();
    let of_path = |signal: &Signal| path(*signal) == head.uri.path();
    let Some(signal) = Signal::ALL.into_iter().find(of_path) else {
        let detail =
            format!("`{}` is no path of OTLP: `/v1/traces`, `/v1/logs`, `/v1/metrics`", head.uri.path());
        return Err(Denied {
            problem: Problem::new(Wrong::UnknownType, detail),
            status: StatusCode::NOT_FOUND,
        });
    };
    if head.method != Method::POST {
        let problem = Problem::new(Wrong::UnknownType, format!("`{}`, and OTLP is posted", head.method));
        return Err(Denied { problem, status: StatusCode::METHOD_NOT_ALLOWED });
    }
    let form = form(&head.headers).ok_or_else(|| unknown(&head.headers, &header::CONTENT_TYPE))?;
    let packing = match head.headers.get(header::CONTENT_ENCODING).map(HeaderValue::as_bytes) {
        None | Some(b"" | b"identity") => None,
        Some(b"gzip") => Some(Packing::Gzip),
        Some(b"zstd") => Some(Packing::Zstd),
        Some(_) => return Err(unknown(&head.headers, &header::CONTENT_ENCODING).into()),
    };
    let fault = Fault::default();
    let body = Bounded::new(body, shared, false, &fault);
    let body = match body.collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => {
            let problem = fault.get().cloned();
            return Err(problem
                .unwrap_or_else(|| Problem::new(Wrong::Truncated, "the body breaks off"))
                .into());
        }
    };
    let body = match packing {
        None => body,
        Some(packing) => unpack::unpack(packing, &body, LARGEST_REQUEST)?.into(),
    };
    let taken = take(shared, signal, form, body)?;
    let answer = match form {
        Form::Protobuf => taken.response().encode_to_vec(),
        Form::Json => taken.json(signal).to_string().into_bytes(),
    };
    Ok(answered(form, StatusCode::OK, answer))
}

fn form(headers: &HeaderMap) -> Option<Form> {
    let content = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let kind = content.split(';').next()?.trim().to_ascii_lowercase();
    match kind.as_str() {
        "application/x-protobuf" | "application/protobuf" => Some(Form::Protobuf),
        "application/json" => Some(Form::Json),
        _ => None,
    }
}

fn unknown(headers: &HeaderMap, name: &header::HeaderName) -> Problem {
    let value = headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let value = value.map_or("nothing".to_owned(), |value| format!("`{}`", quoted(&value)));
    let known = match *name {
        header::CONTENT_TYPE => "`application/x-protobuf` and `application/json`",
        _ => "`gzip` and `zstd`",
    };
    Problem::new(Wrong::UnknownType, format!("`{name}` says {value}; {known} are known"))
}

/// A `google.rpc.Status` in the form of the request (OTLP specification, "Failures").
fn refusal(form: Form, status: StatusCode, problem: &Problem) -> Response<Body> {
    let grpc = refused::grpc(problem);
    let body = match form {
        Form::Protobuf => grpc.details().to_vec(),
        Form::Json => serde_json::json!({ "code": i32::from(grpc.code()), "message": grpc.message() })
            .to_string()
            .into_bytes(),
    };
    let mut response = answered(form, status, body);
    if refused::is_for_now(problem.wrong) {
        response.headers_mut().insert(header::RETRY_AFTER, RETRY.as_secs().into());
    }
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    response
}

fn answered(form: Form, status: StatusCode, body: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::new(Full::new(Bytes::from(body))));
    *response.status_mut() = status;
    let kind = match form {
        Form::Protobuf => "application/x-protobuf",
        Form::Json => "application/json",
    };
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
