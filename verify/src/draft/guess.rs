//! Types and domains, guessed from what was seen.

use std::fmt::Write as _;

use slo_stdlib_mappings::{Attribute, Type, VOCABULARIES, Wire};

use super::names;
use super::values::Values;

/// Of how many values a text is guessed to be one of a few.
const MOST_MEMBERS: usize = 8;

/// How often a value comes at least, on average, where there are few.
const LEAST_REPEATS: u64 = 3;

/// How many records it takes to guess that there are few values.
const LEAST_RECORDS: u64 = 8;

/// How long a value of a few is at most, in characters.
const LONGEST_MEMBER: usize = 40;

/// How deep objects may lie in each other in a contract.
const DEEPEST: usize = 4;

/// How the language says what stands under a key.
#[derive(Clone, Debug)]
pub(super) enum Said {
    /// As the conventions have it.
    Conventions(&'static Attribute),
    /// By a declaration of this type, with what it was guessed from.
    Declared { text: String, guess: String, is_bounded: bool },
    /// By a field of this type, as the conventions have the key with another.
    Otherwise { kind: String, options: String, guess: String, is_bounded: bool },
    /// An object, of a log's field only.
    Object(String),
    /// Not at all.
    Nothing(&'static str),
}

/// How the language says what stands under a key, of logs alone or of any record.
pub(super) fn said(key: &str, values: &Values) -> Said {
    if !names::is_sayable(key) {
        return Said::Nothing("its name can't be written in a contract");
    }
    let kinds = &values.kinds;
    if kinds.other > 0 {
        return Said::Nothing("it holds bytes, or lists of values of several kinds");
    }
    if kinds.object + kinds.objects > 0 {
        return match object(values, 1) {
            Some(text) if !key.contains('.') => Said::Object(text),
            Some(_) => Said::Nothing("it holds objects, which only a field under its own name can"),
            None => Said::Nothing("it holds objects of several kinds, or lies too deep"),
        };
    }
    let known = VOCABULARIES.iter().find_map(|vocabulary| vocabulary.attribute(key));
    match known.filter(|known| known.key == key) {
        Some(known) if fits(values, known) => Said::Conventions(known),
        Some(_) => otherwise(values),
        None => declared(values),
    }
}

/// Whether an attribute of the conventions can hold all that was seen.
fn fits(values: &Values, attribute: &Attribute) -> bool {
    let kinds = &values.kinds;
    let all = kinds.string
        + kinds.int
        + kinds.double
        + kinds.bool
        + kinds.strings
        + kinds.ints
        + kinds.doubles
        + kinds.bools
        + kinds.empty_lists;
    let is_of_type = match attribute.value {
        Type::String | Type::Timestamp("rfc3339") => all == kinds.string,
        Type::Int | Type::Timestamp(_) => all == kinds.int,
        Type::Double | Type::Duration(_) => all == kinds.int + kinds.double,
        Type::Bool => all == kinds.bool,
        Type::StringArray => all == kinds.strings + kinds.empty_lists,
        Type::IntArray => all == kinds.ints + kinds.empty_lists,
        Type::DoubleArray => all == kinds.ints + kinds.doubles + kinds.empty_lists,
        Type::BoolArray => all == kinds.bools + kinds.empty_lists,
        Type::Any => true,
        Type::Bytes | Type::Map(_) => false,
    };
    let is_member = |text: &str| {
        attribute.members.is_none_or(|members| {
            members.iter().any(|member| match member.wire {
                Wire::String(wire) => wire == text,
                Wire::Int(wire) => wire.to_string() == text,
            })
        })
    };
    let is_in_domain = attribute.members.is_none()
        || attribute.open
        || !values.has_more && values.told.keys().all(|text| is_member(text));
    is_of_type && is_in_domain
}

/// A type of a field, with its options apart: `?` stands between them.
fn otherwise(values: &Values) -> Said {
    let Said::Declared { text, guess, is_bounded } = declared(values) else {
        return Said::Nothing("it holds what no field can");
    };
    let (kind, options) = match text.split_once(", ") {
        _ if text.starts_with("enum") => {
            let all: Vec<String> = values.told.keys().map(|text| names::string(text)).collect();
            ("string".to_owned(), format!("only=[{}]", all.join(", ")))
        }
        Some((kind, options)) => (kind.to_owned(), options.to_owned()),
        None => (text, String::new()),
    };
    Said::Otherwise { kind, options, guess, is_bounded }
}

fn declared(values: &Values) -> Said {
    let kinds = &values.kinds;
    let bounded = |text: String, guess: String, is_bounded| Said::Declared { text, guess, is_bounded };
    let some = [
        kinds.string > 0,
        kinds.int + kinds.double > 0,
        kinds.bool > 0,
        kinds.strings > 0,
        kinds.ints + kinds.doubles > 0,
        kinds.bools > 0,
    ];
    let count = some.iter().filter(|one| **one).count()
        + usize::from(kinds.empty_lists > 0 && !some.iter().skip(3).any(|one| *one));
    if count == 0 {
        return bounded(
            "string".to_owned(),
            "question: it came without a value: what is it?".to_owned(),
            false,
        );
    }
    if count > 1 || kinds.empty_lists > 0 && some.iter().take(3).any(|one| *one) {
        return bounded(
            "any".to_owned(),
            "question: values of several types came: which is meant?".to_owned(),
            false,
        );
    }
    if kinds.string > 0 {
        return string(values);
    }
    if kinds.double > 0 {
        let text = match values.doubles.filter(|_| !values.is_odd) {
            // Nothing is to be made of the least of what is measured.
            Some((least, most)) => {
                let least = least.min(0.0);
                let (low, high) = values
                    .ints
                    .map_or((least, most), |(low, high)| (least.min(low as f64), most.max(high as f64)));
                range(low, high)
                    .map_or("double".to_owned(), |(low, high)| format!("double, range={low}.0..={high}.0"))
            }
            None => "double".to_owned(),
        };
        return bounded(text, from_to(values), false);
    }
    if kinds.int > 0 {
        let range = values.ints.and_then(|(least, most)| range(least as f64, most as f64));
        let text = range.map_or("int".to_owned(), |(low, high)| format!("int, range={low}..={high}"));
        return bounded(text, from_to(values), false);
    }
    if kinds.bool > 0 {
        return bounded("bool".to_owned(), String::new(), true);
    }
    let list = if kinds.strings > 0 {
        "string[]"
    } else if kinds.doubles > 0 {
        "double[]"
    } else if kinds.ints > 0 {
        "int[]"
    } else if kinds.bools > 0 {
        "bool[]"
    } else {
        "string[]"
    };
    bounded(list.to_owned(), String::new(), false)
}

/// The numbers of ten around what was seen; none of what is too large to guess anything.
fn range(least: f64, most: f64) -> Option<(i64, i64)> {
    const LARGEST: f64 = 1e15;
    if least < -LARGEST || most > LARGEST {
        return None;
    }
    let above = |number: f64| {
        let mut nice = 10_i64;
        while (nice as f64) < number {
            nice = nice.saturating_mul(10);
        }
        nice
    };
    let low = if least < 0.0 { -above(-least) } else { i64::from(least >= 1.0) };
    Some((low, if most > 0.0 { above(most) } else { 0 }))
}

fn from_to(values: &Values) -> String {
    let ints = values.ints.map(|(least, most)| (least as f64, most as f64));
    let both = match (ints, values.doubles) {
        (Some((low, high)), Some((least, most))) => Some((low.min(least), high.max(most))),
        (one, other) => one.or(other),
    };
    both.map_or_else(String::new, |(least, most)| {
        format!("guess: from {least} to {most} in {}", count(values.records, "record"))
    })
}

fn count(count: u64, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// Whether the texts that were seen look as if there were no others.
pub(super) fn are_few(values: &Values) -> bool {
    let told = values.told.len() as u64;
    !values.has_more
        && values.told.len() <= MOST_MEMBERS
        && values.records >= LEAST_RECORDS
        && values.kinds.string + values.kinds.int >= told * LEAST_REPEATS
        && values.longest <= LONGEST_MEMBER
        && values.told.keys().all(|text| !text.is_empty() && names::is_plain(text))
}

/// The values that were seen with how often each was, as comments have them.
pub(super) fn seen(values: &Values) -> String {
    let mut all: Vec<(&String, u64)> = values.told.iter().map(|(text, count)| (text, count.count)).collect();
    all.sort_by_key(|(text, count)| (std::cmp::Reverse(*count), *text));
    let shown: Vec<String> = all
        .iter()
        .take(MOST_MEMBERS)
        .map(|(text, count)| format!("{} ({count})", names::comment(text)))
        .collect();
    let more = if values.has_more || all.len() > MOST_MEMBERS { ", and others" } else { "" };
    format!("{}{more}", shown.join(", "))
}

fn string(values: &Values) -> Said {
    if are_few(values) {
        let members: Vec<String> = values.told.keys().map(|text| member(text)).collect();
        return Said::Declared {
            text: format!("enum {{ {} }}", members.join(", ")),
            guess: format!(
                "guess: {} in {}: {}",
                count(values.told.len() as u64, "value"),
                count(values.records, "record"),
                seen(values)
            ),
            is_bounded: true,
        };
    }
    let longest = values.longest;
    let max = (4..=16).map(|power| 1_usize << power).find(|max| longest <= *max);
    let guess = format!(
        "guess: up to {} in {}, as {}",
        count(longest as u64, "character"),
        count(values.records, "record"),
        seen(values)
    );
    let text = max.map_or("string".to_owned(), |max| format!("string, max={max}"));
    Said::Declared { text, guess, is_bounded: false }
}

/// A member of an enum. Words that stand for something else there are quoted.
fn member(text: &str) -> String {
    let is_word = text.chars().next().is_some_and(|first| first.is_ascii_alphabetic())
        && text.chars().all(|one| one.is_ascii_alphanumeric() || one == '_')
        && !matches!(text, "true" | "false" | "until");
    if is_word { text.to_owned() } else { names::string(text) }
}

/// An object's type.
fn object(values: &Values, depth: usize) -> Option<String> {
    let kinds = &values.kinds;
    let others = kinds.string
        + kinds.int
        + kinds.double
        + kinds.bool
        + kinds.strings
        + kinds.ints
        + kinds.doubles
        + kinds.bools;
    if depth > DEEPEST
        || values.is_odd
        || others > 0
        || values.members.is_empty()
        || kinds.object > 0 && kinds.objects + kinds.empty_lists > 0
    {
        return None;
    }
    let mut text = String::from("object { ");
    for (number, (name, member)) in values.members.iter().enumerate() {
        if name.contains('.') || !names::is_sayable(name) || names::key(name) != *name {
            return None;
        }
        let kind = if member.kinds.object + member.kinds.objects > 0 {
            object(member, depth + 1)?
        } else {
            // Members are held to their types alone.
            match declared(member) {
                Said::Declared { text, .. } if text.starts_with("enum") => "string".to_owned(),
                Said::Declared { text, .. } => text.split(',').next().unwrap_or("string").to_owned(),
                _ => return None,
            }
        };
        if kind == "any" {
            return None;
        }
        let optional = if member.records < values.objects { "?" } else { "" };
        let comma = if number == 0 { "" } else { ", " };
        let _ = write!(text, "{comma}{name}: {kind}{optional}");
    }
    text.push_str(" }");
    if kinds.objects > 0 {
        text.push_str("[]");
    }
    Some(text)
}

/// The options by which a field has a bound, as labels and holes of names need one. None where it has one by its type.
pub(super) fn bound(key: &str, values: &Values, said: &Said) -> Option<(String, String)> {
    let is_bounded = match said {
        Said::Declared { is_bounded, .. } | Said::Otherwise { is_bounded, .. } => *is_bounded,
        Said::Conventions(attribute) => {
            attribute.value == Type::Bool || attribute.members.is_some() && !attribute.open
        }
        Said::Object(_) | Said::Nothing(_) => true,
    };
    if is_bounded {
        return None;
    }
    let kinds = &values.kinds;
    let is_text = kinds.string > 0 && kinds.int == 0;
    let is_any = match said {
        Said::Declared { text, .. } => text == "any",
        Said::Otherwise { kind, .. } => kind == "any",
        Said::Conventions(attribute) => attribute.value == Type::Any,
        Said::Object(_) | Said::Nothing(_) => false,
    };
    // Ports, hosts and addresses are those of a deployment, and of a test other ones each time.
    let is_of_deployment = ["port", "address", "host", "host.name"].iter().any(|word| key.ends_with(word));
    if !is_any
        && !is_of_deployment
        && !values.has_more
        && !values.told.is_empty()
        && values.told.len() <= 16
        && (is_text || kinds.string == 0 && kinds.double == 0 && kinds.int > 0)
        && values.told.keys().all(|text| names::is_plain(text))
    {
        let all: Vec<String> =
            values.told.keys().map(|text| if is_text { names::string(text) } else { text.clone() }).collect();
        return Some((format!("only=[{}]", all.join(", ")), format!("guess: {}", seen(values))));
    }
    let most = (values.told.len().max(8) as u64 * 4).next_power_of_two().max(if values.has_more {
        1_024
    } else {
        32
    });
    let other = if is_any || kinds.string > 0 {
        "\"_OTHER\"".to_owned()
    } else {
        values.ints.map_or(0, |(least, _)| least).to_string()
    };
    Some((
        format!("bounded={most}, other={other}"),
        "question: how many values does it have at most?".to_owned(),
    ))
}
