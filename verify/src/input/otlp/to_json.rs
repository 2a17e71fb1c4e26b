//! Requests as OTLP/JSON: what [`json`](super::json) reads back as the same messages.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::schema::{Field, Kind, Message};
use super::wire::{Fields, Raw, varint};
use crate::input::limits::{DEEPEST, LARGEST_REQUEST};
use crate::input::refusal::{Problem, Wrong};

/// Writes the members of a request that prost encoded, without the braces around them. It fails where what it writes could not be read back.
pub(super) fn members(bytes: &[u8], message: &Message, text: &mut Vec<u8>) -> Result<(), Problem> {
    // A request is one list of resources: where there are none, the list says which signal it is of.
    match (bytes, message.fields) {
        ([], [only]) => {
            name(only, text);
            text.extend_from_slice(b"[]");
            Ok(())
        }
        // The brace around the request is one.
        _ => fields(bytes, message, 1, text).map_err(|wrong| Problem::new(wrong, "as OTLP/JSON")),
    }
}

fn fields(bytes: &[u8], message: &Message, depth: usize, text: &mut Vec<u8>) -> Result<(), Wrong> {
    if depth > DEEPEST {
        return Err(Wrong::TooDeep);
    }
    let mut open: Option<u32> = None;
    let mut is_first = true;
    for raw in (Fields { rest: bytes }) {
        let raw = raw?;
        // Prost writes no field that it doesn't know, and those of a list one after the other.
        let field = message.numbered(raw.number).ok_or(Wrong::Malformed)?;
        if open != Some(raw.number) {
            if open.take().is_some() {
                text.push(b']');
            }
            if !std::mem::take(&mut is_first) {
                text.push(b',');
            }
            name(field, text);
            if field.is_repeated {
                text.push(b'[');
                open = Some(raw.number);
            }
        } else {
            text.push(b',');
        }
        values(&raw, field, depth + usize::from(field.is_repeated), text)?;
        if text.len() > LARGEST_REQUEST {
            return Err(Wrong::TooLarge);
        }
    }
    if open.is_some() {
        text.push(b']');
    }
    Ok(())
}

fn name(field: &Field, text: &mut Vec<u8>) {
    text.push(b'"');
    text.extend_from_slice(field.name.as_bytes());
    text.extend_from_slice(b"\":");
}

/// The value of a field, or the values of a list of numbers, which stand in one field.
fn values(raw: &Raw<'_>, field: &Field, depth: usize, text: &mut Vec<u8>) -> Result<(), Wrong> {
    if raw.wire != 2 || field.kind.wire() == 2 {
        return value(raw.held, field.kind, depth, text);
    }
    let mut rest = raw.held;
    while !rest.is_empty() {
        let length = match field.kind.wire() {
            1 => 8,
            5 => 4,
            _ => rest.len() - varint(rest)?.1.len(),
        };
        let (one, behind) = rest.split_at_checked(length).ok_or(Wrong::Truncated)?;
        value(one, field.kind, depth, text)?;
        rest = behind;
        if !rest.is_empty() {
            text.push(b',');
        }
    }
    Ok(())
}

fn value(held: &[u8], kind: Kind, depth: usize, text: &mut Vec<u8>) -> Result<(), Wrong> {
    let fixed64 = || held.try_into().map(u64::from_le_bytes).map_err(|_| Wrong::Truncated);
    let number = || varint(held).map(|(value, _)| value);
    // 64 bits are text, as JSON's readers take numbers for doubles (protobuf, "ProtoJSON Format").
    let shown = match kind {
        Kind::Message(message) => {
            text.push(b'{');
            fields(held, message, depth + 1, text)?;
            text.push(b'}');
            return Ok(());
        }
        Kind::Text => {
            let held = std::str::from_utf8(held).map_err(|_| Wrong::NotUtf8)?;
            return serde_json::to_writer(text, held).map_err(|_| Wrong::Malformed);
        }
        Kind::Id => format!("\"{}\"", held.iter().map(|byte| format!("{byte:02x}")).collect::<String>()),
        Kind::Bytes => format!("\"{}\"", STANDARD.encode(held)),
        Kind::Bool => (number()? != 0).to_string(),
        Kind::Unsigned32 => number()?.to_string(),
        Kind::Signed32 | Kind::Enum(..) => number()?.cast_signed().to_string(),
        Kind::ZigZag32 => {
            let value = number()?;
            ((value >> 1).cast_signed() ^ -(value & 1).cast_signed()).to_string()
        }
        Kind::Fixed32 => held.try_into().map(u32::from_le_bytes).map_err(|_| Wrong::Truncated)?.to_string(),
        Kind::Unsigned64 => format!("\"{}\"", number()?),
        Kind::Fixed64 => format!("\"{}\"", fixed64()?),
        Kind::Int(_) => format!("\"{}\"", number()?.cast_signed()),
        Kind::FixedInt(_) => format!("\"{}\"", fixed64()?.cast_signed()),
        Kind::Double => double(f64::from_bits(fixed64()?)),
    };
    text.extend_from_slice(shown.as_bytes());
    Ok(())
}

fn double(value: f64) -> String {
    match value {
        _ if value.is_nan() => "\"NaN\"".to_owned(),
        f64::INFINITY => "\"Infinity\"".to_owned(),
        f64::NEG_INFINITY => "\"-Infinity\"".to_owned(),
        // With the shortest digits that are read back as the same double.
        _ => serde_json::Number::from_f64(value).map_or_else(String::new, |number| number.to_string()),
    }
}
