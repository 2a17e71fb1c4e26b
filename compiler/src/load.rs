//! Reads contract roots from disk. All that is read is a root's own files, the roots of the vocabularies that its
//! `slo.toml` names, and the lists of `values=`. Of what comes from elsewhere, that is what `slo fetch` brought.
#![allow(clippy::disallowed_methods, reason = "this is the module that touches files")]

mod elsewhere;
mod home;
mod known;
#[cfg(feature = "fleet")]
mod others;
#[cfg(feature = "fleet")]
mod workspace;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use slo_grammar::limits;

use crate::accept::baseline;
use crate::diagnostic::Diagnostic;
use crate::input::{Input, InputFile, NotThere, Problem, Root};
use crate::manifest::{FILE_NAME, Reading, VocabularySource};
use crate::pinned::VENDOR_NAME;
use crate::run::in_parallel;
use crate::source::{SourceFile, SourceMap};
use known::{Known, Numbers};

pub use elsewhere::{Pins, cache_folder, cached, read_tree};
pub use home::{Home, find_workspace, is_workspace};
#[cfg(feature = "fleet")]
pub use others::{held_to_others, held_to_others_with};
#[cfg(feature = "fleet")]
pub use workspace::{MOST_MEMBERS, Unpack, changed, member_at, most_bytes, named_indexes, roots, workspace};

/// How many files a root may hold.
pub const MOST_FILES: usize = 10_000;

/// How deep folders of a root may nest.
const MOST_FOLDERS: usize = 32;

/// How many roots a contract may stand on, its own included.
pub const MOST_ROOTS: usize = 256;

/// Why there is no root to compile.
#[derive(Debug)]
#[non_exhaustive]
pub enum LoadError {
    /// No `slo.toml` in this folder.
    NoManifest(PathBuf),
    /// No `slo.toml` in this folder, in one above it, or in a folder `slo` of one of these.
    NoRoot(PathBuf),
    /// This contract root stands on more roots than [`MOST_ROOTS`].
    TooManyRoots(PathBuf),
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
            LoadError::TooManyRoots(path) => {
                write!(formatter, "`{}` stands on more than {MOST_ROOTS} roots", path.display())
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
/// Says why there is nothing to compile; a file that can't be read is a finding of the compiler instead, as is a
/// vocabulary that is not there.
pub fn load(root: &Path) -> Result<Input<'static>, LoadError> {
    load_with(root, Pins::of(root))
}

/// The same with vocabularies from elsewhere at other revisions, or from other folders.
///
/// # Errors
/// As those of [`load`].
pub fn load_with(root: &Path, pins: Pins) -> Result<Input<'static>, LoadError> {
    load_pinned(&[root.to_owned()], &[pins])
}

/// Reads several contract roots, which differ, and the roots of their vocabularies: each once. Those that were asked for come
/// first. Each has its own lock, or that of its workspace; a vocabulary that several share stands on what the first of them has locked.
///
/// # Errors
/// As [`load`] says.
#[cfg(feature = "fleet")]
pub fn load_all(starts: &[PathBuf]) -> Result<Input<'static>, LoadError> {
    let pins: Vec<Pins> = starts.iter().map(|start| Pins::of(start)).collect();
    load_pinned(starts, &pins)
}

fn load_pinned(starts: &[PathBuf], pins: &[Pins]) -> Result<Input<'static>, LoadError> {
    let read = in_parallel(starts, |_, start| {
        let root = read_root(start)?;
        // What the manifest says is asked next.
        root.reading();
        Ok(root)
    });
    let mut roots: Vec<Root> = read.into_iter().collect::<Result<_, LoadError>>()?;
    for (root, pins) in roots.iter_mut().zip(pins) {
        root.bad_lock = pins.problem_of_file();
    }
    // Each contract has a bound of its own, which is asked when all are there.
    let most = MOST_ROOTS * starts.len().clamp(1, 16) + starts.len().saturating_sub(1);
    let mut numbers = Numbers::of(starts);
    let mut trees = BTreeMap::new();
    // Which roots name what they stand on already.
    let mut linked = vec![false; roots.len()];
    for (start, pins) in pins.iter().enumerate() {
        let Some(own) = roots.get(start) else { continue };
        let mut known = Known::new(pins, numbers, start, own);
        // Each with the contract's own line that leads there.
        let mut open = VecDeque::from([(start, None)]);
        let mut seen = BTreeSet::from([start]);
        while let Some((namer, line)) = open.pop_front() {
            if !linked.get(namer).copied().unwrap_or(true) {
                link(namer, &mut known, &mut roots, &mut linked, most)?;
            }
            let Some(root) = roots.get(namer) else { continue };
            let named = root.vocabularies.iter().enumerate();
            let named: Vec<(usize, usize)> =
                named.filter_map(|(at, (_, link))| Some((at, *link.as_ref().ok()?))).collect();
            for (at, number) in named {
                let line = line.unwrap_or(at);
                if seen.insert(number) {
                    open.push_back((number, Some(line)));
                    let Some((other, first, second)) = known.meet(number) else { continue };
                    // What others stand on as well is theirs: the contract's own line is what is wrong for it.
                    let own = roots.get_mut(start).and_then(|own| own.vocabularies.get_mut(line));
                    if let Some((_, link)) = own.filter(|(_, link)| link.is_ok()) {
                        let leads_to = (namer != start).then_some((namer, at));
                        *link = Err(NotThere::OtherRevision { root: other, leads_to, first, second });
                    }
                }
            }
        }
        bounded(&roots, start)?;
        let (all, of_start) = known.into_parts();
        numbers = all;
        trees.extend(of_start);
    }
    let folders: Vec<PathBuf> = roots.iter().map(|root| root.folder.clone()).collect();
    let data = move |root: usize, path: &str| {
        let folder = folders.get(root).ok_or("there is no such root")?;
        let file = match trees.get(&root) {
            Some((tree, prefix)) => elsewhere::file_of(tree, prefix, path, folder)
                .ok_or_else(|| "`slo fetch` brought no such file".to_owned())?,
            None => read_file(&folder.join(path), path, &canonical(folder)),
        };
        file.problem.as_ref().map_or_else(|| Ok(file.text.to_string()), |problem| Err(why(problem)))
    };
    Ok(Input { roots, data: Some(Box::new(data)) })
}

/// Finds, and reads where that is to be done, what a root names.
fn link(
    namer: usize,
    known: &mut Known<'_>,
    roots: &mut Vec<Root>,
    linked: &mut Vec<bool>,
    most: usize,
) -> Result<(), LoadError> {
    let Some(root) = roots.get(namer) else { return Ok(()) };
    let folder = root.folder.clone();
    let named = root.reading().manifest.iter().flat_map(|manifest| &manifest.vocabularies);
    let named: Vec<(String, VocabularySource)> =
        named.map(|(name, source, _)| (name.clone(), source.clone())).collect();
    let mut vocabularies = Vec::new();
    for (name, source) in named {
        let Some(place) = known.place(namer, &folder, &name, &source).transpose() else { continue };
        let number = place.and_then(|place| match known.at(&place) {
            Some(number) => Ok(number),
            None => {
                let read = known.read(&place)?;
                known.add(roots.len(), place, &read);
                roots.push(read);
                linked.push(false);
                Ok(roots.len() - 1)
            }
        });
        if roots.len() > most {
            return Err(LoadError::TooManyRoots(folder));
        }
        vocabularies.push((name, number));
    }
    if let (Some(root), Some(linked)) = (roots.get_mut(namer), linked.get_mut(namer)) {
        root.vocabularies = vocabularies;
        *linked = true;
    }
    Ok(())
}

/// Whether a root stands on as many as one may.
fn bounded(roots: &[Root], start: usize) -> Result<(), LoadError> {
    let mut seen = BTreeSet::from([start]);
    let mut open = vec![start];
    while let Some(root) = open.pop().and_then(|number| roots.get(number)) {
        let named = root.vocabularies.iter().filter_map(|(_, number)| number.as_ref().ok().copied());
        open.extend(named.filter(|number| seen.insert(*number)));
    }
    let folder = || roots.get(start).map_or(PathBuf::new(), |root| root.folder.clone());
    if seen.len() > MOST_ROOTS { Err(LoadError::TooManyRoots(folder())) } else { Ok(()) }
}

/// Why a file has no text, in a few words.
fn why(problem: &Problem) -> String {
    match problem {
        Problem::Unreadable(why) => why.clone(),
        Problem::OutsideRoot => "it leads out of the contract root".to_owned(),
        Problem::NotUtf8(_) => "it is not UTF-8".to_owned(),
        Problem::NotAFile => "it is no file".to_owned(),
        _ => "it is too large".to_owned(),
    }
}

/// A path as people write it.
fn shown(path: &Path) -> String {
    path.strip_prefix("./").unwrap_or(path).display().to_string()
}

/// Why a vocabulary is not there.
fn not_there(path: &Path, error: &LoadError) -> String {
    match error {
        LoadError::NoManifest(_) => format!("`{}` holds no `{FILE_NAME}`", path.display()),
        other => other.to_string(),
    }
}

/// What is wrong with the `slo.toml` of a root, whatever else is; none where there is no text.
pub fn manifest_findings(root: &Path, sources: &mut SourceMap) -> Vec<Diagnostic> {
    let file = read_file(&root.join(FILE_NAME), FILE_NAME, &canonical(root));
    if file.problem.is_some() {
        return Vec::new();
    }
    let reading = Reading::of(&file.text);
    let InputFile { name, path, text, .. } = file;
    let number = sources.add(SourceFile { name, path, root: 0, text, owner: None });
    reading.in_file(number).diagnostics
}

/// The path as people would write it: `slo/../platform` is `platform`.
#[must_use]
pub fn without_detours(path: &Path) -> PathBuf {
    let mut short = PathBuf::new();
    for part in path.components().filter(|part| *part != Component::CurDir) {
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

/// The contract files of a folder, as those of a contract root are found, or a file by itself.
///
/// # Errors
/// Says why there is nothing to read; a file that can't be read says so by itself.
pub fn contract_files(path: &Path) -> Result<Vec<InputFile>, LoadError> {
    let unreadable = |error| LoadError::Unreadable(path.to_owned(), error);
    if !fs::metadata(path).map_err(unreadable)?.is_dir() {
        return Ok(vec![read_file(path, &path.to_string_lossy(), &canonical(path))]);
    }
    let mut files = Vec::new();
    walk(path, path, &canonical(path), 0, &mut files).map_err(unreadable)?;
    crate::sort::by(&mut files, |left, right| left.path.cmp(&right.path));
    Ok(files)
}

/// A file that a program is handed as a stream.
#[must_use]
pub fn stream(name: &str, stream: impl Read) -> InputFile {
    let mut file = InputFile::new(name, "");
    match text_of(stream, 0) {
        Ok(text) => file.text = text.into(),
        Err(problem) => file.problem = Some(problem),
    }
    file
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
    crate::sort::by(&mut files, |left, right| left.path.cmp(&right.path));
    let manifest = read_file(&manifest_path, FILE_NAME, &whole);
    let mut read = Root::new(manifest, files);
    read.folder = root.to_owned();
    let baseline = root.join(baseline::FILE_NAME);
    // A link that leads nowhere is there, and is told of.
    if fs::symlink_metadata(&baseline).is_ok() {
        read.baseline = Some(read_file(&baseline, baseline::FILE_NAME, &whole));
    }
    Ok(read)
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
    crate::sort::by_key(&mut entries, fs::DirEntry::file_name);
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
            text: "".into(),
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
        } else if kind.is_dir()
            && !hidden
            && depth < MOST_FOLDERS
            && !path.join(FILE_NAME).exists()
            // What is vendored are roots of their own.
            && (depth > 0 || name != VENDOR_NAME)
        {
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
    let mut file = InputFile { name: shown(path), path: relative.to_owned(), text: "".into(), problem: None };
    match read_text(path, whole) {
        Ok(text) => file.text = text.into(),
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
    let file = fs::File::open(&real).map_err(unreadable)?;
    let size = file.metadata().map_or(0, |metadata| metadata.len());
    match text_of(file, size) {
        Err(Problem::TooLarge(least)) => Err(Problem::TooLarge(size.max(least))),
        read => read,
    }
}

/// The text of a stream that says that it has so many bytes.
fn text_of(stream: impl Read, size: u64) -> Result<String, Problem> {
    let limit = limits::FILE_BYTES as u64;
    let mut bytes = Vec::with_capacity(size.min(limit) as usize + 1);
    let read = stream.take(limit + 1).read_to_end(&mut bytes);
    read.map_err(|error| Problem::Unreadable(error.to_string()))?;
    if bytes.len() as u64 > limit {
        return Err(Problem::TooLarge(limit + 1));
    }
    String::from_utf8(bytes).map_err(|error| Problem::NotUtf8(error.utf8_error().valid_up_to()))
}
