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
    numbers: Numbers,
    left: Vec<Wish>,
}

impl Mix {
    pub(crate) fn new() -> Mix {
        Mix { numbers: Numbers(SEED), left: Vec::new() }
    }
}

impl Iterator for Mix {
    type Item = Wish;

    fn next(&mut self) -> Option<Wish> {
        if self.left.is_empty() {
            self.left.extend(DECK);
        }
        let count = self.left.len() as u64;
        let drawn = usize::try_from(self.numbers.next() % count).unwrap_or_default();
        Some(self.left.swap_remove(drawn))
    }
}

/// Numbers from a seed, by SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", 2014).
#[derive(Clone, Debug)]
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
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
