//! What becomes of records, whatever the receiver does: queue, worker and order of the signals, with a receiver that is
//! made up. Real ones stand in the tests of the whole.
#![allow(clippy::panic, reason = "tests")]

use crate::names;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use slo_model::event::Signal;

use crate::counts::{DropReason, ExporterCounts, SignalCounts};
use crate::delivery::Patience;
use crate::delivery::answer::{Answer, Retry};
use crate::delivery::orders::Orders;
use crate::delivery::trouble::Tell;
use crate::pipeline::flow::Flow;
use crate::records::lane::Lane;
use crate::records::processors::Processor;
use crate::records::queue::queue;
use crate::records::worker::{Schedule, Sink, Worker};
use slo::__export::{Accounting, Teller};
use slo::Telemetry;

const HOUR: Duration = Duration::from_secs(3600);

/// What a receiver does with a batch.
#[derive(Clone, Copy, Debug)]
enum Does {
    Takes,
    Rejects(u64),
    Refuses,
    RefusesForNow,
    TakesAndSaysNothing,
    LosesAndSaysNothing,
    Panics,
}

/// A receiver that does one thing after the other, and takes everything from then on.
struct Receiver {
    script: std::vec::IntoIter<Does>,
    batch: Vec<u64>,
    /// How often it has each record.
    has: Arc<Mutex<Vec<u64>>>,
}

impl Sink<u64> for Receiver {
    fn prepare(&mut self, batch: Vec<u64>) {
        self.batch = batch;
    }

    fn send(&mut self, _: Duration) -> Answer {
        let mut has = self.has.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut take = |records: &[u64]| records.iter().for_each(|record| has[*record as usize] += 1);
        let why = String::new();
        match self.script.next().unwrap_or(Does::Takes) {
            Does::Takes => {
                take(&self.batch);
                Answer::Taken { rejected: 0, why }
            }
            Does::Rejects(many) => {
                let rejected = many.min(self.batch.len() as u64);
                take(&self.batch[rejected as usize..]);
                Answer::Taken { rejected, why }
            }
            Does::Refuses => Answer::Refused { why, retry: Retry::Never },
            Does::RefusesForNow => Answer::Refused { why, retry: Retry::After(Some(Duration::ZERO)) },
            Does::TakesAndSaysNothing => {
                take(&self.batch);
                Answer::lost(why)
            }
            Does::LosesAndSaysNothing => Answer::lost(why),
            Does::Panics => {
                drop(has);
                panic!("as it should")
            }
        }
    }
}

/// One signal with one exporter.
struct Line {
    processor: Processor<u64>,
    flow: Flow,
    thread: JoinHandle<()>,
}

impl Line {
    fn new(schedule: Schedule, sink: impl Sink<u64> + 'static) -> Line {
        let accounting = Arc::new(Accounting::default());
        let (lane, orders) = (Arc::new(Lane::new(names::OTLP)), Arc::new(Orders::default()));
        let (queue, waiting) = queue(schedule.capacity, schedule.batch, &lane, &orders);
        let tell =
            Tell::new(&Teller::of(&Telemetry::builder().on_problem(|_| {}).build()), names::OTLP, "log");
        let sink = Box::new(sink);
        let worker = Worker { waiting, orders: Arc::clone(&orders), sink, schedule, tell };
        let thread = std::thread::spawn(move || worker.run());
        let processor = Processor {
            accounting: Arc::clone(&accounting),
            queues: vec![queue],
            orders: vec![Arc::clone(&orders)],
            limits: None,
        };
        let flow = Flow { accounting, logs: vec![(lane, orders)], ..Flow::default() };
        Line { processor, flow, thread }
    }

    fn push(&self, record: u64) {
        if self.processor.accounting.take(Signal::Log) {
            self.processor.queues[0].push(record);
        }
    }

    fn shut_down(&self, within: Duration) -> SignalCounts {
        self.flow.accounting.close();
        self.flow.shut_down(Instant::now() + within);
        self.counts()
    }

    fn counts(&self) -> SignalCounts {
        self.flow.counts().logs
    }
}

const SCHEDULE: Schedule =
    Schedule { capacity: 10_000, batch: 7, delay: HOUR, patience: Patience { whole: HOUR, timeout: HOUR } };

fn of_exporter(counts: &SignalCounts) -> &ExporterCounts {
    assert!(counts.add_up(), "{counts}");
    &counts.exporters[0]
}

fn does() -> impl Strategy<Value = Does> {
    prop_oneof![
        Just(Does::Takes),
        (0_u64..9).prop_map(Does::Rejects),
        Just(Does::Refuses),
        Just(Does::RefusesForNow),
    ]
}

fn does_or_says_nothing() -> impl Strategy<Value = Does> {
    prop_oneof![
        4 => does(),
        // Each costs a pause before the next try.
        1 => Just(Does::TakesAndSaysNothing),
        1 => Just(Does::LosesAndSaysNothing),
        1 => Just(Does::Panics),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn where_the_receiver_always_answers_it_has_what_is_confirmed(
        script in prop::collection::vec(does(), 0..12),
        records in 0_u64..80,
    ) {
        let (has, counts) = deliver(script, records);
        let exporter = of_exporter(&counts);
        prop_assert_eq!(exporter.unconfirmed, 0);
        prop_assert_eq!(has.iter().filter(|times| **times > 0).count() as u64, exporter.delivered);
        prop_assert!(has.iter().all(|times| *times < 2));
    }

    #[test]
    fn what_the_receiver_has_lies_between_what_is_confirmed_and_what_may_be(
        script in prop::collection::vec(does_or_says_nothing(), 0..6),
        records in 0_u64..40,
    ) {
        let (has, counts) = deliver(script, records);
        let exporter = of_exporter(&counts);
        let distinct = has.iter().filter(|times| **times > 0).count() as u64;
        prop_assert!(exporter.delivered <= distinct && distinct <= exporter.delivered + exporter.unconfirmed, "{}", counts);
    }
}

/// So many records, and a receiver that does this. Gives how often it has each, and what became of them.
fn deliver(script: Vec<Does>, records: u64) -> (Vec<u64>, SignalCounts) {
    let has = Arc::new(Mutex::new(vec![0; records as usize]));
    let receiver = Receiver { script: script.into_iter(), batch: Vec::new(), has: Arc::clone(&has) };
    let line = Line::new(SCHEDULE, receiver);
    (0..records).for_each(|record| line.push(record));
    let counts = line.shut_down(HOUR);
    assert_eq!(counts.recorded, records);
    assert!(line.thread.join().is_ok());
    let has = has.lock().map(|has| has.clone()).unwrap_or_default();
    (has, counts)
}

/// A receiver that answers when it is let.
struct Slow(mpsc::Receiver<()>);

impl Sink<u64> for Slow {
    fn prepare(&mut self, _: Vec<u64>) {}

    fn send(&mut self, _: Duration) -> Answer {
        // Where nobody lets it any more it takes.
        _ = self.0.recv();
        Answer::Taken { rejected: 0, why: String::new() }
    }
}

#[test]
fn a_full_queue_turns_away_and_never_waits() {
    let (let_it, waits) = mpsc::channel();
    let line = Line::new(Schedule { capacity: 10, batch: 1, ..SCHEDULE }, Slow(waits));
    (0..50).for_each(|record| line.push(record));
    let counts = line.counts();
    let exporter = of_exporter(&counts);
    assert!(exporter.dropped(DropReason::QueueFull) >= 39 && exporter.pending <= 11, "{counts}");
    drop(let_it);
    let counts = line.shut_down(HOUR);
    let exporter = of_exporter(&counts);
    assert_eq!(exporter.delivered + exporter.dropped(DropReason::QueueFull), 50);
}

#[test]
fn a_shutdown_keeps_its_deadline_and_says_what_it_left() {
    let (_let_it, waits) = mpsc::channel();
    let line = Line::new(Schedule { batch: 2, ..SCHEDULE }, Slow(waits));
    (0..7).for_each(|record| line.push(record));
    let begun = Instant::now();
    let counts = line.shut_down(Duration::from_millis(50));
    assert!(begun.elapsed() < HOUR, "it waited for the receiver");
    line.push(8);
    let after = line.counts();
    let exporter = of_exporter(&after);
    // Two are under way; whoever has them did not say so. The rest never left.
    assert_eq!(
        (
            exporter.unconfirmed,
            exporter.dropped(DropReason::Deadline),
            exporter.dropped(DropReason::AfterShutdown)
        ),
        (2, 5, 1)
    );
    assert_eq!(of_exporter(&counts).dropped(DropReason::AfterShutdown), 0);
}

#[test]
fn a_flush_tries_what_was_there_and_ends_while_more_comes() {
    struct Counting(Arc<AtomicU64>);
    impl Sink<u64> for Counting {
        fn prepare(&mut self, batch: Vec<u64>) {
            self.0.fetch_add(batch.len() as u64, Ordering::SeqCst);
        }

        fn send(&mut self, _: Duration) -> Answer {
            Answer::Taken { rejected: 0, why: String::new() }
        }
    }
    let sent = Arc::new(AtomicU64::new(0));
    let line = Line::new(SCHEDULE, Counting(Arc::clone(&sent)));
    let pushed = AtomicU64::new(0);
    std::thread::scope(|scope| {
        let (going_on, stopped) = mpsc::channel::<()>();
        let (line, pushed, sent) = (&line, &pushed, &sent);
        scope.spawn(move || {
            while stopped.try_recv() == Err(mpsc::TryRecvError::Empty) {
                line.push(1);
                pushed.fetch_add(1, Ordering::SeqCst);
            }
        });
        for _ in 0..20 {
            let before = pushed.load(Ordering::SeqCst);
            assert!(line.flow.flush(Instant::now() + HOUR));
            let full = of_exporter_unsettled(line).dropped(DropReason::QueueFull);
            assert!(sent.load(Ordering::SeqCst) + full >= before);
        }
        drop(going_on);
    });
    assert_eq!(of_exporter(&line.shut_down(HOUR)).pending, 0);
}

/// The counts while records come: they need not add up.
fn of_exporter_unsettled(line: &Line) -> ExporterCounts {
    line.counts().exporters.swap_remove(0)
}
