//! The contracts that telemetry is held to, and what is found of it as findings of theirs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use slo_compiler::diagnostic::Diagnostic;
use slo_compiler::fleet::{self, Fleet, FleetInput};
use slo_compiler::plan::{Arena, Plan};
use slo_compiler::source::SourceFile;
use slo_compiler::{CheckedContract, FileId};
use slo_verify::{Part, Report, Settings, Verifier};

use super::super::{Failure, check};
use super::saved;

/// The contracts of a root, or of a workspace.
pub(super) struct Contracts {
    pub(super) fleet: Fleet,
    /// Each with the number of its member. Reports know them by their places in this list.
    pub(super) all: Vec<(usize, Arc<CheckedContract>)>,
    /// The texts that they were read from.
    texts: Texts,
    /// What telemetry came from and can't be read, as files that findings stand in.
    unread: BTreeMap<String, FileId>,
}

/// Texts by the names of their files.
type Texts = BTreeSet<(String, Arc<str>)>;

impl Contracts {
    /// Checks them. Where one is not sound, nothing is held to it.
    pub(super) fn open(root: &Path) -> Result<Contracts, Failure> {
        let (input, said) = check::with_others(root)?;
        let fleet = fleet::check(&input, &said);
        let said = || fleet.members.iter().enumerate().filter(|(_, member)| member.is_said);
        if let Some((_, unsound)) =
            said().find(|(_, member)| member.folder.is_some() && member.checked.is_none())
        {
            return Err(format!(
                "`{}` is not sound, and nothing is held to it: `slo check {}` says why",
                unsound.name,
                root.display()
            )
            .into());
        }
        let checked = |(number, member): (usize, &fleet::FleetMember)| {
            Some((number, Arc::new(member.checked.clone()?)))
        };
        let all = said().filter_map(checked).collect();
        Ok(Contracts { all, texts: texts(&input), unread: BTreeMap::new(), fleet })
    }

    /// Whether the texts of the root are others now.
    pub(super) fn are_stale(&self, root: &Path) -> bool {
        // What can't be read now may be being written.
        check::with_others(root).is_ok_and(|(input, _)| texts(&input) != self.texts)
    }

    /// What tells the contracts from others, and from other versions of themselves.
    pub(super) fn hashes(&self) -> Vec<String> {
        self.all.iter().map(|(_, checked)| checked.contract().hash()).collect()
    }

    /// What the contracts are called.
    pub(super) fn names(&self) -> Vec<String> {
        self.all.iter().map(|(_, checked)| checked.contract().name.clone()).collect()
    }

    /// The report of a run that has seen nothing.
    pub(super) fn unseen(&self) -> Report {
        let arena = Arena::default();
        let plans: Vec<Plan<'_>> =
            self.all.iter().map(|(_, checked)| Plan::with_external(&arena, checked)).collect();
        Verifier::new(&plans, Settings::default()).finish()
    }

    /// What a run found, but for what is accepted.
    pub(super) fn findings(&mut self, report: &Report, coverage: &[(Part, u8)]) -> Vec<Diagnostic> {
        let mut all = Vec::new();
        for (contract, (member, checked)) in self.all.iter().enumerate() {
            let found = report.diagnostics(contract, &checked.contract().places);
            all.extend(self.fleet.of_telemetry(*member, found));
        }
        let first = self.all.first().map(|(member, _)| *member);
        if let Some((member, place)) =
            first.and_then(|first| Some((first, self.fleet.members.get(first)?.place())))
        {
            let (sources, known) = (&mut self.fleet.sources, &mut self.unread);
            let mut found = report.unread(&mut |name| {
                *known.entry(name.to_owned()).or_insert_with(|| {
                    sources.add(SourceFile::elsewhere(name.to_owned(), name.to_owned(), "".into()))
                })
            });
            found.extend(report.uncovered(coverage, place));
            all.extend(self.fleet.of_telemetry(member, found));
        }
        all
    }
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

/// What a saved run found and nothing accepts, with the members that it is held to.
pub(in super::super) fn of_run(root: &Path, run: &Path) -> Result<(Fleet, Vec<Diagnostic>), Failure> {
    let mut contracts = Contracts::open(root)?;
    let report = saved::read(run, &contracts.hashes())?;
    let found = contracts.findings(&report, &[]);
    Ok((contracts.fleet, found))
}
