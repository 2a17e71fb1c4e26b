//! Holds telemetry in any language to a contract.

mod carried;
mod coverage;
mod draft;
mod foreign;
pub mod input;
mod join;
mod judge;
mod kept;
mod report;
mod required;
mod run;
mod saved;
mod tables;
mod tally;
mod value;

pub use coverage::{EventSeen, RecordSeen, VariantSeen};
pub use draft::{Draft, Drafted};
pub use foreign::Share;
pub use join::Joined;
pub use judge::habits;
pub use judge::verifier::{Settings, Verifier};
pub use judge::whose::is_named;
pub use report::Report;
pub use required::{Covered, Part};
pub use run::{Run, Takes, Unread};
pub use saved::SavedError;
pub use tally::{Cause, Words};
