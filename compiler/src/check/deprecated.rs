//! Keys that should not be used any more.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Attribute, Container, Contract, Deprecation, Type, Writer};
use crate::resolve::spelled;

pub(super) fn check(contract: &Contract, container: &Container, diagnostics: &mut Vec<Diagnostic>) {
    for writer in &container.writers {
        let place = |node| contract.places.place(node);
        let Some(attribute) = attribute_of(contract, writer) else { continue };
        let Some(deprecated) = &attribute.deprecated else { continue };
        // The part of the key that a family leaves open.
        let rest = writer.key.get(attribute.key.len()..).unwrap_or("");
        let at = contract.places.place(writer.node);
        let diagnostic = Diagnostic::new(Code::DeprecatedKey, at, format!("`{}` is deprecated", writer.key))
            .about(&writer.key)
            .and_maybe(attribute.node.map(place), "declared here");
        diagnostics.push(match deprecated {
            Deprecation::Successor(successor) => diagnostic
                .about(successor)
                .help(format!("`{successor}{rest}` took its place"))
                .fix(at, spelled(&format!("{successor}{rest}"))),
            Deprecation::Reason(reason) if reason.is_empty() => {
                diagnostic.help("nothing took its place: take it out")
            }
            Deprecation::Reason(reason) => diagnostic.help(reason),
        });
    }
}

/// The declaration that a writer is bound to: of its key, or of the longest family that its key belongs to.
fn attribute_of<'c>(contract: &'c Contract, writer: &Writer) -> Option<&'c Attribute> {
    let declared = |key: &str| -> Vec<&'c Attribute> {
        let at = contract.attributes.partition_point(|attribute| attribute.key.as_str() < key);
        let same = contract.attributes.get(at..).unwrap_or_default();
        same.iter().take_while(|attribute| attribute.key == key).collect()
    };
    let is_family = |attribute: &&Attribute| {
        attribute.domain.as_ref().is_some_and(|domain| matches!(domain.value, Type::Map(_)))
    };
    let mut declarations = declared(&writer.key);
    for (position, _) in writer.key.rmatch_indices('.') {
        if declarations.is_empty() {
            declarations = declared(&writer.key[..position]);
            declarations.retain(is_family);
        }
    }
    // Of several declarations, the one that the writer names; a refined key has but one.
    if declarations.len() > 1 {
        let place = |node| contract.places.place(node);
        declarations.retain(|attribute| attribute.node.map(place) == writer.declaration.map(place));
    }
    declarations.first().copied()
}
