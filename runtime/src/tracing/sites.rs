//! What the fields of a call site are to the contract.

use std::hash::{BuildHasherDefault, Hasher};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use slo_model::Key;
use tracing_core::Metadata;
use tracing_core::callsite::Identifier;

use super::names::nearly;

/// The call sites whose fields are of the contract's business.
pub(super) type Sites = papaya::HashMap<Identifier, Site, BuildHasherDefault<OfAddress>>;

/// A place in the program where an event is raised or a span opened.
pub(super) struct Site {
    pub(super) metadata: &'static Metadata<'static>,
    /// The fields whose names are nearly a key's.
    pub(super) misspelt: Box<[(&'static str, &'static Key<'static>)]>,
    told: AtomicBool,
    /// The fields that have the name of a key.
    declared: Box<[Declared]>,
    /// How much is still to be done: a value of each declared field, and to tell of the names.
    left: AtomicUsize,
}

struct Declared {
    index: usize,
    key: &'static Key<'static>,
    seen: AtomicBool,
}

impl Site {
    /// None where no field is of the contract's business.
    pub(super) fn new(metadata: &'static Metadata<'static>, keys: &'static [Key<'static>]) -> Option<Site> {
        let mut misspelt = Vec::new();
        let mut declared = Vec::new();
        for field in metadata.fields() {
            match keys.binary_search_by(|key| key.name.cmp(field.name())) {
                Ok(found) => declared.extend(keys.get(found).map(|key| Declared {
                    index: field.index(),
                    key,
                    seen: AtomicBool::new(false),
                })),
                Err(_) => misspelt.extend(nearly(field.name(), keys).map(|key| (field.name(), key))),
            }
        }
        let left = declared.len() + usize::from(!misspelt.is_empty());
        (left > 0).then(|| Site {
            metadata,
            told: AtomicBool::new(misspelt.is_empty()),
            misspelt: misspelt.into(),
            declared: declared.into(),
            left: AtomicUsize::new(left),
        })
    }

    /// Whether all is done.
    pub(super) fn is_done(&self) -> bool {
        self.left.load(Ordering::Relaxed) == 0
    }

    /// Whether the names are to be told of now: once.
    pub(super) fn tell_of_names(&self) -> bool {
        self.first(&self.told)
    }

    /// The key of a field whose value is to be looked at now: once.
    pub(super) fn look_at(&self, index: usize) -> Option<&'static Key<'static>> {
        let declared = self.declared.iter().find(|declared| declared.index == index)?;
        self.first(&declared.seen).then_some(declared.key)
    }

    fn first(&self, done: &AtomicBool) -> bool {
        let first = !done.load(Ordering::Relaxed) && !done.swap(true, Ordering::Relaxed);
        if first {
            self.left.fetch_sub(1, Ordering::Relaxed);
        }
        first
    }
}

/// A call site is known by its address, which needs no hashing against attacks.
#[derive(Default)]
pub(super) struct OfAddress(u64);

impl Hasher for OfAddress {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, number: u64) {
        // The multiplier of FxHash; the rotation brings the high bits, which differ most, to where tables look.
        self.0 = (self.0 ^ number).wrapping_mul(0x51_7c_c1_b7_27_22_0a_95).rotate_left(26);
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }
}
