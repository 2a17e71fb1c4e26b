//! The span ends before the log is flushed: at a worker's end the span was exported, and the log of the same work is lost in
//! its buffer.

use std::sync::Arc;

use opentelemetry_sdk::trace::Sampler;
use slo::Event;
use slo_export::DropReason;
use slo_receiver::{Keep, Plan, Reaction, Receiver, Signal, Silence};

use super::contracts::scenarios::PaymentOutcome;
use super::ordinary_service::OrdinaryService;
use super::row02_split_states::attempt;
use super::service::{PATIENCE, pay, pipeline, serve};

/// One team knows that its provider is to be shut down.
#[tokio::test(flavor = "multi_thread")]
async fn an_ordinary_worker_ends_before_its_logs_are_flushed() {
    let receiver = Receiver::builder().keep(Keep::everything()).start().unwrap();
    let service = OrdinaryService::new(&receiver, Sampler::AlwaysOn);
    pay(service.serve().await, 20).await;
    service.traces.shutdown().unwrap();
    // Here the worker's process ends: nothing runs any more, and nothing is dropped.
    std::mem::forget(service);
    let everything = receiver.everything().unwrap();
    assert_eq!((everything.all_spans().count(), everything.all_log_records().count()), (20, 0));
}

#[tokio::test]
async fn with_a_contract_a_barrier_has_log_and_span_out() {
    let receiver = Receiver::builder().plan(Plan::healthy()).keep(Keep::everything()).start().unwrap();
    let pipeline = Arc::new(pipeline(&receiver).start().unwrap());
    pay(serve(Arc::clone(&pipeline)).await, 20).await;
    // All who wait at the end of their work share a flush.
    let waits: Vec<_> = (0..10).map(|_| pipeline.flush()).collect();
    for wait in waits {
        let report = wait.await;
        assert!(report.is_whole() && report.is_in_time, "{report}");
    }
    let everything = receiver.everything().unwrap();
    assert_eq!((everything.all_log_records().count(), everything.all_spans().count()), (20, 20));
    let logs_there = everything.logs.iter().map(|received| received.moment.instant).max();
    let spans_there = everything.traces.iter().map(|received| received.moment.instant).max();
    assert!(logs_there <= spans_there, "the spans were there before their logs");
    // One is under way when the others come, and these share another; a slow machine may need one more.
    assert!(everything.metrics.len() < 5, "{} flushes for ten who waited", everything.metrics.len());
}

#[tokio::test]
async fn with_a_contract_nothing_is_lost_at_the_end() {
    let receiver = Receiver::builder().keep(Keep::digest_by("order")).start().unwrap();
    let pipeline = Arc::new(pipeline(&receiver).start().unwrap());
    pay(serve(Arc::clone(&pipeline)).await, 20).await;
    let report = pipeline.shutdown(PATIENCE).await;
    assert!(report.is_whole() && report.is_in_time, "{report}");
    let digest = receiver.digest().unwrap();
    assert_eq!((digest.logs.distinct(), digest.traces.distinct()), (20, 20));
    // A second shutdown says the same; a event that comes now is lost, and counted.
    assert_eq!(pipeline.shutdown(PATIENCE).await, report);
    pipeline
        .telemetry()
        .in_scope(|| attempt(PaymentOutcome::Timeout, "late").record(std::time::Duration::ZERO));
    let counts = pipeline.counts();
    for (signal, counts) in counts.signals() {
        assert!(counts.add_up(), "{counts}");
        let late = if signal == "metric" { 2 } else { 1 };
        assert_eq!(counts.exporters[0].dropped(DropReason::AfterShutdown), late, "{counts}");
    }
}

/// A receiver that never answers takes its share of the time, and no more: on a runtime of one thread, blocking.
#[tokio::test]
async fn with_a_contract_a_deadline_is_kept() {
    let silent = Plan::by(|_| Reaction::TakeUnanswered(Silence::Forever)).only([Signal::Logs]);
    let receiver = Receiver::builder().plan(silent).keep(Keep::digest_by("order")).start().unwrap();
    let pipeline = Arc::new(pipeline(&receiver).start().unwrap());
    pay(serve(Arc::clone(&pipeline)).await, 20).await;
    let report = pipeline.shutdown_blocking(std::time::Duration::from_secs(1));
    // The time-outs of the SDK's own processors are five seconds.
    assert!(report.took < std::time::Duration::from_secs(5), "a deadline of a second: {:?}", report.took);
    let [logs, spans, metrics] = [&report.counts.logs, &report.counts.spans, &report.counts.metrics];
    assert_eq!((logs.exporters[0].delivered, logs.exporters[0].unconfirmed), (0, 20), "{report}");
    assert_eq!((spans.exporters[0].delivered, metrics.exporters[0].delivered), (20, 40), "{report}");
}
