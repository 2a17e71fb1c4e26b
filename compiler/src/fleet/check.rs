//! Checks members, each by itself and all together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use slo_grammar::{FileId, Place};

use super::meet::{Known, Meet};
use super::server::meetings;
use super::{FleetInput, MemberSource};
use crate::accept::{self, Acceptance, Accepted, Applied};
use crate::check::CheckedContract;
use crate::diagnostic::{self, Code, Diagnostic, Severity};
use crate::index::Index;
use crate::input::{InputFile, Problem};
use crate::manifest::Manifest;
use crate::pinned::LOCK_NAME;
use crate::policy::{self, Announced, Notice};
use crate::roots::problem_diagnostic;
use crate::run::{Asked, run};
use crate::source::{NO_ROOT, SourceFile, SourceMap};

/// Of which members findings are said. What is known is always all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// Of all.
    All,
    /// Of those with these numbers.
    Of(Vec<usize>),
}

impl Said {
    /// Whether findings of a member are said.
    #[must_use]
    pub fn of(&self, member: usize) -> bool {
        match self {
            Said::All => true,
            Said::Of(numbers) => numbers.contains(&member),
        }
    }
}

/// What is found of members that belong together.
#[derive(Debug)]
pub struct Fleet {
    /// The begin of the workspace's `slo.toml`; none of members that belong to no workspace.
    pub place: Option<Place>,
    /// The texts that the findings point into.
    pub sources: SourceMap,
    /// The members, in the workspace's order.
    pub members: Vec<FleetMember>,
    /// What is wrong with the workspace, and what members contradict each other in.
    pub diagnostics: Vec<Diagnostic>,
    /// What of that the workspace's baseline accepts.
    pub accepted: Vec<Accepted>,
    /// What of the baseline accepts nothing here and stays: its finding has grown, or is one of readers.
    pub outgrown: Vec<Acceptance>,
}

/// What is found of a member.
#[derive(Debug)]
pub struct FleetMember {
    /// Its folder or its file, from the workspace.
    pub path: String,
    /// What it is called: its contract's name, or its path where that is unknown or another's too.
    pub name: String,
    /// The folder of its root; none of an index.
    pub folder: Option<PathBuf>,
    /// The manifest of its root, where it can be read.
    pub manifest: Option<Manifest>,
    /// The number of its root in the run.
    pub(crate) root: Option<usize>,
    /// Its `slo.toml`, or its index.
    #[cfg_attr(not(feature = "rust"), allow(dead_code, reason = "only structs are held to it"))]
    pub(crate) file: FileId,
    /// Whether its findings are asked for.
    pub is_said: bool,
    /// The findings of the member by itself, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// Its contract, where there is no error.
    pub checked: Option<CheckedContract>,
    /// The findings that it accepts, and those that what it stands on accepts of itself.
    pub accepted: Vec<Accepted>,
    /// What of what it accepts is found nowhere and stays: its finding has grown, or is one of readers.
    pub outgrown: Vec<Acceptance>,
    /// Its own rules that are to be errors from a day on.
    pub announced: Vec<Announced>,
    /// What it asks of the day of an `until=` that is new.
    pub notices: Vec<Notice>,
    /// What others must know of it; none where too little of it is known to compare it with others.
    pub index: Option<Index>,
}

impl FleetMember {
    /// The place of the member as a whole: the begin of its `slo.toml`, or of its index.
    #[must_use]
    pub const fn place(&self) -> Place {
        Place::new(self.file, 0, 0)
    }
}

impl Fleet {
    /// All findings: of each member by itself, and then of the members together.
    pub fn all(&self) -> impl Iterator<Item = &Diagnostic> {
        self.members.iter().flat_map(|member| &member.diagnostics).chain(&self.diagnostics)
    }

    /// The findings that a member itself accepts, not what it stands on.
    pub fn accepted_by(&self, member: usize) -> impl Iterator<Item = &Accepted> {
        let member = self.members.get(member);
        let is_own = move |one: &&Accepted| {
            let root = self.sources.file(one.acceptance.place.file).map(|file| file.root);
            member.is_some_and(|member| member.root.is_some() && root == member.root)
        };
        member.into_iter().flat_map(|member| &member.accepted).filter(is_own)
    }

    /// All that is accepted of the members that are asked for: what each accepts itself, and what the workspace accepts.
    pub fn all_accepted(&self) -> impl Iterator<Item = &Accepted> {
        let said = self.members.iter().enumerate().filter(|(_, member)| member.is_said);
        said.flat_map(|(number, _)| self.accepted_by(number)).chain(&self.accepted)
    }

    /// What of a member was to be otherwise before the day `today`, such as `2027-06-30`. It changes no verdict.
    #[must_use]
    pub fn past(&self, member: usize, today: &str) -> Vec<Diagnostic> {
        let mut past = accept::past(self.accepted_by(member), today);
        past.extend(
            self.members.get(member).into_iter().flat_map(|member| policy::past(&member.announced, today)),
        );
        past
    }

    /// The rules of vocabularies that members break, each with its name, its place and how many do.
    #[must_use]
    pub fn broken_rules(&self) -> Vec<(String, Place, usize)> {
        let mut broken: BTreeMap<(Place, &str), usize> = BTreeMap::new();
        for member in &self.members {
            let accepted = member.accepted.iter().map(|one| &one.finding);
            let rules = member.diagnostics.iter().chain(accepted).filter_map(|finding| finding.rule.as_ref());
            let rules: BTreeSet<(Place, &str)> = rules.map(|(name, place)| (*place, name.as_str())).collect();
            for rule in rules {
                *broken.entry(rule).or_default() += 1;
            }
        }
        broken.into_iter().map(|((place, name), count)| (name.to_owned(), place, count)).collect()
    }

    /// Takes in what is found of those who read what the members write, but for what a member or the workspace accepts.
    pub fn take_readers(&mut self, mut found: Vec<Diagnostic>) {
        self.accept_of_readers(&mut found);
        diagnostic::arrange(&mut found, &self.sources, FileId(u32::MAX));
        self.diagnostics.extend(found);
    }

    /// What is found of telemetry that a member answers for, at the levels that its manifest sets, but for what it or the workspace
    /// accepts.
    #[must_use]
    pub fn of_telemetry(&self, member: usize, mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let Some(member) = self.members.get(member) else { return found };
        let levels = member.manifest.iter().flat_map(|manifest| &manifest.levels);
        for (code, severity) in levels {
            found
                .iter_mut()
                .filter(|finding| finding.code == *code)
                .for_each(|finding| finding.severity = *severity);
        }
        accept::of_asked(&member.outgrown, &mut found);
        accept::of_asked(&self.outgrown, &mut found);
        diagnostic::arrange(&mut found, &self.sources, FileId(u32::MAX));
        found
    }

    /// Takes out of what is found of readers what a member or the workspace accepts.
    pub fn accept_of_readers(&mut self, found: &mut Vec<Diagnostic>) {
        let of_members = self.members.iter_mut().filter(|member| member.is_said);
        for member in of_members {
            member.accepted.extend(accept::of_asked(&member.outgrown, found));
        }
        self.accepted.extend(accept::of_asked(&self.outgrown, found));
    }

    /// The numbers of the roots whose findings are asked for.
    #[must_use]
    pub fn judged(&self) -> Vec<usize> {
        self.members.iter().filter(|member| member.is_said).filter_map(|member| member.root).collect()
    }

    /// How many findings of this severity there are.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        let of_severity = self.all().filter(|diagnostic| diagnostic.severity == severity);
        of_severity.map(|diagnostic| diagnostic.more.max(1)).sum()
    }

    /// The members that have errors, or are part of a contradiction that is one.
    pub fn unsound(&self) -> impl Iterator<Item = &FleetMember> {
        let is_error = |finding: &&Diagnostic| finding.severity == Severity::Error;
        self.members.iter().filter(move |member| {
            let own = member.diagnostics.iter().any(|finding| is_error(&finding));
            let together = self.diagnostics.iter().filter(is_error);
            let mut together = together.filter(|finding| finding.code != Code::Manifest);
            member.is_said && (own || together.any(|finding| finding.names.contains(&member.name)))
        })
    }
}

/// Checks members: of those that are asked for all is found, and of all what they contradict these in.
#[must_use]
pub fn check(input: &FleetInput, said: &Said) -> Fleet {
    let roots = input.members.iter().enumerate().filter_map(|(number, member)| match member.source {
        MemberSource::Root(root) => Some((root, if said.of(number) { Asked::Checked } else { Asked::Made })),
        MemberSource::Index(_) => None,
    });
    let roots: Vec<(usize, Asked)> = roots.collect();
    let (mut sources, judged) = run(&input.input, &roots, None, &Index::without_lines);
    let mut judged = judged.into_iter();
    let mut members = Vec::new();
    for (number, member) in input.members.iter().enumerate() {
        let is_said = said.of(number);
        members.push(match &member.source {
            MemberSource::Root(root) => {
                let judged = judged.next();
                let read = input.input.roots.get(*root);
                let mut made = FleetMember {
                    path: member.path.clone(),
                    name: member.path.clone(),
                    folder: read.map(|root| root.folder.clone()),
                    manifest: None,
                    root: Some(*root),
                    file: sources
                        .files()
                        .find(|(_, file)| file.root == *root)
                        .map_or(FileId(0), |(id, _)| id),
                    is_said,
                    diagnostics: Vec::new(),
                    checked: None,
                    accepted: Vec::new(),
                    outgrown: Vec::new(),
                    announced: Vec::new(),
                    notices: Vec::new(),
                    index: None,
                };
                if let Some(judged) = judged {
                    made.index = judged.answer.map(|mut index| {
                        index.head.stands_on = judged.stands_on.into_iter().collect();
                        index
                    });
                    made.manifest = judged.manifest;
                    made.diagnostics = judged.diagnostics;
                    made.checked = judged.checked;
                    made.accepted = judged.accepted;
                    made.outgrown = judged.outgrown;
                    made.announced = judged.announced;
                    made.notices = judged.notices;
                }
                made
            }
            MemberSource::Index(file) => read_index(&member.path, file, is_said, &mut sources),
        });
    }
    say_once(&mut members, &sources);
    // What one was before is no other beside it.
    let before = if input.of_one { own_index(&mut members) } else { None };
    name(&mut members);
    let mut diagnostics = input.problems.clone();
    let mut servers = input.servers.clone();
    let mut place = None;
    if let Some(manifest) = &input.manifest {
        let file = add(manifest, None, &mut sources);
        place = Some(Place::new(file, 0, 0));
        if let Some(problem) = &manifest.problem {
            diagnostics = vec![problem_diagnostic(file, &manifest.name, problem)];
        }
        let labels = diagnostics.iter_mut().flat_map(|finding| &mut finding.labels);
        for label in labels {
            label.place.file = file;
        }
        for server in &mut servers {
            server.place.file = file;
            for (_, place) in server.members.iter_mut().flatten() {
                place.file = file;
            }
        }
    }
    let paths: Vec<_> = members
        .iter()
        .map(|member| (member.path.as_str(), member.index.as_ref().map(|index| &index.head)))
        .collect();
    // Where the workspace can't be read, nobody knows who is missing.
    let meetings = match diagnostics.iter().any(|finding| finding.severity == Severity::Error) {
        true => Vec::new(),
        false => meetings(&servers, &paths, &mut diagnostics),
    };
    diagnostic::arrange(&mut diagnostics, &sources, FileId(u32::MAX));
    let known = members.iter().map(|member| {
        Some(Known {
            name: member.name.clone(),
            index: member.index.as_ref()?,
            is_index: member.root.is_none(),
        })
    });
    let is_asked = |number: usize| if input.of_one { number == 0 } else { said.of(number) };
    let mut meet = Meet { members: known.collect(), meetings, is_asked: &is_asked };
    let mut found = meet.find();
    if input.of_one {
        found.iter_mut().for_each(|finding| stand_at_home(finding, &sources));
    }
    if let (Some(before), Some(own)) = (&before, meet.members.first_mut()) {
        if let Some(own) = own {
            own.index = before;
        }
        let was_there = meet.find();
        let is_same = |one: &Diagnostic, other: &Diagnostic| {
            (one.code, &one.names, &one.message) == (other.code, &other.names, &other.message)
        };
        for finding in
            found.iter_mut().filter(|finding| was_there.iter().any(|other| is_same(finding, other)))
        {
            finding.severity = Severity::Note;
            finding.notes.push("it was there before this change, which doesn't fail for it".to_owned());
        }
    }
    for (number, member) in members.iter_mut().enumerate().filter(|(_, member)| member.is_said) {
        // In a workspace, nobody accepts alone what two say: what a member accepts of it finds nothing.
        let mut of_nobody = Vec::new();
        let own = if input.of_one && number == 0 { &mut found } else { &mut of_nobody };
        member.accepted.extend(accept::of_fleet(&mut member.outgrown, own));
        member.diagnostics.append(&mut of_nobody);
    }
    let applied = accept_found(input, said, &mut sources, &mut found, &mut diagnostics);
    diagnostic::arrange(&mut found, &sources, FileId(u32::MAX));
    diagnostics.extend(found);
    Fleet { place, sources, members, diagnostics, accepted: applied.accepted, outgrown: applied.outgrown }
}

/// A lock that all members have and that can't be used is one finding.
fn say_once(members: &mut [FleetMember], sources: &SourceMap) {
    let mut said = BTreeSet::new();
    for member in members.iter_mut().filter(|member| member.is_said) {
        member.diagnostics.retain(|finding| {
            let file = finding.place().and_then(|place| sources.file(place.file));
            let lock = file.filter(|file| finding.code == Code::StaleLock && file.path == LOCK_NAME);
            lock.is_none_or(|file| said.insert((file.name.clone(), finding.message.clone())))
        });
    }
}

/// Has a finding stand in the one contract that is held to others: whoever differs, its text is what is at hand.
fn stand_at_home(finding: &mut Diagnostic, sources: &SourceMap) {
    let is_here =
        |label: &diagnostic::Label| sources.file(label.place.file).is_some_and(|file| file.root < NO_ROOT);
    if let Some(here) = finding.labels.iter().position(is_here) {
        finding.labels.swap(0, here);
    }
}

/// Takes out what the workspace's baseline accepts of what the members contradict each other in.
fn accept_found(
    input: &FleetInput,
    said: &Said,
    sources: &mut SourceMap,
    found: &mut Vec<Diagnostic>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Applied {
    let Some(file) = &input.baseline else { return Applied::default() };
    let number = add(file, None, sources);
    if let Some(problem) = &file.problem {
        diagnostics.push(problem_diagnostic(number, &file.name, problem));
        return Applied::default();
    }
    let lines = accept::baseline::read(&file.text, number, diagnostics);
    let applied = accept::apply(&lines, found, Code::is_asked_for);
    // Of members that aren't asked for it is not known what is found.
    if *said != Said::All {
        found.retain(|finding| finding.code != Code::AllowFindsNothing);
    }
    applied
}

/// Takes the first member's own older index out from among the others.
fn own_index(members: &mut Vec<FleetMember>) -> Option<Index> {
    let own = members.first()?.manifest.as_ref()?.name.clone();
    let is_own = |member: &FleetMember| member.index.as_ref().is_some_and(|index| index.head.name == own);
    let place = members.iter().skip(1).position(is_own)?;
    members.remove(place + 1).index
}

fn add(file: &InputFile, owner: Option<String>, sources: &mut SourceMap) -> FileId {
    let (name, path, text) = (file.name.clone(), file.path.clone(), std::sync::Arc::clone(&file.text));
    sources.add(SourceFile { name, path, root: NO_ROOT, text, owner })
}

fn read_index(path: &str, file: &InputFile, is_said: bool, sources: &mut SourceMap) -> FleetMember {
    let number = FileId(sources.files().len() as u32);
    let index = match &file.problem {
        Some(problem) => Err(unreadable(number, file, problem)),
        None => Index::from_json(&file.text, number).map_err(|error| {
            let place = Place::new(number, error.range.start as u32, error.range.end as u32);
            Diagnostic::new(Code::BadIndex, place, error.message).about(path).help(error.help)
        }),
    };
    let owner = index.as_ref().ok().and_then(|index| index.head.owner.clone());
    let file = add(file, owner, sources);
    let (index, diagnostics) = match index {
        Ok(index) => (Some(index), Vec::new()),
        Err(finding) => (None, vec![finding]),
    };
    FleetMember {
        path: path.to_owned(),
        name: path.to_owned(),
        folder: None,
        manifest: None,
        root: None,
        file,
        is_said,
        diagnostics,
        checked: None,
        accepted: Vec::new(),
        outgrown: Vec::new(),
        announced: Vec::new(),
        notices: Vec::new(),
        index,
    }
}

fn unreadable(number: FileId, file: &InputFile, problem: &Problem) -> Diagnostic {
    problem_diagnostic(number, &file.name, problem)
}

/// Calls members by their contracts' names; those of one name by their paths.
fn name(members: &mut [FleetMember]) {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    let name = |member: &FleetMember| match (&member.index, &member.manifest) {
        (Some(index), _) => Some(index.head.name.clone()),
        (None, Some(manifest)) => Some(manifest.name.clone()),
        (None, None) => None,
    };
    for name in members.iter().filter_map(name) {
        *count.entry(name).or_default() += 1;
    }
    for member in members {
        if let Some(name) = name(member)
            && count.get(&name) == Some(&1)
        {
            member.name = name;
        }
    }
}
