//! Under load, with a receiver that refuses, loses answers and falls silent: every event is counted, and what is counted is
//! what the receiver has. Each event has an identifier of the test's own, since what is sent again may arrive twice; all are
//! counted, none is sampled.
//!
//! `SLO_LOAD_SECONDS` says how long events are recorded (half a second by default), `SLO_LOAD_EVENTS` how many a second (20,000).
#![allow(clippy::print_stdout, reason = "tests")]

use std::time::{Duration, Instant};

use crate::generated::scenarios::CONTRACT;
use crate::generated::scenarios::scenarios::{PaymentAttempt, PaymentAttemptLater, PaymentOutcome};
use opentelemetry_otlp::{LogExporter, MetricExporter, SpanExporter, WithExportConfig};
use opentelemetry_sdk::metrics::Temporality;
use slo::Event;
use slo_export::{Counts, DropReason, Otlp, Pipeline, Report, SignalCounts};
use slo_receiver::{Digest, Done, Keep, Plan, Reaction, Reading, Receiver, Refusal, Signal, Silence};

/// How many threads state events.
const THREADS: u64 = 4;

/// How long an answer is waited for, in milliseconds: one that comes is not to be missed, and one that doesn't is not to hold
/// up everything.
const LONG: &str = "10000";
const SHORT: &str = "300";

fn from_environment(name: &str, default: f64) -> f64 {
    std::env::var(name).map_or(default, |text| text.parse().expect(name))
}

/// States events for so long, so many a second as far as the machine can, and says how many.
fn state(pipeline: &Pipeline) -> u64 {
    let length = Duration::from_secs_f64(from_environment("SLO_LOAD_SECONDS", 0.5));
    let pace = from_environment("SLO_LOAD_EVENTS", 20_000.0) / THREADS as f64;
    let begun = Instant::now();
    let stated: u64 = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                scope.spawn(move || {
                    pipeline.telemetry().in_scope(|| {
                        let mut stated = 0;
                        while begun.elapsed() < length {
                            // As many as there should be by now: a thread that was held up catches up.
                            let due = (begun.elapsed().as_secs_f64() * pace) as u64;
                            while stated < due {
                                event(thread, stated).record(Duration::from_millis(3));
                                stated += 1;
                            }
                            std::thread::sleep(Duration::from_millis(1));
                        }
                        stated
                    })
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    println!(
        "{stated} events in {:.1?}: {:.0} a second",
        begun.elapsed(),
        stated as f64 / begun.elapsed().as_secs_f64()
    );
    stated
}

fn event(thread: u64, number: u64) -> PaymentAttempt {
    let outcome = match number % 3 {
        0 => PaymentOutcome::Succeeded,
        1 => PaymentOutcome::Timeout,
        _ => PaymentOutcome::Rejected,
    };
    PaymentAttempt {
        order: format!("{thread}-{number}").into(),
        later: PaymentAttemptLater { outcome: Some(outcome) },
    }
}

/// What was stated, what became of it, and what the receiver says.
struct Run {
    stated: u64,
    report: Report,
    digest: Digest,
    receiver: Receiver,
}

impl Run {
    /// What the receiver did with logs and with spans, of which many requests came: a plan that did nothing shows nothing.
    fn did(&self) -> [Done; 2] {
        [Signal::Logs, Signal::Traces].map(|signal| self.receiver.done(signal))
    }
}

/// By what it goes out.
#[derive(Clone, Copy)]
enum Way {
    Http,
    Grpc,
    /// Over HTTP, metrics as deltas.
    Deltas,
    /// By the exporter of OpenTelemetry's SDK for OTLP, over gRPC.
    Sdk,
}

/// States events while the receiver follows the plan, and shuts down.
fn run(way: Way, plan: Plan, at_end: Option<Plan>, timeout: &'static str) -> Run {
    let receiver = Receiver::builder().plan(plan).keep(Keep::digest_by("order")).start().unwrap();
    // The SDK's exporter makes its connections in it.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let entered = runtime.enter();
    let builder = Pipeline::builder(&CONTRACT, opentelemetry_sdk::Resource::builder_empty().build());
    let builder = match way {
        Way::Grpc => builder.otlp(Otlp::grpc().endpoint(receiver.grpc_endpoint())),
        Way::Http => builder.otlp(Otlp::http().endpoint(receiver.http_endpoint())),
        Way::Deltas => {
            let otlp = Otlp::http().endpoint(receiver.http_endpoint());
            builder.otlp(otlp.temporality(Temporality::Delta))
        }
        Way::Sdk => {
            let endpoint = receiver.grpc_endpoint();
            let logs = LogExporter::builder().with_tonic().with_endpoint(&endpoint);
            let spans = SpanExporter::builder().with_tonic().with_endpoint(&endpoint);
            let metrics = MetricExporter::builder().with_tonic().with_endpoint(&endpoint);
            builder
                .log_exporter("sdk", logs.build().unwrap())
                .span_exporter("sdk", spans.build().unwrap())
                .metric_exporter("sdk", metrics.build().unwrap())
        }
    };
    drop(entered);
    // Where the last collections are refused, only exact ones before them leave nothing in doubt.
    let builder = if at_end.is_some() { builder.exact_collections() } else { builder };
    let pipeline = builder
        .without_globals()
        .environment(move |name| {
            let value = match name {
                // So that many collections are made, refused and lost.
                "OTEL_METRIC_EXPORT_INTERVAL" => "100",
                "OTEL_EXPORTER_OTLP_TIMEOUT" => timeout,
                "OTEL_BSP_EXPORT_TIMEOUT" | "OTEL_BLRP_EXPORT_TIMEOUT" | "OTEL_METRIC_EXPORT_TIMEOUT" => {
                    "2000"
                }
                _ => return None,
            };
            Some(value.to_owned())
        })
        .start()
        .unwrap();
    let stated = state(&pipeline);
    if let Some(plan) = at_end {
        receiver.switch(plan);
    }
    let report = pipeline.shutdown_blocking(Duration::from_secs(30));
    println!("{report}");
    // What is under way to the receiver when its answer was given up may still arrive.
    assert!(receiver.settle(Duration::from_secs(30)));
    let digest = receiver.digest().unwrap();
    Run { stated, report, digest, receiver }
}

/// How many measurements the last points show.
fn measured(digest: &Digest) -> u64 {
    let counted = digest.metrics.of("payment.attempts").map(|series| match &series.reading {
        Reading::Number(number) => *number as u64,
        other => panic!("a counter shows {other:?}"),
    });
    let timed = digest.metrics.of("payment.duration").map(|series| match &series.reading {
        Reading::Distribution { count, .. } => *count,
        other => panic!("a histogram shows {other:?}"),
    });
    counted.sum::<u64>() + timed.sum::<u64>()
}

/// What the receiver has of each signal, beside what is counted of it.
fn signals<'c>(counts: &'c Counts, digest: &Digest) -> [(&'static str, &'c SignalCounts, u64); 3] {
    [
        ("logs", &counts.logs, digest.logs.distinct()),
        ("spans", &counts.spans, digest.traces.distinct()),
        ("metrics", &counts.metrics, measured(digest)),
    ]
}

/// Every event is counted, and what the receiver has lies within what is delivered and what may be.
fn holds(Run { stated, report, digest, .. }: &Run) {
    assert!(report.is_in_time, "{report}");
    assert!(*stated > 0);
    for (signal, counts, received) in signals(&report.counts, digest) {
        let each = if signal == "metrics" { 2 } else { 1 };
        assert_eq!(counts.recorded, stated * each, "{signal}");
        assert!(counts.add_up(), "{signal}: {counts}");
        let exporter = &counts.exporters[0];
        assert_eq!(exporter.pending, 0, "{signal}");
        // Metrics may have been collected once, and refused.
        assert!(exporter.delivered > 0 || signal == "metrics", "{signal}: {counts}");
        println!("{signal}: the receiver has {received}");
        assert!(
            exporter.delivered <= received && received <= exporter.delivered + exporter.unconfirmed,
            "{signal}: the receiver has {received} of {counts}"
        );
    }
}

fn refusals(seed: u64) -> Plan {
    Plan::seeded(
        seed,
        [
            (0.10, Reaction::Refuse(Refusal::invalid())),
            (0.10, Reaction::Refuse(Refusal::unavailable())),
            (0.05, Reaction::Refuse(Refusal::too_many())),
        ],
    )
}

/// Where the receiver always answers, nothing is in doubt: the sums are equal.
fn is_certain(run: &Run) {
    holds(run);
    for (signal, counts, received) in signals(&run.report.counts, &run.digest) {
        assert_eq!(
            (counts.exporters[0].unconfirmed, counts.exporters[0].delivered),
            (0, received),
            "{signal}"
        );
    }
}

fn with_refusals(way: Way, at_end: Option<Plan>) {
    let run = run(way, refusals(1), at_end, LONG);
    is_certain(&run);
    for done in run.did() {
        assert!(done.refused.requests > 0, "nothing was refused: {done:?}");
    }
}

#[test]
fn over_http_refusals_leave_nothing_in_doubt() {
    with_refusals(Way::Http, None);
}

#[test]
fn over_grpc_refusals_leave_nothing_in_doubt() {
    with_refusals(Way::Grpc, None);
}

#[test]
fn a_receiver_that_refuses_to_the_last_leaves_nothing_in_doubt() {
    let last = Plan::by(|_| Reaction::Refuse(Refusal::invalid()));
    with_refusals(Way::Http, Some(last));
}

#[test]
fn what_is_rejected_in_part_is_lost_by_number() {
    let partial = Plan::seeded(3, [(0.3, Reaction::RejectLast(5))]).only([Signal::Logs, Signal::Traces]);
    let run = run(Way::Http, partial, None, LONG);
    is_certain(&run);
    let counts = &run.report.counts;
    for (done, counts) in run.did().iter().zip([&counts.logs, &counts.spans]) {
        assert!(done.rejected.records > 0, "nothing was rejected: {done:?}");
        assert_eq!(counts.exporters[0].dropped(DropReason::Rejected), done.rejected.records, "{counts}");
    }
}

fn silence(seed: u64) -> Plan {
    Plan::seeded(
        seed,
        [
            (0.10, Reaction::TakeUnanswered(Silence::Close)),
            (0.05, Reaction::TakeUnanswered(Silence::Reset)),
            (0.05, Reaction::DropUnanswered(Silence::Close)),
            (0.01, Reaction::TakeUnanswered(Silence::Forever)),
            (0.01, Reaction::DropUnanswered(Silence::Forever)),
            (0.01, Reaction::TakeLate(Duration::from_millis(500))),
            (0.05, Reaction::Refuse(Refusal::unavailable())),
        ],
    )
}

fn with_lost_answers(way: Way, seed: u64) {
    let run = run(way, silence(seed), None, SHORT);
    holds(&run);
    for done in run.did() {
        let silent = [done.unanswered_taken.requests, done.unanswered_dropped.requests];
        assert!(silent.iter().sum::<u64>() > 0, "every request was answered: {done:?}");
    }
}

#[test]
fn over_http_lost_answers_leave_the_truth_in_between() {
    with_lost_answers(Way::Http, 5);
}

#[test]
fn over_grpc_lost_answers_leave_the_truth_in_between() {
    with_lost_answers(Way::Grpc, 7);
}

/// What a refused collection of deltas held no later one brings: it is dropped, and counted.
#[test]
fn deltas_are_counted_by_the_collection() {
    let refused = Plan::by(|_| Reaction::Refuse(Refusal::invalid())).only([Signal::Metrics]);
    let run = run(Way::Deltas, refused, Some(Plan::healthy()), LONG);
    holds(&run);
    let metrics = &run.report.counts.metrics.exporters[0];
    assert!(metrics.dropped(DropReason::Refused) > 0, "{metrics}");
}

/// The SDK's exporter says that a batch failed, and not how: what a receiver refused may have arrived, for all it says.
#[test]
fn by_the_sdks_exporter_refusals_leave_the_truth_in_between() {
    let run = run(Way::Sdk, refusals(13), None, LONG);
    holds(&run);
    for done in run.did() {
        assert!(done.refused.requests > 0, "nothing was refused: {done:?}");
    }
}

#[test]
fn by_the_sdks_exporter_lost_answers_leave_the_truth_in_between() {
    with_lost_answers(Way::Sdk, 17);
}
