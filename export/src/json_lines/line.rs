//! A log record as a line of JSON.
//!
//! ```text
//! {"timestamp":"2026-11-26T09:30:00.000000000Z","severity_text":"INFO","severity_number":9,
//!  "event_name":"payment.attempt","trace_id":"…","payment":{"amount":4200},"resource":{…},"scope":{"name":"pay"}}
//! ```
//!
//! Members come in this order: those of the record, which the OpenTelemetry logs data model names; its attributes, nested
//! and sorted; what doesn't nest of them (see [`Nested`]); the resource's attributes, nested; the scope. What a record
//! hasn't is left out. A time that RFC 3339 has no text for is `null`.

use std::time::SystemTime;

use opentelemetry::InstrumentationScope;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::SdkLogRecord;

use slo_model::names::log_line::{
    self, ATTRIBUTES, BODY, EVENT_NAME, OBSERVED_TIMESTAMP, RESOURCE, SCOPE, SEVERITY_NUMBER, SEVERITY_TEXT,
    SPAN_ID, TIMESTAMP, TRACE_FLAGS, TRACE_ID,
};

use super::nested::Nested;
use super::time::rfc3339;
use super::value::{Json, int, text};

/// Makes lines of the log records of one resource.
#[derive(Clone, Debug)]
pub(crate) struct Lines {
    /// The resource's member with a comma behind it; empty where the resource has no attributes.
    resource: Vec<u8>,
}

impl Lines {
    /// Lines that say that the resource says them.
    pub(crate) fn new(resource: &Resource) -> Lines {
        let attributes = resource.iter().map(|(key, value)| (key.as_str(), value));
        let mut member = Vec::new();
        // The SDK has them in another order each time, and the first of two has its place.
        let mut attributes: Vec<_> = attributes.collect();
        attributes.sort_by_key(|(key, _)| *key);
        let nested = Nested::new(attributes.into_iter(), &[]);
        if !nested.is_empty() {
            name(RESOURCE, &mut member);
            nested.write(1, &mut member);
            member.push(b',');
        }
        Lines { resource: member }
    }

    /// Appends the line of a record, with the line feed that ends it. There is no other one in it.
    pub(crate) fn write(&self, record: &SdkLogRecord, scope: &InstrumentationScope, line: &mut Vec<u8>) {
        line.push(b'{');
        time(TIMESTAMP, record.timestamp(), line);
        time(OBSERVED_TIMESTAMP, record.observed_timestamp(), line);
        member(SEVERITY_TEXT, record.severity_text(), line, text);
        // The SDK numbers them as the data model does.
        member(SEVERITY_NUMBER, record.severity_number().map(|severity| severity as i64), line, int);
        member(EVENT_NAME, record.event_name(), line, text);
        member(BODY, record.body(), line, |body, line| body.write(1, line));
        if let Some(context) = record.trace_context() {
            member(TRACE_ID, Some(context.trace_id.to_string().as_str()), line, text);
            member(SPAN_ID, Some(context.span_id.to_string().as_str()), line, text);
            member(TRACE_FLAGS, context.trace_flags.map(|flags| i64::from(flags.to_u8())), line, int);
        }
        let attributes = record.attributes_iter().map(|(key, value)| (key.as_str(), value));
        Nested::new(attributes, &log_line::ALL).write_members(0, line);
        line.extend_from_slice(&self.resource);
        write_scope(record, scope, line);
        close(line);
        line.push(b'\n');
    }
}

/// The scope. A record's target, which bridges from other libraries for logs set, takes the place of its name, as it does
/// in OTLP.
fn write_scope(record: &SdkLogRecord, scope: &InstrumentationScope, line: &mut Vec<u8>) {
    let scope_name = record.target().map_or(scope.name(), |target| target);
    let attributes = scope.attributes().map(|pair| (pair.key.as_str(), &pair.value));
    let attributes = Nested::new(attributes, &[]);
    let is_empty = scope_name.is_empty()
        && scope.version().is_none()
        && scope.schema_url().is_none()
        && attributes.is_empty();
    if is_empty {
        return;
    }
    name(SCOPE, line);
    line.push(b'{');
    member("name", Some(scope_name), line, text);
    member("version", scope.version(), line, text);
    member("schema_url", scope.schema_url(), line, text);
    let attributes = Some(attributes).filter(|attributes| !attributes.is_empty());
    member(ATTRIBUTES, attributes, line, |attributes, line| attributes.write(2, line));
    close(line);
    line.push(b',');
}

fn time(name: &str, time: Option<SystemTime>, line: &mut Vec<u8>) {
    member(name, time, line, |time, line| match rfc3339(time) {
        Some(shown) => text(&shown, line),
        None => line.extend_from_slice(b"null"),
    });
}

/// Appends a member where there is one, with a comma behind it.
fn member<V>(own: &str, value: Option<V>, line: &mut Vec<u8>, write: impl FnOnce(V, &mut Vec<u8>)) {
    if let Some(value) = value {
        name(own, line);
        write(value, line);
        line.push(b',');
    }
}

fn name(name: &str, line: &mut Vec<u8>) {
    text(name, line);
    line.push(b':');
}

/// Ends an object whose members have commas behind them.
fn close(line: &mut Vec<u8>) {
    if line.last() == Some(&b',') {
        line.pop();
    }
    line.push(b'}');
}
