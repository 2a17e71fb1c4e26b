//! What is asked for and nobody writes.

use std::collections::BTreeSet;
use std::ops::Range;

use promql_parser::label::{MatchOp, Matcher};
use slo_compiler::diagnostic::{Code, Diagnostic};
use slo_compiler::fleet::AllSeries;
use slo_compiler::source::{SourceFile, SourceMap};
use slo_compiler::text::{nearest, some_of};
use slo_grammar::{FileId, Place};

use crate::asked::{LabelAsked, NAME, Selected, Selector};
use crate::known::{Found as Series, Known, values};
use crate::query::{At, Query, Readers};
use crate::variables::has_variable;

/// What is found of readers.
#[derive(Debug, Default)]
pub struct Found {
    /// The findings.
    pub diagnostics: Vec<Diagnostic>,
    /// The series that no member writes and that are taken for those of others.
    pub of_others: BTreeSet<String>,
}

/// Finds what the readers ask for and no member writes; with the series of before a change, what `written` has no more of that.
/// The readers' texts join `sources`.
#[must_use]
pub fn find(
    readers: &Readers,
    written: &AllSeries,
    before: Option<&AllSeries>,
    sources: &mut SourceMap,
) -> Found {
    let ids: Vec<FileId> = readers
        .files
        .iter()
        .map(|file| {
            let (name, path) = (file.name.clone(), file.path.clone());
            sources.add(SourceFile::elsewhere(name, path, file.text.clone()))
        })
        .collect();
    let places = Places { readers, ids };
    let known = Known::of(written, readers);
    let known_before = before.map(|before| Known::of(before, readers));
    let mut found = Found::default();
    for query in &readers.queries {
        let misses = misses(query, &known);
        match &known_before {
            Some(before) => {
                let old = self::misses(query, before);
                let new = misses.iter().filter(|miss| !old.contains(miss));
                let gone = new.filter(|miss| !is_behind(miss, &old));
                found.diagnostics.extend(gone.map(|miss| broken(query, miss, &places)));
            }
            None => {
                for miss in &misses {
                    match miss {
                        // A name that many ask for is looked up once.
                        Miss::Series(name) if found.of_others.contains(name) => {}
                        Miss::Series(name) if !is_meant(name, &known) => {
                            found.of_others.insert(name.clone());
                        }
                        miss => found.diagnostics.push(unknown(query, miss, &known, &places)),
                    }
                }
            }
        }
    }
    if before.is_none() {
        for unread in &readers.unread {
            let place = places.whole(&unread.at);
            let finding = Diagnostic::new(Code::ReaderUnread, place, unread.why.clone());
            let path = readers.files.get(unread.at.file).map_or("", |file| file.path.as_str());
            found
                .diagnostics
                .push(finding.about(path).help("what it asks for is not compared with what is written"));
        }
    }
    found
}

/// What a query asks for that isn't written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Miss {
    Series(String),
    Label { label: String, of: String },
    Value { value: String, label: String, of: String },
}

/// Whether it was no question before, since what it is asked of was not there.
fn is_behind(miss: &Miss, old: &[Miss]) -> bool {
    let of_label = |label: &str, of: &str| {
        old.iter()
            .any(|one| matches!(one, Miss::Label { label: other, of: its } if other == label && its == of))
    };
    let of_series = |of: &str| old.contains(&Miss::Series(of.to_owned()));
    match miss {
        Miss::Series(_) => false,
        Miss::Label { of, .. } => of_series(of),
        Miss::Value { label, of, .. } => of_series(of) || of_label(label, of),
    }
}

fn misses(query: &Query, known: &Known<'_>) -> Vec<Miss> {
    let mut misses: BTreeSet<Miss> = BTreeSet::new();
    for selector in &query.asked.selectors {
        match known.select(&selector.name) {
            Series::Nothing => {
                misses.insert(Miss::Series(shown_name(&selector.name)));
            }
            Series::Members(series) => of_matchers(selector, &series, known, &mut misses),
            Series::Open => of_recorded(selector, known, &mut misses),
        }
    }
    for asked in &query.asked.labels {
        misses.extend(of_label(asked, &query.asked.selectors, known));
    }
    misses.into_iter().collect()
}

fn shown_name(name: &Selected) -> String {
    match name {
        Selected::One(name) => name.clone(),
        Selected::Matching(matcher) => matcher.value.clone(),
        Selected::Any => String::new(),
    }
}

/// What a selector asks of series that are known.
fn of_matchers(
    selector: &Selector,
    series: &[(&str, &slo_compiler::fleet::Series)],
    known: &Known<'_>,
    misses: &mut BTreeSet<Miss>,
) {
    for matcher in &selector.matchers {
        let label = &matcher.name;
        // That a label is not there is what is asked.
        let asks_absence = matches!(matcher.op, MatchOp::Equal) && matcher.value.is_empty();
        if known.is_of_all(label) || asks_absence {
            continue;
        }
        let of = || shown_name(&selector.name);
        let has =
            |one: &slo_compiler::fleet::Series| one.labels.as_ref().is_none_or(|own| own.contains_key(label));
        if !series.iter().any(|(_, one)| has(one)) {
            misses.insert(Miss::Label { label: label.clone(), of: of() });
        } else if let Some(values) = values(series, label) {
            for value in unknown_values(matcher, &values) {
                misses.insert(Miss::Value { value, label: label.clone(), of: of() });
            }
        }
    }
}

/// What a selector asks of a recorded series whose labels are known.
fn of_recorded(selector: &Selector, known: &Known<'_>, misses: &mut BTreeSet<Miss>) {
    let Some(labels) = known.recorded_labels(&selector.name) else { return };
    for matcher in &selector.matchers {
        let asks_absence = matches!(matcher.op, MatchOp::Equal) && matcher.value.is_empty();
        if !known.is_of_all(&matcher.name) && !asks_absence && !labels.contains(&matcher.name) {
            misses.insert(Miss::Label { label: matcher.name.clone(), of: shown_name(&selector.name) });
        }
    }
}

/// The values that a matcher asks for and the label never has.
fn unknown_values(matcher: &Matcher, values: &BTreeSet<String>) -> Vec<String> {
    let value = &matcher.value;
    if has_variable(value) || value.is_empty() {
        return Vec::new();
    }
    let is_regular = matches!(matcher.op, MatchOp::Re(_) | MatchOp::NotRe(_));
    let special = |one: char| r"\.+*?()[]{}^$".contains(one);
    if !is_regular || !value.contains(special) {
        let parts: Vec<&str> = if is_regular { value.split('|').collect() } else { vec![value] };
        let unknown = parts.into_iter().filter(|part| !part.is_empty() && !values.contains(*part));
        return unknown.map(str::to_owned).collect();
    }
    let matches = |text: &str| match &matcher.op {
        MatchOp::Re(_) => matcher.is_match(text),
        _ => !matcher.is_match(text),
    };
    // What matches no value may still ask for series without the label.
    match values.iter().any(|value| matches(value)) || matches("") {
        true => Vec::new(),
        false => vec![value.clone()],
    }
}

/// A label that none of the series has that it is asked of.
fn of_label(asked: &LabelAsked, selectors: &[Selector], known: &Known<'_>) -> Option<Miss> {
    let label = &asked.label;
    if known.is_of_all(label) {
        return None;
    }
    let mut of = None;
    for number in &asked.of {
        let selector = selectors.get(*number)?;
        let lacks = match known.select(&selector.name) {
            Series::Members(series) => {
                series.iter().all(|(_, one)| one.labels.as_ref().is_some_and(|own| !own.contains_key(label)))
            }
            Series::Open => known.recorded_labels(&selector.name).is_some_and(|own| !own.contains(label)),
            Series::Nothing => false,
        };
        if !lacks {
            return None;
        }
        of = of.or_else(|| Some(shown_name(&selector.name)));
    }
    Some(Miss::Label { label: label.clone(), of: of? })
}

/// Whether a name that nobody writes was meant to be one of a member: it is near one, or in the namespace of a metric.
fn is_meant(name: &str, known: &Known<'_>) -> bool {
    known.has_namespace_of(name) || nearest(name, known.names()).is_some()
}

/// Where things stand.
struct Places<'r> {
    readers: &'r Readers,
    /// The numbers of the files among the sources.
    ids: Vec<FileId>,
}

impl Places<'_> {
    fn place(&self, file: usize, range: Range<usize>) -> Place {
        let id = self.ids.get(file).copied().unwrap_or(FileId(u32::MAX));
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Place::new(id, small(range.start), small(range.end))
    }

    fn whole(&self, at: &At) -> Place {
        // Of more than a line its beginning is shown.
        let text = self.text(at);
        let end = text.find('\n').map_or(at.range.end, |length| at.range.start + length);
        self.place(at.file, at.range.start..end)
    }

    fn text(&self, at: &At) -> &str {
        let text = self.readers.files.get(at.file).map_or("", |file| &*file.text);
        text.get(at.range.clone()).unwrap_or_default()
    }

    /// The first of these words that stands in an expression as a whole, or else the expression.
    fn word(&self, at: &At, words: &[&str]) -> Place {
        let text = self.text(at);
        for word in words.iter().filter(|word| !word.is_empty()) {
            let part = |one: char| one == '_' || one == ':' || one.is_alphanumeric();
            let is_whole = |start: &usize| {
                let before = text.get(..*start).and_then(|before| before.chars().next_back());
                let after = text.get(start + word.len()..).and_then(|after| after.chars().next());
                !before.is_some_and(part) && !after.is_some_and(part)
            };
            if let Some(start) = text.match_indices(word).map(|(start, _)| start).find(is_whole) {
                let start = at.range.start + start;
                return self.place(at.file, start..start + word.len());
            }
        }
        self.whole(at)
    }

    fn of(&self, at: &At, miss: &Miss) -> Place {
        match miss {
            Miss::Series(name) => self.word(at, &[name]),
            Miss::Label { label, .. } => self.word(at, &[label]),
            Miss::Value { value, label, .. } => self.word(at, &[value, label]),
        }
    }
}

/// That something is asked for which no member writes.
fn unknown(query: &Query, miss: &Miss, known: &Known<'_>, places: &Places<'_>) -> Diagnostic {
    let by = &query.by;
    let place = places.of(&query.at, miss);
    match miss {
        Miss::Series(name) => {
            let message = format!("no member writes the series `{name}`, which {by} asks for");
            let finding = Diagnostic::new(Code::ReaderSeries, place, message).about(name);
            match meant(name, known) {
                Some(near) => of_metric(finding.help(format!("did you mean `{near}`?")), near, known),
                None => finding.help(
                    "ask for a series that a contract writes, or have one write it: `slo lookup` finds names",
                ),
            }
        }
        Miss::Label { label, of } => {
            let message = format!("the series `{of}` has no label `{label}`, which {by} asks for");
            let finding = Diagnostic::new(Code::ReaderLabel, place, message).about(label).about(of);
            let own = labels_of(of, known);
            let near = nearest(label, own.iter().map(String::as_str));
            let finding = match near {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None if own.is_empty() => finding.help("the series has no labels of its own"),
                None => finding.help(format!("its labels are {}", some_of(&own))),
            };
            finding.note("a label that is added where series are scraped or sent on is named in `slo.toml`, under `[prometheus]`: `target_labels`")
        }
        Miss::Value { value, label, of } => {
            let message = format!("the label `{label}` of `{of}` is never `{value}`, which {by} asks for");
            let finding =
                Diagnostic::new(Code::ReaderValue, place, message).about(value).about(label).about(of);
            let own = values_of(of, label, known);
            match nearest(value, own.iter().map(String::as_str)) {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding.help(format!("its values are {}", some_of(&own))),
            }
        }
    }
}

/// That a change takes away what is asked for.
fn broken(query: &Query, miss: &Miss, places: &Places<'_>) -> Diagnostic {
    let by = &query.by;
    let (message, names): (String, Vec<&String>) = match miss {
        Miss::Series(name) => {
            (format!("{by} asks for the series `{name}`, which is no longer written"), vec![name])
        }
        Miss::Label { label, of } => {
            (format!("{by} asks for the label `{label}`, which `{of}` no longer has"), vec![label, of])
        }
        Miss::Value { value, label, of } => (
            format!("{by} asks for `{value}`, which the label `{label}` of `{of}` no longer is"),
            vec![value, label, of],
        ),
    };
    let finding = Diagnostic::new(Code::ReaderBroken, places.of(&query.at, miss), message);
    let finding = names.into_iter().fold(finding, |finding, name| finding.about(name));
    finding.help(
        "change what asks for it together with the contract, or keep what it asks for until it is changed",
    )
}

/// Says of which metric a series is.
fn of_metric(finding: Diagnostic, series: &str, known: &Known<'_>) -> Diagnostic {
    let metrics = known.written.by_name.get(series).into_iter().flat_map(|series| &series.metrics);
    match metrics.cloned().collect::<Vec<_>>().as_slice() {
        [] => finding,
        [metric] => finding.note(format!("`{series}` is a series of the metric `{metric}`")),
        several => finding.note(format!("`{series}` is a series of {} metrics", several.len())),
    }
}

/// The name that was meant: one that differs by letters, or else the one that has the most words in common, of two at least.
fn meant<'r>(name: &str, known: &Known<'r>) -> Option<&'r str> {
    let near = nearest(name, known.names());
    let words: BTreeSet<&str> = parts(name).collect();
    let by_words = known.names().filter_map(|other| {
        let others: BTreeSet<&str> = parts(other).collect();
        let common = words.intersection(&others).count();
        (common >= 2).then(|| (common, usize::MAX - others.union(&words).count(), std::cmp::Reverse(other)))
    });
    near.or_else(|| by_words.max().map(|(_, _, std::cmp::Reverse(other))| other))
}

fn parts(name: &str) -> impl Iterator<Item = &str> {
    name.split(['_', '.', ':']).filter(|part| !part.is_empty())
}

fn selected<'r>(of: &str, known: &Known<'r>) -> Vec<(&'r str, &'r slo_compiler::fleet::Series)> {
    match known.written.by_name.get_key_value(of) {
        Some((name, series)) => vec![(name, series)],
        // A pattern is that of a matcher that was read already.
        None => match Matcher::new_matcher(
            promql_parser::parser::token::T_EQL_REGEX,
            NAME.to_owned(),
            of.to_owned(),
        ) {
            Ok(matcher) => match known.select(&Selected::Matching(matcher)) {
                Series::Members(series) => series,
                _ => Vec::new(),
            },
            Err(_) => Vec::new(),
        },
    }
}

fn labels_of(of: &str, known: &Known<'_>) -> Vec<String> {
    let series = selected(of, known);
    let own = series.iter().flat_map(|(_, one)| one.labels.iter().flat_map(|labels| labels.keys()));
    let recorded = known.recorded_labels(&Selected::One(of.to_owned())).into_iter().flatten();
    own.chain(recorded).collect::<BTreeSet<_>>().into_iter().cloned().collect()
}

fn values_of(of: &str, label: &str, known: &Known<'_>) -> Vec<String> {
    values(&selected(of, known), label).unwrap_or_default().into_iter().collect()
}
