//! What Prometheus endpoints say: the classic text, OpenMetrics, and UTF-8 names in both.
//!
//! No crate reads all three, so that the text is read here.

mod scraper;
mod text;

use serde::{Deserialize, Serialize};

pub use scraper::{Scraper, scrape};
pub(super) use text::{Parser, is_sample};

/// What a target said at one time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scrape {
    /// In the order of the text. A name stands once.
    pub families: Vec<Family>,
    /// When it was scraped, in nanoseconds since 1970; nothing of a file.
    pub when: Option<u64>,
}

/// A metric, as Prometheus has it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Family {
    /// As `# TYPE`, `# HELP` or `# UNIT` have it; of a sample with none of them, the sample's name.
    pub name: String,
    /// What `# TYPE` says.
    pub family_type: Option<FamilyType>,
    /// What `# UNIT` says.
    pub unit: Option<String>,
    /// What `# HELP` says.
    pub help: Option<String>,
    /// In the order of the text.
    pub samples: Vec<Sample>,
}

/// The type of a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FamilyType {
    /// `counter`
    Counter,
    /// `gauge`
    Gauge,
    /// `histogram`
    Histogram,
    /// `gaugehistogram`
    GaugeHistogram,
    /// `summary`
    Summary,
    /// `info`
    Info,
    /// `stateset`
    StateSet,
    /// `untyped`, `unknown`
    Unknown,
}

/// A value of a series.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// With its suffix, such as `_bucket`.
    pub name: String,
    /// In the order of the text; one that stands twice stands here twice.
    pub labels: Vec<(String, String)>,
    /// The number.
    #[serde(with = "number")]
    pub value: f64,
    /// In milliseconds since 1970, where the text has one.
    pub timestamp: Option<i64>,
    /// What it stands for.
    pub exemplar: Option<Exemplar>,
    /// The line of the text.
    pub line: u64,
}

/// One measurement of those that a sample counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Exemplar {
    /// In the order of the text.
    pub labels: Vec<(String, String)>,
    /// What was measured.
    #[serde(with = "number")]
    pub value: f64,
    /// In milliseconds since 1970, where the text has one.
    pub timestamp: Option<i64>,
}

/// A double as text: JSON has no number for those that are none, or have no end.
mod number {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &f64, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}
