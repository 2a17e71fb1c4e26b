//! Values as OpenTelemetry takes them.

use std::borrow::Cow;
use std::sync::Arc;

use opentelemetry::logs::AnyValue;
use opentelemetry::{Array, Key, KeyValue, StringValue};
use slo_model::event::{Event, FieldKind, PairValue, Signal, Slot, Variant, Writer, WriterValue};
use slo_model::{Literal, Object, Value};

use super::stated::Part;
use crate::event::FieldValue;

/// A value as spans and metrics have it; log records have their own type for it.
pub(crate) trait Attribute {
    fn text(text: StringValue) -> Self;
    fn int(number: i64) -> Self;
    fn double(number: f64) -> Self;
    fn bool(truth: bool) -> Self;
    fn array(array: Array) -> Self;
    /// An object or a list of objects, which only log records hold.
    fn object(object: &Value<'_>) -> Option<Self>
    where
        Self: Sized;
}

impl Attribute for opentelemetry::Value {
    #[inline(always)]
    fn text(text: StringValue) -> Self {
        opentelemetry::Value::String(text)
    }
    #[inline(always)]
    fn int(number: i64) -> Self {
        opentelemetry::Value::I64(number)
    }
    #[inline(always)]
    fn double(number: f64) -> Self {
        opentelemetry::Value::F64(number)
    }
    #[inline(always)]
    fn bool(truth: bool) -> Self {
        opentelemetry::Value::Bool(truth)
    }
    fn array(array: Array) -> Self {
        opentelemetry::Value::Array(array)
    }
    fn object(_: &Value<'_>) -> Option<Self> {
        None
    }
}

impl Attribute for AnyValue {
    #[inline(always)]
    fn text(text: StringValue) -> Self {
        AnyValue::String(text)
    }
    #[inline(always)]
    fn int(number: i64) -> Self {
        AnyValue::Int(number)
    }
    #[inline(always)]
    fn double(number: f64) -> Self {
        AnyValue::Double(number)
    }
    #[inline(always)]
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
    fn object(object: &Value<'_>) -> Option<Self> {
        Some(any_value(object))
    }
}

/// A value as log records have it.
fn any_value(value: &Value<'_>) -> AnyValue {
    let object = |members: &Object<'_>| {
        let members = members.iter();
        let members = members.map(|(name, value)| (Key::new(name.clone().into_owned()), any_value(value)));
        AnyValue::Map(Box::new(members.collect()))
    };
    match value {
        Value::String(text) => AnyValue::String(text.clone().into_owned().into()),
        Value::Int(number) => AnyValue::Int(*number),
        Value::Double(number) => AnyValue::Double(*number),
        Value::Bool(truth) => AnyValue::Boolean(*truth),
        Value::Object(members) => object(members),
        Value::ObjectArray(list) => AnyValue::ListAny(Box::new(list.iter().map(object).collect())),
        list => array(list).map_or_else(|| AnyValue::ListAny(Box::default()), AnyValue::array),
    }
}

/// The variant that a meaning of this field is, with the place of its number.
#[inline]
pub(crate) fn variant(
    table: &'static Event<'static>,
    values: &[FieldValue<'_>],
    number: u16,
    variants: &'static [Variant<'static>],
) -> Option<(usize, &'static Variant<'static>)> {
    let at = usize::from(table.fields.get(usize::from(number))?.at);
    match values.get(at)? {
        FieldValue::Variant(variant) => Some((at, variants.get(usize::from(*variant))?)),
        _ => None,
    }
}

/// Hands each attribute that these writers of a span, of an event on one or of a log record write to `add`.
#[inline]
pub(crate) fn attributes<A: Attribute>(
    table: &'static Event<'static>,
    values: &[FieldValue<'_>],
    signal: Signal,
    writers: &'static [Writer<'static>],
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
            WriterValue::Field(number) | WriterValue::Text(number) => {
                if let Some(field) = table.fields.get(usize::from(*number))
                    && part.has(field.at_begin)
                    && let FieldKind::Plain { slot, .. } = &field.kind
                    && let Some(held) = values.get(usize::from(field.at))
                {
                    let shown = match writer.value {
                        WriterValue::Text(_) => text_of(slot, held).map(A::text),
                        _ => value(slot, held),
                    };
                    if let Some(shown) = shown {
                        add(writer.key, shown);
                    }
                }
            }
            WriterValue::Meaning(number, face) => {
                let at_begin = table.fields.get(usize::from(*number)).is_some_and(|field| field.at_begin);
                if part.has(at_begin)
                    && let Some((at, variant)) = variant(table, values, *number, face.variants)
                {
                    for pair in variant.pairs(signal) {
                        if let Some(shown) = shown(values, at, variant, &pair.value) {
                            add(pair.key, shown);
                        }
                    }
                }
            }
        }
    }
}

/// What a pair of a variant shows, whose number stands at this place.
#[inline]
fn shown<A: Attribute>(
    values: &[FieldValue<'_>],
    at: usize,
    variant: &'static Variant<'static>,
    shown: &PairValue<'static>,
) -> Option<A> {
    let carried = |number: u16| {
        let number = usize::from(number);
        Some((variant.payload.get(number)?, values.get(at + 1 + number)?))
    };
    match shown {
        PairValue::Constant(literal) => Some(constant(literal)),
        PairValue::Payload(number) => carried(*number).and_then(|(slot, held)| value(slot, held)),
        PairValue::Text(number) => carried(*number).and_then(|(slot, held)| text_of(slot, held)).map(A::text),
    }
}

/// A constant of the contract.
#[inline(always)]
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

/// A field's value; none where it is absent or does not fit.
#[inline(always)]
pub(crate) fn value<A: Attribute>(slot: &Slot<'static>, value: &FieldValue<'_>) -> Option<A> {
    Some(match value {
        FieldValue::Member(number) => constant(&slot.key.members?.get(usize::from(*number))?.wire),
        FieldValue::Static(text) => A::text((*text).into()),
        FieldValue::Shared(text) => A::text(Arc::clone(text).into()),
        FieldValue::Borrowed(text) => A::text(Arc::<str>::from(*text).into()),
        FieldValue::Int(number) => A::int(*number),
        FieldValue::Double(number) => A::double(*number),
        FieldValue::Bool(truth) => A::bool(*truth),
        FieldValue::List(object @ (Value::Object(_) | Value::ObjectArray(_))) => A::object(object)?,
        FieldValue::List(list) => A::array(array(list)?),
        FieldValue::Constant(literal) => constant(literal),
        // What had to be made was made before.
        FieldValue::Absent
        | FieldValue::Invalid
        | FieldValue::Variant(_)
        | FieldValue::Contexts(_)
        | FieldValue::Late(_) => return None,
    })
}

fn array(list: &Value<'_>) -> Option<Array> {
    let text = |text: &Cow<'_, str>| StringValue::from(text.clone().into_owned());
    Some(match list {
        Value::StringArray(list) => Array::String(list.iter().map(text).collect()),
        Value::IntArray(list) => Array::I64(list.clone()),
        Value::DoubleArray(list) => Array::F64(list.clone()),
        Value::BoolArray(list) => Array::Bool(list.clone()),
        Value::String(_)
        | Value::Int(_)
        | Value::Double(_)
        | Value::Bool(_)
        | Value::Object(_)
        | Value::ObjectArray(_) => return None,
    })
}

/// A value as text: decimal, `true` or `false`, or the text itself.
pub(crate) fn text_of(slot: &Slot<'static>, held: &FieldValue<'_>) -> Option<StringValue> {
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
#[inline(always)]
pub(crate) fn pair(key: &'static str, value: opentelemetry::Value) -> KeyValue {
    KeyValue::new(Key::from_static_str(key), value)
}
