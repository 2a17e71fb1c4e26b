//! The contracts that telemetry is held to, and what is found of it as findings of theirs.

use std::path::Path;
use std::sync::Arc;

use slo_compiler::CheckedContract;
use slo_compiler::diagnostic::Diagnostic;
use slo_compiler::fleet::{self, Fleet};
use slo_verify::{Part, Report};

use super::super::{Failure, check};
use super::saved;

/// The contracts of a root, or of a workspace.
pub(super) struct Contracts {
    pub(super) fleet: Fleet,
    /// Each with the number of its member. Reports know them by their places in this list.
    pub(super) all: Vec<(usize, Arc<CheckedContract>)>,
}

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
        let all =
            said().filter_map(|(number, member)| Some((number, Arc::new(member.checked.clone()?)))).collect();
        Ok(Contracts { fleet, all })
    }

    /// What tells the contracts from others, and from other versions of themselves.
    pub(super) fn hashes(&self) -> Vec<String> {
        self.all.iter().map(|(_, checked)| checked.contract().hash()).collect()
    }

    /// Takes in what a run found, and gives all that isn't accepted.
    pub(super) fn take(&mut self, report: &Report, coverage: &[(Part, u8)]) -> Vec<Diagnostic> {
        for (contract, (member, checked)) in self.all.iter().enumerate() {
            let found = report.diagnostics(contract, &checked.contract().places);
            self.fleet.take_telemetry(*member, found);
        }
        let first = self.all.first().map(|(member, _)| *member);
        if let Some((member, place)) =
            first.and_then(|first| Some((first, self.fleet.members.get(first)?.place())))
        {
            let mut found = report.unread(&mut self.fleet.sources);
            found.extend(report.uncovered(coverage, place));
            self.fleet.take_telemetry(member, found);
        }
        self.fleet.all().filter(|finding| finding.code.is_of_telemetry()).cloned().collect()
    }
}

/// What a saved run found and nothing accepts, with the members that it is held to.
pub(in super::super) fn of_run(root: &Path, run: &Path) -> Result<(Fleet, Vec<Diagnostic>), Failure> {
    let mut contracts = Contracts::open(root)?;
    let report = saved::read(run, &contracts.hashes())?;
    let found = contracts.take(&report, &[]);
    Ok((contracts.fleet, found))
}
