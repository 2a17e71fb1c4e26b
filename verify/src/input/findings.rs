//! Findings, sent on as OTLP log records.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs, SeverityNumber};
use opentelemetry_proto::tonic::resource::v1::Resource;
use prost::Message;
use slo_compiler::diagnostic::{Diagnostic, Severity};

use super::forward::{Forwarded, Forwarder};
use super::limits::FORWARD_TIME;
use super::queue::Sender;

/// The service that findings come from, and their scope and event name.
const SERVICE: &str = "slo-verify";
const SCOPE: &str = "slo.verify";
const EVENT: &str = "slo.finding";

/// Sends findings on until it is dropped. What can't be sent is counted as what can't be read.
#[derive(Debug)]
pub struct FindingLogs(Forwarder);

impl FindingLogs {
    /// Begins. The URL is one that `OTEL_EXPORTER_OTLP_ENDPOINT` could have.
    ///
    /// # Errors
    /// Where no thread can be started.
    pub fn start(url: &str, queue: Sender) -> std::io::Result<FindingLogs> {
        Forwarder::start(url, FORWARD_TIME, queue).map(FindingLogs)
    }

    /// Sends findings, each with the place that it has.
    pub fn send(&self, findings: &[(&Diagnostic, String)]) {
        if findings.is_empty() {
            return;
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let now = u64::try_from(now.as_nanos()).unwrap_or(u64::MAX);
        let log_records = findings.iter().map(|(finding, place)| record(finding, place, now)).collect();
        let scope = InstrumentationScope {
            name: SCOPE.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            ..InstrumentationScope::default()
        };
        let logs = ResourceLogs {
            resource: Some(Resource {
                attributes: vec![pair("service.name", text(SERVICE))],
                ..Resource::default()
            }),
            scope_logs: vec![ScopeLogs { scope: Some(scope), log_records, schema_url: String::new() }],
            schema_url: String::new(),
        };
        let body = ExportLogsServiceRequest { resource_logs: vec![logs] }.encode_to_vec();
        let content_type = "application/x-protobuf";
        self.0.offer(Forwarded { path: "/v1/logs", content_type, body: body.into() });
    }
}

fn record(finding: &Diagnostic, place: &str, now: u64) -> LogRecord {
    let severity = match finding.severity {
        Severity::Error => SeverityNumber::Error,
        Severity::Warning => SeverityNumber::Warn,
        Severity::Note => SeverityNumber::Info,
    };
    let names = finding.names.iter().map(|name| AnyValue { value: Some(text(name)) }).collect();
    LogRecord {
        observed_time_unix_nano: now,
        severity_number: severity.into(),
        severity_text: finding.severity.name().to_ascii_uppercase(),
        body: Some(AnyValue { value: Some(text(&finding.message)) }),
        attributes: vec![
            pair("slo.finding.code", text(finding.code.id())),
            pair("slo.finding.names", Any::ArrayValue(ArrayValue { values: names })),
            pair("slo.finding.notes", text(&finding.notes.join("\n"))),
            pair("slo.finding.place", text(place)),
        ],
        event_name: EVENT.to_owned(),
        ..LogRecord::default()
    }
}

fn text(text: &str) -> Any {
    Any::StringValue(text.to_owned())
}

fn pair(key: &str, value: Any) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(AnyValue { value: Some(value) }), ..KeyValue::default() }
}
