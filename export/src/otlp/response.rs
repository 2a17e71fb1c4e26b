//! What a receiver says of a request that it took.

use prost::Message;

use super::encoding::Encoding;
use super::words::said;
use crate::delivery::answer::{Answer, Retry};

/// So many bytes of an answer are read: a receiver has to say a number and a sentence.
pub(super) const LENGTH: usize = 1024 * 1024;

/// `ExportLogsServiceResponse`, `ExportMetricsServiceResponse` and `ExportTraceServiceResponse`, which are one message but
/// for the names of their fields (opentelemetry-proto, `collector/*/v1/*_service.proto`).
#[derive(Clone, PartialEq, Message)]
struct ExportResponse {
    #[prost(message, optional, tag = "1")]
    partial_success: Option<PartialSuccess>,
}

#[derive(Clone, PartialEq, Message)]
struct PartialSuccess {
    #[prost(int64, tag = "1")]
    rejected: i64,
    #[prost(string, tag = "2")]
    error_message: String,
}

/// The answer of a receiver that says by its status that it took a request of so many records.
///
/// Where what else it says can't be understood, it may have rejected some, or be no receiver at all: nothing is known.
pub(super) fn taken(message: &[u8], records: u64, encoding: Encoding) -> Answer {
    let message = match encoding {
        Encoding::Protobuf => ExportResponse::decode(message).ok(),
        // Nothing at all is an empty message.
        #[cfg(feature = "otlp-json")]
        Encoding::Json if message.is_empty() => Some(ExportResponse::default()),
        #[cfg(feature = "otlp-json")]
        Encoding::Json => of_json(message),
    };
    match message {
        Some(ExportResponse { partial_success: None }) => Answer::Taken { rejected: 0, why: String::new() },
        Some(ExportResponse { partial_success: Some(PartialSuccess { rejected, error_message }) }) => {
            // A negative number is nonsense.
            let rejected = u64::try_from(rejected).unwrap_or_default().min(records);
            Answer::Taken { rejected, why: said(&error_message) }
        }
        None => unread("its answer is no message of OTLP"),
    }
}

/// The same message as JSON: 64-bit integers are texts there, and numbers are taken as well (OTLP specification, "JSON Protobuf
/// Encoding").
#[cfg(feature = "otlp-json")]
fn of_json(message: &[u8]) -> Option<ExportResponse> {
    use serde_json::Value;

    let Value::Object(message) = serde_json::from_slice(message).ok()? else { return None };
    let partial_success = match message.get("partialSuccess") {
        None | Some(Value::Null) => None,
        Some(Value::Object(part)) => {
            let rejected = part.iter().find(|(name, _)| name.starts_with("rejected")).map(|(_, value)| value);
            let rejected = match rejected {
                None | Some(Value::Null) => 0,
                Some(Value::String(text)) => text.parse().ok()?,
                Some(number) => number.as_i64()?,
            };
            let words = part.get("errorMessage").and_then(Value::as_str).unwrap_or_default();
            Some(PartialSuccess { rejected, error_message: words.to_owned() })
        }
        Some(_) => return None,
    };
    Some(ExportResponse { partial_success })
}

/// The answer of something that says by its status that it took a request, and whose words could not be read. It is not sent
/// again: a receiver would have it twice.
pub(super) fn unread(why: &str) -> Answer {
    Answer::Unanswered { why: format!("answered that it is taken, but {why}"), retry: Retry::Never }
}
