//! Errors are classed at different grain: the metric says `db`, the log has the database's text, the span says only that something
//! failed. Here a database refuses a second charge of one order, and a second service's answer is late.

use std::io;

use opentelemetry::KeyValue;
use opentelemetry::logs::{LogRecord, Logger};
use opentelemetry::trace::{Span, Status, Tracer};
use slo::decode::Projection;
use slo::testing::Recorder;
use slo::{ErrorCode, Event, Moment};

use super::contracts::CONTRACT;
use super::contracts::scenarios::{ChargeOutcome, ChargeWritten, ChargeWrittenLater};
use super::ordinary::Ordinary;
use super::{attributes, fields, text};

/// What went wrong, as three libraries tell it.
fn failures() -> [(&'static str, &'static str, ErrorCode); 3] {
    [
        ("db", "pq: duplicate key value violates unique constraint", ErrorCode::of_sqlstate("23505")),
        ("db", "pq: deadlock detected", ErrorCode::of_sqlstate("40P01")),
        ("rpc", "context deadline exceeded", ErrorCode::of_grpc(4)),
    ]
}

#[test]
fn ordinary_instrumentation_spells_one_error_three_ways() {
    let ordinary = Ordinary::new();
    let counter = ordinary.meter.u64_counter("errors").build();
    for (layer, message, _) in failures() {
        counter.add(1, &[KeyValue::new("error_type", layer)]);
        let mut record = ordinary.logger.create_log_record();
        record.add_attribute("error", message);
        ordinary.logger.emit(record);
        let mut span = ordinary.tracer.start("INSERT charge");
        span.set_status(Status::error(""));
        span.end();
    }
    let points = ordinary.counter("errors");
    assert_eq!(points.len(), 2, "a duplicate and a deadlock are one point: {points:?}");
    let spans = ordinary.spans();
    assert!(spans.iter().all(|span| span.status == Status::error("") && span.attributes.is_empty()));
    for (record, (layer, ..)) in ordinary.logs().iter().zip(failures()) {
        let said = text(&fields(record), "error").unwrap();
        assert!(!said.contains(layer), "no value of the metric or the span is one of the log: {said}");
    }
}

#[test]
fn with_a_contract_an_error_has_one_code_on_all_three() {
    for (.., code) in failures() {
        let recorder = Recorder::new(&CONTRACT);
        let outcome = ChargeOutcome::Failed { code };
        let status = (code == ErrorCode::DbUniqueViolation).then(|| "23505".into());
        recorder
            .in_scope(|| ChargeWritten { outcome, later: ChargeWrittenLater { status } }.record(Moment::Now));
        let (spans, logs, points) = (recorder.spans(), recorder.logs(), recorder.points());
        let shown = [attributes(&points[0].attributes), fields(&logs[0].0), attributes(&spans[0].attributes)];
        for pairs in &shown {
            assert_eq!(text(pairs, "error.code").unwrap(), code.wire());
        }
        // The database's own word stands beside it where the conventions have it.
        let own = text(&shown[2], "db.response.status_code");
        assert_eq!(own.as_deref(), (code == ErrorCode::DbUniqueViolation).then_some("23505"));
        assert_eq!(spans[0].status, Status::error(""));
        let known = Some(ChargeOutcome::Failed { code });
        assert_eq!(ChargeOutcome::from_metric(&shown[0]).known(), known);
        assert_eq!(ChargeOutcome::from_log(&shown[1]).known(), known);
        assert_eq!(ChargeOutcome::from_span(&shown[2]).known(), known);
    }
}

/// From a library's error to the record it is one step.
#[test]
fn an_error_becomes_its_code_by_one_conversion() {
    fn read() -> Result<Vec<u8>, ErrorCode> {
        Ok(std::fs::read("/no/such/file")?)
    }
    assert_eq!(read(), Err(ErrorCode::OsNotFound));
    let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
    let recorder = Recorder::new(&CONTRACT);
    let outcome = ChargeOutcome::Failed { code: refused.into() };
    recorder.in_scope(|| ChargeWritten { outcome, later: ChargeWrittenLater::default() }.record(Moment::Now));
    insta::assert_snapshot!(recorder.recorded(), @r#"
    metric charges.written{error.code="OS_CONNECTION_REFUSED"} 1
    log charge.written WARN "wrote a charge" {error.code="OS_CONNECTION_REFUSED"} at 0s in "INSERT charge"
    span "INSERT charge" client error {error.code="OS_CONNECTION_REFUSED"} from 0s to 0s
    "#);
}
