//! Maps and sets whose hashes cost little: a run asks them more often than it does anything else.
//!
//! Each chunk of eight bytes is multiplied with its predecessors' hash, and both halves of the product are kept, as wyhash
//! does it. Every run has a seed of its own, so that no contract can be written whose names all fall together.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::LazyLock;

pub(crate) type HashMap<K, V> = std::collections::HashMap<K, V, Seeded>;
pub(crate) type HashSet<K> = std::collections::HashSet<K, Seeded>;

static SEED: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0));

/// An odd number whose bits are well mixed: the fraction of the golden ratio.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

#[derive(Clone, Copy)]
pub(crate) struct Seeded(u64);

impl Default for Seeded {
    fn default() -> Seeded {
        Seeded(*SEED)
    }
}

impl BuildHasher for Seeded {
    type Hasher = Folded;

    fn build_hasher(&self) -> Folded {
        Folded { hash: self.0, seed: self.0 }
    }
}

pub(crate) struct Folded {
    hash: u64,
    seed: u64,
}

impl Folded {
    fn add(&mut self, chunk: u64) {
        let product = u128::from(self.hash ^ chunk) * u128::from(FACTOR ^ self.seed);
        self.hash = product as u64 ^ (product >> 64) as u64;
    }
}

impl Hasher for Folded {
    fn write(&mut self, bytes: &[u8]) {
        let (chunks, rest) = bytes.as_chunks::<8>();
        for chunk in chunks {
            self.add(u64::from_le_bytes(*chunk));
        }
        if rest.is_empty() {
            return;
        }
        // The last bytes, some of them a second time where there are enough.
        let last = match (bytes.last_chunk::<8>(), rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
            (Some(last), ..) => u64::from_le_bytes(*last),
            (None, Some(first), Some(last)) => {
                u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32
            }
            _ => rest.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)),
        };
        self.add(last ^ (bytes.len() as u64) << 56);
    }

    fn write_u8(&mut self, number: u8) {
        self.add(number.into());
    }

    fn write_u32(&mut self, number: u32) {
        self.add(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        self.add(number);
    }

    fn write_usize(&mut self, number: usize) {
        self.add(number as u64);
    }

    fn finish(&self) -> u64 {
        self.hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names of contracts are alike: what tells them apart is a byte somewhere.
    #[test]
    fn names_that_are_alike_fall_apart() {
        let names: Vec<String> = (0..4_000)
            .flat_map(|number| {
                [format!("ns{number}"), format!("a.group{number}.attribute"), "x".repeat(number / 40)]
            })
            .collect();
        let distinct: std::collections::HashSet<&String> = names.iter().collect();
        let hashes: Vec<u64> = distinct.iter().map(|name| Seeded::default().hash_one(name)).collect();
        for bits in [0, 12, 24, 36, 48, 57] {
            let mut filled = vec![0_u32; 128];
            for hash in &hashes {
                filled[(hash >> bits) as usize & 127] += 1;
            }
            let expected = hashes.len() as u32 / 128;
            let most = filled.iter().max().copied();
            assert!(most.is_some_and(|most| most < 2 * expected), "{most:?} of {expected} at bit {bits}");
        }
        assert_eq!(hashes.iter().collect::<std::collections::HashSet<_>>().len(), hashes.len());
    }
}
