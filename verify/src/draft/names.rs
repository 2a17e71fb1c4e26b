//! Names that the language takes.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The longest key that a contract is given, in bytes.
const LONGEST_KEY: usize = 200;

/// Whether a text can be a key of a contract: parts between dots, without characters that no file holds.
pub(super) fn is_sayable(key: &str) -> bool {
    !key.is_empty()
        && key.len() <= LONGEST_KEY
        && key.split('.').all(|part| !part.is_empty())
        && is_plain(key)
}

/// Whether a text has no character that is an error in a file.
pub(super) fn is_plain(text: &str) -> bool {
    text.chars().all(|one| !one.is_control() && !is_of_direction(one))
}

/// Characters that change the direction of text.
const fn is_of_direction(one: char) -> bool {
    matches!(one, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_word(text: &str) -> bool {
    let mut all = text.chars();
    all.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && all.all(|one| one.is_ascii_alphanumeric() || one == '_')
}

/// A key, or the name of a metric or a log, as the language writes it.
pub(super) fn key(key: &str) -> String {
    let parts: Vec<String> =
        key.split('.').map(|part| if is_word(part) { part.to_owned() } else { string(part) }).collect();
    parts.join(".")
}

/// A text in quotes.
pub(super) fn string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for one in text.chars() {
        match one {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            one if one.is_control() => {
                let _ = write!(quoted, "\\u{{{:x}}}", u32::from(one));
            }
            one => quoted.push(one),
        }
    }
    quoted.push('"');
    quoted
}

/// A text of a template, in which braces are doubled.
pub(super) fn of_template(text: &str) -> String {
    let doubled = text.replace('{', "{{").replace('}', "}}");
    let quoted = string(&doubled);
    quoted.get(1..quoted.len() - 1).unwrap_or_default().to_owned()
}

/// A comment's text: one line, and no longer than a person reads.
pub(super) fn comment(text: &str) -> String {
    const MOST: usize = 60;
    let mut shown: String = text
        .chars()
        .take(MOST)
        .map(|one| if one.is_control() || is_of_direction(one) { '\u{fffd}' } else { one })
        .collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}

/// Names that differ.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// A name that isn't there yet: this one, or with a number after it.
    pub(super) fn new_name(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 2;
        while !self.0.insert(name.clone()) {
            name = format!("{wanted}{number}");
            number += 1;
        }
        name
    }
}

/// Words of a text, in lower case.
fn words(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut before = ' ';
    for one in text.chars() {
        if !one.is_ascii_alphanumeric() {
            before = ' ';
            continue;
        }
        let begins =
            !before.is_ascii_alphanumeric() || one.is_ascii_uppercase() && before.is_ascii_lowercase();
        if begins {
            all.push(String::new());
        }
        if let Some(last) = all.last_mut() {
            last.push(one.to_ascii_lowercase());
        }
        before = one;
    }
    all
}

/// How many words of a text a name is made of.
const MOST_WORDS: usize = 6;

/// The name of a declaration, which begins with a capital.
pub(super) fn declaration(text: &str) -> String {
    let mut name = String::new();
    for word in words(text).iter().take(MOST_WORDS) {
        let mut letters = word.chars();
        if let Some(first) = letters.next() {
            name.push(first.to_ascii_uppercase());
            name.extend(letters.take(30));
        }
    }
    match name.chars().next() {
        Some(first) if first.is_ascii_alphabetic() => name,
        _ => format!("E{name}"),
    }
}

/// The name of a field for a key: its last part, or all of them where that is taken.
pub(super) fn field(key: &str, names: &mut Names) -> String {
    let part = |text: &str| {
        let joined = words(text).join("_");
        match joined.chars().next() {
            Some(first) if first.is_ascii_alphabetic() => joined,
            _ => format!("f_{joined}"),
        }
    };
    let last = part(key.rsplit('.').next().unwrap_or(key));
    if names.0.contains(&last) { names.new_name(&part(key)) } else { names.new_name(&last) }
}

/// A name for the contract or a package.
pub(super) fn package(text: &str) -> String {
    let joined = words(text).join("_");
    match joined.chars().next() {
        Some(first) if first.is_ascii_alphabetic() => joined,
        _ => "service".to_owned(),
    }
}
