//! What vocabularies ask of whoever takes them in: their rules hold there too, and what they say of servers and stores. It
//! decides what `slo check` says, and never what is generated.

mod rules;
mod settings;

pub(crate) use rules::rules;
pub(crate) use settings::{Settings, settings};
