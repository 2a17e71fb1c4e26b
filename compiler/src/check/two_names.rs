//! One field of an event under two names, on its log record and on its span, neither of them the attribute's: whoever searches for
//! the one doesn't find the other.

use std::collections::BTreeSet;

use super::signals::{Signals, signals};
use crate::diagnostic::{Code, Diagnostic};
use crate::hash::HashMap;
use crate::ir::draft::{Contract, Event, FieldId, Leaf, Node, Signal, SignalWriter, WriterValue};

/// The names under which fields are shown, each with its place.
type Names<'c> = HashMap<FieldId, BTreeSet<(&'c str, Node)>>;

pub(super) fn check(contract: &Contract, event: &Event, diagnostics: &mut Vec<Diagnostic>) {
    // Most events show each field under its own name.
    let renames = |signal: &Signals<'_>| signal.writers.iter().any(|writer| is_renamed(event, writer));
    if !signals(event).iter().any(|one| one.signal == Signal::Log && renames(one)) {
        return;
    }
    let (mut logs, mut spans) = (Names::default(), Names::default());
    for signal in signals(event) {
        match signal.signal {
            Signal::Log => add(&mut logs, signal.writers),
            Signal::Span => add(&mut spans, signal.writers),
            Signal::Metric => {}
        }
    }
    for (id, field) in event.fields_by_id() {
        let (Some(on_log), Some(on_span)) = (logs.get(&id), spans.get(&id)) else { continue };
        let (Some((log, log_node)), Some((span, span_node))) = (on_log.first(), on_span.first()) else {
            continue;
        };
        let is_shown = |key: &str| on_span.iter().any(|(other, _)| *other == key);
        let shares = on_log.iter().any(|(key, _)| is_shown(key) || *key == field.key);
        if shares || is_shown(&field.key) {
            continue;
        }
        let message =
            format!("`{}` of `{}` is `{log}` on the log and `{span}` on the span", field.name, event.name);
        diagnostics.push(
            Diagnostic::new(Code::TwoNames, contract.places.place(*span_node), message)
                .about(format!("{}.{}", event.full_name(), field.name))
                .about(*log)
                .about(*span)
                .and(contract.places.place(*log_node), "the other name")
                .help(format!(
                    "show it under one name on both, best under its own, `{}`: a search by the one finds no record of the other",
                    field.key
                )),
        );
    }
}

fn is_renamed(event: &Event, writer: &SignalWriter) -> bool {
    matches!(&writer.value, Leaf::Known(WriterValue::Field(field) | WriterValue::ToString(field)) if event.field(*field).key != writer.key)
}

fn add<'c>(names: &mut Names<'c>, writers: &'c [SignalWriter]) {
    for writer in writers.iter().filter(|writer| !writer.key.is_empty()) {
        if let Leaf::Known(WriterValue::Field(field) | WriterValue::ToString(field)) = &writer.value {
            names.entry(*field).or_default().insert((&writer.key, writer.node));
        }
    }
}
