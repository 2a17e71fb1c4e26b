//! What a metric carries, the event's span and log carry too, so that from any series one finds its spans and logs.

use crate::hash::HashSet;

use super::signals::{Of, Signals, signals};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Contract, Event, FieldId, Instrument, Node};
use crate::measure::records::{Records, State, states};
use crate::text::some_of;

pub(super) fn check(contract: &Contract, event: &Event, diagnostics: &mut Vec<Diagnostic>) {
    let all = signals(event);
    let while_running = contract.running(event);
    let metrics: Vec<&Instrument> = event.metrics.iter().chain(while_running).collect();
    // An event on a span is found by its span.
    for other in all.iter().filter(|one| matches!(one.of, Of::Log(_) | Of::Span(_))) {
        // What could not be read may be what is missed.
        if other.writers.iter().any(|writer| writer.value.known().is_none()) {
            continue;
        }
        let carried: HashSet<FieldId> = other.writers.iter().filter_map(|writer| writer.field()).collect();
        not_carried(contract, event, &metrics, &carried, other, diagnostics);
        left_out(contract, event, &metrics, other, diagnostics);
    }
}

/// What metrics carry and another signal does not: one finding a signal. A constant tells no record from another.
fn not_carried(
    contract: &Contract,
    event: &Event,
    metrics: &[&Instrument],
    carried: &HashSet<FieldId>,
    other: &Signals<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut missing: Vec<(FieldId, &Instrument, Node)> = Vec::new();
    for metric in metrics {
        for writer in &metric.writers {
            let Some(field) = writer.field() else { continue };
            let constant = event.field(field).constant.is_some();
            if !constant && !carried.contains(&field) && !missing.iter().any(|(known, ..)| *known == field) {
                missing.push((field, metric, writer.node));
            }
        }
    }
    let Some((_, metric, node)) = missing.first() else { return };
    let word = other.signal.name();
    let name = |field: FieldId| event.field(field).name.as_str();
    let fields: Vec<&str> = missing.iter().map(|(field, ..)| name(*field)).collect();
    let of = match missing.iter().all(|(_, one, _)| one.name == metric.name) {
        true => format!("`{}` carries", metric.name),
        false => "its metrics carry".to_owned(),
    };
    let mut diagnostic = Diagnostic::new(
        Code::NotCarried,
        contract.places.place(other.node),
        format!("the {word} of `{}` lacks {}, which {of}", event.name, some_of(&fields)),
    )
    .about(event.full_name())
    .and(contract.places.place(*node), "carried here");
    for (field, metric, _) in &missing {
        diagnostic = diagnostic.about(format!("{}.{}", event.name, name(*field))).about(&metric.name);
    }
    diagnostics.push(diagnostic.help(format!(
        "add {} to the {word}'s list, or let it carry every field by leaving the list out: without {} the {word}s of a series can't be found",
        if fields.len() == 1 { "it" } else { "them" },
        if fields.len() == 1 { "it" } else { "them" },
    )));
}

/// Where a condition leaves out records that metrics count: one note a condition.
fn left_out(
    contract: &Contract,
    event: &Event,
    metrics: &[&Instrument],
    other: &Signals<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(when) = other.when else { return };
    let found: Vec<(&Instrument, String)> = metrics
        .iter()
        .filter_map(|metric| Some((*metric, counted_only(contract, event, metric, other)?)))
        .collect();
    let Some((first, witness)) = found.first() else { return };
    let word = other.signal.name();
    let names: Vec<&str> = found.iter().map(|(metric, _)| metric.name.as_str()).collect();
    let count = if names.len() == 1 { "counts" } else { "count" };
    let mut diagnostic = Diagnostic::new(
        Code::LeftOut,
        contract.places.place(when.node),
        format!("the {word} of `{}` leaves out records that {} {count}", event.name, some_of(&names)),
    )
    .about(event.full_name())
    .about(other.name);
    for name in names {
        diagnostic = diagnostic.about(name);
    }
    diagnostics.push(
        diagnostic
            .and(contract.places.place(first.node), "counts them")
            .note(format!("as when {witness}"))
            .help(format!(
                "a series of these has no {word} to look at; if that is meant: `allow {}: {}, \"why\"`",
                Code::LeftOut,
                event.name
            )),
    );
}

/// A record that a metric counts and the other signal's condition leaves out.
fn counted_only(
    contract: &Contract,
    event: &Event,
    metric: &Instrument,
    other: &Signals<'_>,
) -> Option<String> {
    let counted = Records::of(metric.when.as_ref());
    let written = Records::of(other.when);
    for id in written.tested() {
        let tests: Vec<_> = written.tests(id).iter().chain(counted.tests(id)).copied().collect();
        let Some(states) = states(contract, event.field(id), &tests) else { continue };
        let is_left_out = |state: &&State| {
            counted.tests(id).iter().all(|test| state.passes(&test.passes))
                && !written.tests(id).iter().all(|test| state.passes(&test.passes))
        };
        let left: Vec<&State> = states.iter().filter(is_left_out).collect();
        let Some(first) = left.first() else { continue };
        let more = match left.len() {
            1 => String::new(),
            2 => ", or one other".to_owned(),
            more => format!(", or one of {} others", more - 1),
        };
        return Some(format!("{}{more}", first.shown(&event.field(id).name)));
    }
    None
}
