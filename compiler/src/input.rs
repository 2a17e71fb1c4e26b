//! What the compiler is given: texts, whoever read them.

use std::fmt;
use std::path::PathBuf;

/// A contract root and the roots of its vocabularies.
#[derive(Default)]
pub struct Input<'i> {
    /// The contract's own root.
    pub root: Root,
    /// The roots of its vocabularies by path, by the names that `slo.toml` gives them.
    pub vocabularies: Vec<(String, Root)>,
    /// Reads another file of a root, by the root's number (0 is the contract's own, the vocabularies follow) and its
    /// path from there: the lists of `values="file"`.
    pub data: Option<Box<ReadData<'i>>>,
    /// The folders that all this was read from, for build tools to watch.
    pub folders: Vec<PathBuf>,
}

impl fmt::Debug for Input<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Input")
            .field("root", &self.root)
            .field("vocabularies", &self.vocabularies)
            .finish_non_exhaustive()
    }
}

/// Reads a file of the root with this number, by its path from there.
pub type ReadData<'i> = dyn Fn(usize, &str) -> Result<String, String> + 'i;

/// A folder with its `slo.toml` and its contract files.
#[derive(Clone, Debug, Default)]
pub struct Root {
    /// The manifest.
    pub manifest: InputFile,
    /// The contract files, sorted by their paths.
    pub files: Vec<InputFile>,
}

/// A file as it was read, or why it could not be.
#[derive(Clone, Debug, Default)]
pub struct InputFile {
    /// The name that a person at this machine knows it by.
    pub name: String,
    /// Its path below its root, with `/` on every system.
    pub path: String,
    /// Its text.
    pub text: String,
    /// Why there is no text.
    pub problem: Option<Problem>,
}

impl InputFile {
    /// A file that was read.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> InputFile {
        let path = path.into();
        InputFile { name: path.clone(), path, text: text.into(), problem: None }
    }
}

/// Why a file's text is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It can't be read; the system's own words.
    Unreadable(String),
    /// It is not UTF-8: the offset of the first byte that isn't.
    NotUtf8(usize),
    /// It is longer than [`slo_grammar::limits::FILE_BYTES`].
    TooLarge(u64),
    /// It is a folder or something else that holds no text.
    NotAFile,
    /// It is a link that leads out of the root.
    OutsideRoot,
    /// The root holds more files than this.
    TooManyFiles(usize),
}
