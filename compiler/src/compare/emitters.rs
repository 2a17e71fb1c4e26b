//! What changes for programs that record events and observe metrics, by the types that generated Rust has of these.

use std::collections::BTreeMap;

use slo_grammar::Place;

use super::change::{Audience, Change, Kind, Verdict};
use super::paired::paired;
use super::{Sides, domains};
use crate::ir::{self, Contract, Event, Field, FieldValue, Instrument, Node, SignalWriter, WriterValue};

/// How a struct has a field; none where it has none: a constant, or the elapsed time, which the runtime measures.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    Required,
    Later,
}

/// The fields of an event, each with how its struct has it.
fn slots(event: &Event) -> BTreeMap<&str, (&Field, Option<Slot>)> {
    let slot = |said| match said {
        ir::Said::Constant | ir::Said::Elapsed => None,
        ir::Said::Later => Some(Slot::Later),
        ir::Said::Begin => Some(Slot::Required),
    };
    event.fields_said().map(|(_, field, said)| (field.name.as_str(), (field, slot(said)))).collect()
}

/// What is said of a change.
pub(super) struct Said<'s> {
    pub(super) names: Vec<&'s str>,
    pub(super) thing: String,
    pub(super) old: Option<Place>,
    pub(super) new: Option<Place>,
}

impl Said<'_> {
    pub(super) fn change(&self, kind: Kind, verdict: Verdict, words: &str) -> Change {
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

pub(super) fn at(contract: &Contract, node: Node) -> Option<Place> {
    Some(contract.places.place(node))
}

pub(super) fn compare(sides: &Sides<'_>, changes: &mut Vec<Change>) {
    events(sides, changes);
    observed(sides, changes);
}

/// The events that programs record.
fn recorded(contract: &Contract) -> impl Iterator<Item = (String, &Event)> {
    contract.events.iter().filter(|event| !event.external).map(|event| (event.full_name(), event))
}

fn events(sides: &Sides<'_>, changes: &mut Vec<Change>) {
    for (name, (was, is)) in paired(recorded(sides.old), recorded(sides.new)) {
        let said = Said {
            names: vec![&name],
            thing: format!("the event `{name}`"),
            old: was.and_then(|event| at(sides.old, event.node)),
            new: is.and_then(|event| at(sides.new, event.node)),
        };
        match (was, is) {
            (Some(_), None) => changes.push(said.change(Kind::Gone, Verdict::Broken, "is gone")),
            (None, Some(_)) => changes.push(said.change(Kind::New, Verdict::More, "is new")),
            (Some(was), Some(is)) => {
                fields(sides, was, is, changes);
                times(&said, [was, is], changes);
            }
            (None, None) => {}
        }
    }
}

/// By which calls an event is recorded: with a period or at a moment, and whether it can be begun.
fn times(said: &Said<'_>, events: [&Event; 2], changes: &mut Vec<Change>) {
    let mut push = |own: &str, kind, verdict, words| {
        let mut change = said.change(kind, verdict, words);
        change.names.push(own.to_owned());
        changes.push(change);
    };
    // A moment is also made of a period.
    if let [None, Some(_)] = events.map(Event::elapsed) {
        push("elapsed", Kind::Type, Verdict::Broken, "has an elapsed time now, which each program must give");
    }
    match events.map(|event| event.hindrances().is_empty()) {
        [true, false] => push("begin", Kind::Gone, Verdict::Broken, "can't be begun any more"),
        [false, true] => push("begin", Kind::New, Verdict::More, "can be begun now"),
        _ => {}
    }
}

fn fields(sides: &Sides<'_>, old: &Event, new: &Event, changes: &mut Vec<Change>) {
    let event = new.full_name();
    let slots_were = slots(old);
    let has_later = slots_were.values().any(|(_, slot)| *slot == Some(Slot::Later));
    for (name, (was, is)) in paired(slots_were, slots(new)) {
        let ((was, before), (is, after)) = (was.unzip(), is.unzip());
        let said = Said {
            names: vec![&event, name],
            thing: format!("the field `{name}` of the event `{event}`"),
            old: at(sides.old, was.map_or(old.node, |field| field.node)),
            new: at(sides.new, is.map_or(new.node, |field| field.node)),
        };
        let mut push = |kind, verdict, words: &str| changes.push(said.change(kind, verdict, words));
        match (before.flatten(), after.flatten()) {
            (None, None) => continue,
            (Some(_), None) => {
                let key = was.map_or("", |field| field.key.as_str());
                push(Kind::Gone, sides.past.key_goes(key), "is gone");
                continue;
            }
            (None, Some(Slot::Required)) => {
                push(Kind::New, Verdict::Broken, "is new, and each program must give it");
                continue;
            }
            (None, Some(Slot::Later)) if has_later => {
                push(Kind::New, Verdict::More, "is new, and may be left out");
                continue;
            }
            (None, Some(Slot::Later)) => {
                let words =
                    "is the first that may be left out, so that the event's struct has a field `later`";
                push(Kind::New, Verdict::Broken, words);
                continue;
            }
            (Some(Slot::Required), Some(Slot::Later)) => {
                push(Kind::MayLack, Verdict::Broken, "may be left out, and stands in `later`");
            }
            (Some(Slot::Later), Some(Slot::Required)) => {
                push(Kind::AlwaysThere, Verdict::Broken, "must be given, and could be left out");
            }
            (Some(Slot::Required), Some(Slot::Required)) | (Some(Slot::Later), Some(Slot::Later)) => {}
        }
        let (Some(was), Some(is)) = (was, is) else { continue };
        match (&*was.value, &*is.value) {
            (FieldValue::Plain(old), FieldValue::Plain(new)) => {
                if domains::has_another_type((&was.key, old), (&is.key, new)) {
                    push(Kind::Type, Verdict::Broken, "has another type in Rust");
                    continue;
                }
                for changed in domains::changes(&sides.past, old, new) {
                    push(changed.kind, changed.writers, &format!("has other values: {}", changed.words));
                }
            }
            (FieldValue::Meaning { meaning: old, .. }, FieldValue::Meaning { meaning: new, .. }) => {
                let (was, is) = (sides.old.meaning(*old).full_name(), sides.new.meaning(*new).full_name());
                if was != is {
                    push(Kind::Type, Verdict::Broken, &format!("holds `{is}`, and held `{was}`"));
                }
            }
            (FieldValue::Contexts, FieldValue::Contexts) => {}
            _ => push(Kind::Type, Verdict::Broken, "has another type in Rust"),
        }
    }
}

/// The metrics whose values a callback of the program gives.
fn callbacks(contract: &Contract) -> impl Iterator<Item = (&str, &Instrument)> {
    let observed = contract.instruments.iter().filter(|metric| metric.observed);
    observed.map(|metric| (metric.name.as_str(), metric))
}

/// The labels that a callback gives, each with its writer.
fn labels(metric: &Instrument) -> BTreeMap<&str, &SignalWriter> {
    let given = metric.writers.iter().filter_map(|writer| match &*writer.value {
        WriterValue::Observed(key) => Some((key.as_str(), writer)),
        _ => None,
    });
    given.collect()
}

/// The same, as the struct has them: by which names, and which may be left out.
fn shape(metric: &Instrument) -> Vec<(&str, bool)> {
    labels(metric).into_iter().map(|(key, writer)| (key, writer.optional)).collect()
}

/// The structs of observed metrics: their labels and their value.
fn observed(sides: &Sides<'_>, changes: &mut Vec<Change>) {
    for (name, (was, is)) in paired(callbacks(sides.old), callbacks(sides.new)) {
        // One that is new is told to those who read it.
        let Some(was) = was else { continue };
        let said = Said {
            names: vec![name],
            thing: format!("the metric `{name}`"),
            old: at(sides.old, was.node),
            new: is.and_then(|is| at(sides.new, is.node)),
        };
        let Some(is) = is else {
            changes.push(said.change(Kind::Gone, sides.past.goes(was.until.as_deref()), "is gone"));
            continue;
        };
        if shape(was) != shape(is) || *was.number != *is.number {
            let words = "has a callback that gives other labels, or numbers of another type";
            changes.push(said.change(Kind::Type, Verdict::Broken, words));
        }
        for (key, (was, is)) in paired(labels(was), labels(is)) {
            let domains = was.and_then(SignalWriter::domain).zip(is.and_then(SignalWriter::domain));
            let Some((was, is)) = domains else { continue };
            let mut push = |kind, verdict, words: &str| {
                let words = format!("has a callback whose label `{key}` {words}");
                let mut change = said.change(kind, verdict, &words);
                change.names.push(key.to_owned());
                changes.push(change);
            };
            if domains::has_another_type((key, was), (key, is)) {
                push(Kind::Type, Verdict::Broken, "has another type in Rust");
                continue;
            }
            for changed in domains::changes(&sides.past, was, is) {
                push(changed.kind, changed.writers, &format!("has other values: {}", changed.words));
            }
        }
    }
}
