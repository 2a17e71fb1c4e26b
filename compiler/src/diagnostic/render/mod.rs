//! Renderings of diagnostics, at the compiler's edge.

mod codespan;
#[cfg(feature = "human")]
mod human;
mod json;

pub use codespan::{rustc, short};
#[cfg(feature = "human")]
pub use human::human;
pub use json::json;
