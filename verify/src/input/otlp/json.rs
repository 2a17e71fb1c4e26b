//! OTLP/JSON, written as protobuf while it is read: one schema and one decoder are behind both, and no tree of it is in memory.
//!
//! A value that doesn't fit its field takes the record with it in which it stands, and no more. Fields that aren't known are passed over.
//!
//! Source: opentelemetry-proto, `docs/specification.md`, "JSON Protobuf Encoding"; protobuf, "ProtoJSON Format". What SDKs write beyond
//! that is taken: integers as numbers and beyond 64 bits, `null` for a double that JSON has no number for.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use prost::encoding::encode_varint;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::schema::{Field, Kind, LOGS, METRICS, Message, TRACES};
use super::wire::{begin, end, shown, tag};
use crate::input::limits::{DEEPEST, LARGEST_REQUEST};
use crate::input::refusal::{Problem, Wrong};

/// The protobuf of each signal that a text has requests of: spans, log records, metrics.
pub(super) struct Written {
    pub(super) traces: Option<Vec<u8>>,
    pub(super) logs: Option<Vec<u8>>,
    pub(super) metrics: Option<Vec<u8>>,
}

/// Stands where a text had no character. A text that has it itself is refused with it: it is none that a program would write
/// (Unicode, "Noncharacters").
const NO_CHARACTER: char = '\u{ffff}';

/// Writes a text's requests.
pub(super) fn write(text: &[u8], refused: &mut dyn FnMut(Problem)) -> Result<Written, Problem> {
    let mut kept = Vec::new();
    match attempt(text, false, &mut |problem| kept.push(problem)) {
        Ok(written) => {
            kept.drain(..).for_each(refused);
            Ok(written)
        }
        Err(problem) => match mended(text) {
            Some(text) => attempt(text.as_bytes(), true, refused),
            None => Err(problem),
        },
    }
}

fn attempt(text: &[u8], is_mended: bool, refused: &mut dyn FnMut(Problem)) -> Result<Written, Problem> {
    let mut written = Written { traces: None, logs: None, metrics: None };
    let mut writer =
        Writer { bytes: Vec::new(), path: Vec::new(), wrong: None, brackets: 0, is_mended, refused };
    let mut reader = serde_json::Deserializer::from_slice(text);
    let result = reader
        .deserialize_any(Top { writer: &mut writer, written: &mut written })
        .and_then(|()| reader.end());
    if let Err(error) = result {
        let wrong = match error.classify() {
            serde_json::error::Category::Eof => Wrong::Truncated,
            _ if std::str::from_utf8(text).is_err() => Wrong::NotUtf8,
            _ => Wrong::Malformed,
        };
        return Err(Problem::new(wrong, error.to_string()));
    }
    match writer.wrong.take() {
        None => Ok(written),
        Some((wrong, path)) => Err(Problem { path, ..Problem::new(wrong, "") }),
    }
}

/// The text with [`NO_CHARACTER`] for each sequence that is no character; nothing where there is none. `JSON.stringify` writes half of a
/// surrogate pair as `\ud800`, which no reader has a character for.
fn mended(text: &[u8]) -> Option<String> {
    let mut is_mended = false;
    let mut mended = String::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        mended.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            mended.push(NO_CHARACTER);
            is_mended = true;
        }
    }
    let mut whole = String::with_capacity(mended.len());
    let mut rest = mended.as_str();
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        whole.push_str(before);
        let unit = surrogate(escape);
        let length = match unit {
            Some(0xd800..=0xdbff) if matches!(escape.get(6..).and_then(surrogate), Some(0xdc00..=0xdfff)) => {
                12
            }
            Some(_) => {
                whole.push(NO_CHARACTER);
                is_mended = true;
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            // The backslash and what it is before.
            None => 1 + escape.chars().nth(1).map_or(0, char::len_utf8),
        };
        let (escape, behind) = escape.split_at_checked(length)?;
        whole.push_str(escape);
        rest = behind;
    }
    whole.push_str(rest);
    is_mended.then_some(whole)
}

/// The half of a surrogate pair that a text begins with.
fn surrogate(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(digits, 16).ok().filter(|unit| (0xd800..=0xdfff).contains(unit))
}

struct Writer<'r> {
    bytes: Vec<u8>,
    path: Vec<(&'static str, Option<usize>)>,
    /// What is wrong with the record that is open, and where.
    wrong: Option<(Wrong, String)>,
    brackets: usize,
    is_mended: bool,
    refused: &'r mut dyn FnMut(Problem),
}

impl Writer<'_> {
    fn misfit(&mut self, wrong: Wrong) {
        if self.wrong.is_none() {
            self.wrong = Some((wrong, shown(&self.path)));
        }
    }

    /// Whether there may be another bracket, and the buffer may grow.
    fn may_open(&mut self) -> bool {
        // Messages lie in each other by two brackets at most, of which the reader takes 128.
        if self.brackets >= DEEPEST {
            self.misfit(Wrong::TooDeep);
            return false;
        }
        if self.bytes.len() > 2 * LARGEST_REQUEST {
            self.misfit(Wrong::TooManyParts);
            return false;
        }
        true
    }

    fn varint(&mut self, number: u32, value: u64) {
        tag(number, 0, &mut self.bytes);
        encode_varint(value, &mut self.bytes);
    }

    fn fixed64(&mut self, number: u32, value: u64) {
        tag(number, 1, &mut self.bytes);
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    fn held(&mut self, number: u32, value: &[u8]) {
        tag(number, 2, &mut self.bytes);
        encode_varint(u64::try_from(value.len()).unwrap_or(0), &mut self.bytes);
        self.bytes.extend_from_slice(value);
    }

    fn number(&mut self, field: &Field, number: Number) {
        match field.kind {
            Kind::Double => return self.fixed64(field.number, number.double().to_bits()),
            Kind::Int(or) | Kind::FixedInt(or) => {
                let is_fixed = matches!(field.kind, Kind::FixedInt(_));
                match number.signed() {
                    Some(value) if is_fixed => self.fixed64(field.number, value.cast_unsigned()),
                    Some(value) => self.varint(field.number, value.cast_unsigned()),
                    None => self.fixed64(or, number.double().to_bits()),
                }
                return;
            }
            _ => {}
        }
        let fits = match field.kind {
            Kind::Fixed64 => number.unsigned().map(|value| self.fixed64(field.number, value)),
            Kind::Unsigned64 => number.unsigned().map(|value| self.varint(field.number, value)),
            Kind::Unsigned32 => {
                let value = number.unsigned().and_then(|value| u32::try_from(value).ok());
                value.map(|value| self.varint(field.number, value.into()))
            }
            Kind::Fixed32 => number.unsigned().and_then(|value| u32::try_from(value).ok()).map(|value| {
                tag(field.number, 5, &mut self.bytes);
                self.bytes.extend_from_slice(&value.to_le_bytes());
            }),
            Kind::Signed32 | Kind::Enum(..) => {
                let value = number.signed().and_then(|value| i32::try_from(value).ok());
                value.map(|value| self.varint(field.number, i64::from(value).cast_unsigned()))
            }
            Kind::ZigZag32 => number.signed().and_then(|value| i32::try_from(value).ok()).map(|value| {
                let value = ((value << 1) ^ (value >> 31)).cast_unsigned();
                self.varint(field.number, value.into());
            }),
            _ => None,
        };
        if fits.is_none() {
            self.misfit(Wrong::Misfit);
        }
    }

    fn text(&mut self, field: &Field, text: &str) {
        if self.is_mended && text.contains(NO_CHARACTER) {
            return self.misfit(Wrong::NotUtf8);
        }
        let fits = match field.kind {
            Kind::Text => {
                self.held(field.number, text.as_bytes());
                Some(())
            }
            Kind::Id => id(text).map(|bytes| self.held(field.number, &bytes)),
            Kind::Bytes => STANDARD.decode(text).ok().map(|bytes| self.held(field.number, &bytes)),
            Kind::Bool => text.parse().ok().map(|truth: bool| self.varint(field.number, truth.into())),
            Kind::Message(_) => None,
            Kind::Enum(prefix, names) if Number::of(text).is_none() => {
                let name = text.strip_prefix(prefix).and_then(|name| name.strip_prefix('_')).unwrap_or(text);
                let value =
                    names.iter().position(|own| *own == name).and_then(|value| u64::try_from(value).ok());
                value.map(|value| self.varint(field.number, value))
            }
            _ => Number::of(text).map(|number| self.number(field, number)),
        };
        if fits.is_none() {
            self.misfit(Wrong::Misfit);
        }
    }
}

/// An id in hexadecimal digits.
fn id(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let pair = |pair: &[u8]| match pair {
        [high, low] => u8::try_from(digit(high)? << 4 | digit(low)?).ok(),
        _ => None,
    };
    text.as_bytes().chunks(2).map(pair).collect()
}

/// A number as JSON has it.
#[derive(Clone, Copy)]
enum Number {
    Signed(i64),
    Unsigned(u64),
    Double(f64),
}

impl Number {
    /// A number as text.
    fn of(text: &str) -> Option<Number> {
        if let Ok(value) = text.parse() {
            return Some(Number::Signed(value));
        }
        if let Ok(value) = text.parse() {
            return Some(Number::Unsigned(value));
        }
        match text {
            "NaN" => Some(Number::Double(f64::NAN)),
            "Infinity" => Some(Number::Double(f64::INFINITY)),
            "-Infinity" => Some(Number::Double(f64::NEG_INFINITY)),
            _ => text.parse().ok().filter(|value: &f64| value.is_finite()).map(Number::Double),
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "a double is what is asked for")]
    fn double(self) -> f64 {
        match self {
            Number::Signed(value) => value as f64,
            Number::Unsigned(value) => value as f64,
            Number::Double(value) => value,
        }
    }

    #[allow(clippy::cast_possible_truncation, reason = "it is whole and in range")]
    fn signed(self) -> Option<i64> {
        match self {
            Number::Signed(value) => Some(value),
            Number::Unsigned(value) => i64::try_from(value).ok(),
            Number::Double(value) => {
                let is_one = value.fract() == 0.0
                    && (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&value);
                is_one.then_some(value as i64)
            }
        }
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is whole and in range")]
    fn unsigned(self) -> Option<u64> {
        match self {
            Number::Signed(value) => u64::try_from(value).ok(),
            Number::Unsigned(value) => Some(value),
            Number::Double(value) => {
                let is_one = value.fract() == 0.0 && (0.0..18_446_744_073_709_551_616.0).contains(&value);
                is_one.then_some(value as u64)
            }
        }
    }
}

/// The object at the top, by whose members the signal is known.
struct Top<'w, 'r> {
    writer: &'w mut Writer<'r>,
    written: &'w mut Written,
}

impl<'de> Visitor<'de> for Top<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with resourceSpans, resourceLogs or resourceMetrics")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key_seed(Name)? {
            let found = [
                (&TRACES, &mut self.written.traces),
                (&LOGS, &mut self.written.logs),
                (&METRICS, &mut self.written.metrics),
            ];
            let found = found.into_iter().find_map(|(message, bytes)| Some((message.named(&name)?, bytes)));
            let Some((field, bytes)) = found else {
                members.next_value::<IgnoredAny>()?;
                continue;
            };
            self.writer.bytes = bytes.take().unwrap_or_default();
            self.writer.path.push((field.name, None));
            members.next_value_seed(Value { writer: &mut *self.writer, field, is_element: false })?;
            self.writer.path.pop();
            *bytes = Some(std::mem::take(&mut self.writer.bytes));
        }
        Ok(())
    }
}

/// A member's name.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = std::borrow::Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = std::borrow::Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(name.into())
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(name.to_owned().into())
    }
}

/// The value of a field, or one of its values.
struct Value<'w, 'r> {
    writer: &'w mut Writer<'r>,
    field: &'static Field,
    is_element: bool,
}

impl Value<'_, '_> {
    fn message<'de, A: MapAccess<'de>>(
        self,
        message: &'static Message,
        mut members: A,
    ) -> Result<(), A::Error> {
        let Value { writer, field, .. } = self;
        let start = writer.bytes.len();
        let slot = begin(field.number, &mut writer.bytes);
        // What is wrong around a record is no matter of the record's.
        let around = if message.is_record { writer.wrong.take() } else { None };
        while let Some(name) = members.next_key_seed(Name)? {
            match message.named(&name) {
                None => _ = members.next_value::<IgnoredAny>()?,
                Some(field) => {
                    writer.path.push((field.name, None));
                    members.next_value_seed(Value { writer: &mut *writer, field, is_element: false })?;
                    writer.path.pop();
                }
            }
        }
        end(slot, &mut writer.bytes);
        if message.is_record {
            if let Some((wrong, path)) = writer.wrong.take() {
                writer.bytes.truncate(start);
                (writer.refused)(Problem { path, ..Problem::new(wrong, "") });
            }
            writer.wrong = around;
        }
        Ok(())
    }

    /// Whether one value may stand here.
    fn is_single(&mut self) -> bool {
        if self.field.is_repeated && !self.is_element {
            self.writer.misfit(Wrong::Misfit);
            return false;
        }
        true
    }

    fn number<E>(mut self, number: Number) -> Result<(), E> {
        if self.is_single() {
            self.writer.number(self.field, number);
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_bool<E>(mut self, value: bool) -> Result<(), E> {
        if self.is_single() {
            match self.field.kind {
                Kind::Bool => self.writer.varint(self.field.number, value.into()),
                _ => self.writer.misfit(Wrong::Misfit),
            }
        }
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.number(Number::Signed(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.number(Number::Unsigned(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.number(Number::Double(value))
    }

    fn visit_str<E>(mut self, value: &str) -> Result<(), E> {
        if self.is_single() {
            self.writer.text(self.field, value);
        }
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        match (self.field.kind, self.field.name) {
            // A value that is there. Of a sum or a bound it is one that isn't.
            (Kind::Double, "doubleValue" | "asDouble" | "value" | "quantile") => {
                self.writer.fixed64(self.field.number, f64::NAN.to_bits());
            }
            // An empty value in a list has its place.
            (Kind::Message(_), _) if self.is_element => {
                let slot = begin(self.field.number, &mut self.writer.bytes);
                end(slot, &mut self.writer.bytes);
            }
            _ if self.is_element => self.writer.misfit(Wrong::Misfit),
            _ => {}
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let Value { writer, field, is_element } = self;
        let is_one = field.is_repeated && !is_element;
        if !is_one {
            writer.misfit(Wrong::Misfit);
        }
        if !is_one || !writer.may_open() {
            while elements.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(());
        }
        writer.brackets += 1;
        let mut at = 0;
        loop {
            if let Some((_, place)) = writer.path.last_mut() {
                *place = Some(at);
            }
            if elements.next_element_seed(Value { writer: &mut *writer, field, is_element: true })?.is_none()
            {
                break;
            }
            at += 1;
        }
        writer.brackets -= 1;
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        let message = match self.field.kind {
            Kind::Message(message) => Some(message),
            _ => None,
        };
        if message.is_none() {
            self.writer.misfit(Wrong::Misfit);
        }
        let may = self.is_single() && self.writer.may_open();
        let Some(message) = message.filter(|_| may) else {
            while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(());
        };
        self.writer.brackets += 1;
        let Value { writer, field, is_element } = self;
        Value { writer: &mut *writer, field, is_element }.message(message, members)?;
        writer.brackets -= 1;
        Ok(())
    }
}

/// Whether an object has one of these members. Its other values are passed over, and only where one of the names stands in the text at all.
pub(super) fn has_member(text: &[u8], names: &[&str]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    if !text.contains("\"resource") || !names.iter().any(|name| text.contains(name)) {
        return false;
    }
    serde_json::from_str::<Members>(text)
        .is_ok_and(|members| names.iter().any(|name| members.0.iter().any(|own| own == name)))
}

/// The names of an object's first members.
struct Members(Vec<String>);

impl<'de> serde::Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members, D::Error> {
        deserializer.deserialize_map(MembersOf)
    }
}

struct MembersOf;

impl<'de> Visitor<'de> for MembersOf {
    type Value = Members;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Members, A::Error> {
        let mut names = Vec::new();
        while let Some(name) = members.next_key()? {
            members.next_value::<IgnoredAny>()?;
            if names.len() < 64 {
                names.push(name);
            }
        }
        Ok(Members(names))
    }
}
