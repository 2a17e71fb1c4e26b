//! Cuts a file's text into leaves, each byte into exactly one.

use crate::{Leaf, LeafKind};

/// Collects the leaves of a text from its beginning to its end.
pub(crate) struct Leaves<'t> {
    text: &'t str,
    at: usize,
    leaves: Vec<Leaf>,
}

impl<'t> Leaves<'t> {
    pub(crate) fn new(text: &'t str) -> Leaves<'t> {
        Leaves { text, at: 0, leaves: Vec::new() }
    }

    /// Adds the token from `start` to `end`; what stands before it is blank or comment.
    pub(crate) fn token(&mut self, kind: LeafKind, start: usize, end: usize) {
        self.gap(start);
        self.push(kind, end);
    }

    /// The leaves of the whole text; what stands behind the last token is blank or comment.
    pub(crate) fn finish(mut self) -> Vec<Leaf> {
        self.gap(self.text.len());
        self.leaves
    }

    fn gap(&mut self, end: usize) {
        while self.at < end {
            let rest = &self.text[self.at..end];
            if rest.starts_with("//") {
                let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
                self.push(LeafKind::Comment, self.at + length);
            } else {
                let length = rest.find("//").unwrap_or(rest.len());
                self.push(LeafKind::Blank, self.at + length);
            }
        }
    }

    fn push(&mut self, kind: LeafKind, end: usize) {
        if end > self.at {
            self.leaves.push(Leaf { kind, start: self.at as u32, end: end as u32 });
            self.at = end;
        }
    }
}
