//! `slo check`

use std::path::{Path, PathBuf};

use slo_compiler::diagnostic::{Code, Diagnostic, Severity};
use slo_compiler::fleet::{self, Fleet, FleetInput, Said};
use slo_compiler::{derive, load};

use super::git::{Changed, Changes};
use super::{Failure, baseline, compile, folder_of, outcome};
use crate::Outcome;
use crate::arguments::{Check, Format, Root};
use crate::output;

/// How archives of indexes are unpacked.
#[cfg(feature = "fetch")]
pub(super) const UNPACK: Option<load::Unpack<'static>> =
    Some(&|bytes| slo_fetch::unpack(bytes).map_err(|error| error.to_string()));
#[cfg(not(feature = "fetch"))]
pub(super) const UNPACK: Option<load::Unpack<'static>> = None;

pub(crate) fn run(check: &Check) -> Result<Outcome, Failure> {
    if check.with_accepted && check.findings.shown.format != Format::Sarif {
        return Err(
            "`--with-accepted` is for `--format sarif`, the one that says of a finding that it is accepted"
                .into(),
        );
    }
    // A day that is none is told of before anything is read.
    baseline::today(check.today.as_ref())?;
    if let Some(revision) = &check.changed_since {
        return changed_since(check, revision);
    }
    let roots: Vec<PathBuf> = match check.roots.as_slice() {
        [] => vec![load::find_root(Path::new("."))?],
        roots => roots.iter().map(|root| folder_of(root)).collect(),
    };
    if check.write_baseline && !roots.iter().any(|root| load::is_workspace(root)) {
        let [root] = roots.as_slice() else {
            return Err("a baseline is one root's: name one at a time".into());
        };
        write_baseline(root)?;
    }
    match roots.as_slice() {
        [root] if load::is_workspace(root) => {
            let mut input = load::workspace(root, &[], UNPACK)?;
            if check.write_baseline {
                baseline::write_of_workspace(&fleet::check(&input, &Said::All), root)?;
                input = load::workspace(root, &[], UNPACK)?;
            }
            together(check, input, &Said::All)
        }
        [root] if root.is_dir() => match members(&roots)? {
            Some((input, said)) => together(check, input, &said),
            None => alone(check, root),
        },
        roots => {
            match members(roots)? {
                Some((input, said)) => together(check, input, &said),
                None => {
                    let nested = roots.iter().find(|root| load::is_workspace(root));
                    if let Some(workspace) = nested.filter(|_| roots.len() > 1) {
                        let workspace = workspace.display();
                        return Err(format!("`{workspace}` is a workspace, which is checked by itself: `slo check {workspace}`").into());
                    }
                    together(check, load::roots(roots, UNPACK)?, &Said::All)
                }
            }
        }
    }
}

/// Makes or shortens the baseline of a root; what it accepts is then what the file says.
fn write_baseline(root: &Path) -> Result<(), Failure> {
    let (root, compilation) = compile(&Root { root: Some(root.to_owned()) })?;
    baseline::write_baseline(&compilation, &root)
}

/// The workspace of which all of these are members, where there is one.
fn members(roots: &[PathBuf]) -> Result<Option<(FleetInput, Said)>, Failure> {
    let Some(workspace) = roots.first().and_then(|root| load::find_workspace(root)) else { return Ok(None) };
    let input = load::workspace(&workspace, roots, UNPACK)?;
    let numbers: Option<Vec<usize>> = roots.iter().map(|root| load::member_at(&input, root)).collect();
    if numbers.is_none() && input.has_problems() {
        let shown = workspace.display();
        output::aside(&format!(
            "slo: the workspace `{shown}` above has mistakes, and nothing is compared: `slo check {shown}` says which\n"
        ));
    }
    Ok(numbers.map(|numbers| (input, Said::Of(numbers))))
}

/// Checks a contract root that is no member of a workspace; it may say itself which others it is held to.
fn alone(check: &Check, root: &Path) -> Result<Outcome, Failure> {
    #[cfg(feature = "readers")]
    if check.readers.is_some() {
        let (input, said) = by_itself(root)?;
        return together(check, input, &said);
    }
    let input = match load::held_to_others(load::load(root)?, UNPACK) {
        Ok(held) => return together(check, held, &Said::Of(vec![0])),
        Err(input) => input,
    };
    let mut compilation = derive::crates::compile_with(root, &input, derive::crates::Findings::All, &[]);
    compilation.held_to_nobody();
    let mut past = compilation.past(&baseline::today(check.today.as_ref())?);
    compilation.diagnostics.append(&mut past);
    // The findings are the result that was asked for.
    output::result(&output::checked_rendered(&compilation, check))?;
    output::summary(&compilation, &check.findings);
    let outcome = outcome(&compilation, &check.findings);
    // The program ends here, and the system takes the memory back at once.
    std::mem::forget(compilation);
    Ok(outcome)
}

/// A root as a fleet of its own, with those that it is held to.
fn by_itself(root: &Path) -> Result<(FleetInput, Said), Failure> {
    Ok(match load::held_to_others(load::load(root)?, UNPACK) {
        Ok(held) => (held, Said::Of(vec![0])),
        Err(_) => (load::roots(&[root.to_owned()], UNPACK)?, Said::All),
    })
}

/// A root, or a workspace, with all that `slo check ROOT` knows.
pub(super) fn with_others(root: &Path) -> Result<(FleetInput, Said), Failure> {
    if load::is_workspace(root) {
        return Ok((load::workspace(root, &[], UNPACK)?, Said::All));
    }
    match members(&[root.to_owned()])? {
        Some(known) => Ok(known),
        None => by_itself(root),
    }
}

/// Checks the members of a workspace that changed.
fn changed_since(check: &Check, revision: &str) -> Result<Outcome, Failure> {
    let root = load::find_root(Path::new("."))?;
    let workspace = if load::is_workspace(&root) { Some(root.clone()) } else { load::find_workspace(&root) };
    let Some(workspace) = workspace else {
        return Err(format!(
            "`--changed-since` is for the members of a workspace, and `{}` is none",
            root.display()
        )
        .into());
    };
    // Git looks while the members are read.
    let changes = Changes::ask(&workspace, revision)?;
    let input = load::workspace(&workspace, &[], UNPACK)?;
    let said = match changes.wait()? {
        Changed::Files(files) => Said::Of(load::changed(&input, &files)),
        Changed::Unknown(why) => {
            output::aside(&format!("slo: {why}\n"));
            Said::All
        }
    };
    together(check, input, &said)
}

/// Checks members, each by itself and together.
fn together(check: &Check, input: FleetInput, said: &Said) -> Result<Outcome, Failure> {
    let today = baseline::today(check.today.as_ref())?;
    let mut fleet = fleet::check(&input, said);
    derive::crates::read_all(&mut fleet);
    for number in 0..fleet.members.len() {
        let past = fleet.past(number, &today);
        if let Some(member) = fleet.members.get_mut(number) {
            member.diagnostics.extend(past);
        }
    }
    #[cfg(feature = "readers")]
    let read = match &check.readers {
        Some(folder) => Some(super::readers::of_fleet(folder, &mut fleet, &input)?),
        None => None,
    };
    let all: Vec<Diagnostic> = fleet.all().cloned().collect();
    output::result(&output::fleet_rendered(&fleet, &all, check))?;
    output::fleet_summary(&fleet, &check.findings);
    #[cfg(feature = "readers")]
    read.iter().for_each(|read| output::aside(read));
    output::more(&all, &check.findings.shown);
    // A day that is past fails no run: what was green stays green until somebody changes something.
    let past = all.iter().filter(|finding| finding.code == Code::DayPast).count();
    let denied = check.findings.deny_warnings && fleet.count(Severity::Warning) > past;
    let outcome = if denied || is_unsound(&fleet) { Outcome::Findings } else { Outcome::Sound };
    // The program ends here, and the system takes the memory back at once.
    std::mem::forget((fleet, input));
    Ok(outcome)
}

fn is_unsound(fleet: &Fleet) -> bool {
    fleet.count(Severity::Error) > 0
}
