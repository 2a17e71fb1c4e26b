//! Severities and statuses.

use opentelemetry::logs::Severity as LogSeverity;
use opentelemetry::trace::Status as SpanStatus;
use slo_model::event::{Severity, Status};

/// A severity with the name that OpenTelemetry gives it (logs data model, "Displaying Severity").
pub(crate) const fn log_severity(severity: Severity) -> (LogSeverity, &'static str) {
    match severity {
        Severity::Trace => (LogSeverity::Trace, "TRACE"),
        Severity::Debug => (LogSeverity::Debug, "DEBUG"),
        Severity::Info => (LogSeverity::Info, "INFO"),
        Severity::Warn => (LogSeverity::Warn, "WARN"),
        Severity::Error => (LogSeverity::Error, "ERROR"),
        Severity::Fatal => (LogSeverity::Fatal, "FATAL"),
    }
}

/// A status without a description: what happened stands in the attributes.
pub(crate) fn span_status(status: Status) -> SpanStatus {
    match status {
        Status::Unset => SpanStatus::Unset,
        Status::Ok => SpanStatus::Ok,
        Status::Error => SpanStatus::error(""),
    }
}
