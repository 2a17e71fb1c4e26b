//! How many of something the tables of generated code can number.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Contract, Node};
use crate::plan::{Attributes, Values};
use crate::plan::{Holds, Layout};
use crate::text::grouped;

/// Numbers have 16 bits.
const MOST: usize = 1 << 16;

pub(super) fn check(
    contract: &Contract,
    attributes: &Attributes<'_>,
    layouts: &[Layout<'_>],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut too_many = |node: Node, name: &str, count: usize, of: &str, help: &str| {
        if count > MOST {
            diagnostics.push(
                Diagnostic::new(
                    Code::TooManyForRust,
                    contract.places.place(node),
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
    let listed = |values: &Values<'_>| values.members().map_or(0, <[_]>::len);
    let fewer = "list fewer, or let it be a `string` with a bound: `bounded=N, other=\"_OTHER\"`";
    for layout in layouts {
        too_many(layout.event.node, &layout.event.name, layout.values, "values", "make several events of it");
        for field in &layout.fields {
            if let Holds::Plain(values) = &field.holds {
                too_many(field.field.node, &field.field.name, listed(values), "values", fewer);
            }
        }
    }
    for face in &contract.meanings {
        let count = face.variants.len();
        too_many(face.node, &face.name, count, "variants", "make several meanings of it");
        for variant in &face.variants {
            let count = variant.payload.len();
            too_many(variant.node, &variant.name, count, "payloads", "carry less");
            for payload in &variant.payload {
                let key = (!payload.key.is_empty()).then_some(payload.key.as_str());
                let values = attributes.values(key, payload.domain.as_ref());
                too_many(payload.node, &payload.name, listed(&values), "values", fewer);
            }
        }
    }
}
