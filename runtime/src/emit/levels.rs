//! Severities and statuses.

use opentelemetry::logs::Severity as LogSeverity;
use opentelemetry::trace::Status as SpanStatus;
use slo_model::event::{Event, Meaning, Severity, Status, Variant, Writer, WriterValue};

use crate::FieldValue;

/// The severity of a log record: the greatest that its meanings give, else its own.
pub(crate) fn severity(
    event: &Event<'static>,
    own: Option<Severity>,
    writers: &[Writer<'static>],
    values: &[FieldValue<'_>],
) -> Option<Severity> {
    variants(event, writers, values).filter_map(|variant| variant.severity).max().or(own)
}

/// The status of a span: the greatest that its meanings give.
pub(crate) fn status(
    event: &Event<'static>,
    writers: &[Writer<'static>],
    values: &[FieldValue<'_>],
) -> Option<Status> {
    variants(event, writers, values).filter_map(|variant| variant.status).max()
}

/// The variants that are present, by the faces that a signal lists.
fn variants<'v>(
    event: &'v Event<'static>,
    writers: &'v [Writer<'static>],
    values: &'v [FieldValue<'_>],
) -> impl Iterator<Item = &'static Variant<'static>> + 'v {
    writers.iter().filter_map(|writer| {
        let WriterValue::Meaning(field, face) = writer.value else { return None };
        let face: &'static Meaning<'static> = face;
        let field = event.fields.get(usize::from(field))?;
        match values.get(usize::from(field.at))? {
            FieldValue::Variant(number) => face.variants.get(usize::from(*number)),
            _ => None,
        }
    })
}

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
