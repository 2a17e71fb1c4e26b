//! The variables of the environment.

use slo_model::{Unfit, ValueType};

/// Gives a variable's text by its name.
type Lookup<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// Where variables are looked up.
pub(crate) enum Environment<'a> {
    /// In the process's own environment.
    Process,
    /// Where the caller says.
    Given(Box<Lookup<'a>>),
}

impl Environment<'_> {
    /// The variable's text; `None` also where it is empty, which OpenTelemetry takes for unset (specification,
    /// "Environment Variable Specification", section "Parsing empty value").
    pub(crate) fn read(&self, name: &str) -> Result<Option<String>, Unfit> {
        let text = match self {
            Environment::Given(lookup) => lookup(name),
            Environment::Process => std::env::var_os(name)
                .map(std::ffi::OsString::into_string)
                .transpose()
                .map_err(|_| Unfit::Type {
                expected: ValueType::String,
                found: "bytes that are no Unicode text".to_owned(),
            })?,
        };
        Ok(text.filter(|text| !text.is_empty()))
    }
}
