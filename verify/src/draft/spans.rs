//! Events of spans of a draft: their outcome, their logs, their metrics, and the events on them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::contract::Writer;
use super::event::{Event, listed};
use super::guess::Said;
use super::logs::{OfSpan, Told, shared};
use super::names::{self, Names};
use super::seen::Spans;
use super::texts::Part;

/// The kinds of spans by their numbers.
const SPAN_KINDS: [&str; 6] = ["internal", "internal", "server", "client", "producer", "consumer"];

/// The statuses by their numbers.
const STATUSES: [&str; 3] = ["", "ok", "error"];

/// Where spans are of: the name of their scope, and their number.
#[derive(Clone, Copy)]
pub(super) struct OfScope<'s> {
    pub(super) name: &'s str,
    pub(super) number: usize,
}

/// What tells an outcome: a key of spans, and where they tell it too, one of logs, and metrics.
#[derive(Clone, Copy)]
struct Outcome<'o> {
    key: &'o str,
    on_log: Option<&'o str>,
    is_on_metrics: bool,
}

impl<'d> Writer<'d> {
    pub(super) fn spans(
        &mut self,
        (of, scope): (OfScope<'d>, &str),
        (parts, kind): (&[Part], i32),
        spans: &'d Spans,
        used: &mut BTreeSet<String>,
    ) -> String {
        let mut event = Event::default();
        let wanted = spans.names.texts.first().map_or("Span".to_owned(), |name| names::declaration(name));
        let declaration = self.declarations.new_name(&wanted);
        let mut fields = self.fields(&mut event, spans, used);
        let mut list: Vec<String> =
            fields.iter().map(|(key, field)| listed(field, key, &self.said(key))).collect();
        let logs = self.logs_of(of.number);
        let metrics = self.metrics_of(of.name, spans);
        let outcome = outcome(spans, &self.said);
        let (mut meaning, mut told) = (String::new(), None);
        let all = fields.clone();
        if let Some(key) = outcome
            && let Some(field) = fields.remove(key)
        {
            let name = self.declarations.new_name(&format!("{declaration}Outcome"));
            let on_log = self.outcome_on_logs(key, spans, &logs);
            let is_on_metrics = metrics.iter().any(|(_, metric)| metric.labels.keys.contains_key(key));
            let (text, variants) = meaning_of(&name, Outcome { key, on_log, is_on_metrics }, spans);
            meaning = text;
            event.replace(&field, &name);
            used.extend(on_log.map(str::to_owned));
            told = Some(Told { key: on_log, field, variants });
        }
        let span_name = match spans.names.only() {
            Some(only) => Some(names::of_template(only)).filter(|_| names::is_plain(only)),
            None => {
                let parts = spans.parts.as_deref().unwrap_or(parts);
                Some(self.template(&mut event, parts, &fields, &spans.keys, true))
            }
        };
        let span_name = span_name.filter(|name| !name.is_empty()).unwrap_or_else(|| {
            let kind = "string, bounded=1_024, other=\"_OTHER\"";
            format!("{{{}}}", event.own("name", kind, "question: what is it called?"))
        });
        let kind = usize::try_from(kind).ok().and_then(|kind| SPAN_KINDS.get(kind)).unwrap_or(&"internal");
        for (name, metric) in metrics {
            let item = self.metric_of(&mut event, name, metric, &all);
            event.item(item);
        }
        let mut known = BTreeMap::new();
        for one in &logs {
            known.extend(shared(self.draft, one.logs, spans, &fields, &self.said, &BTreeMap::new()));
        }
        for one in logs {
            let shared = shared(self.draft, one.logs, spans, &fields, &self.said, &known);
            let elsewhere = self.scopes.get(one.scope).filter(|_| one.scope != of.name).cloned();
            let span = OfSpan {
                fields: &fields,
                spans,
                shared: &shared,
                told: told.as_ref(),
                scope: elsewhere.as_deref(),
            };
            let item = self.log(&mut event, (one.name, one.severity), one.logs, Some(span), used);
            event.item(item);
        }
        list.sort();
        event.item(format!("span \"{span_name}\": {kind} {{ {} }}", list.join(", ")));
        if spans.statuses != 1 && outcome.is_none() {
            let question =
                "question: it came with several statuses, and no key tells which: what is its outcome?";
            event.comment(question.to_owned());
        }
        self.events_on(&mut event, spans, outcome, told.as_ref(), used);
        event.comment(format!("It was seen {} times.", spans.keys.records));
        format!("{meaning}{}", event.text(&declaration, scope))
    }

    /// The fields for the keys of spans, by their keys.
    fn fields(
        &mut self,
        event: &mut Event,
        spans: &Spans,
        used: &mut BTreeSet<String>,
    ) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        for (key, values) in &spans.keys.keys {
            let said = self.said(key);
            if matches!(said, Said::Object(_)) {
                self.left_out.push(format!("`{}` of a span: it holds objects", names::comment(key)));
                continue;
            }
            if let Some(field) = event.field(key, &said, values.records < spans.keys.records) {
                used.insert(key.clone());
                all.insert(key.clone(), field);
            }
        }
        if spans.keys.beyond > 0 {
            self.left_out.push(format!("{} keys past those that are told apart", spans.keys.beyond));
        }
        all
    }

    /// The events on spans.
    fn events_on(
        &mut self,
        event: &mut Event,
        spans: &Spans,
        outcome: Option<&str>,
        told: Option<&Told<'_>>,
        used: &mut BTreeSet<String>,
    ) {
        for (name, seen) in &spans.events {
            if !names::is_plain(name) || name.is_empty() {
                let name = names::comment(name);
                self.left_out.push(format!("the event `{name}` on a span, whose name can't be written"));
                continue;
            }
            let is_always = seen.spans.records >= spans.keys.records;
            let mut list = Vec::new();
            for (key, values) in &seen.keys.keys {
                let said = self.said(key);
                if matches!(said, Said::Object(_)) {
                    continue;
                }
                let is_optional = !is_always || values.records < seen.keys.records;
                if let Some(field) = event.field(key, &said, is_optional) {
                    used.insert(key.clone());
                    list.push(listed(&field, key, &said));
                }
            }
            let values = outcome.and_then(|key| seen.spans.keys.get(key));
            let when = told.zip(values).and_then(|(told, values)| told.when(values));
            let when = when.map_or_else(String::new, |when| format!(": {when}"));
            event.item(format!(
                "span event \"{}\"{when} {{ {} }}",
                names::of_template(name),
                list.join(", ")
            ));
        }
        if spans.events_beyond > 0 {
            let count = spans.events_beyond;
            self.left_out.push(format!("{count} events on spans past those that are told apart"));
        }
    }
}

/// The meaning by whose key a span shows its outcome; and its variants by their values.
fn meaning_of(name: &str, outcome: Outcome<'_>, spans: &Spans) -> (String, BTreeMap<String, String>) {
    let mut variants = Names::default();
    let mut by_value = BTreeMap::new();
    let mut text = format!(
        "// guess: `{}` tells the outcome, as each of its values came with one status.\nmeaning {name} {{\n",
        names::comment(outcome.key)
    );
    let Some(values) = spans.keys.keys.get(outcome.key) else { return (String::new(), by_value) };
    let key = names::key(outcome.key);
    for (value, count) in &values.told {
        let variant = variants.new_name(&names::declaration(value));
        let status = (0..3)
            .find(|status| count.levels >> status & 1 == 1)
            .and_then(|status| STATUSES.get(status))
            .unwrap_or(&"");
        let described = spans.descriptions.get(&(outcome.key.to_owned(), value.clone()));
        let described = described
            .and_then(|told| told.only())
            .filter(|text| *status == "error" && !text.is_empty() && names::is_plain(text));
        let described =
            described.map_or_else(String::new, |text| format!(" \"{}\"", names::of_template(text)));
        let shown = if values.kinds.string > 0 { names::string(value) } else { value.clone() };
        let _ = writeln!(
            text,
            "    // question: what does it mean? It was seen {} times.\n    {variant} {{",
            count.count
        );
        if outcome.is_on_metrics {
            let _ = writeln!(text, "        metric {{ {key} = {shown} }}");
        }
        if let Some(on_log) = outcome.on_log {
            let _ = writeln!(text, "        log {{ {} = {shown} }}", names::key(on_log));
        }
        let _ = writeln!(text, "        span {status}{described} {{ {key} = {shown} }}\n    }}");
        by_value.insert(value.clone(), variant);
    }
    text.push_str("}\n\n");
    (text, by_value)
}

/// The key that tells the outcome of a span: each record has it, with one of a few values, each of which came with one status.
fn outcome<'s>(spans: &'s Spans, said: &BTreeMap<&str, Said>) -> Option<&'s str> {
    if spans.statuses == 1 {
        return None;
    }
    let tells = spans.keys.keys.iter().filter(|(key, values)| {
        let kinds = &values.kinds;
        let is_sayable = matches!(said.get(key.as_str()), Some(Said::Conventions(_) | Said::Declared { .. }));
        is_sayable
            && values.records == spans.keys.records
            && kinds.string + kinds.int == values.records
            && (kinds.string == 0 || kinds.int == 0)
            && !values.has_more
            && (2..=16).contains(&values.told.len())
            && values.told.iter().all(|(text, count)| {
                count.levels.count_ones() == 1 && names::is_plain(text) && !text.is_empty()
            })
    });
    let rank = |key: &str| {
        let is_named = ["outcome", "result", "status", "state"].iter().any(|word| key.contains(word));
        !is_named
    };
    tells.min_by_key(|(key, values)| (rank(key), values.told.len(), key.len())).map(|(key, _)| key.as_str())
}
