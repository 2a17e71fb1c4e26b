//! Business states are split: the metric says `failed`, the log 500, the span 500; none says what happened.

use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::logs::{LogRecord, Logger};
use opentelemetry::trace::{Span, Tracer};
use slo::Event;
use slo::decode::Projection;
use slo::testing::Recorder;

use super::contracts::{CONTRACT, scenarios};
use super::ordinary::Ordinary;
use super::{attributes, fields, text};
use scenarios::{PaymentAttempt, PaymentOutcome};

#[test]
fn ordinary_instrumentation_can_not_tell_a_timeout_from_a_refusal() {
    let ordinary = Ordinary::new();
    let counter = ordinary.meter.u64_counter("payment_status").build();
    // Three teams, each with its own idea of a failed payment.
    for _outcome in ["timeout", "risk_blocked"] {
        counter.add(1, &[KeyValue::new("status", "failed")]);
        let mut record = ordinary.logger.create_log_record();
        record.add_attribute("status_code", 500_i64);
        ordinary.logger.emit(record);
        let mut span = ordinary.tracer.start("POST /pay");
        span.set_attribute(KeyValue::new("http.status_code", 500_i64));
        span.end();
    }
    let points = ordinary.counter("payment_status");
    assert_eq!(points.len(), 1, "two different things are one point: {points:?}");
    assert_eq!(fields(&ordinary.logs()[0]), fields(&ordinary.logs()[1]));
    assert_eq!(attributes(&ordinary.spans()[0].attributes), attributes(&ordinary.spans()[1].attributes));
}

#[test]
fn with_a_contract_each_signal_says_what_happened() {
    let outcomes = [PaymentOutcome::Succeeded, PaymentOutcome::Timeout, PaymentOutcome::Rejected];
    for outcome in outcomes {
        let recorder = Recorder::new(&CONTRACT);
        recorder.in_scope(|| attempt(outcome.clone(), "1").record(Duration::ZERO));
        let (logs, spans, points) = (recorder.logs(), recorder.spans(), recorder.points());
        let point = points.iter().find(|point| point.metric == "payment.attempts").unwrap();
        assert_eq!(
            PaymentOutcome::from_metric(&attributes(&point.attributes)).known(),
            Some(outcome.clone())
        );
        assert_eq!(PaymentOutcome::from_log(&fields(&logs[0].0)).known(), Some(outcome.clone()));
        assert_eq!(PaymentOutcome::from_span(&attributes(&spans[0].attributes)).known(), Some(outcome));
    }
}

#[test]
fn a_timeout_is_what_each_signal_calls_it() {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| attempt(PaymentOutcome::Timeout, "1").record(Duration::ZERO));
    let points = recorder.points();
    assert_eq!(text(&attributes(&points[0].attributes), "status").unwrap(), "timeout");
    assert_eq!(text(&fields(&recorder.logs()[0].0), "error_type").unwrap(), "network_timeout");
    assert_eq!(text(&attributes(&recorder.spans()[0].attributes), "payment.error.type").unwrap(), "timeout");
}

pub(crate) fn attempt(outcome: PaymentOutcome, order: impl Into<slo::Text>) -> PaymentAttempt {
    PaymentAttempt { order: order.into(), later: scenarios::PaymentAttemptLater { outcome: Some(outcome) } }
}
