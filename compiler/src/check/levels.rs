//! The severity of an event's log and the status of its span: one, and for a log at least one.

use super::signals::{Of, Signals, signals};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Contract, Event, Field, FieldId, Leaf, Meaning, Node, Signal, Variant, When};
use crate::measure::records::Records;

/// A meaning that may give a signal its level.
struct Listed<'c> {
    node: Node,
    id: FieldId,
    field: &'c Field,
    face: &'c Meaning,
}

pub(super) fn check(contract: &Contract, event: &Event, diagnostics: &mut Vec<Diagnostic>) {
    for one in signals(event) {
        let Signals { signal, node, when, .. } = one;
        let (levels, max, own) = match one.of {
            Of::Metric(_) | Of::SpanEvent => continue,
            Of::Log(log) => (&log.levels, log.max, log.severity.is_some()),
            // A span without a status has one: unset.
            Of::Span(span) => (&span.levels, span.max, true),
        };
        // A condition that can't be read whole lets nothing be said of what it leaves.
        let is_unread = |when: &When| when.tests.iter().any(|test| test.known().is_none());
        if when.is_some_and(is_unread) || levels.iter().any(|level| level.known().is_none()) {
            continue;
        }
        let records = Records::of(when);
        let listed: Vec<Listed<'_>> = levels
            .iter()
            .filter_map(Leaf::known)
            .map(|level| Listed {
                node: level.node,
                id: level.field,
                field: event.field(level.field),
                face: contract.meaning(level.face),
            })
            .collect();
        if !max {
            two(contract, event, signal, &listed, &records, diagnostics);
        }
        if !own {
            none(contract, event, (node, &one.name), &listed, &records, diagnostics);
        }
    }
}

fn sets(variant: &Variant, signal: Signal) -> bool {
    match signal {
        Signal::Metric => false,
        Signal::Log => variant.severity.is_some(),
        Signal::Span => variant.status.is_some(),
    }
}

/// Two meanings that both set the severity or the status in one record.
fn two(
    contract: &Contract,
    event: &Event,
    signal: Signal,
    listed: &[Listed<'_>],
    records: &Records<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut setting = listed.iter().filter_map(|listed| {
        let sets = |variant: &&Variant| sets(variant, signal) && records.has_variant(listed.id, variant);
        Some((listed, listed.face.variants.iter().find(sets)?))
    });
    let (Some((first, first_variant)), Some((second, second_variant))) = (setting.next(), setting.next())
    else {
        return;
    };
    let (what, option) = match signal {
        Signal::Span => ("status", "status"),
        _ => ("severity", "severity"),
    };
    let message = format!(
        "`{}` and `{}` both give the {} its {what}",
        first.field.name,
        second.field.name,
        signal.name()
    );
    diagnostics.push(
        Diagnostic::new(Code::TwoLevels, contract.places.place(second.node), message)
            .about(event.full_name())
            .about(&first.field.name)
            .about(&second.field.name)
            .and(contract.places.place(first_variant.node), format!("gives one: `{}`", first_variant.name))
            .and(contract.places.place(second_variant.node), format!("gives one: `{}`", second_variant.name))
            .help(format!("say that the greater one holds: `{option}=max` on the {}", signal.name())),
    );
}

/// A log record to which nothing gives a severity.
fn none(
    contract: &Contract,
    event: &Event,
    (node, name): (Node, &str),
    listed: &[Listed<'_>],
    records: &Records<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut witness = Vec::new();
    let mut at = None;
    for one in listed {
        if records.may_be_absent(event, one.id) {
            witness.push(format!("`{}` is absent", one.field.name));
            continue;
        }
        let silent = |variant: &&Variant| variant.severity.is_none() && records.has_variant(one.id, variant);
        let Some(variant) = one.face.variants.iter().find(silent) else { return };
        at.get_or_insert(variant);
        witness.push(format!("`{}` is `{}`", one.field.name, variant.name));
    }
    let diagnostic = Diagnostic::new(
        Code::NoSeverity,
        contract.places.place(node),
        format!("nothing gives the log `{name}` a severity"),
    )
    .about(event.full_name())
    .about(name)
    .and_maybe(
        at.map(|variant| contract.places.place(variant.node)),
        at.map_or(String::new(), |variant| format!("`{}` gives none", variant.name)),
    );
    let diagnostic = match (event.external, listed) {
        // What another program writes is as it is.
        (true, _) => diagnostic.help_or_allow(&format!(
            "say the one that its records have, or `log {name}: unspecified` where they have none; if that differs"
        )),
        (false, []) => diagnostic.help(format!(
            "say one: `log {name}: info`, or `log {name}: unspecified` for records that are to have none"
        )),
        (false, _) => diagnostic.help(format!(
            "say the one that holds where no meaning gives one: `log {name}: info`, or `unspecified`"
        )),
    };
    diagnostics.push(match witness.as_slice() {
        [] => diagnostic,
        all => diagnostic.note(format!("as when {}", all.join(" and "))),
    });
}
