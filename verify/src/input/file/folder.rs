//! The files of a folder, in the order of their names.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// So many folders may lie in each other.
const DEEPEST: usize = 16;

type Found = Result<(PathBuf, u64), (PathBuf, io::Error)>;

/// Says each file with its length, and what can't be looked into. Hidden files are left out, and folders behind symbolic links.
pub(super) fn find(path: &Path, found: &mut dyn FnMut(Found)) {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => folder(path, DEEPEST, found),
        Ok(metadata) => found(Ok((path.to_owned(), metadata.len()))),
        Err(error) => found(Err((path.to_owned(), error))),
    }
}

fn folder(path: &Path, deep: usize, found: &mut dyn FnMut(Found)) {
    let entries = fs::read_dir(path).and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
    let mut entries = match entries {
        Ok(entries) if deep > 0 => entries,
        Ok(_) => {
            return found(Err((path.to_owned(), io::Error::other("too many folders lie in each other"))));
        }
        Err(error) => return found(Err((path.to_owned(), error))),
    };
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => folder(&path, deep - 1, found),
            Ok(kind) if kind.is_symlink() && path.is_dir() => {}
            Ok(_) => find(&path, found),
            Err(error) => found(Err((path, error))),
        }
    }
}
