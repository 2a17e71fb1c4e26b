//! Reads contract roots from disk. All that is read is a root's own files, the roots of the vocabularies that its
//! `slo.toml` names by path, and the lists of `values=`.
#![allow(clippy::disallowed_methods, reason = "this is the module that touches files")]

use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use slo_grammar::limits;

use crate::input::{Input, InputFile, Problem, Root};
use crate::manifest::{FILE_NAME, Reading, VocabularySource};

/// How many files a root may hold.
pub const MOST_FILES: usize = 10_000;

/// How deep folders of a root may nest, and how long a chain of vocabularies may be.
const MOST_FOLDERS: usize = 32;

/// Why there is no root to compile.
#[derive(Debug)]
#[non_exhaustive]
pub enum LoadError {
    /// No `slo.toml` in this folder.
    NoManifest(PathBuf),
    /// No `slo.toml` in this folder, in one above it, or in a folder `slo` of one of these.
    NoRoot(PathBuf),
    /// The path of a vocabulary that `slo.toml` names holds no root.
    NoVocabulary {
        /// The vocabulary.
        name: String,
        /// The folder.
        path: PathBuf,
    },
    /// The folder can't be read.
    Unreadable(PathBuf, io::Error),
}

impl fmt::Display for LoadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::NoManifest(path) => write!(
                formatter,
                "`{}` is no contract root: it holds no `{FILE_NAME}`; `slo new {}` makes one",
                path.display(),
                path.display()
            ),
            LoadError::NoRoot(path) => write!(
                formatter,
                "there is no `{FILE_NAME}` in `{}`, above it, or in a folder `slo` of these; `slo new slo` makes a contract root",
                path.display()
            ),
            LoadError::NoVocabulary { name, path } => {
                write!(
                    formatter,
                    "the vocabulary `{name}` is not at `{}`: there is no `{FILE_NAME}`",
                    path.display()
                )
            }
            LoadError::Unreadable(path, error) => {
                write!(formatter, "`{}` can't be read: {error}", path.display())
            }
        }
    }
}

impl std::error::Error for LoadError {}

/// The contract root that belongs to `start`: the nearest folder at or above it that holds `slo.toml`, by itself
/// or in a folder `slo`.
///
/// # Errors
/// Says that there is none.
pub fn find_root(start: &Path) -> Result<PathBuf, LoadError> {
    let absolute = std::path::absolute(start).unwrap_or_else(|_| start.to_owned());
    for (up, folder) in absolute.ancestors().enumerate() {
        for candidate in [folder.to_owned(), folder.join("slo")] {
            if candidate.join(FILE_NAME).is_file() {
                // Shown as the person wrote it, where that is possible.
                return Ok(match (up, candidate == folder) {
                    (0, true) => start.to_owned(),
                    (0, false) => start.join("slo"),
                    _ => candidate,
                });
            }
        }
    }
    Err(LoadError::NoRoot(start.to_owned()))
}

/// Reads a contract root and the roots of its vocabularies.
///
/// # Errors
/// Says why there is nothing to compile; a file that can't be read is a finding of the compiler instead.
pub fn load(root: &Path) -> Result<Input<'static>, LoadError> {
    let own = read_root(root)?;
    let mut input = Input { root: own, folders: vec![root.to_owned()], ..Input::default() };
    let mut seen = vec![canonical(root)];
    let mut open = vec![(root.to_owned(), input.root.manifest.text.clone(), 0)];
    while let Some((folder, manifest, depth)) = open.pop() {
        let reading = Reading::of(&manifest);
        for (name, source, _) in reading.manifest.iter().flat_map(|manifest| &manifest.vocabularies) {
            let VocabularySource::Path(path) = source else { continue };
            let path = without_detours(&folder.join(path));
            let whole = canonical(&path);
            if seen.contains(&whole) || depth >= MOST_FOLDERS {
                continue;
            }
            let vocabulary = read_root(&path)
                .map_err(|_| LoadError::NoVocabulary { name: name.clone(), path: path.clone() })?;
            seen.push(whole);
            open.push((path.clone(), vocabulary.manifest.text.clone(), depth + 1));
            input.vocabularies.push((name.clone(), vocabulary));
            input.folders.push(path);
        }
    }
    let folders = input.folders.clone();
    input.data = Some(Box::new(move |root, path| {
        let folder = folders.get(root).ok_or("there is no such root")?;
        let file = read_file(&folder.join(path), path, &canonical(folder));
        match file.problem {
            None => Ok(file.text),
            Some(Problem::Unreadable(why)) => Err(why),
            Some(Problem::OutsideRoot) => Err("it leads out of the contract root".to_owned()),
            Some(Problem::NotUtf8(_)) => Err("it is not UTF-8".to_owned()),
            Some(Problem::NotAFile) => Err("it is no file".to_owned()),
            Some(_) => Err("it is too large".to_owned()),
        }
    }));
    Ok(input)
}

/// The path as people would write it: `slo/../platform` is `platform`.
fn without_detours(path: &Path) -> PathBuf {
    let mut short = PathBuf::new();
    for part in path.components() {
        let goes_up = matches!(part, Component::ParentDir);
        if goes_up
            && matches!(short.components().next_back(), Some(Component::Normal(_)))
            && !short.is_symlink()
        {
            short.pop();
        } else {
            short.push(part);
        }
    }
    short
}

fn canonical(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn read_root(root: &Path) -> Result<Root, LoadError> {
    let manifest_path = root.join(FILE_NAME);
    if !manifest_path.exists() {
        return Err(LoadError::NoManifest(root.to_owned()));
    }
    let whole = canonical(root);
    let mut files = Vec::new();
    walk(root, root, &whole, 0, &mut files).map_err(|error| LoadError::Unreadable(root.to_owned(), error))?;
    files.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(Root { manifest: read_file(&manifest_path, FILE_NAME, &whole), files })
}

/// Collects a folder's contract files. Hidden folders, and folders that are roots of their own, are left out.
fn walk(
    root: &Path,
    folder: &Path,
    whole: &Path,
    depth: usize,
    files: &mut Vec<InputFile>,
) -> io::Result<()> {
    let mut entries: Vec<fs::DirEntry> = fs::read_dir(folder)?.collect::<io::Result<_>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let name = entry.file_name();
        let hidden = name.to_string_lossy().starts_with('.');
        let is_contract = path.extension().is_some_and(|extension| extension == "slo");
        let kind = entry.file_type()?;
        let relative = path.strip_prefix(root).unwrap_or(&path);
        let relative = relative.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
        let problem = |problem| InputFile {
            name: path.display().to_string(),
            path: relative.clone(),
            text: String::new(),
            problem: Some(problem),
        };
        if is_contract && !hidden {
            if files.len() >= MOST_FILES {
                if files.len() == MOST_FILES {
                    files.push(problem(Problem::TooManyFiles(MOST_FILES)));
                }
                return Ok(());
            }
            files.push(read_file(&path, &relative, whole));
        } else if kind.is_symlink() && !hidden && path.is_dir() && !canonical(&path).starts_with(whole) {
            files.push(problem(Problem::OutsideRoot));
        } else if kind.is_dir() && !hidden && depth < MOST_FOLDERS && !path.join(FILE_NAME).exists() {
            match walk(root, &path, whole, depth + 1, files) {
                Ok(()) => {}
                Err(error) => files.push(problem(Problem::Unreadable(error.to_string()))),
            }
        }
    }
    Ok(())
}

/// Reads a file that must stand inside the folder `whole`.
fn read_file(path: &Path, relative: &str, whole: &Path) -> InputFile {
    let mut file = InputFile {
        name: path.strip_prefix("./").unwrap_or(path).display().to_string(),
        path: relative.to_owned(),
        text: String::new(),
        problem: None,
    };
    match read_text(path, whole) {
        Ok(text) => file.text = text,
        Err(problem) => file.problem = Some(problem),
    }
    file
}

fn read_text(path: &Path, whole: &Path) -> Result<String, Problem> {
    let unreadable = |error: io::Error| Problem::Unreadable(error.to_string());
    let real = fs::canonicalize(path).map_err(unreadable)?;
    if !real.starts_with(whole) {
        return Err(Problem::OutsideRoot);
    }
    // A pipe would never end: what a file is is asked before it is opened.
    if !fs::metadata(&real).map_err(unreadable)?.is_file() {
        return Err(Problem::NotAFile);
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(&real).map_err(unreadable)?;
    let limit = limits::FILE_BYTES as u64;
    file.take(limit + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > limit {
        let size = fs::metadata(&real).map_or(limit + 1, |metadata| metadata.len());
        return Err(Problem::TooLarge(size));
    }
    String::from_utf8(bytes).map_err(|error| Problem::NotUtf8(error.utf8_error().valid_up_to()))
}
