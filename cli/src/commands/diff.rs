//! `slo diff`

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use slo_compiler::compare::{self, Change, Texts, Verdict};
use slo_compiler::diagnostic::render::Run;
use slo_compiler::diagnostic::{Diagnostic, Severity};
use slo_compiler::fleet::{self, Said};
use slo_compiler::index::Index;
use slo_compiler::source::SourceMap;
use slo_compiler::{CheckedContract, Compilation, FILE_NAME, Notice, load};

use super::check::UNPACK;
use super::revision::Revision;
use super::{Failure, baseline, folder_of};
use crate::Outcome;
use crate::arguments::{Diff, Format, Shown};
use crate::output::{self, Stream};

/// A side of the comparison.
struct Side {
    sources: SourceMap,
    known: Known,
    revision: Option<Revision>,
}

/// What is known of a side.
enum Known {
    Contract { checked: CheckedContract, notices: Vec<Notice> },
    Index(Index),
}

pub(crate) fn run(diff: &Diff) -> Result<Outcome, Failure> {
    let today = baseline::today(diff.today.as_ref())?;
    let (old, new) = (Side::read(&diff.old, diff)?, Side::read(&diff.new, diff)?);
    let (changes, short) = match (&old.known, &new.known) {
        (Known::Contract { checked: old, .. }, Known::Contract { checked: new, notices }) => {
            if let Some(path) = &diff.schema_file {
                write(path, &compare::schema_file(old, new)?)?;
            }
            (compare::compare(old, new, &today), compare::notices(old, new, notices, &today))
        }
        (old, new) => {
            if diff.schema_file.is_some() {
                return Err("`--schema-file` is of two contract roots: an index says no renames".into());
            }
            output::aside(&format!("slo: {}\n", compare::NOT_IN_INDEXES));
            (compare::compare_indexes(&old.index(), &new.index()), Vec::new())
        }
    };
    let is_short = short.iter().any(|finding| finding.severity == Severity::Error);
    let (of_old, of_new) = (|name: &str| old.shown(name), |name: &str| new.shown(name));
    let (sources, diagnostics) = compare::report(
        &Texts { sources: &old.sources, name: &of_old },
        &Texts { sources: &new.sources, name: &of_new },
        &changes,
        short,
    );
    let run = Run { diagnostics: &diagnostics, sources: &sources, judged: &[0], accepted: None };
    output::result(&output::rendered_of(run, &diff.shown, false, Stream::Out))?;
    summary(diff, &changes, &diagnostics);
    let is_broken = changes.iter().any(|change| change.worst() == Verdict::Broken);
    Ok(if is_broken || is_short { Outcome::Findings } else { Outcome::Sound })
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text)
        .map_err(|error| format!("`{}` can't be written: {error}", path.display()).into())
}

impl Known {
    fn index(&self) -> Cow<'_, Index> {
        match self {
            Known::Contract { checked, .. } => Cow::Owned(Index::of(checked.contract())),
            Known::Index(index) => Cow::Borrowed(index),
        }
    }
}

impl Side {
    /// Reads a root, one of a revision, or an index.
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
            return Side::of_index(said, root, diff);
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
        let Compilation { sources, diagnostics, checked, notices, .. } =
            slo_compiler::compile(&load::load(&root)?);
        let Some(checked) = checked else {
            return Err(unsound(said, &sources, &diagnostics, diff));
        };
        Ok(Side { sources, known: Known::Contract { checked, notices }, revision })
    }

    /// Reads an index.
    fn of_index(said: &str, path: PathBuf, diff: &Diff) -> Result<Side, Failure> {
        if path.extension().is_none_or(|extension| extension != "json") {
            return Err(format!("`{said}` is a file and no index: name a contract root, or one of a revision as `REV:PATH`, or an index `NAME.json`").into());
        }
        let mut fleet = fleet::check(&load::roots(&[path], UNPACK)?, &Said::All);
        let index = fleet.members.first_mut().and_then(|member| member.index.take());
        let found: Vec<Diagnostic> = fleet.all().cloned().collect();
        match index {
            Some(index) => Ok(Side { sources: fleet.sources, known: Known::Index(index), revision: None }),
            None => Err(unsound(said, &fleet.sources, &found, diff)),
        }
    }

    fn shown(&self, name: &str) -> String {
        self.revision.as_ref().map_or_else(|| name.to_owned(), |revision| revision.shown(name))
    }
}

/// Shows what is wrong with a side, and says that nothing was compared.
fn unsound(said: &str, sources: &SourceMap, found: &[Diagnostic], diff: &Diff) -> Failure {
    let errors: Vec<Diagnostic> =
        found.iter().filter(|finding| finding.severity == Severity::Error).cloned().collect();
    let people = Shown { format: Format::Human, color: diff.shown.color };
    let run = Run { diagnostics: &errors, sources, judged: &[0], accepted: None };
    output::aside(&output::rendered_of(run, &people, false, Stream::Error));
    format!("`{said}` is not sound, and nothing was compared").into()
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
