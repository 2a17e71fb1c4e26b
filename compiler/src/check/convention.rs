//! What the OpenTelemetry conventions have to say.

use slo_stdlib_mappings::Vocabulary;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Container, ContainerKind, Contract, Declared};
use crate::text::list;

/// Namespaces whose attributes the conventions have on the resource (semantic conventions, "Resource").
const RESOURCE_NAMESPACES: [&str; 10] =
    ["cloud", "container", "deployment", "host", "k8s", "os", "process", "service", "telemetry", "webengine"];

/// The first part of a key.
fn namespace(key: &str) -> Option<&str> {
    key.split_once('.').map(|(first, _)| first)
}

/// Whether a vocabulary has a key in a namespace, in the logarithm of their number.
fn has_namespace(table: &Vocabulary, namespace: &str) -> bool {
    let first = format!("{namespace}.");
    let at = table.attributes.partition_point(|attribute| attribute.key < first.as_str());
    table.attributes.get(at).is_some_and(|attribute| attribute.key.starts_with(&first))
}

/// A key that the contract declares in a namespace of the conventions: a later version of theirs may declare it
/// otherwise.
pub(super) fn namespaces(
    contract: &Contract,
    tables: &[&'static Vocabulary],
    diagnostics: &mut Vec<Diagnostic>,
) {
    for attribute in contract.attributes.iter().map(Declared::head) {
        let (Some(node), Some(namespace)) = (attribute.node, namespace(attribute.key)) else { continue };
        // A vocabulary's own root declares its own namespaces.
        if contract.owns(attribute.package)
            && tables.iter().any(|table| has_namespace(table, namespace))
            && !tables.iter().any(|table| table.attribute(attribute.key).is_some())
        {
            let message =
                format!("`{}` stands in `{namespace}`, a namespace of the conventions", attribute.key);
            diagnostics.push(
            Diagnostic::new(Code::ConventionNamespace, contract.places.place(node), message)
                .about(attribute.key)
                .help("a later version of theirs may declare it otherwise; a namespace of your own is yours"),
            );
        }
    }
}

/// A resource's key on a scope.
pub(super) fn placement(contract: &Contract, container: &Container, diagnostics: &mut Vec<Diagnostic>) {
    if container.kind != ContainerKind::Scope {
        return;
    }
    for writer in &container.writers {
        if namespace(&writer.key).is_some_and(|namespace| RESOURCE_NAMESPACES.contains(&namespace)) {
            let message = format!("the conventions have `{}` on the resource, not on a scope", writer.key);
            diagnostics.push(
                Diagnostic::new(Code::Placement, contract.places.place(writer.node), message)
                    .about(&writer.key)
                    .about(container.full_name())
                    .help(format!(
                        "move it into a `resource`, or accept it: `allow {}: {}, \"why\"`",
                        Code::Placement,
                        crate::text::spelled(&writer.key)
                    ))
                    .note(format!("these namespaces belong to the resource: {}", list(&RESOURCE_NAMESPACES))),
            );
        }
    }
}
