//! The program's commands.

pub(crate) mod baseline;
pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod diff;
#[cfg(feature = "verify")]
pub(crate) mod draft;
pub(crate) mod explain;
#[cfg(feature = "weaver")]
pub(crate) mod export;
#[cfg(feature = "fetch")]
pub(crate) mod fetch;
pub(crate) mod fmt;
#[cfg(feature = "weaver")]
pub(crate) mod import;
pub(crate) mod lookup;
pub(crate) mod new;
pub(crate) mod show;
#[cfg(feature = "verify")]
pub(crate) mod verify;

mod git;
#[cfg(feature = "readers")]
mod readers;
#[cfg(feature = "weaver")]
mod registry;
mod revision;
#[cfg(feature = "verify")]
mod ways;

use std::path::{Path, PathBuf};

use slo_compiler::diagnostic::{Code, Severity};
use slo_compiler::{Compilation, FILE_NAME, load};

use crate::Outcome;
use crate::arguments::{Findings, Root};
use crate::output::{self, Stream};

/// Why a request could not be carried out.
pub(crate) type Failure = Box<dyn std::error::Error>;

/// The folder of the contract that is meant by a folder: a crate's stands for the contract in it.
pub(crate) fn folder_of(path: &Path) -> PathBuf {
    let inner = path.join("slo");
    let stands_for = !path.join(FILE_NAME).exists() && inner.join(FILE_NAME).is_file();
    if stands_for { inner } else { path.to_owned() }
}

/// The folder of the root that was asked for.
pub(crate) fn path_of(root: &Root) -> Result<PathBuf, Failure> {
    Ok(match &root.root {
        Some(root) => folder_of(root),
        None => load::find_root(Path::new("."))?,
    })
}

/// Compiles the root that was asked for, the structs of its crates included.
pub(crate) fn compile(root: &Root) -> Result<(PathBuf, Compilation), Failure> {
    let path = path_of(root)?;
    let compilation = slo_compiler::derive::crates::compile(&path)?;
    Ok((path, compilation))
}

/// The findings as they were asked for.
pub(crate) fn findings(compilation: &Compilation, findings: &Findings, stream: Stream) -> String {
    output::rendered(
        &compilation.diagnostics,
        &compilation.sources,
        &findings.shown,
        findings.deny_warnings,
        stream,
    )
}

/// How a run with these findings ends.
pub(crate) fn outcome(compilation: &Compilation, findings: &Findings) -> Outcome {
    // A day that is past fails no run: what was green stays green until somebody changes something.
    let past = compilation.diagnostics.iter().filter(|finding| finding.code == Code::DayPast).count();
    let denied = findings.deny_warnings && compilation.count(Severity::Warning) > past;
    if compilation.checked.is_none() || compilation.count(Severity::Error) > 0 || denied {
        Outcome::Findings
    } else {
        Outcome::Sound
    }
}
