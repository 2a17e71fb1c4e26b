//! All that a program sends its telemetry by: set up from code and variables, flushed, shut down.

pub(crate) mod builder;
pub(crate) mod error;
pub(crate) mod exporters;
pub(crate) mod flow;
pub(crate) mod handle;
mod start;
pub(crate) mod variables;
