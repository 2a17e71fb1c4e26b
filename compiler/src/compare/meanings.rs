//! What changes of meanings for programs: variants that they state, and what these carry.

use std::collections::BTreeSet;

use super::change::{Change, Kind, Verdict};
use super::emitters::{Said, at};
use super::paired::paired;
use super::{Sides, domains};
use crate::ir::{Contract, FieldValue, Meaning, MeaningId, Node, Payload, Variant};

/// The meanings of the contract itself, and those that its events hold, whoever says them: programs state their variants.
fn stated(contract: &Contract) -> impl Iterator<Item = (String, &Meaning)> {
    let recorded = contract.events.iter().filter(|event| !event.external);
    let held: BTreeSet<MeaningId> = recorded
        .flat_map(|event| &event.fields)
        .filter_map(|field| match &*field.value {
            FieldValue::Meaning { meaning, .. } => Some(*meaning),
            FieldValue::Plain(_) | FieldValue::Contexts => None,
        })
        .collect();
    let held: Vec<Node> = held.into_iter().map(|id| contract.meaning(id).node).collect();
    let meanings = contract.meanings.iter();
    let stated =
        meanings.filter(move |meaning| contract.owns(&meaning.package) || held.contains(&meaning.node));
    stated.map(|meaning| (meaning.full_name(), meaning))
}

pub(super) fn compare(sides: &Sides<'_>, changes: &mut Vec<Change>) {
    for (name, (was, is)) in paired(stated(sides.old), stated(sides.new)) {
        let keyword = was.or(is).map_or("meaning", Meaning::keyword);
        let said = Said {
            names: vec![&name],
            thing: format!("the {keyword} `{name}`"),
            old: was.and_then(|meaning| at(sides.old, meaning.node)),
            new: is.and_then(|meaning| at(sides.new, meaning.node)),
        };
        match (was, is) {
            // That an event doesn't hold one of others any more, or does now, is told with its field.
            (Some(was), None) if sides.old.owns(&was.package) => {
                let until = was.view.as_ref().and_then(|view| view.until.as_deref());
                changes.push(said.change(Kind::Gone, sides.past.goes(until), "is gone"));
            }
            (None, Some(is)) if sides.new.owns(&is.package) => {
                changes.push(said.change(Kind::New, Verdict::More, "is new"));
            }
            // A view has the variants of its meaning, and nobody states it.
            (Some(was), Some(is)) if was.view.is_none() => variants(sides, &name, was, is, changes),
            _ => {}
        }
    }
}

fn by_name(meaning: &Meaning) -> impl Iterator<Item = (&str, &Variant)> {
    meaning.variants.iter().map(|variant| (variant.name.as_str(), variant))
}

fn variants(sides: &Sides<'_>, meaning: &str, old: &Meaning, new: &Meaning, changes: &mut Vec<Change>) {
    for (name, (was, is)) in paired(by_name(old), by_name(new)) {
        let said = Said {
            names: vec![meaning, name],
            thing: format!("the variant `{name}` of `{meaning}`"),
            old: at(sides.old, was.map_or(old.node, |variant| variant.node)),
            new: at(sides.new, is.map_or(new.node, |variant| variant.node)),
        };
        match (was, is) {
            (Some(was), None) => {
                changes.push(said.change(Kind::Gone, sides.past.goes(was.until.as_deref()), "is gone"));
            }
            (None, Some(_)) => changes.push(said.change(Kind::New, Verdict::More, "is new")),
            (Some(was), Some(is)) => payloads(sides, meaning, was, is, changes),
            (None, None) => {}
        }
    }
}

fn carried(variant: &Variant) -> impl Iterator<Item = (&str, &Payload)> {
    variant.payload.iter().map(|payload| (payload.name.as_str(), payload))
}

fn payloads(sides: &Sides<'_>, meaning: &str, old: &Variant, new: &Variant, changes: &mut Vec<Change>) {
    for (payload, (before, after)) in paired(carried(old), carried(new)) {
        let said = Said {
            names: vec![meaning, &new.name, payload],
            thing: format!("what the variant `{}` of `{meaning}` carries as `{payload}`", new.name),
            old: at(sides.old, before.map_or(old.node, |payload| payload.node)),
            new: at(sides.new, after.map_or(new.node, |payload| payload.node)),
        };
        match (before, after) {
            (Some(_), None) => changes.push(said.change(Kind::Gone, Verdict::Broken, "is gone")),
            (None, Some(_)) => {
                changes.push(said.change(Kind::New, Verdict::Broken, "is new, and must be given"));
            }
            (Some(before), Some(after)) => {
                let (was, is) = ((&*before.key, &*before.domain), (&*after.key, &*after.domain));
                if domains::has_another_type(was, is) {
                    changes.push(said.change(Kind::Type, Verdict::Broken, "has another type in Rust"));
                    continue;
                }
                for changed in domains::changes(&sides.past, &before.domain, &after.domain) {
                    let words = format!("has other values: {}", changed.words);
                    changes.push(said.change(changed.kind, changed.writers, &words));
                }
            }
            (None, None) => {}
        }
    }
}
