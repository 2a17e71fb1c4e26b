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

use crate::diagnostic::{Diagnostic, Severity};
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
    policy::check(contract, policies, diagnostics);
    policy::allow(policies, diagnostics);
    let sound = !diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    sound.then(|| CheckedContract(contract.clone()))
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
