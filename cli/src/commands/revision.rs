//! A contract root as a revision of a git repository has it. Nothing is checked out, so that no hook, filter, link or submodule is
//! followed: the files of roots are read one by one, and written into a folder of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::process::{Child, ChildStdin, Stdio};

use slo_compiler::pinned::{BASELINE_NAME, LOCK_NAME, MOST_BYTES, VENDOR_NAME, lists_of};
use slo_compiler::{FILE_NAME, load};
use tempfile::TempDir;

use super::Failure;
use super::git::{git, words};

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
    /// Reads a root, a workspace or an index of the repository that this folder is in, by its path from the repository's top.
    pub(super) fn read(repository: &Path, revision: &str, path: &str) -> Result<Revision, Failure> {
        if revision.is_empty() || revision.starts_with('-') {
            return Err(format!("`{revision}` is no revision of git").into());
        }
        let path = from_top(path)?;
        let tree = ["ls-tree", "-r", "-z", "-l", "--full-tree", revision];
        let output = git(repository, &tree, Stdio::null())?.wait_with_output()?;
        if !output.status.success() {
            return Err(format!("git can't list the revision `{revision}`: {}", words(&output)).into());
        }
        let entries = plain(&output.stdout);
        let folder = tempfile::Builder::new().prefix("slo-diff-").tempdir()?;
        let mut reading = Reading { repository, revision, folder: folder.path(), left: MOST_BYTES };
        match entries.iter().find(|entry| entry.path == path) {
            Some(file) => {
                reading.take(&[file])?;
            }
            None => reading.roots(&entries, &path)?,
        }
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
            (is_plain && is_safe).then(|| Entry { id: id.to_owned(), size, path: path.to_owned() })
        })
        .collect()
}

/// What is read of a revision, and where it is written.
struct Reading<'r> {
    repository: &'r Path,
    revision: &'r str,
    folder: &'r Path,
    /// How many bytes may still be read.
    left: u64,
}

impl Reading<'_> {
    /// Takes the contract roots, since one may stand on any other; of the one at `path`, where it is a workspace, also the
    /// indexes that it names.
    fn roots(&mut self, entries: &[Entry], path: &str) -> Result<(), Failure> {
        let roots: BTreeSet<&str> = entries
            .iter()
            .filter_map(|entry| entry.path.strip_suffix(FILE_NAME))
            .filter(|root| root.is_empty() || root.ends_with('/'))
            .collect();
        let of_roots: Vec<&Entry> =
            entries.iter().filter(|entry| is_of_a_root(&entry.path, &roots)).collect();
        let texts = self.take(&of_roots)?;
        let mut contracts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (entry, bytes) in of_roots.iter().zip(&texts).filter(|(entry, _)| entry.path.ends_with(".slo")) {
            if let (Some(root), Ok(text)) = (root_of(&entry.path, &roots), std::str::from_utf8(bytes)) {
                contracts.entry(root).or_default().push(text);
            }
        }
        let lists = contracts.into_iter();
        let lists = lists.flat_map(|(root, texts)| lists_of(root.trim_end_matches('/'), texts.into_iter()));
        let mut also: BTreeSet<String> = lists.collect();
        let below = if path.is_empty() { String::new() } else { format!("{path}/") };
        let manifest = of_roots.iter().position(|entry| entry.path.strip_prefix(&below) == Some(FILE_NAME));
        let manifest = manifest.and_then(|number| std::str::from_utf8(texts.get(number)?).ok());
        if let Some(manifest) = manifest {
            let paths = entries.iter().filter_map(|entry| entry.path.strip_prefix(&below));
            also.extend(load::named_indexes(manifest, paths).map(|index| format!("{below}{index}")));
        }
        let known: BTreeSet<&str> = of_roots.iter().map(|entry| entry.path.as_str()).collect();
        let is_left = |entry: &&Entry| also.contains(&entry.path) && !known.contains(entry.path.as_str());
        self.take(&entries.iter().filter(is_left).collect::<Vec<_>>())?;
        Ok(())
    }

    /// Reads files, writes them below the folder, and gives their bytes.
    fn take(&mut self, entries: &[&Entry]) -> Result<Vec<Vec<u8>>, Failure> {
        for entry in entries {
            let most = load::most_bytes(Path::new(&entry.path));
            if entry.size > most {
                let (path, size) = (&entry.path, entry.size);
                return Err(format!("`{}:{path}` has {size} bytes, more than {most}", self.revision).into());
            }
            let left = self.left.checked_sub(entry.size);
            self.left = left.ok_or_else(|| {
                format!("the contract roots of `{}` hold more than {MOST_BYTES} bytes", self.revision)
            })?;
        }
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let read = bytes_of(self.repository, entries)?;
        for (entry, bytes) in entries.iter().zip(&read) {
            let path = self.folder.join(&entry.path);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, bytes)?;
        }
        Ok(read)
    }
}

/// The root that a file stands in: the innermost of those above it.
fn root_of<'r>(path: &str, roots: &BTreeSet<&'r str>) -> Option<&'r str> {
    let ends = path.rmatch_indices('/').map(|(at, _)| at + 1).chain([0]);
    ends.filter_map(|end| roots.get(path.get(..end)?).copied()).next()
}

/// Whether a file is one of those by which a contract root is read, whatever its contract files name: what is vendored stands
/// below it as it was fetched.
fn is_of_a_root(path: &str, roots: &BTreeSet<&str>) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_vendored = || path.split('/').any(|part| part == VENDOR_NAME);
    let is_read = [FILE_NAME, BASELINE_NAME, LOCK_NAME].contains(&name) || name.ends_with(".slo");
    (is_read || is_vendored()) && root_of(path, roots).is_some()
}

/// The program that is asked; it ends with the question, however that ends.
struct Asked(Child);

impl Drop for Asked {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The bytes of files, in their order.
fn bytes_of(repository: &Path, entries: &[&Entry]) -> Result<Vec<Vec<u8>>, Failure> {
    let mut child = Asked(git(repository, &["cat-file", "--batch"], Stdio::piped())?);
    let (Some(input), Some(output)) = (child.0.stdin.take(), child.0.stdout.take()) else {
        return Err("git can't be asked".into());
    };
    let ids: Vec<String> = entries.iter().map(|entry| entry.id.clone()).collect();
    let asking = std::thread::spawn(move || ask(input, &ids));
    let mut output = BufReader::new(output);
    let mut read = Vec::with_capacity(entries.len());
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
        read.push(bytes);
    }
    let _ = asking.join();
    Ok(read)
}

fn ask(mut input: ChildStdin, ids: &[String]) {
    for id in ids {
        // Where git is gone, its answer says so.
        if writeln!(input, "{id}").is_err() {
            return;
        }
    }
}
