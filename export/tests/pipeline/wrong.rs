//! What a person is told whose pipeline can't be set up: everything that is wrong, at once.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use crate::pay::CONTRACT;
use opentelemetry_sdk::Resource;
use slo::Contract;
use slo_export::{Otlp, Pipeline, PipelineBuilder, Prometheus};

fn pipeline(contract: &'static Contract<'static>) -> PipelineBuilder {
    Pipeline::builder(contract, Resource::builder_empty().build()).without_globals().environment(|_| None)
}

/// The contract, without exponential buckets.
fn plain() -> &'static Contract<'static> {
    Box::leak(Box::new(Contract { streams: &[], ..CONTRACT }))
}

fn variables(name: &str) -> Option<String> {
    let value = match name {
        "OTEL_TRACES_SAMPLER" => "jaeger_remote",
        "OTEL_EXPORTER_OTLP_TIMEOUT" => "soon",
        "OTEL_BSP_SCHEDULE_DELAY" => "-1",
        _ => return None,
    };
    Some(value.to_owned())
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let error = pipeline(plain())
        .otlp(Otlp::http().endpoint("collector:4318").header("a b", "c"))
        .prometheus(Prometheus::at("127.0.0.1:99999"))
        .environment(variables)
        .start()
        .unwrap_err();
    insta::assert_snapshot!(error, @r"
    the pipeline can't be set up:
      `OTEL_EXPORTER_OTLP_TIMEOUT` is no number of milliseconds: `soon`
      `slo_export::Otlp::header` has a header whose name HTTP does not allow
      `slo_export::Otlp::endpoint` is no URL that begins with `http://` or `https://`
      nobody can scrape at `127.0.0.1:99999`: invalid port value
    ");
    assert_eq!(error.problems().len(), 4);
}

#[test]
fn what_can_be_passed_over_is_told_and_keeps_nothing_from_starting() {
    let told = Arc::<Mutex<Vec<String>>>::default();
    let tell = Arc::clone(&told);
    let pipeline = pipeline(plain())
        .prometheus(Prometheus::at("127.0.0.1:0"))
        .environment(variables)
        .on_problem(move |problem| tell.lock().unwrap().push(problem.to_string()))
        .start()
        .unwrap();
    drop(pipeline);
    insta::assert_snapshot!(told.lock().unwrap().join("\n"), @"`OTEL_TRACES_SAMPLER` was passed over: there is no sampler `jaeger_remote`: there are `always_on`, `always_off` and `traceidratio`, each also behind `parentbased_`");
}

#[test]
fn exponential_buckets_can_not_be_scraped() {
    let error = pipeline(&CONTRACT).prometheus(Prometheus::at("127.0.0.1:0")).start().unwrap_err();
    insta::assert_snapshot!(error, @"the pipeline can't be set up: `payment.amounts` has exponential buckets, which the text that Prometheus scrapes can't hold; give it buckets, or send metrics by OTLP alone");
}

#[test]
fn an_address_that_another_has_is_named() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    let start = || pipeline(plain()).prometheus(Prometheus::at(&address)).start();
    let error = start().unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("the pipeline can't be set up: nobody can scrape at `{address}`: ")),
        "{error}"
    );
    // When it is free again it is taken, and given back at the end.
    drop(other);
    for _ in 0..2 {
        let pipeline = start().unwrap();
        assert_eq!(pipeline.prometheus_address().unwrap().to_string(), address);
        drop(pipeline);
    }
}

#[test]
fn exits_without_any_are_none() {
    let error = pipeline(plain()).start().unwrap_err();
    insta::assert_snapshot!(error, @"the pipeline can't be set up: no exporter was asked for; ask for one, such as `.otlp(Otlp::grpc())`");
}
