//! A payload is written somewhere, or it is lost.

use crate::hash::HashSet;

use super::report::variant_name;
use slo_grammar::Place;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Contract, Meaning, Node, Payload, PayloadId, Signal, Variant};

/// The payloads that a meaning loses, by their places: whoever takes the variants over loses them too, and one mistake is
/// reported once.
pub(super) type Lost = HashSet<Node>;

pub(super) fn check(contract: &Contract, face: &Meaning, lost: &mut Lost, diagnostics: &mut Vec<Diagnostic>) {
    for variant in &face.variants {
        for payload in lost_of(variant) {
            let known = contract.places.nodes.get(payload.node.0 as usize).is_some();
            let reported = match &face.view {
                // Each of two views may lose what their meaning writes.
                Some(_) => lost.contains(&payload.node),
                None => known && !lost.insert(payload.node),
            };
            if !reported {
                diagnostics.push(finding(contract, face, variant, payload));
            }
        }
    }
}

/// The payloads that no signal writes. What can't be known may be where one is written.
fn lost_of(variant: &Variant) -> Vec<&Payload> {
    let pairs = || Signal::ALL.into_iter().flat_map(|signal| variant.pairs(signal));
    if pairs().any(|pair| pair.value.known().is_none()) {
        return Vec::new();
    }
    let texts = Signal::ALL.into_iter().filter_map(|signal| variant.text(signal));
    let of_texts = texts.flat_map(|text| text.text.values());
    let written: HashSet<PayloadId> = pairs().filter_map(|pair| pair.payload()).chain(of_texts).collect();
    let payloads = variant.payload.iter().enumerate();
    let lost = payloads.filter(|(index, payload)| {
        payload.domain.known().is_some() && !written.contains(&PayloadId::at(*index))
    });
    lost.map(|(_, payload)| payload).collect()
}

fn finding(contract: &Contract, face: &Meaning, variant: &Variant, payload: &Payload) -> Diagnostic {
    let message = format!(
        "no signal of the {} `{}` writes `{}` of `{}`",
        face.keyword(),
        face.name,
        payload.name,
        variant.name
    );
    let place = |node| contract.places.place(node);
    let name = &payload.name;
    let header = variant.severity.map_or("log".to_owned(), |severity| format!("log {}", severity.name()));
    let example = format!("`{header} {{ {name} = {name} }}`");
    let diagnostic = match &face.view {
        None => Diagnostic::new(Code::PayloadLost, place(payload.node), message)
            .help(format!("write it on a signal, such as {example}, or take it out")),
        // What takes its place stands in the view.
        Some(_) => Diagnostic::new(Code::PayloadLost, shown_at(contract, face, variant), message)
            .and(place(payload.node), "carried")
            .help(format!("write it in this view as well, such as {example}")),
    };
    diagnostic.about(face.full_name()).about(variant_name(face, variant)).about(&payload.name)
}

/// Where a view says how a variant shows: at what it shows that its meaning doesn't, or at its own name.
fn shown_at(contract: &Contract, face: &Meaning, variant: &Variant) -> Place {
    let of = face.view.as_ref().map(|view| contract.meaning(view.of));
    let meant = of.and_then(|of| of.variant(&variant.name));
    let own = Signal::ALL.into_iter().find_map(|signal| {
        let projection = variant.projection(signal)?;
        let inherited = meant.and_then(|meant| meant.projection(signal));
        (inherited.map(|inherited| inherited.node) != Some(projection.node)).then_some(projection.node)
    });
    contract.places.place(own.unwrap_or(face.node))
}
