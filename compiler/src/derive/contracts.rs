//! Finds the contract that a crate's structs are held to.
#![allow(
    clippy::disallowed_methods,
    reason = "the derive reads what the build script left, or the contract itself"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::bundle;
use crate::diagnostic::{Diagnostic, Severity, render};
use crate::input::Input;
use crate::ir::Contract;
use crate::load;
use crate::pinned::LOCK_NAME;
use crate::plan::{Arena, Plan};
use crate::source::{SourceFile, SourceMap};
use crate::target;

/// The file in `OUT_DIR` in which the build-script helper leaves the texts of the contract.
pub const BUNDLE_FILE: &str = "slo_contracts.bundle";

/// A contract with its texts.
#[derive(Debug)]
pub struct Contracts {
    /// The contract.
    pub contract: Arc<Contract>,
    /// The files to watch, where no build script does.
    pub watched: Vec<PathBuf>,
    /// Why no Rust can be made of its events.
    pub not_for_rust: Option<String>,
    /// The texts that its places point into, for showing them.
    pub sources: SourceMap,
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
    Unreadable,
}

impl std::fmt::Display for ContractsError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ContractsError::Load(error) => error.fmt(formatter),
            ContractsError::NotSound(findings, _) => {
                write!(formatter, "the contract is not sound\n{findings}")
            }
            ContractsError::Unreadable => formatter
                .write_str("what the build script left can't be read: build again after `cargo clean`"),
        }
    }
}

impl std::error::Error for ContractsError {}

/// A contract root as it was read, and not compiled yet.
#[derive(Debug)]
pub struct ContractRoot {
    bundle: String,
    /// What was read from disk; nothing where a build script did.
    input: Option<Input<'static>>,
}

impl ContractRoot {
    /// What the build-script helper left; none where there is no build script that calls it.
    #[must_use]
    pub fn of_build_script(out_dir: &Path) -> Option<ContractRoot> {
        let bundle = fs::read_to_string(out_dir.join(BUNDLE_FILE)).ok()?;
        Some(ContractRoot { bundle, input: None })
    }

    /// Finds and reads the contract root that belongs to a crate.
    ///
    /// # Errors
    /// Says why there is none.
    pub fn of_crate(manifest_dir: &Path) -> Result<ContractRoot, ContractsError> {
        let root = load::find_root(manifest_dir).map_err(ContractsError::Load)?;
        let input = load::load(&root).map_err(ContractsError::Load)?;
        Ok(ContractRoot { bundle: bundle::write(&input, &[]), input: Some(input) })
    }

    /// What tells one state of the root from another: its texts.
    #[must_use]
    pub fn state(&self) -> &str {
        &self.bundle
    }
}

/// The errors among findings, rendered; none where there is none.
fn errors(mut findings: Vec<Diagnostic>, sources: &SourceMap) -> Option<String> {
    findings.retain(|diagnostic| diagnostic.severity == Severity::Error);
    (!findings.is_empty()).then(|| render::rustc(&findings, sources))
}

impl Contracts {
    /// Compiles a contract root that was read.
    ///
    /// # Errors
    /// Says why the contract is not sound.
    pub fn from_root(root: ContractRoot) -> Result<Contracts, ContractsError> {
        let by_build_script = root.input.is_none();
        let (texts, is_sound) = bundle::unchecked(&root.bundle);
        let Some(mut input) = root.input.or_else(|| bundle::read(texts)) else {
            return Err(ContractsError::Unreadable);
        };
        let lists = bundle::noted(&mut input);
        let mut compilation = match is_sound {
            true => crate::compile_sound(&input),
            false => crate::compile(&input),
        };
        compilation.leave_houses_out();
        let mut watched = Vec::new();
        if !by_build_script {
            let lists = std::mem::take(&mut *bundle::listed(&lists));
            let in_root = |(root, path, _): bundle::List| Some(input.roots.get(root)?.folder.join(path));
            let files = compilation.sources.files().map(|(_, file)| PathBuf::from(&file.name));
            watched.extend(files.chain(lists.into_iter().filter_map(in_root)));
            // Another revision stands in other files.
            watched
                .extend(input.roots.first().map(|root| load::Home::of(&root.folder).folder.join(LOCK_NAME)));
            // What is built in is no file.
            watched.retain(|path| path.is_file());
        }
        match compilation.checked {
            Some(checked) => {
                // What the build script leaves, it has made Rust of.
                let refused = match is_sound {
                    true => Vec::new(),
                    false => target::rust::refuse(&Plan::of(&Arena::default(), &checked)),
                };
                let not_for_rust = errors(refused, &compilation.sources);
                let sources = shown(&compilation.sources, &input);
                Ok(Contracts { contract: checked.shared(), watched, not_for_rust, sources })
            }
            None => {
                let errors = errors(compilation.diagnostics, &compilation.sources);
                Err(ContractsError::NotSound(errors.unwrap_or_default(), watched))
            }
        }
    }
}

/// The texts with the names that people know them by: the root's own folder, and the path from there.
fn shown(sources: &SourceMap, input: &Input<'_>) -> SourceMap {
    let mut named = SourceMap::default();
    for (_, file) in sources.files() {
        let folder = input.roots.get(file.root).and_then(|root| root.folder.file_name());
        let name = match folder {
            Some(folder) => format!("{}/{}", folder.to_string_lossy(), file.path),
            None => file.path.clone(),
        };
        named.add(SourceFile { name, ..file.clone() });
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{InputFile, Root};

    const MANIFEST: &str = "name = \"shop\"\nversion = \"1.0.0\"\nslo = \"0.1\"\nowner = \"team-shop\"\n\n[vocabularies]\n\"std.error\" = \"0.1.0\"\n";

    /// A meaning whose own variant shows this code, beside one that shows it where it isn't left out.
    fn bundle_of(code: &str) -> String {
        let contract = format!(
            "package shop\n\nuse std.error\n\nscope Orders {{}}\n\nmeaning Sale {{\n    Sold \"sold\" {{\n        all {{ {code} }}\n        log info\n    }}\n    ...AnyError\n}}\n\nevent Sold in Orders {{\n    outcome: Sale\n    metric shop.sales: counter, unit=\"{{sale}}\", points=120 {{ outcome }}\n}}\n"
        );
        let files = vec![InputFile::new("shop.slo", contract)];
        let root = Root::new(InputFile::new("slo.toml", MANIFEST), files);
        bundle::write(&Input { roots: vec![root], data: None }, &[])
    }

    fn of_build_script(bundle: String) -> Result<Contracts, ContractsError> {
        Contracts::from_root(ContractRoot { bundle, input: None })
    }

    #[test]
    fn what_was_checked_is_the_same_contract() {
        let bundle = bundle_of("result = \"sold\"");
        let contracts = [bundle::checked(&bundle), bundle].map(|bundle| {
            let contracts = of_build_script(bundle).map_err(|error| error.to_string());
            contracts.map(|contracts| format!("{contracts:?}"))
        });
        let [Ok(checked), Ok(unchecked)] = contracts else { panic!("{contracts:?}") };
        assert_eq!(checked, unchecked);
    }

    #[test]
    fn only_the_word_of_this_compiler_counts() {
        let bundle = bundle_of("error.code = \"OS_TIMED_OUT\"");
        for unchecked in [bundle.clone(), format!("checked by slo 0.0.0\n{bundle}")] {
            let found = of_build_script(unchecked);
            assert!(matches!(&found, Err(ContractsError::NotSound(why, _)) if why.contains("SLO0901")));
        }
        // Otherwise each derive would check the contract again.
        assert!(of_build_script(bundle::checked(&bundle)).is_ok());
    }
}
