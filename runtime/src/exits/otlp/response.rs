//! What a receiver says of a request that it took.

use prost::Message;

use super::words::said;
use crate::exits::answer::{Answer, Retry};

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
pub(super) fn taken(message: &[u8], records: u64) -> Answer {
    match ExportResponse::decode(message) {
        Ok(ExportResponse { partial_success: None }) => Answer::Taken { rejected: 0, why: String::new() },
        Ok(ExportResponse { partial_success: Some(PartialSuccess { rejected, error_message }) }) => {
            // A negative number is nonsense.
            let rejected = u64::try_from(rejected).unwrap_or_default().min(records);
            Answer::Taken { rejected, why: said(&error_message) }
        }
        Err(_) => unread("its answer is no message of OTLP"),
    }
}

/// The answer of something that says by its status that it took a request, and whose words could not be read. It is not sent
/// again: a receiver would have it twice.
pub(super) fn unread(why: &str) -> Answer {
    Answer::Unanswered { why: format!("answered that it is taken, but {why}"), retry: Retry::Never }
}
