//! What code in Rust can't be made of, or OpenTelemetry's SDK for Rust doesn't take. The contract is sound without it; who makes
//! Rust of it asks.

mod names;
mod running;
mod sign;
mod size;

use crate::diagnostic::Diagnostic;
use crate::plan::Plan;

/// What Rust can't say of a contract.
#[must_use]
pub fn refuse(plan: &Plan<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    names::check(plan, &mut diagnostics);
    sign::check(plan, &mut diagnostics);
    running::check(plan, &mut diagnostics);
    size::check(plan, &mut diagnostics);
    diagnostics
}
