//! Timestamps differ in precision: seconds in metrics, seconds with milliseconds in logs, nanoseconds in spans.

use std::time::UNIX_EPOCH;

use opentelemetry::logs::{AnyValue, LogRecord, Logger};
use opentelemetry::trace::{Span, Tracer};
use slo::testing::Recorder;
use slo::{Event, Running};

use super::contracts::CONTRACT;
use super::contracts::scenarios::PaymentOutcome;
use super::ordinary::Ordinary;
use super::row02_split_states::attempt;
use super::{fields, text};

const EVENTS: u32 = 100;

#[test]
fn ordinary_timestamps_join_nothing() {
    let ordinary = Ordinary::new();
    for number in 0..EVENTS {
        let mut span = ordinary.tracer.start("POST /pay");
        // The usual JSON line: the clock is read again, and written as seconds with three digits.
        let now = UNIX_EPOCH.elapsed().unwrap();
        let mut record = ordinary.logger.create_log_record();
        record.add_attribute("ts", AnyValue::from(format!("{}.{:03}", now.as_secs(), now.subsec_millis())));
        record.add_attribute("order", i64::from(number));
        ordinary.logger.emit(record);
        span.end();
    }
    let times: Vec<u128> = ordinary
        .spans()
        .iter()
        .map(|span| span.end_time.duration_since(UNIX_EPOCH).unwrap().as_nanos())
        .collect();
    let logs = ordinary.logs();
    assert_eq!([times.len(), logs.len()], [EVENTS as usize; 2]);
    let joined = logs.iter().filter(|log| {
        let written = text(&fields(log), "ts").unwrap();
        let (seconds, thousandths) = written.split_once('.').unwrap();
        let nanoseconds = seconds.parse::<u128>().unwrap() * 1_000_000_000
            + thousandths.parse::<u128>().unwrap() * 1_000_000;
        times.contains(&nanoseconds)
    });
    assert!(joined.count() < 3, "a time of three digits met a nanosecond nearly every time");
}

#[test]
fn with_a_contract_log_and_span_have_one_time_to_the_nanosecond() {
    // The system's clock, not a test's: what is compared are two readings that must be one.
    let recorder = Recorder::builder(&CONTRACT).system_clock().build();
    recorder.in_scope(|| {
        for _ in 0..EVENTS {
            let mut attempt = attempt(PaymentOutcome::Timeout, "1").begin();
            attempt.outcome = Some(PaymentOutcome::Succeeded);
            attempt.end();
            super::row02_split_states::attempt(PaymentOutcome::Succeeded, "2").record(&slo::Started::now());
        }
    });
    let (spans, logs) = (recorder.spans(), recorder.logs());
    assert_eq!((spans.len(), logs.len()), (200, 200));
    for (log, _) in &logs {
        let context = log.trace_context().unwrap();
        let span = spans.iter().find(|span| span.span_context.span_id() == context.span_id).unwrap();
        assert_eq!(log.timestamp().unwrap(), span.end_time);
        assert!(span.start_time <= span.end_time);
    }
}
