//! Keys that should not be used any more.

use crate::hash::{HashMap, HashSet};

use crate::diagnostic::{Code, Diagnostic};
use slo_grammar::Place;

use super::held_to::HeldTo;
use crate::ir::draft::{
    Container, Contract, Declared, Deprecation, Event, FieldValue, Head, Leaf, Meaning, Node, Signal,
    SignalWriter, Type, WriterValue,
};
use crate::text::{self, spelled};

/// Checks the keys of a resource or a scope.
pub(super) fn container(contract: &Contract, container: &Container, diagnostics: &mut Vec<Diagnostic>) {
    let held = HeldTo::of_scope(container, false);
    for writer in &container.writers {
        key(contract, &writer.key, writer.node, writer.declaration, held, diagnostics);
    }
}

/// What the meanings that events take, and the views of them, are held to: what all these events are, and where they differ, the
/// version that is taken in.
pub(super) fn of_meanings(contract: &Contract) -> HashMap<Node, HeldTo> {
    let mut held = HashMap::default();
    for event in &contract.events {
        let own = of_event(contract, event);
        for field in &event.fields {
            let Leaf::Known(FieldValue::Meaning { meaning, face }) = field.value else { continue };
            for node in [meaning, face].map(|id| contract.meaning(id).node) {
                let all = held.entry(node).or_insert(own);
                if !all.is(own) {
                    *all = HeldTo::TakenIn;
                }
            }
        }
    }
    held
}

fn of_event(contract: &Contract, event: &Event) -> HeldTo {
    HeldTo::of(contract, event.scope, event.external)
}

/// Checks the keys that a meaning or a view writes, each once.
pub(super) fn meaning(
    contract: &Contract,
    meaning: &Meaning,
    held: HeldTo,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut seen = HashSet::default();
    for variant in &meaning.variants {
        for pair in Signal::ALL.into_iter().flat_map(|signal| variant.pairs(signal)) {
            if !pair.local && seen.insert(contract.places.place(pair.node)) {
                key(contract, &pair.key, pair.node, pair.declaration, held, diagnostics);
            }
        }
    }
}

/// Checks the keys of an event's fields.
pub(super) fn event(contract: &Contract, event: &Event, diagnostics: &mut Vec<Diagnostic>) {
    let held = of_event(contract, event);
    for field in event.fields.iter().filter(|field| field.declaration.is_some()) {
        key(contract, &field.key, field.node, field.declaration, held, diagnostics);
    }
}

/// Checks the keys that a list names by themselves: constants, what is observed, and what stands behind `as`.
pub(super) fn list(
    contract: &Contract,
    writers: &[SignalWriter],
    held: HeldTo,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for writer in writers {
        let by_itself =
            matches!(writer.value, Leaf::Known(WriterValue::Constant(_) | WriterValue::Observed(_)));
        if let Some(shown_as) = &writer.shown_as {
            key(contract, &writer.key, shown_as.node, Some(shown_as.declaration), held, diagnostics);
        } else if by_itself && writer.declaration.is_some() {
            key(contract, &writer.key, writer.node, writer.declaration, held, diagnostics);
        }
    }
}

fn key(
    contract: &Contract,
    name: &str,
    node: Node,
    declaration: Option<Node>,
    held: HeldTo,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let place = |node| contract.places.place(node);
    let Some(attribute) = attribute_of(contract, name, declaration) else { return };
    let Some(deprecated) = held.deprecation(&attribute) else { return };
    let deprecated = &*deprecated;
    // The part of the key that a family leaves open.
    let rest = name.get(attribute.key.len()..).unwrap_or("");
    let at = place(node);
    let finding = finding(at, &format!("`{name}`"), deprecated, rest)
        .about(name)
        .and_maybe(attribute.node.map(place), "declared here");
    let better = match deprecated {
        Deprecation::NotYet { names, .. } => names.first().filter(|_| names.len() == 1).map(String::as_str),
        said => said.successor(),
    };
    diagnostics.push(match better {
        // Where the key itself stands, it can be changed; at a field stands the field's name.
        Some(better) if at.range().len() == spelled(name).len() => {
            finding.fix(at, spelled(&format!("{better}{rest}")))
        }
        _ => finding,
    });
}

/// That something should not be used, or not yet, and what there is in its place, with the part of its name that a family
/// leaves open.
pub(super) fn finding(at: Place, what: &str, deprecated: &Deprecation, rest: &str) -> Diagnostic {
    let of = |code, message| Diagnostic::new(code, at, message);
    let is_deprecated = || of(Code::DeprecatedKey, format!("{what} is deprecated"));
    match deprecated {
        Deprecation::Successor(successor) => {
            is_deprecated().about(successor).help(format!("`{successor}{rest}` took its place"))
        }
        Deprecation::Reason(reason) if reason.is_empty() => {
            is_deprecated().help("nothing took its place: take it out")
        }
        Deprecation::Reason(reason) => is_deprecated().help(reason),
        Deprecation::NotYet { version, names } => {
            let names: Vec<String> = names.iter().map(|name| format!("{name}{rest}")).collect();
            of(Code::NotYet, format!("{what} has another name in version {version} of the conventions"))
                .about_all(&names)
                .help(format!("write {}, or name a later version", text::either(&names)))
        }
    }
}

/// The declaration that a writer is bound to: of its key, or of the longest family that its key belongs to.
fn attribute_of<'c>(contract: &'c Contract, name: &str, declaration: Option<Node>) -> Option<Head<'c>> {
    let declared = |key: &str| -> Vec<&'c Declared> {
        let at = contract.attributes.partition_point(|attribute| attribute.head().key < key);
        let same = contract.attributes.get(at..).unwrap_or_default();
        same.iter().take_while(|attribute| attribute.head().key == key).collect()
    };
    let is_family =
        |attribute: &&Declared| attribute.read().is_ok_and(|domain| matches!(domain.value, Type::Map(_)));
    let mut declarations = declared(name);
    for (position, _) in name.rmatch_indices('.') {
        if declarations.is_empty() {
            declarations = declared(&name[..position]);
            declarations.retain(is_family);
        }
    }
    // Of several declarations, the one that the writer names; a refined key has but one.
    if declarations.len() > 1 {
        let place = |node| contract.places.place(node);
        declarations.retain(|attribute| attribute.head().node.map(place) == declaration.map(place));
    }
    declarations.first().map(|attribute| attribute.head())
}
