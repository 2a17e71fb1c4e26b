//! What no vocabulary declares: metrics, and the keys of every signal, resource and scope.

use std::collections::BTreeSet;

use super::{finding, spoken_of};
use crate::check::is_own;
use crate::check::signals::{of_instrument, signals};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Contract, Declared, Leaf, Node, Signal, WriterValue};
use crate::policy::Rule;

pub(super) fn metrics(contract: &Contract, rule: &Rule, diagnostics: &mut Vec<Diagnostic>) {
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for (_, instrument) in spoken_of(contract, rule) {
        let convention = instrument.convention.as_ref();
        let declared = convention.is_some_and(|convention| !is_own(contract, &convention.package));
        if declared || !told.insert(&instrument.name) {
            continue;
        }
        let message = format!("no vocabulary declares the metric `{}`", instrument.name);
        diagnostics.push(
            undeclared(contract, rule, instrument.node, message, &instrument.name)
                .help("record one that a vocabulary declares, or have it declared there"),
        );
    }
}

pub(super) fn keys(contract: &Contract, rule: &Rule, diagnostics: &mut Vec<Diagnostic>) {
    let help = "show it by a key that a vocabulary declares, or have it declared there";
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let mut found: Vec<(&str, Node)> = Vec::new();
    for attribute in contract.attributes.iter().map(Declared::head) {
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
    let of_events = contract.events.iter().flat_map(signals);
    let by_themselves = contract.instruments.iter().map(|instrument| of_instrument(None, instrument));
    for writer in of_events.chain(by_themselves).flat_map(|signal| signal.writers) {
        let is_meaning = matches!(writer.value, Leaf::Known(WriterValue::Meaning { .. }));
        let shown_as = writer.shown_as.is_some();
        if writer.declaration.is_none() && !shown_as && !is_meaning && !writer.key.is_empty() {
            found.push((&writer.key, writer.node));
        }
    }
    crate::sort::by_key(&mut found, |(_, node)| contract.places.place(*node));
    for (key, node) in found {
        if told.insert(key) {
            let message = format!("no vocabulary declares the key `{key}`");
            diagnostics.push(undeclared(contract, rule, node, message, key).help(help));
        }
    }
}

fn undeclared(contract: &Contract, rule: &Rule, node: Node, message: String, name: &str) -> Diagnostic {
    finding(rule, Code::Undeclared, contract.places.place(node), message)
        .about(name)
        .and(rule.place, "wanted here")
}
