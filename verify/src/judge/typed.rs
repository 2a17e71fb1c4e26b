//! Values that came as text alone, of labels and of `logfmt`, as the types that their keys have.

use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use slo_model::event::PairValue;
use slo_model::{Value, ValueType};

use crate::tables::shape::{Shape, Use};

/// The types that what stands under a key may have.
fn types(shape: &Shape<'_>, key: &str) -> Vec<ValueType> {
    let Some(number) = shape.number(key) else { return Vec::new() };
    let uses = shape.entries.get(number).map_or(&[][..], |entry| entry.uses.as_slice());
    let of_use = |one: &Use<'_>| match one {
        Use::Constant(literal) => vec![Value::from(*literal).value_type()],
        Use::Field { as_text: true, .. } => vec![ValueType::String],
        Use::Field { slot, .. } => vec![slot.key.value_type],
        Use::Key(key) => vec![key.value_type],
        Use::Meaning(meaning) => {
            let variants = shape.meanings.get(*meaning).map_or(&[][..], |meant| meant.variants.as_slice());
            let pairs =
                variants.iter().flat_map(|variant| variant.pairs.iter().map(move |pair| (variant, pair)));
            let own = pairs.filter(|(_, (entry, _))| *entry == number);
            own.filter_map(|(variant, (_, value))| match value {
                PairValue::Constant(literal) => Some(Value::from(*literal).value_type()),
                PairValue::Text(_) => Some(ValueType::String),
                PairValue::Payload(payload) => {
                    variant.payload.get(usize::from(*payload)).map(|slot| slot.key.value_type)
                }
            })
            .collect()
        }
    };
    uses.iter().flat_map(of_use).collect()
}

/// A text as a value of the type that the key has; as text where it is none of it.
pub(super) fn value(shape: &Shape<'_>, key: &str, text: &str) -> Any {
    let types = types(shape, key);
    if types.is_empty() || types.iter().any(|one| matches!(one, ValueType::String | ValueType::Any)) {
        return Any::StringValue(text.to_owned());
    }
    let of_type = |one: &ValueType| match one {
        // Java and Python write whole doubles as `2.0`, the others as `2`.
        ValueType::Int => text.parse().ok().map(Any::IntValue),
        ValueType::Double => text.parse().ok().map(Any::DoubleValue),
        ValueType::Bool => text.parse().ok().map(Any::BoolValue),
        _ => None,
    };
    types.iter().find_map(of_type).unwrap_or_else(|| Any::StringValue(text.to_owned()))
}
