//! Log lines, whatever the writer does.

use std::io::Write;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::pay::{Attempt, CONTRACT, Method};
use crate::written::{Does, Written};
use opentelemetry_sdk::Resource;
use slo::{Clock, Event, Period, Problem, ProblemKind, Running};
use slo_export::{Counts, DropReason, ExporterCounts, Pipeline, PipelineBuilder, names};

/// More time than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

fn pipeline(writer: impl Write + Send + 'static) -> PipelineBuilder {
    Pipeline::builder(&CONTRACT, Resource::builder_empty().build())
        .json_lines(writer)
        .without_globals()
        .environment(|_| None)
}

fn state(pipeline: &Pipeline, events: usize) {
    pipeline.telemetry().in_scope(|| {
        (0..events).for_each(|_| Attempt::by(Method::Card, 7, "/pay").record(Duration::ZERO));
    });
}

/// The outcome of the lines. The sums are whole on every signal.
fn lines(counts: &Counts) -> &ExporterCounts {
    for (name, signal) in counts.signals() {
        assert!(signal.add_up(), "{name}: {counts}");
    }
    counts.logs.exporter(names::JSON_LINES).unwrap()
}

#[test]
fn a_writer_that_fails_costs_what_it_was_given_and_no_more() {
    for (does, dropped, unconfirmed, trouble) in [
        (Does::Panics, 0, 3, "panicked: the disk is on fire"),
        (Does::CutsAndPanics, 0, 3, "panicked: the disk is on fire"),
        (Does::Fails, 3, 0, "the disk is full"),
        (Does::WritesNothing, 3, 0, "write zero"),
        // Each line was written, and may be held back by the writer.
        (Does::FailsToFlush, 0, 3, "nobody reads"),
        // Nobody can tell what a writer took that says such things; the exporter does not fall over it.
        (Does::Lies, 0, 0, ""),
    ] {
        let written = Written::new(does);
        let told = Arc::<Mutex<Vec<Problem>>>::default();
        let tell = Arc::clone(&told);
        let pipeline = pipeline(written.clone())
            .on_problem(move |problem| tell.lock().unwrap().push(problem.clone()))
            .start()
            .unwrap();
        state(&pipeline, 3);
        let report = pipeline.flush_blocking();
        let counts = lines(&report.counts).clone();
        let shown = format!("{does:?}: {report}");
        assert!(report.is_in_time, "{shown}");
        assert_eq!(
            (counts.dropped(DropReason::Refused), counts.all_dropped()),
            (dropped, dropped),
            "{shown}"
        );
        assert_eq!(counts.unconfirmed, unconfirmed, "{shown}");
        assert!(counts.error.unwrap_or_default().contains(trouble), "{shown}");
        assert_eq!(report.is_whole(), dropped + unconfirmed == 0, "{shown}");
        let told = told.lock().unwrap().clone();
        let is_told =
            told.iter().any(|problem| problem.kind == ProblemKind::Exporter && problem.why.contains(trouble));
        assert!(trouble.is_empty() || is_told, "{does:?}: {told:?}");

        // It goes on, and what is delivered from then on can be read.
        written.now(Does::Writes);
        let before = written.lines();
        state(&pipeline, 2);
        let report = pipeline.shutdown_blocking(PATIENCE);
        let counts = lines(&report.counts);
        assert_eq!(counts.delivered + dropped + unconfirmed, 5, "{does:?}: {report}");
        assert_eq!(written.lines() - before, 2, "{does:?}: {}", written.text());
        assert!(report.is_in_time, "{does:?}: {report}");
    }
}

/// A writer that writes when it is let.
struct Waiting(Receiver<()>);

impl Waiting {
    fn new() -> (Sender<()>, Waiting) {
        let (let_it, waits) = channel();
        (let_it, Waiting(waits))
    }
}

impl Write for Waiting {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        _ = self.0.recv();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_writer_that_blocks_is_left_at_the_deadline() {
    let (_let_it, writer) = Waiting::new();
    let few = |name: &str| (name == "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE").then(|| "2".to_owned());
    let pipeline = pipeline(writer).environment(few).start().unwrap();
    state(&pipeline, 5);
    let begun = Instant::now();
    let report = pipeline.shutdown_blocking(Duration::from_millis(100));
    assert!(begun.elapsed() < PATIENCE && !report.is_in_time, "{report}");
    let counts = lines(&report.counts);
    // Two are being written; the others never were.
    assert_eq!(
        (counts.delivered, counts.unconfirmed, counts.dropped(DropReason::Deadline)),
        (0, 2, 3),
        "{report}"
    );
    // What is recorded later is dropped, and counted.
    state(&pipeline, 4);
    let counts = pipeline.counts();
    assert_eq!((counts.logs.recorded, lines(&counts).dropped(DropReason::AfterShutdown)), (9, 4), "{counts}");
    // A second one hears of the first.
    assert_eq!(pipeline.shutdown_blocking(PATIENCE), report);
}

#[test]
fn a_flush_of_a_writer_that_blocks_ends_and_says_so() {
    let (let_it, writer) = Waiting::new();
    let pipeline = pipeline(writer).flush_timeout(Duration::from_millis(50)).start().unwrap();
    state(&pipeline, 1);
    let report = pipeline.flush_blocking();
    assert!(!report.is_in_time && !report.is_whole(), "{report}");
    assert_eq!(lines(&report.counts).pending, 1, "{report}");
    drop(let_it);
    let report = pipeline.shutdown_blocking(PATIENCE);
    assert!(report.is_in_time && report.is_whole(), "{report}");
}

#[test]
fn dropping_the_handle_flushes() {
    let written = Written::new(Does::Writes);
    let pipeline = pipeline(written.clone()).start().unwrap();
    state(&pipeline, 3);
    drop(pipeline);
    assert_eq!(written.lines(), 3);
}

#[test]
fn dropping_the_handle_waits_for_nobody_who_blocks() {
    let (_let_it, writer) = Waiting::new();
    let pipeline = pipeline(writer).start().unwrap();
    state(&pipeline, 3);
    let begun = Instant::now();
    drop(pipeline);
    assert!(begun.elapsed() < PATIENCE);
}

#[test]
fn whoever_is_told_of_problems_may_panic() {
    let written = Written::new(Does::Fails);
    let pipeline = pipeline(written.clone()).on_problem(|_| panic!("told")).start().unwrap();
    state(&pipeline, 1);
    pipeline.flush_blocking();
    written.now(Does::Writes);
    state(&pipeline, 1);
    let report = pipeline.shutdown_blocking(PATIENCE);
    let counts = lines(&report.counts);
    assert_eq!(
        (counts.delivered, counts.dropped(DropReason::Refused), report.is_in_time),
        (1, 1, true),
        "{report}"
    );
}

/// A clock on which each look is earlier than the one before.
#[derive(Debug, Default)]
struct Backwards(Mutex<u64>);

impl Backwards {
    fn look(&self) -> u64 {
        let mut looks = self.0.lock().unwrap();
        *looks += 1;
        *looks
    }
}

impl Clock for Backwards {
    fn now(&self) -> SystemTime {
        // Soon before the epoch.
        UNIX_EPOCH + Duration::from_secs(5) - Duration::from_secs(self.look())
    }

    fn elapsed(&self) -> Duration {
        Duration::MAX - Duration::from_secs(self.look())
    }
}

#[test]
fn facts_go_out_whichever_way_the_clock_goes() {
    let written = Written::new(Does::Writes);
    let pipeline = pipeline(written.clone()).clock(Backwards::default()).start().unwrap();
    pipeline.telemetry().in_scope(|| {
        for _ in 0..10 {
            let running = Attempt::by(Method::Card, 7, "/pay").begin();
            Attempt::by(Method::Card, 7, "/pay").record(Period::until_now(PATIENCE));
            drop(running);
            let started = slo::Started::now();
            Attempt::by(Method::Card, 7, "/pay").record(&started);
        }
    });
    let report = pipeline.shutdown_blocking(PATIENCE);
    assert!(report.is_whole() && report.is_in_time, "{report}");
    assert_eq!((lines(&report.counts).delivered, written.lines()), (30, 30), "{}", written.text());
}
