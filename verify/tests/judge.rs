//! Contracts and occurrences that are made up, as those by which the interpreter judges generated code.

#[path = "../../tests/judge/generate.rs"]
#[allow(dead_code, reason = "others use the rest")]
pub(crate) mod generate;
#[path = "../../tests/judge/occurrences.rs"]
pub(crate) mod occurrences;
