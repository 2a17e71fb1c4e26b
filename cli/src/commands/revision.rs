//! A contract root as a revision of a git repository has it. Nothing is checked out, so that no hook, filter, link or submodule is
//! followed: the files of roots are read one by one, and written into a folder of their own.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::process::{ChildStdin, Stdio};

use slo_compiler::FILE_NAME;
use tempfile::TempDir;

use super::Failure;
use super::git::{git, words};

/// The most bytes of a file that is read; a contract root has none that is larger.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// The most bytes of all.
const MOST_OF_ALL: u64 = 256 * 1024 * 1024;

/// A root of a revision, read.
pub(super) struct Revision {
    /// The folder with the files of all roots of the revision.
    folder: TempDir,
    /// The root, the workspace or the index in it.
    pub(super) path: PathBuf,
    name: String,
}

/// A file of a revision.
struct Entry {
    id: String,
    size: u64,
    path: String,
}

impl Revision {
    /// Reads a root, a workspace or an index, by its path from the repository's top.
    pub(super) fn read(revision: &str, path: &str) -> Result<Revision, Failure> {
        if revision.is_empty() || revision.starts_with('-') {
            return Err(format!("`{revision}` is no revision of git").into());
        }
        let path = from_top(path)?;
        let tree = ["ls-tree", "-r", "-z", "-l", "--full-tree", revision];
        let output = git(Path::new("."), &tree, Stdio::null())?.wait_with_output()?;
        if !output.status.success() {
            return Err(format!("git can't list the revision `{revision}`: {}", words(&output)).into());
        }
        let mut entries = plain(&output.stdout);
        match entries.iter().position(|entry| entry.path == path) {
            Some(file) => entries = vec![entries.swap_remove(file)],
            None => entries = of_roots(entries),
        }
        if entries.iter().map(|entry| entry.size).sum::<u64>() > MOST_OF_ALL {
            return Err(
                format!("the contract roots of `{revision}` hold more than {MOST_OF_ALL} bytes").into()
            );
        }
        let folder = tempfile::Builder::new().prefix("slo-diff-").tempdir()?;
        write(folder.path(), &entries)?;
        let read = super::folder_of(&folder.path().join(&path));
        if !read.is_file() && !read.join(FILE_NAME).is_file() {
            let shown = if path.is_empty() { "." } else { path.as_str() };
            return Err(format!(
                "`{shown}` is no contract root in the revision `{revision}`: it holds no `{FILE_NAME}`"
            )
            .into());
        }
        Ok(Revision { folder, path: read, name: revision.to_owned() })
    }

    /// What people call a file of the revision.
    pub(super) fn shown(&self, name: &str) -> String {
        match Path::new(name).strip_prefix(self.folder.path()) {
            Ok(path) => format!("{}:{}", self.name, path.display()),
            Err(_) => name.to_owned(),
        }
    }
}

/// A path from the repository's top, as git has them.
fn from_top(path: &str) -> Result<String, Failure> {
    let mut all = PathBuf::new();
    if path == "." || path.starts_with("./") || path.starts_with("../") || path == ".." {
        let output =
            git(Path::new("."), &["rev-parse", "--show-prefix"], Stdio::null())?.wait_with_output()?;
        if !output.status.success() {
            return Err(format!("this folder is in no repository of git: {}", words(&output)).into());
        }
        all.push(String::from_utf8_lossy(&output.stdout).trim_end_matches(['\n', '\r']));
    }
    for part in Path::new(path).components() {
        match part {
            Component::Normal(part) => all.push(part),
            Component::CurDir => {}
            Component::ParentDir if all.pop() => {}
            _ => return Err(format!("`{path}` is no path in a repository").into()),
        }
    }
    Ok(all.display().to_string())
}

/// The files of a tree, and no links. A path that leads elsewhere is left out.
fn plain(listing: &[u8]) -> Vec<Entry> {
    let lines = listing.split(|byte| *byte == 0).filter_map(|line| std::str::from_utf8(line).ok());
    lines
        .filter_map(|line| {
            let (head, path) = line.split_once('\t')?;
            let mut head = head.split_whitespace();
            let (mode, kind, id, size) = (head.next()?, head.next()?, head.next()?, head.next()?);
            let is_plain = kind == "blob" && mode.starts_with("100");
            let is_safe = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
            let size = size.parse().ok()?;
            let kept = is_plain && is_safe && size <= MOST_BYTES;
            kept.then(|| Entry { id: id.to_owned(), size, path: path.to_owned() })
        })
        .collect()
}

/// The files of contract roots.
fn of_roots(entries: Vec<Entry>) -> Vec<Entry> {
    let is_manifest = |path: &str| path == FILE_NAME || path.ends_with(&format!("/{FILE_NAME}"));
    let roots: BTreeSet<&str> = entries
        .iter()
        .filter(|entry| is_manifest(&entry.path))
        .map(|entry| entry.path.strip_suffix(FILE_NAME).unwrap_or_default())
        .collect();
    let is_below = |path: &str| {
        let ends = path.match_indices('/').map(|(at, _)| at + 1);
        std::iter::once(0).chain(ends).any(|end| path.get(..end).is_some_and(|folder| roots.contains(folder)))
    };
    let kept: BTreeSet<String> =
        entries.iter().filter(|entry| is_below(&entry.path)).map(|entry| entry.path.clone()).collect();
    entries.into_iter().filter(|entry| kept.contains(&entry.path)).collect()
}

fn write(folder: &Path, entries: &[Entry]) -> Result<(), Failure> {
    let mut child = git(Path::new("."), &["cat-file", "--batch"], Stdio::piped())?;
    let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err("git can't be asked".into());
    };
    let ids: Vec<String> = entries.iter().map(|entry| entry.id.clone()).collect();
    let asking = std::thread::spawn(move || ask(input, &ids));
    let mut output = BufReader::new(output);
    for entry in entries {
        let mut head = String::new();
        output.read_line(&mut head)?;
        let mut parts = head.split_whitespace();
        let is_it = parts.next() == Some(&entry.id) && parts.next() == Some("blob");
        if !is_it || parts.next() != Some(&entry.size.to_string()) {
            return Err(format!("git can't read `{}`: {}", entry.path, head.trim_end()).into());
        }
        let mut bytes = Vec::new();
        output.by_ref().take(entry.size).read_to_end(&mut bytes)?;
        output.read_exact(&mut [0])?;
        let path = folder.join(&entry.path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, bytes)?;
    }
    let _ = asking.join();
    child.wait()?;
    Ok(())
}

fn ask(mut input: ChildStdin, ids: &[String]) {
    for id in ids {
        // Where git is gone, its answer says so.
        if writeln!(input, "{id}").is_err() {
            return;
        }
    }
}
