//! Exporters of OpenTelemetry's SDK, whoever wrote them: each is handed what waits for it, and asked what became of it.
//!
//! Such an exporter says that it exported a batch, or that it did not: not whether a receiver has part of it, nor whether
//! a batch that failed has arrived all the same. A batch that it exported is counted as delivered, one that failed as
//! unconfirmed, and neither is tried again: whoever knows what failed tries again, which is the exporter.

mod block_on;
mod logs;
mod metrics;
mod spans;

pub(crate) use logs::Logs;
pub(crate) use metrics::Metrics;
pub(crate) use spans::Spans;

use std::time::Duration;

use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};

use crate::delivery::answer::{Answer, Retry};

/// The outcome of a batch; none where the exporter did not come back in time.
fn answer(result: Option<OTelSdkResult>) -> Answer {
    let why = match result {
        Some(Ok(())) => return Answer::Taken { rejected: 0, why: String::new() },
        Some(Err(OTelSdkError::AlreadyShutdown)) => {
            return Answer::Refused { why: "it was shut down before".to_owned(), retry: Retry::Never };
        }
        Some(Err(OTelSdkError::Timeout(_))) | None => "no answer in time".to_owned(),
        Some(Err(OTelSdkError::InternalFailure(why))) => why,
    };
    Answer::Unanswered { why, retry: Retry::Never }
}

/// A batch that is handed over once.
fn handed_over_before() -> Answer {
    answer(Some(Err(OTelSdkError::Timeout(Duration::ZERO))))
}
