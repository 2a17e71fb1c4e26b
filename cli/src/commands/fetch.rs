//! `slo fetch`

use std::time::Duration;

use slo_compiler::diagnostic::Severity;
use slo_compiler::load;
use slo_compiler::pinned::Locked;
use slo_fetch::{Change, Fetched, Findings, Request, Update};

use super::{Failure, path_of};
use crate::Outcome;
use crate::arguments::Fetch;
use crate::output;

pub(crate) fn run(fetch: &Fetch) -> Result<Outcome, Failure> {
    let request = Request {
        root: path_of(&fetch.root)?,
        update: match &fetch.update {
            None => Update::Nothing,
            Some(names) if names.is_empty() => Update::All,
            Some(names) => Update::Named(names.clone()),
        },
        vendor: fetch.vendor,
        dry_run: fetch.dry_run,
        timeout: Duration::from_secs(fetch.timeout),
        cache: load::cache_folder(),
        progress: |source| output::aside(&format!("slo: fetching {source}\n")),
    };
    let fetched = slo_fetch::fetch(&request)
        .map_err(|error| format!("{}\nslo: help: {}", error.message, error.help))?;
    fetched.sources.iter().for_each(|change| output::aside(&told(change)));
    for gone in &fetched.gone {
        output::aside(&format!("slo: `{}` is not needed any more ({})\n", gone.name, gone.source));
    }
    let outcome = match &fetched.findings {
        Some(findings) => told_findings(findings)?,
        None => {
            if fetched.sources.iter().any(|change| change.was.is_some() && !change.is_none()) {
                output::aside(
                    "slo: nothing was compared, since what was locked before is in no cache any more; `slo check` says what is found now\n",
                );
            }
            Outcome::Sound
        }
    };
    output::aside(&ended(fetch, &fetched));
    Ok(outcome)
}

fn short(locked: &Locked) -> &str {
    locked.revision.get(..12).unwrap_or(&locked.revision)
}

/// What became of a source, in a line.
fn told(change: &Change) -> String {
    let Change { now, was } = change;
    let (name, source) = (&now.name, &now.source);
    match was {
        Some(was) if was.revision == now.revision && was.source == now.source => {
            format!("slo: `{name}` is at {} ({source})\n", short(now))
        }
        Some(was) => format!("slo: `{name}` moves from {} to {} ({source})\n", short(was), short(now)),
        None => format!("slo: `{name}` is new, at {} ({source})\n", short(now)),
    }
}

/// The findings that come, by owner. They are the result that was asked for.
fn told_findings(findings: &Findings) -> Result<Outcome, Failure> {
    let mut text = String::new();
    for of_owner in findings.new.chunk_by(|one, other| one.owner == other.owner) {
        let owner = of_owner.first().and_then(|finding| finding.owner.as_deref()).unwrap_or("no owner");
        text.push_str(&format!("{owner}: {} new\n", of_owner.len()));
        of_owner.iter().flat_map(|finding| finding.shown.lines()).for_each(|line| {
            text.push_str(&format!("  {line}\n"));
        });
    }
    output::result(&text)?;
    if findings.new.is_empty() && findings.gone == 0 {
        output::aside("slo: the contract has the findings that it had\n");
    } else {
        let (new, gone) = (findings.new.len(), findings.gone);
        let come = if new == 1 { "1 finding comes".to_owned() } else { format!("{new} findings come") };
        let go = if gone == 1 { "1 goes".to_owned() } else { format!("{gone} go") };
        output::aside(&format!("slo: {come}, {go}\n"));
    }
    if findings.without_fleet {
        output::aside(
            "slo: what the contract and the fleet contradict each other in was not compared, since there is nothing of the fleet to compare with; `slo check` says what is found now\n",
        );
    }
    let is_error = |finding: &slo_fetch::Finding| finding.severity == Severity::Error;
    Ok(if findings.new.iter().any(is_error) { Outcome::Findings } else { Outcome::Sound })
}

/// What was written.
fn ended(fetch: &Fetch, fetched: &Fetched) -> String {
    if fetch.dry_run {
        return "slo: nothing was written\n".to_owned();
    }
    let mut text = String::new();
    if let Some(folder) = &fetched.vendored {
        text.push_str(&format!("slo: the files are in `{}`\n", folder.display()));
    }
    match &fetched.written {
        Some(lock) => text.push_str(&format!("slo: wrote `{}`\n", lock.display())),
        None if fetched.sources.is_empty() => {
            text.push_str("slo: nothing that `slo.toml` names is in a repository or an archive\n");
        }
        None => text.push_str("slo: all is as it is locked\n"),
    }
    text
}
