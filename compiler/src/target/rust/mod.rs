//! Rust: a module per package, with a builder for each resource and scope, and types for enums, meanings, views, events and
//! observed metrics. The derive writes the same tables.

#[cfg(feature = "rust")]
mod container;
#[cfg(feature = "rust")]
mod docs;
#[cfg(feature = "rust")]
mod enumeration;
#[cfg(feature = "rust")]
mod event;
mod layout;
#[cfg(feature = "rust")]
mod meaning;
#[cfg(feature = "rust")]
mod modules;
pub mod names;
#[cfg(feature = "rust")]
mod object;
#[cfg(feature = "rust")]
mod observed;
#[cfg(feature = "rust")]
mod print;
mod refuse;
pub mod text;
#[cfg(feature = "rust")]
mod types;

pub use refuse::refuse;

#[cfg(all(feature = "json", feature = "rust"))]
pub use print::print;
#[cfg(feature = "rust")]
pub use print::{FORMAT, is_same, mark, print_for_include};
