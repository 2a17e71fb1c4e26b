//! The service's tests, and the pieces of documentation that are tests themselves.

use opentelemetry_sdk::{logs::SdkLoggerProvider, metrics::SdkMeterProvider, trace::SdkTracerProvider};
use slo::SloAttributes;
use slo::decode::{Decoded, Projection};
use slo::testing::{Recorder, SequentialIds, TestClock};
use slo_export::Pipeline;
use std::io::{BufRead, BufReader};
use std::time::Duration;

use super::*;
use crate::bank::Method;
use crate::config::Config;
use crate::contracts::CONTRACT;
use crate::contracts::fin_pay::PaymentMethod;

#[tokio::test]
async fn a_charge_records_its_attempt() {
    let service = Service::new();
    let charge = Charge { amount: 4_200, method: Method::Card };
    let recorder = Recorder::new(&CONTRACT);
    let answer = recorder.run(service.charge(&charge)).await;
    assert!(answer.is_ok());
    recorder.assert_recorded(|| {
        PaymentAttempt { outcome: PaymentOutcome::Succeeded, method: PaymentMethod::Card }
            .record(Duration::ZERO);
    });
}

/// An order's number, which is no telemetry.
struct OrderId;

#[allow(dead_code, reason = "what the program does with an order has no part in this")]
#[derive(SloAttributes)]
#[slo(event = "fin.pay.PaymentAttempt")]
struct Attempt {
    #[slo("outcome")]
    outcome: PaymentOutcome,
    #[slo("method")]
    method: String,
    order: OrderId, // no telemetry
}

#[test]
fn a_struct_of_the_program_records_the_same() {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| {
        let method = "card".to_owned();
        Attempt { outcome: PaymentOutcome::Succeeded, method, order: OrderId }.record(Duration::ZERO);
    });
    recorder.assert_recorded(|| {
        PaymentAttempt { outcome: PaymentOutcome::Succeeded, method: PaymentMethod::Card }
            .record(Duration::ZERO);
    });
}

#[test]
fn each_signal_leads_back_to_the_outcome() {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| {
        PaymentAttempt { outcome: PaymentOutcome::Timeout, method: PaymentMethod::Card }
            .record(Duration::ZERO);
    });

    let (record, _) = &recorder.logs()[0];
    let outcome = match PaymentOutcome::from_log(record) {
        Decoded::Variant(variant) => variant.name,
        Decoded::Merged(names) => names.first().copied().unwrap_or_default(),
        Decoded::Absent | Decoded::Ambiguous(_) | Decoded::Unknown | Decoded::Overflow => "unknown",
    };
    assert_eq!(outcome, "Timeout");

    let span = &recorder.spans()[0];
    let Decoded::Variant(variant) = PaymentOutcome::from_span(span) else { panic!("{span:?}") };
    assert_eq!(variant.name, "Timeout");
}

#[test]
fn a_telemetry_is_made_of_providers() -> Result<(), Box<dyn std::error::Error>> {
    let metrics = SdkMeterProvider::builder().with_view(slo::view(&CONTRACT)).build();
    let traces = SdkTracerProvider::builder().with_span_limits(slo::span_limits(&CONTRACT)).build();
    let logs = SdkLoggerProvider::builder().build();
    slo::Telemetry::builder().metrics(metrics).traces(traces).logs(logs).build().install()?;
    Ok(())
}

#[test]
fn a_log_record_is_a_line() {
    let (lines, writer) = std::io::pipe().unwrap();
    let clock = TestClock::default();
    let config = Config {
        service: "fin-pay-prod".to_owned(),
        version: "1.4.0".to_owned(),
        environment: "production".to_owned(),
        listen: String::new(),
    };
    let resource = config.assemble().environment(|_| None).build().unwrap().to_resource();
    let pipeline = Pipeline::builder(&CONTRACT, resource)
        .json_lines(writer)
        .clock(clock.clone())
        .traces(|traces| traces.with_id_generator(SequentialIds::default()))
        .environment(|_| None)
        .without_globals()
        .start()
        .unwrap();
    pipeline.telemetry().in_scope(|| {
        let started = Started::now();
        clock.advance(Duration::from_secs(2));
        PaymentAttempt { outcome: PaymentOutcome::Timeout, method: PaymentMethod::Card }.record(&started);
    });
    let report = pipeline.shutdown_blocking(Duration::from_secs(30));
    assert_eq!(report.counts.logs.exporter("json_lines").unwrap().delivered, 1, "{report}");
    let mut line = String::new();
    BufReader::new(lines).read_line(&mut line).unwrap();
    // The time at which it was observed is of the machine's clock.
    let (_, observed) = line.split_once(r#""observed_timestamp":""#).unwrap();
    let observed = observed.split('"').next().unwrap();
    let line = line.replace(observed, "2026-01-01T00:00:02.000000000Z");
    assert_eq!(line, include_str!("line.json"));
}
