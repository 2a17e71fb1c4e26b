//! What a run found, for people and programs.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use slo_compiler::diagnostic::{Code, Diagnostic, Severity};
use slo_compiler::ir::Places;
use slo_grammar::FileId;

use crate::coverage::EventSeen;
use crate::foreign::Share;
use crate::input::Refusal;
use crate::join::Joined;
use crate::judge::verifier::Verifier;
use crate::run::Unread;
use crate::tally::Cause;

/// What a run found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// What was found, grouped by its cause, in the order in which it was found.
    pub causes: Vec<Cause>,
    /// Faults whose causes are past those that are told apart.
    pub beyond: u64,
    /// What was seen of each contract, and after them of their earlier versions.
    pub coverage: Vec<Vec<EventSeen>>,
    /// How many of the contracts hold.
    pub current: usize,
    /// Whose telemetry came, by scope.
    pub scopes: BTreeMap<String, Share>,
    /// The records of scopes past those that are counted each by itself.
    pub other_scopes: Share,
    /// How many events were joined, by contract and event.
    #[serde(with = "pairs")]
    pub joined: BTreeMap<(usize, usize), Joined>,
    /// How many logs came so long before or after their span: by powers of two, in nanoseconds.
    pub late: Vec<u64>,
    /// How many records still wait for the span that they name; none at the end.
    pub waiting: u64,
    /// The first services that telemetry came from and no contract has.
    pub strangers: Vec<String>,
    /// What the contracts' resources are called.
    pub resources: Vec<String>,
    /// What could not be read.
    pub refusals: Vec<Refusal>,
    /// How often something else could not be read, past what is told apart.
    pub refusals_beyond: u64,
}

impl Verifier<'_> {
    /// Ends a run.
    #[must_use]
    pub fn finish(mut self) -> Report {
        self.settle(true);
        self.report()
    }

    /// What was found until now. Records that wait for the span that they name aren't judged by it yet, and what only many records show
    /// together may still look otherwise.
    #[must_use]
    pub fn report(&self) -> Report {
        let mut tally = self.tally.clone();
        let mut joined: BTreeMap<_, Joined> =
            self.joins.joined.iter().map(|(event, joined)| (*event, *joined)).collect();
        for (event, counted) in self.across.counted.events() {
            joined.entry(event).or_default().counted = counted;
        }
        self.across.tell(&self.contracts, &self.joins.apart, &mut tally);
        Report {
            causes: tally.causes().to_vec(),
            beyond: tally.beyond(),
            coverage: self.coverage.events.clone(),
            current: self.current,
            scopes: self.foreign.scopes.clone(),
            other_scopes: self.foreign.beyond,
            late: self.joins.late.to_vec(),
            waiting: self.joins.waiting(),
            strangers: self.strangers(),
            resources: self.resources(),
            refusals: Vec::new(),
            refusals_beyond: 0,
            joined,
        }
    }

    /// How many causes were found until now, but for those that only many records show together.
    #[must_use]
    pub fn found(&self) -> usize {
        self.tally.causes().len()
    }
}

impl Cause {
    /// The finding of it, at its place in the contract that these are the places of.
    #[must_use]
    pub fn diagnostic(&self, places: &Places) -> Diagnostic {
        let place = self
            .node
            .map_or_else(|| slo_grammar::Place::new(slo_grammar::FileId(0), 0, 0), |node| places.place(node));
        let mut finding = Diagnostic::new(self.code, place, self.words.message.clone());
        finding.severity = self.severity;
        finding.names = self.names.clone();
        finding.help = self.words.help.clone();
        finding.notes = self.words.notes.clone();
        finding.notes.push(format!("first seen on {}", self.witness));
        finding.notes.push(self.seen());
        finding
    }

    /// How often and when it was seen, and with which versions.
    fn seen(&self) -> String {
        let times = if self.count == 1 { "once".to_owned() } else { format!("{} times", self.count) };
        let day = |time: u64| {
            let seconds = i64::try_from(time / 1_000_000_000).unwrap_or(i64::MAX);
            Timestamp::from_second(seconds)
                .map_or_else(|_| "a time past all calendars".to_owned(), |time| time.to_string())
        };
        let when = match (self.first, self.last) {
            (0, _) => String::new(),
            (first, last) if first / 1_000_000_000 == last / 1_000_000_000 => format!(", at {}", day(first)),
            (first, last) => format!(", from {} to {}", day(first), day(last)),
        };
        let named: Vec<String> = self
            .versions
            .iter()
            .filter(|(version, _)| !version.is_empty())
            .map(|(version, count)| format!("{version} ({count})"))
            .collect();
        let versions =
            if named.is_empty() { String::new() } else { format!(", by version: {}", named.join(", ")) };
        format!("seen {times}{when}{versions}")
    }
}

impl Report {
    /// The same with what could not be read.
    #[must_use]
    pub fn with_unread(self, unread: Unread) -> Report {
        Report { refusals: unread.refusals, refusals_beyond: unread.beyond, ..self }
    }

    /// How long log and span of one event came apart, in nanoseconds: half of them, 95 and 99 of 100 less than this, which is at most twice as
    /// long as they did.
    #[must_use]
    pub fn apart(&self) -> Option<[u64; 3]> {
        let all: u64 = self.late.iter().fold(0, |all, count| all.saturating_add(*count));
        if all == 0 {
            return None;
        }
        let below = |share: u128| {
            let mut seen = 0_u128;
            let place = self.late.iter().position(|count| {
                seen += u128::from(*count);
                seen * 100 >= u128::from(all) * share
            });
            place.map_or(0, |power| 1_u64 << power.min(63))
        };
        Some([below(50), below(95), below(99)])
    }

    /// How many causes there are of a weight.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.causes.iter().filter(|cause| cause.severity == severity).count()
    }

    /// The findings of a contract, at their places.
    #[must_use]
    pub fn diagnostics(&self, contract: usize, places: &Places) -> Vec<Diagnostic> {
        self.causes
            .iter()
            .filter(|cause| cause.contract == contract)
            .map(|cause| cause.diagnostic(places))
            .collect()
    }

    /// What could not be read, each in the file that stands for where it came from.
    pub fn unread(&self, file: &mut dyn FnMut(&str) -> FileId) -> Vec<Diagnostic> {
        let finding = |refusal: &Refusal| {
            let name = refusal.source.to_string();
            let place = slo_grammar::Place::new(file(&name), 0, 0);
            let mut finding = Diagnostic::new(Code::TelemetryUnread, place, refusal.to_string());
            finding.names = vec![name, refusal.wrong.to_string()];
            finding.help("what came before and after it was judged: say how it was recorded, or leave it out")
        };
        self.refusals.iter().map(finding).collect()
    }
}

/// A map whose keys aren't text, which JSON has no form for, as a list of pairs.
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &BTreeMap<K, V>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(map)
    }

    pub(super) fn deserialize<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>, D: Deserializer<'de>>(
        from: D,
    ) -> Result<BTreeMap<K, V>, D::Error> {
        Vec::deserialize(from).map(|pairs| pairs.into_iter().collect())
    }
}
