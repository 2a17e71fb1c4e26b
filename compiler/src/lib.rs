//! The compiler of the slo language.
//!
//! [`compile`] runs these stages, each with a type of its own, so that an unresolved name or an unchecked contract
//! can't reach a back end:
//!
//! | stage | from | to | where |
//! |---|---|---|---|
//! | parse | text | `SyntaxTree`, every node with its place | crate `slo-grammar` |
//! | resolve | syntax trees of all packages | names bound to declarations | `resolve` |
//! | lower | resolved trees | a draft of [`ir::Contract`], the typed IR: what can't be known carries its finding | `lower` |
//! | check | the draft | diagnostics; a [`CheckedContract`] where nothing is unknown and there is no error | `check` |
//! | plan | [`CheckedContract`] | numbers of fields and values, what is known when | [`plan`] |
//! | target | [`CheckedContract`] | files as text, a folder per target | [`target`] |
//!
//! The compiler is pure: strings in, strings and diagnostics out. Only [`load`], [`mod@save`] and [`build_script`] touch
//! files and environment.

pub mod accept;
#[cfg(feature = "rust")]
pub mod build_script;
mod check;
pub mod day;
pub mod derive;
pub mod diagnostic;
pub mod format;
mod hash;
mod house;
mod input;
pub mod ir;
pub mod load;
mod lower;
mod manifest;
mod measure;
mod options;
pub mod pinned;
pub mod plan;
mod policy;
mod resolve;
mod roots;
#[cfg(feature = "rust")]
pub mod save;
mod session;
#[cfg(feature = "human")]
pub mod show;
mod sort;
pub mod source;
mod syntax;
pub mod target;
mod text;

pub use check::CheckedContract;
pub use input::{Input, InputFile, NotThere, Problem, ReadData, Revision, Root};
pub use manifest::{FILE_NAME, LANGUAGE_VERSION, Manifest, VocabularySource};
pub use measure::{Count, Factor, Points, kind_of, points, series};
pub use session::Session;

use std::sync::Arc;

use slo_grammar::{FileId, Place, SyntaxTree};

use accept::{Acceptance, Accepted, Applied};
use diagnostic::{Code, Diagnostic, Severity};
use ir::Contract;
use ir::draft::Draft;
use plan::{Arena, Plan};
use policy::Policies;
use roots::Roots;
use source::SourceMap;

/// What a run of the compiler gives.
#[derive(Debug)]
pub struct Compilation {
    /// The texts that the diagnostics point into.
    pub sources: SourceMap,
    /// The findings, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// The manifest, where it can be read.
    pub manifest: Option<Manifest>,
    /// The contract, where nothing in it is unknown.
    pub contract: Option<Arc<Contract>>,
    /// The contract, where there is no error.
    pub checked: Option<CheckedContract>,
    /// The findings that the contract accepts, and those that what it stands on accepts of itself.
    pub accepted: Vec<Accepted>,
    /// What of that accepts nothing any more, because its finding has grown.
    pub outgrown: Vec<Acceptance>,
    /// The contract's own rules that are to be errors from a day on: their names, places and days.
    pub announced: Vec<(String, Place, String)>,
}

impl Compilation {
    /// How many findings of this severity there are.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        let of_severity = self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity);
        of_severity.map(|diagnostic| diagnostic.more.max(1)).sum()
    }

    /// The findings that the contract itself accepts, not what it stands on.
    pub fn accepted_here(&self) -> impl Iterator<Item = &Accepted> {
        let is_own = |place: Place| self.sources.file(place.file).is_some_and(|file| file.root == 0);
        self.accepted.iter().filter(move |one| is_own(one.acceptance.place))
    }

    /// What was to be otherwise before the day `today`, such as `2027-06-30`: a debt to be paid, a rule to be an error. It changes
    /// no verdict.
    #[must_use]
    pub fn past(&self, today: &str) -> Vec<Diagnostic> {
        let mut past = accept::past(self.accepted_here(), today);
        for (name, place, _) in self.announced.iter().filter(|(.., day)| day.as_str() <= today) {
            past.push(
                Diagnostic::new(Code::DayPast, *place, format!("`{name}` was to be an error by now"))
                    .about(name)
                    .help(
                        "write `error` and take `until` out, or announce another day: no run fails for this",
                    ),
            );
        }
        past
    }

    /// Leaves out what the rules and settings of vocabularies find, as whoever generates something does, and tells how much that is.
    pub fn leave_houses_out(&mut self) -> usize {
        let all = self.diagnostics.len();
        self.diagnostics.retain(|finding| !finding.is_of_house);
        all - self.diagnostics.len()
    }

    /// Holds the contract to what Rust can be made of, as whoever makes Rust of it must. Where `slo.toml` has a table
    /// `[rust]`, [`compile`] does.
    pub fn hold_to_rust(&mut self) {
        let Some(contract) = self.checked.clone() else {
            return diagnostic::arrange(&mut self.diagnostics, &self.sources);
        };
        let arena = Arena::default();
        let mut found = target::rust::refuse(&Plan::of(&arena, &contract));
        if found.iter().any(|finding| finding.severity == Severity::Error) {
            self.checked = None;
        }
        self.diagnostics.append(&mut found);
        diagnostic::arrange(&mut self.diagnostics, &self.sources);
    }
}

/// Compiles a contract root. The roots that it stands on are judged as well, each by itself: where one is not sound, the
/// contract isn't either.
#[must_use]
pub fn compile(input: &Input<'_>) -> Compilation {
    run(input, None)
}

impl Session {
    /// Compiles a contract root, as [`compile`] does.
    #[must_use]
    pub fn compile(&mut self, input: &Input<'_>) -> Compilation {
        run(input, Some(self))
    }
}

/// One run, whose trees and attributes a session keeps where there is one.
fn run(input: &Input<'_>, mut session: Option<&mut Session>) -> Compilation {
    let mut sources = SourceMap::default();
    let (mut roots, mut found) = Roots::read(input, session.as_deref_mut(), &mut sources);
    resolve::fields_of_groups(&mut roots);
    let Some(manifest) = roots.manifest(0).cloned() else {
        let mut diagnostics = found.take(0);
        diagnostic::arrange(&mut diagnostics, &sources);
        return Compilation {
            sources,
            diagnostics,
            manifest: None,
            contract: None,
            checked: None,
            accepted: Vec::new(),
            outgrown: Vec::new(),
            announced: Vec::new(),
        };
    };
    let folders = folders(&sources);
    let resolved = resolve::resolve(&roots, &folders, &mut found);
    let data = |file: FileId, path: &str| match &input.data {
        Some(read) => read(roots.of_file(file), path),
        None => Err("there are no other files here".to_owned()),
    };
    let policies: Vec<Policies> = (0..roots.list.len())
        .map(|root| {
            let mut of_root = Vec::new();
            let policies = Policies::of(&resolved, root, &mut of_root);
            found.put(root, of_root);
            policies
        })
        .collect();
    let mut diagnostics = found.take(0);
    let kept = session.as_deref_mut().map(|session| std::mem::take(&mut session.attributes));
    let mut lowered = lower::lower(&resolved, 0, &manifest, &data, kept, &mut sources, &mut diagnostics);
    lowered.draft.places.finish(&sources);
    if let Some(session) = session {
        session.attributes = std::mem::take(&mut lowered.kept);
    }
    // What a root that the contract stands on leaves unknown.
    let mut unknown = None;
    for root in roots.others() {
        let Some(manifest) = roots.manifest(root) else { continue };
        let mut of_root = found.take(root);
        let lowered = lower::lower(&resolved, root, manifest, &data, None, &mut sources, &mut of_root);
        let taken = taken_in(&resolved, &roots, root);
        check_root(&roots, root, &policies, &lowered.draft, &taken, &mut of_root);
        accept_in_vocabularies(&roots, root, &policies, &mut of_root);
        let contract = lowered.draft.total();
        unknown = unknown.or(contract.as_ref().err().copied());
        if manifest.rust
            && let Ok(contract) = contract
            && let Some(contract) = CheckedContract::new(&Arc::new(contract), &of_root)
        {
            let arena = Arena::default();
            of_root.extend(target::rust::refuse(&Plan::of(&arena, &contract)));
        }
        diagnostic::arrange(&mut of_root, &sources);
        found.put(root, of_root);
    }
    let unsound = found.unsound(&roots);
    let taken = taken_in(&resolved, &roots, 0);
    let Applied { mut accepted, outgrown } =
        check_root(&roots, 0, &policies, &lowered.draft, &taken, &mut diagnostics);
    accepted.extend(accept_in_vocabularies(&roots, 0, &policies, &mut diagnostics));
    // What is wrong in a vocabulary by itself is told once, by its name.
    diagnostics.retain(|finding| !unsound.contains_key(&roots.of_finding(finding)));
    diagnostics.extend(roots.unsound(&unsound));
    let contract = match unknown.map_or_else(|| lowered.draft.total(), Err) {
        Ok(contract) => Some(Arc::new(contract)),
        Err(reported) => {
            reported.is_among(&mut diagnostics);
            None
        }
    };
    let checked = contract.as_ref().and_then(|contract| CheckedContract::new(contract, &diagnostics));
    let announced = policies.first().into_iter().flat_map(|policies| &policies.rules);
    let announced = announced.filter_map(|rule| Some((rule.name.clone(), rule.place, rule.until.clone()?)));
    let announced = announced.collect();
    let for_rust = manifest.rust;
    let mut compilation = Compilation {
        sources,
        diagnostics,
        manifest: Some(manifest),
        contract,
        checked,
        accepted,
        outgrown,
        announced,
    };
    if for_rust {
        compilation.hold_to_rust();
    } else {
        diagnostic::arrange(&mut compilation.diagnostics, &compilation.sources);
    }
    compilation
}

/// Checks the draft of a root by its own rules and settings and those of its vocabularies, and takes out what it accepts.
fn check_root(
    roots: &Roots,
    root: usize,
    policies: &[Policies],
    draft: &ir::draft::Contract,
    taken: &check::TakenIn<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Applied {
    let rules = house::rules(policies, roots, root, diagnostics);
    let settings = house::settings(roots, root, diagnostics);
    check::check(draft, &rules, taken, diagnostics);
    if let Some(house::Settings { prometheus, logs, traces }) = settings {
        let together = ir::draft::Contract { prometheus, logs, traces, ..draft.clone() };
        let mut found = Vec::new();
        check::check(&together, &[], taken, &mut found);
        let key = |finding: &Diagnostic| (finding.code, finding.place(), finding.message.clone());
        let known: hash::HashSet<_> = diagnostics.iter().map(key).collect();
        let new = found.into_iter().filter(|finding| !known.contains(&key(finding)));
        diagnostics.extend(new.map(|finding| {
            finding.of_house().note("a vocabulary that the contract stands on says so, in its `slo.toml`")
        }));
    }
    accept::apply(policies.get(root).map_or(&[][..], |policies| &policies.acceptances), diagnostics)
}

/// Takes out what the vocabularies of a root have accepted of themselves.
fn accept_in_vocabularies(
    roots: &Roots,
    root: usize,
    policies: &[Policies],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Accepted> {
    let others = roots.reached(root).map(|(other, _)| other).filter(|other| *other != root);
    let accepted = others.flat_map(|other| {
        let acceptances = policies.get(other).map_or(&[][..], |policies| &policies.acceptances);
        accept::of_vocabulary(acceptances, &|finding| roots.of_finding(finding) == other, diagnostics)
    });
    accepted.collect()
}

/// What a root takes in.
fn taken_in<'t>(resolved: &resolve::Resolved<'t>, roots: &Roots, root: usize) -> check::TakenIn<'t> {
    check::TakenIn { tables: roots.tables(root).to_vec(), metrics: resolved.vocabularies.seen_metrics(root) }
}

/// The root and the folder in it that a tree's file stands in.
fn folders(sources: &SourceMap) -> impl Fn(&SyntaxTree) -> (usize, String) + use<> {
    let folder = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let folders: Vec<(usize, String)> =
        sources.files().map(|(_, file)| (file.root, folder(&file.path))).collect();
    move |tree: &SyntaxTree| folders.get(tree.file.0 as usize).cloned().unwrap_or_default()
}
