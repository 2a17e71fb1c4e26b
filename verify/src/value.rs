//! A value as it came, in each of the eight states that OTLP's `AnyValue` has.

use std::borrow::Cow;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use slo_model::{Object, Value};

/// How deep values are looked into; what is deeper is not a value of any contract.
const DEPTH: usize = 16;

/// A value as it came.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Came<'v> {
    /// One that a contract can have.
    Value(Value<'v>),
    /// The key came, and there is no value: `None` or `null` was set.
    Empty,
    /// Bytes, so many.
    Bytes(usize),
    /// A list whose elements are of different kinds.
    Mixed,
}

impl<'v> Came<'v> {
    /// A value of a record.
    pub(crate) fn of(value: Option<&'v AnyValue>) -> Came<'v> {
        came(value, DEPTH)
    }

    /// What it is, with its article, as messages have it.
    pub(crate) fn with_article(&self) -> String {
        match self {
            Came::Value(value) => value.value_type().with_article(),
            Came::Empty => "nothing".to_owned(),
            Came::Bytes(_) => "bytes".to_owned(),
            Came::Mixed => "a list of values of different types".to_owned(),
        }
    }
}

impl fmt::Display for Came<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Came::Value(value) => value.fmt(formatter),
            Came::Empty => formatter.write_str("nothing"),
            Came::Bytes(count) => write!(formatter, "{count} bytes"),
            Came::Mixed => formatter.write_str("a mixed list"),
        }
    }
}

/// A hash of pairs, whatever their order.
pub(crate) fn hash(pairs: &[KeyValue]) -> u64 {
    pairs.iter().fold(0, |all, pair| {
        let mut hasher = DefaultHasher::new();
        pair.key.hash(&mut hasher);
        hash_of(pair.value.as_ref(), DEPTH, &mut hasher);
        all.wrapping_add(hasher.finish())
    })
}

fn hash_of(value: Option<&AnyValue>, depth: usize, hasher: &mut DefaultHasher) {
    let Some(any) = value.and_then(|value| value.value.as_ref()) else { return 0_u8.hash(hasher) };
    std::mem::discriminant(any).hash(hasher);
    match any {
        Any::StringValue(text) => text.hash(hasher),
        Any::BoolValue(truth) => truth.hash(hasher),
        Any::IntValue(number) => number.hash(hasher),
        Any::DoubleValue(number) => number.to_bits().hash(hasher),
        Any::BytesValue(bytes) => bytes.hash(hasher),
        Any::ArrayValue(list) if depth > 0 => {
            list.values.iter().for_each(|value| hash_of(Some(value), depth - 1, hasher));
        }
        Any::KvlistValue(list) if depth > 0 => {
            for pair in &list.values {
                pair.key.hash(hasher);
                hash_of(pair.value.as_ref(), depth - 1, hasher);
            }
        }
        _ => {}
    }
}

fn came(value: Option<&AnyValue>, depth: usize) -> Came<'_> {
    let Some(any) = value.and_then(|value| value.value.as_ref()) else { return Came::Empty };
    match any {
        Any::StringValue(text) => Came::Value(Value::String(Cow::Borrowed(text))),
        Any::BoolValue(truth) => Came::Value(Value::Bool(*truth)),
        Any::IntValue(number) => Came::Value(Value::Int(*number)),
        Any::DoubleValue(number) => Came::Value(Value::Double(*number)),
        Any::BytesValue(bytes) => Came::Bytes(bytes.len()),
        Any::ArrayValue(list) if depth > 0 => array(&list.values, depth - 1),
        Any::KvlistValue(list) if depth > 0 => match object(&list.values, depth - 1) {
            Some(object) => Came::Value(Value::Object(object)),
            None => Came::Mixed,
        },
        // Whoever sends profiles sends indexes into a dictionary; no signal of a contract does.
        _ => Came::Mixed,
    }
}

fn object(list: &[KeyValue], depth: usize) -> Option<Object<'_>> {
    let members = list.iter().map(|pair| match came(pair.value.as_ref(), depth) {
        Came::Value(value) => Some((Cow::Borrowed(pair.key.as_str()), value)),
        Came::Empty | Came::Bytes(_) | Came::Mixed => None,
    });
    members.collect()
}

fn array(list: &[AnyValue], depth: usize) -> Came<'_> {
    let values: Option<Vec<Value<'_>>> = list
        .iter()
        .map(|value| match came(Some(value), depth) {
            Came::Value(value) => Some(value),
            Came::Empty | Came::Bytes(_) | Came::Mixed => None,
        })
        .collect();
    let Some(values) = values else { return Came::Mixed };
    same_kind(values).map_or(Came::Mixed, Came::Value)
}

/// A list of these, where they are of one kind: integers among doubles count as such, as JavaScript writes whole doubles so.
fn same_kind(values: Vec<Value<'_>>) -> Option<Value<'_>> {
    let has_double = values.iter().any(|value| matches!(value, Value::Double(_)));
    match values.first() {
        None => Some(Value::StringArray(Vec::new())),
        Some(Value::String(_)) => list(values, |value| match value {
            Value::String(text) => Some(text),
            _ => None,
        })
        .map(Value::StringArray),
        Some(Value::Int(_) | Value::Double(_)) if has_double => list(values, |value| match value {
            Value::Double(number) => Some(number),
            Value::Int(number) => Some(number as f64),
            _ => None,
        })
        .map(Value::DoubleArray),
        Some(Value::Int(_)) => list(values, |value| match value {
            Value::Int(number) => Some(number),
            _ => None,
        })
        .map(Value::IntArray),
        Some(Value::Bool(_)) => list(values, |value| match value {
            Value::Bool(truth) => Some(truth),
            _ => None,
        })
        .map(Value::BoolArray),
        Some(Value::Object(_)) => list(values, |value| match value {
            Value::Object(object) => Some(object),
            _ => None,
        })
        .map(Value::ObjectArray),
        Some(_) => None,
    }
}

fn list<'v, T>(values: Vec<Value<'v>>, of: impl Fn(Value<'v>) -> Option<T>) -> Option<Vec<T>> {
    values.into_iter().map(of).collect()
}
