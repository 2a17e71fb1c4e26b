//! How long to wait before something is sent again.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// Pauses that grow from a tenth of a second to five seconds, each half by chance, so that the programs of a fleet don't come
/// back together (OTLP specification, "Failures": exponential backoff with jitter).
#[derive(Debug, Default)]
pub(crate) struct Backoff(u32);

const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(5);

impl Backoff {
    pub(crate) fn next(&mut self) -> Duration {
        let whole = FIRST.saturating_mul(2_u32.saturating_pow(self.0)).min(LONGEST);
        self.0 = self.0.saturating_add(1);
        // A hasher's keys are random.
        let chance = RandomState::new().hash_one(self.0) as u32;
        let half = whole / 2;
        half + half.mul_f64(f64::from(chance) / f64::from(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_bound() {
        let mut backoff = Backoff::default();
        let mut whole = FIRST;
        for _ in 0..100 {
            let pause = backoff.next();
            assert!(whole / 2 <= pause && pause <= whole, "{pause:?} of {whole:?}");
            whole = (whole * 2).min(LONGEST);
        }
    }
}
