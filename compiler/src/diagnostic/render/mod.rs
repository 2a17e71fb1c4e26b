//! Renderings of diagnostics, at the compiler's edge.

mod codespan;
#[cfg(feature = "reports")]
mod github;
#[cfg(feature = "reports")]
mod gitlab;
#[cfg(feature = "human")]
mod human;
#[cfg(feature = "json")]
mod json;
#[cfg(feature = "reports")]
mod junit;
#[cfg(feature = "reports")]
mod markdown;
#[cfg(feature = "reports")]
mod report;
#[cfg(feature = "reports")]
mod sarif;

pub use codespan::{rustc, short};
#[cfg(feature = "reports")]
pub use github::github;
#[cfg(feature = "reports")]
pub use gitlab::gitlab;
#[cfg(feature = "human")]
pub use human::human;
#[cfg(feature = "json")]
pub use json::json;
#[cfg(feature = "schema")]
pub use json::json_schema;
#[cfg(feature = "reports")]
pub use junit::junit;
#[cfg(feature = "reports")]
pub use markdown::markdown;
#[cfg(feature = "reports")]
pub use report::{Report, Repository, Run};
#[cfg(feature = "reports")]
pub use sarif::sarif;
