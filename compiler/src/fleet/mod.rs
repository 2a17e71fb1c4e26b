//! Contracts that belong together: each by itself, and whether they contradict each other in the servers in which they meet.
//!
//! Members are contract roots and indexes of contracts. Of a root an index is made, so that both are compared alike.

mod check;
mod differ;
mod meet;
mod metric;
mod resource;
mod series;
mod server;
mod store;

use slo_grammar::Place;

use crate::diagnostic::Diagnostic;
use crate::input::{Input, InputFile};
use crate::manifest::Server;

pub use check::{Fleet, FleetMember, Said, check};
pub use series::{AllSeries, LabelValues, Series};

/// Members, and the servers in which they meet, as they were read.
#[derive(Debug, Default)]
pub struct FleetInput {
    /// The roots of the members, and of the vocabularies that they stand on.
    pub input: Input<'static>,
    /// The members, in the workspace's order.
    pub members: Vec<Member>,
    /// The `slo.toml` of the workspace, where there is one.
    pub manifest: Option<InputFile>,
    /// What the members contradict each other in and is accepted: the workspace's `slo-baseline.toml`, where there is one.
    pub baseline: Option<InputFile>,
    /// The servers that it says.
    pub(crate) servers: Vec<Server>,
    /// What is wrong with it.
    pub(crate) problems: Vec<Diagnostic>,
    /// Whether the first member is held to the others: what it contradicted before in its own index among them is not new.
    pub(crate) of_one: bool,
}

impl FleetInput {
    /// The folder of a member's root; none of an index.
    #[must_use]
    pub fn folder_of(&self, member: &Member) -> Option<&std::path::Path> {
        match member.source {
            MemberSource::Root(number) => self.input.roots.get(number).map(|root| root.folder.as_path()),
            MemberSource::Index(_) => None,
        }
    }

    /// Whether something is wrong with the workspace, so that members may be missing.
    #[must_use]
    pub fn has_problems(&self) -> bool {
        !self.problems.is_empty()
    }
}

/// A member as it was read.
#[derive(Debug)]
pub struct Member {
    /// Its folder or its file, from the workspace, with `/`.
    pub path: String,
    /// Where the workspace names it.
    pub(crate) place: Option<Place>,
    /// What was read.
    pub source: MemberSource,
}

/// What was read of a member.
#[derive(Debug)]
pub enum MemberSource {
    /// The root of this number.
    Root(usize),
    /// An index.
    Index(InputFile),
}
