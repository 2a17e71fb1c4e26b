//! Logs of a draft, alone and in the events of spans.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::Draft;
use super::contract::Writer;
use super::event::{Event, listed};
use super::guess::Said;
use super::names;
use super::pairs::VARYING;
use super::seen::{Logs, Spans};
use super::texts::{Part, varies};
use super::values::{Keys, Values};

/// The severities by their numbers: what a record without one has, and the six of OpenTelemetry.
const SEVERITIES: [&str; 7] = ["unspecified", "trace", "debug", "info", "warn", "error", "fatal"];

/// Logs of a span's event.
#[derive(Clone, Copy)]
pub(super) struct OfSpanLogs<'d> {
    pub(super) name: &'d str,
    pub(super) severity: u8,
    /// The name of their scope.
    pub(super) scope: &'d str,
    pub(super) logs: &'d Logs,
}

/// What logs have in common with their span.
#[derive(Clone, Copy)]
pub(super) struct OfSpan<'s> {
    pub(super) fields: &'s BTreeMap<String, String>,
    pub(super) spans: &'s Spans,
    /// The fields that a log's keys show too.
    pub(super) shared: &'s BTreeMap<String, String>,
    pub(super) told: Option<&'s Told<'s>>,
    /// The declaration of the logs' scope, where it is another than the span's.
    pub(super) scope: Option<&'s str>,
}

/// The field that tells the outcome of a span, with the key of logs that tells it too, and the variants by the values.
pub(super) struct Told<'s> {
    pub(super) key: Option<&'s str>,
    pub(super) field: String,
    pub(super) variants: BTreeMap<String, String>,
}

impl Told<'_> {
    /// The test that these values alone pass; nothing where all do, or nobody knows.
    pub(super) fn when(&self, values: &Values) -> Option<String> {
        let own: Vec<&str> = values
            .told
            .keys()
            .map(|value| self.variants.get(value).map(String::as_str))
            .collect::<Option<_>>()?;
        let is_part = !values.has_more && !own.is_empty() && own.len() < self.variants.len();
        is_part.then(|| format!("when=({} in [{}])", self.field, own.join(", ")))
    }
}

impl<'d> Writer<'d> {
    /// An event of a log alone.
    pub(super) fn log_alone(
        &mut self,
        scope: &str,
        of: (&str, u8),
        logs: &Logs,
        used: &mut BTreeSet<String>,
    ) -> String {
        // What has no name, no text that can be written and not two keys can't be told from others.
        let has_text = logs.bodies.only().is_some_and(|text| names::is_plain(text) && !text.is_empty())
            || parts_of(logs).is_some_and(|parts| is_plain(parts) && has_words(parts));
        if of.0.is_empty() && !has_text && logs.keys.keys.len() < 2 {
            let text = names::comment(logs.bodies.texts.first().map_or("", String::as_str));
            let count = logs.keys.records;
            self.left_out.push(format!("{count} log records as `{text}`, which nothing tells from others"));
            return format!(
                "// question: {count} log records as `{text}` came: nothing that can be written tells them from others.\n"
            );
        }
        let mut event = Event::default();
        let item = self.log(&mut event, of, logs, None, used);
        event.item(item);
        let wanted = match (of.0, logs.bodies.texts.first()) {
            ("", Some(body)) => names::declaration(body),
            ("", None) => format!("{scope}Log"),
            (name, _) => names::declaration(name),
        };
        let wanted = self.declarations.new_name(&wanted);
        event.comment(format!("question: which event is it? It was seen {} times.", logs.keys.records));
        event.text(&wanted, scope)
    }

    /// The logs that belong to a kind of span.
    pub(super) fn logs_of(&self, number: usize) -> Vec<OfSpanLogs<'d>> {
        let mut all = Vec::new();
        for (scope, seen) in &self.service.scopes {
            for ((name, _, severity), log) in &seen.logs {
                let logs = self.draft.logs.get(*log).filter(|_| self.attached_logs.contains(log));
                if let Some(logs) = logs.filter(|logs| logs.spans.contains_key(&number)) {
                    all.push(OfSpanLogs { name, severity: *severity, scope, logs });
                }
            }
        }
        all
    }

    /// The key of logs that tells the outcome as a key of their span does: on each pair both had one value.
    pub(super) fn outcome_on_logs(
        &self,
        key: &str,
        spans: &Spans,
        logs: &[OfSpanLogs<'d>],
    ) -> Option<&'d str> {
        let number = self.draft.pairs.number(key)?;
        let values = spans.keys.keys.get(key)?;
        let tells = |logs: &'d Logs, own: &str| {
            let equal = self.draft.pairs.number(own).and_then(|own| logs.equal.get(&(own, number)));
            let of_log = logs.keys.keys.get(own);
            equal.is_some_and(|(count, differs)| !differs && *count == logs.spans.values().sum::<u64>())
                && of_log.is_some_and(|own| {
                    own.records == logs.keys.records
                        && (own.kinds.string == own.records && values.kinds.string > 0
                            || own.kinds.int == own.records && values.kinds.int > 0)
                        && own.told.keys().all(|text| values.told.contains_key(text))
                })
                && matches!(self.said.get(own), Some(Said::Conventions(_) | Said::Declared { .. }))
        };
        let with = logs.iter().filter(|one| one.logs.keys.keys.keys().any(|own| tells(one.logs, own)));
        let first = with.map(|one| one.logs).next()?;
        // Of several, one whose values differ most from one log to another: it is told by each of them alike.
        let all = first.keys.keys.keys().filter(|own| tells(first, own));
        let count = |own: &str| logs.iter().filter(|one| tells(one.logs, own)).count();
        all.max_by_key(|own| (count(own), *own == key, std::cmp::Reverse(own.len()))).map(String::as_str)
    }

    /// A log.
    pub(super) fn log(
        &mut self,
        event: &mut Event,
        (name, severity): (&str, u8),
        logs: &Logs,
        span: Option<OfSpan<'_>>,
        used: &mut BTreeSet<String>,
    ) -> String {
        let mut fields = BTreeMap::new();
        let mut list = Vec::new();
        let mut when = String::new();
        for (key, values) in &logs.keys.keys {
            if let Some(told) = span.and_then(|span| span.told).filter(|told| told.key == Some(key.as_str()))
                && !values.has_more
                && values.told.keys().all(|value| told.variants.contains_key(value))
            {
                when = told.when(values).map_or_else(String::new, |when| format!(", {when}"));
                list.push(told.field.clone());
                continue;
            }
            if let Some((span, field)) = span.and_then(|span| Some((span, span.shared.get(key)?))) {
                // A key without a dot is a name of this list alone.
                let is_same = span.fields.get(key) == Some(field);
                list.push(if is_same { field.clone() } else { format!("{field} as {}", names::key(key)) });
                fields.insert(key.clone(), field.clone());
                used.insert(key.clone());
                continue;
            }
            let said = self.said(key);
            if let Some(field) = event.of_logs(key, &said, values.records < logs.keys.records) {
                used.insert(key.clone());
                list.push(listed(&field, key, &said));
                fields.insert(key.clone(), field);
            }
        }
        let severity = SEVERITIES.get(usize::from(severity)).unwrap_or(&"unspecified");
        let body = match (parts_of(logs), logs.bodies.only()) {
            (_, Some(only)) if names::is_plain(only) && !only.is_empty() => Some(names::of_template(only)),
            (Some(parts), _) if !parts.is_empty() && is_plain(parts) => {
                let text = match span {
                    Some(span) => {
                        let found = self.varying(logs, span.fields, span.spans);
                        self.template_with(event, parts, &fields, &found, &logs.keys, false)
                    }
                    None => self.template(event, parts, &fields, &logs.keys, false),
                };
                Some(text).filter(|text| !text.is_empty())
            }
            _ => None,
        };
        let body = body.map_or_else(String::new, |body| format!(", body=\"{body}\""));
        let name = if names::is_sayable(name) { names::key(name) } else { "_".to_owned() };
        let scope = span.and_then(|span| span.scope).map_or_else(String::new, |scope| format!(" in {scope}"));
        format!("log {name}{scope}: {severity}{body}{when} {{ {} }}", list.join(", "))
    }

    /// The fields of a span that stand in a log's text, by the place among what varies there.
    fn varying(
        &self,
        logs: &Logs,
        fields: &BTreeMap<String, String>,
        spans: &Spans,
    ) -> BTreeMap<u32, String> {
        let mut found = BTreeMap::new();
        for (key, field) in fields {
            let Some(number) = self.draft.pairs.number(key) else { continue };
            for place in 0..16 {
                let is_always = logs
                    .equal
                    .get(&(VARYING + place, number))
                    .is_some_and(|(count, differs)| !differs && *count == logs.spans.values().sum::<u64>());
                let has_values = spans.keys.keys.get(key).is_some_and(|values| values.kinds.string > 0);
                if is_always && has_values {
                    found.entry(place).or_insert_with(|| field.clone());
                }
            }
        }
        found
    }

    pub(super) fn template(
        &mut self,
        event: &mut Event,
        parts: &[Part],
        fields: &BTreeMap<String, String>,
        keys: &Keys,
        is_name: bool,
    ) -> String {
        self.template_with(event, parts, fields, &BTreeMap::new(), keys, is_name)
    }

    /// A text with fields in its holes. Those of names need bounds.
    fn template_with(
        &mut self,
        event: &mut Event,
        parts: &[Part],
        fields: &BTreeMap<String, String>,
        found: &BTreeMap<u32, String>,
        keys: &Keys,
        is_name: bool,
    ) -> String {
        let mut text = String::new();
        let mut varying = 0;
        for part in parts {
            let field = match part {
                Part::Text(literal) => {
                    text.push_str(&names::of_template(literal));
                    continue;
                }
                Part::Key(key) => fields.get(key).cloned().inspect(|field| {
                    if let (true, Some(values)) = (is_name, keys.keys.get(key)) {
                        event.bound(field, (key, values), &self.said(key));
                    }
                }),
                Part::Varying => {
                    varying += 1;
                    found.get(&(varying - 1)).cloned()
                }
            };
            let kind = if is_name { "string, bounded=1_024, other=\"_OTHER\"" } else { "string" };
            let field =
                field.unwrap_or_else(|| event.own("part", kind, "question: what stands in the text here?"));
            let _ = write!(text, "{{{field}}}");
        }
        text
    }
}

/// The parts of the text of logs: where not all have the same keys in its holes, those of its form.
fn parts_of(logs: &Logs) -> Option<&[Part]> {
    logs.body.as_deref().or(Some(logs.form.as_slice())).filter(|parts| !parts.is_empty())
}

fn has_words(parts: &[Part]) -> bool {
    parts.iter().any(|part| matches!(part, Part::Text(text) if text.chars().any(char::is_alphanumeric)))
}

fn is_plain(parts: &[Part]) -> bool {
    varies(parts)
        && parts.iter().all(|part| match part {
            Part::Text(text) => names::is_plain(text),
            Part::Key(_) | Part::Varying => true,
        })
}

/// The fields of a span that a log's keys show too, by the keys of the log: what stood there was one thing on each pair. `known` are those of
/// other logs of the event: where a log has one value alone, they tell which of several fields it is.
pub(super) fn shared(
    draft: &Draft,
    logs: &Logs,
    spans: &Spans,
    fields: &BTreeMap<String, String>,
    said: &BTreeMap<&str, Said>,
    known: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    let joined: u64 = logs.spans.values().sum();
    let is_same = |key: &str, other: &str| {
        let numbers = draft.pairs.number(key).zip(draft.pairs.number(other));
        let equal = numbers.and_then(|numbers| logs.equal.get(&numbers));
        equal.is_some_and(|(count, differs)| !differs && *count > 0 && *count == joined)
    };
    let is_always = |key: &str, other: &str| {
        let of_log = logs.keys.keys.get(key).is_some_and(|values| values.records == logs.keys.records);
        of_log && spans.keys.keys.get(other).is_some_and(|values| values.records == spans.keys.records)
    };
    let kinds = |values: Option<&Values>| {
        values.map(|values| {
            (values.kinds.string > 0, values.kinds.int > 0, values.kinds.double > 0, values.kinds.bool > 0)
        })
    };
    let is_of_kind =
        |key: &str, other: &str| kinds(logs.keys.keys.get(key)) == kinds(spans.keys.keys.get(other));
    for key in logs.keys.keys.keys() {
        if let Some(field) = fields.get(key).filter(|_| is_same(key, key) && is_always(key, key)) {
            all.insert(key.clone(), field.clone());
            taken.insert(field);
        }
    }
    for (key, values) in &logs.keys.keys {
        // A key with a dot is declared by itself, with a domain of its own; one value on all records tells nothing.
        let is_local = !key.contains('.') && matches!(said.get(key.as_str()), Some(Said::Declared { .. }));
        let is_telling = values.told.len() > 1 || values.doubles.is_some_and(|(least, most)| least < most);
        if all.contains_key(key) || !is_local || !is_telling && !known.contains_key(key) {
            continue;
        }
        let other = fields.iter().find(|(other, field)| {
            !taken.contains(field.as_str())
                && (is_telling || known.get(key) == Some(*field))
                && is_same(key, other)
                && is_always(key, other)
                && is_of_kind(key, other)
        });
        if let Some((_, field)) = other {
            all.insert(key.clone(), field.clone());
            taken.insert(field);
        }
    }
    all
}
