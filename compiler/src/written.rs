//! Structs with the derive, as programs have them.

/// A struct of a crate that a contract's `slo.toml` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its name.
    pub name: String,
    /// The file, as a person at this machine knows it.
    pub file: String,
    /// The line of its name.
    pub line: usize,
    /// What it stands for: `resource`, `scope` or `event`.
    pub kind: &'static str,
    /// The full name of what it is held to.
    pub held_to: Option<String>,
    /// The keys of its fields, each with its line; of an event's struct, the names of the event's fields.
    pub keys: Vec<(String, usize)>,
}
