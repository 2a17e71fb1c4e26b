//! What members contradict each other in, server by server.

use std::collections::HashSet;

use super::server::Meeting;
use super::{metric, resource, store};
use crate::diagnostic::{Code, Diagnostic};
use crate::index::{At, Index};
use crate::manifest::ServerKind;

/// A member whose index is known.
pub(super) struct Known<'m> {
    /// What it is called in a sentence: its name, or its path where another has the same name.
    pub(super) name: String,
    pub(super) index: &'m Index,
    /// Whether a file of this run is an index, in which places are others than the contract's own.
    pub(super) is_index: bool,
}

/// The members and where they meet.
pub(super) struct Meet<'m> {
    /// By their numbers; none where too little is known of one.
    pub(super) members: Vec<Option<Known<'m>>>,
    pub(super) meetings: Vec<Meeting<'m>>,
    pub(super) is_asked: &'m dyn Fn(usize) -> bool,
}

impl<'m> Meet<'m> {
    /// All contradictions, each once.
    pub(super) fn find(&self) -> Vec<Diagnostic> {
        let mut found: Vec<(usize, Diagnostic)> = Vec::new();
        for meeting in &self.meetings {
            match meeting.kind {
                ServerKind::Prometheus => metric::find(self, meeting, &mut found),
                ServerKind::Logs => store::logs(self, meeting, &mut found),
                ServerKind::Traces => store::traces(self, meeting, &mut found),
            }
            resource::find(self, meeting, &mut found);
        }
        let mut seen = HashSet::new();
        // What two say in several servers is one contradiction.
        found.retain(|(member, finding)| {
            seen.insert((*member, finding.code, finding.names.clone(), finding.message.clone()))
        });
        found.into_iter().map(|(_, finding)| finding).collect()
    }

    pub(super) fn member(&self, number: usize) -> Option<&Known<'m>> {
        self.members.get(number)?.as_ref()
    }

    /// The members of a meeting that are known, with their numbers.
    pub(super) fn here<'a>(
        &'a self,
        meeting: &'a Meeting<'_>,
    ) -> impl Iterator<Item = (usize, &'a Known<'m>)> {
        meeting.members.iter().filter_map(|number| Some((*number, self.member(*number)?)))
    }

    /// A contradiction of two members, with what each says; the first is the one that differs.
    pub(super) fn contradiction(
        &self,
        code: Code,
        meeting: &Meeting<'_>,
        message: String,
        [(one, one_at, one_says), (other, other_at, other_says)]: [(usize, &At, String); 2],
    ) -> Diagnostic {
        let says = |number: usize, at: &At, says: String| match self.member(number) {
            None => says,
            Some(member) => {
                let owner = match &member.index.head.owner {
                    Some(owner) => format!(", kept by {owner}"),
                    None => ", kept by nobody who says so".to_owned(),
                };
                let line = if member.is_index { format!(", {}", at.line) } else { String::new() };
                format!("`{}`{owner}{line}: {says}", member.name)
            }
        };
        let mut finding = Diagnostic::new(code, one_at.place, message)
            .here(says(one, one_at, one_says))
            .and(other_at.place, says(other, other_at, other_says))
            .note(meeting.note());
        let owner = self.member(one).and_then(|member| member.index.head.owner.clone());
        finding.owner =
            owner.or_else(|| self.member(other).and_then(|member| member.index.head.owner.clone()));
        if let Some(versions) = self.other_versions(one, other) {
            finding = finding.note(versions);
        }
        finding
    }

    /// That two members stand on other versions of one vocabulary.
    fn other_versions(&self, one: usize, other: usize) -> Option<String> {
        let (one, other) = (self.member(one)?, self.member(other)?);
        let differs = one.index.head.stands_on.iter().find_map(|(name, version)| {
            let other = other.index.head.stands_on.get(name).filter(|other| *other != version)?;
            Some((name, version, other))
        });
        let (vocabulary, version, of_other) = differs?;
        Some(format!("`{}` stands on `{vocabulary}` {version}, and `{}` on {of_other}", one.name, other.name))
    }

    /// Names the members that a contradiction is about.
    pub(super) fn about(&self, finding: Diagnostic, members: [usize; 2]) -> Diagnostic {
        let names =
            members.iter().filter_map(|number| self.member(*number)).map(|member| member.name.clone());
        names.fold(finding, Diagnostic::about)
    }

    pub(super) fn name(&self, number: usize) -> &str {
        self.member(number).map_or("", |member| member.name.as_str())
    }
}
