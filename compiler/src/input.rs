//! What the compiler is given: texts, whoever read them.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::manifest::Reading;
use crate::pinned::{LockProblem, Source};

/// Contract roots and the roots of their vocabularies.
#[derive(Default)]
pub struct Input<'i> {
    /// The contract's own root, or those of all contracts of a run; then those of the vocabularies, and of theirs: each once.
    pub roots: Vec<Root>,
    /// Reads another file of a root, by the root's number and its path from there: the lists of `values="file"`.
    pub data: Option<Box<ReadData<'i>>>,
}

impl fmt::Debug for Input<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Input").field("roots", &self.roots).finish_non_exhaustive()
    }
}

/// Reads a file of the root with this number, by its path from there.
/// Roots are made in parallel, and each may ask.
pub type ReadData<'i> = dyn Fn(usize, &str) -> Result<String, String> + Sync + 'i;

/// A folder with its `slo.toml` and its contract files.
#[derive(Clone, Debug)]
pub struct Root {
    /// The folder, as a person at this machine would name it.
    pub folder: PathBuf,
    /// The manifest.
    pub manifest: InputFile,
    /// The contract files, sorted by their paths.
    pub files: Vec<InputFile>,
    /// The baseline, where there is one.
    pub baseline: Option<InputFile>,
    /// The vocabularies that the manifest names and that are not built in: the names there, and the numbers of their roots,
    /// or why there is none.
    pub vocabularies: Vec<(String, Result<usize, NotThere>)>,
    /// `slo.lock`, where it can't be used, and why.
    pub bad_lock: Option<(InputFile, LockProblem)>,
    /// What the manifest says, read when it is first asked for.
    reading: OnceLock<Reading>,
}

impl Root {
    /// A root that stands on no other one.
    #[must_use]
    pub fn new(manifest: InputFile, files: Vec<InputFile>) -> Root {
        let folder = Path::new(&manifest.name).parent().unwrap_or(Path::new("")).to_owned();
        Root {
            folder,
            manifest,
            files,
            baseline: None,
            vocabularies: Vec::new(),
            bad_lock: None,
            reading: OnceLock::new(),
        }
    }

    /// What the manifest says.
    pub(crate) fn reading(&self) -> &Reading {
        self.reading.get_or_init(|| Reading::of(&self.manifest.text))
    }
}

/// Why the root of a vocabulary is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotThere {
    /// There is none where it is named; why, in a few words.
    Because(String),
    /// `slo fetch` has not brought it, or what it brought was changed.
    NotFetched(String),
    /// `slo.lock`, or what is vendored, is not what `slo.toml` says.
    Stale(String),
    /// `slo.lock` can't be used, which is said by itself.
    BadLock,
    /// Another revision of it is there: the root with this number. What is no revision is a folder of this disk.
    OtherRevision {
        /// The root's number.
        root: usize,
        /// Where it isn't this vocabulary itself, but one that it leads to: the root that names that, and which of its vocabularies
        /// it is.
        leads_to: Option<(usize, usize)>,
        /// What that one is of.
        first: Option<Revision>,
        /// What this one would be of.
        second: Option<Revision>,
    },
}

/// A source at a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The source.
    pub source: Source,
    /// The commit's hash, or the archive's.
    pub revision: String,
}

impl fmt::Display for Revision {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = self.revision.get(..12).unwrap_or(&self.revision);
        write!(formatter, "{short} of `{}`", self.source)
    }
}

/// A file as it was read, or why it could not be.
#[derive(Clone, Debug, Default)]
pub struct InputFile {
    /// The name that a person at this machine knows it by.
    pub name: String,
    /// Its path below its root, with `/` on every system.
    pub path: String,
    /// Its text.
    pub text: Arc<str>,
    /// Why there is no text.
    pub problem: Option<Problem>,
}

impl InputFile {
    /// A file that was read.
    pub fn new(path: impl Into<String>, text: impl Into<Arc<str>>) -> InputFile {
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
