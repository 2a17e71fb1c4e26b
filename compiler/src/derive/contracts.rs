//! Finds the contract that a crate's structs are held to.
#![allow(
    clippy::disallowed_methods,
    reason = "the derive reads what the build script left, or the contract itself"
)]

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};
use slo_stdlib_mappings::VOCABULARIES;

use crate::diagnostic::{Diagnostic, Severity, render};
use crate::input::Input;
use crate::ir::Contract;
use crate::load;
use crate::plan::{Arena, Plan};
use crate::source::{SourceFile, SourceMap};
use crate::target;

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
    pub contract: Arc<Contract>,
    /// The files to watch, where no build script does.
    #[serde(skip)]
    pub watched: Vec<PathBuf>,
    /// Why no Rust can be made of its events; a build script saw to it.
    #[serde(skip)]
    pub not_for_rust: Option<String>,
    /// The texts that its places point into, read when they are first asked for.
    #[serde(skip)]
    sources: OnceLock<SourceMap>,
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
            ContractsError::NotSound(findings, _) => {
                write!(formatter, "the contract is not sound\n{findings}")
            }
            ContractsError::Unreadable(why) => {
                write!(formatter, "what the build script left can't be read, build again: {why}")
            }
        }
    }
}

impl std::error::Error for ContractsError {}

/// A contract root as it was read, and not compiled yet.
#[derive(Debug)]
pub struct ContractRoot {
    root: PathBuf,
    input: Input<'static>,
}

impl ContractRoot {
    /// Finds and reads the contract root that belongs to a crate.
    ///
    /// # Errors
    /// Says why there is none.
    pub fn of_crate(manifest_dir: &Path) -> Result<ContractRoot, ContractsError> {
        let root = load::find_root(manifest_dir).map_err(ContractsError::Load)?;
        let input = load::load(&root).map_err(ContractsError::Load)?;
        Ok(ContractRoot { root, input })
    }

    /// What tells one state of the root from another.
    #[must_use]
    pub fn hash(&self) -> String {
        let files =
            self.input.roots.iter().flat_map(|root| std::iter::once(&root.manifest).chain(&root.files));
        let mut all = self.root.display().to_string();
        for file in files {
            for part in [file.path.as_str(), &file.text] {
                // Lengths keep the parts apart.
                all.push_str(&format!("\n{} {part}", part.len()));
            }
        }
        crate::text::hash(&all)
    }
}

/// The errors among findings, rendered; none where there is none.
fn errors(mut findings: Vec<Diagnostic>, sources: &SourceMap) -> Option<String> {
    findings.retain(|diagnostic| diagnostic.severity == Severity::Error);
    (!findings.is_empty()).then(|| render::rustc(&findings, sources))
}

impl Contracts {
    /// A contract that can be made Rust of, and whose files a build script watches.
    #[must_use]
    pub fn new(root: PathBuf, contract: impl Into<Arc<Contract>>) -> Contracts {
        Contracts {
            root,
            contract: contract.into(),
            watched: Vec::new(),
            not_for_rust: None,
            sources: OnceLock::new(),
        }
    }

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

    /// Compiles a contract root that was read.
    ///
    /// # Errors
    /// Says why the contract is not sound.
    pub fn from_root(root: ContractRoot) -> Result<Contracts, ContractsError> {
        let ContractRoot { root, mut input } = root;
        // The lists of `values=` are known only when they are asked for.
        let lists: Rc<RefCell<Vec<PathBuf>>> = Rc::default();
        if let Some(data) = input.data.take() {
            let lists = Rc::clone(&lists);
            let folders: Vec<PathBuf> = input.roots.iter().map(|root| root.folder.clone()).collect();
            input.data = Some(Box::new(move |number, path| {
                lists.borrow_mut().extend(folders.get(number).map(|folder| folder.join(path)));
                data(number, path)
            }));
        }
        let compilation = crate::compile(&input);
        let files = compilation.sources.files().map(|(_, file)| PathBuf::from(&file.name));
        let mut watched: Vec<PathBuf> = files.chain(lists.take()).collect();
        // What is built in is no file.
        watched.retain(|path| path.is_file());
        match compilation.checked {
            Some(checked) => {
                let refused = target::rust::refuse(&Plan::of(&Arena::default(), &checked));
                let not_for_rust = errors(refused, &compilation.sources);
                Ok(Contracts { watched, not_for_rust, ..Contracts::new(root, checked.shared()) })
            }
            None => {
                let errors = errors(compilation.diagnostics, &compilation.sources);
                Err(ContractsError::NotSound(errors.unwrap_or_default(), watched))
            }
        }
    }

    /// The texts that the contract's places point into, for showing them; what can't be read any more is empty.
    #[must_use]
    pub fn sources(&self) -> &SourceMap {
        self.sources.get_or_init(|| self.read_sources())
    }

    fn read_sources(&self) -> SourceMap {
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
