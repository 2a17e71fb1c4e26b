//! One field of an event under two names, on its log record and on its span, neither of them the attribute's: whoever searches for
//! the one doesn't find the other.

use std::collections::BTreeSet;

use super::signals::signals;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Contract, Event, FieldId, Leaf, Node, Signal, SignalWriter, WriterValue};

pub(super) fn check(contract: &Contract, event: &Event, diagnostics: &mut Vec<Diagnostic>) {
    let (mut logs, mut spans): (Vec<&SignalWriter>, Vec<&SignalWriter>) = (Vec::new(), Vec::new());
    for signal in signals(event) {
        match signal.signal {
            Signal::Log => logs.extend(signal.writers),
            Signal::Span => spans.extend(signal.writers),
            Signal::Metric => {}
        }
    }
    for (id, field) in event.fields_by_id() {
        let (on_log, on_span) = (names(id, &logs), names(id, &spans));
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
                .about(format!("{}.{}", event.name, field.name))
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

/// The names under which a field is shown, each with its place.
fn names<'c>(field: FieldId, writers: &[&'c SignalWriter]) -> BTreeSet<(&'c str, Node)> {
    let of_field = writers.iter().filter(|writer| {
        matches!(&writer.value, Leaf::Known(WriterValue::Field(own)) if *own == field)
            && !writer.key.is_empty()
    });
    of_field.map(|writer| (writer.key.as_str(), writer.node)).collect()
}
