//! Bounds of what another program records: nobody keeps a value within them, so that they are said, not proved.

use std::collections::BTreeMap;

use slo_grammar::Place;

use super::signals::{Name, names};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Contract, Domain, Event, FieldValue, Instrument, Leaf, Signal, Variant, WriterValue};
use crate::measure::distinct::{Distinct, distinct};
use crate::measure::records::Records;
use crate::text::{grouped, list_of, some_of};

/// How many metrics a finding shows.
const MOST_SHOWN: usize = 8;

/// A bound, and what shows the values that it is of.
struct Bound<'c> {
    /// What has it, as messages name it, and as a finding does: in each of the events.
    name: &'c str,
    full_names: Vec<String>,
    values: u64,
    events: Vec<&'c str>,
    shown: Vec<String>,
}

/// The bounds, by where they are said: a group's field is one, whichever events it is in.
type Bounds<'c> = BTreeMap<Place, Bound<'c>>;

/// A note for each bound that a label or a name counts by.
pub(super) fn check(contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    let mut bounds = Bounds::new();
    for event in contract.events.iter().filter(|event| event.external) {
        for metric in &event.metrics {
            of_metric(contract, event, metric, &mut bounds);
        }
        for Name { text, when, .. } in names(event) {
            let records = Records::of(when);
            for id in text.values() {
                let field = event.field(id);
                let Leaf::Known(FieldValue::Plain(domain)) = &field.value else { continue };
                let full_name = format!("{}.{}", event.full_name(), field.name);
                let at = contract.places.place(field.node);
                let left = records.domain(id, domain);
                add(&mut bounds, event, (&field.name, full_name), &left, at, "the name of a span".to_owned());
            }
        }
    }
    for (at, bound) in bounds {
        let are = if bound.events.len() == 1 { "is" } else { "are" };
        let message = format!(
            "`{}` has a bound of {} values, which nobody keeps: {} {are} external",
            bound.name,
            grouped(bound.values),
            some_of(&bound.events)
        );
        let finding = Diagnostic::new(Code::Unkept, at, message)
            .about_all(bound.full_names)
            .counting_maybe(Some(bound.values));
        diagnostics.push(
            finding
                .note(format!("counted by it: {}", list_of(&bound.shown)))
                .help_or_allow("say which values there are, `only=[…]`; if the other program keeps to it"),
        );
    }
}

fn of_metric<'c>(contract: &'c Contract, event: &'c Event, metric: &'c Instrument, bounds: &mut Bounds<'c>) {
    let records = Records::of(metric.when.as_ref());
    for writer in &metric.writers {
        match &writer.value {
            Leaf::Known(WriterValue::Field(id) | WriterValue::ToString(id)) => {
                let field = event.field(*id);
                let Leaf::Known(FieldValue::Plain(domain)) = &field.value else { continue };
                let full_name = format!("{}.{}", event.full_name(), field.name);
                let left = records.domain(*id, domain);
                let at = contract.places.place(field.node);
                add(bounds, event, (&field.name, full_name), &left, at, format!("`{}`", metric.name));
            }
            Leaf::Known(WriterValue::Meaning { field, face }) => {
                let meaning = contract.meaning(*face);
                let variants = meaning.variants.iter().filter(|variant| records.has_variant(*field, variant));
                for variant in variants {
                    of_variant(contract, event, (&meaning.full_name(), variant), metric, bounds);
                }
            }
            _ => {}
        }
    }
}

/// What a variant carries onto a metric counts by its own bound, or by that of the key.
fn of_variant<'c>(
    contract: &'c Contract,
    event: &'c Event,
    (meaning, variant): (&str, &'c Variant),
    metric: &'c Instrument,
    bounds: &mut Bounds<'c>,
) {
    for pair in variant.pairs(Signal::Metric) {
        let Some(payload) = pair.payload().map(|id| variant.payload(id)) else { continue };
        let domains = [payload.domain.known(), pair.domain.known()];
        let mut finite =
            domains.into_iter().flatten().filter(|domain| matches!(distinct(domain), Distinct::Finite(_)));
        let Some(domain) = finite.next() else { continue };
        let full_name = format!("{meaning}.{}.{}", variant.name, payload.name);
        let at = contract.places.place(payload.node);
        add(bounds, event, (&payload.name, full_name), domain, at, format!("`{}`", metric.name));
    }
}

/// Adds a bound, if there would be none without it.
fn add<'c>(
    bounds: &mut Bounds<'c>,
    event: &'c Event,
    (name, full_name): (&'c str, String),
    domain: &Domain,
    at: Place,
    shown: String,
) {
    let Some(bounded) = &domain.bounded else { return };
    let without = Domain { bounded: None, ..domain.clone() };
    if domain.is_constant() || distinct(&without) != Distinct::Unbounded {
        return;
    }
    let new = || Bound {
        name,
        full_names: Vec::new(),
        values: bounded.values,
        events: Vec::new(),
        shown: Vec::new(),
    };
    let bound = bounds.entry(at).or_insert_with(new);
    bound.values = bound.values.max(bounded.values);
    if !bound.full_names.contains(&full_name) {
        bound.full_names.push(full_name);
    }
    if bound.events.last() != Some(&event.name.as_str()) {
        bound.events.push(&event.name);
    }
    if bound.shown.len() < MOST_SHOWN && !bound.shown.contains(&shown) {
        bound.shown.push(shown);
    }
}
