//! What changes of resources and scopes: for those who read any signal, and for programs that give them their values.

use std::collections::BTreeMap;

use super::Sides;
use super::change::{Audience, Change, Kind, Verdict};
use super::domains;
use super::paired::{Pair, paired};
use super::past::Past;
use super::readers::{found, same};
use super::signals::{Key, Source};
use super::values::{Reading, Values, tag_of};
use crate::ir::{self, Container, ContainerKind, Contract, Signal, Writer};

fn own(contract: &Contract, kind: ContainerKind) -> impl Iterator<Item = (String, &Container)> {
    let own = contract.containers.iter().filter(move |one| one.kind == kind && contract.owns(&one.package));
    own.map(|container| (container.full_name(), container))
}

pub(super) fn compare(sides: &Sides<'_>, changes: &mut Vec<Change>) {
    for kind in [ContainerKind::Resource, ContainerKind::Scope] {
        of_kind(sides, kind, changes);
    }
}

/// Of a resource, records have no name: where one alone is left on each side, it is the same for readers.
pub(super) fn only_other<'p, T: 'p>(all: impl Iterator<Item = &'p Pair<T>> + Clone) -> Option<&'p T> {
    let mut only_old = all.clone().filter(|(was, is)| was.is_some() && is.is_none());
    let mut only_new = all.filter(|(was, _)| was.is_none()).filter_map(|(_, is)| is.as_ref());
    match (only_old.next(), only_old.next(), only_new.next(), only_new.next()) {
        (Some(_), None, Some(new), None) => Some(new),
        _ => None,
    }
}

fn of_kind(sides: &Sides<'_>, kind: ContainerKind, changes: &mut Vec<Change>) {
    let all = paired(own(sides.old, kind), own(sides.new, kind));
    let renamed = only_other(all.values()).copied().filter(|_| kind == ContainerKind::Resource);
    for (name, (was, is)) in all.iter().map(|(name, pair)| (name, *pair)) {
        let thing = format!("the {} `{name}`", kind.name());
        let place =
            |contract: &Contract, one: Option<&Container>| one.map(|one| contract.places.place(one.node));
        let mut change = Change {
            kind: Kind::Gone,
            thing: thing.clone(),
            names: vec![name.clone()],
            verdicts: Vec::new(),
            message: String::new(),
            old: place(sides.old, was),
            new: place(sides.new, is),
        };
        match (was, is) {
            (Some(was), Some(is)) => {
                readers(sides, &thing, name, was, is, changes);
                emitters(sides, &thing, name, was, is, changes);
            }
            (Some(was), None) => {
                change.message = format!("{thing} is gone");
                change.verdicts = vec![(Audience::Emitters, Verdict::Broken)];
                match renamed {
                    Some(other) => readers(sides, &thing, name, was, other, changes),
                    // Which scope a record has is told with the signals.
                    None if kind == ContainerKind::Resource => {
                        change.verdicts.extend(Audience::READERS.map(|reader| (reader, Verdict::Broken)));
                    }
                    None => {}
                }
                changes.push(change);
            }
            (None, Some(_)) => {
                change.kind = Kind::New;
                change.message = format!("{thing} is new");
                change.verdicts = vec![(Audience::Emitters, Verdict::More)];
                changes.push(change);
            }
            (None, None) => {}
        }
    }
}

/// A container's records.
fn source<'c>(contract: &'c Contract, container: &'c Container, past: Option<&Past<'_>>) -> Source<'c> {
    let mut places = BTreeMap::new();
    let product = container.writers.iter().map(|writer| {
        let key = Key::Name(writer.key.clone());
        places.insert(key.clone(), contract.places.place(writer.node));
        let domain = &*writer.domain;
        let one = |values| vec![(key.clone(), values)];
        match &*writer.source {
            ir::Source::Static(value) => vec![one(Values::Constant { value, tag: tag_of(domain) })],
            ir::Source::Required | ir::Source::Environment(_) => vec![one(Values::of(domain, past))],
            ir::Source::Optional | ir::Source::Auto => vec![one(Values::of(domain, past)), Vec::new()],
        }
    });
    let product = product.collect();
    let (place, values) = (contract.places.place(container.node), BTreeMap::new());
    Source { place, until: None, product, places, values, instrument: None, log: None }
}

fn readers(
    sides: &Sides<'_>,
    thing: &str,
    name: &str,
    old: &Container,
    new: &Container,
    changes: &mut Vec<Change>,
) {
    let mut stays = [source(sides.old, old, Some(&sides.past))];
    let (old, new) = (source(sides.old, old, None), source(sides.new, new, None));
    for source in &mut stays {
        source.leave(&sides.past, std::slice::from_ref(&new));
    }
    let records = [std::slice::from_ref(&old), &stays, std::slice::from_ref(&new)];
    // What every signal has of a resource is a key, and no label.
    for (found, verdict) in found(Signal::Log, records, [&same, &same], Reading::Typed) {
        let key = found.key.as_ref();
        let place =
            |source: &Source<'_>| key.and_then(|key| source.places.get(key)).copied().unwrap_or(source.place);
        changes.push(Change {
            kind: found.kind,
            thing: key
                .map_or_else(|| thing.to_owned(), |key| format!("{} of {thing}", key.words(Signal::Log))),
            names: [name.to_owned()].into_iter().chain(key.map(Key::name)).collect(),
            verdicts: Audience::READERS.map(|reader| (reader, verdict)).into(),
            message: format!("{thing}: {}", found.words),
            old: Some(place(&old)),
            new: Some(place(&new)),
        });
    }
}

/// Whether the program gives a value: none where it doesn't.
fn is_given(writer: &Writer) -> Option<bool> {
    match &*writer.source {
        ir::Source::Required => Some(true),
        ir::Source::Optional => Some(false),
        _ => None,
    }
}

fn by_key(container: &Container) -> impl Iterator<Item = (&str, &Writer)> {
    container.writers.iter().map(|writer| (writer.key.as_str(), writer))
}

fn emitters(
    sides: &Sides<'_>,
    thing: &str,
    name: &str,
    old: &Container,
    new: &Container,
    changes: &mut Vec<Change>,
) {
    for (key, (was, is)) in paired(by_key(old), by_key(new)) {
        let (before, after) = (was.and_then(is_given), is.and_then(is_given));
        let place = |contract: &Contract, one: Option<&Writer>, of: &Container| {
            Some(contract.places.place(one.map_or(of.node, |writer| writer.node)))
        };
        let mut say = |kind, verdict, words: String| {
            changes.push(Change {
                kind,
                thing: format!("the key `{key}` of {thing}"),
                names: vec![name.to_owned(), key.to_owned()],
                verdicts: vec![(Audience::Emitters, verdict)],
                message: format!("{thing}: the key `{key}` {words}"),
                old: place(sides.old, was, old),
                new: place(sides.new, is, new),
            });
        };
        match (before, after) {
            (None, None) => continue,
            (Some(_), None) => {
                let verdict = sides.past.key_goes(key);
                say(Kind::Gone, verdict, "is not the program's to give any more".into());
            }
            (None, Some(true)) => say(Kind::New, Verdict::Broken, "must be given by the program".into()),
            (None, Some(false)) => say(Kind::New, Verdict::More, "may be given by the program".into()),
            (Some(true), Some(false)) => {
                say(Kind::MayLack, Verdict::Broken, "may be left out, and was an argument of `new`".into());
            }
            (Some(false), Some(true)) => {
                say(Kind::AlwaysThere, Verdict::Broken, "must be given, and could be left out".into());
            }
            _ => {}
        }
        if let (Some(was), Some(is), Some(_), Some(_)) = (was, is, before, after) {
            if domains::has_another_type((key, &was.domain), (key, &is.domain)) {
                say(Kind::Type, Verdict::Broken, "has another type in Rust".to_owned());
                continue;
            }
            for changed in domains::changes(&sides.past, &was.domain, &is.domain) {
                say(changed.kind, changed.writers, format!("has other values: {}", changed.words));
            }
        }
    }
}
