//! What code in Rust can be made of, and OpenTelemetry's SDK for Rust takes. The contract is sound without it; who makes Rust
//! of it asks.

mod names;
mod running;
mod sign;
mod size;

use crate::diagnostic::Diagnostic;
use crate::ir::Contract;
use crate::plan::Attributes;
use crate::plan::Layout;

/// Checks what a contract's Rust is made of. What is unknown was reported, and is passed over.
pub(crate) fn refuse(contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    let attributes = Attributes::of(contract);
    let layouts: Vec<Layout<'_>> =
        contract.events.iter().map(|event| Layout::of(contract, &attributes, event)).collect();
    names::check(contract, diagnostics);
    sign::check(contract, &layouts, diagnostics);
    running::check(contract, &layouts, diagnostics);
    size::check(contract, &attributes, &layouts, diagnostics);
}
