//! Where a value came from.

use std::fmt;

/// The origin of an attribute's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Origin {
    /// It is a constant of the contract.
    Static,
    /// The program gave it.
    Program,
    /// It stood in this variable of the environment.
    Variable(&'static str),
    /// A resource detector found it.
    Detector,
    /// It is the contract's default.
    Default,
}

/// Continues "it came from".
impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Static => formatter.write_str("the contract"),
            Origin::Program => formatter.write_str("the program"),
            Origin::Variable(name) => write!(formatter, "`{name}`"),
            Origin::Detector => formatter.write_str("a detector"),
            Origin::Default => formatter.write_str("the default"),
        }
    }
}
