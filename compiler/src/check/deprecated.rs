//! Keys that should not be used any more.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Container, Contract, Deprecation};
use crate::resolve::spelled;

pub(super) fn check(contract: &Contract, container: &Container, diagnostics: &mut Vec<Diagnostic>) {
    for writer in &container.writers {
        let at = contract.attributes.partition_point(|attribute| attribute.key < writer.key);
        let same = contract.attributes.iter().skip(at).take_while(|attribute| attribute.key == writer.key);
        let place = |node| contract.places.place(node);
        // Of several declarations, the one that the writer is bound to; a refined key has but one.
        let mut declarations: Vec<_> = same.collect();
        if declarations.len() > 1 {
            declarations.retain(|attribute| attribute.node.map(place) == writer.declaration.map(place));
        }
        let bound = declarations.first();
        let Some(attribute) = bound else { continue };
        let Some(deprecated) = &attribute.deprecated else { continue };
        let at = contract.places.place(writer.node);
        let diagnostic = Diagnostic::new(Code::DeprecatedKey, at, format!("`{}` is deprecated", writer.key))
            .about(&writer.key)
            .and_maybe(attribute.node.map(place), "declared here");
        diagnostics.push(match deprecated {
            Deprecation::Successor(successor) => diagnostic
                .about(successor)
                .help(format!("`{successor}` took its place"))
                .fix(at, spelled(successor)),
            Deprecation::Reason(reason) if reason.is_empty() => diagnostic.help("nothing took its place: take it out"),
            Deprecation::Reason(reason) => diagnostic.help(reason),
        });
    }
}
