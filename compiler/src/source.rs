//! The texts of a run, and where in them something stands.

use std::sync::{Arc, OnceLock};

use slo_grammar::{FileId, Place};

/// All the texts of a run: contract files, the manifest, Rust sources, tags. A diagnostic's places point in here.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
    /// Where the lines of each file begin, found when they are first asked for.
    lines: Vec<OnceLock<Vec<usize>>>,
}

/// A text with its names.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The name that a person at this machine knows it by, such as `../service/slo/pay.slo`.
    pub name: String,
    /// Its path below its root, with `/` on every system: what generated files say.
    pub path: String,
    /// The number of its root: 0 is the contract's own.
    pub root: usize,
    /// Its text.
    pub text: Arc<str>,
    /// Who keeps the root that it belongs to, where that is another one than the contract's own.
    pub owner: Option<String>,
}

/// A line and a column, both from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl SourceMap {
    /// Adds a text and gives its number.
    pub fn add(&mut self, file: SourceFile) -> FileId {
        self.files.push(file);
        self.lines.push(OnceLock::new());
        FileId(u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX))
    }

    /// The text with this number.
    #[must_use]
    pub fn file(&self, file: FileId) -> Option<&SourceFile> {
        self.files.get(file.0 as usize)
    }

    /// All texts with their numbers.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(number, file)| (FileId(number as u32), file))
    }

    /// The name of the file that a place stands in.
    #[must_use]
    pub fn name(&self, file: FileId) -> &str {
        self.file(file).map_or("", |file| &file.name)
    }

    /// The text at a place; nothing where the place doesn't fit the text.
    #[must_use]
    pub fn text(&self, place: Place) -> &str {
        self.file(place.file).and_then(|file| file.text.get(place.range())).unwrap_or("")
    }

    /// The line and column at which a place begins.
    #[must_use]
    pub fn line_column(&self, place: Place) -> LineColumn {
        self.position(place.file, place.start as usize)
    }

    /// The line and column of an offset in bytes.
    #[must_use]
    pub fn position(&self, file: FileId, offset: usize) -> LineColumn {
        let text = self.file(file).map_or("", |file| &file.text);
        let before = text.get(..offset).unwrap_or(text);
        let starts = self.line_starts(file);
        let line = starts.partition_point(|start| *start <= before.len()).max(1);
        let start = starts.get(line - 1).copied().unwrap_or(0);
        let column = before.get(start..).map_or(0, |line| line.chars().count()) + 1;
        LineColumn { line, column }
    }

    /// The offsets at which the lines of a file begin, the first at 0.
    pub(crate) fn line_starts(&self, file: FileId) -> &[usize] {
        let (Some(lines), Some(source)) = (self.lines.get(file.0 as usize), self.file(file)) else {
            return &[0];
        };
        lines.get_or_init(|| {
            let newlines = source.text.match_indices('\n');
            std::iter::once(0).chain(newlines.map(|(offset, _)| offset + 1)).collect()
        })
    }
}
