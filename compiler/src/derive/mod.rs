//! Structs with `#[derive(SloAttributes)]`, read from Rust and held to a contract by the compiler's own checks.
//!
//! [`Structure::read`] reads a struct with syn; the text of its tags goes to the one grammar of options, and
//! [`Tags`] remembers which token each byte came from. [`hold`] makes a container of it: the contract's, where the struct is
//! held to one; else one of its own, which the standard vocabulary and the checks of every container judge. [`hold_event`] lays out the contract's event.

pub(crate) mod bundle;
mod contracts;
#[cfg(feature = "rust")]
pub mod crates;
mod event;
mod hold;
mod rust_type;
mod structure;
mod tags;

pub use contracts::{BUNDLE_FILE, ContractRoot, Contracts, ContractsError};
pub use event::{GivenField, HeldEvent, hold_event, option_of};
pub use hold::{Fit, Held, HeldField, hold};
pub use rust_type::RustType;
pub use structure::{Field, Structure, StructureKind};
pub use tags::Tags;
