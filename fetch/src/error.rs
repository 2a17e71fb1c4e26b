//! Why something can't be fetched.

use std::fmt;

/// Why something can't be fetched, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchError {
    /// What is wrong, in one line.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl FetchError {
    pub(crate) fn new(message: impl Into<String>, help: impl Into<String>) -> FetchError {
        FetchError { message: message.into(), help: help.into() }
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}; {}", self.message, self.help)
    }
}

impl std::error::Error for FetchError {}
