//! What a metric carries, the event's span and log carry too, so that from any series one finds its spans and logs.

use crate::hash::HashSet;

use super::signals::{Of, Signals, signals};
use super::taken::{Found, Taken, Tested};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Contract, Domain, Event, FieldId, FieldValue, Instrument, Node, Type, When};
use crate::text::{grouped, some_of};

/// How many conditions a finding shows.
const MOST_PLACES: usize = 3;

pub(super) fn check(contract: &Contract, event: &Event, diagnostics: &mut Vec<Diagnostic>) {
    let all = signals(event);
    let while_running = contract.running(event);
    let metrics: Vec<&Instrument> = event.metrics.iter().chain(while_running).collect();
    // An event on a span is found by its span. What could not be read may be what is missed.
    let is_read = |one: &&Signals<'_>| one.writers.iter().all(|writer| writer.value.known().is_some());
    let (mut logs, mut spans) = (Vec::new(), Vec::new());
    for other in &all {
        match other.of {
            Of::Metric(_) | Of::SpanEvent => continue,
            // By default it has no record of any event.
            Of::Log(log) if log.opt_in => {}
            Of::Log(_) => logs.push(other),
            Of::Span(_) => spans.push(other),
        }
        if is_read(&other) {
            let carried = other.writers.iter().filter_map(|writer| writer.field()).collect();
            not_carried(contract, event, &metrics, &carried, other, diagnostics);
        }
    }
    for others in [logs, spans] {
        if others.iter().all(&is_read) {
            left_out(contract, event, &metrics, &others, diagnostics);
        }
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
    for metric in metrics.iter().filter(|metric| meet(contract, event, metric, other)) {
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
    .about_all(other.about())
    .and(contract.places.place(*node), "carried here");
    for (field, ..) in &missing {
        diagnostic = diagnostic.about(format!("{}.{}", event.full_name(), name(*field)));
    }
    for metric in metrics.iter().filter(|metric| meet(contract, event, metric, other)) {
        let carries = metric.writers.iter().filter_map(|writer| writer.field());
        if carries.into_iter().any(|field| missing.iter().any(|(other, ..)| *other == field)) {
            diagnostic = diagnostic.about(&metric.name);
        }
    }
    let it = if fields.len() == 1 { "it" } else { "them" };
    let in_objects: Vec<(FieldId, String)> = missing
        .iter()
        .filter_map(|(field, ..)| Some((*field, member_of(&event.field(*field).key, event, other)?)))
        .collect();
    for (field, member) in &in_objects {
        diagnostic = diagnostic.note(format!(
            "`{member}` is a value of `{}` too, and nothing says that it is the one that `{}` has",
            event.field(*field).key,
            name(*field)
        ));
    }
    diagnostics.push(match in_objects.len() == missing.len() {
        true => {
            let of = in_objects.iter().map(|(_, member)| member.as_str()).collect::<Vec<_>>();
            diagnostic.help_or_allow(&format!("if {} always the same value", is(&of)))
        }
        false => diagnostic.help(format!(
            "add {it} to the {word}'s list, or let it carry every field by leaving the list out: without {it} the {word}s of a series can't be found"
        )),
    });
}

/// That this is, or these are.
fn is(names: &[&str]) -> String {
    format!("{} {}", crate::text::list(names), if names.len() == 1 { "is" } else { "are" })
}

/// The key of a member of the signal's objects that has values of this attribute; of a list of objects it is no one value.
fn member_of(attribute: &str, event: &Event, other: &Signals<'_>) -> Option<String> {
    fn within(attribute: &str, key: &str, domain: &Domain) -> Option<String> {
        let Type::Object(members) = &domain.value else { return None };
        members.iter().find_map(|member| {
            let own = format!("{key}.{}", member.name);
            if member.attribute == attribute { Some(own) } else { within(attribute, &own, &member.domain) }
        })
    }
    if attribute.is_empty() {
        return None;
    }
    other.writers.iter().find_map(|writer| {
        let FieldValue::Plain(domain) = event.field(writer.field()?).value.known()? else { return None };
        within(attribute, &writer.key, domain)
    })
}

/// Whether there is a record that the metric counts and the other signal writes.
fn meet(contract: &Contract, event: &Event, metric: &Instrument, other: &Signals<'_>) -> bool {
    let (Some(counted), Some(written)) = (&metric.when, other.when) else { return true };
    let tested = Tested::of(contract, event, [counted, written].into_iter());
    tested.both(&tested.taken(Some(counted)), &tested.taken(Some(written))).is_some()
}

/// Where the conditions of all logs, or that of the span, leave out records that metrics count: one note for them together.
fn left_out(
    contract: &Contract,
    event: &Event,
    metrics: &[&Instrument],
    others: &[&Signals<'_>],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let whens: Vec<&When> = others.iter().filter_map(|other| other.when).collect();
    let [first_when, more_whens @ ..] = whens.as_slice() else { return };
    if whens.len() < others.len() {
        return;
    }
    let of_metrics = metrics.iter().filter_map(|metric| metric.when.as_ref());
    let tested = Tested::of(contract, event, of_metrics.chain(whens.iter().copied()));
    let written: Vec<Taken> = whens.iter().map(|when| tested.taken(Some(when))).collect();
    let found: Vec<(&Instrument, String)> = metrics
        .iter()
        .filter_map(|metric| {
            let counted = tested.taken(metric.when.as_ref());
            Some((*metric, witness(event, tested.only(&counted, written.iter()))?))
        })
        .collect();
    let Some((first, witness)) = found.first() else { return };
    let Some(word) = others.first().map(|other| other.signal.name()) else { return };
    let names: Vec<&str> = found.iter().map(|(metric, _)| metric.name.as_str()).collect();
    let count = if names.len() == 1 { "counts" } else { "count" };
    let what = if others.len() == 1 {
        format!("the {word} of `{}` leaves out", event.name)
    } else {
        format!("the {word}s of `{}` leave out", event.name)
    };
    let mut diagnostic = Diagnostic::new(
        Code::LeftOut,
        contract.places.place(first_when.node),
        format!("{what} records that {} {count}", some_of(&names)),
    )
    .about(event.full_name());
    for name in others.iter().flat_map(|other| other.about()).chain(names.into_iter().map(str::to_owned)) {
        diagnostic = diagnostic.about(name);
    }
    for when in more_whens.iter().take(MOST_PLACES) {
        diagnostic = diagnostic.and(contract.places.place(when.node), "and so does this");
    }
    diagnostics.push(
        diagnostic
            .and(contract.places.place(first.node), "counts them")
            .note(witness.clone())
            .help_or_allow(&format!("a series of these has no {word} to look at; if that is meant")),
    );
}

/// A record that a metric counts and nothing writes, in words.
fn witness(event: &Event, found: Found) -> Option<String> {
    match found {
        Found::Nothing => None,
        Found::TooMany(steps) => {
            Some(format!("whether there are such records was not found in {} steps", grouped(steps as u64)))
        }
        Found::Record(fields) => {
            let shown = fields.iter().map(|(id, state, count)| {
                let more = match count {
                    1 => String::new(),
                    2 => ", or one other".to_owned(),
                    more => format!(", or one of {} others", more - 1),
                };
                format!("{}{more}", state.shown(&event.field(*id).name))
            });
            Some(format!("as when {}", shown.collect::<Vec<_>>().join(" and ")))
        }
    }
}
