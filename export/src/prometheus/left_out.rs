//! What isn't in the text, and why.

use std::collections::BTreeMap;
use std::fmt;

use slo::__export::Shown;

/// What isn't in the text though it was measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Omission {
    /// The metric as the program calls it, or the attribute of the resource.
    pub(crate) name: String,
    /// Why.
    pub(crate) why: Why,
    /// How many of the metric's points it is about; 1 for an attribute of the resource.
    pub(crate) points: u64,
}

/// Why something isn't in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Why {
    /// Text has no form for exponential histograms.
    Exponential,
    /// A scrape shows what was counted since the start, and these points show what was since the last look.
    Delta,
    /// The server takes no metric of this name.
    Name,
    /// The server takes no label of the name that one of the point's attributes becomes.
    Label,
    /// The point is there, but for an attribute that becomes a label of the server's own: `job`, `instance` or `__name__`.
    Reserved,
    /// Another point shows the same series.
    Repeated,
    /// The server takes no label of the name that the resource's attribute becomes, or has it for something else.
    Resource,
}

impl Why {
    /// Whether points are missing, with what they measured; else an attribute is.
    pub(super) const fn loses_points(self) -> bool {
        match self {
            Why::Exponential | Why::Delta | Why::Name | Why::Label | Why::Repeated => true,
            Why::Reserved | Why::Resource => false,
        }
    }
}

impl fmt::Display for Omission {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Omission { name, why, points } = self;
        let (name, points) = (Shown(name), Points(*points));
        match why {
            Why::Exponential => write!(
                formatter,
                "left out {points} of `{name}`: text has no exponential histograms; give it bounds, or send it over OTLP"
            ),
            Why::Delta => write!(
                formatter,
                "left out {points} of `{name}`: a scrape shows totals, and these are differences"
            ),
            Why::Name => {
                write!(formatter, "left out {points} of `{name}`: Prometheus takes no metric of this name")
            }
            Why::Label => write!(
                formatter,
                "left out {points} of `{name}`: Prometheus takes no label of the name that an attribute has"
            ),
            Why::Reserved => write!(
                formatter,
                "left out an attribute of {points} of `{name}`: `job`, `instance` and `__name__` are Prometheus's own"
            ),
            Why::Repeated => write!(
                formatter,
                "left out {points} of `{name}`: another one is the same series in Prometheus"
            ),
            Why::Resource => write!(
                formatter,
                "left out the resource's attribute `{name}`: Prometheus has no place for a label of this name"
            ),
        }
    }
}

/// How many points.
struct Points(u64);

impl fmt::Display for Points {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => formatter.write_str("a point"),
            count => write!(formatter, "{count} points"),
        }
    }
}

/// Collects what is left out, once for each name and reason.
#[derive(Debug, Default)]
pub(super) struct LeftOuts(BTreeMap<(String, Why), u64>);

impl LeftOuts {
    pub(super) fn add(&mut self, name: &str, why: Why, points: usize) {
        if points > 0 {
            let points = u64::try_from(points).unwrap_or(u64::MAX);
            let count = self.0.entry((name.to_owned(), why)).or_default();
            *count = count.saturating_add(points);
        }
    }

    pub(super) fn all(self) -> Vec<Omission> {
        self.0.into_iter().map(|((name, why), points)| Omission { name, why, points }).collect()
    }
}
