//! What can't be carried over.

use std::fmt;
use std::path::Path;

use crate::place::Place;

/// Something that a registry says and that is not carried over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Left {
    /// Where it stands.
    pub place: Place,
    /// What of whom.
    pub what: String,
    /// Why it is not carried over: one text for each reason, by which they are counted.
    pub why: &'static str,
}

impl Left {
    /// The same, its file named by the way to it through the registry's folder.
    #[must_use]
    pub fn below(&self, folder: &Path) -> Left {
        Left { place: self.place.below(folder), ..self.clone() }
    }
}

impl fmt::Display for Left {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}: {}", self.place, self.what, self.why)
    }
}
