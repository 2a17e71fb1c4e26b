//! Places.

use serde::Serialize;

use crate::ir::{Node, Places};

/// A line of a file of the contract or of a vocabulary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file's path below its root.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

impl Place {
    /// Where a node stands.
    pub(in crate::show) fn of(places: &Places, node: Node) -> Option<Place> {
        let place = places.nodes.get(node.0 as usize)?;
        Some(Place { file: places.files.get(place.file as usize)?.clone(), line: place.line })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.file, self.line)
    }
}
