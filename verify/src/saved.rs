//! Runs that are saved, and judged as one.
//!
//! What each found and saw is put together, in any order with the same result. What one run saw is not compared with what another saw: a log
//! whose span is in another run waited in vain.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::coverage::EventSeen;
use crate::foreign::Share;
use crate::input::Refusal;
use crate::join::Joined;
use crate::report::Report;
use crate::tally::Cause;

/// The format's number.
const FORMAT: u32 = 1;

/// How many services of no contract are named.
pub(crate) const MOST_STRANGERS: usize = 5;

/// A run as it is saved.
#[derive(Serialize, Deserialize)]
struct Saved<R> {
    #[serde(rename = "slo.run")]
    format: u32,
    /// The hashes of the contracts, in the order of their numbers.
    contracts: Vec<String>,
    report: R,
}

/// The format of a text, whatever else it has.
#[derive(Deserialize)]
struct Format {
    #[serde(rename = "slo.run")]
    format: u32,
}

/// Why a text is no run that can be put together with others.
#[derive(Debug)]
#[non_exhaustive]
pub enum SavedError {
    /// It is no JSON, or JSON of something else.
    Json(serde_json::Error),
    /// It has another format's number.
    Format(u32),
    /// It was judged by other contracts.
    Contracts,
}

impl fmt::Display for SavedError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SavedError::Json(error) => write!(formatter, "it is no run that `--save` wrote: {error}"),
            SavedError::Format(found) => {
                write!(formatter, "it has the format {found}, and this slo reads {FORMAT}")
            }
            SavedError::Contracts => formatter.write_str(
                "it was judged by other contracts, or by other versions of them: runs are put together that are judged by the same; read its telemetry again (`--record` keeps it)",
            ),
        }
    }
}

impl std::error::Error for SavedError {}

impl Report {
    /// The run as JSON, with the hashes of the contracts that judged it.
    ///
    /// # Errors
    /// Where it can't be written as JSON, which is a mistake of slo.
    pub fn to_json(&self, contracts: &[String]) -> serde_json::Result<String> {
        let saved = Saved { format: FORMAT, contracts: contracts.to_vec(), report: self };
        serde_json::to_string(&saved).map(|text| text + "\n")
    }

    /// Reads [`Report::to_json`] back, of a run that the same contracts judged, and after them maybe others.
    ///
    /// # Errors
    /// Says why the text is no such run.
    pub fn from_json(text: &str, contracts: &[String]) -> Result<Report, SavedError> {
        let Format { format } = serde_json::from_str(text).map_err(SavedError::Json)?;
        if format != FORMAT {
            return Err(SavedError::Format(format));
        }
        let saved: Saved<Report> = serde_json::from_str(text).map_err(SavedError::Json)?;
        if !saved.contracts.starts_with(contracts) {
            return Err(SavedError::Contracts);
        }
        Ok(saved.report)
    }

    /// What both runs found and saw, which the same contracts judged.
    pub fn merge(&mut self, other: Report) {
        // A new field must be named here, or this doesn't compile.
        let Report {
            causes: _,
            beyond: _,
            coverage: _,
            current: _,
            scopes: _,
            other_scopes: _,
            joined: _,
            late: _,
            waiting: _,
            strangers: _,
            resources: _,
            refusals: _,
            refusals_beyond: _,
        } = &other;
        self.causes = merged(std::mem::take(&mut self.causes), other.causes);
        add(&mut self.beyond, other.beyond);
        each(&mut self.coverage, other.coverage, |own, other| each(own, other, EventSeen::merge));
        self.current = self.current.max(other.current);
        for (scope, share) in other.scopes {
            self.scopes.entry(scope).or_default().merge(share);
        }
        self.other_scopes.merge(other.other_scopes);
        for (event, joined) in other.joined {
            self.joined.entry(event).or_default().merge(joined);
        }
        each(&mut self.late, other.late, add);
        add(&mut self.waiting, other.waiting);
        names(&mut self.strangers, other.strangers);
        self.strangers.truncate(MOST_STRANGERS);
        names(&mut self.resources, other.resources);
        self.refusals = refusals(std::mem::take(&mut self.refusals), other.refusals);
        add(&mut self.refusals_beyond, other.refusals_beyond);
    }
}

fn add(count: &mut u64, other: u64) {
    *count = count.saturating_add(other);
}

/// Puts two lists together, part by part. Where one is longer, its rest stays.
fn each<T>(own: &mut Vec<T>, other: Vec<T>, mut merge: impl FnMut(&mut T, T)) {
    let mut other = other.into_iter();
    own.iter_mut().zip(other.by_ref()).for_each(|(own, other)| merge(own, other));
    own.extend(other);
}

fn names(own: &mut Vec<String>, other: Vec<String>) {
    own.extend(other);
    own.sort_unstable();
    own.dedup();
}

/// The causes of two runs, each once, in the order of their contracts, codes and names.
fn merged(own: Vec<Cause>, other: Vec<Cause>) -> Vec<Cause> {
    let mut all: BTreeMap<_, Cause> = BTreeMap::new();
    for cause in own.into_iter().chain(other) {
        match all.entry((cause.contract, cause.code, cause.severity, cause.names.clone())) {
            std::collections::btree_map::Entry::Vacant(entry) => _ = entry.insert(cause),
            std::collections::btree_map::Entry::Occupied(mut entry) => entry.get_mut().merge(cause),
        }
    }
    all.into_values().collect()
}

fn refusals(own: Vec<Refusal>, other: Vec<Refusal>) -> Vec<Refusal> {
    let mut all: BTreeMap<_, Refusal> = BTreeMap::new();
    for refusal in own.into_iter().chain(other) {
        match all.entry((refusal.source.clone(), refusal.wrong)) {
            std::collections::btree_map::Entry::Vacant(entry) => _ = entry.insert(refusal),
            std::collections::btree_map::Entry::Occupied(mut entry) => {
                let known = entry.get_mut();
                let count = known.count.saturating_add(refusal.count);
                let is_before = (&refusal.place, &refusal.detail) < (&known.place, &known.detail);
                if is_before {
                    *known = refusal;
                }
                known.count = count;
            }
        }
    }
    all.into_values().collect()
}

impl Cause {
    /// What is said of it is what the run says that saw it first.
    fn merge(&mut self, mut other: Cause) {
        if other.seniority().cmp(&self.seniority()) == Ordering::Less {
            std::mem::swap(self, &mut other);
        }
        add(&mut self.count, other.count);
        self.first = match (self.first, other.first) {
            (0, time) | (time, 0) => time,
            (own, other) => own.min(other),
        };
        self.last = self.last.max(other.last);
        for (version, count) in other.versions {
            add(self.versions.entry(version).or_default(), count);
        }
    }

    fn seniority(&self) -> impl Ord {
        // Where no record had a time, it is as late as can be.
        (self.first.wrapping_sub(1), &self.witness, &self.words, self.node)
    }
}

impl EventSeen {
    fn merge(&mut self, other: EventSeen) {
        each(&mut self.records, other.records, |own, other| add(&mut own.count, other.count));
        each(&mut self.variants, other.variants, |own, other| {
            own.counts.iter_mut().zip(other.counts).for_each(|(own, other)| add(own, other));
        });
    }
}

impl Share {
    fn merge(&mut self, other: Share) {
        self.own.iter_mut().zip(other.own).for_each(|(own, other)| add(own, other));
        self.others.iter_mut().zip(other.others).for_each(|(own, other)| add(own, other));
    }
}

impl Joined {
    fn merge(&mut self, other: Joined) {
        // A new field must be named here, or this doesn't compile.
        let Joined { spans, logs, logs_alone, joined, expired, exemplars, exemplars_joined, counted } = other;
        add(&mut self.spans, spans);
        add(&mut self.logs, logs);
        add(&mut self.logs_alone, logs_alone);
        add(&mut self.joined, joined);
        add(&mut self.expired, expired);
        add(&mut self.exemplars, exemplars);
        add(&mut self.exemplars_joined, exemplars_joined);
        add(&mut self.counted, counted);
    }
}
