//! How many events a program with exporters has recorded, and until when it may.
//!
//! An event is inside from the begin of its recording to its end. The accounting can be closed, for good, which waits for
//! the events that are inside. A collection of metrics waits for nobody: how many measurements it holds is then known
//! within two bounds. Where it is to be known exactly, recording pauses for as long as a collection takes.
//!
//! Entering and leaving are two additions to numbers of the event's own. Nothing is shared between events, and little
//! between threads.

use std::cell::Cell;
use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use slo_model::event::Signal;

/// How many threads count beside each other.
const STRIPES: usize = 8;

/// How long an event waits for a collection, and a collection for the events that are inside. A callback of the program that
/// is collected may wait for a thread that records an event: neither may wait for ever.
///
/// An event's first recording makes its instruments, and the SDK's lock of these is held while callbacks run: that wait has no
/// end of ours, and is told where a callback is given.
const PATIENCE: Duration = Duration::from_millis(2);

const PAUSED: u8 = 1;
const CLOSED: u8 = 2;
/// An event has waited for the collection for as long as one does: no other one waits for it.
const IMPATIENT: u8 = 4;

thread_local! {
    static STRIPE: Cell<usize> = const { Cell::new(usize::MAX) };
    static HANDED: Cell<Handed> = const { Cell::new(Handed::Nothing) };
}

/// What this thread hands over to the SDK that no processor has taken yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Handed {
    /// Nothing of an event's.
    Nothing,
    /// A record of an event that was let in.
    LetIn,
    /// A record of an event that came after the close, and was counted then.
    Late,
}

fn stripe() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let own = STRIPE.get();
    if own < STRIPES {
        return own;
    }
    let own = NEXT.fetch_add(1, Ordering::Relaxed) % STRIPES;
    STRIPE.set(own);
    own
}

/// The reason why an event has no record on a signal, as it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OmissionReason {
    /// The sampler left its span out.
    SampledOut,
    /// `when=` leaves it out.
    When,
    /// A value does not fit: of the event, by `invalid=drop`, or of a label, for which nothing stands.
    Invalid,
    /// What is to be measured is absent, or does not fit.
    Absent,
    /// Telemetry is suppressed where it was recorded: in what exporters do.
    Suppressed,
    /// The SDK did not take the record: its span was ended by hand, or a processor of the program's switched it off.
    NotTaken,
}

impl OmissionReason {
    /// All reasons.
    pub const ALL: [OmissionReason; 6] = [
        OmissionReason::SampledOut,
        OmissionReason::When,
        OmissionReason::Invalid,
        OmissionReason::Absent,
        OmissionReason::Suppressed,
        OmissionReason::NotTaken,
    ];

    /// The reason as metrics show it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            OmissionReason::SampledOut => "sampled_out",
            OmissionReason::When => "when",
            OmissionReason::Invalid => "invalid",
            OmissionReason::Absent => "absent",
            OmissionReason::Suppressed => "suppressed",
            OmissionReason::NotTaken => "not_taken",
        }
    }
}

/// The signals, in the order of what is counted of each.
pub(crate) const SIGNALS: [Signal; 3] = [Signal::Log, Signal::Span, Signal::Metric];

const fn index(signal: Signal) -> usize {
    match signal {
        Signal::Log => 0,
        Signal::Span => 1,
        Signal::Metric => 2,
    }
}

/// Where events are let in.
#[derive(Debug, Default)]
pub struct Accounting {
    gate: Arc<Gate>,
    events: Mutex<Vec<Arc<EventCounts>>>,
    /// Records that no event of a contract made: let in, and those that came after the close.
    by_hand: [AtomicU64; 2],
    late_by_hand: [AtomicU64; 2],
}

/// What every event passes.
#[derive(Debug, Default)]
struct Gate {
    state: AtomicU8,
    /// Measurements of events that did not wait for a collection to end.
    forced: AtomicU64,
}

/// What is counted of an event.
#[derive(Debug)]
pub struct EventCounts {
    gate: Arc<Gate>,
    stripes: [Stripe; STRIPES],
    /// How many records an event has on each signal.
    records: [u64; 3],
    omitted: [[AtomicU64; OmissionReason::ALL.len()]; 3],
    /// Events that came after the close.
    late: AtomicU64,
}

/// What threads of one number count. A cache line of its own, and the one that is fetched with it.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Stripe {
    entered: AtomicU64,
    left: AtomicU64,
}

/// An event that is inside.
pub struct Entered<'t>(&'t Stripe);

impl Drop for Entered<'_> {
    #[inline]
    fn drop(&mut self) {
        // Whoever sees that the event has left sees what it measured.
        self.0.left.fetch_add(1, Ordering::Release);
    }
}

/// The accounting is closed.
#[derive(Clone, Copy, Debug)]
pub struct Closed;

/// How many measurements a collection holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// Those that are in it for certain.
    pub certain: u64,
    /// The most that may be: events that were recorded meanwhile may be in it or not.
    pub most: u64,
}

impl EventCounts {
    /// What is to be counted of an event that has so many records each time on logs, spans and metrics.
    pub fn new(accounting: &Accounting, records: [u64; 3]) -> Arc<EventCounts> {
        let counts = Arc::new(EventCounts {
            gate: Arc::clone(&accounting.gate),
            stripes: Default::default(),
            records,
            omitted: Default::default(),
            late: AtomicU64::new(0),
        });
        accounting.events().push(Arc::clone(&counts));
        counts
    }

    /// Lets an event in.
    #[inline]
    pub fn enter(&self) -> Result<Entered<'_>, Closed> {
        let stripe = self.stripes.get(stripe()).unwrap_or(&self.stripes[0]);
        // In one order with what a pause and a close write and read: either they see the event, or it sees them.
        stripe.entered.fetch_add(1, Ordering::SeqCst);
        if self.gate.state.load(Ordering::SeqCst) == 0 { Ok(Entered(stripe)) } else { self.wait(stripe) }
    }

    #[cold]
    fn wait<'t>(&self, stripe: &'t Stripe) -> Result<Entered<'t>, Closed> {
        let begun = Instant::now();
        loop {
            stripe.entered.fetch_sub(1, Ordering::SeqCst);
            let patient = begun.elapsed() < PATIENCE;
            if patient && self.gate.state.load(Ordering::SeqCst) == PAUSED {
                std::thread::sleep(Duration::from_micros(20));
            }
            stripe.entered.fetch_add(1, Ordering::SeqCst);
            match self.gate.state.load(Ordering::SeqCst) {
                0 => return Ok(Entered(stripe)),
                PAUSED if patient => {}
                state if state & CLOSED == 0 => {
                    // Only while it lasts: the next one is waited for again.
                    let impatient = PAUSED | IMPATIENT;
                    _ = self.gate.state.compare_exchange(
                        PAUSED,
                        impatient,
                        Ordering::SeqCst,
                        Ordering::SeqCst,
                    );
                    self.gate.forced.fetch_add(self.of(Signal::Metric), Ordering::SeqCst);
                    return Ok(Entered(stripe));
                }
                _ => {
                    stripe.entered.fetch_sub(1, Ordering::SeqCst);
                    self.late.fetch_add(1, Ordering::Relaxed);
                    return Err(Closed);
                }
            }
        }
    }

    /// Counts a record that an event does not have.
    pub fn omit(&self, signal: Signal, why: OmissionReason) {
        self.omitted[index(signal)][why as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// Counts that an event has no record at all.
    #[cold]
    pub fn omit_whole(&self, why: OmissionReason) {
        for signal in SIGNALS {
            self.omitted[index(signal)][why as usize].fetch_add(self.of(signal), Ordering::Relaxed);
        }
    }

    /// How many records of a signal an event has.
    const fn of(&self, signal: Signal) -> u64 {
        self.records[index(signal)]
    }

    fn left(&self) -> u64 {
        self.stripes.iter().map(|stripe| stripe.left.load(Ordering::Acquire)).sum()
    }

    /// How many events are inside. Where events go on entering, those that left in between are missing from it, which is
    /// right: they are no longer inside.
    fn inside(&self) -> u64 {
        let left = self.left();
        let entered: u64 = self.stripes.iter().map(|stripe| stripe.entered.load(Ordering::SeqCst)).sum();
        entered.saturating_sub(left)
    }

    fn measured(&self) -> u64 {
        let left = self.left();
        let omitted: u64 =
            self.omitted[index(Signal::Metric)].iter().map(|count| count.load(Ordering::Relaxed)).sum();
        (left * self.of(Signal::Metric)).saturating_sub(omitted)
    }
}

impl Accounting {
    fn events(&self) -> MutexGuard<'_, Vec<Arc<EventCounts>>> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes the accounting for all signals at this moment, for good.
    pub fn close(&self) {
        self.gate.state.fetch_or(CLOSED, Ordering::SeqCst);
    }

    /// Whether it is closed.
    pub fn is_closed(&self) -> bool {
        self.gate.state.load(Ordering::SeqCst) & CLOSED != 0
    }

    /// Waits until no event is inside, or until that moment, which may come nearer. Says how many measurements those have
    /// that still are.
    pub fn drain(&self, until: impl Fn() -> Instant) -> u64 {
        loop {
            let inside: u64 =
                self.events().iter().map(|counts| counts.inside() * counts.of(Signal::Metric).max(1)).sum();
            if inside == 0 || Instant::now() >= until() {
                return inside;
            }
            std::thread::sleep(Duration::from_micros(10));
        }
    }

    /// Collects metrics, and says how many measurements the collection holds. Whoever calls it sees to it that one
    /// collection runs at a time.
    pub fn collect<T>(&self, collect: impl FnOnce() -> T) -> (T, Collected) {
        // What has left before it began is in it; what is neither inside nor has left when it ends is not.
        let certain = self.measured();
        let collected = collect();
        let inside = self.inside();
        (collected, Collected { certain, most: inside + self.measured() })
    }

    /// The same while no event is inside: what is recorded meanwhile waits, at most for [`PATIENCE`].
    pub fn collect_paused<T>(&self, collect: impl FnOnce() -> T) -> (T, Collected) {
        struct Resume<'i>(&'i Accounting);
        impl Drop for Resume<'_> {
            fn drop(&mut self) {
                self.0.gate.state.fetch_and(!(PAUSED | IMPATIENT), Ordering::SeqCst);
            }
        }
        self.gate.forced.store(0, Ordering::SeqCst);
        self.gate.state.fetch_or(PAUSED, Ordering::SeqCst);
        let resume = Resume(self);
        let until = Instant::now() + PATIENCE;
        let inside = self.drain(|| until);
        let certain = self.measured();
        let collected = collect();
        drop(resume);
        let most = certain + inside + self.gate.forced.load(Ordering::SeqCst);
        (collected, Collected { certain, most })
    }

    /// How many measurements the events have that are inside.
    fn inside(&self) -> u64 {
        self.events().iter().map(|counts| counts.inside() * counts.of(Signal::Metric)).sum()
    }

    /// How many measurements events have made.
    pub fn measured(&self) -> u64 {
        self.events().iter().map(|counts| counts.measured()).sum()
    }

    /// How many records were recorded: those of events, and those made by hand.
    pub fn recorded(&self, signal: Signal) -> u64 {
        let of_event = |counts: &Arc<EventCounts>| {
            (counts.left() + counts.late.load(Ordering::Relaxed)) * counts.of(signal)
        };
        let events: u64 = self.events().iter().map(of_event).sum();
        let by_hand = |counts: &[AtomicU64; 2]| {
            counts.get(index(signal)).map_or(0, |count| count.load(Ordering::Relaxed))
        };
        events + by_hand(&self.by_hand) + by_hand(&self.late_by_hand)
    }

    /// How many records came after the close.
    pub fn late(&self, signal: Signal) -> u64 {
        let of_event = |counts: &Arc<EventCounts>| counts.late.load(Ordering::Relaxed) * counts.of(signal);
        let events: u64 = self.events().iter().map(of_event).sum();
        events + self.late_by_hand.get(index(signal)).map_or(0, |count| count.load(Ordering::Relaxed))
    }

    /// How many records events do not have, by reason.
    pub fn omitted(&self, signal: Signal, why: OmissionReason) -> u64 {
        let of =
            |counts: &Arc<EventCounts>| counts.omitted[index(signal)][why as usize].load(Ordering::Relaxed);
        self.events().iter().map(of).sum()
    }

    /// A processor takes a record of logs or spans. Says whether it may go on.
    pub fn take(&self, signal: Signal) -> bool {
        match HANDED.replace(Handed::Nothing) {
            Handed::LetIn => return true,
            Handed::Late => return false,
            Handed::Nothing => {}
        }
        let is_open = !self.is_closed();
        let counts = if is_open { &self.by_hand } else { &self.late_by_hand };
        if let Some(count) = counts.get(index(signal)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        is_open
    }
}

/// A record of an event is handed to the SDK next, on this thread.
pub(crate) fn hand_over() {
    HANDED.set(Handed::LetIn);
}

/// A record of an event that came after the close is handed to the SDK within this, on this thread: it is counted already.
#[cold]
pub(crate) fn hand_over_late(within: impl FnOnce()) {
    HANDED.set(Handed::Late);
    within();
    HANDED.set(Handed::Nothing);
}

/// Whether a processor took what was handed over.
pub(crate) fn was_taken() -> bool {
    HANDED.replace(Handed::Nothing) == Handed::Nothing
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE_EACH: [u64; 3] = [1, 1, 1];

    #[test]
    fn an_event_is_recorded_when_it_has_left() {
        let accounting = Arc::new(Accounting::default());
        let counts = EventCounts::new(&accounting, [1, 0, 2]);
        let entered = counts.enter();
        assert_eq!(accounting.recorded(Signal::Log), 0);
        drop(entered);
        let recorded = SIGNALS.map(|signal| accounting.recorded(signal));
        assert_eq!((recorded, accounting.measured()), ([1, 0, 2], 2));
    }

    #[test]
    fn a_closed_accounting_counts_what_comes_late() {
        let accounting = Arc::new(Accounting::default());
        let counts = EventCounts::new(&accounting, ONE_EACH);
        accounting.close();
        accounting.close();
        assert!(counts.enter().is_err());
        assert!(!accounting.take(Signal::Span));
        assert_eq!((accounting.recorded(Signal::Log), accounting.late(Signal::Log)), (1, 1));
        assert_eq!((accounting.recorded(Signal::Span), accounting.late(Signal::Span)), (2, 2));
        // A span that was open at the close: its event was counted when it came.
        hand_over_late(|| assert!(!accounting.take(Signal::Span)));
        assert_eq!((accounting.recorded(Signal::Span), accounting.late(Signal::Span)), (2, 2));
    }

    #[test]
    fn a_collection_holds_what_has_left_and_may_hold_what_is_inside() {
        let accounting = Arc::new(Accounting::default());
        let counts = EventCounts::new(&accounting, ONE_EACH);
        drop(counts.enter());
        assert_eq!(accounting.collect(|| ()).1, Collected { certain: 1, most: 1 });
        let _inside = counts.enter();
        assert_eq!(accounting.collect(|| ()).1, Collected { certain: 1, most: 2 });
        assert_eq!(accounting.collect_paused(|| ()).1, Collected { certain: 1, most: 2 });
    }

    #[test]
    fn a_collection_holds_nobody_up_unless_it_is_to_be_exact() {
        let accounting = Arc::new(Accounting::default());
        let counts = EventCounts::new(&accounting, ONE_EACH);
        let state = || accounting.gate.state.load(Ordering::SeqCst);
        let ((), collected) = accounting.collect(|| {
            assert_eq!(state(), 0);
            drop(counts.enter());
        });
        assert_eq!(collected, Collected { certain: 0, most: 1 });
    }

    #[test]
    fn an_event_within_a_paused_collection_does_not_wait_for_ever() {
        let accounting = Arc::new(Accounting::default());
        let counts = EventCounts::new(&accounting, ONE_EACH);
        let (_, collected) = accounting.collect_paused(|| {
            drop(counts.enter());
            assert_eq!(
                accounting.gate.state.load(Ordering::SeqCst),
                PAUSED | IMPATIENT,
                "the next one does not wait"
            );
            drop(counts.enter());
        });
        assert_eq!(collected, Collected { certain: 0, most: 2 });
        assert_eq!(accounting.measured(), 2);
        assert_eq!(
            accounting.collect_paused(|| assert_eq!(accounting.gate.state.load(Ordering::SeqCst), PAUSED)).1,
            Collected { certain: 2, most: 2 }
        );
    }

    #[test]
    fn what_was_collected_is_known_while_many_threads_record_events() {
        for is_paused in [false, true] {
            many_threads(is_paused);
        }
    }

    fn many_threads(is_paused: bool) {
        let accounting = Arc::new(Accounting::default());
        let counts = EventCounts::new(&accounting, ONE_EACH);
        let measured = AtomicU64::new(0);
        let stop = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    while !stop.load(Ordering::Relaxed) {
                        let entered = counts.enter();
                        measured.fetch_add(1, Ordering::Relaxed);
                        drop(entered);
                    }
                });
            }
            for _ in 0..200 {
                let held = || measured.load(Ordering::Relaxed);
                let (held, collected) =
                    if is_paused { accounting.collect_paused(held) } else { accounting.collect(held) };
                assert!(collected.certain <= held && held <= collected.most, "{held} {collected:?}");
            }
            stop.store(true, Ordering::Relaxed);
        });
        assert_eq!(accounting.measured(), measured.load(Ordering::Relaxed));
    }

    #[test]
    fn a_record_that_nobody_takes_is_noticed() {
        let accounting = Accounting::default();
        hand_over();
        assert!(accounting.take(Signal::Log) && was_taken());
        hand_over();
        assert!(!was_taken());
        assert_eq!(accounting.recorded(Signal::Log), 0, "an event's own count says it");
        assert!(accounting.take(Signal::Log));
        assert_eq!(accounting.recorded(Signal::Log), 1, "by hand");
    }
}
