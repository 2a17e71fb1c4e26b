//! The servers in which members meet.

use std::collections::BTreeMap;

use glob::{MatchOptions, Pattern};
use slo_model::names::PrometheusNaming;

use crate::diagnostic::{Code, Diagnostic};
use crate::index::{Head, IndexMetric};
use crate::ir::{Prometheus, Target};
use crate::manifest::{Server, ServerKind};

/// A server, with the numbers of the members that meet there.
pub(super) struct Meeting<'s> {
    pub(super) kind: ServerKind,
    /// What the workspace says of it; nothing of the one in which all meet where none of its kind is named.
    pub(super) said: Option<&'s Server>,
    pub(super) members: Vec<usize>,
}

/// How a pattern is read: as those of the members are.
const OPTIONS: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// Where members meet: by their paths, and by what each says that it is checked for.
pub(super) fn meetings<'s>(
    servers: &'s [Server],
    members: &[(&str, Option<&Head>)],
    problems: &mut Vec<Diagnostic>,
) -> Vec<Meeting<'s>> {
    let mut meetings = Vec::new();
    for server in servers {
        let mut here = vec![server.members.is_none(); members.len()];
        for (pattern, place) in server.members.iter().flatten() {
            let shape = pattern.trim_start_matches("./").trim_end_matches('/');
            let (message, help) = match Pattern::new(shape) {
                Ok(shape) => {
                    let is_here = |path: &str| {
                        // The folder of a crate stands for the contract in it.
                        let outer = path.strip_suffix("/slo").unwrap_or(path);
                        shape.matches_with(path, OPTIONS) || shape.matches_with(outer, OPTIONS)
                    };
                    let mut any = false;
                    for (here, (path, _)) in here.iter_mut().zip(members) {
                        let matches = is_here(path);
                        *here |= matches;
                        any |= matches;
                    }
                    if any {
                        continue;
                    }
                    (
                        format!("`{pattern}` is no member of the workspace"),
                        "name members by their paths, as `[workspace]` does",
                    )
                }
                Err(error) => (
                    format!("`{pattern}` is no pattern: {}", error.msg),
                    "`*` stands for any part of a name, `**` for any folders",
                ),
            };
            problems.push(Diagnostic::new(Code::Manifest, *place, message).about(pattern).help(help));
        }
        let here = here.into_iter().enumerate().filter(|(_, here)| *here).map(|(member, _)| member);
        meetings.push(Meeting { kind: server.kind, said: Some(server), members: here.collect() });
    }
    for kind in ServerKind::ALL {
        if servers.iter().any(|server| server.kind == kind) {
            continue;
        }
        let target = match kind {
            ServerKind::Prometheus => Some(Target::Prometheus),
            ServerKind::Logs => Some(Target::Logs),
            ServerKind::Traces => None,
        };
        let is_here = |head: &Head| target.is_none_or(|target| head.targets.contains(&target));
        let here = members.iter().enumerate().filter(|(_, (_, head))| head.is_some_and(is_here));
        meetings.push(Meeting { kind, said: None, members: here.map(|(member, _)| member).collect() });
    }
    meetings
}

impl Meeting<'_> {
    /// What the server is called in a sentence.
    pub(super) fn name(&self) -> String {
        match self.said {
            Some(server) => format!("the {} `{}`", self.kind.words(), server.name),
            None => format!("one {}", self.kind.words()),
        }
    }

    /// What a member's metric is called there.
    pub(super) fn naming(&self, head: &Head, metric: &IndexMetric) -> PrometheusNaming {
        let strategy = self.said.and_then(|server| server.translation_strategy.as_ref());
        let said = self.said.map_or(&[][..], |server| &server.ways);
        let mut ways: BTreeMap<String, String> = head.ways.clone();
        // A way that the server says of a scope, or of all, is known better than by the member.
        if said.iter().any(|(scope, _)| scope == crate::ir::DEFAULT_WAY) {
            ways.clear();
        }
        ways.extend(said.iter().cloned());
        let prometheus = Prometheus {
            translation_strategy: strategy.unwrap_or(&head.translation_strategy).clone(),
            ways,
            ..Prometheus::default()
        };
        prometheus.naming(&metric.scope)
    }

    /// Why members meet, for a note.
    pub(super) fn note(&self) -> String {
        match self.said {
            Some(_) => format!("they meet in {}", self.name()),
            None => {
                format!("no `[servers]` of the workspace is a {}: all members meet in one", self.kind.words())
            }
        }
    }
}
