//! Texts with parts that vary: names of spans and bodies of log records.

use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Part {
    Text(String),
    /// What stands under this key of the record.
    Key(String),
    /// Something with a digit in it, of which the record says nothing.
    Varying,
}

/// How much of a text is looked at, in bytes; a longer one is a text of its own.
const LONGEST: usize = 512;

/// How short a value is that is looked for in a text, in bytes: shorter ones stand anywhere.
const SHORTEST: usize = 2;

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// The texts of a record's values, the longest first.
fn texts(attributes: &[KeyValue]) -> Vec<(&str, String)> {
    let text = |pair: &KeyValue| match pair.value.as_ref()?.value.as_ref()? {
        Any::StringValue(text) => Some(text.clone()),
        Any::IntValue(number) => Some(number.to_string()),
        _ => None,
    };
    let mut all: Vec<(&str, String)> = attributes
        .iter()
        .filter_map(|pair| Some((pair.key.as_str(), text(pair)?)))
        .filter(|(_, text)| text.len() >= SHORTEST && text.len() <= LONGEST)
        .collect();
    all.sort_by(|(one, text), (other, longer)| longer.len().cmp(&text.len()).then(one.cmp(other)));
    all
}

/// The parts of a text, and what stood in those that vary: values of the record as a whole word each, and other words with digits.
pub(super) fn parts(text: &str, attributes: &[KeyValue]) -> (Vec<Part>, Vec<String>) {
    if text.len() > LONGEST {
        return (vec![Part::Text(text.to_owned())], Vec::new());
    }
    let values = texts(attributes);
    let bytes = text.as_bytes();
    let (mut all, mut varying) = (Vec::new(), Vec::new());
    let (mut from, mut at) = (0, 0);
    let push = |all: &mut Vec<Part>, from: usize, to: usize| {
        if let Some(between) = text.get(from..to).filter(|between| !between.is_empty()) {
            all.push(Part::Text(between.to_owned()));
        }
    };
    while at < bytes.len() {
        let begins = at == 0 || !bytes.get(at - 1).copied().is_some_and(is_word);
        let rest = if text.is_char_boundary(at) { text.get(at..).unwrap_or("") } else { "" };
        let ends = |length: usize| !bytes.get(at + length).copied().is_some_and(is_word);
        let value = values.iter().find(|(_, value)| {
            let is_bounded = begins || !value.bytes().next().is_some_and(is_word);
            is_bounded
                && rest.starts_with(value.as_str())
                && (ends(value.len()) || !value.bytes().last().is_some_and(is_word))
        });
        if let Some((key, value)) = value {
            push(&mut all, from, at);
            all.push(Part::Key((*key).to_owned()));
            at += value.len();
            from = at;
            continue;
        }
        if begins && bytes.get(at).copied().is_some_and(is_word) {
            let length =
                rest.bytes().take_while(|byte| is_word(*byte) || matches!(byte, b'-' | b'.' | b':')).count();
            let word = rest.get(..length).unwrap_or("").trim_end_matches(['-', '.', ':']);
            if word.bytes().any(|byte| byte.is_ascii_digit()) {
                push(&mut all, from, at);
                // Two that touch could be cut anywhere.
                if matches!(all.last(), Some(Part::Varying | Part::Key(_))) {
                    return (vec![Part::Text(text.to_owned())], Vec::new());
                }
                all.push(Part::Varying);
                varying.push(word.to_owned());
                at += word.len();
                from = at;
                continue;
            }
            at += word.len().max(1);
            continue;
        }
        at += 1;
    }
    push(&mut all, from, bytes.len());
    (all, varying)
}

/// The parts of a text without what stands in its holes: texts of one form are of one kind.
pub(super) fn form(parts: &[Part]) -> Vec<Part> {
    let anonymous = |part: &Part| match part {
        Part::Text(text) => Part::Text(text.clone()),
        Part::Key(_) | Part::Varying => Part::Varying,
    };
    parts.iter().map(anonymous).collect()
}

/// Whether a text has parts that vary.
pub(super) fn varies(parts: &[Part]) -> bool {
    parts.iter().any(|part| !matches!(part, Part::Text(_)))
}
