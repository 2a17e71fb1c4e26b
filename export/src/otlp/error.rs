//! What is wrong with the settings of OTLP.

use std::fmt;

/// A setting of OTLP that can't be used. It never shows a header's value, nor the user or the query of a URL: they are
/// secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OtlpError {
    /// What said it: a variable, or a function of `Otlp`.
    setting: &'static str,
    /// What is wrong, with the setting as its subject.
    why: String,
}

impl OtlpError {
    pub(super) fn new(setting: &'static str, why: impl Into<String>) -> OtlpError {
        OtlpError { setting, why: why.into() }
    }
}

impl From<OtlpError> for crate::PipelineProblem {
    fn from(error: OtlpError) -> crate::PipelineProblem {
        crate::PipelineProblem::Otlp { setting: error.setting, why: error.why }
    }
}

impl fmt::Display for OtlpError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` {}", self.setting, self.why)
    }
}
