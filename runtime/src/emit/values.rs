//! What is unset, and what fits.

use std::borrow::Cow;

use slo_model::event::Slot;
use slo_model::{Key, Literal, Member, Range, Unfit, Value, ValueType};

use super::plan::Check;
use crate::event::FieldValue;
use crate::held::double;

/// Who is told of a value that doesn't fit: its field, the payload if it is one, and why.
pub(crate) type Tell<'t> = dyn FnMut(usize, &'static str, &Unfit) + 't;

/// Puts in what nobody set, and marks what doesn't fit. Whether all of it fits.
pub(crate) fn settle(checks: &[Check], values: &mut [FieldValue<'_>], tell: &mut Tell<'_>) -> bool {
    let mut whole = true;
    for check in checks {
        match check {
            Check::Unset { at, value } => {
                if let Some(place @ FieldValue::Absent) = values.get_mut(*at) {
                    *place = value.value();
                }
            }
            Check::Fit { at, slot, .. } if values.get(*at).is_some_and(|value| fits_at_once(slot, value)) => {
            }
            Check::Fit { at, field, slot } => whole &= settle_slot(values, *at, *field, slot, None, tell),
            Check::Payload { at, field, slots } => {
                let Some(FieldValue::Variant(variant)) = values.get(*at) else { continue };
                for (at, slot) in slots.get(usize::from(*variant)).into_iter().flatten() {
                    whole &= settle_slot(values, *at, *field, slot, Some(slot.key.name), tell);
                }
            }
        }
    }
    whole
}

fn settle_slot(
    values: &mut [FieldValue<'_>],
    at: usize,
    field: usize,
    slot: &'static Slot<'static>,
    payload: Option<&'static str>,
    tell: &mut Tell<'_>,
) -> bool {
    let Some(value) = values.get_mut(at) else { return true };
    if fits_at_once(slot, value) {
        return true;
    }
    if let FieldValue::Late(late) = *value {
        *value = FieldValue::now(late);
    }
    match fit(slot, value) {
        Ok(None) => true,
        Ok(Some(better)) => {
            *value = better;
            true
        }
        Err(unfit) => {
            // It was told of before, where it says nothing.
            if let Some(unfit) = unfit {
                tell(field, payload.unwrap_or(""), &unfit);
            }
            *value = FieldValue::Invalid;
            false
        }
    }
}

/// Whether a value fits for sure: what most values do, at the cost of a comparison.
#[inline(always)]
pub(crate) fn fits_at_once(slot: &'static Slot<'static>, value: &FieldValue<'_>) -> bool {
    let key = &slot.key;
    match value {
        FieldValue::Absent => true,
        FieldValue::Member(_) => slot.only.is_none(),
        FieldValue::Int(number) => {
            key.members.is_none()
                && key.except.is_empty()
                && matches!(key.value_type, ValueType::Int)
                && match key.range {
                    None => true,
                    Some(Range::Int(low, high)) => low <= *number && *number <= high,
                    Some(Range::Double(..)) => false,
                }
        }
        FieldValue::Double(number) => {
            matches!(key.value_type, ValueType::Double)
                && key.except.is_empty()
                && match key.range {
                    None => number.is_finite(),
                    Some(Range::Double(low, high)) => low <= *number && *number <= high,
                    Some(Range::Int(..)) => false,
                }
        }
        FieldValue::Static(text) | FieldValue::Borrowed(text) => fits_as_text(key, text),
        FieldValue::Shared(text) => fits_as_text(key, text),
        _ => false,
    }
}

/// Most texts need no counting: they have fewer bytes than there may be characters.
#[inline(always)]
fn fits_as_text(key: &Key<'static>, text: &str) -> bool {
    key.members.is_none()
        && matches!(key.value_type, ValueType::String)
        && key.max_length.is_none_or(|most| text.len() <= most as usize)
}

/// Whether a value fits, one that has to be made too.
pub(crate) fn fit_any(slot: &'static Slot<'static>, value: &FieldValue<'_>) -> Result<(), Unfit> {
    match fit(slot, value) {
        Ok(_) | Err(None) => Ok(()),
        Err(Some(unfit)) => Err(unfit),
    }
}

/// The number of the member that a text is, where it is one that is allowed.
#[inline]
pub(crate) fn allowed_member(slot: &'static Slot<'static>, text: &str) -> Option<u16> {
    let number = find(&slot.key, |wire| matches!(wire, Literal::String(member) if *member == text))?;
    slot.only.is_none_or(|only| only.contains(&number)).then_some(number)
}

/// The member that a value is, where it is one.
pub(crate) fn member(slot: &'static Slot<'static>, value: &FieldValue<'_>) -> Option<FieldValue<'static>> {
    let made = match value {
        FieldValue::Late(late) => late.late().ok()?,
        _ => None,
    };
    let is = |wire: &Literal<'static>| match (wire, value, &made) {
        (Literal::String(member), _, Some(Value::String(text))) => *member == &**text,
        (Literal::Int(member), _, Some(Value::Int(number))) => member == number,
        (Literal::Int(member), FieldValue::Int(number), None) => member == number,
        (Literal::String(member), value, None) => value.text() == Some(member),
        _ => false,
    };
    find(&slot.key, is).map(FieldValue::Member)
}

type Fit = Result<Option<FieldValue<'static>>, Option<Unfit>>;

/// Whether the value fits; and the number of the member that it is, or the double of an integer, where that says more.
fn fit(slot: &'static Slot<'static>, value: &FieldValue<'_>) -> Fit {
    let key = &slot.key;
    let check = |value: &Value<'_>| key.check(value).map(|()| None).map_err(Some);
    match value {
        FieldValue::Absent => Ok(None),
        FieldValue::Member(number) => match slot.only {
            Some(only) if !only.contains(number) => Err(Some(not_allowed(slot, key, *number))),
            _ => Ok(None),
        },
        FieldValue::Static(text) => fit_text(slot, text),
        FieldValue::Shared(text) => fit_text(slot, text),
        FieldValue::Borrowed(text) => fit_text(slot, text),
        FieldValue::Int(number) => match key.value_type {
            ValueType::Int => fit_int(slot, *number),
            ValueType::Double => {
                let double = double(*number).map_err(Some)?;
                fit_double(key, double).map_err(Some)?;
                Ok(Some(FieldValue::Double(double)))
            }
            _ => check(&Value::Int(*number)),
        },
        FieldValue::Double(number) => match key.value_type {
            ValueType::Double => fit_double(key, *number).map(|()| None).map_err(Some),
            _ => check(&Value::Double(*number)),
        },
        FieldValue::Bool(truth) => match key.value_type {
            ValueType::Bool => Ok(None),
            _ => check(&Value::Bool(*truth)),
        },
        FieldValue::List(list) => check(list),
        // The compiler saw to it that it fits.
        FieldValue::Constant(_) => Ok(None),
        FieldValue::Invalid => Err(None),
        FieldValue::Late(late) => match late.late() {
            Ok(None) => Ok(None),
            Ok(Some(Value::String(text))) => fit_text(slot, &text),
            Ok(Some(Value::Int(number))) => fit(slot, &FieldValue::Int(number)),
            Ok(Some(other)) => check(&other),
            Err(unfit) => Err(Some(unfit)),
        },
        FieldValue::Variant(_) | FieldValue::Contexts(_) => {
            Err(Some(Unfit::Type { expected: key.value_type, found: "something else".to_owned() }))
        }
    }
}

/// Text is looked up among the members first: where it is one, its number says everything.
fn fit_text(slot: &'static Slot<'static>, text: &str) -> Fit {
    let key = &slot.key;
    let found = find(key, |wire| matches!(wire, Literal::String(member) if *member == text));
    match found {
        Some(number) if slot.only.is_none_or(|only| only.contains(&number)) => {
            Ok(Some(FieldValue::Member(number)))
        }
        Some(number) => Err(Some(not_allowed(slot, key, number))),
        None if fits_as_text(key, text) => Ok(None),
        None => key.check(&Value::String(Cow::Borrowed(text))).map(|()| None).map_err(Some),
    }
}

fn fit_int(slot: &'static Slot<'static>, number: i64) -> Fit {
    let key = &slot.key;
    let inside = key.except.is_empty()
        && match key.range {
            None => true,
            Some(Range::Int(low, high)) => (low..=high).contains(&number),
            Some(Range::Double(..)) => false,
        };
    if inside && key.members.is_none() {
        return Ok(None);
    }
    match find(key, |wire| matches!(wire, Literal::Int(member) if *member == number)) {
        Some(member) if slot.only.is_some_and(|only| !only.contains(&member)) => {
            Err(Some(not_allowed(slot, key, member)))
        }
        Some(member) if inside => Ok(Some(FieldValue::Member(member))),
        _ => key.check(&Value::Int(number)).map(|()| None).map_err(Some),
    }
}

fn fit_double(key: &Key<'static>, number: f64) -> Result<(), Unfit> {
    match key.range {
        _ if !key.except.is_empty() => key.check(&Value::Double(number)),
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
