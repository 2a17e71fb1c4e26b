//! Log lines: JSON, as loggers of many languages write it, and `logfmt`.

mod json;
mod logfmt;
mod names;
mod record;
mod time;

use opentelemetry_proto::tonic::common::v1::{InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::resource::v1::Resource;

use super::refusal::Problem;
pub(super) use logfmt::is_logfmt;

/// The form of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An object of JSON.
    Json,
    /// Pairs of `key=value`. Every value is text: `status=200` doesn't say whether it is a number.
    Logfmt,
}

/// A record of a line, and who says it.
#[derive(Debug, PartialEq)]
pub(super) struct Line {
    resource: Vec<KeyValue>,
    resource_schema: String,
    scope: InstrumentationScope,
    scope_schema: String,
    record: LogRecord,
}

/// Reads a line.
pub(super) fn line(form: Form, text: &str) -> Result<Line, Problem> {
    let members = match form {
        Form::Json => json::members(text)?,
        Form::Logfmt => logfmt::members(text)?,
    };
    Ok(record::line(members))
}

/// Lines that are handed over together, in their order.
#[derive(Debug, Default)]
pub(super) struct Batch {
    logs: Vec<ResourceLogs>,
    records: usize,
}

impl Batch {
    /// Adds a line: to the one before it, where both have one resource and one scope.
    pub(super) fn add(&mut self, line: Line) {
        self.records += 1;
        let Line { resource, resource_schema, scope, scope_schema, record } = line;
        if let Some(last) = self.logs.last_mut() {
            let is_same = last.resource.as_ref().is_some_and(|last| last.attributes == resource)
                && last.schema_url == resource_schema;
            if is_same
                && let Some(last) = last.scope_logs.last_mut()
                && last.scope.as_ref() == Some(&scope)
                && last.schema_url == scope_schema
            {
                last.log_records.push(record);
                return;
            }
        }
        let scope_logs =
            ScopeLogs { scope: Some(scope), log_records: vec![record], schema_url: scope_schema };
        self.logs.push(ResourceLogs {
            resource: Some(Resource { attributes: resource, ..Resource::default() }),
            scope_logs: vec![scope_logs],
            schema_url: resource_schema,
        });
    }

    pub(super) fn records(&self) -> usize {
        self.records
    }

    pub(super) fn take(&mut self) -> Vec<ResourceLogs> {
        std::mem::take(self).logs
    }
}
