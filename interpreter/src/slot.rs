//! Which values fit a field or a payload, and what stands for the others: asked of what a program gives and of what telemetry shows.

use slo_model::event::Slot;
use slo_model::{Unfit, Value, ValueType};

/// The value, where it fits: an integer where a double is wanted becomes one.
///
/// # Errors
/// Says why it doesn't.
pub fn fit<'f>(slot: &Slot<'_>, value: Value<'f>) -> Result<Value<'f>, Unfit> {
    let value = match value {
        Value::Int(number) if slot.key.value_type == ValueType::Double => {
            let double = number as f64;
            if double as i128 != i128::from(number) {
                return Err(Unfit::Type { expected: ValueType::Double, found: "an `int`".to_owned() });
            }
            Value::Double(double)
        }
        other => other,
    };
    slot.key.check(&value)?;
    let number = slot
        .key
        .members
        .and_then(|members| members.iter().position(|member| Value::from(member.wire) == value));
    let is_allowed =
        |only: &[u16]| number.is_none_or(|number| only.iter().any(|one| usize::from(*one) == number));
    if slot.only.is_some_and(|only| !is_allowed(only)) {
        return Err(Unfit::Members { value: value.to_string(), members: Vec::new() });
    }
    Ok(value)
}

/// What stands on a label for a value that doesn't fit.
#[must_use]
pub fn rest<'v>(slot: &Slot<'v>) -> Option<Value<'v>> {
    slot.bounded.map(|bounded| bounded.other).or(slot.other).map(Value::from)
}
