//! The first so many distinct values.

use std::borrow::Borrow;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// The first so many distinct values, each with what was made for it. Never more than the bound in any race; what is
/// there is found without a lock, and so is that there is no room.
pub(crate) struct Seen<K, V> {
    bound: usize,
    values: papaya::HashMap<K, V>,
    /// How many values there are. Whoever adds one holds it.
    adding: Mutex<usize>,
    full: std::sync::atomic::AtomicBool,
}

impl<K, V> std::fmt::Debug for Seen<K, V> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Seen").field("bound", &self.bound).finish_non_exhaustive()
    }
}

impl<K: Hash + Eq, V> Seen<K, V> {
    pub(crate) fn new(bound: usize) -> Seen<K, V> {
        Seen {
            bound,
            values: papaya::HashMap::new(),
            adding: Mutex::new(0),
            full: std::sync::atomic::AtomicBool::new(bound == 0),
        }
    }

    /// What `use_value` makes of what belongs to the key. The first time, `make` makes the key and what belongs to it
    /// from how many there are already; it makes none to say that another value's place serves, which then isn't
    /// counted. None where there is no room.
    pub(crate) fn get_or_add<Q: Hash + Eq + ?Sized, R>(
        &self,
        key: &Q,
        make: impl FnOnce(usize) -> Made<K, V>,
        use_value: impl Fn(&V) -> R,
    ) -> Option<R>
    where
        K: Borrow<Q>,
    {
        use std::sync::atomic::Ordering;
        let values = self.values.pin();
        if let Some(value) = values.get(key) {
            return Some(use_value(value));
        }
        if self.full.load(Ordering::Acquire) {
            return None;
        }
        let mut count = self.adding.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = values.get(key) {
            return Some(use_value(value));
        }
        if *count >= self.bound {
            return None;
        }
        let (key, value) = match make(*count) {
            Made::New(key, value) => {
                *count += 1;
                if *count >= self.bound {
                    self.full.store(true, Ordering::Release);
                }
                (key, value)
            }
            Made::Alias(key, value) => (key, value),
        };
        Some(use_value(values.get_or_insert(key, value)))
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }
}

/// What was made for a key that was not there.
pub(crate) enum Made<K, V> {
    /// A value of its own.
    New(K, V),
    /// The same as another key's.
    Alias(K, V),
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::sync::Barrier;

    #[test]
    fn never_more_than_the_bound_in_any_race() {
        for round in 0..50 {
            let seen: Seen<String, usize> = Seen::new(7);
            let barrier = Barrier::new(4);
            let numbers: Vec<Vec<Option<usize>>> = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..4)
                    .map(|thread| {
                        let (seen, barrier) = (&seen, &barrier);
                        scope.spawn(move || {
                            barrier.wait();
                            (0..40)
                                .map(|step| {
                                    let value = format!("{}", (step * (thread + 1) + round) % 20);
                                    seen.get_or_add(
                                        value.as_str(),
                                        |count| Made::New(value.clone(), count),
                                        |number| *number,
                                    )
                                })
                                .collect()
                        })
                    })
                    .collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            assert_eq!(seen.len(), 7);
            assert!(numbers.iter().flatten().flatten().all(|number| *number < 7));
        }
    }

    #[test]
    fn what_was_seen_keeps_its_number_when_there_is_no_room_left() {
        let seen: Seen<i64, usize> = Seen::new(1);
        let get = |key: i64| seen.get_or_add(&key, |count| Made::New(key, count), |number| *number);
        assert_eq!([get(5), get(6), get(5)], [Some(0), None, Some(0)]);
    }
}
