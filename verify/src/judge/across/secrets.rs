//! Values that look like secrets: tokens of known forms, and numbers of cards.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use opentelemetry_proto::tonic::common::v1::AnyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use regex::Regex;
use slo_compiler::diagnostic::Code;

use super::super::attributes::shown;
use crate::tables::Tables;
use crate::tally::{At, Fault, Tally, Words};

/// Forms of secrets, as whoever gives them out documents them: what each is, and its pattern.
const FORMS: [(&str, &str); 10] = [
    ("private keys", r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"),
    ("JSON Web Tokens", r"eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"),
    ("access keys of AWS", r"(?:AKIA|ASIA)[A-Z0-9]{16}"),
    ("tokens of GitHub", r"(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})"),
    ("tokens of GitLab", r"glpat-[A-Za-z0-9_-]{20,}"),
    ("tokens of Slack", r"xox[abposr]-[A-Za-z0-9-]{20,}"),
    ("keys of Stripe", r"(?:sk|rk)_live_[A-Za-z0-9]{16,}"),
    ("keys of Google", r"AIza[A-Za-z0-9_-]{35}"),
    ("tokens of npm", r"npm_[A-Za-z0-9]{36}"),
    ("webhooks of Slack", r"https://hooks\.slack\.com/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{20,}"),
];

/// The least length of a secret of any form.
const LEAST_LENGTH: usize = 20;

/// How deep lists and objects are looked into.
const DEPTH: usize = 8;

/// How many keys with what looks like a secret are told apart.
const MOST_KEYS: usize = 1_000;

/// How many values it takes to take numbers for those of cards.
const LEAST_CARDS: u64 = 20;

/// The forms, and all of them as one.
static PATTERNS: LazyLock<Option<(Regex, Vec<Regex>)>> = LazyLock::new(|| {
    let whole = |(_, pattern): &(&str, &str)| match pattern.starts_with('-') {
        true => (*pattern).to_owned(),
        false => format!(r"(?-u:\b)(?:{pattern})"),
    };
    let all: Vec<String> = FORMS.iter().map(whole).collect();
    let each: Option<Vec<Regex>> = all.iter().map(|pattern| Regex::new(pattern).ok()).collect();
    Some((Regex::new(&all.join("|")).ok()?, each?))
});

/// What was seen under a key.
#[derive(Debug)]
struct Seen {
    /// Records that may have it.
    records: u64,
    /// How often each form was seen.
    forms: [u64; FORMS.len()],
    cards: u64,
    first: u64,
    version: String,
}

/// What was seen of the keys of an event, by the kind of record and the key.
type Keys = BTreeMap<(&'static str, String), Seen>;

/// The keys under which something looked like a secret, by contract and event, kind of record and key.
#[derive(Debug, Default)]
pub(crate) struct Secrets {
    keys: HashMap<(usize, usize), Keys>,
    count: usize,
}

/// A record whose values are looked at.
#[derive(Clone, Copy)]
pub(crate) struct Record<'r> {
    /// The contract and the event.
    pub(crate) of: (usize, usize),
    /// What it is: `span`, `log`, `metric`.
    pub(crate) kind: &'static str,
    /// How many of its kind came before it.
    pub(crate) before: u64,
    pub(crate) time: u64,
    pub(crate) version: &'r str,
}

impl Secrets {
    /// Looks at a value of a record.
    pub(crate) fn take(&mut self, record: Record<'_>, key: &str, value: Option<&AnyValue>) {
        let Some(any) = value.and_then(|value| value.value.as_ref()) else { return };
        let looks = looks(any, DEPTH);
        if looks == Looks::Harmless && (self.keys.is_empty() || !self.keys.contains_key(&record.of)) {
            return;
        }
        let keys = self.keys.entry(record.of).or_default();
        // A key is looked up by its text, which is made for those alone that are watched.
        let Some((_, seen)) = keys.iter_mut().find(|((kind, own), _)| *kind == record.kind && own == key)
        else {
            if looks == Looks::Harmless || self.count >= MOST_KEYS {
                return;
            }
            self.count += 1;
            let mut seen = Seen {
                records: record.before + 1,
                forms: [0; FORMS.len()],
                cards: 0,
                first: record.time,
                version: record.version.to_owned(),
            };
            seen.add(looks);
            keys.insert((record.kind, key.to_owned()), seen);
            return;
        };
        seen.records += 1;
        seen.add(looks);
    }

    /// Tells of the keys.
    pub(crate) fn end(&self, contracts: &[Tables<'_>], tally: &mut Tally) {
        let mut all: Vec<_> = self.keys.iter().collect();
        all.sort_by_key(|(of, _)| **of);
        for ((contract, number), keys) in all {
            let event = contracts.get(*contract).and_then(|tables| tables.events.get(*number));
            let Some(event) = event.map(|event| event.event) else { continue };
            for ((kind, key), seen) in keys {
                let Some((what, count)) = seen.most() else { continue };
                let fault = Fault {
                    code: Code::TelemetrySecret,
                    severity: Code::TelemetrySecret.severity(),
                    contract: *contract,
                    names: &[event.table.name, kind, key],
                    node: Some(event.node),
                };
                let path = || format!("`{}` of a {kind} of `{}`", shown(key), event.table.name);
                tally.take(fault, At { time: seen.first, version: &seen.version, path: &path }, &|| {
                    Words::new(format!(
                        "`{}` of {kind}s of `{}` looks like a secret on {count} of {}: {what}",
                        shown(key),
                        event.table.name,
                        seen.records
                    ))
                    .help("leave it out where it is set, or write what can be shown instead: its last characters, or an identifier of it")
                });
            }
        }
    }
}

impl Seen {
    fn add(&mut self, looks: Looks) {
        match looks {
            Looks::Harmless => {}
            Looks::Card => self.cards += 1,
            Looks::Form(form) => {
                if let Some(count) = self.forms.get_mut(form) {
                    *count += 1;
                }
            }
        }
    }

    /// What it looks like, and how often.
    fn most(&self) -> Option<(String, u64)> {
        let forms: u64 = self.forms.iter().sum();
        if forms > 0 {
            let named =
                FORMS.iter().zip(self.forms).filter(|(_, count)| *count > 0).map(|((what, _), _)| *what);
            return Some((named.collect::<Vec<_>>().join(", "), forms));
        }
        // A check digit alone is right for one in ten numbers.
        let are_cards = self.cards >= LEAST_CARDS && self.cards * 2 > self.records;
        are_cards.then(|| {
            ("numbers of cards, by their length, their issuers and their check digits".to_owned(), self.cards)
        })
    }
}

/// What a value looks like.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Looks {
    Harmless,
    Card,
    /// The form of this number.
    Form(usize),
}

fn looks(any: &Any, depth: usize) -> Looks {
    match any {
        Any::StringValue(text) => text_looks(text),
        Any::IntValue(number) if *number >= 1_000_000_000_000 => {
            if is_card(&number.to_string()) {
                Looks::Card
            } else {
                Looks::Harmless
            }
        }
        Any::ArrayValue(list) if depth > 0 => {
            worst(list.values.iter().filter_map(|value| value.value.as_ref()), depth)
        }
        Any::KvlistValue(list) if depth > 0 => {
            let values = list.values.iter().filter_map(|pair| pair.value.as_ref());
            worst(values.filter_map(|value| value.value.as_ref()), depth)
        }
        _ => Looks::Harmless,
    }
}

fn worst<'v>(values: impl Iterator<Item = &'v Any>, depth: usize) -> Looks {
    let mut worst = Looks::Harmless;
    for value in values {
        match looks(value, depth - 1) {
            Looks::Harmless => {}
            Looks::Card => worst = Looks::Card,
            form @ Looks::Form(_) => return form,
        }
    }
    worst
}

fn text_looks(text: &str) -> Looks {
    if is_card(text) {
        return Looks::Card;
    }
    if text.len() < LEAST_LENGTH {
        return Looks::Harmless;
    }
    let Some((any, each)) = PATTERNS.as_ref() else { return Looks::Harmless };
    if !any.is_match(text) {
        return Looks::Harmless;
    }
    each.iter().position(|one| one.is_match(text)).map_or(Looks::Harmless, Looks::Form)
}

/// Whether a text is the number of a card: digits, with blanks or dashes between them, of an issuer's range and length, with the right check digit
/// (ISO/IEC 7812; Luhn).
fn is_card(text: &str) -> bool {
    if !(13..=23).contains(&text.len()) || !text.starts_with(|first: char| first.is_ascii_digit()) {
        return false;
    }
    let mut digits = [0_u8; 19];
    let mut length = 0;
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => {
                let Some(digit) = digits.get_mut(length) else { return false };
                *digit = byte - b'0';
                length += 1;
            }
            b' ' | b'-' => {}
            _ => return false,
        }
    }
    let digits = digits.get(..length).unwrap_or_default();
    let first =
        |count: usize| digits.iter().take(count).fold(0_u32, |number, digit| number * 10 + u32::from(*digit));
    let is_issued = match length {
        13 | 19 if first(1) == 4 => true,
        14 => matches!(first(3), 300..=305) || matches!(first(2), 36 | 38 | 39),
        15 => matches!(first(2), 34 | 37),
        16 => {
            first(1) == 4
                || matches!(first(2), 51..=55 | 62 | 65)
                || matches!(first(4), 2221..=2720 | 3528..=3589 | 6011)
                || matches!(first(3), 644..=649)
        }
        17..=19 => first(2) == 62,
        _ => false,
    };
    let sum: u32 = digits
        .iter()
        .rev()
        .zip([false, true].into_iter().cycle())
        .map(|(digit, twice)| match (u32::from(*digit), twice) {
            (digit, false) => digit,
            (digit, true) if digit > 4 => digit * 2 - 9,
            (digit, true) => digit * 2,
        })
        .sum();
    is_issued && sum.is_multiple_of(10)
}
