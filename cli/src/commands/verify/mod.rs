//! `slo verify`

mod report;
mod shown;

use std::path::{Path, PathBuf};

use slo_compiler::diagnostic::{Diagnostic, Severity};
use slo_compiler::fleet;
use slo_compiler::load;
use slo_compiler::plan::{Arena, Plan};
use slo_verify::{Settings, Verifier, is_named};

use super::{Failure, check, folder_of, ways};
use crate::Outcome;
use crate::arguments::Verify;
use crate::output;

pub(crate) fn run(verify: &Verify) -> Result<Outcome, Failure> {
    let (root, paths) = root_and_paths(&verify.paths)?;
    if paths.is_empty() && !verify.ways.are_any() {
        return Err(
            "there is nothing to verify: name files with telemetry, `--otlp 4318`, `--scrape URL`, or `--exec -- COMMAND`".into(),
        );
    }
    ways::check(&verify.ways)?;
    let (input, said) = check::with_others(&root)?;
    let mut fleet = fleet::check(&input, &said);
    let arena = Arena::default();
    let contracts: Vec<(usize, _)> = fleet
        .members
        .iter()
        .enumerate()
        .filter(|(_, member)| member.is_said)
        .filter_map(|(number, member)| Some((number, member.checked.clone()?)))
        .collect();
    if let Some(unsound) = fleet
        .members
        .iter()
        .find(|member| member.is_said && member.folder.is_some() && member.checked.is_none())
    {
        return Err(format!(
            "`{}` is not sound, and nothing is held to it: `slo check {}` says why",
            unsound.name,
            root.display()
        )
        .into());
    }
    let plans: Vec<Plan<'_>> =
        contracts.iter().map(|(_, checked)| Plan::with_external(&arena, checked)).collect();
    if let Some(name) = &verify.resource {
        known_resource(name, &plans)?;
    }
    let settings = Settings {
        resource: verify.resource.clone(),
        deployed: verify.deployed,
        window: u64::try_from(verify.window.as_nanos()).unwrap_or(u64::MAX),
        conventions: verify.judge.is_some(),
    };
    let ended = ways::read(&verify.ways, &paths, Verifier::new(&plans, settings))?;
    let report = ended.takes.finish().with_unread(ended.unread);
    for (contract, (member, checked)) in contracts.iter().enumerate() {
        let found = report.diagnostics(contract, &checked.contract().places);
        fleet.take_telemetry(*member, found);
    }
    if let Some((member, place)) =
        contracts.first().and_then(|(member, _)| Some((*member, fleet.members.get(*member)?.place())))
    {
        let mut found = report.unread(&mut fleet.sources);
        found.extend(report.uncovered(&verify.require_coverage, place));
        fleet.take_telemetry(member, found);
    }
    let all: Vec<Diagnostic> =
        fleet.all().filter(|finding| finding.code.is_of_telemetry()).cloned().collect();
    output::result(&output::telemetry_rendered(&fleet, &all, &verify.findings))?;
    if let Some(path) = &verify.report {
        report::write(path, &report, &all)?;
    }
    shown::aside(&report, &all, &verify.findings);
    if let Some(code) = ended.code.filter(|code| *code != 0) {
        return Ok(Outcome::Code(code));
    }
    let has = |severity| all.iter().any(|finding| finding.severity == severity);
    let fails = has(Severity::Error) || verify.findings.deny_warnings && has(Severity::Warning);
    Ok(if fails { Outcome::Findings } else { Outcome::Sound })
}

/// The contract root, and the paths that telemetry is in.
fn root_and_paths(paths: &[PathBuf]) -> Result<(PathBuf, Vec<PathBuf>), Failure> {
    if let Some((first, rest)) = paths.split_first() {
        let folder = folder_of(first);
        if folder.join(slo_compiler::FILE_NAME).is_file() {
            return Ok((folder, rest.to_vec()));
        }
    }
    Ok((load::find_root(Path::new("."))?, paths.to_vec()))
}

/// Whether a contract has the resource of `--as`.
fn known_resource(name: &str, plans: &[Plan<'_>]) -> Result<(), Failure> {
    let all = || {
        let containers = plans.iter().flat_map(|plan| &plan.packages).flat_map(|package| &package.containers);
        let resources = containers.filter(|one| one.table.kind == slo_model::ContainerKind::Resource);
        resources.map(|one| one.table.name)
    };
    if all().any(|own| is_named(own, name)) {
        return Ok(());
    }
    let names: Vec<String> = all().map(|name| format!("`{name}`")).collect();
    let known =
        if names.is_empty() { "it has none".to_owned() } else { format!("it has {}", names.join(", ")) };
    Err(format!("the contract has no resource `{name}`: {known}").into())
}
