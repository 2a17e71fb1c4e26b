//! Writes files to disk: all of them or none, and nothing over what a person wrote.
#![allow(clippy::disallowed_methods, reason = "this is the module that writes files")]

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::target::File;

/// Over what a file may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Over nothing that is there.
    Nothing,
    /// Over what this compiler generated.
    #[cfg(feature = "json")]
    Generated,
    /// Over whatever is there.
    Anything,
}

/// Why nothing was written.
#[derive(Debug)]
#[non_exhaustive]
pub enum SaveError {
    /// These stand where files must go, and may not be written over.
    InTheWay(Vec<PathBuf>),
    /// The system says no.
    Failed(PathBuf, io::Error),
}

impl fmt::Display for SaveError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SaveError::InTheWay(paths) => {
                let names: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
                let verb = if names.len() == 1 { "is" } else { "are" };
                write!(formatter, "{} {verb} there already", crate::text::list(&names))
            }
            SaveError::Failed(path, error) => {
                write!(formatter, "`{}` can't be written: {error}", path.display())
            }
        }
    }
}

impl std::error::Error for SaveError {}

/// Writes `files` into `folder`, with the folders that their paths name, and removes `superseded`.
///
/// Each file is written beside its place first, and moved there when all are; where one can't be moved, those that
/// were are moved back.
///
/// # Errors
/// Says why nothing was written.
pub fn save(folder: &Path, files: &[&File], superseded: &[PathBuf], over: Over) -> Result<(), SaveError> {
    let paths: Vec<PathBuf> = files.iter().map(|file| folder.join(&file.path)).collect();
    in_the_way(&paths, over)?;
    let mut made = make_folders(folder)?;
    let mut folders = paths.iter().filter_map(|path| path.parent());
    let changed = folders
        .try_for_each(|parent| {
            within(folder, parent)?;
            make_folders(parent).map(|new| made.extend(new))
        })
        .and_then(|()| change(folder, &paths, files, superseded));
    if changed.is_err() {
        remove_folders(&made);
    }
    changed
}

/// Writes another text into a file that is there, whole or not at all. A link stays one.
///
/// # Errors
/// Says why nothing was written.
pub fn rewrite(path: &Path, text: &str) -> Result<(), SaveError> {
    let rewritten = fs::canonicalize(path).and_then(|real| {
        let permissions = fs::metadata(&real)?.permissions();
        if permissions.readonly() {
            return Err(io::Error::from(io::ErrorKind::PermissionDenied));
        }
        let folder = real.parent().unwrap_or(Path::new(""));
        let mut beside = Beside { folder, count: 0, paths: Vec::new() };
        let new = beside.write(text)?;
        fs::set_permissions(&new, permissions)?;
        fs::rename(&new, &real)
    });
    rewritten.map_err(|error| SaveError::Failed(path.to_owned(), error))
}

/// The text of a file that this compiler generated; none where something else stands there, or nothing.
#[cfg(feature = "json")]
#[must_use]
pub fn generated(path: &Path) -> Option<String> {
    // A pipe would never end: what a file is is asked before it is opened.
    let is_file = fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
    let text = is_file.then(|| fs::read_to_string(path).ok())??;
    crate::target::is_generated(&text).then_some(text)
}

fn in_the_way(paths: &[PathBuf], over: Over) -> Result<(), SaveError> {
    if let Some(path) = paths.iter().find(|path| path.is_dir()) {
        return Err(SaveError::Failed(path.clone(), io::Error::other("it is a folder")));
    }
    let is_kept = |path: &&PathBuf| match over {
        Over::Anything => false,
        #[cfg(feature = "json")]
        Over::Generated => fs::symlink_metadata(path).is_ok() && generated(path).is_none(),
        Over::Nothing => fs::symlink_metadata(path).is_ok(),
    };
    let kept: Vec<PathBuf> = paths.iter().filter(is_kept).cloned().collect();
    if kept.is_empty() { Ok(()) } else { Err(SaveError::InTheWay(kept)) }
}

/// A folder in the one that is written into is a folder: by a link, files would be written elsewhere.
fn within(folder: &Path, inner: &Path) -> Result<(), SaveError> {
    let between = inner.ancestors().take_while(|between| *between != folder);
    for between in between {
        let is_link = fs::symlink_metadata(between).is_ok_and(|metadata| metadata.is_symlink());
        if is_link || !inner.starts_with(folder) {
            let error = io::Error::other("it leads out of the folder that is written into");
            return Err(SaveError::Failed(between.to_owned(), error));
        }
    }
    Ok(())
}

/// Makes a folder with those above it, and gives those that were not there, the outermost first.
fn make_folders(folder: &Path) -> Result<Vec<PathBuf>, SaveError> {
    let missing = folder.ancestors().take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists());
    let mut missing: Vec<PathBuf> = missing.map(Path::to_owned).collect();
    missing.reverse();
    match fs::create_dir_all(folder) {
        Ok(()) => Ok(missing),
        Err(error) => {
            remove_folders(&missing);
            Err(SaveError::Failed(folder.to_owned(), error))
        }
    }
}

/// Removes folders that were made, the innermost first; one that holds something by now stays.
fn remove_folders(made: &[PathBuf]) {
    for folder in made.iter().rev() {
        let _ = fs::remove_dir(folder);
    }
}

fn change(
    folder: &Path,
    paths: &[PathBuf],
    files: &[&File],
    superseded: &[PathBuf],
) -> Result<(), SaveError> {
    let mut beside = Beside { folder, count: 0, paths: Vec::new() };
    let mut changes = Vec::new();
    for (path, file) in paths.iter().zip(files) {
        let new = beside.write(&file.text).map_err(|error| SaveError::Failed(path.clone(), error))?;
        changes.push((path, Some(new)));
    }
    changes.extend(superseded.iter().map(|path| (path, None)));
    let mut done: Vec<(&Path, Option<PathBuf>)> = Vec::new();
    for (path, new) in &changes {
        let moved = beside.keep(path).and_then(|old| {
            done.push((path, old));
            match new {
                Some(new) => fs::rename(new, path),
                None => fs::remove_file(path),
            }
        });
        if let Err(error) = moved {
            for (path, old) in done.into_iter().rev() {
                let _ = match old {
                    Some(old) => fs::rename(old, path),
                    None => fs::remove_file(path),
                };
            }
            return Err(SaveError::Failed((*path).clone(), error));
        }
    }
    Ok(())
}

/// Files that stand in a folder until all is done, and go then.
struct Beside<'f> {
    folder: &'f Path,
    count: u32,
    paths: Vec<PathBuf>,
}

impl Beside<'_> {
    /// A name that no file has yet.
    fn name(&mut self) -> PathBuf {
        loop {
            let path = self.folder.join(format!(".slo-{}-{}", std::process::id(), self.count));
            self.count += 1;
            if fs::symlink_metadata(&path).is_err() {
                self.paths.push(path.clone());
                return path;
            }
        }
    }

    fn write(&mut self, text: &str) -> io::Result<PathBuf> {
        let path = self.name();
        let mut file = fs::File::create_new(&path)?;
        file.write_all(text.as_bytes())?;
        Ok(path)
    }

    /// Keeps what stands at a path under a second name; none where nothing does.
    fn keep(&mut self, path: &Path) -> io::Result<Option<PathBuf>> {
        if fs::symlink_metadata(path).is_err() {
            return Ok(None);
        }
        let kept = self.name();
        // Not every file system has links.
        fs::hard_link(path, &kept).or_else(|_| fs::copy(path, &kept).map(drop))?;
        Ok(Some(kept))
    }
}

impl Drop for Beside<'_> {
    fn drop(&mut self) {
        for path in &self.paths {
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(feature = "json")]
#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.to_owned(), text: text.to_owned() }
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_was_done_is_undone_where_the_last_step_fails() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::write(path.join("a.rs"), "old").unwrap();
        fs::write(path.join("gone.rs"), "kept").unwrap();
        let (a, b) = (file("a.rs", "new"), file("b.rs", "new"));
        // A file can't be removed that isn't there.
        let superseded = [path.join("gone.rs"), path.join("never.rs")];
        let failed = save(path, &[&a, &b], &superseded, Over::Anything);
        assert!(matches!(failed, Err(SaveError::Failed(at, _)) if at == superseded[1]));
        assert_eq!(names(path), ["a.rs", "gone.rs"]);
        assert_eq!(fs::read_to_string(path.join("a.rs")).unwrap(), "old");
        assert_eq!(fs::read_to_string(path.join("gone.rs")).unwrap(), "kept");
        save(path, &[&a, &b], &superseded[..1], Over::Anything).unwrap();
        assert_eq!(names(path), ["a.rs", "b.rs"]);
        assert_eq!(fs::read_to_string(path.join("a.rs")).unwrap(), "new");
    }

    #[test]
    fn folders_that_were_made_go_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        // A file can't be removed that isn't there.
        let never = [path.join("never.rs")];
        let failed = save(&path.join("x/y"), &[&file("made/too/a.rs", "")], &never, Over::Nothing);
        assert!(failed.is_err());
        assert_eq!(names(path), Vec::<String>::new());
        save(&path.join("deep"), &[&file("made/too/a.rs", "")], &[], Over::Nothing).unwrap();
        assert_eq!(names(&path.join("deep/made/too")), ["a.rs"]);
        fs::remove_dir_all(path.join("deep")).unwrap();
        fs::write(path.join("x"), "a file").unwrap();
        assert!(save(&path.join("x/y"), &[&file("a.rs", "")], &[], Over::Anything).is_err());
        assert_eq!(names(path), ["x"]);
    }

    #[cfg(unix)]
    #[test]
    fn folders_within_are_made_and_links_are_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        save(&path.join("out"), &[&file("a/b/c.rs", "new")], &[], Over::Nothing).unwrap();
        assert_eq!(fs::read_to_string(path.join("out/a/b/c.rs")).unwrap(), "new");
        fs::create_dir(path.join("elsewhere")).unwrap();
        std::os::unix::fs::symlink(path.join("elsewhere"), path.join("out/link")).unwrap();
        let failed = save(&path.join("out"), &[&file("link/c.rs", "new")], &[], Over::Anything);
        assert!(failed.unwrap_err().to_string().contains("leads out of the folder"));
        assert_eq!(names(&path.join("elsewhere")), Vec::<String>::new());
    }

    #[test]
    fn what_was_generated_is_known_by_its_first_line_or_as_a_contract() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        for (text, expected) in [
            ("// @generated by slo from the contract `x`; do not edit.\n", true),
            ("// @generated by slo from the vocabulary `x`; do not edit.\n", true),
            ("//! Ours.\n// @generated by slo from the contract `x`\n", false),
            ("", false),
            ("{\"format\": 1, \"packages\": [], \"containers\": [], \"places\": {}}", true),
            ("{\"format\": 1, \"packages\": []}", false),
            ("{}", false),
        ] {
            fs::write(&path, text).unwrap();
            assert_eq!(generated(&path).is_some(), expected, "{text}");
        }
    }
}
