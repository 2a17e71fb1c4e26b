//! What the connections and the test have in common.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::done::End;
use crate::signal::PerSignal;
use crate::store::Store;
use crate::{Done, Plan, Signal};

/// What the connections and the test have in common.
#[derive(Debug)]
pub(crate) struct Shared {
    current: Mutex<Current>,
    done: Mutex<PerSignal<Done>>,
    store: Mutex<Store>,
    largest: usize,
}

/// The plan that holds.
#[derive(Debug)]
struct Current {
    plan: Arc<Plan>,
    since: Instant,
    /// How many requests came since.
    numbers: PerSignal<u64>,
}

impl Shared {
    pub(crate) fn new(plan: Plan, store: Store, largest: usize) -> Shared {
        Shared {
            current: Mutex::new(Current::new(plan)),
            done: Mutex::default(),
            store: Mutex::new(store),
            largest,
        }
    }

    /// The largest request that is read, in bytes, once it is unpacked.
    pub(crate) const fn largest(&self) -> usize {
        self.largest
    }

    /// Has another plan hold from now on.
    pub(crate) fn switch(&self, plan: Plan) {
        *locked(&self.current) = Current::new(plan);
    }

    /// The plan that holds, and the number that a request of this signal has under it.
    pub(super) fn next(&self, signal: Signal) -> (Arc<Plan>, u64) {
        let mut current = locked(&self.current);
        let number = current.numbers.of_mut(signal);
        let own = *number;
        *number += 1;
        (Arc::clone(&current.plan), own)
    }

    /// Whether an outage is on, and after how long that changes.
    pub(super) fn outage(&self) -> (bool, Option<Duration>) {
        let current = locked(&self.current);
        let elapsed = current.since.elapsed();
        let (is_on, change) = current.plan.outage(elapsed);
        (is_on, change.map(|change| change.saturating_sub(elapsed)))
    }

    pub(crate) fn done(&self, signal: Signal) -> Done {
        *locked(&self.done).of(signal)
    }

    pub(super) fn receive(&self, signal: Signal, records: u64) {
        locked(&self.done).of_mut(signal).received.add(records);
    }

    pub(super) fn end(&self, signal: Signal, end: End, records: u64) {
        locked(&self.done).of_mut(signal).end(end, records);
    }

    pub(super) fn count_unreadable(&self, signal: Signal) {
        locked(&self.done).of_mut(signal).unreadable += 1;
    }

    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        locked(&self.store)
    }
}

impl Current {
    fn new(plan: Plan) -> Current {
        Current { plan: Arc::new(plan), since: Instant::now(), numbers: PerSignal::default() }
    }
}

/// What a thread left that panicked is as sound as before: nothing here is changed in two steps.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
