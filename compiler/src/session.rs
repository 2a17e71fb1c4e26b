//! What is kept between runs.

use std::sync::Arc;

use slo_grammar::{FileId, Place, SyntaxTree, parse_all};

use crate::hash::{HashMap, HashSet};
use crate::ir::Attribute;

/// A compiler that keeps what it made by the content of files: after an edit only the files that changed are read again, and
/// only their attributes are made again, with those that are made of others. What it gives is what
/// [`compile`](crate::compile) gives.
#[derive(Debug, Default)]
pub struct Session {
    /// The trees of the run before.
    trees: HashMap<FileId, Arc<SyntaxTree>>,
    /// The attributes of the run before that their declarations alone say, without a finding, by the places of their keys.
    pub(crate) attributes: Kept,
}

/// Attributes that their declarations alone say, by the places of their keys.
pub(crate) type Kept = HashMap<Place, Arc<Attribute>>;

impl Session {
    /// The trees of these files, in their order. A file whose number and text are those of the run before keeps its tree and
    /// its attributes.
    pub(crate) fn trees(&mut self, files: &[(FileId, Arc<str>)]) -> Vec<Arc<SyntaxTree>> {
        let is_kept = |(file, text): &&(FileId, Arc<str>)| {
            self.trees.get(file).is_some_and(|tree| Arc::ptr_eq(&tree.text, text) || tree.text == *text)
        };
        let changed: Vec<_> = files.iter().filter(|file| !is_kept(file)).cloned().collect();
        let mut read: HashMap<FileId, Arc<SyntaxTree>> =
            parse_all(&changed).into_iter().map(|tree| (tree.file, Arc::new(tree))).collect();
        let changed: HashSet<FileId> = read.keys().copied().collect();
        let trees: Vec<Arc<SyntaxTree>> = files
            .iter()
            .filter_map(|(file, _)| read.remove(file).or_else(|| self.trees.get(file).cloned()))
            .collect();
        self.trees = trees.iter().map(|tree| (tree.file, Arc::clone(tree))).collect();
        self.attributes.retain(|place, _| !changed.contains(&place.file));
        trees
    }
}
