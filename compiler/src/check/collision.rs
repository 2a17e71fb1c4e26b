//! Within one container, what a target makes of the keys differs, keeps clear of what the target reserves, and,
//! where the target nests, no key is a parent of another.
//!
//! A container is whatever keys stand in: a resource, a scope, each metric, log and span.

use crate::hash::HashMap;
use std::borrow::Cow;
use std::collections::BTreeMap;

use slo_grammar::Place;
use slo_model::names::{MetricKind, PrometheusNaming, log_line, nested_path};

use super::labels;
use super::signals::{Of, Signals};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{
    Container, ContainerKind, Contract, Domain, Leaf, ObjectMember, Pair, Signal, Target, WriterValue,
};
use crate::ir::{OVERFLOW, TEXT};
use crate::measure::kind_of;
use crate::measure::records::Records;
use crate::text::with_article;

/// A key that may be written into a container.
pub(super) struct Written<'c> {
    pub(super) key: Cow<'c, str>,
    /// The values that it may have there, as far as they are known.
    pub(super) domain: Option<&'c Domain>,
    /// Where the container itself has it: the entry, the item, or the `...NAME` that brought it in.
    at: Place,
    /// Where it stands, if it was brought in.
    brought: Option<Place>,
    /// What writes it, for a finding to name.
    who: Option<String>,
}

impl Record<'_> {
    /// A finding about a key in it, under Prometheus.
    pub(super) fn under_prometheus(&self, finding: Diagnostic) -> Diagnostic {
        finding.about_all(&self.about).about(Target::Prometheus.name())
    }
}

impl Written<'_> {
    pub(super) fn key(&self) -> &str {
        &self.key
    }
}

/// What keys stand in.
pub(super) struct Record<'c> {
    pub(super) kind: RecordKind,
    /// The kind, as messages have it.
    word: &'static str,
    pub(super) name: Cow<'c, str>,
    /// What its findings are about.
    about: Vec<String>,
    /// The names that its keys have under Prometheus: each way on which it reaches the server has its own.
    pub(super) namings: Vec<PrometheusNaming>,
    /// What a metric is over OTLP.
    pub(super) metric: Option<MetricKind>,
    /// Whether its log lines are written by slo, which has names of its own there.
    has_own_lines: bool,
    written: Vec<Written<'c>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum RecordKind {
    Resource,
    Scope,
    Signal(Signal),
}

/// Checks a resource or a scope.
pub(super) fn container(contract: &Contract, container: &Container, diagnostics: &mut Vec<Diagnostic>) {
    let place = |node| contract.places.place(node);
    let written = container.writers.iter().map(|writer| Written {
        key: writer.key.as_str().into(),
        domain: writer.domain.known(),
        at: place(writer.through.first().copied().unwrap_or(writer.node)),
        brought: (!writer.through.is_empty()).then(|| place(writer.node)),
        who: None,
    });
    let (kind, word) = match container.kind {
        ContainerKind::Resource => (RecordKind::Resource, "resource"),
        ContainerKind::Scope => (RecordKind::Scope, "scope"),
    };
    let namings = match container.kind {
        ContainerKind::Resource => contract.prometheus.namings(),
        ContainerKind::Scope => vec![contract.prometheus.naming(&container.full_name())],
    };
    let record = Record {
        kind,
        word,
        name: Cow::Borrowed(&container.name),
        about: vec![container.full_name()],
        namings,
        metric: None,
        has_own_lines: true,
        written: written.collect(),
    };
    check(contract, &record, diagnostics);
}

/// Checks a signal, and says what its writers may write.
pub(super) fn signal<'c>(
    contract: &'c Contract,
    signal: &Signals<'c>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Written<'c>> {
    let kind = RecordKind::Signal(signal.signal);
    let word = signal.word();
    let (namings, metric) = match signal.of {
        Of::Metric(metric) => (vec![contract.naming(metric)], kind_of(metric)),
        _ => (Vec::new(), None),
    };
    let has_own_lines = !signal.is_external();
    let written = written(contract, signal);
    let about = signal.about();
    let record =
        Record { kind, word, name: signal.name.clone(), about, namings, metric, has_own_lines, written };
    check(contract, &record, diagnostics);
    record.written
}

/// Whether two spans may be of one resource: not where the scope of each says one, and these are two. A span that is running has
/// the resource of the event that writes onto it.
pub(super) fn may_be_of_one_resource(contract: &Contract, one: &Signals<'_>, other: &Signals<'_>) -> bool {
    let resource = |signal: &Signals<'_>| {
        let Of::Span(span) = signal.of else { return None };
        let scope = span.scope.as_ref().or(signal.event.and_then(|event| event.scope.as_ref()))?;
        let of = contract.container(*scope.known()?).of?;
        Some(contract.container(of).node)
    };
    match (resource(one), resource(other)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

/// Holds what a span has to what a processor sets on every span: a key has one type there, and where the store nests, none is a
/// parent of another. Of one key on both the processor's value or the span's holds, as the program has it.
pub(super) fn every(
    contract: &Contract,
    (signal, own): (&Signals<'_>, &[Written<'_>]),
    (other, set): (&Signals<'_>, &[Written<'_>]),
    diagnostics: &mut Vec<Diagnostic>,
) {
    let both = |finding: Diagnostic| finding.about_all(signal.about()).about_all(other.about());
    let what = format!("the span of `{}`", signal.name);
    let by = format!("`span every` of `{}`", other.name);
    let keys: HashMap<&str, &Written<'_>> = own.iter().map(|one| (one.key(), one)).collect();
    let nests = contract.traces.nests;
    for one in set {
        if let Some(same) = keys.get(one.key())
            && let (Some(left), Some(right)) = (same.domain, one.domain)
            && left.value != right.value
        {
            let message = format!(
                "`{}` is {} on {what} and {} by {by}",
                one.key(),
                with_article(&left.value.to_string()),
                with_article(&right.value.to_string())
            );
            let help = "one key has one type on a span: show it under another name";
            diagnostics.push(both(collide(Code::TypeConflict, same, Some(one), message, help)));
        }
        let above = parents(one.key()).filter(|_| nests).filter_map(|parent| keys.get(parent));
        for parent in above {
            diagnostics.push(both(path(parent, one, &what, &by)));
        }
    }
    let set: HashMap<&str, &Written<'_>> = set.iter().map(|one| (one.key(), one)).collect();
    for one in own.iter().filter(|_| nests) {
        for parent in parents(one.key()).filter_map(|parent| set.get(parent)) {
            diagnostics.push(both(path(one, parent, &what, &by)));
        }
    }
}

/// Two keys of a span of which one is a parent of the other, the first of them the span's own.
fn path(own: &Written<'_>, set: &Written<'_>, what: &str, by: &str) -> Diagnostic {
    let message = format!(
        "a store of nested traces can't hold both `{}` of {what} and `{}` by {by}",
        own.key(),
        set.key()
    );
    let help = "choose another key: one path is either a value or a parent of others";
    collide(Code::NestedPrefix, own, Some(set), message, help).about("traces")
}

/// What the writers of a signal may write in the records that it is for.
pub(super) fn written<'c>(contract: &'c Contract, signal: &Signals<'c>) -> Vec<Written<'c>> {
    let records = Records::of(signal.when);
    let mut written = Vec::new();
    for writer in signal.writers {
        let at = contract.places.place(writer.node);
        match &writer.value {
            Leaf::Known(WriterValue::Meaning { field, face }) => {
                let meaning = contract.meaning(*face);
                // The variants of one meaning write in turn: each key once, where the first of them writes it.
                let mut keys: BTreeMap<&str, (&Pair, &str)> = BTreeMap::new();
                for variant in meaning.variants.iter().filter(|variant| records.has_variant(*field, variant))
                {
                    for pair in variant.pairs(signal.signal) {
                        keys.entry(&pair.key).or_insert((pair, &variant.name));
                    }
                }
                let mut keys: Vec<(&Pair, &str)> = keys.into_values().collect();
                crate::sort::by_key(&mut keys, |(pair, _)| pair.node);
                written.extend(keys.into_iter().map(|(pair, variant)| Written {
                    key: pair.key.as_str().into(),
                    domain: pair.domain.known(),
                    at,
                    brought: Some(contract.places.place(pair.node)),
                    who: Some(format!("`{variant}` of `{}`", signal.field_name(*field))),
                }));
            }
            _ if writer.key.is_empty() => {}
            // A field of which the condition leaves nothing but its absence writes nothing. An open enum has values beyond its
            // members.
            Leaf::Known(WriterValue::Field(field) | WriterValue::ToString(field))
                if writer.domain().is_some_and(|domain| {
                    let left = records.domain(*field, domain);
                    !left.open && left.members.is_some_and(|members| members.is_empty())
                }) => {}
            _ if let Some(members) = writer.domain().and_then(|domain| domain.value.object()) => {
                members_of(&writer.key, members, at, &mut written);
            }
            _ => {
                // Under another key, it is of that key's type, but for what another program writes.
                let shown_as = writer.shown_as.as_ref().filter(|_| !signal.is_external());
                let shown_as = shown_as.and_then(|shown_as| shown_as.domain.known());
                let own = || if writer.is_text() { Some(&TEXT) } else { writer.domain() };
                let domain = shown_as.or_else(own);
                written.push(Written {
                    key: writer.key.as_str().into(),
                    domain,
                    at,
                    brought: None,
                    who: None,
                });
            }
        }
    }
    written
}

/// What the members of an object may write: each has the keys of what it stands in before its own.
fn members_of<'c>(key: &str, members: &'c [ObjectMember], at: Place, written: &mut Vec<Written<'c>>) {
    for member in members {
        let own = format!("{key}.{}", member.name);
        match member.domain.value.object() {
            Some(inner) => members_of(&own, inner, at, written),
            None => written.push(Written {
                key: own.into(),
                domain: Some(&member.domain),
                at,
                brought: None,
                who: None,
            }),
        }
    }
}

fn check(contract: &Contract, record: &Record<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let written = twice(record, diagnostics);
    if record.kind == RecordKind::Signal(Signal::Metric) {
        for one in written.iter().filter(|one| one.key() == OVERFLOW) {
            diagnostics.push(
                collide(
                    Code::Reserved,
                    one,
                    None,
                    format!("`{OVERFLOW}` marks the point that takes what is past a metric's limit"),
                    "choose another key",
                )
                .about_all(&record.about)
                // Nobody declares it, so that what it holds is unknown.
                .invalid(),
            );
        }
    }
    for target in &contract.targets {
        match (target, record.kind) {
            // OTLP takes keys as they are: that they differ was seen already.
            (Target::Otlp, _) => {}
            (Target::Prometheus, RecordKind::Signal(Signal::Log | Signal::Span)) => {}
            (Target::Prometheus, _) => labels::check(contract, record, &written, diagnostics),
            (Target::Logs, RecordKind::Signal(Signal::Metric | Signal::Span)) => {}
            (Target::Logs, _) => logs(contract, record, &written, diagnostics),
        }
    }
    if contract.traces.nests && record.kind == RecordKind::Signal(Signal::Span) {
        nested(("a store of nested traces", "traces"), record, &written, diagnostics);
    }
}

/// The keys, each the first of its name; another writer's are reported.
fn twice<'r, 'c>(record: &'r Record<'c>, diagnostics: &mut Vec<Diagnostic>) -> Vec<&'r Written<'c>> {
    let mut seen: HashMap<&str, &Written<'_>> = HashMap::default();
    let mut firsts = Vec::new();
    for one in &record.written {
        match seen.get(one.key()) {
            None => {
                seen.insert(one.key(), one);
                firsts.push(one);
            }
            Some(first) => {
                let mut diagnostic = Diagnostic::new(
                    Code::KeyTwice,
                    one.at,
                    format!("`{}` stands twice in the {} `{}`", one.key(), record.word, record.name),
                )
                .about(one.key())
                .and(first.at, "the first one");
                for brought in [*first, one] {
                    if let Some(place) = brought.brought
                        && !diagnostic.labels.iter().any(|label| label.place == place)
                    {
                        diagnostic = diagnostic.and(place, brought_in(brought));
                    }
                }
                diagnostics.push(diagnostic.help(match record.kind {
                    RecordKind::Resource | RecordKind::Scope => {
                        "take one of them out: `...NAME` overrides nothing and is not overridden"
                    }
                    RecordKind::Signal(_) => {
                        "take one of them out, or show it under another name: `as NAME` for a field, `via VIEW` for a meaning"
                    }
                }));
            }
        }
    }
    firsts
}

fn brought_in(written: &Written<'_>) -> String {
    match &written.who {
        Some(who) => format!("written by {who}"),
        None => "brought in from here".to_owned(),
    }
}

/// A pair of keys that become one, or one that becomes a reserved name.
pub(super) fn collide(
    code: Code,
    written: &Written<'_>,
    first: Option<&Written<'_>>,
    message: String,
    help: &str,
) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(code, written.at, message).about(written.key()).help(help);
    if let Some(first) = first {
        diagnostic = diagnostic.about(first.key());
        // A meaning that brings both stands at one place.
        if first.at != written.at {
            let same = first.key() == written.key();
            diagnostic = diagnostic.and(first.at, if same { "the other one" } else { "the other key" });
        }
    }
    for one in [Some(written), first].into_iter().flatten() {
        let Some(place) = one.brought else { continue };
        diagnostic = diagnostic.and(
            place,
            match &one.who {
                Some(who) => format!("`{}` is written by {who}", one.key()),
                None => format!("`{}` is brought in from here", one.key()),
            },
        );
    }
    diagnostic
}

fn logs(
    contract: &Contract,
    record: &Record<'_>,
    written: &[&Written<'_>],
    diagnostics: &mut Vec<Diagnostic>,
) {
    // A resource and a scope nest below names of their own.
    if record.kind == RecordKind::Signal(Signal::Log) {
        for one in written {
            let top = nested_path(one.key()).next().unwrap_or_default();
            let of_store = contract.logs.reserved.iter().find(|name| *name == top);
            let of_line = log_line::reserved(one.key()).filter(|_| record.has_own_lines);
            let (name, keeps) = match (of_line, of_store) {
                (Some(name), _) => (name, "log lines keep for themselves"),
                (None, Some(name)) => (name.as_str(), "the store of logs keeps for itself"),
                (None, None) => continue,
            };
            let finding = collide(
                Code::Reserved,
                one,
                None,
                match one.key() == name {
                    true => format!("`{name}` is a name that {keeps}"),
                    false => format!("`{}` nests below `{name}`, a name that {keeps}", one.key()),
                },
                "show it under another name: `as NAME` for a field, `via VIEW` for a meaning",
            );
            let finding = finding.about_all(&record.about).about(Target::Logs.name());
            diagnostics.push(match of_store {
                Some(_) => finding.note("`slo.toml` says so, under `[logs]`: `reserved`"),
                None => finding,
            });
        }
    }
    nested(("nested logs", Target::Logs.name()), record, written, diagnostics);
}

/// Reports keys that are parents of others, which a store of paths can't hold.
fn nested(
    (store, target): (&str, &str),
    record: &Record<'_>,
    written: &[&Written<'_>],
    diagnostics: &mut Vec<Diagnostic>,
) {
    // The keys that are values, by their whole path.
    let values: HashMap<&str, &Written<'_>> = written.iter().map(|one| (one.key(), *one)).collect();
    for one in written {
        for parent in parents(one.key()) {
            if let Some(first) = values.get(parent) {
                diagnostics.push(
                    collide(
                        Code::NestedPrefix,
                        one,
                        Some(first),
                        format!(
                            "{store} can't hold both `{parent}` and `{}` in the {} `{}`",
                            one.key(),
                            record.word,
                            record.name
                        ),
                        "choose another key: one path is either a value or a parent of others",
                    )
                    .about_all(&record.about)
                    .about(target),
                );
            }
        }
    }
}

/// The paths above a key, from the top.
pub(super) fn parents(key: &str) -> impl Iterator<Item = &str> {
    let above = nested_path(key).count().saturating_sub(1);
    let ends = nested_path(key).take(above).scan(0, |end, part| {
        let here = *end + part.len();
        *end = here + 1;
        Some(here)
    });
    ends.map(|end| &key[..end])
}
