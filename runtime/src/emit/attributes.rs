//! Values as OpenTelemetry takes them.

use std::borrow::Cow;
use std::sync::Arc;

use opentelemetry::logs::AnyValue;
use opentelemetry::{Array, Key, KeyValue, StringValue};
use slo_model::event::{Event, Field, FieldKind, Meaning, PairValue, Signal, Slot, Writer, WriterValue};
use slo_model::{Literal, Value};

use crate::FieldValue;

/// Which of an event's attributes are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    All,
    /// Constants, and what is known at the begin.
    Begin,
    /// What is known later.
    Later,
}

impl Part {
    fn has(self, field: &Field<'static>) -> bool {
        match self {
            Part::All => true,
            Part::Begin => field.at_begin,
            Part::Later => !field.at_begin,
        }
    }
}

/// A value as spans and metrics have it; log records have their own type for it.
pub(crate) trait Attribute {
    fn text(text: StringValue) -> Self;
    fn int(number: i64) -> Self;
    fn double(number: f64) -> Self;
    fn bool(truth: bool) -> Self;
    fn array(array: Array) -> Self;
}

impl Attribute for opentelemetry::Value {
    fn text(text: StringValue) -> Self {
        opentelemetry::Value::String(text)
    }
    fn int(number: i64) -> Self {
        opentelemetry::Value::I64(number)
    }
    fn double(number: f64) -> Self {
        opentelemetry::Value::F64(number)
    }
    fn bool(truth: bool) -> Self {
        opentelemetry::Value::Bool(truth)
    }
    fn array(array: Array) -> Self {
        opentelemetry::Value::Array(array)
    }
}

impl Attribute for AnyValue {
    fn text(text: StringValue) -> Self {
        AnyValue::String(text)
    }
    fn int(number: i64) -> Self {
        AnyValue::Int(number)
    }
    fn double(number: f64) -> Self {
        AnyValue::Double(number)
    }
    fn bool(truth: bool) -> Self {
        AnyValue::Boolean(truth)
    }
    fn array(array: Array) -> Self {
        match array {
            Array::Bool(list) => list.into_iter().collect(),
            Array::I64(list) => list.into_iter().collect(),
            Array::F64(list) => list.into_iter().collect(),
            Array::String(list) => list.into_iter().collect(),
            // The SDK's enum may grow; ours makes these four.
            _ => AnyValue::ListAny(Box::default()),
        }
    }
}

/// A constant of the contract.
pub(crate) fn constant<A: Attribute>(literal: &Literal<'static>) -> A {
    match *literal {
        Literal::String(text) => A::text(text.into()),
        Literal::Int(number) => A::int(number),
        Literal::Double(number) => A::double(number),
        Literal::Bool(truth) => A::bool(truth),
        Literal::StringArray(list) => {
            A::array(Array::String(list.iter().map(|text| StringValue::from(*text)).collect()))
        }
        Literal::IntArray(list) => A::array(Array::I64(list.to_vec())),
        Literal::DoubleArray(list) => A::array(Array::F64(list.to_vec())),
        Literal::BoolArray(list) => A::array(Array::Bool(list.to_vec())),
    }
}

/// Makes text that only the caller has into text that signals share, once for all of them.
pub(crate) fn share(values: &mut [FieldValue<'_>]) {
    for value in values {
        if let FieldValue::Borrowed(text) = value {
            *value = FieldValue::Owned(Arc::from(*text));
        }
    }
}

/// A field's value; none where it is absent or does not fit.
pub(crate) fn value<A: Attribute>(slot: &Slot<'static>, value: &FieldValue<'_>) -> Option<A> {
    Some(match value {
        FieldValue::Member(number) => constant(&slot.key.members?.get(usize::from(*number))?.wire),
        FieldValue::Static(text) => A::text((*text).into()),
        FieldValue::Shared(text) => A::text(Arc::clone(text).into()),
        FieldValue::Owned(text) => A::text(Arc::clone(text).into()),
        FieldValue::Borrowed(text) => A::text(Arc::<str>::from(*text).into()),
        FieldValue::Int(number) => A::int(*number),
        FieldValue::Double(number) => A::double(*number),
        FieldValue::Bool(truth) => A::bool(*truth),
        FieldValue::List(list) => A::array(array(list)?),
        FieldValue::Absent | FieldValue::Invalid(_) | FieldValue::Variant(_) | FieldValue::Contexts(_) => {
            return None;
        }
    })
}

fn array(list: &Value<'_>) -> Option<Array> {
    let text = |text: &Cow<'_, str>| StringValue::from(text.clone().into_owned());
    Some(match list {
        Value::StringArray(list) => Array::String(list.iter().map(text).collect()),
        Value::IntArray(list) => Array::I64(list.clone()),
        Value::DoubleArray(list) => Array::F64(list.clone()),
        Value::BoolArray(list) => Array::Bool(list.clone()),
        Value::String(_) | Value::Int(_) | Value::Double(_) | Value::Bool(_) => return None,
    })
}

/// Hands each pair that writers write in this part to `add`.
pub(crate) fn write<A: Attribute>(
    event: &Event<'static>,
    signal: Signal,
    writers: &[Writer<'static>],
    values: &[FieldValue<'_>],
    part: Part,
    mut add: impl FnMut(&'static str, A),
) {
    for writer in writers {
        match &writer.value {
            WriterValue::Constant(literal) => {
                if part != Part::Later {
                    add(writer.key, constant(literal));
                }
            }
            WriterValue::Field(field) => {
                let Some(field) = event.fields.get(usize::from(*field)) else { continue };
                if !part.has(field) {
                    continue;
                }
                if let FieldKind::Plain { slot, .. } = &field.kind
                    && let Some(held) = values.get(usize::from(field.at))
                    && let Some(attribute) = value(slot, held)
                {
                    add(writer.key, attribute);
                }
            }
            WriterValue::Meaning(field, face) => {
                let Some(field) = event.fields.get(usize::from(*field)) else { continue };
                if !part.has(field) {
                    continue;
                }
                write_meaning(
                    face,
                    signal,
                    values.get(usize::from(field.at)..).unwrap_or_default(),
                    &mut add,
                );
            }
        }
    }
}

/// The pairs that a variant writes: its number stands first, its payload behind it.
pub(crate) fn write_meaning<A: Attribute>(
    face: &Meaning<'static>,
    signal: Signal,
    values: &[FieldValue<'_>],
    add: &mut impl FnMut(&'static str, A),
) {
    let Some((FieldValue::Variant(number), payload)) = values.split_first() else { return };
    let Some(variant) = face.variants.get(usize::from(*number)) else { return };
    for pair in variant.pairs(signal) {
        let carried = |number: u16| {
            let number = usize::from(number);
            Some((variant.payload.get(number)?, payload.get(number)?))
        };
        let attribute = match &pair.value {
            PairValue::Constant(literal) => Some(constant(literal)),
            PairValue::Payload(number) => carried(*number).and_then(|(slot, held)| value(slot, held)),
            PairValue::Text(number) => {
                carried(*number).and_then(|(slot, held)| text(slot, held)).map(A::text)
            }
        };
        if let Some(attribute) = attribute {
            add(pair.key, attribute);
        }
    }
}

/// A value as text: decimal, `true` or `false`, or the text itself.
pub(crate) fn text(slot: &Slot<'static>, held: &FieldValue<'_>) -> Option<StringValue> {
    Some(match held {
        FieldValue::Int(number) => number.to_string().into(),
        FieldValue::Double(number) => format!("{number:?}").into(),
        FieldValue::Bool(true) => "true".into(),
        FieldValue::Bool(false) => "false".into(),
        held => match value(slot, held)? {
            opentelemetry::Value::String(text) => text,
            other => other.to_string().into(),
        },
    })
}

/// A pair with a key of the contract.
pub(crate) fn pair(key: &'static str, value: opentelemetry::Value) -> KeyValue {
    KeyValue::new(Key::from_static_str(key), value)
}

/// The most pairs that writers write.
pub(crate) fn most(signal: Signal, writers: &[Writer<'static>]) -> usize {
    let of = |writer: &Writer<'static>| match &writer.value {
        WriterValue::Constant(_) | WriterValue::Field(_) => 1,
        WriterValue::Meaning(_, face) => {
            face.variants.iter().map(|variant| variant.pairs(signal).len()).max().unwrap_or(0)
        }
    };
    writers.iter().map(of).sum()
}
