//! To Prometheus an empty label is an absent one: what is empty in one record of a metric is absent in no other, or the two
//! are one point. Between the variants of a meaning, proof 3 sees to that.

use std::collections::{BTreeMap, BTreeSet};

use super::metric::{Recorded, may_lack};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Contract, Domain, Field, Leaf, Literal, Signal, SignalWriter, Target, WriterValue};
use crate::measure::distinct::labels;
use crate::measure::records::Records;

/// A label of a metric as one list has it.
struct Label<'c> {
    writer: &'c SignalWriter,
    field: Option<&'c Field>,
    /// What it shows; an empty text is an absent one. None where that is not known one by one.
    texts: Option<BTreeSet<String>>,
    /// How it may be empty, as the contract says it.
    empty: Option<String>,
    absent: bool,
}

/// The labels of one list by what Prometheus calls them; nothing of those that a meaning writes, whose variants are looked at
/// by themselves.
type Labels<'c> = BTreeMap<String, Option<Label<'c>>>;

/// Checks what is recorded under one name.
pub(super) fn check(contract: &Contract, recorded: &[Recorded<'_>], diagnostics: &mut Vec<Diagnostic>) {
    let says = |writer: &SignalWriter, recorded: &Recorded<'_>| says_empty(writer, recorded).is_some();
    let any =
        |recorded: &Recorded<'_>| recorded.instrument.writers.iter().any(|writer| says(writer, recorded));
    if !contract.targets.contains(&Target::Prometheus) || !recorded.iter().any(any) {
        return;
    }
    let lists: Vec<Labels<'_>> = recorded.iter().map(|recorded| labels_of(contract, recorded)).collect();
    let mut reported = BTreeSet::new();
    for (one, list) in recorded.iter().zip(&lists) {
        for (name, label) in list {
            let Some(label @ Label { empty: Some(empty), .. }) = label else { continue };
            let other = recorded.iter().zip(&lists).find(|(_, other)| {
                let absent = match other.get(name) {
                    Some(Some(other)) => other.absent,
                    Some(None) => false,
                    // A label that is not left out here, and not listed there, was reported.
                    None => label.writer.optional || may_lack(one, &label.writer.key),
                };
                absent && (std::ptr::eq(list, *other) || meet(list, other, name))
            });
            let Some((other, others)) = other.filter(|_| !reported.contains(name)) else { continue };
            reported.insert(name);
            let place = |node| contract.places.place(node);
            let absent = others.get(name).and_then(Option::as_ref);
            let field = absent.and_then(|absent| absent.field);
            let key = &label.writer.key;
            let mut diagnostic = Diagnostic::new(
                Code::BlankOptional,
                place(label.writer.node),
                format!("on `{}` an empty `{key}` can't be told from an absent one", one.instrument.name),
            )
            .about(key)
            .about(&one.instrument.name)
            .here(format!("it may be empty: {empty}"))
            .note("to Prometheus an empty label is an absent one: two points become one");
            for event in [one.event, other.event].into_iter().flatten() {
                diagnostic = diagnostic.about(event.full_name());
            }
            let own = label.field.map_or_else(|| key.clone(), |field| field.name.clone());
            diagnostics.push(match field {
                Some(field) => diagnostic.and(place(field.node), "it may be absent").help(format!(
                    "let a text of its own stand for the empty one, or leave absent ones out: `when=({} present)`",
                    field.name
                )),
                None => diagnostic.and(place(other.instrument.node), "it is absent here").help(format!(
                    "let a text of its own stand for the empty one, or list `{own}` in both"
                )),
            });
        }
    }
}

fn labels_of<'c>(contract: &'c Contract, recorded: &Recorded<'c>) -> Labels<'c> {
    let records = Records::of(recorded.instrument.when.as_ref());
    let naming = contract.naming(recorded.instrument);
    let name = |key: &str| naming.label(key).unwrap_or_else(|| key.to_owned());
    let mut list = Labels::new();
    for writer in &recorded.instrument.writers {
        if let Leaf::Known(WriterValue::Meaning { face, .. }) = &writer.value {
            let variants = &contract.meaning(*face).variants;
            let pairs = variants.iter().flat_map(|variant| variant.pairs(Signal::Metric));
            list.extend(pairs.map(|pair| (name(&pair.key), None)));
            continue;
        }
        let field = field_of(writer, recorded);
        let mut texts = match (&writer.value, writer.domain()) {
            (Leaf::Known(WriterValue::Constant(literal)), _) => Some([literal.value().to_string()].into()),
            (Leaf::Known(WriterValue::Field(id) | WriterValue::ToString(id)), Some(domain)) => {
                labels(&records.domain(*id, domain))
            }
            (Leaf::Known(WriterValue::Observed(_)), Some(domain)) => labels(domain),
            _ => None,
        };
        if let Some(Literal::String(unset)) = field.and_then(|field| field.unset.as_ref()) {
            texts = texts.map(|texts| texts.into_iter().chain([unset.clone()]).collect());
        }
        let read = writer.field().zip(recorded.event);
        let absent = read.is_some_and(|(field, event)| records.may_be_absent(event, field));
        if absent {
            texts = texts.map(|texts| texts.into_iter().chain([String::new()]).collect());
        }
        let empty = says_empty(writer, recorded).filter(|_| match &writer.value {
            Leaf::Known(WriterValue::Field(id)) => records.has_value(*id, &Literal::String(String::new())),
            _ => true,
        });
        // That a label is written twice is another finding.
        let known = list.entry(name(&writer.key));
        known.and_modify(|label| *label = None).or_insert(Some(Label {
            writer,
            field,
            texts,
            empty,
            absent,
        }));
    }
    list
}

/// Whether two lists may show the same but for this label.
fn meet(one: &Labels<'_>, other: &Labels<'_>, but: &str) -> bool {
    let nothing = BTreeSet::from([String::new()]);
    let texts = |list: &'_ Labels<'_>, name: &String| match list.get(name) {
        Some(label) => label.as_ref().and_then(|label| label.texts.clone()),
        None => Some(nothing.clone()),
    };
    one.keys().chain(other.keys()).filter(|name| *name != but).all(|name| {
        match (texts(one, name), texts(other, name)) {
            (Some(one), Some(other)) => !one.is_disjoint(&other),
            _ => true,
        }
    })
}

fn field_of<'c>(writer: &SignalWriter, recorded: &Recorded<'c>) -> Option<&'c Field> {
    Some(recorded.event?.field(writer.field()?))
}

/// How a label may be empty by the contract's own words: a text of which it says nothing is not taken for an empty one.
fn says_empty(writer: &SignalWriter, recorded: &Recorded<'_>) -> Option<String> {
    let is_empty = |literal: &Literal| matches!(literal, Literal::String(text) if text.is_empty());
    match &writer.value {
        Leaf::Known(WriterValue::Constant(literal)) => {
            is_empty(literal).then(|| "it is this constant".to_owned())
        }
        Leaf::Known(WriterValue::Field(_) | WriterValue::ToString(_) | WriterValue::Observed(_)) => {
            let unset = field_of(writer, recorded).and_then(|field| field.unset.as_ref());
            let of_domain = |domain: &Domain| {
                let empty = domain.members.iter().flatten().find(|member| is_empty(&member.wire));
                let other = domain.rest().filter(is_empty);
                empty
                    .map(|member| match member.name.as_str() {
                        "" => "`\"\"` is one of its values".to_owned(),
                        name => format!("its member `{name}`"),
                    })
                    .or(other.map(|_| "`other=\"\"`".to_owned()))
            };
            let of_domain = writer.domain().and_then(of_domain);
            of_domain.or_else(|| unset.filter(|unset| is_empty(unset)).map(|_| "`unset=\"\"`".to_owned()))
        }
        Leaf::Known(WriterValue::Meaning { .. }) | Leaf::Unknown(_) => None,
    }
}
