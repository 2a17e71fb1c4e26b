//! The program's commands.

pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod new;
pub(crate) mod show;

use std::path::PathBuf;

use slo_compiler::diagnostic::Severity;
use slo_compiler::{Compilation, FILE_NAME, load};

use crate::Outcome;
use crate::arguments::{Findings, Root};

/// Why a request could not be carried out.
pub(crate) type Failure = Box<dyn std::error::Error>;

/// Compiles the root that was asked for, the structs of its crates included.
pub(crate) fn compile(root: &Root) -> Result<(PathBuf, Compilation), Failure> {
    let path = match &root.root {
        // A crate's folder stands for the contract in it.
        Some(root) if !root.join(FILE_NAME).exists() && root.join("slo").join(FILE_NAME).is_file() => {
            root.join("slo")
        }
        Some(root) => root.clone(),
        None => load::find_root(std::path::Path::new("."))?,
    };
    let compilation = slo_compiler::derive::crates::compile(&path)?;
    Ok((path, compilation))
}

/// How a run with these findings ends.
pub(crate) fn outcome(compilation: &Compilation, findings: &Findings) -> Outcome {
    let denied = findings.deny_warnings && compilation.count(Severity::Warning) > 0;
    if compilation.checked.is_none() || compilation.count(Severity::Error) > 0 || denied {
        Outcome::Findings
    } else {
        Outcome::Sound
    }
}
