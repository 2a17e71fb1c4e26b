//! Events beside `tracing`, `tracing-opentelemetry` and `opentelemetry-appender-tracing`.

use crate::events::{charge, current, request};
use crate::service::Service;
use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::SdkLogRecord;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
use slo::Telemetry;
use tracing::dispatcher::with_default;
use tracing::{Dispatch, info, info_span};

/// Whether a record belongs to a span.
fn is_in(log: &SdkLogRecord, span: &SpanContext) -> bool {
    log.trace_context().is_some_and(|log| log.trace_id == span.trace_id() && log.span_id == span.span_id())
}

/// Whether a span is a child of another.
fn is_under(child: &SpanData, parent: &SpanData) -> bool {
    child.parent_span_id == parent.span_context.span_id()
        && child.span_context.trace_id() == parent.span_context.trace_id()
}

#[test]
fn a_span_by_hand_is_the_parent_of_the_facts_in_it() {
    let service = Service::new();
    service.run(|| {
        info_span!("by hand").in_scope(|| {
            charge("1");
            request("1").in_scope(|| info_span!("further in").in_scope(|| info!(name: "seen", "here")));
        });
    });
    let (by_hand, event, inner) =
        (service.span("by hand"), service.span("request"), service.span("further in"));
    assert!(is_in(&service.log("shop.charge"), &by_hand.span_context));
    assert!(is_under(&event, &by_hand));
    assert!(is_in(&service.log("shop.request"), &event.span_context));
    assert!(is_under(&inner, &event));
    assert!(is_in(&service.log("seen"), &inner.span_context));
    // An event that writes onto the span that is running writes onto that of `tracing`.
    assert!(by_hand.attributes.iter().any(|pair| pair.key.as_str() == "charged"));
}

#[test]
fn without_context_activation_a_span_by_hand_is_nobodys_parent() {
    let service = Service::with(false, |traces| traces, |logs| logs);
    service.run(|| info_span!("by hand").in_scope(|| drop(request("1"))));
    assert!(!is_under(&service.span("request"), &service.span("by hand")));
}

#[test]
fn an_event_by_hand_is_in_the_fact_that_it_happens_under() {
    let service = Service::new();
    service.run(|| {
        let guard = request("1");
        guard.in_scope(|| info!(name: "in a scope", "here"));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(guard.run(async {
            tokio::task::yield_now().await;
            info!(name: "in a future", "here");
        }));
        info!(name: "after", "here");
    });
    let event = service.span("request").span_context;
    assert!(is_in(&service.log("in a scope"), &event));
    assert!(is_in(&service.log("in a future"), &event));
    assert!(service.log("after").trace_context().is_none());
}

#[test]
fn tasks_take_both_along() {
    use tracing::Instrument;
    let service = Service::new();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let dispatch = service.dispatch.clone();
    let work = async move {
        tokio::task::yield_now().await;
        let event = request("1");
        let task = async move {
            charge("1");
            with_default(&dispatch, || info!(name: "in a task", "here"));
        };
        event.run(async { slo::tasks::tokio::spawn(task).await.unwrap() }).await;
    };
    let work = service.run(|| slo::tasks::carry_future(work.instrument(info_span!("by hand"))));
    service.run(|| runtime.block_on(async { tokio::spawn(work).await.unwrap() }));
    let event = service.span("request");
    assert!(is_under(&event, &service.span("by hand")));
    assert!(is_in(&service.log("shop.charge"), &event.span_context));
    assert!(is_in(&service.log("in a task"), &event.span_context));
}

#[test]
fn a_span_that_is_entered_again_elsewhere_takes_its_context_along() {
    let service = Service::new();
    let (by_hand, outer) = service.run(|| (info_span!("by hand"), request("1")));
    std::thread::scope(|scope| {
        scope.spawn(|| service.run(|| by_hand.in_scope(|| charge("1"))));
    });
    let seen = service.run(|| outer.in_scope(|| by_hand.in_scope(current)));
    drop((by_hand, outer));
    let by_hand = service.span("by hand").span_context;
    assert!(is_in(&service.log("shop.charge"), &by_hand));
    assert_eq!(seen, (by_hand.trace_id(), by_hand.span_id()));
    assert!(!Context::current().has_active_span());
}

#[test]
fn no_fact_goes_out_twice_and_none_comes_back_as_an_event() {
    let service = Service::new();
    service.run(|| {
        drop(request("1"));
        charge("2");
    });
    assert_eq!(service.counts(), (1, 2));
    assert_eq!(*service.raised.0.lock().unwrap(), [] as [String; 0]);
    assert!(service.told.lock().unwrap().iter().all(|told| told.contains("opens no span")));
}

#[test]
fn an_event_by_hand_goes_out_once_and_is_held_to_the_contract() {
    let service = Service::new();
    service.run(|| request("1").in_scope(|| info!(name: "charged", http_route = "/pay", "here")));
    assert_eq!(service.counts(), (1, 2));
    let told = service.told.lock().unwrap();
    assert!(told[0].starts_with("`http_route` of `charged` is nearly a key of the contract"), "{told:?}");
    assert_eq!(told.len(), 1);
}

#[test]
fn under_a_suppressed_context_nothing_goes_out() {
    let service = Service::new();
    service.run(|| {
        let _suppressed = Context::enter_telemetry_suppressed_scope();
        let all = || {
            charge("1");
            request("1").in_scope(|| charge("1"));
            info!("an event");
            info_span!("a span").in_scope(|| info!("an event in a span"));
        };
        all();
        // What is spawned is as suppressed.
        slo::tasks::thread::spawn(all).join().unwrap();
    });
    assert_eq!(service.counts(), (0, 0));
}

#[test]
fn what_connections_of_exporters_say_is_kept_back() {
    let service = Service::new();
    service.run(|| {
        for_each_target();
        info!(target: "tower_http::trace", "the service's own");
    });
    assert_eq!(service.counts(), (0, 1));

    fn for_each_target() {
        info!(target: "h2::codec", "a frame");
        info!(target: "hyper_util::client", "a connection");
        info!(target: "opentelemetry_sdk", "an export");
        info_span!(target: "tonic::transport", "a call").in_scope(|| ());
    }
}

/// An exporter that logs.
#[derive(Debug)]
struct Logs(Dispatch);

impl SpanExporter for Logs {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        with_default(&self.0, || {
            info!(target: "reqwest::connect", "kept back, by its target");
            info!(name: "not suppressed", "something else that is in there");
        });
        Ok(())
    }
}

/// The SDK's simple processor of spans, which is for tests, exports where the span ends, and suppresses nothing.
#[test]
fn behind_the_simple_processor_of_spans_nothing_is_suppressed() {
    let service = Service::new();
    let logs = Logs(service.dispatch.clone());
    let traces = SdkTracerProvider::builder().with_simple_exporter(logs).build();
    let telemetry = Telemetry::builder().traces(traces).build();
    telemetry.in_scope(|| drop(request("1")));
    assert_eq!(service.counts(), (0, 1));
    service.log("not suppressed");
}
