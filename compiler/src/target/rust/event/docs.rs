//! What is said of an event above its type.

use slo_model::Value;
use slo_model::event::{FieldKind, TextPart};

use super::super::docs;
use crate::ir::Places;
use crate::plan::{Event, Given, Hindrance};

/// What the contract says of an event, what becomes of it, and how it is recorded.
pub(super) fn of_event(places: &Places, event: &Event<'_>, has_later: bool) -> String {
    let mut text = String::new();
    if !event.docs.is_empty() {
        text.push_str(event.docs);
        text.push_str("\n\n");
    }
    text.push_str(&docs::declared("event", event.table.name, event.table.place));
    text.push_str(" It goes out as\n");
    for signal in signals(event) {
        text.push_str(&format!("- {signal}\n"));
    }
    let elapsed = event.fields.iter().position(|field| field.given == Given::Elapsed);
    if let Some(elapsed) = elapsed {
        text.push_str(&format!("\n`{}` is the time from its begin to its end.\n", name(event, elapsed)));
    }
    if has_later {
        let what = if event.hindrances.is_empty() { "may be said until it ends" } else { "need not be said" };
        text.push_str(&format!("\nWhat {what} stands in `later`.\n"));
    }
    if !event.hindrances.is_empty() {
        text.push_str("\nIt has no `begin`, and is recorded when it is over, by `record`:\n");
        for hindrance in &event.hindrances {
            text.push_str(&format!("- {}\n", why(places, event, hindrance)));
        }
    }
    text
}

/// The name of the field of this number.
fn name<'p>(event: &Event<'p>, number: usize) -> &'p str {
    event.table.fields.get(number).map_or("", |field| field.name)
}

/// The signals of an event.
fn signals(event: &Event<'_>) -> Vec<String> {
    let table = &event.table;
    let metrics = table.metrics.iter().map(|metric| format!("metric `{}`", metric.name));
    let running = table.running.iter().map(|metric| format!("metric `{}`, while it runs", metric.name));
    let logs = table.logs.iter().map(|log| match log.name {
        Some(name) => format!("log `{name}`"),
        None => "log without a name".to_owned(),
    });
    let span = table.span.iter().map(|span| match span.name {
        Some(name) => format!("span `{}`", written(event, name)),
        None => "attributes of the span that is running".to_owned(),
    });
    let span_events =
        table.span_events.iter().map(|one| format!("span event `{}`", written(event, one.name)));
    let all = metrics.chain(running).chain(logs).chain(span).chain(span_events);
    let mut signals: Vec<String> = all.collect();
    // A metric may count an event several times.
    signals.dedup();
    signals
}

/// A text with its holes.
fn written(event: &Event<'_>, parts: &[TextPart<'_>]) -> String {
    let part = |part: &TextPart<'_>| match part {
        TextPart::Text(text) => text.replace('{', "{{").replace('}', "}}"),
        TextPart::Value(number) => format!("{{{}}}", name(event, usize::from(*number))),
    };
    parts.iter().map(part).collect()
}

/// Why an event can't be begun, and what to write that it can.
fn why(places: &Places, event: &Event<'_>, hindrance: &Hindrance) -> String {
    let at = |number: usize| {
        let place = event.fields.get(number).map(|field| places.shown(field.said.node));
        match place.filter(|place| !place.is_empty()) {
            None => format!("`{}`", name(event, number)),
            Some(place) => format!("`{}` (`{place}`)", name(event, number)),
        }
    };
    match *hindrance {
        Hindrance::Unsaid(field) => {
            format!("{} has no `unset=`: nothing says what it is if nobody sets it before the end", at(field))
        }
        Hindrance::Ambiguous(one, other) => format!(
            "{} and {} may both be the time from begin to end: name one of them `elapsed`, or let the other be absent by `?`",
            at(one),
            at(other)
        ),
        Hindrance::DropsInvalid => {
            "by `invalid=drop` it may go out nowhere, and a span that is open can't be taken back".to_owned()
        }
        Hindrance::SpanWaits(field) => {
            format!("whether its span is opened depends on {}, which is known at its end", at(field))
        }
    }
}

/// What is said of a field above its member.
pub(super) fn of_field(places: &Places, event: &Event<'_>, number: usize) -> String {
    let (Some(field), Some(said)) = (event.table.fields.get(number), event.fields.get(number)) else {
        return String::new();
    };
    let (shown, unset) = match field.kind {
        FieldKind::Plain { slot, unset } => {
            (slot.key.name, unset.map(|unset| Value::from(unset).to_string()))
        }
        FieldKind::Meaning { meaning, unset } => {
            let variant = unset.and_then(|number| meaning.variants.get(usize::from(number)));
            (field.name, variant.map(|variant| variant.name.to_owned()))
        }
        FieldKind::Contexts => (field.name, None),
    };
    let mut text = format!("`{shown}`, `{}`.", places.shown(said.said.node));
    if let Some(unset) = unset {
        text.push_str(&format!(" If nobody sets it, it is `{unset}`."));
    }
    if !said.said.docs.is_empty() {
        text.push_str("\n\n");
        text.push_str(said.said.docs);
    }
    text
}
