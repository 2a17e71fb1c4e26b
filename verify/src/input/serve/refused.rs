//! What is answered where a request is not taken.
//!
//! Source: the OTLP specification, "Failures", "OTLP/gRPC Throttling", "OTLP/HTTP Throttling".

use std::time::Duration;

use hyper::StatusCode;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::input::refusal::{Problem, Wrong};

/// After how long it may be sent again what came faster than it was judged.
pub(super) const RETRY: Duration = Duration::from_secs(1);

/// Whether it may be sent again.
pub(super) fn is_for_now(wrong: Wrong) -> bool {
    wrong == Wrong::Full
}

/// The status over HTTP.
pub(super) fn http(wrong: Wrong) -> StatusCode {
    match wrong {
        Wrong::Full => StatusCode::TOO_MANY_REQUESTS,
        Wrong::Slow => StatusCode::REQUEST_TIMEOUT,
        Wrong::TooLarge | Wrong::Bomb | Wrong::TooManyParts => StatusCode::PAYLOAD_TOO_LARGE,
        Wrong::UnknownType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// The status over gRPC; its details are what the body over HTTP is, too. Without a pause, what is exhausted isn't sent again.
pub(super) fn grpc(problem: &Problem) -> Status {
    let code = match problem.wrong {
        Wrong::Full | Wrong::TooLarge | Wrong::Bomb | Wrong::TooManyParts => Code::ResourceExhausted,
        Wrong::Slow => Code::DeadlineExceeded,
        Wrong::UnknownType => Code::Unimplemented,
        _ => Code::InvalidArgument,
    };
    let details = match is_for_now(problem.wrong) {
        true => ErrorDetails::with_retry_info(Some(RETRY)),
        false => ErrorDetails::new(),
    };
    let mut message = format!("the request {}", problem.wrong);
    if !problem.detail.is_empty() {
        message.push_str(": ");
        message.push_str(&problem.detail);
    }
    Status::with_error_details(code, message, details)
}
