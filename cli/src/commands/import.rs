//! `slo import`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use slo_compiler::load;
use slo_weaver::{Dependencies, Problem, Registry, Style, Written};

use super::Failure;
use super::registry::{counted, save, summed, told};
use crate::Outcome;
use crate::arguments::ImportWeaver;
use crate::output;

pub(crate) fn run(import: &ImportWeaver) -> Result<Outcome, Failure> {
    let dependencies = dependencies(&import.dependencies)?;
    let registry = match slo_weaver::read(&import.registry, &dependencies) {
        Ok(registry) => registry,
        Err(problems) => return Ok(refused(&problems, &import.registry)),
    };
    let style = Style { name: name(import, &registry)?, docs: !import.no_docs };
    let written = match slo_weaver::write(&registry, &style) {
        Ok(written) => written,
        Err(problems) => return Ok(refused(&problems, Path::new(""))),
    };
    let Written { files, counts, left } = &written;
    output::result(&told(left, &import.registry))?;
    if !import.dry_run {
        save(&import.out, files, import.force)?;
        for file in stale(&import.out, files) {
            output::aside(&format!(
                "slo: note: `{}` was not written now: it stays as it is\n",
                file.display()
            ));
        }
    }
    output::aside(&summed(left));
    let counts: Vec<String> = counts.iter().map(|(kind, count)| counted(*count, kind)).collect();
    let verb = if import.dry_run { "would write" } else { "wrote" };
    let out = import.out.display();
    output::aside(&format!("slo: {verb} {} files to `{out}`: {}\n", files.len(), counts.join(", ")));
    Ok(Outcome::Sound)
}

/// The registries that are given by name.
fn dependencies(given: &[String]) -> Result<Dependencies, Failure> {
    let mut dependencies = Dependencies::new();
    for text in given {
        let parts = text.split_once('=').filter(|(name, folder)| !name.is_empty() && !folder.is_empty());
        let Some((name, folder)) = parts else {
            return Err(format!("`--dependency {text}` is no name and folder: write `NAME=DIR`").into());
        };
        if dependencies.insert(name.to_owned(), PathBuf::from(folder)).is_some() {
            return Err(format!("`--dependency` names `{name}` twice").into());
        }
    }
    Ok(dependencies)
}

/// What the packages' names begin with.
fn name(import: &ImportWeaver, registry: &Registry) -> Result<String, Failure> {
    let is_word = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphabetic())
            && part.chars().all(|one| one.is_ascii_alphanumeric() || one == '_')
    };
    match &import.name {
        Some(name) if name.len() <= 100 && name.split('.').all(is_word) => Ok(name.clone()),
        Some(name) => {
            Err(format!("`--name {name}` is no name of a package: write words with dots between them").into())
        }
        None => slo_weaver::package_prefix(registry).ok_or_else(|| {
            "the registry has no manifest that names it: say what packages are called by `--name PREFIX`"
                .into()
        }),
    }
}

/// What is wrong with a registry.
fn refused(problems: &[Problem], folder: &Path) -> Outcome {
    for problem in problems {
        output::aside(&format!("{}\n", problem.below(folder)));
    }
    let count = problems.len();
    let problems = if count == 1 { "1 problem".to_owned() } else { format!("{count} problems") };
    output::aside(&format!("slo: {problems}; nothing was written\n"));
    Outcome::Findings
}

/// Contract files of the root that this import did not write.
fn stale(root: &Path, files: &BTreeMap<String, String>) -> Vec<PathBuf> {
    let there = load::contract_files(root).unwrap_or_default();
    there
        .into_iter()
        .filter(|file| !files.contains_key(&file.path))
        .map(|file| root.join(file.path))
        .collect()
}
