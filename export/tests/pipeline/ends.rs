//! Flush and shutdown of all pipeline at once, to a receiver that is there: on a runtime of one thread, and under load.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, mpsc};
use std::time::Duration;

use crate::pay::{Attempt, CONTRACT, Method};
use crate::written::{Does, Written};
use opentelemetry::InstrumentationScope;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{LogProcessor, SdkLogRecord};
use slo::Contract;
use slo::{Event, Running};
use slo_export::{Counts, DropReason, Otlp, Pipeline, PipelineBuilder, Prometheus, Report, names};
use slo_receiver::{Plan, Reaction, Receiver, Silence};

/// More time than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A receiver that takes everything.
fn receiver() -> Receiver {
    Receiver::start(Plan::healthy()).unwrap()
}

fn pipeline(receiver: &Receiver) -> PipelineBuilder {
    // Without exponential buckets, which can't be scraped.
    let contract = Box::leak(Box::new(Contract { streams: &[], ..CONTRACT }));
    Pipeline::builder(contract, Resource::builder_empty().build())
        .otlp(Otlp::grpc().endpoint(receiver.grpc_endpoint()))
        .without_globals()
        .environment(|_| None)
}

fn state(pipeline: &Pipeline) {
    pipeline.telemetry().in_scope(|| Attempt::by(Method::Card, 7, "/pay").record(Duration::ZERO));
}

fn whole(report: &Report, receiver: &Receiver, events: u64) {
    assert!(report.is_whole() && report.is_in_time, "{report}");
    let digest = receiver.digest().unwrap();
    assert_eq!((digest.logs.records(), digest.traces.records()), (events, events), "{report}");
    assert_eq!(report.counts.metrics.exporter(names::OTLP).unwrap().delivered, 2 * events, "{report}");
}

/// On the one thread of a runtime, as `#[tokio::main(flavor = "current_thread")]` has it.
#[tokio::test(flavor = "current_thread")]
async fn blocking_calls_do_not_hold_up_a_runtime_of_one_thread() {
    let receiver = receiver();
    let pipeline = pipeline(&receiver).start().unwrap();
    state(&pipeline);
    whole(&pipeline.flush_blocking(), &receiver, 1);
    state(&pipeline);
    whole(&pipeline.shutdown_blocking(PATIENCE), &receiver, 2);
}

#[tokio::test(flavor = "current_thread")]
async fn what_is_awaited_says_the_same() {
    let receiver = receiver();
    let pipeline = pipeline(&receiver).start().unwrap();
    state(&pipeline);
    let (one, other) = tokio::join!(pipeline.flush(), pipeline.flush());
    whole(&one, &receiver, 1);
    whole(&other, &receiver, 1);
    state(&pipeline);
    // It goes on though nobody waits for it.
    drop(pipeline.shutdown(PATIENCE));
    let report = pipeline.shutdown(PATIENCE).await;
    whole(&report, &receiver, 2);
    // Whoever comes after the end hears of it.
    assert_eq!(pipeline.flush().await, report);
    assert_eq!(pipeline.shutdown(PATIENCE).await, report);
}

/// Whoever has less time than the one before is not kept by it, whatever the receiver does.
#[test]
fn a_second_shutdown_hurries_the_first() {
    let receiver = Receiver::start(Plan::by(|_| Reaction::DropUnanswered(Silence::Forever))).unwrap();
    let pipeline = pipeline(&receiver).start().unwrap();
    state(&pipeline);
    let first = pipeline.shutdown(Duration::from_secs(3600));
    let report = pipeline.shutdown_blocking(Duration::from_millis(200));
    assert!(report.took < PATIENCE, "{report}");
    add_up(&report.counts);
    // Dropping the handle leaves whoever waits its report.
    drop(pipeline);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_eq!(runtime.block_on(first), report);
}

/// A processor of the program's own that keeps a record for as long as it likes.
#[derive(Debug)]
struct Holds {
    has: mpsc::Sender<()>,
    until: Mutex<mpsc::Receiver<()>>,
}

impl LogProcessor for Holds {
    fn emit(&self, _: &mut SdkLogRecord, _: &InstrumentationScope) {
        _ = self.has.send(());
        _ = self.until.lock().unwrap().recv();
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }
}

#[test]
fn nor_is_it_kept_by_a_fact_that_is_still_inside() {
    let receiver = receiver();
    let (has, comes) = mpsc::channel();
    let (let_it, until) = mpsc::channel();
    let holds = Holds { has, until: Mutex::new(until) };
    let pipeline = pipeline(&receiver).logs(|logs| logs.with_log_processor(holds)).start().unwrap();
    std::thread::scope(|threads| {
        threads.spawn(|| state(&pipeline));
        comes.recv().unwrap();
        drop(pipeline.shutdown(Duration::from_secs(3600)));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        // It would not return.
        let report = runtime.block_on(pipeline.shutdown(Duration::from_millis(200)));
        assert!(report.took < PATIENCE, "{report}");
        drop(let_it);
    });
    add_up(&pipeline.counts());
}

#[test]
fn a_fact_that_runs_on_after_the_end_is_counted_once() {
    let receiver = receiver();
    let pipeline = pipeline(&receiver).start().unwrap();
    let running = pipeline.telemetry().in_scope(|| Attempt::by(Method::Card, 7, "/pay").begin());
    let report = pipeline.shutdown_blocking(PATIENCE);
    assert_eq!(report.counts.spans.recorded, 0, "{report}");
    drop(running);
    let counts = pipeline.counts();
    add_up(&counts);
    for signal in [&counts.logs, &counts.spans] {
        assert_eq!(
            (signal.recorded, signal.exporters[0].dropped(DropReason::AfterShutdown)),
            (1, 1),
            "{counts}"
        );
    }
}

/// For each signal: recorded = delivered + left out + dropped + unconfirmed.
fn add_up(counts: &Counts) {
    for (name, signal) in counts.signals() {
        assert!(!signal.exporters.is_empty() && signal.add_up(), "{name}: {counts}");
        assert!(signal.exporters.iter().all(|exporter| exporter.pending == 0), "{name}: {counts}");
    }
}

#[test]
fn a_shutdown_under_load_counts_every_fact() {
    let (receiver, written) = (receiver(), Written::new(Does::Writes));
    let pipeline = pipeline(&receiver)
        .json_lines(written.clone())
        .prometheus(Prometheus::at("127.0.0.1:0"))
        .start()
        .unwrap();
    let (stated, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
    let reports: Vec<Report> = std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !is_over.load(Ordering::SeqCst) {
                    state(&pipeline);
                    stated.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        while stated.load(Ordering::SeqCst) < 100 {
            std::thread::yield_now();
        }
        let ends: Vec<_> =
            (0..3).map(|_| scope.spawn(|| pipeline.shutdown_blocking(Duration::from_secs(30)))).collect();
        let reports = ends.into_iter().map(|end| end.join().unwrap()).collect();
        // Some come after the end.
        let at_end = stated.load(Ordering::SeqCst);
        while stated.load(Ordering::SeqCst) < at_end + 10 {
            std::thread::yield_now();
        }
        is_over.store(true, Ordering::SeqCst);
        reports
    });
    let report = &reports[0];
    assert!(reports.iter().all(|other| other == report), "{report}");
    assert!(report.is_in_time, "{report}");
    let counts = pipeline.counts();
    add_up(&counts);
    let stated = stated.load(Ordering::SeqCst);
    assert_eq!((counts.logs.recorded, counts.spans.recorded), (stated, stated), "{counts}");
    assert!(
        counts.logs.exporters.iter().all(|exporter| exporter.dropped(DropReason::AfterShutdown) >= 10),
        "{counts}"
    );
    let of = |exporter| counts.logs.exporter(exporter).unwrap().delivered;
    assert!(receiver.settle(PATIENCE));
    let digest = receiver.digest().unwrap();
    assert_eq!(
        (of(names::OTLP), of(names::JSON_LINES)),
        (digest.logs.records(), written.lines()),
        "{counts}"
    );
    assert_eq!(counts.spans.exporters[0].delivered, digest.traces.records(), "{counts}");
    // Nobody scraped.
    let scraped = counts.metrics.exporter(names::PROMETHEUS).unwrap();
    assert!(scraped.delivered == 0 && scraped.dropped(DropReason::NotScraped) >= 200, "{counts}");
    // The two counts do not differ in what was said at the end.
    assert_eq!(
        report.counts.metrics.exporters[0].delivered, counts.metrics.exporters[0].delivered,
        "{counts}"
    );
}
