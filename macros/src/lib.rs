//! `#[derive(SloAttributes)]`; its docs stand where the crate `slo` re-exports it.

mod assertions;
mod contracts;
mod error;
mod event;
mod expand;

use proc_macro2::TokenStream;
use slo_compiler::derive::{Contracts, HeldEvent, Structure, StructureKind, hold, hold_event};
use slo_compiler::plan::{Arena, Planner};
use slo_grammar::{FileId, Place};
use syn::DeriveInput;

/// Holds a struct to a resource or a scope of a contract, and makes it one.
///
/// ```ignore
/// #[derive(SloAttributes)]
/// #[slo(resource = "fin.pay.PaymentService")]
/// struct UserService {
///     #[slo("service.name", required)]
///     name: String,
///     #[slo("service.version", env = "SERVICE_VERSION")]
///     version: String,
///     #[slo("service.tier,static=backend")]
///     tier: String,
/// }
/// ```
///
/// On the struct: `resource` or `scope`, with the full name of what it is held to, or without a contract;
/// `event` with the full name of an event; `transparent` for a newtype that is a value itself; `crate = path` where the
/// crate `slo` has another name. On a field: its key with the options of the language, of which what the contract says
/// need not be repeated; `flatten` for a struct that derives `SloAttributes` itself; `skip`, or nothing, for what is
/// no telemetry.
///
/// # Events
///
/// With `event` the struct implements `slo::Event`, and `slo::Running` where the event may run. A tag is the name of a
/// field of the event. What is `T?` or has `unset=` in the contract may have no field, or an `Option`; constants and the
/// elapsed time have none.
///
/// ```ignore
/// #[derive(SloAttributes)]
/// #[slo(event = "fin.pay.PaymentAttempt")]
/// struct Attempt {
///     #[slo("outcome")]
///     outcome: PaymentOutcome,
///     #[slo("method")]
///     method: String,
///     #[slo("amount")]
///     amount: u32,
///     #[slo("route")]
///     route: slo::Text,
/// }
/// ```
///
/// What runs says everything when it begins: `Later` is `()`. For what becomes known later there is the generated type.
#[proc_macro_derive(SloAttributes, attributes(slo))]
pub fn derive_slo_attributes(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let input = syn::parse_macro_input!(input as DeriveInput);
    derive(&input).into()
}

fn derive(input: &DeriveInput) -> TokenStream {
    // The contract's own files have the first numbers; the tags' text comes behind them, whatever there are.
    let tags_file = FileId(u32::MAX);
    let structure = match Structure::read(input, tags_file) {
        Ok(structure) => structure,
        Err(error) => return error.to_compile_error(),
    };
    if structure.kind == StructureKind::Transparent {
        let mut errors = error::Errors::new(&structure, None);
        errors.findings(structure.diagnostics.iter());
        let (errors, code) = (errors.into_tokens(), expand::transparent(&structure));
        return quote::quote!(#errors #code);
    }
    let (contracts, missing) = match (&structure.held_to, contracts::find()) {
        (Some((_, place)), Err(why)) => (None, Some((*place, why))),
        // What is held to no contract goes where the contract beside it goes, if there is one.
        (_, found) => (found.ok(), None),
    };
    if structure.kind == StructureKind::Event {
        let watched: TokenStream =
            contracts.iter().flat_map(|contracts| contracts::watch(contracts)).collect();
        let (errors, code) = event(&structure, contracts.as_deref(), missing);
        return quote::quote!(#errors #watched #code);
    }
    let mut held = hold(&structure, contracts.as_deref().map(|contracts| &*contracts.contract));
    if missing.is_some() {
        held.diagnostics.clear();
    }
    let holds = contracts.as_deref().filter(|_| structure.held_to.is_some());
    let mut errors = error::Errors::new(&structure, holds);
    if let Some((place, why)) = &missing {
        errors.no_contract(*place, why);
    }
    errors.findings(structure.diagnostics.iter().chain(&held.diagnostics));
    let code = expand::container(&structure, &held, &errors);
    let watched = contracts.iter().flat_map(|contracts| contracts::watch(contracts));
    let errors = errors.into_tokens();
    quote::quote!(#errors #(#watched)* #code)
}

/// The errors of an event's struct, and its code.
fn event(
    structure: &Structure,
    contracts: Option<&Contracts>,
    missing: Option<(Place, String)>,
) -> (TokenStream, TokenStream) {
    let mut errors = error::Errors::new(structure, contracts);
    let not_for_rust = contracts.and_then(|contracts| contracts.not_for_rust.clone());
    let no_code = not_for_rust
        .zip(structure.held_to.as_ref())
        .map(|(findings, (_, place))| (*place, format!("no Rust can be made of the contract\n{findings}")));
    let nothing = missing.or(no_code);
    if let Some((place, why)) = &nothing {
        errors.no_contract(*place, why);
    }
    let contract = contracts.filter(|_| nothing.is_none()).map(|contracts| &*contracts.contract);
    let Some(contract) = contract else {
        errors.findings(structure.diagnostics.iter());
        let held = HeldEvent { event: None, fields: Vec::new(), diagnostics: Vec::new() };
        return (errors.into_tokens(), event::stub(structure, &held));
    };
    let arena = Arena::default();
    let held = hold_event(structure, &Planner::new(&arena, contract));
    errors.findings(structure.diagnostics.iter().chain(&held.diagnostics));
    let code = match (&held.event, held.is_sound() && structure.diagnostics.is_empty()) {
        (Some((declared, event)), true) => event::event(structure, &held, (declared, event), &errors),
        _ => event::stub(structure, &held),
    };
    (errors.into_tokens(), code)
}
