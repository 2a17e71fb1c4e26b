//! Where the things of a contract stand, apart from what they are.

#[cfg(feature = "json")]
use serde::{Deserialize, Serialize};
use slo_grammar::{FileId, Place};

use crate::source::{Additions, BUILT_IN, SourceFile};

/// The number of a thing that has a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Node(pub u32);

/// The places of a contract's nodes.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Places {
    /// The files, by their paths below their roots.
    pub files: Vec<String>,
    /// The places, by the nodes' numbers.
    pub nodes: Vec<NodePlace>,
}

/// A place in a file of [`Places::files`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NodePlace {
    /// The file's number.
    pub file: u32,
    /// The first byte.
    pub start: u32,
    /// The byte behind the last one.
    pub end: u32,
    /// The line at which it begins, from 1; 0 while the contract is being made.
    pub line: u32,
}

impl Places {
    /// Gives a place a number.
    pub(crate) fn add(&mut self, place: Place) -> Node {
        let node = Node(self.nodes.len() as u32);
        self.nodes.push(NodePlace { file: place.file.0, start: place.start, end: place.end, line: 0 });
        node
    }

    /// The place of a node, in the source map that the contract was made with.
    #[must_use]
    pub fn place(&self, node: Node) -> Place {
        match self.nodes.get(node.0 as usize) {
            Some(place) => Place::new(FileId(place.file), place.start, place.end),
            None => Place::new(FileId(u32::MAX), 0, 0),
        }
    }

    /// A node's file and line as people write them: `pay.slo:25`.
    #[must_use]
    pub fn shown(&self, node: Node) -> String {
        let place = self.nodes.get(node.0 as usize);
        match place.and_then(|place| Some((self.files.get(place.file as usize)?, place.line))) {
            Some((file, line)) => format!("{file}:{line}"),
            None => String::new(),
        }
    }

    /// Notes the files' paths and the lines, when all nodes are there. Files of roots that the contract doesn't stand on have no
    /// path here.
    pub(crate) fn finish(&mut self, sources: &Additions<'_>, stands_on: impl Fn(usize) -> bool) {
        let path = |file: &SourceFile| match file.root == BUILT_IN || stands_on(file.root) {
            true => file.path.clone(),
            false => String::new(),
        };
        self.files = sources.files().map(path).collect();
        // Most nodes stand a few lines behind the one before them.
        const NEAR: usize = 8;
        let mut line = 0;
        for node in &mut self.nodes {
            let starts = sources.line_starts(FileId(node.file));
            let is_before = |start: &&usize| **start <= node.start as usize;
            let near = starts.get(line..).unwrap_or_default().iter().take(NEAR).take_while(is_before).count();
            line = match near {
                0 | NEAR => starts.partition_point(|start| is_before(&start)),
                near => line + near,
            };
            node.line = line as u32;
            line = line.saturating_sub(1);
        }
    }

    /// Gives the files from `first` on the numbers that they have now that others joined the run before them.
    pub(crate) fn renumber(&mut self, first: usize, numbers: &[FileId]) {
        let new = |file: u32| (file as usize).checked_sub(first).and_then(|index| numbers.get(index));
        for node in &mut self.nodes {
            node.file = new(node.file).map_or(node.file, |file| file.0);
        }
        let added = self.files.split_off(first.min(self.files.len()));
        for (path, number) in added.into_iter().zip(numbers) {
            let number = number.0 as usize;
            if number >= self.files.len() {
                self.files.resize(number + 1, String::new());
            }
            if let Some(file) = self.files.get_mut(number) {
                *file = path;
            }
        }
    }
}
