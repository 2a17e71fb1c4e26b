//! `slo verify`

mod contracts;
mod report;
mod saved;
mod serve;
mod shown;

use std::path::{Path, PathBuf};

use slo_compiler::diagnostic::Severity;
use slo_compiler::load;
use slo_compiler::plan::{Arena, Plan};
use slo_verify::{Report, Settings, Verifier, is_named};

use super::ways::{self, Served, Session};
use super::{Failure, baseline, folder_of};
use crate::Outcome;
use crate::arguments::Verify;
use crate::output;
pub(super) use contracts::of_run;
use contracts::{Contracts, plans};
use serve::{Sent, Until};

pub(crate) fn run(verify: &Verify) -> Result<Outcome, Failure> {
    let (root, paths) = root_and_paths(&verify.paths)?;
    if paths.is_empty() && !verify.ways.are_any() && !verify.serve && verify.merge.is_empty() {
        return Err(
            "there is nothing to verify: name files with telemetry, `--otlp 4318`, `--scrape URL`, `--exec -- COMMAND`, or `--merge RUN`".into(),
        );
    }
    let served = Served { answers: verify.serve, findings: verify.send_findings.as_deref() };
    ways::check(&verify.ways, &served)?;
    if let Some(url) =
        served.findings.filter(|url| !url.starts_with("http://") && !url.starts_with("https://"))
    {
        return Err(
            format!("`{url}` is no URL to send findings to: write it like `http://collector:4318`").into()
        );
    }
    let mut contracts = Contracts::open(&root, &verify.previous)?;
    let mut earlier = Report::default();
    saved::read_all(&verify.merge, &contracts.hashes())?.into_iter().for_each(|one| earlier.merge(one));
    let mut session = Session::open(&verify.ways, &paths, &served)?;
    let mut run = session.run()?;
    let mut sent = Sent::default();
    let mut asked = None;
    let (report, code) = loop {
        let arena = Arena::default();
        let (all, earlier_versions) = contracts.checked();
        let (plans, previous) = (plans(&arena, &all), plans(&arena, &earlier_versions));
        if let Some(name) = &verify.resource {
            known_resource(name, &plans)?;
        }
        let ((), mut judged) = run.with(Verifier::new(&plans, settings(verify)).with_previous(&previous));
        let until =
            serve::judge(&mut session, &mut judged, (&root, &mut contracts), &earlier, &mut sent, verify)?;
        let code = match &until {
            Until::Over => session.close(&mut judged),
            Until::Stopped(_) => {
                session.drain(&mut judged);
                None
            }
            // What waits to be judged is judged by the next ones.
            Until::Changed(_) => None,
        };
        let (verifier, rest) = judged.with(());
        run = rest;
        let mut report = verifier.finish();
        report.merge(std::mem::take(&mut earlier));
        match until {
            Until::Over => break (report, code),
            Until::Stopped(ask) => {
                asked = Some(ask);
                break (report, None);
            }
            Until::Changed(next) => {
                // Where only what is accepted was changed, or a comment, all that was found still holds.
                earlier = match contracts.hashes() == next.hashes() {
                    true => report,
                    false => report.carried(&contracts.names(), &next.unseen(), &next.names(), &now()),
                };
                contracts = *next;
            }
        }
    };
    let with = |unread| {
        let mut whole = report.clone();
        whole.merge(Report::default().with_unread(unread));
        whole
    };
    if asked.is_some() || session.findings().is_some() {
        let so_far = with(run.unread());
        let all = contracts.findings(&so_far, &verify.require_coverage);
        sent.send(&session, &contracts, &all);
        if let Some(ask) = asked.take() {
            ask.answer(report::json(&so_far, &all)?);
        }
    }
    // Who was told the last verdict ends by itself.
    let code = code.or(session.wait(run.received())?);
    session.end(&mut run);
    let (_, unread) = ways::end(&verify.ways, run)?;
    let report = with(unread);
    let all = contracts.findings(&report, &verify.require_coverage);
    if let Some(path) = &verify.save {
        saved::write(path, &report, &contracts.hashes())?;
    }
    if verify.write_baseline {
        baseline::write_of_telemetry(&root, &contracts.fleet, &all)?;
        return Ok(code.map_or(Outcome::Sound, Outcome::Code));
    }
    output::result(&output::telemetry_rendered(&contracts.fleet, &all, &verify.findings))?;
    if let Some(path) = &verify.report {
        report::write(path, &report::json(&report, &all)?)?;
    }
    shown::aside(&report, &all, &verify.findings);
    if let Some(code) = code.filter(|code| *code != 0) {
        return Ok(Outcome::Code(code));
    }
    let has = |severity| all.iter().any(|finding| finding.severity == severity);
    let fails = has(Severity::Error) || verify.findings.deny_warnings && has(Severity::Warning);
    Ok(if fails { Outcome::Findings } else { Outcome::Sound })
}

/// The time, as findings show it.
fn now() -> String {
    jiff::Timestamp::now().round(jiff::Unit::Second).map_or_else(|_| String::new(), |now| now.to_string())
}

fn settings(verify: &Verify) -> Settings {
    Settings {
        resource: verify.resource.clone(),
        deployed: verify.deployed,
        window: u64::try_from(verify.window.as_nanos()).unwrap_or(u64::MAX),
        conventions: verify.judge.is_some(),
    }
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
