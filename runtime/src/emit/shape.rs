//! What a contract's tables say of a slot and of a metric's labels.

use slo_model::event::{Meaning, Signal, Slot, Writer, WriterValue};
use slo_model::{Range, ValueType};

use super::labels::Plain;

/// The largest range whose values have numbers of their own (as many as the check of a metric's points counts).
const LARGEST_RANGE: u64 = 1_000;

/// The most attributes that a list writes.
pub(crate) const fn most(signal: Signal, writers: &[Writer<'_>]) -> usize {
    let mut sum = 0;
    let mut index = 0;
    while index < writers.len() {
        sum += match writers[index].value {
            WriterValue::Constant(_) | WriterValue::Field(_) | WriterValue::Text(_) => 1,
            WriterValue::Meaning(_, face) => {
                let mut most = 0;
                let mut variant = 0;
                while variant < face.variants.len() {
                    let pairs = face.variants[variant].pairs(signal).len();
                    if pairs > most {
                        most = pairs;
                    }
                    variant += 1;
                }
                most
            }
        };
        index += 1;
    }
    sum
}

/// Whether a value of the Rust type may not fit: the type alone says that of text without a bound, and of booleans.
pub(crate) const fn may_misfit(slot: &Slot<'_>) -> bool {
    let key = &slot.key;
    let free =
        key.members.is_none() && key.range.is_none() && key.except.is_empty() && key.max_length.is_none();
    !(free && matches!(key.value_type, ValueType::String | ValueType::Bool | ValueType::Int))
}

/// Whether labels show what stands for the rest in place of some values: which, is looked up for each event.
pub(crate) const fn is_coded(slot: &Slot<'_>) -> bool {
    slot.bounded.is_some() || (slot.other.is_some() && plain(slot).is_some())
}

/// How the values of a slot have numbers by themselves, and how many there are, the one for what is absent included.
pub(crate) const fn plain(slot: &Slot<'_>) -> Option<(Plain, u32)> {
    let key = &slot.key;
    if let Some(members) = key.members
        && (!key.open || slot.other.is_some())
    {
        return Some((Plain::Members, members.len() as u32 + 1));
    }
    if let Some(Range::Int(low, high)) = key.range
        && low <= high
        && high.abs_diff(low) < LARGEST_RANGE
    {
        return Some((Plain::Range(low), high.abs_diff(low) as u32 + 2));
    }
    if matches!(key.value_type, ValueType::Bool) {
        return Some((Plain::Bool, 3));
    }
    None
}

/// The most payloads that a variant has.
pub(crate) const fn payloads(meaning: &Meaning<'_>) -> usize {
    let mut most = 0;
    let mut variant = 0;
    while variant < meaning.variants.len() {
        if meaning.variants[variant].payload.len() > most {
            most = meaning.variants[variant].payload.len();
        }
        variant += 1;
    }
    most
}
