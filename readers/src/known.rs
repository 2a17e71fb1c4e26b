//! The series that an expression may ask for: those of members, those that rules record, and those of the server itself.

use std::collections::{BTreeMap, BTreeSet};

use promql_parser::label::Matcher;
use slo_compiler::fleet::{AllSeries, LabelValues, Series};

use crate::asked::{NAME, Selected};
use crate::query::Readers;

/// What a server writes itself (Prometheus, "Automatically generated labels and time series", and "Alerting rules").
const OF_SERVER: [&str; 3] = ["up", "ALERTS", "ALERTS_FOR_STATE"];

/// What the names of a server's series of its scrapes begin with.
const SCRAPE: &str = "scrape_";

/// The labels that a server gives to each series.
const TARGET_LABELS: [&str; 2] = ["job", "instance"];

/// What the labels of a scope begin with, which exporters write, or the server where it is told to.
const SCOPE: &str = "otel_scope_";

pub(crate) struct Known<'r> {
    pub(crate) written: &'r AllSeries,
    recorded: &'r BTreeMap<String, Option<BTreeSet<String>>>,
    namespaces: BTreeSet<&'r str>,
}

/// The series that a selector selects.
pub(crate) enum Found<'r> {
    /// All of them are known.
    Members(Vec<(&'r str, &'r Series)>),
    /// There are some, of whose labels not all are known; or nobody knows which.
    Open,
    /// There are none.
    Nothing,
}

impl<'r> Known<'r> {
    pub(crate) fn of(written: &'r AllSeries, readers: &'r Readers) -> Known<'r> {
        let own = written.by_name.iter().filter(|(_, series)| !series.metrics.is_empty());
        let namespaces = own.map(|(name, _)| namespace(name)).collect();
        Known { written, recorded: &readers.recorded, namespaces }
    }

    pub(crate) fn select(&self, name: &Selected) -> Found<'r> {
        match name {
            Selected::Any => Found::Open,
            Selected::One(name) => {
                if let Some((name, series)) = self.written.by_name.get_key_value(name) {
                    return match series.labels {
                        Some(_) => Found::Members(vec![(name, series)]),
                        None => Found::Open,
                    };
                }
                let is_known = self.recorded.contains_key(name)
                    || OF_SERVER.contains(&name.as_str())
                    || name.starts_with(SCRAPE);
                if is_known { Found::Open } else { Found::Nothing }
            }
            Selected::Matching(matcher) => self.matching(matcher),
        }
    }

    fn matching(&self, matcher: &Matcher) -> Found<'r> {
        let recorded = self.recorded.keys().map(String::as_str);
        if recorded.chain(OF_SERVER).any(|name| matcher.is_match(name)) || matcher.value.starts_with(SCRAPE) {
            return Found::Open;
        }
        let members = self.written.by_name.iter().filter(|(name, _)| matcher.is_match(name));
        let members: Vec<_> = members.map(|(name, series)| (name.as_str(), series)).collect();
        match members.as_slice() {
            [] => Found::Nothing,
            some if some.iter().any(|(_, series)| series.labels.is_none()) => Found::Open,
            _ => Found::Members(members),
        }
    }

    /// The labels that a recorded series has, where they are known.
    pub(crate) fn recorded_labels(&self, name: &Selected) -> Option<&'r BTreeSet<String>> {
        match name {
            Selected::One(name) if !self.written.by_name.contains_key(name) => {
                self.recorded.get(name)?.as_ref()
            }
            _ => None,
        }
    }

    /// Whether each series may have a label, whoever writes it.
    pub(crate) fn is_of_all(&self, label: &str) -> bool {
        TARGET_LABELS.contains(&label)
            || label == NAME
            || label.starts_with("__")
            || label.starts_with(SCOPE)
            || self.written.of_all.contains(label)
    }

    /// Whether a name is in the namespace of a metric of a member.
    pub(crate) fn has_namespace_of(&self, name: &str) -> bool {
        self.namespaces.contains(namespace(name))
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &'r str> {
        self.written.by_name.keys().chain(self.recorded.keys()).map(String::as_str)
    }
}

/// The first part of a name.
fn namespace(name: &str) -> &str {
    let end = name.find(['_', '.', ':', '/', '-']).unwrap_or(name.len());
    name.get(..end).unwrap_or(name)
}

/// The values of a label of several series; none where they are no closed set, or a series lacks the label.
pub(crate) fn values(series: &[(&str, &Series)], label: &str) -> LabelValues {
    let mut all = BTreeSet::new();
    for (_, series) in series {
        all.extend(series.labels.as_ref()?.get(label)?.clone()?);
    }
    Some(all).filter(|all| !all.is_empty())
}
