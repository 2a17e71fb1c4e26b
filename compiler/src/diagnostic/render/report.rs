//! What the reports for CI share: where files stand in the repository, what is said of a finding, and what it is known by
//! from one run to the next.

use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};
use slo_grammar::FileId;

use crate::accept::{Acceptance, Accepted};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::hash::HashMap;
use crate::source::{BUILT_IN, LineColumn, SourceFile, SourceMap};
use crate::text::visible;

/// What a report is made of.
#[derive(Clone, Copy, Debug)]
pub struct Report<'r> {
    /// The runs of the compiler that it is about; one that found nothing is a part of it.
    pub runs: &'r [Run<'r>],
    /// Where the files stand.
    pub repository: &'r Repository,
    /// Whether warnings fail the run as errors do.
    pub deny_warnings: bool,
}

/// What one run of the compiler found, in its texts.
#[derive(Clone, Copy, Debug)]
pub struct Run<'r> {
    /// The findings.
    pub diagnostics: &'r [Diagnostic],
    /// The texts that they point into.
    pub sources: &'r SourceMap,
    /// The numbers of the roots that were judged; what these stand on is theirs to judge.
    pub judged: &'r [usize],
    /// What is accepted, where that is asked for as well. A format that has no place for it leaves it out.
    pub accepted: Option<&'r [Accepted]>,
}

/// The repository that a report is read in: there, files are named by their paths from its root.
#[derive(Clone, Debug)]
pub struct Repository {
    folder: PathBuf,
    from: PathBuf,
}

/// Where a file stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Location {
    /// In the repository: the path from its root, with `/`.
    Inside(String),
    /// Elsewhere on this machine: the whole path.
    Outside(String),
    /// In no file: a vocabulary that slo brings.
    BuiltIn(String),
}

impl Location {
    /// As people read it.
    pub(super) fn shown(&self) -> String {
        let (Location::Inside(path) | Location::Outside(path) | Location::BuiltIn(path)) = self;
        visible(path)
    }
}

impl Repository {
    /// The repository in `folder`, where the names of files are those that a person in the folder `from` knows them by. Both
    /// are absolute paths.
    #[must_use]
    pub fn new(folder: &Path, from: &Path) -> Repository {
        Repository { folder: plain(folder), from: from.to_owned() }
    }

    pub(super) fn location(&self, file: &SourceFile) -> Location {
        // What is built in has no root among those that were read.
        if file.root == BUILT_IN {
            return Location::BuiltIn(file.name.clone());
        }
        let path = plain(&self.from.join(&file.name));
        match path.strip_prefix(&self.folder) {
            Ok(inside) => {
                let parts = inside.components().map(|part| part.as_os_str().to_string_lossy());
                Location::Inside(parts.collect::<Vec<_>>().join("/"))
            }
            Err(_) => Location::Outside(path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")),
        }
    }

    /// The folders of the roots by their numbers, as the place of the manifest shows it: every root's first text.
    pub(super) fn roots(&self, sources: &SourceMap) -> HashMap<usize, String> {
        let mut roots = HashMap::default();
        for (_, first) in sources.files() {
            roots.entry(first.root).or_insert_with(|| {
                let shown = self.location(first).shown();
                let folder =
                    shown.strip_suffix(&visible(&first.path)).unwrap_or(&shown).trim_end_matches('/');
                if folder.is_empty() { ".".to_owned() } else { folder.to_owned() }
            });
        }
        roots
    }
}

/// A path without `.` and `..`, by its text alone.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

/// A finding with the places that it names.
pub(super) struct Finding<'r> {
    /// The number of the run that found it.
    pub(super) run: usize,
    pub(super) diagnostic: &'r Diagnostic,
    /// What accepts it.
    pub(super) accepted: Option<&'r Acceptance>,
    pub(super) sources: &'r SourceMap,
    /// The places, the primary one first.
    pub(super) places: Vec<At>,
    /// What the finding is known by, whatever stands before it in its file.
    pub(super) fingerprint: String,
}

/// A place with what is said of it.
pub(super) struct At {
    pub(super) file: FileId,
    pub(super) location: Location,
    pub(super) start: LineColumn,
    pub(super) end: LineColumn,
    pub(super) text: String,
}

impl At {
    /// As people read it: `slo/shop.slo:5:11`.
    pub(super) fn shown(&self) -> String {
        format!("{}:{}:{}", self.location.shown(), self.start.line, self.start.column)
    }
}

impl<'r> Report<'r> {
    /// All findings, in the order of the runs.
    pub(super) fn findings(&self) -> Vec<Finding<'r>> {
        self.found(|run| run.diagnostics.iter().map(|diagnostic| (diagnostic, None)).collect())
    }

    /// All findings, and behind those of each run what is accepted of it, where that is asked for.
    pub(super) fn with_accepted(&self) -> Vec<Finding<'r>> {
        self.found(|run| {
            let found = run.diagnostics.iter().map(|diagnostic| (diagnostic, None));
            let accepted = run.accepted.unwrap_or_default().iter();
            found.chain(accepted.map(|one| (&one.finding, Some(&one.acceptance)))).collect()
        })
    }

    fn found(
        &self,
        of: impl Fn(&Run<'r>) -> Vec<(&'r Diagnostic, Option<&'r Acceptance>)>,
    ) -> Vec<Finding<'r>> {
        let mut known = HashMap::default();
        let mut findings = Vec::new();
        for (number, run) in self.runs.iter().enumerate() {
            let roots = self.repository.roots(run.sources);
            findings.extend(of(run).into_iter().map(|(diagnostic, accepted)| Finding {
                run: number,
                diagnostic,
                accepted,
                sources: run.sources,
                places: places(diagnostic, run.sources, self.repository),
                fingerprint: fingerprint(diagnostic, run.sources, &roots, &mut known),
            }));
        }
        findings
    }

    /// Whether a finding makes the run fail.
    pub(super) fn fails(&self, finding: &Finding<'_>) -> bool {
        match finding.diagnostic.severity {
            Severity::Error => true,
            Severity::Warning => self.deny_warnings,
            Severity::Note => false,
        }
    }
}

fn places(diagnostic: &Diagnostic, sources: &SourceMap, repository: &Repository) -> Vec<At> {
    let at = |label: &crate::diagnostic::Label| {
        let file = sources.file(label.place.file)?;
        Some(At {
            file: label.place.file,
            location: repository.location(file),
            start: sources.line_column(label.place),
            end: sources.position(label.place.file, label.place.end as usize),
            text: visible(&label.text),
        })
    };
    diagnostic.labels.iter().filter_map(at).collect()
}

/// The hash of the code, the root and the names; of a finding without names, of the file and the text. Of several that are
/// equal in these, the second and later ones say their number.
fn fingerprint(
    diagnostic: &Diagnostic,
    sources: &SourceMap,
    roots: &HashMap<usize, String>,
    known: &mut HashMap<String, usize>,
) -> String {
    let file = diagnostic.place().and_then(|place| sources.file(place.file));
    let root = file.and_then(|file| roots.get(&file.root)).map_or("", String::as_str);
    let mut parts = vec![diagnostic.code.id(), root];
    // The order of names is that of the text, which may change.
    let mut names: Vec<&str> = diagnostic.names.iter().map(String::as_str).collect();
    names.sort_unstable();
    parts.append(&mut names);
    if diagnostic.names.is_empty() {
        parts.extend(file.map(|file| file.path.as_str()));
        // What counts others says how many.
        if diagnostic.more == 0 {
            parts.push(&diagnostic.message);
        }
    }
    let parts = parts.join("\0");
    let number = known.entry(parts.clone()).or_default();
    *number += 1;
    let digest = Sha256::digest(format!("slo 1\0{parts}\0{number}"));
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

impl Finding<'_> {
    /// What is wrong, in one line.
    pub(super) fn message(&self) -> String {
        visible(&self.diagnostic.message)
    }

    /// The places of which there is something to say.
    pub(super) fn told(&self) -> impl Iterator<Item = &At> {
        self.places
            .iter()
            .enumerate()
            .filter(|(number, at)| *number > 0 || !at.text.is_empty())
            .map(|(_, at)| at)
    }

    /// What else there is to say: what to know, what to do, and who keeps the file to change.
    pub(super) fn remarks(&self) -> Vec<String> {
        let diagnostic = self.diagnostic;
        let mut remarks: Vec<String> = diagnostic.notes.iter().map(|note| format!("note: {note}")).collect();
        remarks.extend(diagnostic.help.iter().map(|help| format!("help: {help}")));
        remarks.extend(
            diagnostic.owner.iter().map(|owner| format!("owner: the file to change is kept by {owner}")),
        );
        remarks.iter().map(|remark| visible(remark)).collect()
    }

    /// All that is said of it after its message, a line each, with the places of every file.
    pub(super) fn lines(&self) -> Vec<String> {
        let place = |at: &At| match at.text.as_str() {
            "" => at.shown(),
            text => format!("{}: {text}", at.shown()),
        };
        let mut lines: Vec<String> = self.told().map(place).collect();
        lines.extend(self.remarks());
        lines.push(says_more(self.diagnostic.code));
        lines
    }
}

/// Where to read more of a code.
pub(super) fn says_more(code: Code) -> String {
    match address(code) {
        Some(address) => format!("more: {address}, or `slo explain {code}`"),
        None => format!("more: `slo explain {code}`"),
    }
}

/// The address of a code's page, where the project has one.
pub(super) fn address(code: Code) -> Option<String> {
    let repository = option_env!("CARGO_PKG_REPOSITORY").filter(|repository| !repository.is_empty())?;
    Some(format!("{repository}/blob/v{}/docs/codes/{code}.md", env!("CARGO_PKG_VERSION")))
}

/// How many findings there are of each severity, those among them that one stands for: "1 error, 2 warnings".
pub(super) fn counts(findings: &[Finding<'_>]) -> String {
    let count = |severity, word: &str| {
        let of_severity = findings.iter().filter(|finding| finding.diagnostic.severity == severity);
        match of_severity.map(|finding| finding.diagnostic.more.max(1)).sum::<usize>() {
            0 => None,
            1 => Some(format!("1 {word}")),
            count => Some(format!("{count} {word}s")),
        }
    };
    let counts = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
    counts.into_iter().filter_map(|(severity, word)| count(severity, word)).collect::<Vec<_>>().join(", ")
}
