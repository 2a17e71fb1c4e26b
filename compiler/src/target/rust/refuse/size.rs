//! How many of something the tables of generated code can number.

use slo_model::event::{FieldKind, Slot};

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::Node;
use crate::plan::Plan;
use crate::text::grouped;

/// Numbers have 16 bits.
const MOST: usize = 1 << 16;

pub(super) fn check(plan: &Plan<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut too_many = |node: Node, name: &str, count: usize, of: &str, help: &str| {
        if count > MOST {
            diagnostics.push(
                Diagnostic::new(
                    Code::TooManyForRust,
                    plan.places.place(node),
                    format!(
                        "`{name}` has {} {of}, and generated Rust numbers up to {}",
                        grouped(count as u64),
                        grouped(MOST as u64)
                    ),
                )
                .about(name)
                .help(help),
            );
        }
    };
    let listed = |slot: &Slot<'_>| slot.key.members.map_or(0, <[_]>::len);
    let fewer = "list fewer, or let it be a `string` with a bound: `bounded=N, other=\"_OTHER\"`";
    for event in plan.events() {
        let table = &event.table;
        too_many(event.node, last(table.name), table.values, "values", "make several events of it");
        for (field, said) in table.fields.iter().zip(&event.fields) {
            if let FieldKind::Plain { slot, .. } = &field.kind {
                too_many(said.said.node, field.name, listed(slot), "values", fewer);
            }
        }
    }
    for meaning in plan.packages.iter().flat_map(|package| &package.meanings) {
        let (name, variants) = (last(meaning.table.name), meaning.table.variants);
        too_many(meaning.node, name, variants.len(), "variants", "make several meanings of it");
        for (variant, said) in variants.iter().zip(&meaning.variants) {
            too_many(said.node, variant.name, variant.payload.len(), "payloads", "carry less");
            for (slot, said) in variant.payload.iter().zip(&said.payload) {
                too_many(said.node, slot.key.name, listed(slot), "values", fewer);
            }
        }
    }
}

/// A name without its package.
fn last(full_name: &str) -> &str {
    full_name.rsplit('.').next().unwrap_or_default()
}
