//! One error, four scales: HTTP's status, the error's type, the log's level and the span's status disagree.

use opentelemetry::KeyValue;
use opentelemetry::logs::{LogRecord, Logger, Severity};
use opentelemetry::trace::{Span, Status, Tracer};
use slo::testing::Recorder;
use slo::{Event, Moment};

use super::contracts::CONTRACT;
use super::contracts::scenarios::{Failure, RequestFailed};
use super::ordinary::Ordinary;
use super::{attributes, fields, text};

#[test]
fn ordinary_layers_each_have_a_scale_of_their_own() {
    let ordinary = Ordinary::new();
    let mut said = Vec::new();
    for status in [400_i64, 500, 504] {
        // The HTTP layer: 4xx and 5xx are errors of the span. The logger: whatever is answered is INFO.
        let mut span = ordinary.tracer.start("POST /pay");
        span.set_attribute(KeyValue::new("http.status_code", status));
        span.set_status(Status::error(""));
        span.end();
        let mut record = ordinary.logger.create_log_record();
        record.set_severity_number(Severity::Info);
        record.add_attribute("code", status);
        ordinary.logger.emit(record);
    }
    for (span, log) in ordinary.spans().iter().zip(ordinary.logs()) {
        said.push((span.status == Status::error(""), log.severity_number() >= Some(Severity::Error)));
    }
    assert_eq!(said.len(), 3);
    assert!(said.iter().all(|(span, log)| span != log), "log and span agree: {said:?}");
}

#[test]
fn with_a_contract_one_variant_sets_all_four() {
    let unset = Status::Unset;
    let cases = [
        (Failure::Validation, "400", "validation", Severity::Warn, unset),
        (Failure::Internal, "500", "internal", Severity::Error, Status::error("")),
        (Failure::TimedOut, "504", "timeout", Severity::Warn, Status::error("")),
    ];
    for (failure, code, kind, severity, status) in cases {
        let recorder = Recorder::new(&CONTRACT);
        recorder.in_scope(|| RequestFailed { failure }.record(Moment::Now));
        let (spans, logs, points) = (recorder.spans(), recorder.logs(), recorder.points());
        let shown = [attributes(&points[0].attributes), fields(&logs[0].0), attributes(&spans[0].attributes)];
        for pairs in shown {
            assert_eq!(text(&pairs, "http.response.status_code").unwrap(), code);
            assert_eq!(text(&pairs, "error.type").unwrap(), kind);
        }
        assert_eq!(logs[0].0.severity_number(), Some(severity));
        assert_eq!(spans[0].status, status);
    }
}
