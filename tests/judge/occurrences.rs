//! Occurrences that are made up.

use std::borrow::Cow;
use std::time::Duration;

use slo_compiler::plan::{Event, Given as Source, Plan, Said};
use slo_interpreter::{Given, Occurrence};
use slo_model::event::{FieldKind, Slot};
use slo_model::{Range, Value, ValueType};

use super::generate::Dice;

/// A number of a text (FNV-1a).
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// An occurrence of an event, with values that fit and values that don't.
pub(crate) fn occurrence(dice: &mut Dice, plan: &Plan<'_>, event: &Event<'_>) -> Occurrence<'static> {
    let fields = event.table.fields.iter().zip(&event.fields).map(|(field, said)| {
        let absent = match said.given {
            Source::Begin => false,
            Source::Later => dice.once_in(3),
            Source::Elapsed | Source::Constant(_) => true,
        };
        if absent {
            return Given::Absent;
        }
        match &field.kind {
            FieldKind::Plain { slot, .. } => Given::Value(value(dice, plan, slot, &said.said)),
            FieldKind::Meaning { meaning, .. } => {
                let declared = plan.packages.iter().flat_map(|package| &package.meanings);
                let declared = declared.into_iter().find(|other| other.table.name == meaning.name).unwrap();
                let number = dice.below(meaning.variants.len());
                let payload = meaning.variants[number].payload.iter().zip(&declared.variants[number].payload);
                Given::Variant(number, payload.map(|(slot, said)| value(dice, plan, slot, said)).collect())
            }
            FieldKind::Contexts => Given::Contexts(dice.below(4)),
        }
    });
    let fields = fields.collect();
    // What seconds and milliseconds hold exactly.
    let elapsed = Duration::from_millis(125 * dice.below(100) as u64);
    Occurrence { fields, elapsed }
}

/// A value, mostly one that fits.
fn value(dice: &mut Dice, plan: &Plan<'_>, slot: &Slot<'_>, said: &Said<'_>) -> Value<'static> {
    let key = &slot.key;
    let listed = said.enumeration.map(|id| &plan.packages[id.package].enums[id.number]);
    if let Some(members) = key.members
        && (listed.is_some_and(|listed| !listed.open) || !dice.once_in(4))
    {
        return Value::from(members[dice.below(members.len())].wire).into_owned();
    }
    let text =
        |dice: &mut Dice| Cow::Borrowed(dice.pick(&["", "x", "y", "z", " z ", "/a", "/b", "long", "é"]));
    let (low, high) = match key.range {
        Some(Range::Int(low, high)) => (low, high),
        Some(Range::Double(low, high)) => (low as i64, high as i64),
        None => (0, 9),
    };
    let int = |dice: &mut Dice| low - 1 + dice.below((high - low + 3) as usize) as i64;
    let double = |dice: &mut Dice| match dice.below(12) {
        0 => f64::NAN,
        1 => f64::INFINITY,
        _ => int(dice) as f64 + dice.pick(&[0.0, 0.5, 0.25]),
    };
    fn list<T>(dice: &mut Dice, one: impl Fn(&mut Dice) -> T) -> Vec<T> {
        (0..dice.below(4)).map(|_| one(dice)).collect()
    }
    // A length of time is never negative, and what is a number of nanoseconds comes back as that.
    if let Some(nanoseconds) = said.nanoseconds {
        let part = if nanoseconds < 1e3 { 0.0 } else { dice.pick(&[0.0, 0.5, 0.25]) };
        return Value::Double(int(dice).max(0) as f64 + part);
    }
    match key.value_type {
        ValueType::String => Value::String(text(dice)),
        ValueType::Int => Value::Int(int(dice)),
        ValueType::Double => Value::Double(double(dice)),
        ValueType::Bool => Value::Bool(dice.once_in(2)),
        ValueType::StringArray => Value::StringArray(list(dice, text)),
        ValueType::IntArray => Value::IntArray(list(dice, int)),
        ValueType::DoubleArray => Value::DoubleArray(list(dice, double)),
        ValueType::BoolArray => Value::BoolArray(list(dice, |dice| dice.once_in(2))),
        ValueType::Any => match dice.below(4) {
            0 => Value::String(text(dice)),
            1 => Value::Int(int(dice)),
            2 => Value::Bool(true),
            _ => Value::IntArray(list(dice, int)),
        },
        // `objects.rs` asks of these.
        ValueType::Object | ValueType::ObjectArray => panic!("made-up contracts have no objects"),
    }
}
