//! All that is wrong with a program's resource or scope.

use std::fmt;

use crate::resource::{Notice, Violation};

/// The error that attributes of a resource or an instrumentation scope break their contract, with all violations. All
/// violations of one attempt stand here, in the order of the contract's keys.
#[derive(Clone, PartialEq)]
pub struct ContractError {
    contract: &'static str,
    violations: Vec<Violation>,
    notices: Vec<Notice>,
}

impl ContractError {
    pub(crate) fn new(
        contract: &'static str,
        violations: Vec<Violation>,
        notices: Vec<Notice>,
    ) -> ContractError {
        ContractError { contract, violations, notices }
    }

    /// The resource's or the scope's name in the contract.
    #[must_use]
    pub fn contract(&self) -> &'static str {
        self.contract
    }

    /// What is wrong; at least one.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// What else was noticed.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }
}

/// As [`Display`](fmt::Display) shows it: what a `main` that ends with this error prints is read by people.
impl fmt::Debug for ContractError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl fmt::Display for ContractError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.violations.len() {
            1 => write!(formatter, "1 value does not fit `{}`", self.contract)?,
            count => write!(formatter, "{count} values do not fit `{}`", self.contract)?,
        }
        for violation in &self.violations {
            write!(formatter, "\n  {violation}")?;
        }
        // A value may be missing because it stood there.
        for notice in self.notices.iter().filter(|notice| matches!(notice, Notice::Discarded { .. })) {
            write!(formatter, "\n  {notice}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ContractError {}
