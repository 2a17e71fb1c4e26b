//! Contract files in the one style of the language.

use std::sync::Arc;

use crate::diagnostic::{self, Diagnostic};
use crate::input::InputFile;
use crate::roots::problem_diagnostic;
use crate::source::{SourceFile, SourceMap};
use crate::syntax::syntax_diagnostic;

/// What formatting gives.
#[derive(Debug)]
pub struct Formatting {
    /// The texts that the diagnostics point into: the files, in their order.
    pub sources: SourceMap,
    /// Why files have no text in the style, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// The text of each file in the style; none of one that can't be read.
    pub texts: Vec<Option<String>>,
}

/// Puts each file into the style by itself.
#[must_use]
pub fn format(files: Vec<InputFile>) -> Formatting {
    let mut sources = SourceMap::default();
    let mut diagnostics = Vec::new();
    let mut texts = Vec::new();
    for InputFile { name, path, text, problem } in files {
        let source = SourceFile { name: name.clone(), path, root: 0, text: Arc::clone(&text), owner: None };
        let id = sources.add(source);
        let formatted = match problem {
            Some(problem) => Err(vec![problem_diagnostic(id, &name, &problem)]),
            None => slo_grammar::format(id, text)
                .map_err(|errors| errors.iter().map(syntax_diagnostic).collect::<Vec<_>>()),
        };
        texts.push(formatted.map_err(|mut found| diagnostics.append(&mut found)).ok());
    }
    diagnostic::arrange(&mut diagnostics, &sources, slo_grammar::FileId(0));
    Formatting { sources, diagnostics, texts }
}
