//! The contracts that telemetry is held to, and what is found of it as findings of theirs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use slo_compiler::diagnostic::Diagnostic;
use slo_compiler::fleet::{self, Fleet, FleetInput};
use slo_compiler::plan::{Arena, Plan};
use slo_compiler::source::{SourceFile, SourceMap};
use slo_compiler::{CheckedContract, FileId};
use slo_verify::{Part, Report, Settings, Verifier};

use super::super::git::{git, words};
use super::super::revision::Revision;
use super::super::{Failure, check};
use super::saved;

/// The contracts of a root, or of a workspace.
pub(super) struct Contracts {
    pub(super) fleet: Fleet,
    /// Each with the number of its member. Reports know them by their places in this list.
    pub(super) all: Vec<Held>,
    /// The same as earlier revisions have them. Reports know these by their places in all of these lists, one after the other.
    pub(super) previous: Vec<Previous>,
    /// The texts that they were read from.
    texts: Texts,
    /// What findings stand in besides: files of earlier revisions, and what telemetry came from that can't be read.
    elsewhere: BTreeMap<String, FileId>,
}

/// A contract that telemetry is held to, with the number of its member.
pub(super) type Held = (usize, Arc<CheckedContract>);

/// The contracts of an earlier revision.
pub(super) struct Previous {
    revision: Revision,
    fleet: Fleet,
    pub(super) all: Vec<Held>,
}

impl Previous {
    fn open(root: &Path, revision: &str) -> Result<Previous, Failure> {
        let revision = Revision::read(root, revision, &from_top(root)?)?;
        let (_, fleet, all) = checked(&revision.path)?;
        Ok(Previous { revision, fleet, all })
    }
}

/// The plans of contracts, in their order.
pub(super) fn plans<'p>(arena: &'p Arena<'p>, checked: &'p [Arc<CheckedContract>]) -> Vec<Plan<'p>> {
    checked.iter().map(|checked| Plan::with_external(arena, checked)).collect()
}

/// A root's path from the top of its repository.
fn from_top(root: &Path) -> Result<String, Failure> {
    let output = git(root, &["rev-parse", "--show-prefix"], Stdio::null())?.wait_with_output()?;
    if !output.status.success() {
        return Err(format!("`{}` is in no repository of git: {}", root.display(), words(&output)).into());
    }
    let path = String::from_utf8_lossy(&output.stdout);
    Ok(path.trim_end_matches(['\n', '\r']).trim_end_matches('/').to_owned())
}

/// Reads and checks contracts. Where one is not sound, nothing is held to it.
fn checked(root: &Path) -> Result<(FleetInput, Fleet, Vec<Held>), Failure> {
    let (input, said) = check::with_others(root)?;
    let fleet = fleet::check(&input, &said);
    let said = || fleet.members.iter().enumerate().filter(|(_, member)| member.is_said);
    if let Some((_, unsound)) = said().find(|(_, member)| member.folder.is_some() && member.checked.is_none())
    {
        return Err(format!(
            "`{}` is not sound, and nothing is held to it: `slo check {}` says why",
            unsound.name,
            root.display()
        )
        .into());
    }
    let held =
        |(number, member): (usize, &fleet::FleetMember)| Some((number, Arc::new(member.checked.clone()?)));
    let all = said().filter_map(held).collect();
    Ok((input, fleet, all))
}

/// Texts by the names of their files.
type Texts = BTreeSet<(String, Arc<str>)>;

impl Contracts {
    /// Reads and checks them, and what they were at these revisions.
    pub(super) fn open(root: &Path, previous: &[String]) -> Result<Contracts, Failure> {
        let (input, fleet, all) = checked(root)?;
        let previous =
            previous.iter().map(|revision| Previous::open(root, revision)).collect::<Result<_, _>>()?;
        Ok(Contracts { all, previous, texts: texts(&input), elsewhere: BTreeMap::new(), fleet })
    }

    /// Those that hold, and their earlier versions.
    pub(super) fn checked(&self) -> (Vec<Arc<CheckedContract>>, Vec<Arc<CheckedContract>>) {
        let checked = |(_, checked): &Held| Arc::clone(checked);
        let previous = self.previous.iter().flat_map(|one| &one.all);
        (self.all.iter().map(checked).collect(), previous.map(checked).collect())
    }

    /// All contracts, in the order in which reports know them.
    fn held(&self) -> impl Iterator<Item = &Held> {
        self.all.iter().chain(self.previous.iter().flat_map(|one| &one.all))
    }

    /// Whether the texts of the root are others now.
    pub(super) fn are_stale(&self, root: &Path) -> bool {
        // What can't be read now may be being written.
        check::with_others(root).is_ok_and(|(input, _)| texts(&input) != self.texts)
    }

    /// What tells the contracts from others, and from other versions of themselves.
    pub(super) fn hashes(&self) -> Vec<String> {
        self.held().map(|(_, checked)| checked.contract().hash()).collect()
    }

    /// What the contracts are called.
    pub(super) fn names(&self) -> Vec<String> {
        let name = |(_, checked): &Held| {
            let contract = checked.contract();
            format!("{} {}", contract.name, contract.version)
        };
        // One that holds is the same, whatever its version.
        let current = self.all.iter().map(|(_, checked)| checked.contract().name.clone());
        current.chain(self.previous.iter().flat_map(|one| &one.all).map(name)).collect()
    }

    /// The report of a run that has seen nothing.
    pub(super) fn unseen(&self) -> Report {
        let arena = Arena::default();
        let (all, earlier) = self.checked();
        let (plans, previous) = (plans(&arena, &all), plans(&arena, &earlier));
        Verifier::new(&plans, Settings::default()).with_previous(&previous).finish()
    }

    /// What a run found, but for what is accepted.
    pub(super) fn findings(&mut self, report: &Report, coverage: &[(Part, u8)]) -> Vec<Diagnostic> {
        let mut all = Vec::new();
        for (contract, (member, checked)) in self.all.iter().enumerate() {
            let found = report.diagnostics(contract, &checked.contract().places);
            all.extend(self.fleet.of_telemetry(*member, found));
        }
        let mut number = self.all.len();
        for previous in &self.previous {
            for (member, checked) in &previous.all {
                let found = report.diagnostics(number, &checked.contract().places);
                let found = previous.fleet.of_telemetry(*member, found);
                all.extend(found.into_iter().map(|mut finding| {
                    for label in &mut finding.labels {
                        let Some(file) = previous.fleet.sources.file(label.place.file) else { continue };
                        let name = previous.revision.shown(&file.name);
                        let sources = &mut self.fleet.sources;
                        label.place.file = known(&mut self.elsewhere, sources, &name, &file.text);
                    }
                    finding
                }));
                number += 1;
            }
        }
        let first = self.all.first().map(|(member, _)| *member);
        if let Some((member, place)) =
            first.and_then(|first| Some((first, self.fleet.members.get(first)?.place())))
        {
            let (sources, nothing) = (&mut self.fleet.sources, Arc::from(""));
            let mut found = report.unread(&mut |name| known(&mut self.elsewhere, sources, name, &nothing));
            found.extend(report.uncovered(coverage, place));
            all.extend(self.fleet.of_telemetry(member, found));
        }
        all
    }
}

/// The number of a file that findings stand in besides; one that isn't known is added.
fn known(
    elsewhere: &mut BTreeMap<String, FileId>,
    sources: &mut SourceMap,
    name: &str,
    text: &Arc<str>,
) -> FileId {
    *elsewhere.entry(name.to_owned()).or_insert_with(|| {
        sources.add(SourceFile::elsewhere(name.to_owned(), name.to_owned(), Arc::clone(text)))
    })
}

fn texts(input: &FleetInput) -> Texts {
    let of_roots = input
        .input
        .roots
        .iter()
        .flat_map(|root| std::iter::once(&root.manifest).chain(&root.files).chain(&root.baseline));
    let all = of_roots.chain(&input.manifest).chain(&input.baseline);
    all.map(|file| (file.name.clone(), Arc::clone(&file.text))).collect()
}

/// What a saved run found and nothing accepts, with the members that it is held to. What earlier versions of these found isn't accepted.
pub(in super::super) fn of_run(root: &Path, run: &Path) -> Result<(Fleet, Vec<Diagnostic>), Failure> {
    let mut contracts = Contracts::open(root, &[])?;
    let report = saved::read(run, &contracts.hashes())?;
    let found = contracts.findings(&report, &[]);
    Ok((contracts.fleet, found))
}
