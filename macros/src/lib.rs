//! `#[derive(SloAttributes)]`; its docs stand where the crate `slo` re-exports it.

mod assertions;
mod contracts;
mod error;
mod expand;

use proc_macro2::TokenStream;
use slo_compiler::derive::{Structure, StructureKind, hold};
use slo_grammar::FileId;
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
/// `transparent` for a newtype that is a value itself; `crate = path` where the crate `slo` has another name. On a
/// field: its key with the options of the language, of which what the contract says need not be repeated;
/// `flatten` for a struct that derives `SloAttributes` itself; `skip`, or nothing, for what is no telemetry.
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
    let (contracts, missing) = match &structure.held_to {
        Some((_, place)) => match contracts::find() {
            Ok(contracts) => (Some(contracts), None),
            Err(why) => (None, Some((*place, why))),
        },
        None => (None, None),
    };
    if structure.kind == StructureKind::Transparent {
        let mut errors = error::Errors::new(&structure, None);
        errors.findings(structure.diagnostics.iter());
        let (errors, code) = (errors.into_tokens(), expand::transparent(&structure));
        return quote::quote!(#errors #code);
    }
    let contract = contracts.as_deref().map(|contracts| &contracts.contract);
    let mut held = hold(&structure, contract);
    if missing.is_some() {
        held.diagnostics.clear();
    }
    let mut errors = error::Errors::new(&structure, contracts.as_deref());
    if let Some((place, why)) = &missing {
        errors.no_contract(*place, why);
    }
    errors.findings(structure.diagnostics.iter().chain(&held.diagnostics));
    let code = expand::container(&structure, &held, &mut errors);
    let watched = contracts.iter().flat_map(|contracts| contracts::watch(contracts));
    let errors = errors.into_tokens();
    quote::quote!(#errors #(#watched)* #code)
}
