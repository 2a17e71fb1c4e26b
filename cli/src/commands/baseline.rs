//! `slo baseline`, and `slo check --write-baseline`.

use std::path::{Path, PathBuf};

use slo_compiler::Compilation;
use slo_compiler::accept::baseline::{self, FILE_NAME, can_be_accepted};
use slo_compiler::accept::{Acceptance, AcceptanceKind};
use slo_compiler::day::is_day;
use slo_compiler::diagnostic::{Class, Code, Diagnostic, Severity};
use slo_compiler::fleet::Fleet;
use slo_compiler::save::{self, Over};
use slo_compiler::target::File;

use super::{Failure, compile};
use crate::Outcome;
use crate::arguments::{AddToBaseline, Root};

/// How many findings are named that could have been meant.
const MOST_NAMED: usize = 10;

/// Adds a finding to the baseline.
pub(crate) fn add(add: &AddToBaseline) -> Result<Outcome, Failure> {
    let code = Code::from_id(&add.code.to_ascii_uppercase())
        .ok_or_else(|| format!("there is no code `{}`; `slo explain --list` lists all codes", add.code))?;
    if code.class() == Class::Invalid {
        return Err(format!("`{code}` can't be accepted: no plan can be made of such a contract").into());
    }
    if let Some(until) = add.until.as_ref().filter(|until| !is_day(until)) {
        return Err(
            format!("`{until}` is no day: a day is written as year, month and day, `2027-06-30`").into()
        );
    }
    let today = today(add.today.as_ref())?;
    if let Some(until) = add.until.as_ref().filter(|until| **until < today) {
        return Err(format!("`{until}` is past: name a day from `{today}` on").into());
    }
    if add.reason.trim().is_empty() {
        return Err("say by `--reason` why the finding is accepted".into());
    }
    let Debt { root, found, mut lines, owner } = debt(add, code)?;
    let of_code: Vec<&Diagnostic> =
        found.iter().filter(|finding| finding.code == code && can_be_accepted(finding)).collect();
    let is_meant = |finding: &&&Diagnostic| add.names.iter().all(|name| is_about(finding, name));
    let meant: Vec<&Diagnostic> = of_code.iter().filter(is_meant).copied().collect();
    // What is found at several places about the same is accepted as one.
    let mut meant: Vec<&Diagnostic> = meant;
    meant.sort_by_key(|finding| (&finding.names, std::cmp::Reverse(finding.number)));
    meant.dedup_by_key(|finding| &finding.names);
    let [finding] = meant.as_slice() else {
        let (why, of) = match meant.len() {
            0 => ("nothing is found of", &of_code),
            _ => ("several findings are of", &meant),
        };
        let names = add.names.join(" ");
        return Err(format!("{why} `{code}` about `{names}`{}", listed(of)).into());
    };
    let mut line = baseline::line_of(finding, owner.as_deref());
    line.reason.clone_from(&add.reason);
    if let AcceptanceKind::Baseline { until, .. } = &mut line.kind {
        until.clone_from(&add.until);
    }
    lines.push(line);
    write(&root, &lines)?;
    eprintln!("slo: one finding of {code} was added to `{}`", root.join(FILE_NAME).display());
    Ok(Outcome::Sound)
}

/// What a root owes, and what is found that it may accept besides.
struct Debt {
    root: PathBuf,
    found: Vec<Diagnostic>,
    lines: Vec<Acceptance>,
    owner: Option<String>,
}

/// The debt of the root that was asked for, where this code is found.
fn debt(add: &AddToBaseline, code: Code) -> Result<Debt, Failure> {
    if code == Code::ReaderBroken {
        return Err(format!(
            "`{code}` is of a change, of which nothing is accepted: mend the rule or the panel together with the change, or keep what it asks for until then"
        )
        .into());
    }
    #[cfg(feature = "verify")]
    match &add.run {
        Some(run) if code.is_of_telemetry() => return debt_of_telemetry(add, run),
        Some(_) => {
            return Err(format!("`{code}` is found without telemetry: leave `--run` out").into());
        }
        None => {}
    }
    if code.is_of_telemetry() {
        return Err(format!(
            "`{code}` is found of telemetry: keep a run by `slo verify … --save RUN`, and name it, `slo baseline add {code} {} --run RUN --reason \"…\"`",
            add.names.join(" ")
        )
        .into());
    }
    #[cfg(feature = "readers")]
    match &add.readers {
        Some(folder) if code.is_of_readers() => return debt_of_readers(add, folder),
        Some(_) => {
            return Err(
                format!("`{code}` is found without rules and dashboards: leave `--readers` out").into()
            );
        }
        None => {}
    }
    if code.is_of_readers() {
        return Err(format!(
            "`{code}` is found of rules and dashboards: name their folder, `slo baseline add {code} {} --readers DIR --reason \"…\"`",
            add.names.join(" ")
        )
        .into());
    }
    if code.is_of_fleet() {
        return debt_of_fleet(add);
    }
    let (root, compilation) = compile(&Root { root: add.root.clone() })?;
    readable(&compilation, &root)?;
    Ok(Debt {
        root,
        found: compilation.to_accept().to_vec(),
        lines: lines(&compilation),
        owner: owner(&compilation).map(str::to_owned),
    })
}

/// What is found of rules and dashboards, as `slo check --readers` finds it: a debt of the root, or of the workspace.
#[cfg(feature = "readers")]
fn debt_of_readers(add: &AddToBaseline, folder: &Path) -> Result<Debt, Failure> {
    let root = super::path_of(&Root { root: add.root.clone() })?;
    let (input, said) = super::check::with_others(&root)?;
    let mut fleet = slo_compiler::fleet::check(&input, &said);
    let (lines, owner) = owed(&fleet, &root)?;
    let found = super::readers::new_of_fleet(folder, &mut fleet, &input)?;
    Ok(Debt { root, found, lines, owner })
}

/// What was found of telemetry in a saved run: a debt of the root, or of the workspace.
#[cfg(feature = "verify")]
fn debt_of_telemetry(add: &AddToBaseline, run: &Path) -> Result<Debt, Failure> {
    let root = super::path_of(&Root { root: add.root.clone() })?;
    let (fleet, found) = super::verify::of_run(&root, run)?;
    let (lines, owner) = owed(&fleet, &root)?;
    Ok(Debt { root, found, lines, owner })
}

/// Takes what was found of telemetry into the baseline of a root or a workspace, once: what a later run doesn't see isn't gone, and what it sees
/// besides is new.
#[cfg(feature = "verify")]
pub(crate) fn write_of_telemetry(root: &Path, fleet: &Fleet, found: &[Diagnostic]) -> Result<(), Failure> {
    let (mut lines, owner) = owed(fleet, root)?;
    let path = root.join(FILE_NAME);
    if lines.iter().any(|line| line.code.is_of_telemetry()) {
        return Err(format!(
            "`{}` accepts findings of telemetry already, and what one run doesn't see isn't gone: add what is new by `slo baseline add CODE NAME … --run RUN --reason \"…\"`, and take out what is mended",
            path.display()
        )
        .into());
    }
    let first = baseline::first(found, owner.as_deref());
    if first.is_empty() {
        eprintln!("slo: there is nothing to accept, and `{}` is as it was", path.display());
        return Ok(());
    }
    let count = first.len();
    lines.extend(first);
    write(root, &lines)?;
    eprintln!("slo: `{}` accepts {} of telemetry", path.display(), findings(count));
    Ok(())
}

/// What a contract and those that it is held to contradict each other in: a debt of the root, or of the workspace.
fn debt_of_fleet(add: &AddToBaseline) -> Result<Debt, Failure> {
    let root = super::path_of(&Root { root: add.root.clone() })?;
    let (input, said) = super::check::with_others(&root)?;
    let fleet = slo_compiler::fleet::check(&input, &said);
    let (lines, owner) = owed(&fleet, &root)?;
    Ok(Debt { root, found: fleet.diagnostics, lines, owner })
}

/// The lines of the baseline of a root or a workspace, and the root's owner.
fn owed(fleet: &Fleet, root: &Path) -> Result<(Vec<Acceptance>, Option<String>), Failure> {
    if slo_compiler::load::is_workspace(root) {
        sound_workspace(fleet, root)?;
        return Ok((baseline::without_gone(fleet.accepted.iter(), &fleet.outgrown), None));
    }
    let (_, compilation) = compile(&Root { root: Some(root.to_owned()) })?;
    readable(&compilation, root)?;
    Ok((lines(&compilation), owner(&compilation).map(str::to_owned)))
}

/// Makes the baseline of a root where there is none; else takes out of it what is gone.
pub(crate) fn write_baseline(compilation: &Compilation, root: &Path) -> Result<(), Failure> {
    readable(compilation, root)?;
    let path = root.join(FILE_NAME);
    if path.symlink_metadata().is_err() {
        let lines = baseline::first(compilation.to_accept(), owner(compilation));
        if lines.is_empty() {
            eprintln!("slo: there is nothing to accept, and `{}` was not made", path.display());
            return Ok(());
        }
        write(root, &lines)?;
        eprintln!("slo: `{}` accepts {}", path.display(), findings(lines.len()));
        return Ok(());
    }
    let lines = lines(compilation);
    write(root, &lines)?;
    let left = compilation.to_accept().iter().filter(|finding| {
        can_be_accepted(finding) && finding.severity != Severity::Note && !finding.is_behind()
    });
    let left = match left.count() {
        0 => String::new(),
        left => format!(
            "; {} more {} new and not in it: mend what is new, or accept it by `slo baseline add CODE NAME … --reason \"…\"`",
            findings(left),
            if left == 1 { "is" } else { "are" }
        ),
    };
    eprintln!("slo: `{}` accepts {}{left}", path.display(), findings(lines.len()));
    Ok(())
}

/// Makes or shortens the baseline of a workspace: of what its members contradict each other in.
pub(crate) fn write_of_workspace(fleet: &Fleet, root: &Path) -> Result<(), Failure> {
    sound_workspace(fleet, root)?;
    let path = root.join(FILE_NAME);
    let is_new = path.symlink_metadata().is_err();
    let lines = match is_new {
        true => baseline::first(&fleet.diagnostics, None),
        false => baseline::without_gone(fleet.accepted.iter(), &fleet.outgrown),
    };
    if is_new && lines.is_empty() {
        eprintln!("slo: the members contradict each other in nothing, and `{}` was not made", path.display());
    } else {
        write(root, &lines)?;
        eprintln!(
            "slo: `{}` accepts {} between members; what is found of a member by itself is its own baseline's: `slo check MEMBER --write-baseline`",
            path.display(),
            findings(lines.len())
        );
    }
    Ok(())
}

/// Nothing is accepted of a workspace that could not be read as a whole.
fn sound_workspace(fleet: &Fleet, root: &Path) -> Result<(), Failure> {
    if fleet.diagnostics.iter().any(|finding| finding.class() == Class::Invalid) {
        return Err(format!(
            "the workspace has mistakes, and nothing was written: `slo check {}` says which",
            root.display()
        )
        .into());
    }
    Ok(())
}

fn findings(count: usize) -> String {
    if count == 1 { "1 finding".to_owned() } else { format!("{count} findings") }
}

/// Nothing is accepted of a contract that could not be read as a whole: checks may have passed over what is wrong.
fn readable(compilation: &Compilation, root: &Path) -> Result<(), Failure> {
    let is_invalid =
        |finding: &&Diagnostic| finding.class() == Class::Invalid && finding.severity == Severity::Error;
    match compilation.diagnostics.iter().filter(is_invalid).count() {
        0 => Ok(()),
        count => Err(format!(
            "{} can't be accepted: mend {} first, for what else is wrong shows only then; nothing was written; `slo check {}` shows {}",
            findings(count),
            if count == 1 { "it" } else { "them" },
            root.display(),
            if count == 1 { "it" } else { "them" },
        )
        .into()),
    }
}

/// Whether a finding is about a name, which may lack its package.
fn is_about(finding: &Diagnostic, wanted: &str) -> bool {
    let is = |name: &String| {
        name == wanted || name.strip_suffix(wanted).is_some_and(|package| package.ends_with('.'))
    };
    finding.names.iter().any(is)
}

/// What could have been meant.
fn listed(found: &[&Diagnostic]) -> String {
    if found.is_empty() {
        return "; there is no such finding that isn't accepted".to_owned();
    }
    let mut text = "; what is found:".to_owned();
    for finding in found.iter().take(MOST_NAMED) {
        text.push_str(&format!("\n  {} {}", finding.code, finding.names.join(" ")));
    }
    if let Some(more @ 1..) = found.len().checked_sub(MOST_NAMED) {
        text.push_str(&format!("\n  and {more} more"));
    }
    text
}

fn owner(compilation: &Compilation) -> Option<&str> {
    compilation.manifest.as_ref()?.owner.as_deref()
}

fn lines(compilation: &Compilation) -> Vec<Acceptance> {
    baseline::without_gone(compilation.accepted_here(), &compilation.outgrown)
}

fn write(root: &Path, lines: &[Acceptance]) -> Result<(), Failure> {
    let file = File { path: FILE_NAME.to_owned(), text: baseline::print(lines) };
    save::save(root, &[&file], &[], Over::Anything)?;
    Ok(())
}

/// The day that it is, in UTC, for what is accepted until one.
pub(crate) fn today(said: Option<&String>) -> Result<String, Failure> {
    match said {
        None => {
            let now = jiff::Timestamp::now().to_string();
            Ok(now.split('T').next().unwrap_or_default().to_owned())
        }
        Some(day) if is_day(day) => Ok(day.clone()),
        Some(day) => Err(format!("`{day}` is no day: write `--today 2027-06-30`").into()),
    }
}

/// How many findings are accepted, by what; empty where none is.
pub(crate) fn accepted(compilation: &Compilation) -> String {
    let count = |is: fn(&AcceptanceKind) -> bool| {
        compilation.accepted_here().filter(|one| is(&one.acceptance.kind)).count()
    };
    let allowed = count(|kind| matches!(kind, AcceptanceKind::Allow));
    let owed = count(|kind| matches!(kind, AcceptanceKind::Baseline { .. }));
    let taken_in = compilation.accepted.len() - allowed - owed;
    let parts = [(allowed, "by `allow`"), (owed, "by the baseline"), (taken_in, "by vocabularies")];
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, by)| format!("{count} {by}")).collect();
    match parts.as_slice() {
        [] => String::new(),
        parts => format!("; accepted: {}", parts.join(", ")),
    }
}
