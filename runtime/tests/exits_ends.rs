//! Flush and shutdown of all exits at once, to a receiver that is there: on a runtime of one thread, and under load.
#![allow(clippy::unwrap_used, reason = "tests")]

mod pay;
mod written;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, mpsc};
use std::time::Duration;

use opentelemetry::InstrumentationScope;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{LogProcessor, SdkLogRecord};
use pay::{Attempt, CONTRACT, Method};
use slo::tables::Contract;
use slo::{Counts, Event, ExitKind, Exits, ExitsBuilder, Loss, Otlp, Prometheus, Report, Running};
use slo_receiver::{Plan, Reaction, Receiver, Silence};
use written::{Does, Written};

/// More time than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A receiver that takes everything.
fn receiver() -> Receiver {
    Receiver::start(Plan::healthy()).unwrap()
}

fn exits(receiver: &Receiver) -> ExitsBuilder {
    // Without exponential buckets, which can't be scraped.
    let contract = Box::leak(Box::new(Contract { streams: &[], ..CONTRACT }));
    Exits::builder(contract, Resource::builder_empty().build())
        .otlp(Otlp::grpc().endpoint(receiver.grpc_endpoint()))
        .without_globals()
        .environment(|_| None)
}

fn state(exits: &Exits) {
    exits.telemetry().in_scope(|| Attempt::by(Method::Card, 7, "/pay").record(Duration::ZERO));
}

fn whole(report: &Report, receiver: &Receiver, facts: u64) {
    assert!(report.is_whole() && report.is_in_time, "{report}");
    let digest = receiver.digest().unwrap();
    assert_eq!((digest.logs.records(), digest.traces.records()), (facts, facts), "{report}");
    assert_eq!(report.counts.metrics.exit(ExitKind::Otlp).unwrap().confirmed, 2 * facts, "{report}");
}

/// On the one thread of a runtime, as `#[tokio::main(flavor = "current_thread")]` has it.
#[tokio::test(flavor = "current_thread")]
async fn blocking_calls_do_not_hold_up_a_runtime_of_one_thread() {
    let receiver = receiver();
    let exits = exits(&receiver).start().unwrap();
    state(&exits);
    whole(&exits.flush_blocking(), &receiver, 1);
    state(&exits);
    whole(&exits.shutdown_blocking(PATIENCE), &receiver, 2);
}

#[tokio::test(flavor = "current_thread")]
async fn what_is_awaited_says_the_same() {
    let receiver = receiver();
    let exits = exits(&receiver).start().unwrap();
    state(&exits);
    let (one, other) = tokio::join!(exits.flush(), exits.flush());
    whole(&one, &receiver, 1);
    whole(&other, &receiver, 1);
    state(&exits);
    // It goes on though nobody waits for it.
    drop(exits.shutdown(PATIENCE));
    let report = exits.shutdown(PATIENCE).await;
    whole(&report, &receiver, 2);
    // Whoever comes after the end hears of it.
    assert_eq!(exits.flush().await, report);
    assert_eq!(exits.shutdown(PATIENCE).await, report);
}

/// Whoever has less time than the one before is not kept by it, whatever the receiver does.
#[test]
fn a_second_shutdown_hurries_the_first() {
    let receiver = Receiver::start(Plan::by(|_| Reaction::DropUnanswered(Silence::Forever))).unwrap();
    let exits = exits(&receiver).start().unwrap();
    state(&exits);
    let first = exits.shutdown(Duration::from_secs(3600));
    let report = exits.shutdown_blocking(Duration::from_millis(200));
    assert!(report.took < PATIENCE, "{report}");
    add_up(&report.counts);
    // Dropping the handle leaves whoever waits its report.
    drop(exits);
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
    let exits = exits(&receiver).logs(|logs| logs.with_log_processor(holds)).start().unwrap();
    std::thread::scope(|threads| {
        threads.spawn(|| state(&exits));
        comes.recv().unwrap();
        drop(exits.shutdown(Duration::from_secs(3600)));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        // It would not return.
        let report = runtime.block_on(exits.shutdown(Duration::from_millis(200)));
        assert!(report.took < PATIENCE, "{report}");
        drop(let_it);
    });
    add_up(&exits.counts());
}

#[test]
fn a_fact_that_runs_on_after_the_end_is_counted_once() {
    let receiver = receiver();
    let exits = exits(&receiver).start().unwrap();
    let running = exits.telemetry().in_scope(|| Attempt::by(Method::Card, 7, "/pay").begin());
    let report = exits.shutdown_blocking(PATIENCE);
    assert_eq!(report.counts.spans.acknowledged, 0, "{report}");
    drop(running);
    let counts = exits.counts();
    add_up(&counts);
    for signal in [&counts.logs, &counts.spans] {
        assert_eq!((signal.acknowledged, signal.exits[0].lost(Loss::AfterShutdown)), (1, 1), "{counts}");
    }
}

/// For each signal: acknowledged = confirmed + left out + lost + unconfirmed.
fn add_up(counts: &Counts) {
    for (name, signal) in counts.signals() {
        assert!(!signal.exits.is_empty() && signal.add_up(), "{name}: {counts}");
        assert!(signal.exits.iter().all(|exit| exit.pending == 0), "{name}: {counts}");
    }
}

#[test]
fn a_shutdown_under_load_counts_every_fact() {
    let (receiver, written) = (receiver(), Written::new(Does::Writes));
    let exits = exits(&receiver)
        .json_lines(written.clone())
        .prometheus(Prometheus::at("127.0.0.1:0"))
        .start()
        .unwrap();
    let (stated, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
    let reports: Vec<Report> = std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !is_over.load(Ordering::SeqCst) {
                    state(&exits);
                    stated.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        while stated.load(Ordering::SeqCst) < 100 {
            std::thread::yield_now();
        }
        let ends: Vec<_> =
            (0..3).map(|_| scope.spawn(|| exits.shutdown_blocking(Duration::from_secs(30)))).collect();
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
    let counts = exits.counts();
    add_up(&counts);
    let stated = stated.load(Ordering::SeqCst);
    assert_eq!((counts.logs.acknowledged, counts.spans.acknowledged), (stated, stated), "{counts}");
    assert!(counts.logs.exits.iter().all(|exit| exit.lost(Loss::AfterShutdown) >= 10), "{counts}");
    let of = |exit| counts.logs.exit(exit).unwrap().confirmed;
    assert!(receiver.settle(PATIENCE));
    let digest = receiver.digest().unwrap();
    assert_eq!(
        (of(ExitKind::Otlp), of(ExitKind::JsonLines)),
        (digest.logs.records(), written.lines()),
        "{counts}"
    );
    assert_eq!(counts.spans.exits[0].confirmed, digest.traces.records(), "{counts}");
    // Nobody scraped.
    let scraped = counts.metrics.exit(ExitKind::Prometheus).unwrap();
    assert!(scraped.confirmed == 0 && scraped.lost(Loss::NotScraped) >= 200, "{counts}");
    // The two counts do not differ in what was said at the end.
    assert_eq!(report.counts.metrics.exits[0].confirmed, counts.metrics.exits[0].confirmed, "{counts}");
}
