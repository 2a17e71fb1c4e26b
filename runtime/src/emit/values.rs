//! What is unset, what fits, and how long it took.

use std::borrow::Cow;

use slo_model::event::{Event, Field, FieldKind, Slot};
use slo_model::{Key, Literal, Member, Range, Unfit, Value, ValueType};

use super::clock::Times;
use crate::FieldValue;
use crate::held::double;

/// What is told of a value that doesn't fit: its field, the payload if it is one, and why.
pub(crate) type Tell<'t> = dyn FnMut(usize, &'static str, &Unfit) + 't;

/// Puts in what the program didn't say, and marks what doesn't fit. Whether all of it fits.
pub(crate) fn settle(
    event: &'static Event<'static>,
    values: &mut [FieldValue<'_>],
    times: &Times,
    tell: &mut Tell<'_>,
) -> bool {
    if let Some(elapsed) = event.elapsed
        && let Some(field) = event.fields.get(usize::from(elapsed.field))
        && let Some(place) = values.get_mut(usize::from(field.at))
        && let Some(time) = times.elapsed
    {
        *place = FieldValue::Double(time.as_nanos() as f64 / elapsed.nanoseconds);
    }
    settle_fields(event.fields, values, tell)
}

/// The same for values without an event's time.
pub(crate) fn settle_fields(
    fields: &'static [Field<'static>],
    values: &mut [FieldValue<'_>],
    tell: &mut Tell<'_>,
) -> bool {
    let mut whole = true;
    for (number, field) in fields.iter().enumerate() {
        let at = usize::from(field.at);
        let Some(value) = values.get_mut(at) else { continue };
        match &field.kind {
            FieldKind::Plain { slot, unset } => {
                if matches!(value, FieldValue::Absent)
                    && let Some(unset) = unset
                {
                    *value = FieldValue::of_literal(*unset);
                }
                whole &= settle_slot(slot, value, &mut |unfit| tell(number, field.name, unfit));
            }
            FieldKind::Meaning { meaning, unset } => {
                if matches!(value, FieldValue::Absent)
                    && let Some(unset) = unset
                {
                    *value = FieldValue::Variant(*unset);
                }
                let FieldValue::Variant(variant) = *value else { continue };
                let Some(variant) = meaning.variants.get(usize::from(variant)) else { continue };
                for (slot, value) in variant.payload.iter().zip(values.iter_mut().skip(at + 1)) {
                    whole &= settle_slot(slot, value, &mut |unfit| tell(number, slot.key.name, unfit));
                }
            }
            FieldKind::Contexts => {}
        }
    }
    whole
}

fn settle_slot(
    slot: &'static Slot<'static>,
    value: &mut FieldValue<'_>,
    tell: &mut dyn FnMut(&Unfit),
) -> bool {
    match fit(slot, value) {
        Ok(None) => true,
        Ok(Some(better)) => {
            *value = better;
            true
        }
        Err(unfit) => {
            tell(&unfit);
            *value = FieldValue::Invalid(Box::new(unfit));
            false
        }
    }
}

/// Whether the value fits; and the number of the member that it is, or the double of an integer, where that says more.
fn fit<'v>(slot: &'static Slot<'static>, value: &FieldValue<'_>) -> Result<Option<FieldValue<'v>>, Unfit> {
    let key = &slot.key;
    match value {
        FieldValue::Absent => Ok(None),
        FieldValue::Member(number) => match slot.only {
            Some(only) if !only.contains(number) => Err(not_allowed(slot, key, *number)),
            _ => Ok(None),
        },
        FieldValue::Static(text) => fit_text(slot, text),
        FieldValue::Shared(text) => fit_text(slot, text),
        FieldValue::Borrowed(text) => fit_text(slot, text),
        FieldValue::Owned(text) => fit_text(slot, text),
        FieldValue::Int(number) => match key.value_type {
            ValueType::Double => {
                let double = double(*number)?;
                fit_double(key, double).map(|()| Some(FieldValue::Double(double)))
            }
            ValueType::Int | ValueType::Any => fit_int(slot, *number),
            _ => key.check(&Value::Int(*number)).map(|()| None),
        },
        FieldValue::Double(number) => match key.value_type {
            ValueType::Double => fit_double(key, *number).map(|()| None),
            _ => key.check(&Value::Double(*number)).map(|()| None),
        },
        FieldValue::Bool(truth) => match key.value_type {
            ValueType::Bool | ValueType::Any => Ok(None),
            _ => key.check(&Value::Bool(*truth)).map(|()| None),
        },
        FieldValue::List(list) => key.check(list).map(|()| None),
        FieldValue::Invalid(unfit) => Err((**unfit).clone()),
        FieldValue::Variant(_) | FieldValue::Contexts(_) => {
            Err(Unfit::Type { expected: key.value_type, found: "something else".to_owned() })
        }
    }
}

/// Text is looked up among the members first: where it is one, its number says everything.
fn fit_text<'v>(slot: &'static Slot<'static>, text: &str) -> Result<Option<FieldValue<'v>>, Unfit> {
    let key = &slot.key;
    if key.members.is_none() && key.max_length.is_none() && key.value_type == ValueType::String {
        return Ok(None);
    }
    let found = find(key, |wire| matches!(wire, Literal::String(member) if *member == text));
    match found {
        Some(number) if slot.only.is_none_or(|only| only.contains(&number)) => {
            Ok(Some(FieldValue::Member(number)))
        }
        Some(number) => Err(not_allowed(slot, key, number)),
        // Fewer bytes than characters there can't be: most texts need no counting.
        None if key.members.is_none()
            && key.value_type == ValueType::String
            && key.max_length.is_some_and(|most| text.len() <= most as usize) =>
        {
            Ok(None)
        }
        None => key.check(&Value::String(Cow::Borrowed(text))).map(|()| None),
    }
}

fn fit_int<'v>(slot: &'static Slot<'static>, number: i64) -> Result<Option<FieldValue<'v>>, Unfit> {
    let key = &slot.key;
    let inside = match key.range {
        None => true,
        Some(Range::Int(low, high)) => (low..=high).contains(&number),
        Some(Range::Double(..)) => false,
    };
    if inside && key.members.is_none() {
        return Ok(None);
    }
    match find(key, |wire| matches!(wire, Literal::Int(member) if *member == number)) {
        Some(member) if slot.only.is_some_and(|only| !only.contains(&member)) => {
            Err(not_allowed(slot, key, member))
        }
        Some(member) if inside => Ok(Some(FieldValue::Member(member))),
        _ => key.check(&Value::Int(number)).map(|()| None),
    }
}

fn fit_double(key: &Key<'static>, number: f64) -> Result<(), Unfit> {
    match key.range {
        None if number.is_finite() => Ok(()),
        Some(Range::Double(low, high)) if (low..=high).contains(&number) => Ok(()),
        _ => key.check(&Value::Double(number)),
    }
}

/// The number of the member. They are compared one by one: contracts list methods and countries, not customers.
fn find(key: &Key<'static>, is: impl Fn(&Literal<'static>) -> bool) -> Option<u16> {
    let number = key.members?.iter().position(|member| is(&member.wire))?;
    u16::try_from(number).ok()
}

fn not_allowed(slot: &Slot<'static>, key: &Key<'static>, number: u16) -> Unfit {
    let members = key.members.unwrap_or_default();
    let shown = |number: &u16| {
        members.get(usize::from(*number)).map(|member: &Member<'_>| Value::from(member.wire).to_string())
    };
    Unfit::Members {
        value: shown(&number).unwrap_or_default(),
        members: slot.only.unwrap_or_default().iter().filter_map(shown).collect(),
    }
}
