//! What a contract says as the constant tables that the runtime reads. The Rust back end and the derive share them.

mod code;
mod container;
mod contract;
mod event;
mod meaning;
mod packed;
mod signal;
mod tables;
mod tree;

pub use code::{Paths, targets, tokens, value_type};
pub use container::{Table, of_contract};
pub use packed::{LISTS, Packed};
pub use tables::Tables;

#[cfg(feature = "rust")]
pub(in crate::target) use code::int;
