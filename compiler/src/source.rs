//! The texts of a run, and where in them something stands.

use crate::hash::HashMap;
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use slo_grammar::{FileId, Place};
use slo_stdlib_mappings::Vocabulary;

/// All the texts of a run: contract files, the manifest, Rust sources, tags. A diagnostic's places point in here.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
    /// Where the lines of each file begin, found when they are first asked for.
    lines: Vec<OnceLock<Arc<[usize]>>>,
}

/// The number that stands for the root of what is built in.
pub(crate) const BUILT_IN: usize = usize::MAX;

/// The number that stands for no root: of a workspace's own files, and of indexes.
#[cfg(feature = "fleet")]
pub(crate) const NO_ROOT: usize = usize::MAX - 1;

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

impl SourceFile {
    /// A text that belongs to no contract root.
    #[cfg(feature = "fleet")]
    #[must_use]
    pub fn elsewhere(name: String, path: String, text: Arc<str>) -> SourceFile {
        SourceFile { name, path, root: NO_ROOT, text, owner: None }
    }
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
    pub fn files(&self) -> impl ExactSizeIterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(number, file)| (FileId(number as u32), file))
    }

    /// The texts themselves.
    pub(crate) fn into_files(self) -> impl Iterator<Item = SourceFile> {
        self.files.into_iter()
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

/// The texts of built-in vocabularies with the offsets of their lines: many roots take something of the same one.
type Shared = HashMap<(&'static str, u16), (SourceFile, Arc<[usize]>)>;

static SHARED: LazyLock<Mutex<Shared>> = LazyLock::new(Mutex::default);

/// The texts of a run, and those that join them while one of its roots is made: others are made beside it.
pub(crate) struct Additions<'s> {
    base: &'s SourceMap,
    added: SourceMap,
}

impl<'s> Additions<'s> {
    pub(crate) fn to(base: &'s SourceMap, added: SourceMap) -> Additions<'s> {
        Additions { base, added }
    }

    /// What was added.
    pub(crate) fn added(self) -> SourceMap {
        self.added
    }

    /// Adds a text and gives its number, as long as nothing else joins the run's.
    pub(crate) fn add(&mut self, file: SourceFile) -> FileId {
        let FileId(number) = self.added.add(file);
        FileId(number.saturating_add(self.base.files.len() as u32))
    }

    /// Adds a file of a built-in vocabulary.
    pub(crate) fn add_table(&mut self, table: &'static Vocabulary, file: u16) -> FileId {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        let (source, lines) = shared.entry((table.name, file)).or_insert_with(|| {
            let text = table.files.get(file as usize);
            let path = text.map_or(String::new(), |file| format!("{}/{}", table.name, file.path));
            let source = SourceFile {
                name: path.clone(),
                path,
                root: BUILT_IN,
                text: text.map_or("", |file| file.text).into(),
                owner: Some(table.owner.to_owned()),
            };
            let mut alone = SourceMap::default();
            let number = alone.add(source.clone());
            (source, alone.line_starts(number).into())
        });
        let (source, lines) = (source.clone(), Arc::clone(lines));
        drop(shared);
        let number = self.add(source);
        if let Some(last) = self.added.lines.last() {
            // A file that was added just now has none.
            let _ = last.set(lines);
        }
        number
    }

    /// All texts, in the order of their numbers.
    pub(crate) fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.base.files.iter().chain(&self.added.files)
    }

    /// The text at a place of the run's own texts.
    pub(crate) fn text(&self, place: Place) -> &str {
        self.base.text(place)
    }

    /// The offsets at which the lines of a file begin, the first at 0.
    pub(crate) fn line_starts(&self, file: FileId) -> &[usize] {
        match file.0.checked_sub(self.base.files.len() as u32) {
            Some(number) => self.added.line_starts(FileId(number)),
            None => self.base.line_starts(file),
        }
    }
}
