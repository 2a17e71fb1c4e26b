//! What no vocabulary declares: metrics, and the keys of every signal, resource and scope.

use std::collections::BTreeSet;

use super::{finding, spoken_of};
use crate::check::is_own;
use crate::check::metric::Recorded;
use crate::check::signals::signals;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Contract, Declared, Event, Leaf, Node, Signal, SignalWriter, WriterValue};
use crate::policy::Rule;

pub(super) fn metrics(contract: &Contract, rule: &Rule, diagnostics: &mut Vec<Diagnostic>) {
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for Recorded { instrument, .. } in spoken_of(contract, rule) {
        let convention = instrument.convention.as_ref();
        let declared = convention.is_some_and(|convention| !is_own(contract, &convention.package));
        if declared || !told.insert(&instrument.name) {
            continue;
        }
        let message = format!("no vocabulary declares the metric `{}`", instrument.name);
        diagnostics.push(
            undeclared(contract, rule, instrument.node, message, &instrument.name)
                .about("metric")
                .help("record one that a vocabulary declares, or have it declared there"),
        );
    }
}

pub(super) fn keys(contract: &Contract, rule: &Rule, diagnostics: &mut Vec<Diagnostic>) {
    let help = "show it by a key that a vocabulary declares, or have it declared there";
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let mut found: Vec<(&str, Node)> = Vec::new();
    // What a vocabulary declares itself is declared by one: it has neither events nor resources.
    let is_vocabulary = contract.events.is_empty()
        && !contract.containers.iter().any(|container| is_own(contract, &container.package));
    for attribute in contract.attributes.iter().map(Declared::head).filter(|_| !is_vocabulary) {
        if let Some(node) = attribute.node.filter(|_| is_own(contract, attribute.package)) {
            found.push((attribute.key, node));
        }
    }
    let writers = contract.containers.iter().filter(|container| is_own(contract, &container.package));
    for writer in writers.flat_map(|container| &container.writers) {
        if writer.declaration.is_none() {
            found.push((&writer.key, writer.node));
        }
    }
    let meanings = contract.meanings.iter().filter(|meaning| is_own(contract, &meaning.package));
    for variant in meanings.flat_map(|meaning| &meaning.variants) {
        let pairs = Signal::ALL.into_iter().flat_map(|signal| variant.pairs(signal));
        found.extend(pairs.filter(|pair| pair.local).map(|pair| (pair.key.as_str(), pair.node)));
    }
    for event in &contract.events {
        for writer in signals(event).into_iter().flat_map(|signal| signal.writers) {
            local(event, writer, &mut found);
        }
    }
    for instrument in &contract.instruments {
        for writer in &instrument.writers {
            match instrument.during {
                Some(id) => local(contract.event(id), writer, &mut found),
                None if writer.declaration.is_none() => found.push((&writer.key, writer.node)),
                None => {}
            }
        }
    }
    crate::sort::by_key(&mut found, |(_, node)| contract.places.place(*node));
    for (key, node) in found {
        if told.insert(key) {
            let message = format!("no vocabulary declares the key `{key}`");
            diagnostics.push(undeclared(contract, rule, node, message, key).about("key").help(help));
        }
    }
}

/// A name that is local to a list: another one behind `as`, that of a constant, or that of a field without an attribute.
fn local<'c>(event: &Event, writer: &'c SignalWriter, found: &mut Vec<(&'c str, Node)>) {
    let declared = match &writer.value {
        Leaf::Known(WriterValue::Field(id)) => {
            writer.shown_as.is_some() || (writer.declaration.is_some() && event.field(*id).key == writer.key)
        }
        Leaf::Known(WriterValue::ToString(_)) => writer.shown_as.is_some(),
        Leaf::Known(WriterValue::Constant(_) | WriterValue::Observed(_)) => writer.declaration.is_some(),
        Leaf::Known(WriterValue::Meaning { .. }) | Leaf::Unknown(_) => true,
    };
    if !declared {
        found.push((&writer.key, writer.node));
    }
}

fn undeclared(contract: &Contract, rule: &Rule, node: Node, message: String, name: &str) -> Diagnostic {
    finding(rule, Code::Undeclared, contract.places.place(node), message)
        .about(name)
        .and(rule.place, "wanted here")
}
