//! The checks, a file each, written against containers and writers. Files and the derive share this one list.
//!
//! What an earlier stage marked as unknown (a writer without a domain or a source) is passed over in silence: it
//! was reported once.

mod collision;
mod convention;
mod deprecated;
mod policy;
mod type_conflict;
mod value;

use slo_stdlib_mappings::Vocabulary;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::ir::{Contract, Writer};
use crate::lower::policy::Policies;

/// A contract without an error: what back ends take.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedContract(Contract);

impl CheckedContract {
    /// The contract.
    #[must_use]
    pub fn contract(&self) -> &Contract {
        &self.0
    }
}

/// Checks a whole contract. There is a [`CheckedContract`] only where neither an earlier stage nor a check found an
/// error.
pub(crate) fn check(
    contract: &Contract,
    policies: &Policies,
    tables: &[&'static Vocabulary],
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<CheckedContract> {
    type_conflict::check(contract, diagnostics);
    convention::namespaces(contract, tables, diagnostics);
    for container in &contract.containers {
        check_container(contract, container, diagnostics);
    }
    unused_metrics(contract, diagnostics);
    policy::check(contract, policies, diagnostics);
    policy::allow(policies, diagnostics);
    let sound = !diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    sound.then(|| CheckedContract(contract.clone()))
}

/// A program's contract with metrics: they are read, and nothing is made of them yet. A vocabulary has no resources and
/// no scopes; its metrics are an offer to others.
fn unused_metrics(contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    let Some(first) = contract.metrics.first().filter(|_| !contract.containers.is_empty()) else { return };
    let message = format!("this release generates nothing from the metric `{}`", first.name);
    let others = match contract.metrics.len() - 1 {
        0 => "its kind, unit and labels are read and recorded".to_owned(),
        1 => "nor from the other one; their kinds, units and labels are read and recorded".to_owned(),
        more => format!("nor from the {more} others; their kinds, units and labels are read and recorded"),
    };
    diagnostics.push(
        Diagnostic::new(Code::NotInThisRelease, contract.places.place(first.node), message)
            .severity(Severity::Warning)
            .about(&first.name)
            .note(others)
            .help(
                "move metrics into a vocabulary of their own until a release that generates code from them",
            ),
    );
}

/// The checks of one container: those of a contract's and those of a struct's.
pub(crate) fn check_container(
    contract: &Contract,
    container: &crate::ir::Container,
    diagnostics: &mut Vec<Diagnostic>,
) {
    collision::check(contract, container, diagnostics);
    value::check(contract, container, diagnostics);
    deprecated::check(contract, container, diagnostics);
    convention::placement(contract, container, diagnostics);
}

/// The writers of a container by their keys, the first of each: a key that stands twice is reported by itself.
fn by_key(writers: &[Writer]) -> std::collections::HashMap<&str, &Writer> {
    let mut map = std::collections::HashMap::new();
    for writer in writers {
        map.entry(writer.key.as_str()).or_insert(writer);
    }
    map
}
