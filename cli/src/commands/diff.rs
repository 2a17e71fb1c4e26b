//! `slo diff`

mod side;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use slo_compiler::compare::{self, Change, Texts, Verdict};
use slo_compiler::diagnostic::render::Run;
use slo_compiler::diagnostic::{Diagnostic, Severity};

use self::side::{Contract, Known, Side};
use super::{Failure, baseline};
use crate::Outcome;
use crate::arguments::{Diff, Format};
use crate::output::{self, Stream};

pub(crate) fn run(diff: &Diff) -> Result<Outcome, Failure> {
    let today = baseline::today(diff.today.as_ref())?;
    let (old, new) = (Side::read(&diff.old, diff)?, Side::read(&diff.new, diff)?);
    let Found { changes, short } = match (old.members.as_slice(), new.members.as_slice()) {
        ([one], [other]) if !old.is_workspace && !new.is_workspace => {
            if let Some(path) = &diff.schema_file {
                write(path, &schema_file(one, other)?)?;
            }
            both(one, other, &today)
        }
        _ => workspaces(&old, &new, diff, &today)?,
    };
    if old.members.iter().chain(&new.members).any(Contract::is_index) {
        output::aside(&format!("slo: {}\n", compare::NOT_IN_INDEXES));
    }
    let is_short = short.iter().any(|finding| finding.severity == Severity::Error);
    let (of_old, of_new) = (|name: &str| old.shown(name), |name: &str| new.shown(name));
    #[cfg_attr(not(feature = "readers"), allow(unused_mut, reason = "readers add to them"))]
    let (mut sources, mut diagnostics) = compare::report(
        &Texts { sources: &old.sources, name: &of_old },
        &Texts { sources: &new.sources, name: &of_new },
        &changes,
        short,
    );
    #[cfg(feature = "readers")]
    let (breaks_readers, read) = match (&diff.readers, &old.series, &new.series) {
        (Some(folder), Some(old), Some(new)) => {
            super::readers::broken(folder, (old, new), &mut sources, &mut diagnostics)?
        }
        _ => (false, String::new()),
    };
    #[cfg(not(feature = "readers"))]
    let (breaks_readers, read) = (false, String::new());
    let run = Run { diagnostics: &diagnostics, sources: &sources, judged: &[0], accepted: None };
    output::result(&output::rendered_of(run, &diff.shown, false, Stream::Out))?;
    summary(diff, &changes, &diagnostics);
    output::aside(&read);
    let is_broken = changes.iter().any(|change| change.worst() == Verdict::Broken);
    Ok(if is_broken || is_short || breaks_readers { Outcome::Findings } else { Outcome::Sound })
}

/// What changes, and which days are too near.
#[derive(Default)]
struct Found {
    changes: Vec<Change>,
    short: Vec<Diagnostic>,
}

fn both(old: &Contract, new: &Contract, today: &str) -> Found {
    match (&old.known, &new.known) {
        (Known::Checked { checked: old, .. }, Known::Checked { checked: new, notices }) => Found {
            changes: compare::compare(old, new, today),
            short: compare::notices(old, new, notices, today),
        },
        (old, new) => {
            Found { changes: compare::compare_indexes(&old.index(), &new.index()), short: Vec::new() }
        }
    }
}

/// Member by member, by the names of their contracts.
fn workspaces(old: &Side, new: &Side, diff: &Diff, today: &str) -> Result<Found, Failure> {
    for (side, other, said) in [(old, new, &diff.old), (new, old, &diff.new)] {
        if other.is_workspace && !side.is_workspace {
            return Err(format!(
                "`{said}` is no workspace, and the other side is one: compare two workspaces, or two contracts"
            )
            .into());
        }
    }
    if diff.schema_file.is_some() {
        return Err("`--schema-file` is of two contract roots: compare the members one by one for it".into());
    }
    let by_name = |side: &'_ Side| -> BTreeMap<String, usize> {
        side.members.iter().enumerate().map(|(number, one)| (one.name.clone(), number)).collect()
    };
    let (were, are) = (by_name(old), by_name(new));
    let names: BTreeSet<&String> = were.keys().chain(are.keys()).collect();
    let mut found = Found::default();
    for name in names {
        let was = were.get(name).and_then(|number| old.members.get(*number));
        let is = are.get(name).and_then(|number| new.members.get(*number));
        match (was, is) {
            (Some(was), Some(is)) => {
                let Found { changes, short } = both(was, is, today);
                // What is gone stands in the member's own `slo.toml`.
                let placed =
                    changes.into_iter().map(|change| Change { new: change.new.or(is.place), ..change });
                found.changes.extend(placed);
                found.short.extend(short);
            }
            (Some(was), None) => {
                found.changes.push(compare::whole_contract(name, true, was.place, new.place));
            }
            (None, Some(is)) => {
                found.changes.push(compare::whole_contract(name, false, old.place, is.place));
            }
            (None, None) => {}
        }
    }
    Ok(found)
}

fn schema_file(old: &Contract, new: &Contract) -> Result<String, Failure> {
    match (&old.known, &new.known) {
        (Known::Checked { checked: old, .. }, Known::Checked { checked: new, .. }) => {
            Ok(compare::schema_file(old, new)?)
        }
        _ => Err("`--schema-file` is of two contract roots: an index says no renames".into()),
    }
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text)
        .map_err(|error| format!("`{}` can't be written: {error}", path.display()).into())
}

/// A last line for people.
fn summary(diff: &Diff, changes: &[Change], diagnostics: &[Diagnostic]) {
    if diff.shown.format != Format::Human {
        return;
    }
    let count = |verdict: Verdict| changes.iter().filter(|change| change.worst() == verdict).count();
    let (broken, notice, more) = (count(Verdict::Broken), count(Verdict::Notice), count(Verdict::More));
    let words = match (broken, notice, more) {
        (0, 0, 0) => "nothing that is compared changes".to_owned(),
        (0, ..) => "nothing is broken".to_owned(),
        (1, ..) => "1 change breaks something".to_owned(),
        (broken, ..) => format!("{broken} changes break something"),
    };
    let also = [(notice, "by an `until=` that is past"), (more, "that only add")];
    let also: String = also
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("; {count} {word}"))
        .collect();
    output::aside(&format!("slo: {words}{also}\n"));
    output::more(diagnostics, &diff.shown);
}
