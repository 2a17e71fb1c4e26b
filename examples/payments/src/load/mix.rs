//! What is asked for, in which order: the same in every run.

use crate::bank::Behaviour;

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// To pay, while the bank behaves so.
    Pay(Behaviour),
    /// To pay an amount that can't be.
    Invalid,
    /// A page that has moved.
    Old,
}

/// Twenty requests: what is rare comes in a short run too.
const DECK: [Wish; 20] = [
    Wish::Pay(Behaviour::Ok),
    Wish::Pay(Behaviour::Ok),
    Wish::Pay(Behaviour::Ok),
    Wish::Pay(Behaviour::Ok),
    Wish::Pay(Behaviour::Ok),
    Wish::Pay(Behaviour::Ok),
    Wish::Pay(Behaviour::Ok),
    Wish::Pay(Behaviour::Ok),
    Wish::Pay(Behaviour::Ok),
    Wish::Pay(Behaviour::Ok),
    Wish::Pay(Behaviour::Ok),
    Wish::Pay(Behaviour::Slow),
    Wish::Pay(Behaviour::Slow),
    Wish::Pay(Behaviour::Refuse),
    Wish::Pay(Behaviour::Refuse),
    Wish::Pay(Behaviour::Fail),
    Wish::Invalid,
    Wish::Invalid,
    Wish::Old,
    Wish::Old,
];

/// The seed of the order in which requests come.
const SEED: u64 = 1_712_345_678;

/// The requests without end: the deck, shuffled anew each time.
#[derive(Debug)]
pub(crate) struct Mix {
    random: fastrand::Rng,
    left: Vec<Wish>,
}

impl Mix {
    pub(crate) fn new() -> Mix {
        Mix { random: fastrand::Rng::with_seed(SEED), left: Vec::new() }
    }
}

impl Iterator for Mix {
    type Item = Wish;

    fn next(&mut self) -> Option<Wish> {
        if self.left.is_empty() {
            self.left.extend(DECK);
        }
        let drawn = self.random.usize(..self.left.len());
        Some(self.left.swap_remove(drawn))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_twenty_requests_have_everything_and_runs_are_alike() {
        let requests: Vec<Wish> = Mix::new().take(60).collect();
        for twenty in requests.chunks(20) {
            for wish in DECK {
                let often = |among: &[Wish]| among.iter().filter(|other| **other == wish).count();
                assert_eq!(often(twenty), often(&DECK), "{wish:?}");
            }
        }
        assert_ne!(requests[..20], requests[20..40]);
        assert_eq!(requests, Mix::new().take(60).collect::<Vec<_>>());
    }
}
