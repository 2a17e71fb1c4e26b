//! What another revision brings: the findings that a contract has with it, and has not without.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use slo_compiler::derive::crates::{self, Findings as Wanted};
use slo_compiler::diagnostic::{Diagnostic, Severity, render};
use slo_compiler::load::{self, Pins};
use slo_compiler::pinned::Lock;
use slo_compiler::{Compilation, NotThere};

use crate::error::FetchError;

/// What a change brings, and what it takes away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// The findings that come, by owner and in the order of the text.
    pub new: Vec<Finding>,
    /// How many go.
    pub gone: usize,
}

/// A finding that a change brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Whose file it is in, or whose file to change.
    pub owner: Option<String>,
    /// Its weight.
    pub severity: Severity,
    /// How it is shown, in a line for each place.
    pub shown: String,
}

/// What tells one finding from another whatever the line that it stands in.
type Key = (&'static str, &'static str, String, Vec<String>, Option<(usize, String)>);

fn key(diagnostic: &Diagnostic, compilation: &Compilation) -> Key {
    let file = diagnostic.place().and_then(|place| compilation.sources.file(place.file));
    let file = file.map(|file| (file.root, file.path.clone()));
    (
        diagnostic.code.id(),
        diagnostic.severity.name(),
        diagnostic.message.clone(),
        diagnostic.names.clone(),
        file,
    )
}

/// Compiles roots with what was locked and with what is to be locked. None where what was locked isn't there any more, with
/// which nothing could be compared.
pub(crate) fn compare(
    roots: &[PathBuf],
    old: &Pins,
    lock: &Lock,
    store: &Path,
) -> Result<Option<Findings>, FetchError> {
    let mut old = old.clone();
    old.loose = true;
    let mut new = old.clone();
    (new.lock, new.vendor, new.loose) = (Some(lock.clone()), None, false);
    new.caches.insert(0, store.to_owned());
    let mut found = Findings::default();
    for root in roots {
        let (Some(before), Some(after)) = (compile(root, &old)?, compile(root, &new)?) else {
            return Ok(None);
        };
        let mut known: BTreeMap<Key, usize> = BTreeMap::new();
        for diagnostic in &before.diagnostics {
            *known.entry(key(diagnostic, &before)).or_default() += 1;
        }
        for diagnostic in &after.diagnostics {
            match known.get_mut(&key(diagnostic, &after)) {
                Some(count) if *count > 0 => *count -= 1,
                _ => found.new.push(finding(diagnostic, &after)),
            }
        }
        found.gone += known.values().sum::<usize>();
    }
    // The order of the text stays within an owner.
    found.new.sort_by(|left, right| left.owner.cmp(&right.owner));
    Ok(Some(found))
}

/// A root with these revisions; none where one of them isn't there.
fn compile(root: &Path, pins: &Pins) -> Result<Option<Compilation>, FetchError> {
    let input = load::load_with(root, pins.clone());
    let input = input.map_err(|error| FetchError::new(error.to_string(), "see to the folder"))?;
    let is_there = |link: &Result<usize, NotThere>| {
        !matches!(link, Err(NotThere::NotFetched(_) | NotThere::Stale(_) | NotThere::BadLock))
    };
    let is_whole = input.roots.iter().flat_map(|root| &root.vocabularies).all(|(_, link)| is_there(link));
    Ok(is_whole.then(|| crates::compile_with(root, &input, Wanted::All, &[])))
}

fn finding(diagnostic: &Diagnostic, compilation: &Compilation) -> Finding {
    let file = diagnostic.place().and_then(|place| compilation.sources.file(place.file));
    // Files of the contract's own root may have none of their own.
    let own = || compilation.manifest.as_ref().and_then(|manifest| manifest.owner.clone());
    let owner = diagnostic.owner.clone().or_else(|| file.and_then(|file| file.owner.clone())).or_else(own);
    let shown = render::short(std::slice::from_ref(diagnostic), &compilation.sources);
    Finding { owner, severity: diagnostic.severity, shown }
}
