//! Questions over HTTP to who judges: the verdict so far, and the end.
//!
//! | request | answer |
//! |---|---|
//! | `GET /verdict` | the verdict so far |
//! | `POST /stop` | the last verdict, after which the run ends |
//! | `GET /metrics` | what was counted, as Prometheus text |
//! | `GET /healthz` | `ok`, as long as there is somebody to answer |
//!
//! A question takes its turn among the requests that came: what was taken before it is in its answer.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use tokio::sync::oneshot;
use tokio::time::timeout;
use tonic::body::Body;

use super::Shared;
use super::refused::RETRY;
use crate::input::queue::Item;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

const TEXT: &str = "text/plain; charset=utf-8";

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// The verdict so far.
    Verdict,
    /// What was counted.
    Metrics,
    /// The last verdict; the run is to end.
    Stop,
}

impl Question {
    fn of(path: &str) -> Option<(Question, Method)> {
        match path {
            "/verdict" => Some((Question::Verdict, Method::GET)),
            "/metrics" => Some((Question::Metrics, Method::GET)),
            "/stop" => Some((Question::Stop, Method::POST)),
            _ => None,
        }
    }

    /// The content type of its answer.
    const fn content_type(self) -> &'static str {
        match self {
            Question::Verdict | Question::Stop => "application/json",
            // Prometheus, "Exposition formats".
            Question::Metrics => "text/plain; version=0.0.4; charset=utf-8",
        }
    }
}

/// A question that waits for its answer.
#[derive(Debug)]
pub struct Ask {
    question: Question,
    answer: oneshot::Sender<String>,
}

impl Ask {
    /// What is asked.
    #[must_use]
    pub const fn question(&self) -> Question {
        self.question
    }

    /// Answers it. Who no longer waits isn't answered.
    pub fn answer(self, text: String) {
        _ = self.answer.send(text);
    }
}

/// Answers a request that is a question.
pub(super) async fn answer(shared: &Arc<Shared>, request: &Request<Incoming>) -> Option<Response<Body>> {
    let path = request.uri().path();
    if path == "/healthz" {
        return Some(answered(StatusCode::OK, TEXT, "ok\n".to_owned()));
    }
    let Some((question, method)) = Question::of(path) else {
        // OTLP is posted. Who asks for anything else is no exporter, and nothing is lost.
        let why = format!("`{path}` is none of `/verdict`, `/stop`, `/metrics`, `/healthz`\n");
        let is_stray = *request.method() == Method::GET && !path.starts_with("/v1/");
        return is_stray.then(|| answered(StatusCode::NOT_FOUND, TEXT, why));
    };
    if *request.method() != method {
        let why = format!("ask for `{path}` by {method}\n");
        let mut answer = answered(StatusCode::METHOD_NOT_ALLOWED, TEXT, why);
        let allowed = HeaderValue::from_str(method.as_str());
        allowed.into_iter().for_each(|allowed| _ = answer.headers_mut().insert(header::ALLOW, allowed));
        return Some(answer);
    }
    // A page in a browser may send requests to this machine, and says that it is one.
    let site = request.headers().get("sec-fetch-site").map(HeaderValue::as_bytes);
    if request.headers().contains_key(header::ORIGIN) || site.is_some_and(|site| site != b"none") {
        return Some(answered(StatusCode::FORBIDDEN, TEXT, "no page of a browser is answered\n".to_owned()));
    }
    let (sender, receiver) = oneshot::channel();
    let later = || {
        let why = "requests wait to be judged: ask again\n".to_owned();
        let mut answer = answered(StatusCode::SERVICE_UNAVAILABLE, TEXT, why);
        answer.headers_mut().insert(header::RETRY_AFTER, RETRY.as_secs().into());
        answer
    };
    if !shared.queue.offer(Item::Ask(Ask { question, answer: sender })) {
        return Some(later());
    }
    Some(match timeout(PATIENCE, receiver).await {
        Ok(Ok(text)) => answered(StatusCode::OK, question.content_type(), text),
        Ok(Err(_)) => answered(StatusCode::SERVICE_UNAVAILABLE, TEXT, "the run has ended\n".to_owned()),
        Err(_) => later(),
    })
}

fn answered(status: StatusCode, content_type: &'static str, text: String) -> Response<Body> {
    let mut response = Response::new(Body::new(Full::new(Bytes::from(text))));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
