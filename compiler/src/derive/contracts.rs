//! Finds the contract that a crate's structs are held to.
#![allow(clippy::disallowed_methods, reason = "the derive reads what the build script left, or the contract itself")]

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use slo_stdlib_mappings::VOCABULARIES;

use crate::diagnostic::{Severity, render};
use crate::ir::Contract;
use crate::load;
use crate::source::{SourceFile, SourceMap};

/// The file in `OUT_DIR` in which the build-script helper leaves the contract.
pub const CONTRACTS_FILE: &str = "slo_contracts.json";

/// The file beside it that says whether it is another one than before.
pub const HASH_FILE: &str = "slo_contracts.hash";

/// A contract with the folder that it was read from.
#[derive(Debug, Serialize, Deserialize)]
pub struct Contracts {
    /// The contract's root.
    pub root: PathBuf,
    /// The contract.
    pub contract: Contract,
    /// The files to watch, where no build script does.
    #[serde(skip)]
    pub watched: Vec<PathBuf>,
}

/// Why there is no contract.
#[derive(Debug)]
#[non_exhaustive]
pub enum ContractsError {
    /// None was found.
    Load(load::LoadError),
    /// It is not sound; its findings, rendered, and the files that they are in.
    NotSound(String, Vec<PathBuf>),
    /// What the build script left can't be read.
    Unreadable(String),
}

impl std::fmt::Display for ContractsError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ContractsError::Load(error) => error.fmt(formatter),
            ContractsError::NotSound(findings, _) => write!(formatter, "the contract is not sound\n{findings}"),
            ContractsError::Unreadable(why) => {
                write!(formatter, "what the build script left can't be read, build again: {why}")
            }
        }
    }
}

impl std::error::Error for ContractsError {}

impl Contracts {
    /// What tells one state of `out_dir` from another; none where no build script left a contract there.
    #[must_use]
    pub fn hash(out_dir: &Path) -> Option<String> {
        fs::read_to_string(out_dir.join(HASH_FILE)).ok()
    }

    /// Reads what the build-script helper left.
    ///
    /// # Errors
    /// Says why it can't be read.
    pub fn from_out_dir(out_dir: &Path) -> Result<Contracts, ContractsError> {
        let unreadable = |error: &dyn std::fmt::Display| ContractsError::Unreadable(error.to_string());
        let text = fs::read_to_string(out_dir.join(CONTRACTS_FILE)).map_err(|error| unreadable(&error))?;
        serde_json::from_str(&text).map_err(|error| unreadable(&error))
    }

    /// Finds the contract root that belongs to a crate and compiles it.
    ///
    /// # Errors
    /// Says why there is no sound contract.
    pub fn from_crate(manifest_dir: &Path) -> Result<Contracts, ContractsError> {
        let root = load::find_root(manifest_dir).map_err(ContractsError::Load)?;
        let input = load::load(&root).map_err(ContractsError::Load)?;
        let compilation = crate::compile(&input);
        let own = compilation.sources.files().filter(|(_, file)| file.root == 0);
        let watched: Vec<PathBuf> = own.map(|(_, file)| root.join(&file.path)).collect();
        match (compilation.checked, compilation.contract) {
            (Some(_), Some(contract)) => Ok(Contracts { root, contract, watched }),
            _ => {
                let mut errors = compilation.diagnostics;
                errors.retain(|diagnostic| diagnostic.severity == Severity::Error);
                Err(ContractsError::NotSound(render::rustc(&errors, &compilation.sources), watched))
            }
        }
    }

    /// The texts that the contract's places point into, for showing them; what can't be read any more is empty.
    #[must_use]
    pub fn sources(&self) -> SourceMap {
        let mut sources = SourceMap::default();
        for path in &self.contract.places.files {
            let of_table = VOCABULARIES.iter().find_map(|table| {
                let path = path.strip_prefix(table.name)?.strip_prefix('/')?;
                table.files.iter().find(|file| file.path == path)
            });
            let text = match of_table {
                Some(file) => file.text.to_owned(),
                None => fs::read_to_string(self.root.join(path)).unwrap_or_default(),
            };
            let name = if of_table.is_some() { path.clone() } else { self.shown(path) };
            sources.add(SourceFile { name, path: path.clone(), root: 0, text: text.into(), owner: None });
        }
        sources
    }

    /// A file's path as people know it: with the root's own folder before it.
    fn shown(&self, path: &str) -> String {
        match self.root.file_name() {
            Some(folder) => format!("{}/{path}", folder.to_string_lossy()),
            None => path.to_owned(),
        }
    }
}
