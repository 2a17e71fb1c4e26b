//! What a worker is told: to flush, and to stop.

use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::Thread;
use std::time::{Duration, Instant};

/// What a worker is told, and how far it is.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    state: Mutex<State>,
    changed: Condvar,
    worker: OnceLock<Thread>,
}

#[derive(Clone, Copy, Debug, Default)]
struct State {
    /// How many flushes were ordered.
    ordered: u64,
    /// How many are done.
    done: u64,
    /// Until when the worker may go on, where it is to stop.
    until: Option<Instant>,
    /// Whenever it is to stop, it is to be over by then.
    no_later: Option<Instant>,
    has_ended: bool,
}

impl State {
    fn until(&self) -> Option<Instant> {
        self.until.map(|until| earliest(until, self.no_later))
    }
}

/// The earlier of the two.
pub(crate) fn earliest(until: Instant, other: Option<Instant>) -> Instant {
    other.map_or(until, |other| other.min(until))
}

/// A flush that was ordered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ticket(u64);

impl Orders {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let changed = change(&mut self.state());
        self.changed.notify_all();
        self.wake();
        changed
    }

    /// Wakes the worker.
    pub(crate) fn wake(&self) {
        if let Some(worker) = self.worker.get() {
            worker.unpark();
        }
    }

    /// Orders a flush of what is there now.
    pub(crate) fn flush(&self) -> Ticket {
        self.change(|state| {
            state.ordered += 1;
            Ticket(state.ordered)
        })
    }

    /// Orders the worker to flush and to end, by that moment.
    pub(crate) fn stop(&self, until: Instant) {
        self.change(|state| state.until = Some(earliest(until, state.until)));
    }

    /// Where the worker is to end, now or later, it is to have ended by that moment.
    pub(crate) fn hurry(&self, until: Instant) {
        self.change(|state| state.no_later = Some(earliest(until, state.no_later)));
    }

    /// Waits until a flush is done, or until that moment. Says whether it is done.
    pub(crate) fn wait_for(&self, ticket: Ticket, until: Instant) -> bool {
        self.wait_while(until, |state| state.done < ticket.0 && !state.has_ended)
    }

    /// Waits until the worker has ended, or until that moment. Says whether it has.
    pub(crate) fn wait_for_end(&self, until: Instant) -> bool {
        self.wait_while(until, |state| !state.has_ended)
    }

    /// Waits until that moment, or until all is to be over.
    fn wait_while(&self, until: Instant, waits: impl Fn(&State) -> bool) -> bool {
        self.wait(|state| earliest(until, state.no_later), waits)
    }

    fn wait(&self, until: impl Fn(&State) -> Instant, waits: impl Fn(&State) -> bool) -> bool {
        let mut state = self.state();
        while waits(&state) {
            let left = until(&state).saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// The worker is this thread.
    pub(crate) fn begin(&self) {
        // It is told once, by the worker itself.
        let _ = self.worker.set(std::thread::current());
    }

    /// The flush that is ordered and not yet done.
    pub(crate) fn ordered(&self) -> Option<Ticket> {
        let state = self.state();
        (state.ordered > state.done).then_some(Ticket(state.ordered))
    }

    /// Until when the worker may go on, where it is to stop.
    pub(crate) fn until(&self) -> Option<Instant> {
        self.state().until()
    }

    /// All flushes up to this one are done.
    pub(crate) fn done(&self, ticket: Ticket) {
        self.change(|state| state.done = state.done.max(ticket.0));
    }

    /// The worker ends.
    pub(crate) fn end(&self) {
        self.change(|state| state.has_ended = true);
    }

    /// The worker sleeps for so long, or until it is told to stop before.
    pub(crate) fn sleep(&self, pause: Duration) {
        let until = Instant::now() + pause;
        // One that is only to hurry has not come to its end: it would send again without a pause.
        self.wait(|_| until, |state| state.until().is_none_or(|stop| stop > until));
    }
}

/// Ends a worker on whatever way it goes.
pub(crate) struct Ending<'o>(pub(crate) &'o Orders);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_for_a_flush_waits_for_those_before_it_too() {
        let orders = Orders::default();
        let (first, second) = (orders.flush(), orders.flush());
        let now = Instant::now();
        assert!(!orders.wait_for(first, now));
        orders.done(second);
        assert!(orders.wait_for(first, now) && orders.wait_for(second, now));
        let third = orders.flush();
        assert!(!orders.wait_for(third, now));
        orders.end();
        assert!(orders.wait_for(third, now), "nobody waits for a worker that is gone");
    }

    #[test]
    fn the_earliest_stop_counts() {
        let orders = Orders::default();
        let now = Instant::now();
        orders.stop(now + Duration::from_secs(2));
        orders.stop(now + Duration::from_secs(1));
        orders.stop(now + Duration::from_secs(3));
        assert_eq!(orders.until(), Some(now + Duration::from_secs(1)));
    }

    #[test]
    fn who_is_in_a_hurry_is_not_kept_by_who_has_time() {
        let orders = Orders::default();
        let now = Instant::now();
        let hour = now + Duration::from_secs(3600);
        orders.hurry(now);
        assert_eq!(orders.until(), None, "its turn has not come");
        orders.stop(hour);
        assert_eq!(orders.until(), Some(now));
        assert!(!orders.wait_for_end(hour), "it would not return");
    }

    #[test]
    fn a_worker_that_is_only_to_hurry_keeps_its_pauses() {
        let orders = Orders::default();
        let (begun, pause) = (Instant::now(), Duration::from_millis(20));
        orders.hurry(begun);
        orders.sleep(pause);
        assert!(begun.elapsed() >= pause);
    }

    #[test]
    fn a_worker_that_is_to_stop_does_not_sleep_beyond_it() {
        let orders = Orders::default();
        orders.stop(Instant::now());
        // It would not return.
        orders.sleep(Duration::from_secs(3600));
    }
}
