//! What is kept between runs.

use std::sync::Arc;

use slo_grammar::{FileId, SyntaxTree, parse_all};

use crate::hash::HashMap;
use crate::{Compilation, Input};

/// A compiler that keeps what it read by its content: after an edit only the files that changed are read again. What it
/// gives is what [`compile`](crate::compile) gives.
#[derive(Debug, Default)]
pub struct Session {
    /// The trees of the run before.
    trees: HashMap<FileId, Arc<SyntaxTree>>,
}

impl Session {
    /// Compiles a contract root, as [`compile`](crate::compile) does.
    #[must_use]
    pub fn compile(&mut self, input: &Input<'_>) -> Compilation {
        crate::run(input, Some(self))
    }

    /// The trees of these files, in their order. A file whose number and text are those of the run before keeps its tree.
    pub(crate) fn trees(&mut self, files: &[(FileId, Arc<str>)]) -> Vec<Arc<SyntaxTree>> {
        let is_kept = |(file, text): &&(FileId, Arc<str>)| {
            self.trees.get(file).is_some_and(|tree| Arc::ptr_eq(&tree.text, text) || tree.text == *text)
        };
        let changed: Vec<_> = files.iter().filter(|file| !is_kept(file)).cloned().collect();
        let mut read: HashMap<FileId, Arc<SyntaxTree>> =
            parse_all(&changed).into_iter().map(|tree| (tree.file, Arc::new(tree))).collect();
        let trees: Vec<Arc<SyntaxTree>> = files
            .iter()
            .filter_map(|(file, _)| read.remove(file).or_else(|| self.trees.get(file).cloned()))
            .collect();
        self.trees = trees.iter().map(|tree| (tree.file, Arc::clone(tree))).collect();
        trees
    }
}
