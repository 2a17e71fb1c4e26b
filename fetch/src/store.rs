//! Where what was fetched is put: whole or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use slo_compiler::load::{cached, read_tree};
use slo_compiler::pinned::{Lock, Locked, Tree, unsafe_path};
use tempfile::TempDir;

use crate::error::FetchError;

/// Keeps line ends as they are, on which the hashes stand, and tells GitHub whose files these are.
const ATTRIBUTES: &str = "# `slo fetch --vendor` writes this folder.\n* -text linguist-vendored\n";
const ATTRIBUTES_NAME: &str = ".gitattributes";

/// A folder of sources by the hashes of their contents.
pub(crate) struct Store {
    folder: PathBuf,
    /// What goes with the run.
    _temporary: Option<TempDir>,
}

fn unwritable(path: &Path, error: io::Error) -> FetchError {
    FetchError::new(
        format!("`{}` can't be written: {error}", path.display()),
        "see to its permissions, and to the space that is left",
    )
}

impl Store {
    pub(crate) fn cache(folder: &Path) -> Result<Store, FetchError> {
        fs::create_dir_all(folder).map_err(|error| unwritable(folder, error))?;
        Ok(Store { folder: folder.to_owned(), _temporary: None })
    }

    pub(crate) fn temporary() -> Result<Store, FetchError> {
        let temporary =
            TempDir::with_prefix("slo-fetch-").map_err(|error| unwritable(&std::env::temp_dir(), error))?;
        Ok(Store { folder: temporary.path().to_owned(), _temporary: Some(temporary) })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Puts a tree under the hash of its content, unless it is there.
    pub(crate) fn put(&mut self, sha256: &str, tree: &Tree) -> Result<(), FetchError> {
        let place = cached(&self.folder, sha256);
        if read_tree(&place).is_ok_and(|there| there == *tree) {
            return Ok(());
        }
        let parent = place.parent().unwrap_or(&self.folder);
        fs::create_dir_all(parent).map_err(|error| unwritable(parent, error))?;
        replace(&place, tree).or_else(|error| match read_tree(&place) {
            // Another run put it there meanwhile.
            Ok(there) if there == *tree => Ok(()),
            _ => Err(unwritable(&place, error)),
        })
    }
}

/// Writes a tree beside a folder, and moves it there when it is whole.
fn replace(place: &Path, tree: &Tree) -> io::Result<()> {
    let parent = place.parent().unwrap_or(Path::new("."));
    let new = tempfile::Builder::new().prefix(".new-").tempdir_in(parent)?;
    let inner = new.path().join("tree");
    fs::create_dir(&inner)?;
    for (path, bytes) in tree.files() {
        if let Some(why) = unsafe_path(path) {
            return Err(io::Error::other(format!("`{path}` {why}")));
        }
        let path = inner.join(path);
        fs::create_dir_all(path.parent().unwrap_or(&inner))?;
        fs::write(path, bytes)?;
    }
    if fs::symlink_metadata(place).is_ok() {
        // What is moved into the temporary folder goes with it.
        let old = new.path().join("old");
        fs::rename(place, &old)?;
        if let Err(error) = fs::rename(&inner, place) {
            let _ = fs::rename(&old, place);
            return Err(error);
        }
        return Ok(());
    }
    fs::rename(&inner, place)
}

/// Whether the folder may hold vendored sources: it is none, or one of slo's, and no link.
pub(crate) fn vendorable(vendor: &Path) -> Result<(), FetchError> {
    match fs::symlink_metadata(vendor) {
        Ok(metadata) if !metadata.is_dir() => {
            Err(FetchError::new(format!("`{}` is no folder", vendor.display()), "move it away"))
        }
        _ => Ok(()),
    }
}

/// Puts all sources into the repository, each into a folder of its name, and takes those out that were locked before and are no
/// more.
pub(crate) fn vendor(
    vendor: &Path,
    sources: &[(Locked, Tree)],
    old: Option<&Lock>,
) -> Result<(), FetchError> {
    fs::create_dir_all(vendor).map_err(|error| unwritable(vendor, error))?;
    let attributes = vendor.join(ATTRIBUTES_NAME);
    if fs::read(&attributes).ok().as_deref() != Some(ATTRIBUTES.as_bytes()) {
        fs::write(&attributes, ATTRIBUTES).map_err(|error| unwritable(&attributes, error))?;
    }
    for (locked, tree) in sources {
        let place = vendor.join(&locked.name);
        if read_tree(&place).is_ok_and(|there| there == *tree) {
            continue;
        }
        replace(&place, tree).map_err(|error| unwritable(&place, error))?;
    }
    let is_gone = |locked: &&Locked| !sources.iter().any(|(now, _)| now.name == locked.name);
    for locked in old.iter().flat_map(|old| &old.sources).filter(is_gone) {
        let place = vendor.join(&locked.name);
        match fs::remove_dir_all(&place) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(unwritable(&place, error)),
            _ => {}
        }
    }
    Ok(())
}
