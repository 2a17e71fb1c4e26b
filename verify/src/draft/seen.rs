//! What was seen of each kind of record.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::texts::Part;
use super::values::Keys;

/// How many names, versions and texts of a kind of record are told apart.
const MOST_TOLD: usize = 8;

/// Some texts, of which the first are kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub(super) texts: BTreeSet<String>,
    pub(super) has_more: bool,
}

impl Told {
    pub(super) fn take(&mut self, text: &str) {
        if self.texts.len() < MOST_TOLD && !self.texts.contains(text) {
            self.texts.insert(text.to_owned());
        } else if !self.texts.contains(text) {
            self.has_more = true;
        }
    }

    /// The one text that was seen.
    pub(super) fn only(&self) -> Option<&str> {
        match self.texts.first() {
            Some(first) if self.texts.len() == 1 && !self.has_more => Some(first),
            _ => None,
        }
    }
}

/// A service, by its name.
#[derive(Debug, Default)]
pub(super) struct Service {
    /// A record is a resource here.
    pub(super) resource: Keys,
    pub(super) language: Told,
    pub(super) scopes: BTreeMap<String, Scope>,
    /// Records of scopes past those that are told apart.
    pub(super) beyond: u64,
}

/// A scope, with the numbers of what was seen of it.
#[derive(Debug, Default)]
pub(super) struct Scope {
    pub(super) versions: Told,
    pub(super) spans: BTreeMap<(Vec<Part>, i32), usize>,
    pub(super) logs: BTreeMap<(String, Vec<Part>, u8), usize>,
    pub(super) metrics: BTreeMap<String, Metric>,
    pub(super) beyond: u64,
}

impl Scope {
    pub(super) fn is_empty(&self) -> bool {
        self.spans.is_empty() && self.logs.is_empty() && self.metrics.is_empty()
    }
}

/// The spans of one name.
#[derive(Debug, Default)]
pub(super) struct Spans {
    pub(super) names: Told,
    /// The parts of the name, as long as all have the same keys in its holes.
    pub(super) parts: Option<Vec<Part>>,
    /// With the status of each as its level.
    pub(super) keys: Keys,
    /// Which statuses were seen, by their bits.
    pub(super) statuses: u8,
    /// What errors were described as, by keys and their values.
    pub(super) descriptions: BTreeMap<(String, String), Told>,
    pub(super) events: BTreeMap<String, OnSpan>,
    pub(super) events_beyond: u64,
}

/// The events of one name on spans.
#[derive(Debug, Default)]
pub(super) struct OnSpan {
    pub(super) keys: Keys,
    /// What stood on the spans that had one, once for each.
    pub(super) spans: Keys,
}

/// The log records of one name and text.
#[derive(Debug, Default)]
pub(super) struct Logs {
    /// The parts of the text, as long as all have them; none otherwise.
    pub(super) body: Option<Vec<Part>>,
    /// The form of the text of logs without a name.
    pub(super) form: Vec<Part>,
    pub(super) bodies: Told,
    pub(super) keys: Keys,
    /// How many came otherwise than as lines beside these.
    pub(super) records: u64,
    /// The spans that they name, by the numbers of their kinds.
    pub(super) spans: BTreeMap<usize, u64>,
    /// Keys of the record and of its span, by their numbers, under which one thing stood: how often, and whether ever another.
    pub(super) equal: HashMap<(u32, u32), (u64, bool)>,
}

/// A metric.
#[derive(Debug, Default)]
pub(super) struct Metric {
    pub(super) unit: Told,
    pub(super) kinds: BTreeSet<Kind>,
    pub(super) labels: Keys,
    pub(super) has_ints: bool,
    pub(super) has_doubles: bool,
    /// Whether a number wasn't whole.
    pub(super) has_fractions: bool,
    /// The bounds of buckets, of the first point that has some.
    pub(super) bounds: Option<Vec<f64>>,
    pub(super) is_exponential: bool,
    /// Whether it came as text alone, under a name that an exporter made.
    pub(super) is_scraped: bool,
    /// What each series counted: of a cumulative one its last count, of another all together. None where there were too many.
    pub(super) series: Option<BTreeMap<Vec<(String, String)>, u64>>,
}

/// The kind of an instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Counter,
    UpDownCounter,
    Gauge,
    Histogram,
    Summary,
}
