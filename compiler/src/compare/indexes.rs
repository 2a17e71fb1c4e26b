//! What changes between two indexes: of what an index has.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Audience, Change, Kind, Verdict};
use super::containers::only_other;
use super::paired::paired;
use crate::index::{At, Head, Index, IndexAttribute, IndexLabel, IndexMetric, IndexRecord, IndexResource};
use crate::ir::{Prometheus, Target};

/// What an index hasn't, so that it isn't compared, as a sentence says it.
pub const NOT_IN_INDEXES: &str = "events and what programs state, conditions, values beside closed lists, which values stand together, severities, statuses, what may be absent from logs and spans, their scopes, the keys of resources beside the service, promoted attributes, points and `until=` are not in indexes, and are not compared";

/// What the values of a label are that an index doesn't list.
const UNLISTED: &str = "values beside a closed list, or one alone";

/// What changes of two contracts of which one or both are known by their indexes.
#[must_use]
pub fn compare_indexes(old: &Index, new: &Index) -> Vec<Change> {
    let mut changes = Vec::new();
    metrics(old, new, &mut changes);
    records("log", Audience::Logs, &old.logs, &new.logs, &mut changes);
    records("span", Audience::Traces, &old.spans, &new.spans, &mut changes);
    attributes(old, new, &mut changes);
    resources(old, new, &mut changes);
    super::together(changes)
}

/// Which services resources are.
fn resources(old: &Index, new: &Index, changes: &mut Vec<Change>) {
    fn by_name(index: &Index) -> impl Iterator<Item = (&str, &IndexResource)> {
        index.resources.iter().map(|resource| (resource.name.as_str(), resource))
    }
    let service = |one: &IndexResource| (one.service_name.clone(), one.service_namespace.clone());
    let all = paired(by_name(old), by_name(new));
    let renamed = only_other(all.values());
    for (name, (was, is)) in &all {
        let Some(was) = was else { continue };
        let thing = format!("the resource `{name}`");
        let readers = Audience::READERS.map(|reader| (reader, Verdict::Broken));
        let other = is.as_ref().or(renamed);
        if is.is_none() {
            let mut verdicts = vec![(Audience::Emitters, Verdict::Broken)];
            verdicts.extend(readers.into_iter().filter(|_| other.is_none()));
            changes.push(change(Kind::Gone, &thing, &[name], verdicts, "it is gone", Some(&was.at), None));
        }
        if let Some(other) = other.filter(|other| service(other) != service(was)) {
            let words = "its constant `service.name` or `service.namespace` is another";
            let at = (Some(&was.at), Some(&other.at));
            changes.push(change(Kind::Type, &thing, &[name], readers.into(), words, at.0, at.1));
        }
    }
}

fn change(
    kind: Kind,
    thing: &str,
    names: &[&str],
    verdicts: Vec<(Audience, Verdict)>,
    words: &str,
    old: Option<&At>,
    new: Option<&At>,
) -> Change {
    Change {
        kind,
        thing: thing.to_owned(),
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        verdicts,
        message: format!("{thing}: {words}"),
        old: old.map(|at| at.place),
        new: new.map(|at| at.place),
    }
}

fn declared(index: &Index) -> impl Iterator<Item = (&str, &IndexAttribute)> {
    index.attributes.iter().map(|one| (one.key.as_str(), one))
}

/// The attributes, for those who give them values in contracts of their own; what records have of them is told with these.
fn attributes(old: &Index, new: &Index, changes: &mut Vec<Change>) {
    let broken = || vec![(Audience::Emitters, Verdict::Broken)];
    for (key, (was, is)) in paired(declared(old), declared(new)) {
        let Some(was) = was else { continue };
        let thing = format!("the attribute `{key}`");
        let Some(is) = is else {
            let (at, words) = (Some(&was.at), "it is gone");
            changes.push(change(Kind::Gone, &thing, &[key], broken(), words, at, None));
            continue;
        };
        let at = (Some(&was.at), Some(&is.at));
        if was.value != is.value {
            let words = format!("it is of type `{}`, and was of `{}`", is.value, was.value);
            changes.push(change(Kind::Type, &thing, &[key], broken(), &words, at.0, at.1));
        }
        let values = |list: &Option<Vec<String>>| list.iter().flatten().cloned().collect::<BTreeSet<_>>();
        let gone: Vec<String> = match &is.values {
            Some(_) => values(&was.values).difference(&values(&is.values)).cloned().collect(),
            None => Vec::new(),
        };
        if !gone.is_empty() {
            let words = format!("it has no more {}", crate::text::some_of(&gone));
            changes.push(change(Kind::ValueGone, &thing, &[key], broken(), &words, at.0, at.1));
        }
    }
}

/// The names of a metric's series.
fn series(head: &Head, metric: &IndexMetric) -> BTreeSet<String> {
    if !head.targets.contains(&Target::Prometheus) {
        return BTreeSet::new();
    }
    let prometheus = Prometheus {
        translation_strategy: head.translation_strategy.clone(),
        ways: head.ways.clone(),
        ..Prometheus::default()
    };
    prometheus
        .naming(&metric.scope)
        .series(&metric.name, &metric.unit, metric.prometheus_kind())
        .into_iter()
        .flatten()
        .collect()
}

fn by_name(index: &Index) -> impl Iterator<Item = (&str, &IndexMetric)> {
    index.metrics.iter().map(|one| (one.name.as_str(), one))
}

fn by_key(metric: &IndexMetric) -> impl Iterator<Item = (&str, &IndexLabel)> {
    metric.labels.iter().map(|label| (label.key.as_str(), label))
}

fn metrics(old: &Index, new: &Index, changes: &mut Vec<Change>) {
    for (name, (was, is)) in paired(by_name(old), by_name(new)) {
        let thing = format!("the metric `{name}`");
        let at = (was.map(|one| &one.at), is.map(|one| &one.at));
        let mut say = |kind, inner: &[&str], verdicts, words: &str| {
            let names: Vec<&str> = [name].into_iter().chain(inner.iter().copied()).collect();
            changes.push(change(kind, &thing, &names, verdicts, words, at.0, at.1));
        };
        let broken = |audience| (audience, Verdict::Broken);
        let more = |audience| (audience, Verdict::More);
        let (Some(was), Some(is)) = (was, is) else {
            match was {
                Some(was) => {
                    let mut verdicts = vec![broken(Audience::Metrics)];
                    if !series(&old.head, was).is_empty() {
                        verdicts.push(broken(Audience::Rules));
                    }
                    say(Kind::Gone, &[], verdicts, "it is gone");
                }
                None => say(Kind::New, &[], vec![more(Audience::Metrics)], "it is new"),
            }
            continue;
        };
        let heads = [
            ("kind", was.kind != is.kind),
            ("unit", was.unit != is.unit),
            ("type of number", was.number != is.number),
            ("buckets", was.buckets != is.buckets),
            ("scope", was.scope != is.scope),
        ];
        for (head, _) in heads.into_iter().filter(|(_, differs)| *differs) {
            let mut verdicts = vec![broken(Audience::Metrics)];
            verdicts.extend(matches!(head, "kind" | "buckets").then(|| broken(Audience::Rules)));
            say(Kind::Type, &[head], verdicts, &format!("its {head} is another"));
        }
        let (before, after) = (series(&old.head, was), series(&new.head, is));
        let gone: Vec<&String> = before.difference(&after).collect();
        if !gone.is_empty() {
            let words = format!("there are no series {} any more", crate::text::some_of(&gone));
            say(Kind::Gone, &["series"], vec![broken(Audience::Rules)], &words);
        }
        for (key, (before, after)) in paired(by_key(was), by_key(is)) {
            let both = || vec![broken(Audience::Metrics), broken(Audience::Rules)];
            match (before, after) {
                (Some(_), None) => say(Kind::Gone, &[key], both(), &format!("the label `{key}` is gone")),
                (None, Some(label)) => {
                    let rules = if label.optional { Verdict::More } else { Verdict::Broken };
                    let verdicts = vec![more(Audience::Metrics), (Audience::Rules, rules)];
                    say(Kind::New, &[key], verdicts, &format!("the label `{key}` is new"));
                }
                (Some(before), Some(after)) => {
                    if let (Some(was), Some(is)) = (&before.value, &after.value)
                        && was != is
                    {
                        let words = format!("the label `{key}` is of type `{is}`, and was of `{was}`");
                        say(Kind::Type, &[key], vec![broken(Audience::Metrics)], &words);
                    }
                    match (before.optional, after.optional) {
                        (false, true) => {
                            say(Kind::MayLack, &[key], both(), &format!("the label `{key}` may be absent"));
                        }
                        (true, false) => {
                            let words = format!("the label `{key}` is always there");
                            say(Kind::AlwaysThere, &[key], both(), &words);
                        }
                        _ => {}
                    }
                    let same_type = before.value.is_some() && before.value == after.value;
                    let (was, is) = match (&before.values, &after.values) {
                        (Some(was), Some(is)) => (was, is),
                        // One value alone is not listed either: both are other values.
                        (Some(was), None) if same_type => {
                            let words = format!(
                                "the label `{key}` has {UNLISTED}, and had {}",
                                crate::text::some_of(was)
                            );
                            say(Kind::ValueNew, &[key], both(), &words);
                            continue;
                        }
                        (None, Some(is)) if same_type => {
                            let words = format!(
                                "the label `{key}` has {}, and had {UNLISTED}",
                                crate::text::some_of(is)
                            );
                            say(Kind::ValueGone, &[key], both(), &words);
                            continue;
                        }
                        _ => continue,
                    };
                    let (was, is): (BTreeSet<&String>, BTreeSet<&String>) =
                        (was.iter().collect(), is.iter().collect());
                    let gone: Vec<&&String> = was.difference(&is).collect();
                    let fresh: Vec<&&String> = is.difference(&was).collect();
                    if !gone.is_empty() {
                        let words = format!("the label `{key}` has no more {}", crate::text::some_of(&gone));
                        say(Kind::ValueGone, &[key], both(), &words);
                    }
                    if !fresh.is_empty() {
                        let fresh = crate::text::some_of(&fresh);
                        let words = format!("the label `{key}` has {fresh}, which it had not");
                        say(Kind::ValueNew, &[key], both(), &words);
                    }
                }
                (None, None) => {}
            }
        }
    }
}

fn records(
    what: &str,
    audience: Audience,
    old: &[IndexRecord],
    new: &[IndexRecord],
    changes: &mut Vec<Change>,
) {
    // Of several of one name all keys count.
    type Keys<'i> = BTreeMap<&'i str, (&'i str, &'i At)>;
    fn all(list: &[IndexRecord]) -> BTreeMap<&str, (&At, Keys<'_>)> {
        let mut all: BTreeMap<&str, (&At, Keys<'_>)> = BTreeMap::new();
        for record in list {
            let (_, keys) = all.entry(record.name.as_str()).or_insert_with(|| (&record.at, Keys::new()));
            keys.extend(
                record.fields.iter().map(|field| (field.key.as_str(), (field.value.as_str(), &field.at))),
            );
        }
        all
    }
    for (name, (was, is)) in paired(all(old), all(new)) {
        let thing = format!("the {what} `{name}`");
        let mut say = |kind, inner: &[&str], verdict, words: &str, at: (Option<&At>, Option<&At>)| {
            let names: Vec<&str> = [name].into_iter().chain(inner.iter().copied()).collect();
            changes.push(change(kind, &thing, &names, vec![(audience, verdict)], words, at.0, at.1));
        };
        let ((old_at, was), (new_at, is)) = match (was, is) {
            (Some(was), Some(is)) => (was, is),
            (Some((at, _)), None) => {
                say(Kind::Gone, &[], Verdict::Broken, "it is gone", (Some(at), None));
                continue;
            }
            (None, Some((at, _))) => {
                say(Kind::New, &[], Verdict::More, "it is new", (None, Some(at)));
                continue;
            }
            (None, None) => continue,
        };
        for (key, pair) in paired(was, is) {
            match pair {
                (Some((_, at)), None) => {
                    let words = format!("the key `{key}` is gone");
                    say(Kind::Gone, &[key], Verdict::Broken, &words, (Some(at), Some(new_at)));
                }
                (None, Some((_, at))) => {
                    let words = format!("the key `{key}` is new");
                    say(Kind::New, &[key], Verdict::More, &words, (Some(old_at), Some(at)));
                }
                (Some((before, old_at)), Some((after, new_at))) if before != after => {
                    let words = format!("the key `{key}` is of type `{after}`, and was of `{before}`");
                    say(Kind::Type, &[key], Verdict::Broken, &words, (Some(old_at), Some(new_at)));
                }
                _ => {}
            }
        }
    }
}
