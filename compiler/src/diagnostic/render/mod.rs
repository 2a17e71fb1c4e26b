//! Renderings of diagnostics, at the compiler's edge.

mod codespan;
#[cfg(feature = "human")]
mod human;
#[cfg(feature = "json")]
mod json;

pub use codespan::{rustc, short};
#[cfg(feature = "human")]
pub use human::human;
#[cfg(feature = "json")]
pub use json::json;
