//! What another revision brings: the findings that a contract has with it, and has not without.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use slo_compiler::derive::crates::{self, Findings as Wanted};
use slo_compiler::diagnostic::{Diagnostic, Severity, render};
use slo_compiler::fleet::{self, FleetInput, Said};
use slo_compiler::load::{self, Pins};
use slo_compiler::pinned::Lock;
use slo_compiler::source::SourceMap;
use slo_compiler::{Input, NotThere};

use crate::error::FetchError;
use crate::unpack::unpack;

/// What a change brings, and what it takes away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// The findings that come, by owner and in the order of the text.
    pub new: Vec<Finding>,
    /// How many go.
    pub gone: usize,
    /// Whether the contract is held to others of which there is nothing to compare with.
    pub without_fleet: bool,
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

/// What is found of a root.
struct Found {
    diagnostics: Vec<Diagnostic>,
    sources: SourceMap,
    /// Who keeps the root.
    owner: Option<String>,
}

fn key(diagnostic: &Diagnostic, found: &Found) -> Key {
    let file = diagnostic.place().and_then(|place| found.sources.file(place.file));
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
/// which nothing could be compared. `own` is the root that is held to others, where its `slo.toml` names them.
pub(crate) fn compare(
    roots: &[PathBuf],
    own: &Path,
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
        let (Some(before), Some(after)) = (read(root, &old)?, read(root, &new)?) else {
            return Ok(None);
        };
        let held = |input, pins| match root == own {
            true => held(input, pins),
            false => Held::Alone(input),
        };
        let (before, after) = match (held(before, &old), held(after, &new)) {
            (Held::ToOthers(before), Held::ToOthers(after)) => (of_fleet(&before), of_fleet(&after)),
            (before, after) => {
                found.without_fleet |= before.names_others() || after.names_others();
                (alone(root, &before.into_input()), alone(root, &after.into_input()))
            }
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
fn read(root: &Path, pins: &Pins) -> Result<Option<Input<'static>>, FetchError> {
    let input = load::load_with(root, pins.clone());
    let input = input.map_err(|error| FetchError::new(error.to_string(), "see to the folder"))?;
    let is_there = |link: &Result<usize, NotThere>| {
        !matches!(link, Err(NotThere::NotFetched(_) | NotThere::Stale(_) | NotThere::BadLock))
    };
    let is_whole = input.roots.iter().flat_map(|root| &root.vocabularies).all(|(_, link)| is_there(link));
    Ok(is_whole.then_some(input))
}

/// A root, with the others that it is held to.
enum Held {
    /// It names none.
    Alone(Input<'static>),
    /// The others that it names are there.
    ToOthers(Box<FleetInput>),
    /// They are not.
    ToNobody(Input<'static>),
}

impl Held {
    fn names_others(&self) -> bool {
        !matches!(self, Held::Alone(_))
    }

    fn into_input(self) -> Input<'static> {
        match self {
            Held::Alone(input) | Held::ToNobody(input) => input,
            Held::ToOthers(held) => held.input,
        }
    }
}

fn held(input: Input<'static>, pins: &Pins) -> Held {
    let unpack = |bytes: &[u8]| unpack(bytes).map_err(|error| error.to_string());
    match load::held_to_others_with(input, pins, Some(&unpack)) {
        Ok(held) if held.has_problems() => Held::ToNobody(held.input),
        Ok(held) => Held::ToOthers(Box::new(held)),
        Err(input) => Held::Alone(*input),
    }
}

fn of_fleet(held: &FleetInput) -> Found {
    let mut fleet = fleet::check(held, &Said::Of(vec![0]));
    crates::read_all(&mut fleet);
    let diagnostics = fleet.all().cloned().collect();
    let manifest = fleet.members.first().and_then(|member| member.manifest.as_ref());
    let owner = manifest.and_then(|manifest| manifest.owner.clone());
    Found { diagnostics, owner, sources: fleet.sources }
}

fn alone(root: &Path, input: &Input<'_>) -> Found {
    let compiled = crates::compile_with(root, input, Wanted::All, &[]);
    let owner = compiled.manifest.and_then(|manifest| manifest.owner);
    Found { diagnostics: compiled.diagnostics, owner, sources: compiled.sources }
}

fn finding(diagnostic: &Diagnostic, found: &Found) -> Finding {
    let file = diagnostic.place().and_then(|place| found.sources.file(place.file));
    // Files of the contract's own root may have none of their own.
    let own = || found.owner.clone();
    let owner = diagnostic.owner.clone().or_else(|| file.and_then(|file| file.owner.clone())).or_else(own);
    let shown = render::short(std::slice::from_ref(diagnostic), &found.sources);
    Finding { owner, severity: diagnostic.severity, shown }
}
