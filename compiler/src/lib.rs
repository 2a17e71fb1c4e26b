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
#[cfg(feature = "compare")]
pub mod compare;
pub mod day;
pub mod derive;
pub mod diagnostic;
#[cfg(feature = "fleet")]
pub mod fleet;
pub mod format;
mod hash;
mod house;
#[cfg(feature = "fleet")]
pub mod index;
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
mod run;
#[cfg(feature = "rust")]
pub mod save;
mod session;
#[cfg(feature = "human")]
pub mod show;
mod sort;
pub mod source;
mod syntax;
pub mod target;
pub mod text;
mod written;

pub use check::CheckedContract;
pub use input::{Input, InputFile, NotThere, Problem, ReadData, Revision, Root};
#[cfg(feature = "fleet")]
pub use manifest::ServerKind;
pub use manifest::{FILE_NAME, Fleet, FleetSource, LANGUAGE_VERSION, Manifest, VocabularySource};
pub use measure::{Count, Factor, Points, kind_of, points, series};
pub use session::Session;
pub use written::Written;

use std::sync::Arc;

use accept::{Acceptance, Accepted};
use diagnostic::{Diagnostic, Severity};
use ir::Contract;
use plan::{Arena, Plan};
pub use policy::{Announced, Notice};
pub use slo_grammar::{FileId, Place};
use source::SourceMap;

/// What a run of the compiler gives.
#[derive(Debug, Default)]
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
    /// What accepts nothing here and stays: its finding has grown, or is one of readers.
    pub outgrown: Vec<Acceptance>,
    /// The contract's own rules that are to be errors from a day on.
    pub announced: Vec<Announced>,
    /// What the contract asks of the day of an `until=` that is new.
    pub notices: Vec<Notice>,
    /// Where more is found than is shown, all of it that can be accepted.
    pub acceptable: Vec<Diagnostic>,
    /// What it stands on: vocabularies by their own names, with their versions.
    pub stands_on: Vec<(String, String)>,
}

impl Compilation {
    /// How many findings of this severity there are.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        let of_severity = self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity);
        of_severity.map(|diagnostic| diagnostic.more.max(1)).sum()
    }

    /// Reports what the contract accepts of what it and others contradict each other in, where it is held to no others.
    #[cfg(feature = "fleet")]
    pub fn held_to_nobody(&mut self) {
        let mut nothing = Vec::new();
        accept::of_fleet(&mut self.outgrown, &mut nothing);
        self.diagnostics.append(&mut nothing);
    }

    /// The findings that the contract itself accepts, not what it stands on.
    pub fn accepted_here(&self) -> impl Iterator<Item = &Accepted> {
        let is_own = |place: Place| self.sources.file(place.file).is_some_and(|file| file.root == 0);
        self.accepted.iter().filter(move |one| is_own(one.acceptance.place))
    }

    /// All that is found and can be accepted, shown or not.
    #[must_use]
    pub fn to_accept(&self) -> &[Diagnostic] {
        if self.acceptable.is_empty() { &self.diagnostics } else { &self.acceptable }
    }

    /// What was to be otherwise before the day `today`, such as `2027-06-30`: a debt to be paid, a rule to be an error. It changes
    /// no verdict.
    #[must_use]
    pub fn past(&self, today: &str) -> Vec<Diagnostic> {
        let mut past = accept::past(self.accepted_here(), today);
        past.extend(policy::past(&self.announced, today));
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
            return diagnostic::arrange(&mut self.diagnostics, &self.sources, FileId(0));
        };
        let arena = Arena::default();
        let mut found = target::rust::refuse(&Plan::of(&arena, &contract));
        if found.iter().any(|finding| finding.severity == Severity::Error) {
            self.checked = None;
        }
        self.diagnostics.append(&mut found);
        diagnostic::arrange(&mut self.diagnostics, &self.sources, FileId(0));
    }
}

/// Compiles a contract root. The roots that it stands on are judged as well, each by itself: where one is not sound, the
/// contract isn't either.
#[must_use]
pub fn compile(input: &Input<'_>) -> Compilation {
    run_one(input, run::Asked::Checked, None)
}

/// Makes the contract of a root in which this compiler has found no error: no check is made again.
pub(crate) fn compile_sound(input: &Input<'_>) -> Compilation {
    run_one(input, run::Asked::Sound, None)
}

impl Session {
    /// Compiles a contract root, as [`compile`] does.
    #[must_use]
    pub fn compile(&mut self, input: &Input<'_>) -> Compilation {
        run_one(input, run::Asked::Checked, Some(self))
    }
}

/// One run, whose trees and attributes a session keeps where there is one.
fn run_one(input: &Input<'_>, asked: run::Asked, session: Option<&mut Session>) -> Compilation {
    let (sources, judged) = run::run(input, &[(0, asked)], session, &|_| ());
    match judged.into_iter().next() {
        Some(judged) => Compilation {
            sources,
            diagnostics: judged.diagnostics,
            manifest: judged.manifest,
            contract: judged.contract,
            checked: judged.checked,
            accepted: judged.accepted,
            outgrown: judged.outgrown,
            announced: judged.announced,
            notices: judged.notices,
            acceptable: judged.acceptable,
            stands_on: judged.stands_on,
        },
        None => Compilation { sources, ..Compilation::default() },
    }
}
