//! What pipeline set for the whole process. The globals are of the whole process, so that this stands alone.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../../runtime/tests/pay/mod.rs"]
mod pay;
mod written;

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::{TraceContextExt, Tracer};
use opentelemetry::{Context, KeyValue, global};
use opentelemetry_sdk::Resource;
use pay::{Attempt, CONTRACT, Method};
use slo::Contract;
use slo::Event;
use slo_export::{Pipeline, PipelineBuilder, Prometheus, names};
use written::{Does, Written};

const PATIENCE: Duration = Duration::from_secs(60);

fn pipeline(written: &Written) -> PipelineBuilder {
    // Without exponential buckets, which can't be scraped.
    let contract = Box::leak(Box::new(Contract { streams: &[], ..CONTRACT }));
    Pipeline::builder(contract, Resource::builder_empty().build())
        .json_lines(written.clone())
        .prometheus(Prometheus::at("127.0.0.1:0"))
        .environment(|_| None)
}

fn scrape(address: SocketAddr) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(b"GET /metrics HTTP/1.0\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// What the global propagator sends along from the current context.
fn sent_along() -> HashMap<String, String> {
    let mut headers = HashMap::new();
    global::get_text_map_propagator(|propagator| propagator.inject(&mut headers));
    headers
}

#[test]
fn a_pipeline_is_global_unless_it_is_not_to_be() {
    let attempt = || Attempt::by(Method::Card, 7, "/pay").record(Duration::ZERO);

    // Nothing is set by those that are not to.
    let quiet = Written::new(Does::Writes);
    let own = pipeline(&quiet).without_globals().start().unwrap();
    attempt();
    global::tracer("by hand").in_span("a", |context| assert!(!context.span().span_context().is_valid()));
    assert_eq!(sent_along(), HashMap::new());
    let report = own.shutdown_blocking(PATIENCE);
    assert_eq!((report.counts.logs.recorded, report.counts.spans.recorded), (0, 0), "{report}");

    let written = Written::new(Does::Writes);
    let exits_of_all = pipeline(&written).start().unwrap();
    attempt();
    global::meter("by hand").u64_counter("by.hand").build().add(3, &[]);
    let headers = global::tracer("by hand").in_span("a", |context| {
        let trace = context.span().span_context().trace_id().to_string();
        let baggage = Context::current_with_baggage([KeyValue::new("tenant", "a b")]);
        let _attached = baggage.attach();
        let headers = sent_along();
        assert!(headers["traceparent"].contains(&trace), "{headers:?}");
        headers
    });
    let received = global::get_text_map_propagator(|propagator| propagator.extract(&headers));
    assert!(received.span().span_context().is_remote());
    assert_eq!(received.baggage().get("tenant").unwrap().as_str(), "a b");

    // A callback that panics takes nothing with it, neither this time nor later.
    let _ = global::meter("by hand")
        .u64_observable_gauge("panics")
        .with_callback(|_| std::panic::resume_unwind(Box::new("as it should")))
        .build();
    for _ in 0..3 {
        let scraped = scrape(exits_of_all.prometheus_address().unwrap());
        assert!(scraped.starts_with("HTTP/1.0 200"), "{scraped}");
        assert!(scraped.contains("by_hand_total") && scraped.contains("payment_attempts_total"), "{scraped}");
    }
    global::meter("by hand").u64_counter("later").build().add(1, &[]);
    assert!(scrape(exits_of_all.prometheus_address().unwrap()).contains("later_total"));

    // Another is refused, and takes nothing over.
    let other = Written::new(Does::Writes);
    let error = pipeline(&other).start().unwrap_err();
    insta::assert_snapshot!(error, @"the pipeline can't be set up: a telemetry was installed before; a program installs one, when it starts");
    attempt();
    let report = exits_of_all.shutdown_blocking(PATIENCE);
    assert_eq!(report.counts.spans.recorded, 3, "{report}");
    assert_eq!(report.counts.logs.exporter(names::JSON_LINES).unwrap().delivered, 2, "{report}");
    assert_eq!((written.lines(), other.lines(), quiet.lines()), (2, 0, 0));
    // Without globals there may be as many as one likes.
    drop(pipeline(&other).without_globals().start().unwrap());
}
