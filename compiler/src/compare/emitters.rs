//! What changes for programs that record events, by the types that generated Rust has of them.

use std::collections::{BTreeMap, BTreeSet};

use slo_grammar::Place;

use super::change::{Audience, Change, Kind, Verdict};
use super::{Sides, domains, goes};
use crate::ir::{Contract, Event, Field, FieldValue, Meaning, Node, Payload, Type, WriterValue};

/// How a struct has a field; none where it has none: a constant, or the elapsed time, which the runtime measures.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    Required,
    Later,
}

fn slot(event: &Event, field: &Field) -> Option<Slot> {
    if field.constant.is_some() {
        return None;
    }
    if field.optional || field.unset.is_some() {
        return Some(Slot::Later);
    }
    let is_time = |field: &Field| {
        let FieldValue::Plain(domain) = &*field.value else { return false };
        let known = field.constant.is_some() || field.optional || field.unset.is_some();
        matches!(domain.value, Type::Duration(_)) && !known
    };
    let times = event.fields.iter().filter(|field| is_time(field)).count();
    let elapsed = is_time(field) && (times == 1 || field.name == "elapsed");
    (!elapsed).then_some(Slot::Required)
}

/// What is said of a change.
struct Said<'s> {
    names: Vec<&'s str>,
    thing: String,
    old: Option<Place>,
    new: Option<Place>,
}

impl Said<'_> {
    fn change(&self, kind: Kind, verdict: Verdict, words: &str) -> Change {
        Change {
            kind,
            thing: self.thing.clone(),
            names: self.names.iter().map(|name| (*name).to_owned()).collect(),
            verdicts: vec![(Audience::Emitters, verdict)],
            message: format!("{} {words}", self.thing),
            old: self.old,
            new: self.new,
        }
    }
}

pub(super) fn compare(sides: &Sides<'_>, changes: &mut Vec<Change>) {
    meanings(sides, changes);
    events(sides, changes);
    observed(sides, changes);
}

fn at(contract: &Contract, node: Node) -> Option<Place> {
    Some(contract.places.place(node))
}

fn events(sides: &Sides<'_>, changes: &mut Vec<Change>) {
    let of = |contract: &'_ Contract| -> BTreeMap<String, usize> {
        let events = contract.events.iter().enumerate().filter(|(_, event)| !event.external);
        events.map(|(number, event)| (event.full_name(), number)).collect()
    };
    let (old, new) = (of(sides.old), of(sides.new));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for name in names {
        let get = |contract: &'_ Contract, list: &BTreeMap<String, usize>| {
            let event = list.get(name).and_then(|number| contract.events.get(*number))?;
            Some(contract.places.place(event.node))
        };
        let said = Said {
            names: vec![name],
            thing: format!("the event `{name}`"),
            old: get(sides.old, &old),
            new: get(sides.new, &new),
        };
        let was = old.get(name).and_then(|number| sides.old.events.get(*number));
        let is = new.get(name).and_then(|number| sides.new.events.get(*number));
        match (was, is) {
            (Some(_), None) => changes.push(said.change(Kind::Gone, Verdict::Broken, "is gone")),
            (None, Some(_)) => changes.push(said.change(Kind::New, Verdict::More, "is new")),
            (Some(was), Some(is)) => fields(sides, was, is, changes),
            (None, None) => {}
        }
    }
}

fn fields(sides: &Sides<'_>, old: &Event, new: &Event, changes: &mut Vec<Change>) {
    let event = new.full_name();
    let has_later = old.fields.iter().any(|field| slot(old, field) == Some(Slot::Later));
    let names: BTreeSet<&str> =
        old.fields.iter().chain(&new.fields).map(|field| field.name.as_str()).collect();
    for name in names {
        let (was, is) = (old.field_named(name), new.field_named(name));
        let said = Said {
            names: vec![&event, name],
            thing: format!("the field `{name}` of the event `{event}`"),
            old: at(sides.old, was.map_or(old.node, |field| field.node)),
            new: at(sides.new, is.map_or(new.node, |field| field.node)),
        };
        let before = was.and_then(|field| slot(old, field));
        let after = is.and_then(|field| slot(new, field));
        let mut push = |kind, verdict, words: &str| changes.push(said.change(kind, verdict, words));
        match (before, after) {
            (None, None) => continue,
            (Some(_), None) => {
                push(Kind::Gone, Verdict::Broken, "is gone");
                continue;
            }
            (None, Some(Slot::Required)) => {
                push(Kind::New, Verdict::Broken, "is new, and each program must give it");
                continue;
            }
            (None, Some(Slot::Later)) => {
                match has_later {
                    true => push(Kind::New, Verdict::More, "is new, and may be left out"),
                    false => push(
                        Kind::New,
                        Verdict::Broken,
                        "is the first that may be left out, so that the event's struct has a field `later`",
                    ),
                }
                continue;
            }
            (Some(Slot::Required), Some(Slot::Later)) => {
                push(Kind::MayLack, Verdict::Broken, "may be left out, and stands in `later`");
            }
            (Some(Slot::Later), Some(Slot::Required)) => {
                push(Kind::AlwaysThere, Verdict::Broken, "must be given, and could be left out");
            }
            _ => {}
        }
        let (Some(was), Some(is)) = (was, is) else { continue };
        match (&*was.value, &*is.value) {
            (FieldValue::Plain(old), FieldValue::Plain(new)) => {
                let is_enum = old.is_enum() || new.is_enum();
                if is_enum && (was.key != is.key || old.is_enum() != new.is_enum()) {
                    push(Kind::Type, Verdict::Broken, "has another type in Rust");
                    continue;
                }
                for changed in domains::changes(old, new) {
                    let words = format!("has other values: {}", changed.words);
                    changes.push(said.change(changed.kind, changed.writers, &words));
                }
            }
            (FieldValue::Meaning { meaning: old, .. }, FieldValue::Meaning { meaning: new, .. }) => {
                let (was, is) = (sides.old.meaning(*old).full_name(), sides.new.meaning(*new).full_name());
                if was != is {
                    let words = format!("holds `{is}`, and held `{was}`");
                    changes.push(said.change(Kind::Type, Verdict::Broken, &words));
                }
            }
            (FieldValue::Contexts, FieldValue::Contexts) => {}
            _ => push(Kind::Type, Verdict::Broken, "has another type in Rust"),
        }
    }
}

fn meanings(sides: &Sides<'_>, changes: &mut Vec<Change>) {
    let of = |contract: &'_ Contract| -> BTreeMap<String, usize> {
        let all = contract.meanings.iter().enumerate();
        let own = all.filter(|(_, meaning)| contract.owns(&meaning.package));
        own.map(|(number, meaning)| (meaning.full_name(), number)).collect()
    };
    let (old, new) = (of(sides.old), of(sides.new));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for name in names {
        let was = old.get(name).and_then(|number| sides.old.meanings.get(*number));
        let is = new.get(name).and_then(|number| sides.new.meanings.get(*number));
        let keyword = was.or(is).map_or("meaning", Meaning::keyword);
        let said = Said {
            names: vec![name],
            thing: format!("the {keyword} `{name}`"),
            old: was.and_then(|meaning| at(sides.old, meaning.node)),
            new: is.and_then(|meaning| at(sides.new, meaning.node)),
        };
        match (was, is) {
            (Some(was), None) => {
                let until = was.view.as_ref().and_then(|view| view.until.as_deref());
                changes.push(said.change(Kind::Gone, goes(until, sides.today), "is gone"));
            }
            (None, Some(_)) => changes.push(said.change(Kind::New, Verdict::More, "is new")),
            // A view has the variants of its meaning, and nobody states it.
            (Some(was), Some(is)) if was.view.is_none() => variants(sides, name, was, is, changes),
            _ => {}
        }
    }
}

fn variants(sides: &Sides<'_>, meaning: &str, old: &Meaning, new: &Meaning, changes: &mut Vec<Change>) {
    let names: BTreeSet<&str> =
        old.variants.iter().chain(&new.variants).map(|variant| variant.name.as_str()).collect();
    for name in names {
        let (was, is) = (old.variant(name), new.variant(name));
        let said = Said {
            names: vec![meaning, name],
            thing: format!("the variant `{name}` of `{meaning}`"),
            old: at(sides.old, was.map_or(old.node, |variant| variant.node)),
            new: at(sides.new, is.map_or(new.node, |variant| variant.node)),
        };
        let (Some(was), Some(is)) = (was, is) else {
            changes.push(match was {
                Some(_) => said.change(Kind::Gone, Verdict::Broken, "is gone"),
                None => said.change(Kind::New, Verdict::More, "is new"),
            });
            continue;
        };
        let find = |list: &'_ [Payload], name: &str| list.iter().position(|payload| payload.name == name);
        let payloads: BTreeSet<&str> =
            was.payload.iter().chain(&is.payload).map(|payload| payload.name.as_str()).collect();
        for payload in payloads {
            let before = find(&was.payload, payload).and_then(|number| was.payload.get(number));
            let after = find(&is.payload, payload).and_then(|number| is.payload.get(number));
            let said = Said {
                names: vec![meaning, name, payload],
                thing: format!("what the variant `{name}` of `{meaning}` carries as `{payload}`"),
                old: at(sides.old, before.map_or(was.node, |payload| payload.node)),
                new: at(sides.new, after.map_or(is.node, |payload| payload.node)),
            };
            match (before, after) {
                (Some(_), None) => changes.push(said.change(Kind::Gone, Verdict::Broken, "is gone")),
                (None, Some(_)) => {
                    changes.push(said.change(Kind::New, Verdict::Broken, "is new, and must be given"));
                }
                (Some(before), Some(after)) => {
                    if (before.domain.is_enum() || after.domain.is_enum()) && before.key != after.key {
                        changes.push(said.change(Kind::Type, Verdict::Broken, "has another type in Rust"));
                        continue;
                    }
                    for changed in domains::changes(&before.domain, &after.domain) {
                        let words = format!("has other values: {}", changed.words);
                        changes.push(said.change(changed.kind, changed.writers, &words));
                    }
                }
                (None, None) => {}
            }
        }
    }
}

/// The structs of observed metrics: their labels and their value.
fn observed(sides: &Sides<'_>, changes: &mut Vec<Change>) {
    let of = |contract: &'_ Contract| -> BTreeMap<String, usize> {
        let all = contract.instruments.iter().enumerate().filter(|(_, metric)| metric.observed);
        all.map(|(number, metric)| (metric.name.clone(), number)).collect()
    };
    let (old, new) = (of(sides.old), of(sides.new));
    for (name, number) in &old {
        let Some(was) = sides.old.instruments.get(*number) else { continue };
        let is = new.get(name).and_then(|number| sides.new.instruments.get(*number));
        let said = Said {
            names: vec![name],
            thing: format!("the metric `{name}`"),
            old: at(sides.old, was.node),
            new: is.and_then(|is| at(sides.new, is.node)),
        };
        let Some(is) = is else {
            changes.push(said.change(Kind::Gone, goes(was.until.as_deref(), sides.today), "is gone"));
            continue;
        };
        let labels = |metric: &crate::ir::Instrument| -> BTreeMap<String, bool> {
            let own = metric.writers.iter().filter_map(|writer| match &*writer.value {
                WriterValue::Observed(key) => Some((key.clone(), writer.optional)),
                _ => None,
            });
            own.collect()
        };
        if labels(was) != labels(is) || *was.number != *is.number {
            let words = "has a callback that gives other labels, or numbers of another type";
            changes.push(said.change(Kind::Type, Verdict::Broken, words));
        }
    }
}
