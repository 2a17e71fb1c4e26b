//! House rules: what a policy asks for, and the findings that it accepts.

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::ir::{ContainerKind, Contract};
use crate::lower::policy::Policies;

pub(super) fn check(contract: &Contract, policies: &Policies, diagnostics: &mut Vec<Diagnostic>) {
    let resources =
        || contract.containers.iter().filter(|container| container.kind == ContainerKind::Resource);
    for rule in &policies.required_keys {
        for key in &rule.list {
            for resource in resources() {
                if !resource.writers.iter().any(|writer| writer.key == key.value) {
                    let message = format!("the resource `{}` lacks `{}`", resource.name, key.value);
                    diagnostics.push(
                        Diagnostic::new(Code::MissingKey, contract.places.place(resource.node), message)
                            .severity(rule.severity)
                            .about(&key.value)
                            .about(resource.full_name())
                            .and(key.place, "required here")
                            .help(format!("add it: `{}: required`", crate::resolve::spelled(&key.value))),
                    );
                }
            }
        }
    }
    for rule in &policies.denied_prefixes {
        for prefix in &rule.list {
            let has = |key: &str| {
                key.strip_prefix(prefix.value.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            let own = |package: &str| contract.packages.iter().any(|own| own.name == package);
            for attribute in &contract.attributes {
                if let Some(node) = attribute.node
                    && own(&attribute.package)
                    && has(&attribute.key)
                {
                    let message = format!("`{}` has the prefix `{}`", attribute.key, prefix.value);
                    diagnostics.push(
                        Diagnostic::new(Code::DeniedPrefix, contract.places.place(node), message)
                            .severity(rule.severity)
                            .about(&attribute.key)
                            .and(prefix.place, "denied here")
                            .help("choose another key"),
                    );
                }
            }
        }
    }
}

/// Takes out the findings that a policy accepts, and reports an `allow` that finds nothing.
pub(super) fn allow(policies: &Policies, diagnostics: &mut Vec<Diagnostic>) {
    for allow in &policies.allows {
        let is_meant =
            |diagnostic: &Diagnostic| diagnostic.code == allow.code && diagnostic.names.contains(&allow.name);
        let before = diagnostics.len();
        diagnostics.retain(|diagnostic| !(is_meant(diagnostic) && diagnostic.severity != Severity::Error));
        if diagnostics.iter().any(is_meant) {
            let message =
                format!("the policy makes `{}` an error, and an error is never allowed", allow.code);
            diagnostics.push(
                Diagnostic::new(Code::AllowedError, allow.place, message)
                    .about(&allow.name)
                    .help("mend what it reports, or give the rule another severity"),
            );
            continue;
        }
        // With an error, checks may have passed over what the `allow` is about.
        let sound = !diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        if diagnostics.len() == before && sound {
            diagnostics.push(
                Diagnostic::new(
                    Code::AllowFindsNothing,
                    allow.place,
                    format!("nothing is found by `{}` about `{}`", allow.code, allow.name),
                )
                .about(&allow.name)
                .help("take the `allow` out"),
            );
        }
    }
}
