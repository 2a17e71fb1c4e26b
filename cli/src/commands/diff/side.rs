//! A side of a comparison: a contract root, an index, or a workspace of these, in a folder or in a revision.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use slo_compiler::diagnostic::render::Run;
use slo_compiler::diagnostic::{Diagnostic, Severity};
use slo_compiler::fleet::{self, FleetInput, Said};
use slo_compiler::index::Index;
use slo_compiler::source::SourceMap;
use slo_compiler::{CheckedContract, FILE_NAME, Notice, Place, load};

use crate::arguments::{Diff, Format};
use crate::commands::check::UNPACK;
use crate::commands::revision::Revision;
use crate::commands::{Failure, folder_of};
use crate::output::{self, Stream};

/// A side of the comparison.
pub(super) struct Side {
    pub(super) sources: SourceMap,
    /// Its contracts: one, or those of a workspace.
    pub(super) members: Vec<Contract>,
    pub(super) is_workspace: bool,
    /// The begin of its `slo.toml`, where it is a workspace.
    pub(super) place: Option<Place>,
    /// The series that its contracts write, where readers are asked for.
    #[cfg(feature = "readers")]
    pub(super) series: Option<fleet::AllSeries>,
    revision: Option<Revision>,
}

/// A contract of a side.
pub(super) struct Contract {
    pub(super) name: String,
    /// The begin of its `slo.toml`, where it is of a workspace.
    pub(super) place: Option<Place>,
    pub(super) known: Known,
}

/// What is known of a contract.
pub(super) enum Known {
    Checked { checked: CheckedContract, notices: Vec<Notice> },
    Index(Box<Index>),
}

impl Known {
    pub(super) fn index(&self) -> Cow<'_, Index> {
        match self {
            Known::Checked { checked, .. } => Cow::Owned(Index::of(checked.contract())),
            Known::Index(index) => Cow::Borrowed(index),
        }
    }
}

impl Contract {
    pub(super) const fn is_index(&self) -> bool {
        matches!(self.known, Known::Index(_))
    }
}

impl Side {
    /// Reads what a person names.
    pub(super) fn read(said: &str, diff: &Diff) -> Result<Side, Failure> {
        let path = Path::new(said);
        let (path, revision): (PathBuf, Option<Revision>) = match said.split_once(':') {
            Some((revision, inner)) if !path.exists() => {
                let revision = Revision::read(Path::new("."), revision, inner)?;
                (revision.path.clone(), Some(revision))
            }
            _ => (folder_of(path), None),
        };
        let side = if path.is_file() {
            if path.extension().is_none_or(|extension| extension != "json") {
                return Err(format!("`{said}` is a file and no index: name a contract root, or one of a revision as `REV:PATH`, or an index `NAME.json`").into());
            }
            Side::of_several(said, &load::roots(&[path], UNPACK)?, diff)?
        } else if load::is_workspace(&path) {
            let side = Side::of_several(said, &load::workspace(&path, &[], UNPACK)?, diff)?;
            Side { is_workspace: true, ..side }
        } else if path.join(FILE_NAME).is_file() {
            Side::of_several(said, &load::roots(&[path], UNPACK)?, diff)?
        } else {
            return Err(format!(
                "`{said}` is no contract root: it holds no `{FILE_NAME}`; a root of a revision is written `REV:PATH`"
            )
            .into());
        };
        Ok(Side { revision, ..side })
    }

    /// A contract root, an index, or the members of a workspace.
    fn of_several(said: &str, input: &FleetInput, diff: &Diff) -> Result<Side, Failure> {
        let fleet = fleet::check(input, &Said::All);
        let found: Vec<Diagnostic> = fleet.all().cloned().collect();
        if found.iter().any(|finding| finding.severity == Severity::Error) {
            return Err(unsound(said, &fleet.sources, &found, diff));
        }
        #[cfg(feature = "readers")]
        let series = diff.readers.is_some().then(|| fleet::AllSeries::of(&fleet, input));
        let mut members = Vec::new();
        for member in fleet.members {
            let place = Some(member.place());
            let known = match (member.checked, member.index) {
                (Some(checked), _) => Known::Checked { checked, notices: member.notices },
                (None, Some(index)) => Known::Index(Box::new(index)),
                (None, None) => return Err(unsound(said, &fleet.sources, &found, diff)),
            };
            members.push(Contract { name: member.name, place, known });
        }
        Ok(Side {
            sources: fleet.sources,
            members,
            is_workspace: false,
            place: fleet.place,
            #[cfg(feature = "readers")]
            series,
            revision: None,
        })
    }

    pub(super) fn shown(&self, name: &str) -> String {
        self.revision.as_ref().map_or_else(|| name.to_owned(), |revision| revision.shown(name))
    }
}

/// Shows what is wrong with a side, to a program in the format that it asks for, and says that nothing was compared.
fn unsound(said: &str, sources: &SourceMap, found: &[Diagnostic], diff: &Diff) -> Failure {
    let errors: Vec<Diagnostic> =
        found.iter().filter(|finding| finding.severity == Severity::Error).cloned().collect();
    let run = Run { diagnostics: &errors, sources, judged: &[0], accepted: None };
    match diff.shown.format {
        Format::Human => output::aside(&output::rendered_of(run, &diff.shown, false, Stream::Error)),
        _ => {
            if let Err(error) = output::result(&output::rendered_of(run, &diff.shown, false, Stream::Out)) {
                return error.into();
            }
        }
    }
    format!("`{said}` is not sound, and nothing was compared").into()
}
