//! Whose telemetry came: of each scope how much belongs to a contract.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use slo_model::event::Signal;

use crate::coverage::index;

/// How many scopes are counted each by itself.
const MOST_SCOPES: usize = 1_000;

/// The records of a scope.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Those of a contract: metric points, log records, spans.
    pub own: [u64; 3],
    /// All others.
    pub others: [u64; 3],
}

/// Whose telemetry came, by scope.
#[derive(Clone, Debug, Default)]
pub(crate) struct Foreign {
    pub(crate) scopes: BTreeMap<String, Share>,
    /// The records of scopes past those that are counted each by itself.
    pub(crate) beyond: Share,
}

impl Foreign {
    /// How many records of a signal are of a contract.
    pub(crate) fn own(&self, signal: Signal) -> u64 {
        let all = self.scopes.values().chain([&self.beyond]);
        all.filter_map(|share| share.own.get(index(signal))).fold(0, |sum, count| sum.saturating_add(*count))
    }

    pub(crate) fn take(&mut self, scope: &str, signal: Signal, is_own: bool) {
        let has_room = self.scopes.len() < MOST_SCOPES;
        let share = match self.scopes.get_mut(scope) {
            Some(share) => share,
            None if has_room => self.scopes.entry(scope.to_owned()).or_default(),
            None => &mut self.beyond,
        };
        let counts = if is_own { &mut share.own } else { &mut share.others };
        if let Some(count) = counts.get_mut(index(signal)) {
            *count += 1;
        }
    }
}
