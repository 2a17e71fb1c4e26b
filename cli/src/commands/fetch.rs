//! `slo fetch`

use std::path::{Path, PathBuf};
use std::time::Duration;

use slo_compiler::diagnostic::{Diagnostic, Severity};
use slo_compiler::fleet::{self, Said};
use slo_compiler::load::{self, Home};
use slo_compiler::pinned::{LOCK_NAME, Locked};
use slo_compiler::source::SourceMap;
use slo_fetch::{Change, Fetched, Findings, Request, Update};

use super::{Failure, check, folder_of};
use crate::Outcome;
use crate::arguments::{Color, Fetch, Format, Shown};
use crate::output::{self, Stream};

pub(crate) fn run(fetch: &Fetch) -> Result<Outcome, Failure> {
    let roots: Vec<PathBuf> = match fetch.roots.as_slice() {
        [] => vec![load::find_root(Path::new("."))?],
        roots => roots.iter().map(|root| folder_of(root)).collect(),
    };
    // Members of one workspace have one lock.
    let mut homes: Vec<Home> = Vec::new();
    for root in &roots {
        let home = Home::of(root);
        if !homes.iter().any(|known| is_same(&known.folder, &home.folder)) {
            homes.push(home);
        }
    }
    let mut jobs = Vec::new();
    for home in homes {
        match roots_of(&home)? {
            Some(roots) => jobs.push((home.folder, roots)),
            // What is wrong was shown.
            None => return Ok(Outcome::Findings),
        }
    }
    let is_one = jobs.len() == 1;
    let mut outcome = Outcome::Sound;
    for (home, roots) in jobs {
        if !is_one {
            output::aside(&format!("slo: for `{}`:\n", home.display()));
        }
        if let Outcome::Findings = for_home(fetch, home, roots)? {
            outcome = Outcome::Findings;
        }
    }
    Ok(outcome)
}

fn is_same(one: &Path, other: &Path) -> bool {
    one == other
        || one.canonicalize().ok().is_some_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}

/// The roots that a lock is for; none where something is wrong with their `slo.toml`, which is then shown.
fn roots_of(home: &Home) -> Result<Option<Vec<PathBuf>>, Failure> {
    let roots = match home.is_workspace {
        false => vec![home.folder.clone()],
        true => {
            let input = load::workspace(&home.folder, &[], check::UNPACK)?;
            if input.has_problems() {
                let fleet = fleet::check(&input, &Said::Of(Vec::new()));
                return refused(&fleet.diagnostics, &fleet.sources).map(|()| None);
            }
            input.members.iter().filter_map(|member| input.folder_of(member).map(Path::to_owned)).collect()
        }
    };
    let (mut found, mut sources) = (Vec::new(), SourceMap::default());
    for root in &roots {
        // What can't be read at all is told of where it is read.
        found.extend(load::manifest_findings(root, &mut sources));
    }
    match found.iter().any(|finding| finding.severity == Severity::Error) {
        true => refused(&found, &sources).map(|()| None),
        false => Ok(Some(roots)),
    }
}

/// Shows what is wrong with a `slo.toml`, as a check does.
fn refused(found: &[Diagnostic], sources: &SourceMap) -> Result<(), Failure> {
    let shown = Shown { format: Format::Human, color: Color::Auto };
    output::result(&output::rendered(found, sources, &shown, false, Stream::Out))?;
    output::aside("slo: nothing was fetched\n");
    output::more(found, &shown);
    Ok(())
}

/// Fetches what the roots of one lock need.
fn for_home(fetch: &Fetch, home: PathBuf, roots: Vec<PathBuf>) -> Result<Outcome, Failure> {
    let strays: Vec<PathBuf> = match roots.as_slice() {
        [one] if *one == home => Vec::new(),
        roots => roots.iter().map(|root| root.join(LOCK_NAME)).filter(|lock| lock.exists()).collect(),
    };
    let request = Request {
        home,
        roots,
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
    for stray in strays {
        output::aside(&format!(
            "slo: `{}` is an error to `slo check`, since the workspace has one lock for all members: delete it\n",
            stray.display()
        ));
    }
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
