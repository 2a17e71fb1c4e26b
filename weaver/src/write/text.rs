//! Names, texts and docs as the language has them.

use slo_grammar::quote;

use crate::definition::About;
use crate::definition::{Deprecated, Stability};
use crate::left::Left;
use crate::place::{Place, Placed};

use super::Style;

/// How wide a line of docs is, with its indentation.
const WIDTH: usize = 100;

/// The conditions of levels, where sentences are not written.
pub(super) const CONDITION: &str = "its condition is in the conventions";

/// The reasons of deprecation, where sentences are not written.
pub(crate) const OBSOLETED: &str = "obsoleted";
const REASON: &str = "its registry says why";
const REASON_OF_OTEL: &str = "the registry of the OpenTelemetry semantic conventions says why";

/// Whether a reason of deprecation says that the registry has it.
pub(crate) fn is_in_registry(reason: &str) -> bool {
    [REASON, REASON_OF_OTEL].contains(&reason)
}

/// The most examples of an attribute.
pub(super) const EXAMPLES: usize = 100;

/// The longest text among examples, in bytes.
pub(super) const EXAMPLE_BYTES: usize = 4 * 1024;

/// The most entities that something is about.
pub(super) const ENTITIES: usize = 100;

/// How deep `one_of(…)` and `all_of(…)` stand in each other.
pub(super) const ENTITY_DEPTH: usize = 4;

/// The longest text in quotes, in bytes: a little below what the language reads, for its escapes.
const TEXT_BYTES: usize = slo_grammar::limits::STRING_BYTES / 2;

/// Whether a text is a word of the language.
pub(super) fn is_word(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|one| one.is_ascii_alphanumeric() || one == '_')
}

/// A key or a name as it is written; none where the language has no such name.
pub(super) fn name(key: &str) -> Option<String> {
    if key.chars().any(|one| is_unseen(one) || one == '\t') {
        return None;
    }
    let mut parts = Vec::new();
    for part in key.split('.') {
        if part.is_empty() {
            return None;
        }
        parts.push(if is_word(part) { part.to_owned() } else { quote(part) });
    }
    Some(parts.join("."))
}

/// The namespace of a key or a name: its first part, as a word that is a folder's name, too.
pub(crate) fn namespace(key: &str) -> String {
    let first = key.split('.').next().unwrap_or(key);
    let mut word: String = first
        .chars()
        .map(|one| if one.is_ascii_alphanumeric() { one.to_ascii_lowercase() } else { '_' })
        .collect();
    if !word.starts_with(|first: char| first.is_ascii_alphabetic()) {
        word.insert_str(0, "n_");
    }
    word
}

/// Characters that the language lets into no text.
fn is_unseen(one: char) -> bool {
    (one.is_control() && one != '\t')
        || matches!(one, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}

/// A text that stays on its line, without what the language lets into none. What is taken out is listed.
fn seen(text: &str, place: &Place, left: &mut Vec<Left>) -> String {
    if text.chars().any(is_unseen) {
        let what = "characters that nobody sees".to_owned();
        left.push(Left { place: place.clone(), what, why: "the language lets none of them into a text" });
    }
    text.chars().filter(|one| !is_unseen(*one)).collect()
}

/// A sentence in quotes, without the blanks around it.
pub(super) fn quoted(text: &str, place: &Place, left: &mut Vec<Left>) -> String {
    exactly(text.trim(), place, left)
}

/// A text in quotes.
pub(super) fn exactly(text: &str, place: &Place, left: &mut Vec<Left>) -> String {
    let mut text = text.to_owned();
    if text.len() > TEXT_BYTES {
        let what = format!("a text of {} bytes", text.len());
        left.push(Left { place: place.clone(), what, why: "it is longer than a text may be, and was cut" });
        let end = (0..=TEXT_BYTES).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
    }
    let lines: Vec<String> = text.split('\n').map(|line| seen(line, place, left)).collect();
    quote(&lines.join("\n"))
}

/// The docs of what has a brief and a note: the brief is the first paragraph, and the note stays as it is.
pub(super) fn docs(
    brief: Option<&Placed<String>>,
    note: Option<&Placed<String>>,
    indent: usize,
    style: &Style,
    left: &mut Vec<Left>,
) -> String {
    let mut text = String::new();
    if !style.docs {
        return text;
    }
    let before = " ".repeat(indent);
    let mut line = |content: &str| {
        let content = content.trim_end();
        text.push_str(&before);
        text.push_str("///");
        if !content.is_empty() {
            text.push(' ');
            text.push_str(content);
        }
        text.push('\n');
    };
    let mut has_brief = false;
    if let Some(brief) = brief {
        for wrapped in wrap(&seen(&brief.value.replace(['\n', '\r'], " "), &brief.place, left), indent) {
            line(&wrapped);
            has_brief = true;
        }
    }
    if let Some(note) = note.filter(|note| !note.value.trim().is_empty()) {
        if has_brief {
            line("");
        } else {
            let what = "that a note has no brief before it".to_owned();
            left.push(Left {
                place: note.place.clone(),
                what,
                why: "the first paragraph of docs is the brief",
            });
        }
        for content in note.value.trim_matches('\n').lines() {
            line(&seen(content, &note.place, left));
        }
    }
    text
}

/// The words of a text in lines.
fn wrap(text: &str, indent: usize) -> Vec<String> {
    let width = WIDTH.saturating_sub(indent).saturating_sub("/// ".len());
    let mut lines: Vec<String> = Vec::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let count = word.chars().count();
        match lines.last_mut() {
            Some(line) if length + 1 + count <= width => {
                line.push(' ');
                line.push_str(word);
                length += 1 + count;
            }
            _ => {
                lines.push(word.to_owned());
                length = count;
            }
        }
    }
    lines
}

/// The options that attributes and signals have alike.
pub(super) fn options(
    what: &str,
    about: &About,
    is_declared: impl Fn(&str) -> bool,
    style: &Style,
    left: &mut Vec<Left>,
) -> Vec<String> {
    let mut options = Vec::new();
    if let Some(stability) = &about.stability {
        options.push(stability_of(stability.value));
    }
    if let Some(deprecated) = &about.deprecated {
        options.push(deprecation(what, deprecated, is_declared, style, left));
    }
    options
}

fn stability_of(stability: Stability) -> String {
    format!("stability={}", stability.word())
}

fn deprecation(
    what: &str,
    deprecated: &Placed<Deprecated>,
    is_declared: impl Fn(&str) -> bool,
    style: &Style,
    left: &mut Vec<Left>,
) -> String {
    let place = &deprecated.place;
    let note = deprecated.value.note().filter(|note| style.docs && !note.trim().is_empty());
    if let Deprecated::Renamed { to, .. } = &deprecated.value {
        if let Some(name) = name(to).filter(|_| is_declared(to)) {
            if note.is_some() {
                let what = format!("what is said of the other name of {what}");
                left.push(Left { place: place.clone(), what, why: "the name alone is said" });
            }
            return format!("deprecated={name}");
        }
        let what = format!("that {what} is called `{}` now", crate::place::shown(to));
        left.push(Left {
            place: place.clone(),
            what,
            why: "nothing is declared by that name: it is said as a reason",
        });
        let reason = note.map_or_else(|| format!("replaced by `{to}`"), str::to_owned);
        return format!("deprecated={}", quoted(&reason, place, left));
    }
    if note.is_some() && !matches!(deprecated.value, Deprecated::Uncategorized { .. }) {
        let what = format!("why {what} is deprecated, in one word");
        left.push(Left { place: place.clone(), what, why: "a reason is a sentence" });
    }
    let reason = match (&deprecated.value, note) {
        (_, Some(note)) => note,
        (Deprecated::Obsoleted { .. }, None) => OBSOLETED,
        (_, None) if style.name == "std.otel" => REASON_OF_OTEL,
        (_, None) => REASON,
    };
    format!("deprecated={}", quoted(reason, place, left))
}
