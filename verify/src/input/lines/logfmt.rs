//! Lines of `logfmt`: `key=value`, with quotes where a value has blanks.
//!
//! It has no specification. This reads what Go's `log/slog` `TextHandler`, go-kit, logrus and zerolog's readers write: quoted as Go and JSON
//! quote, a key alone for `true`.

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};

use crate::input::refusal::{Problem, Wrong};

/// Whether a line is one: two pairs, or one that a logger begins with.
pub(in crate::input) fn is_logfmt(line: &str) -> bool {
    let Ok(members) = members(line) else { return false };
    let pairs = members.iter().filter(|member| member.value.is_some());
    let is_known = members.first().is_some_and(|first| super::names::role(&first.key).is_some());
    // Prose has a word in front, and a pair somewhere.
    members.first().is_some_and(|first| first.value.is_some()) && (is_known || pairs.count() >= 2)
}

/// The pairs of a line. A key alone has no value.
pub(super) fn members(line: &str) -> Result<Vec<KeyValue>, Problem> {
    let wrong = || Problem::new(Wrong::Malformed, "this is no line of logfmt");
    let mut members = Vec::new();
    let mut rest = line.trim();
    while !rest.is_empty() {
        let length = rest.find([' ', '\t', '=', '"']).unwrap_or(rest.len());
        let key;
        if length == 0 && rest.starts_with('"') {
            // slog quotes a key that has blanks.
            (key, rest) = quoted(rest).ok_or_else(wrong)?;
        } else {
            let (plain, behind) = rest.split_at(length);
            (key, rest) = (plain.to_owned(), behind);
        }
        if key.is_empty() {
            return Err(wrong());
        }
        let value = match rest.strip_prefix('=') {
            None if rest.starts_with('"') => return Err(wrong()),
            None => None,
            Some(behind) if behind.starts_with('"') => {
                let text;
                (text, rest) = quoted(behind).ok_or_else(wrong)?;
                Some(text)
            }
            Some(behind) => {
                let length = behind.find([' ', '\t']).unwrap_or(behind.len());
                let (text, behind) = behind.split_at(length);
                rest = behind;
                Some(text.to_owned())
            }
        };
        if !rest.is_empty() && !rest.starts_with([' ', '\t']) {
            return Err(wrong());
        }
        rest = rest.trim_start();
        let value = value.map(|text| AnyValue { value: Some(Value::StringValue(text)) });
        members.push(KeyValue { key, value, ..KeyValue::default() });
    }
    Ok(members)
}

/// A text in quotes, and what is behind it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut rest = text.strip_prefix('"')?;
    loop {
        let at = rest.find(['"', '\\'])?;
        let (plain, special) = rest.split_at(at);
        value.push_str(plain);
        if let Some(rest) = special.strip_prefix('"') {
            return Some((value, rest));
        }
        let mut characters = special.chars();
        characters.next();
        let digits = match characters.next()? {
            'n' => Ok('\n'),
            't' => Ok('\t'),
            'r' => Ok('\r'),
            'x' => Err(2),
            'u' => Err(4),
            'U' => Err(8),
            other => Ok(other),
        };
        rest = characters.as_str();
        match digits {
            Ok(character) => value.push(character),
            Err(count) => {
                let (digits, behind) = rest.split_at_checked(count)?;
                let number = u32::from_str_radix(digits, 16).ok()?;
                value.push(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER));
                rest = behind;
            }
        }
    }
}
