//! `--save` and `--merge`.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use slo_verify::{Report, SavedError};

use super::super::Failure;

/// The largest saved run that is read, in bytes: one with as many causes and scopes as a run tells apart has some megabytes.
const LARGEST: u64 = 64 << 20;

pub(super) fn write(path: &Path, report: &Report, hashes: &[String]) -> Result<(), Failure> {
    let text = report.to_json(hashes)?;
    std::fs::write(path, text)
        .map_err(|error| format!("`{}` can't be written: {error}", path.display()).into())
}

/// Reads runs that contracts of these hashes judged, each once.
pub(super) fn read_all(paths: &[PathBuf], hashes: &[String]) -> Result<Vec<Report>, Failure> {
    let mut seen = BTreeSet::new();
    for path in paths {
        // One that can't be found is told where it is read.
        if let Ok(own) = path.canonicalize()
            && !seen.insert(own)
        {
            return Err(format!("`{}` is named twice, and would count twice", path.display()).into());
        }
    }
    let whole = |path: &PathBuf| {
        let report = read(path, hashes)?;
        // It may have been judged by earlier versions besides.
        match report.coverage.len() == hashes.len() {
            true => Ok(report),
            false => Err(format!("`{}` can't be read: {}", path.display(), SavedError::Contracts).into()),
        }
    };
    paths.iter().map(whole).collect()
}

/// Reads a run that contracts of these hashes judged, and after them maybe earlier versions.
pub(super) fn read(path: &Path, hashes: &[String]) -> Result<Report, Failure> {
    let unread = |error: &dyn std::fmt::Display| format!("`{}` can't be read: {error}", path.display());
    let file = File::open(path).map_err(|error| unread(&error))?;
    let mut text = String::new();
    file.take(LARGEST + 1).read_to_string(&mut text).map_err(|error| unread(&error))?;
    if text.len() as u64 > LARGEST {
        return Err(unread(&format!("it has more than {LARGEST} bytes")).into());
    }
    Report::from_json(&text, hashes).map_err(|error| unread(&error).into())
}
