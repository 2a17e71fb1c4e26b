//! The contract of the crate that is being compiled, read once and kept for its other structs.
#![allow(
    clippy::disallowed_methods,
    reason = "Cargo says in the environment where the crate and its contract are"
)]

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;

use proc_macro2::TokenStream;
use quote::quote;
use slo_compiler::derive::{ContractRoot, Contracts, ContractsError};

/// What tells one state of a contract from another.
type State = (PathBuf, String);

thread_local! {
    /// The last contract, with its state: editors keep macro servers alive for long, so that it is asked for each
    /// struct whether the contract is still the same.
    static LAST: RefCell<Option<(State, Rc<Contracts>)>> = const { RefCell::new(None) };
}

/// Finds the contract: what the build script left, or else the contract root above the crate.
pub(crate) fn find() -> Result<Rc<Contracts>, String> {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let of_build_script =
        variable("OUT_DIR").and_then(|out_dir| Some((ContractRoot::of_build_script(&out_dir)?, out_dir)));
    if let Some((root, out_dir)) = of_build_script {
        return cached(out_dir, root).map_err(|error| error.to_string());
    }
    let Some(manifest_dir) = variable("CARGO_MANIFEST_DIR") else {
        return Err("`CARGO_MANIFEST_DIR` is not set, so that no contract can be found".to_owned());
    };
    // Without a build script the root is read again for each struct: whether it changed can't be told otherwise.
    let found = ContractRoot::of_crate(&manifest_dir).and_then(|root| cached(manifest_dir, root));
    found.map_err(|error| match error {
        ContractsError::NotSound(..) => error.to_string(),
        other => format!("{other}; or call `slo_compiler::build_script::contracts(\"slo\")` in `build.rs`"),
    })
}

/// Makes the compiler watch the contract's files, where no build script does: it rebuilds when a file that it has read
/// changes.
pub(crate) fn watch(contracts: &Contracts) -> impl Iterator<Item = TokenStream> {
    contracts.watched.iter().filter_map(|path| {
        let path = path.to_str()?;
        Some(quote!(
            const _: &[::core::primitive::u8] = ::core::include_bytes!(#path);
        ))
    })
}

fn cached(of: PathBuf, root: ContractRoot) -> Result<Rc<Contracts>, ContractsError> {
    LAST.with_borrow_mut(|last| {
        let state = (of, root.state().to_owned());
        if let Some((known, contracts)) = last
            && *known == state
        {
            return Ok(Rc::clone(contracts));
        }
        let contracts = Rc::new(Contracts::from_root(root)?);
        *last = Some((state, Rc::clone(&contracts)));
        Ok(contracts)
    })
}
