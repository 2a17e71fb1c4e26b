//! `slo diff`

use std::path::{Path, PathBuf};

use slo_compiler::compare::{self, Change, Texts, Verdict};
use slo_compiler::diagnostic::render::Run;
use slo_compiler::diagnostic::{Diagnostic, Severity};
use slo_compiler::{CheckedContract, Compilation, FILE_NAME, load};

use super::revision::Revision;
use super::{Failure, baseline, folder_of};
use crate::Outcome;
use crate::arguments::{Diff, Format, Shown};
use crate::output::{self, Stream};

/// A side of the comparison.
struct Side {
    compilation: Compilation,
    checked: CheckedContract,
    revision: Option<Revision>,
}

pub(crate) fn run(diff: &Diff) -> Result<Outcome, Failure> {
    let today = baseline::today(diff.today.as_ref())?;
    let (old, new) = (Side::read(&diff.old, diff)?, Side::read(&diff.new, diff)?);
    if let Some(path) = &diff.schema_file {
        let text = compare::schema_file(&old.checked, &new.checked)?;
        std::fs::write(path, text)
            .map_err(|error| format!("`{}` can't be written: {error}", path.display()))?;
    }
    let changes = compare::compare(&old.checked, &new.checked, &today);
    let short = compare::notices(&old.checked, &new.checked, &new.compilation.notices, &today);
    let is_short = short.iter().any(|finding| finding.severity == Severity::Error);
    let (of_old, of_new) = (|name: &str| old.shown(name), |name: &str| new.shown(name));
    let (sources, diagnostics) = compare::report(
        &Texts { sources: &old.compilation.sources, name: &of_old },
        &Texts { sources: &new.compilation.sources, name: &of_new },
        &changes,
        short,
    );
    let run = Run { diagnostics: &diagnostics, sources: &sources, judged: &[0], accepted: None };
    output::result(&output::rendered_of(run, &diff.shown, false, Stream::Out))?;
    summary(diff, &changes, &diagnostics);
    let is_broken = changes.iter().any(|change| change.worst() == Verdict::Broken);
    Ok(if is_broken || is_short { Outcome::Findings } else { Outcome::Sound })
}

impl Side {
    /// Reads a root, or one of a revision.
    fn read(said: &str, diff: &Diff) -> Result<Side, Failure> {
        let path = Path::new(said);
        let (root, revision): (PathBuf, Option<Revision>) = match said.split_once(':') {
            Some((revision, inner)) if !path.exists() => {
                let revision = Revision::read(revision, inner)?;
                (revision.root.clone(), Some(revision))
            }
            _ => (folder_of(path), None),
        };
        if root.is_file() {
            return Err(format!(
                "`{said}` is a file: name a contract root, or one of a revision as `REV:PATH`"
            )
            .into());
        }
        if load::is_workspace(&root) {
            return Err(format!("`{said}` is a workspace: compare its members one by one").into());
        }
        if !root.join(FILE_NAME).is_file() {
            return Err(format!(
                "`{said}` is no contract root: it holds no `{FILE_NAME}`; a root of a revision is written `REV:PATH`"
            )
            .into());
        }
        let mut compilation = slo_compiler::compile(&load::load(&root)?);
        let Some(checked) = compilation.checked.take() else {
            let errors: Vec<Diagnostic> = compilation
                .diagnostics
                .iter()
                .filter(|finding| finding.severity == Severity::Error)
                .cloned()
                .collect();
            let people = Shown { format: Format::Human, color: diff.shown.color };
            let run =
                Run { diagnostics: &errors, sources: &compilation.sources, judged: &[0], accepted: None };
            output::aside(&output::rendered_of(run, &people, false, Stream::Error));
            return Err(format!("`{said}` is not sound, and nothing was compared").into());
        };
        Ok(Side { compilation, checked, revision })
    }

    fn shown(&self, name: &str) -> String {
        self.revision.as_ref().map_or_else(|| name.to_owned(), |revision| revision.shown(name))
    }
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
