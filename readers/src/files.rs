//! The files of a folder: the only module that reads files.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::query::{At, File, Readers, shown};
use crate::{dashboard, limits, rules};

/// Reads the rules and dashboards below a folder, in the order of their paths.
///
/// # Errors
/// Says why the folder can't be read.
pub fn read(folder: &Path) -> io::Result<Readers> {
    read_with(folder, &|_| {})
}

/// How far reading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many files were read.
    pub files: usize,
    /// How many there are to read.
    pub of: usize,
}

/// The same, and tells after each file how far it is.
///
/// # Errors
/// Says why the folder can't be read.
pub fn read_with(folder: &Path, progress: &(dyn Fn(Progress) + Sync)) -> io::Result<Readers> {
    let root = fs::canonicalize(folder)?;
    if !root.is_dir() {
        return Err(io::Error::other("it is no folder"));
    }
    let shown_folder = folder.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    let before = match shown_folder.trim_end_matches('/') {
        "." => String::new(),
        "" => "/".to_owned(),
        folder => format!("{folder}/"),
    };
    let mut walk = Walk { root: root.clone(), before, paths: Vec::new(), problems: Vec::new() };
    walk.folder(&root, "", 0);
    let Walk { before, mut paths, problems, .. } = walk;
    paths.sort();
    // An expression's tree is as deep as it has operators.
    let reading = std::thread::Builder::new().stack_size(limits::STACK_BYTES);
    std::thread::scope(|scope| {
        let thread = reading.spawn_scoped(scope, || read_all(&before, &paths, problems, progress))?;
        thread.join().map_err(|_| io::Error::other("reading gave up"))
    })
}

fn read_all(
    before: &str,
    paths: &[(String, PathBuf)],
    problems: Vec<(String, String)>,
    progress: &dyn Fn(Progress),
) -> Readers {
    let mut readers = Readers::default();
    let mut left = limits::TOTAL_BYTES;
    for (name, path) in paths {
        let file = readers.files.len();
        let (text, problem) = match text_of(path, &mut left) {
            Ok(text) => (text, None),
            Err(why) => (String::new(), Some(why)),
        };
        let text: Arc<str> = text.into();
        let known = File {
            name: format!("{before}{name}"),
            path: name.clone(),
            text: Arc::clone(&text),
            is_reader: false,
        };
        readers.files.push(known);
        let is_reader = match problem {
            Some(why) => {
                readers.unread(At { file, range: 0..0 }, why);
                false
            }
            None if is_json(name) => dashboard::read(&text, file, &mut readers),
            None => rules::read(&text, file, &mut readers),
        };
        if let Some(known) = readers.files.get_mut(file) {
            known.is_reader = is_reader;
        }
        progress(Progress { files: file + 1, of: paths.len() });
    }
    for (name, why) in problems {
        let file = readers.files.len();
        let name = shown(&name);
        let known = File { name: format!("{before}{name}"), path: name, text: "".into(), is_reader: false };
        readers.files.push(known);
        readers.unread(At { file, range: 0..0 }, why);
    }
    readers
}

struct Walk {
    root: PathBuf,
    before: String,
    paths: Vec<(String, PathBuf)>,
    /// What is not read, with the reason.
    problems: Vec<(String, String)>,
}

impl Walk {
    fn problem(&mut self, name: &str, why: impl Into<String>) {
        if self.problems.len() < limits::FILES {
            self.problems.push((name.to_owned(), why.into()));
        }
    }

    fn folder(&mut self, path: &Path, name: &str, depth: usize) {
        if depth > limits::FOLDERS {
            return self.problem(name, format!("folders nest deeper than {}", limits::FOLDERS));
        }
        let entries = fs::read_dir(path).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let mut entries = match entries {
            Ok(entries) => entries,
            Err(error) => return self.problem(name, format!("the folder can't be read: {error}")),
        };
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let own = entry.file_name();
            let own = own.to_string_lossy();
            if !own.starts_with('.') {
                let below = if name.is_empty() { own.into_owned() } else { format!("{name}/{own}") };
                self.entry(&entry.path(), below, depth);
            }
        }
    }

    fn entry(&mut self, path: &Path, name: String, depth: usize) {
        let kind = match fs::symlink_metadata(path) {
            Ok(metadata) => metadata.file_type(),
            Err(error) => return self.problem(&name, format!("it can't be read: {error}")),
        };
        if kind.is_dir() {
            return self.folder(path, &name, depth + 1);
        }
        if !(is_read(&name) || kind.is_symlink() && path.is_dir()) {
            return;
        }
        if kind.is_symlink() {
            match fs::canonicalize(path) {
                Err(error) => return self.problem(&name, format!("the link leads nowhere: {error}")),
                Ok(target) if target.is_dir() => {
                    return self
                        .problem(&name, "the link leads to a folder, and such links are not followed");
                }
                Ok(target) if !target.starts_with(&self.root) => {
                    return self.problem(&name, "the link leads out of the folder");
                }
                Ok(target) if !target.is_file() => return self.problem(&name, "it is no file"),
                Ok(_) => {}
            }
        } else if !kind.is_file() {
            return self.problem(&name, "it is no file");
        }
        if self.paths.len() < limits::FILES {
            self.paths.push((name, path.to_owned()));
        } else {
            self.problem(
                &name,
                format!("there are more than {} files, and this one isn't read", limits::FILES),
            );
        }
    }
}

fn is_json(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "json")
}

fn is_read(name: &str) -> bool {
    let is_one =
        |extension: &std::ffi::OsStr| ["json", "yaml", "yml", "rules"].iter().any(|one| extension == *one);
    Path::new(name).extension().is_some_and(is_one)
}

fn text_of(path: &Path, left: &mut u64) -> Result<String, String> {
    let mut content = Vec::new();
    let opened =
        fs::File::open(path).and_then(|file| file.take(limits::FILE_BYTES + 1).read_to_end(&mut content));
    let length = opened.map_err(|error| format!("the file can't be read: {error}"))? as u64;
    if length > limits::FILE_BYTES {
        return Err(format!("the file is longer than {} bytes", limits::FILE_BYTES));
    }
    let Some(rest) = left.checked_sub(length) else {
        return Err(format!(
            "the files are longer than {} bytes together, and this one isn't read",
            limits::TOTAL_BYTES
        ));
    };
    *left = rest;
    String::from_utf8(content).map_err(|_| "the file is not UTF-8".to_owned())
}
