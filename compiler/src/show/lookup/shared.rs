//! The built-in vocabularies of meanings, whether the contract names them or not.

use std::sync::Arc;

use slo_stdlib_mappings::{MEANINGS, Meanings};

use crate::ir::Contract;
use crate::roots::built_in::root_of_meanings;
use crate::{Input, compile_sound};

/// Each of them as a contract by itself: what stands on one has of its meanings only those that it takes in. A test holds them to
/// all checks.
pub(super) fn contracts() -> Vec<Arc<Contract>> {
    let contract =
        |meanings| compile_sound(&Input { roots: vec![root_of_meanings(meanings)], data: None }).contract;
    MEANINGS.iter().filter_map(contract).collect()
}

/// The vocabulary that a package is of.
pub(super) fn of_package(package: &str) -> Option<&'static Meanings> {
    MEANINGS.iter().find(|meanings| {
        package.strip_prefix(meanings.name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}
