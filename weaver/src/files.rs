//! The files of a registry: the only module that reads files.

use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::fields::Found;
use crate::limits;
use crate::place::{Place, shown};
use crate::problem::{Kind, Problem};

/// The names of the manifest, the newer one first.
pub(crate) const MANIFESTS: [&str; 2] = ["manifest.yaml", "registry_manifest.yaml"];

/// A file of schemas that stands among the conventions' files and is no part of the registry.
const NO_PART: &str = "schema-next.yaml";

/// A file with its text.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) file: Arc<str>,
    pub(crate) text: String,
}

/// What a folder holds.
#[derive(Debug, Default)]
pub(crate) struct Folder {
    pub(crate) manifest: Option<Text>,
    pub(crate) texts: Vec<Text>,
}

/// Reads all files below a folder, in the order of their paths. `before` is put before their names, and `bytes` is what may still
/// be read of all registries.
pub(crate) fn read(folder: &Path, before: &str, bytes: &mut u64, found: &mut Found) -> Folder {
    let mut walk = Walk { root: None, before, paths: Vec::new(), full: false };
    match fs::canonicalize(folder) {
        Ok(root) if root.is_dir() => {
            walk.root = Some(root.clone());
            walk.folder(&root, "", 0, found);
        }
        Ok(_) => found.problem(no_folder(before, folder, "it is no folder")),
        Err(error) => found.problem(no_folder(before, folder, &error.to_string())),
    }
    let mut paths = walk.paths;
    paths.sort();
    let mut read = Folder::default();
    for (name, path) in paths {
        let is_manifest = MANIFESTS.contains(&name.as_str());
        let file: Arc<str> = Arc::from(format!("{before}{name}"));
        let Some(text) = text(&path, &file, bytes, found) else {
            continue;
        };
        let text = Text { file, text };
        if !is_manifest {
            read.texts.push(text);
        } else if let Some(first) = &read.manifest {
            let problem = Problem::new(
                Kind::Duplicate,
                Place::start(&text.file),
                "a registry has two manifests",
                "keep `manifest.yaml`, and take the other one out",
            );
            found.problem(problem.with(Place::start(&first.file), "the other one"));
        } else {
            read.manifest = Some(text);
        }
    }
    read
}

fn no_folder(before: &str, folder: &Path, why: &str) -> Problem {
    let name = if before.is_empty() { "." } else { before };
    Problem::new(
        Kind::File,
        Place::start(&Arc::from(name)),
        format!("the registry `{}` can't be read: {why}", shown(&folder.to_string_lossy())),
        "name the folder that holds the registry's files",
    )
}

struct Walk<'a> {
    root: Option<PathBuf>,
    before: &'a str,
    paths: Vec<(String, PathBuf)>,
    full: bool,
}

impl Walk<'_> {
    fn problem(&self, found: &mut Found, kind: Kind, name: &str, message: String, help: &str) {
        let file: Arc<str> = Arc::from(format!("{}{name}", self.before));
        found.problem(Problem::new(kind, Place::start(&file), message, help));
    }

    fn folder(&mut self, path: &Path, name: &str, depth: usize, found: &mut Found) {
        if depth > limits::FOLDERS {
            let message = format!("folders nest deeper than {}", limits::FOLDERS);
            return self.problem(found, Kind::Limit, name, message, "put the files further up");
        }
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) => {
                let message = format!("the folder can't be read: {error}");
                return self.problem(found, Kind::File, name, message, "see to its permissions");
            }
        };
        let mut names: Vec<(String, PathBuf)> = Vec::new();
        for entry in entries {
            match entry {
                Ok(entry) => match entry.file_name().into_string() {
                    Ok(name) => names.push((name, entry.path())),
                    Err(other) if is_yaml(&other.to_string_lossy()) => {
                        let message = "the file's name is not UTF-8".to_owned();
                        self.problem(
                            found,
                            Kind::File,
                            &other.to_string_lossy(),
                            message,
                            "give it another name",
                        );
                    }
                    Err(_) => {}
                },
                Err(error) => {
                    let message = format!("the folder can't be read: {error}");
                    self.problem(found, Kind::File, name, message, "see to its permissions");
                }
            }
        }
        names.sort();
        for (entry, path) in names.into_iter().filter(|(entry, _)| !entry.starts_with('.')) {
            let below = if name.is_empty() { entry.clone() } else { format!("{name}/{entry}") };
            self.entry(&path, &entry, below, depth, found);
        }
    }

    fn entry(&mut self, path: &Path, entry: &str, name: String, depth: usize, found: &mut Found) {
        let metadata = match fs::symlink_metadata(path) {
            Ok(metadata) => metadata,
            Err(error) => {
                let message = format!("it can't be read: {error}");
                return self.problem(found, Kind::File, &name, message, "see to its permissions");
            }
        };
        if metadata.is_symlink() && !self.inside(path, entry, &name, found) {
            return;
        }
        let is_file = if metadata.is_symlink() { path.is_file() } else { metadata.is_file() };
        if metadata.is_dir() {
            self.folder(path, &name, depth + 1, found);
        } else if is_file && depth > 0 && MANIFESTS.contains(&entry) {
            let file: Arc<str> = Arc::from(format!("{}{name}", self.before));
            found.left(Place::start(&file), "the file", "a manifest stands at the top of a registry");
        } else if is_file && is_yaml(entry) && entry != NO_PART {
            if self.paths.len() < limits::FILES {
                self.paths.push((name, path.to_owned()));
            } else if !self.full {
                self.full = true;
                let message = format!("the registry has more than {} files", limits::FILES);
                self.problem(found, Kind::Limit, &name, message, "join some of them");
            }
        }
    }

    /// Whether a link leads to a file inside the folder. Links to folders are not followed.
    fn inside(&self, path: &Path, entry: &str, name: &str, found: &mut Found) -> bool {
        let target = match fs::canonicalize(path) {
            Ok(target) => target,
            Err(error) if is_yaml(entry) => {
                let message = format!("the link leads nowhere: {error}");
                self.problem(found, Kind::File, name, message, "take it out, or mend it");
                return false;
            }
            Err(_) => return false,
        };
        let is_inside = self.root.as_ref().is_some_and(|root| target.starts_with(root));
        if target.is_dir() {
            let message = "the link leads to a folder, and such links are not followed".to_owned();
            self.problem(found, Kind::File, name, message, "put the files into the registry's folder");
            return false;
        }
        if !is_inside && is_yaml(entry) {
            let message = "the link leads out of the registry's folder".to_owned();
            self.problem(found, Kind::File, name, message, "put the file into the registry's folder");
        }
        is_inside
    }
}

fn is_yaml(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

/// The text of a file, if it is one that is read.
fn text(path: &Path, file: &Arc<str>, bytes: &mut u64, found: &mut Found) -> Option<String> {
    let mut content = Vec::new();
    let read = fs::File::open(path)
        .and_then(|opened| opened.take(limits::FILE_BYTES.saturating_add(1)).read_to_end(&mut content));
    let length = match read {
        Ok(length) => u64::try_from(length).unwrap_or(u64::MAX),
        Err(error) => {
            let what = if error.kind() == ErrorKind::NotFound {
                "is not there".to_owned()
            } else {
                format!("can't be read: {error}")
            };
            found.problem(Problem::new(
                Kind::File,
                Place::start(file),
                format!("the file {what}"),
                "see to the file",
            ));
            return None;
        }
    };
    if length > limits::FILE_BYTES {
        let message = format!("the file is longer than {} bytes", limits::FILE_BYTES);
        found.problem(Problem::new(Kind::Limit, Place::start(file), message, "split it"));
        return None;
    }
    let Some(rest) = bytes.checked_sub(length) else {
        let message = format!("the files are longer than {} bytes together", limits::TOTAL_BYTES);
        found.problem(Problem::new(Kind::Limit, Place::start(file), message, "split the registry"));
        *bytes = 0;
        return None;
    };
    *bytes = rest;
    match String::from_utf8(content) {
        Ok(text) => Some(match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.to_owned(),
            None => text,
        }),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let before = error.as_bytes().get(..valid).unwrap_or_default();
            let line = before.iter().filter(|byte| **byte == b'\n').count().saturating_add(1);
            let of_line = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
            let column = String::from_utf8_lossy(of_line).chars().count().saturating_add(1);
            let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            let place = Place { file: Arc::clone(file), line: small(line), column: small(column) };
            found.problem(Problem::new(Kind::File, place, "the file is not UTF-8", "save it as UTF-8"));
            None
        }
    }
}
