//! How a request is refused.

use std::time::Duration;

use hyper::StatusCode;
use prost::Message;
use tonic::Code;

/// How a request is refused, in the words of both protocols.
///
/// ```
/// # use std::time::Duration;
/// # use slo_receiver::{Code, Refusal, StatusCode};
/// let throttled = Refusal::too_many().retry_after(Duration::from_secs(1));
/// let odd = Refusal::new(StatusCode::IM_A_TEAPOT, Code::Unknown).message("try coffee");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    status: StatusCode,
    code: Code,
    message: String,
    retry_after: Option<Duration>,
}

impl Refusal {
    /// A refusal by any status.
    #[must_use]
    pub fn new(status: StatusCode, code: Code) -> Refusal {
        Refusal { status, code, message: "refused by plan".to_owned(), retry_after: None }
    }

    /// 400 and `INVALID_ARGUMENT`: it would be refused again.
    #[must_use]
    pub fn invalid() -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, Code::InvalidArgument)
    }

    /// 503 and `UNAVAILABLE`: it may be sent again.
    #[must_use]
    pub fn unavailable() -> Refusal {
        Refusal::new(StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable)
    }

    /// 429 and `RESOURCE_EXHAUSTED`. By gRPC it may be sent again only where it says when (OTLP specification,
    /// "OTLP/gRPC Response").
    #[must_use]
    pub fn too_many() -> Refusal {
        Refusal::new(StatusCode::TOO_MANY_REQUESTS, Code::ResourceExhausted)
    }

    /// Says when it may be sent again: `Retry-After` over HTTP, in whole seconds, rounded up; `RetryInfo` over gRPC.
    #[must_use]
    pub const fn retry_after(mut self, pause: Duration) -> Refusal {
        self.retry_after = Some(pause);
        self
    }

    /// What it says, instead of `refused by plan`.
    #[must_use]
    pub fn message(mut self, message: impl Into<String>) -> Refusal {
        self.message = message.into();
        self
    }

    /// The status over HTTP.
    pub(crate) const fn status(&self) -> StatusCode {
        self.status
    }

    /// The seconds of `Retry-After`.
    pub(crate) fn retry_after_seconds(&self) -> Option<u64> {
        self.retry_after.map(|pause| pause.as_secs() + u64::from(pause.subsec_nanos() > 0))
    }

    /// The body of a refusal over HTTP: a `Status` (OTLP specification, "OTLP/HTTP Response", "Failures").
    pub(crate) fn body(&self) -> Vec<u8> {
        self.rpc_status().encode_to_vec()
    }

    pub(crate) fn to_grpc(&self) -> tonic::Status {
        match self.retry_after {
            Some(_) => {
                let details = self.rpc_status().encode_to_vec();
                tonic::Status::with_details(self.code, self.message.clone(), details.into())
            }
            None => tonic::Status::new(self.code, self.message.clone()),
        }
    }

    fn rpc_status(&self) -> RpcStatus {
        let details = self.retry_after.map(|pause| Any {
            type_url: "type.googleapis.com/google.rpc.RetryInfo".to_owned(),
            value: RetryInfo { retry_delay: Some(delay(pause)) }.encode_to_vec(),
        });
        RpcStatus {
            code: self.code.into(),
            message: self.message.clone(),
            details: details.into_iter().collect(),
        }
    }
}

fn delay(pause: Duration) -> Delay {
    Delay {
        seconds: i64::try_from(pause.as_secs()).unwrap_or(i64::MAX),
        nanos: i32::try_from(pause.subsec_nanos()).unwrap_or(0),
    }
}

/// `google.rpc.Status`.
#[derive(Clone, PartialEq, Message)]
struct RpcStatus {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(string, tag = "2")]
    message: String,
    #[prost(message, repeated, tag = "3")]
    details: Vec<Any>,
}

/// `google.protobuf.Any`.
#[derive(Clone, PartialEq, Message)]
struct Any {
    #[prost(string, tag = "1")]
    type_url: String,
    #[prost(bytes = "vec", tag = "2")]
    value: Vec<u8>,
}

/// `google.rpc.RetryInfo`.
#[derive(Clone, PartialEq, Message)]
struct RetryInfo {
    #[prost(message, optional, tag = "1")]
    retry_delay: Option<Delay>,
}

/// `google.protobuf.Duration`.
#[derive(Clone, PartialEq, Message)]
struct Delay {
    #[prost(int64, tag = "1")]
    seconds: i64,
    #[prost(int32, tag = "2")]
    nanos: i32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_whole_seconds_over_http_and_exact_over_grpc() {
        let refusal = Refusal::too_many().retry_after(Duration::from_millis(1_250));
        assert_eq!(refusal.retry_after_seconds(), Some(2));
        let status = refusal.to_grpc();
        assert_eq!(status.code(), Code::ResourceExhausted);
        let details = RpcStatus::decode(status.details()).unwrap().details;
        assert_eq!(details[0].type_url, "type.googleapis.com/google.rpc.RetryInfo");
        let pause = RetryInfo::decode(details[0].value.as_slice()).unwrap().retry_delay.unwrap();
        assert_eq!((pause.seconds, pause.nanos), (1, 250_000_000));
    }

    #[test]
    fn without_a_pause_there_are_no_details() {
        assert!(Refusal::unavailable().to_grpc().details().is_empty());
        let body = Refusal::invalid().message("no name").body();
        assert_eq!(
            RpcStatus::decode(body.as_slice()).unwrap(),
            RpcStatus { code: 3, message: "no name".to_owned(), details: Vec::new() }
        );
    }
}
