//! The text of an endpoint.
//!
//! Sources: Prometheus, "Exposition formats" (classic text 0.0.4 and 1.0.0, with quoted names); OpenMetrics 1.0, "ABNF".

use std::collections::HashMap;

use super::{Exemplar, Family, FamilyType, Sample, Scrape};
use crate::input::refusal::{Problem, Wrong};

/// Reads lines into a scrape.
#[derive(Debug, Default)]
pub(in crate::input) struct Parser {
    families: Vec<Family>,
    by_name: HashMap<String, usize>,
    /// The family of the line before.
    last: Option<usize>,
}

impl Parser {
    /// Reads a line without its end, and says whether the text is over with it.
    pub(in crate::input) fn line(&mut self, line: &str, number: u64) -> Result<bool, Problem> {
        let line = line.trim_matches([' ', '\t', '\r']);
        let Some(comment) = line.strip_prefix('#') else {
            if !line.is_empty() {
                let mut sample = sample(line).ok_or_else(|| wrong(line))?;
                sample.line = number;
                let family = self.family_of(&sample.name);
                family.samples.push(sample);
            }
            return Ok(false);
        };
        let (keyword, rest) = word(comment.trim_start());
        match keyword {
            "EOF" => return Ok(rest.is_empty()),
            "TYPE" | "HELP" | "UNIT" => {}
            _ => return Ok(false),
        }
        let (name, rest) = name(rest).ok_or_else(|| wrong(line))?;
        let text = rest.trim_start_matches([' ', '\t']);
        let at = self.named(name);
        self.last = Some(at);
        let Some(family) = self.families.get_mut(at) else { return Ok(false) };
        match keyword {
            "TYPE" => family.family_type = Some(family_type(text).ok_or_else(|| wrong(line))?),
            "HELP" => family.help = Some(unescaped(text)),
            _ => family.unit = Some(text.to_owned()).filter(|unit| !unit.is_empty()),
        }
        Ok(false)
    }

    /// What was read so far. The next line begins another scrape.
    pub(in crate::input) fn take(&mut self) -> Scrape {
        let families = std::mem::take(self).families;
        Scrape { families, when: None }
    }

    pub(in crate::input) fn is_empty(&self) -> bool {
        self.families.is_empty()
    }

    fn named(&mut self, name: String) -> usize {
        match self.by_name.get(&name) {
            Some(at) => *at,
            None => {
                let at = self.families.len();
                self.by_name.insert(name.clone(), at);
                self.families.push(Family { name, ..Family::default() });
                at
            }
        }
    }

    /// The family that a sample is of: that of the line before, one that was named, else one of its own.
    fn family_of(&mut self, name: &str) -> &mut Family {
        let is_its = |family: &Family| {
            let suffix = name.strip_prefix(family.name.as_str());
            suffix.is_some_and(|suffix| suffixes(family.family_type).contains(&suffix))
        };
        let is_last = |at: &usize| self.families.get(*at).is_some_and(is_its);
        let by_suffix = |suffix: &&str| {
            let at = *self.by_name.get(name.strip_suffix(*suffix)?)?;
            self.families.get(at).filter(|family| is_its(family)).map(|_| at)
        };
        let known = self.last.filter(is_last).or_else(|| SUFFIXES.iter().find_map(by_suffix));
        let at = known.unwrap_or_else(|| self.named(name.to_owned()));
        self.last = Some(at);
        // It was found or made a moment ago.
        #[allow(clippy::indexing_slicing, reason = "the number is of a family")]
        &mut self.families[at]
    }
}

/// All that a family's name may be followed by.
const SUFFIXES: [&str; 9] =
    ["", "_total", "_created", "_bucket", "_count", "_sum", "_gcount", "_gsum", "_info"];

fn suffixes(family_type: Option<FamilyType>) -> &'static [&'static str] {
    match family_type {
        Some(FamilyType::Counter) => &["", "_total", "_created"],
        Some(FamilyType::Histogram) => &["_bucket", "_count", "_sum", "_created"],
        Some(FamilyType::GaugeHistogram) => &["_bucket", "_gcount", "_gsum"],
        Some(FamilyType::Summary) => &["", "_count", "_sum", "_created"],
        Some(FamilyType::Info) => &["", "_info"],
        _ => &[""],
    }
}

fn family_type(text: &str) -> Option<FamilyType> {
    Some(match text.trim() {
        "counter" => FamilyType::Counter,
        "gauge" => FamilyType::Gauge,
        "histogram" => FamilyType::Histogram,
        "gaugehistogram" => FamilyType::GaugeHistogram,
        "summary" => FamilyType::Summary,
        "info" => FamilyType::Info,
        "stateset" => FamilyType::StateSet,
        "untyped" | "unknown" => FamilyType::Unknown,
        _ => return None,
    })
}

fn wrong(line: &str) -> Problem {
    Problem::new(Wrong::Malformed, format!("this is no line of Prometheus text: {line:.120}"))
}

/// Whether a line can be one with a value.
pub(in crate::input) fn is_sample(line: &str) -> bool {
    sample(line.trim()).is_some()
}

fn sample(line: &str) -> Option<Sample> {
    let mut name_of = String::new();
    let mut rest = line;
    if !rest.starts_with('{') {
        (name_of, rest) = name(rest)?;
    }
    let mut labels = Vec::new();
    rest = blank(rest);
    if rest.starts_with('{') {
        let quoted;
        (quoted, labels, rest) = braces(rest)?;
        if let Some(quoted) = quoted {
            if !name_of.is_empty() {
                return None;
            }
            name_of = quoted;
        }
    }
    if name_of.is_empty() {
        return None;
    }
    let (value, rest) = word(blank(rest));
    let value = number(value)?;
    let mut rest = blank(rest);
    let mut sample = Sample { name: name_of, labels, value, ..Sample::default() };
    if !rest.is_empty() && !rest.starts_with('#') {
        let (time, behind) = word(rest);
        sample.timestamp = Some(milliseconds(time)?);
        rest = blank(behind);
    }
    if let Some(exemplar) = rest.strip_prefix('#') {
        let (None, labels, behind) = braces(blank(exemplar))? else { return None };
        let (value, behind) = word(blank(behind));
        let mut exemplar = Exemplar { labels, value: number(value)?, timestamp: None };
        let (time, behind) = word(blank(behind));
        if !time.is_empty() {
            exemplar.timestamp = Some(milliseconds(time)?);
        }
        rest = blank(behind);
        sample.exemplar = Some(exemplar);
    }
    rest.is_empty().then_some(sample)
}

type Braces<'a> = (Option<String>, Vec<(String, String)>, &'a str);

/// What stands in braces: a quoted name of the metric, and labels.
fn braces(text: &str) -> Option<Braces<'_>> {
    let mut rest = blank(text.strip_prefix('{')?);
    let mut quoted = None;
    let mut labels = Vec::new();
    loop {
        if let Some(rest) = rest.strip_prefix('}') {
            return Some((quoted, labels, rest));
        }
        let is_quoted = rest.starts_with('"');
        let key;
        (key, rest) = name(rest)?;
        rest = blank(rest);
        match rest.strip_prefix('=') {
            Some(behind) => {
                let value;
                (value, rest) = quotes(blank(behind))?;
                labels.push((key, value));
            }
            None if is_quoted && quoted.is_none() && labels.is_empty() => quoted = Some(key),
            None => return None,
        }
        rest = blank(rest);
        match rest.strip_prefix(',') {
            Some(behind) => rest = blank(behind),
            None if rest.starts_with('}') => {}
            None => return None,
        }
    }
}

/// A name, in quotes or of letters, digits, `_` and `:`.
fn name(text: &str) -> Option<(String, &str)> {
    if text.starts_with('"') {
        return quotes(text).filter(|(name, _)| !name.is_empty());
    }
    let is_of_name = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | ':');
    let length = text.find(|character| !is_of_name(character)).unwrap_or(text.len());
    let (name, rest) = text.split_at(length);
    let is_name = name.starts_with(|first: char| is_of_name(first) && !first.is_ascii_digit());
    is_name.then(|| (name.to_owned(), rest))
}

/// A text in quotes, and what is behind it.
fn quotes(text: &str) -> Option<(String, &str)> {
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
        match characters.next()? {
            'n' => value.push('\n'),
            escaped @ ('\\' | '"') => value.push(escaped),
            // As it stands, which is what Prometheus makes of it.
            other => value.extend(['\\', other]),
        }
        rest = characters.as_str();
    }
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => plain.push('\n'),
            Some(escaped @ ('\\' | '"')) => plain.push(escaped),
            Some(other) => plain.extend(['\\', other]),
            None => plain.push('\\'),
        }
    }
    plain
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok()
}

/// A time: milliseconds in the classic text, seconds in OpenMetrics. No clock shows 1973 in the one or the year 5138 in the other.
#[allow(clippy::cast_possible_truncation, reason = "what is out of range is at its end")]
fn milliseconds(text: &str) -> Option<i64> {
    let time: f64 = text.parse().ok().filter(|time: &f64| time.is_finite())?;
    let is_seconds = text.contains(['.', 'e', 'E']) || time.abs() < 1e11;
    Some(if is_seconds { (time * 1e3).round() as i64 } else { text.parse().unwrap_or(time as i64) })
}

/// Without the blanks that it begins with.
fn blank(text: &str) -> &str {
    text.trim_start_matches([' ', '\t'])
}

/// What stands before the next blank, and what behind it.
fn word(text: &str) -> (&str, &str) {
    match text.find([' ', '\t']) {
        Some(at) => {
            let (word, rest) = text.split_at(at);
            (word, blank(rest))
        }
        None => (text, ""),
    }
}
