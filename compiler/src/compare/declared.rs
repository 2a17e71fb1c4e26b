//! What changes of what a contract declares for others: attributes, metrics, spans, logs and entities that its own events don't
//! write.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::change::{Audience, Change, Kind, Verdict};
use super::paired::paired;
use super::readers::Records;
use super::signals::{Id, names};
use super::{Sides, domains};
use crate::ir::{Attribute, Contract, ListedKey, Node};

pub(super) fn compare(sides: &Sides<'_>, old: &Records<'_>, new: &Records<'_>, changes: &mut Vec<Change>) {
    attributes(sides, old, new, changes);
    let (was, is) = (declarations(sides.old), declarations(sides.new));
    for ((what, name), (was, is)) in paired(was, is) {
        // What the contract's own events write is compared as that.
        let id = match what {
            What::Metric => Some(Id::Metric(name.clone())),
            What::Log => Some(Id::Log(name.clone())),
            What::Span | What::Entity => None,
        };
        let records = if was.is_some() { old } else { new };
        if id.is_some_and(|id| records.contains_key(&id)) {
            continue;
        }
        one(sides, what, &name, was.as_ref(), is.as_ref(), changes);
    }
}

/// What is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Metric,
    Log,
    Span,
    Entity,
}

impl What {
    const fn word(self) -> &'static str {
        match self {
            What::Metric => "metric",
            What::Log => "log",
            What::Span => "span",
            What::Entity => "entity",
        }
    }

    fn readers(self) -> Vec<Audience> {
        match self {
            What::Metric => vec![Audience::Metrics, Audience::Rules],
            What::Log => vec![Audience::Logs],
            What::Span => vec![Audience::Traces],
            What::Entity => Audience::READERS.to_vec(),
        }
    }
}

/// What is declared, with what it is.
struct Declared<'c> {
    node: Node,
    heads: Vec<(&'static str, &'c str)>,
    keys: BTreeMap<&'c str, &'c ListedKey>,
}

fn declarations(contract: &Contract) -> BTreeMap<(What, String), Declared<'_>> {
    let mut all = BTreeMap::new();
    for metric in contract.metrics.iter().filter(|one| contract.owns(&one.package)) {
        let heads = vec![("kind", metric.kind.as_str()), ("unit", metric.unit.as_str())];
        let keys = metric.labels.iter().map(|label| (label.key.as_str(), label)).collect();
        all.insert((What::Metric, metric.name.clone()), Declared { node: metric.node, heads, keys });
    }
    let others = [
        (What::Span, &contract.declared_spans),
        (What::Log, &contract.declared_logs),
        (What::Entity, &contract.entities),
    ];
    for (what, list) in others {
        for one in list.iter().filter(|one| contract.owns(&one.package)) {
            let heads = vec![("kind", one.kind.as_deref().unwrap_or_default())];
            let keys = one.keys.iter().map(|key| (key.key.as_str(), key)).collect();
            all.insert((what, one.name.clone()), Declared { node: one.node, heads, keys });
        }
    }
    all
}

fn one(
    sides: &Sides<'_>,
    what: What,
    name: &str,
    was: Option<&Declared<'_>>,
    is: Option<&Declared<'_>>,
    changes: &mut Vec<Change>,
) {
    let thing = format!("the declared {} `{name}`", what.word());
    let places =
        (was.map(|one| sides.old.places.place(one.node)), is.map(|one| sides.new.places.place(one.node)));
    let mut say = |kind, inner: &[&str], emitters, readers, words: &str| {
        let mut verdicts = vec![(Audience::Emitters, emitters)];
        verdicts.extend(what.readers().into_iter().map(|reader| (reader, readers)));
        changes.push(Change {
            kind,
            thing: thing.clone(),
            names: [name].iter().chain(inner).map(|name| (*name).to_owned()).collect(),
            verdicts,
            message: format!("{thing}{words}"),
            old: places.0,
            new: places.1,
        });
    };
    let (Some(was), Some(is)) = (was, is) else {
        match was {
            Some(_) => {
                let successor = match what {
                    What::Metric => sides.successors.of_metric(name),
                    What::Log | What::Span | What::Entity => String::new(),
                };
                say(Kind::Gone, &[], Verdict::Broken, Verdict::Broken, &format!(" is gone{successor}"));
            }
            None => say(Kind::New, &[], Verdict::More, Verdict::More, " is new"),
        }
        return;
    };
    for ((head, before), (_, after)) in was.heads.iter().zip(&is.heads) {
        if before != after {
            let words = format!(": its {head} is `{after}`, and was `{before}`");
            say(Kind::Type, &[head], Verdict::Broken, Verdict::Broken, &words);
        }
    }
    for (key, (was, is)) in paired(&was.keys, &is.keys) {
        let is_id = |key: &&&ListedKey| key.level == "id";
        if let Some((was, is)) = was.as_ref().zip(is.as_ref())
            && is_id(was) != is_id(is)
        {
            let words = match is_id(is) {
                true => format!(": the key `{key}` tells one from another, and did not"),
                false => format!(": the key `{key}` tells one from another no more"),
            };
            say(Kind::Type, &[key], Verdict::Broken, Verdict::Broken, &words);
            continue;
        }
        let must = |key: Option<&&ListedKey>| key.map(|key| key.is_required() || is_id(&key));
        match (must(was), must(is)) {
            (Some(_), None) => {
                let verdict = sides.past.key_goes(key);
                say(Kind::Gone, &[key], verdict, verdict, &format!(": the key `{key}` is gone"));
            }
            (None, Some(true)) => {
                let words = format!(": the key `{key}` is new, and required");
                say(Kind::New, &[key], Verdict::Broken, Verdict::More, &words);
            }
            (None, Some(false)) => {
                say(Kind::New, &[key], Verdict::More, Verdict::More, &format!(": the key `{key}` is new"));
            }
            (Some(true), Some(false)) => {
                let words = format!(": the key `{key}` may be absent, and was required");
                say(Kind::MayLack, &[key], Verdict::Same, Verdict::Broken, &words);
            }
            (Some(false), Some(true)) => {
                let words = format!(": the key `{key}` is required, and could be absent");
                say(Kind::AlwaysThere, &[key], Verdict::Broken, Verdict::Broken, &words);
            }
            _ => {}
        }
    }
}

fn own(contract: &Contract) -> impl Iterator<Item = (&str, &Attribute)> {
    let own = contract.attributes.iter().filter(|one| contract.owns(&one.package));
    own.map(|attribute| (attribute.key.as_str(), &***attribute))
}

/// The keys that a contract writes itself.
fn written<'c>(contract: &'c Contract, records: &Records<'_>) -> BTreeSet<Cow<'c, str>> {
    let keys = records.values().flat_map(|sources| names(sources)).map(Cow::Owned);
    let writers = contract.containers.iter().flat_map(|one| &one.writers);
    keys.chain(writers.map(|writer| Cow::Borrowed(writer.key.as_str()))).collect()
}

fn attributes(sides: &Sides<'_>, old: &Records<'_>, new: &Records<'_>, changes: &mut Vec<Change>) {
    let (written_before, written_now) = (written(sides.old, old), written(sides.new, new));
    for (key, (before, after)) in paired(own(sides.old), own(sides.new)) {
        let place = |contract: &Contract, one: Option<&Attribute>| Some(contract.places.place(one?.node?));
        let thing = format!("the attribute `{key}`");
        let mut say = |kind, emitters, readers, words: &str| {
            let mut verdicts = vec![(Audience::Emitters, emitters)];
            verdicts.extend(Audience::READERS.map(|reader| (reader, readers)));
            changes.push(Change {
                kind,
                thing: thing.clone(),
                names: vec![key.to_owned()],
                verdicts,
                message: format!("{thing}{words}"),
                old: place(sides.old, before),
                new: place(sides.new, after),
            });
        };
        let gone = format!(" is gone{}", sides.successors.of_key(key));
        // What records have of a key that is written is told with these; who else names it can't any more.
        let is_written = match before {
            Some(_) => written_before.contains(key),
            None => written_now.contains(key),
        };
        if is_written {
            if after.is_none() {
                say(Kind::Gone, sides.past.key_goes(key), Verdict::Same, &gone);
            }
            continue;
        }
        match (before, after) {
            (Some(_), None) => {
                let verdict = sides.past.key_goes(key);
                say(Kind::Gone, verdict, verdict, &gone);
            }
            (None, Some(_)) => say(Kind::New, Verdict::More, Verdict::More, " is new"),
            (Some(before), Some(after)) => {
                if domains::has_another_type((key, &before.domain), (key, &after.domain)) {
                    say(Kind::Type, Verdict::Broken, Verdict::Same, " has another type in Rust");
                }
                for changed in domains::changes(&sides.past, &before.domain, &after.domain) {
                    say(changed.kind, changed.writers, changed.readers, &format!(": {}", changed.words));
                }
            }
            (None, None) => {}
        }
    }
}
