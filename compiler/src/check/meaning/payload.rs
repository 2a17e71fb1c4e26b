//! A payload is written somewhere, or it is lost.

use std::collections::HashSet;

use super::report::variant_name;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Contract, Meaning, Node, PairValue, Payload, Signal, Variant};

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
    if pairs().any(|pair| pair.value.is_none()) {
        return Vec::new();
    }
    let written: HashSet<&str> =
        pairs().filter_map(|pair| pair.value.as_ref().and_then(PairValue::payload)).collect();
    variant.payload.iter().filter(|payload| !written.contains(payload.name.as_str())).collect()
}

fn finding(contract: &Contract, face: &Meaning, variant: &Variant, payload: &Payload) -> Diagnostic {
    let message = format!(
        "no signal of the {} `{}` writes `{}` of `{}`",
        face.keyword(),
        face.name,
        payload.name,
        variant.name
    );
    let text = matches!(
        payload.domain.as_ref().map(|domain| &domain.value),
        None | Some(crate::ir::Type::Scalar(crate::ir::Scalar::String))
    );
    let value = if text { payload.name.clone() } else { format!("to_string({})", payload.name) };
    let place = |node| contract.places.place(node);
    let of_view = face.view.as_ref().map(|_| place(face.node));
    Diagnostic::new(Code::PayloadLost, place(payload.node), message)
        .and_maybe(of_view, "in this view")
        .about(face.full_name())
        .about(variant_name(face, variant))
        .help(format!("write it on a signal, such as `log {{ {} = {value} }}`, or take it out", payload.name))
}
