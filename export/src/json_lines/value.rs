//! Values as JSON.
//!
//! As OTLP's mapping to JSON has them (Protocol Buffers, "ProtoJSON Format"), but for integers, which are numbers: bytes are
//! base64, and numbers that JSON has no text for are `"NaN"`, `"Infinity"` and `"-Infinity"`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use opentelemetry::logs::AnyValue;
use opentelemetry::{Array, Key, Value};

/// How deep lists and objects stand in each other in one line: readers have limits of their own, 128 is common.
pub(super) const DEPTH: usize = 64;

/// A value that stands in a line.
pub(super) trait Json {
    /// Appends it. `depth` is how deep it stands.
    fn write(&self, depth: usize, line: &mut Vec<u8>);
}

impl<T: Json + ?Sized> Json for &T {
    fn write(&self, depth: usize, line: &mut Vec<u8>) {
        (**self).write(depth, line);
    }
}

/// Appends a text in quotes. No text ends a line.
pub(super) fn text(text: &str, line: &mut Vec<u8>) {
    // Writing to a vector can't fail.
    _ = serde_json::to_writer(line, text);
}

pub(super) fn int(number: i64, line: &mut Vec<u8>) {
    line.extend_from_slice(number.to_string().as_bytes());
}

fn bool(truth: bool, line: &mut Vec<u8>) {
    line.extend_from_slice(if truth { b"true" } else { b"false" });
}

fn double(number: f64, line: &mut Vec<u8>) {
    if number.is_finite() {
        // As above.
        _ = serde_json::to_writer(line, &number);
    } else if number.is_nan() {
        text("NaN", line);
    } else {
        text(if number > 0.0 { "Infinity" } else { "-Infinity" }, line);
    }
}

/// Appends a list.
pub(super) fn list<T>(list: &[T], mut element: impl FnMut(&T, &mut Vec<u8>), line: &mut Vec<u8>) {
    line.push(b'[');
    for (index, one) in list.iter().enumerate() {
        if index > 0 {
            line.push(b',');
        }
        element(one, line);
    }
    line.push(b']');
}

/// Appends an object.
pub(super) fn object<K: AsRef<str>, V>(
    members: impl IntoIterator<Item = (K, V)>,
    mut value: impl FnMut(V, &mut Vec<u8>),
    line: &mut Vec<u8>,
) {
    line.push(b'{');
    for (index, (name, member)) in members.into_iter().enumerate() {
        if index > 0 {
            line.push(b',');
        }
        text(name.as_ref(), line);
        line.push(b':');
        value(member, line);
    }
    line.push(b'}');
}

impl Json for Value {
    fn write(&self, _: usize, line: &mut Vec<u8>) {
        match self {
            Value::Bool(truth) => bool(*truth, line),
            Value::I64(number) => int(*number, line),
            Value::F64(number) => double(*number, line),
            Value::String(own) => text(own.as_str(), line),
            Value::Array(Array::Bool(own)) => list(own, |truth, line| bool(*truth, line), line),
            Value::Array(Array::I64(own)) => list(own, |number, line| int(*number, line), line),
            Value::Array(Array::F64(own)) => list(own, |number, line| double(*number, line), line),
            Value::Array(Array::String(own)) => list(own, |own, line| text(own.as_str(), line), line),
            // The SDK's enums may grow.
            other => text(&other.to_string(), line),
        }
    }
}

impl Json for AnyValue {
    fn write(&self, depth: usize, line: &mut Vec<u8>) {
        let nests = matches!(self, AnyValue::ListAny(_) | AnyValue::Map(_));
        if nests && depth >= DEPTH {
            return text("nested too deeply to be shown", line);
        }
        match self {
            AnyValue::Boolean(truth) => bool(*truth, line),
            AnyValue::Int(number) => int(*number, line),
            AnyValue::Double(number) => double(*number, line),
            AnyValue::String(own) => text(own.as_str(), line),
            AnyValue::Bytes(bytes) => text(&STANDARD.encode(bytes.as_slice()), line),
            AnyValue::ListAny(own) => list(own, |one, line| one.write(depth + 1, line), line),
            AnyValue::Map(own) => {
                let mut members: Vec<(&Key, &AnyValue)> = own.iter().collect();
                // A map has them in another order each time.
                members.sort_by(|left, right| left.0.as_str().cmp(right.0.as_str()));
                let members = members.into_iter().map(|(key, value)| (key.as_str(), value));
                object(members, |value, line| value.write(depth + 1, line), line);
            }
            // As above.
            other => text(&format!("{other:?}"), line),
        }
    }
}
