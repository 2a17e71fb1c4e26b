//! What is said of an event above its type.

use crate::ir::{Event, Field};
use crate::plan::{Given, Hindrance, LaidOut, Layout};
use crate::target::rust::modules::Modules;

/// What the contract says of an event, what becomes of it, and how it is stated.
pub(super) fn of_event(modules: &Modules<'_>, layout: &Layout<'_>, has_later: bool) -> String {
    let event = layout.event;
    let mut text = String::new();
    if !event.docs.is_empty() {
        text.push_str(&event.docs);
        text.push_str("\n\n");
    }
    text.push_str(&modules.declared("event", &event.full_name(), event.node));
    text.push_str(" It goes out as\n");
    for signal in signals(modules, event) {
        text.push_str(&format!("- {signal}\n"));
    }
    let elapsed = layout.fields.iter().find(|field| matches!(field.given, Given::Elapsed(_)));
    if let Some(elapsed) = elapsed {
        text.push_str(&format!("\n`{}` is the time from its begin to its end.\n", elapsed.field.name));
    }
    let hindrances = layout.hindrances();
    if has_later {
        let what = if hindrances.is_empty() { "may be said until it ends" } else { "need not be said" };
        text.push_str(&format!("\nWhat {what} stands in `later`.\n"));
    }
    if !hindrances.is_empty() {
        text.push_str("\nIt has no `begin`, and is stated when it is over, by `record`:\n");
        for hindrance in &hindrances {
            text.push_str(&format!("- {}\n", why(modules, hindrance)));
        }
    }
    text
}

/// The signals of an event, as the contract writes them.
fn signals(modules: &Modules<'_>, event: &Event) -> Vec<String> {
    let metrics = event.metrics.iter().map(|metric| format!("metric `{}`", metric.name));
    let running =
        modules.contract.running(event).map(|metric| format!("metric `{}`, while it runs", metric.name));
    let log = event.log.iter().map(|log| format!("log `{}`", log.name));
    let span = event.span.iter().map(|span| match &span.name {
        Some(name) => format!("span `{}`", name.written(event)),
        None => "attributes of the span that is running".to_owned(),
    });
    let mut signals: Vec<String> = metrics.chain(running).chain(log).chain(span).collect();
    // A metric may count an event several times.
    signals.dedup();
    signals
}

/// Why an event can't be begun, and what to write that it can.
fn why(modules: &Modules<'_>, hindrance: &Hindrance<'_>) -> String {
    let at = |field: &Field| match modules.contract.places.shown(field.node) {
        place if place.is_empty() => format!("`{}`", field.name),
        place => format!("`{}` (`{place}`)", field.name),
    };
    match hindrance {
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
pub(super) fn of_field(modules: &Modules<'_>, laid_out: &LaidOut<'_>) -> String {
    let field = laid_out.field;
    let shown = if field.key.is_empty() { &field.name } else { &field.key };
    let mut text = format!("`{shown}`, `{}`.", modules.contract.places.shown(field.node));
    if let Some(unset) = &field.unset {
        text.push_str(&format!(" If nobody sets it, it is `{}`.", unset.value()));
    }
    if !field.docs.is_empty() {
        text.push_str("\n\n");
        text.push_str(&field.docs);
    }
    text
}
