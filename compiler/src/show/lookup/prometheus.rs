//! What something is called under Prometheus, by the ways on which points come there.

use std::collections::BTreeMap;

use serde::Serialize;
use slo_model::names::{MetricKind, PrometheusNaming};

use super::What;
use super::rank::Wanted;
use crate::ir::{Contract, InstrumentKind};
use crate::measure::kind_of;
use crate::show::prometheus::is_called;

/// A name under Prometheus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PrometheusName {
    /// The metric's name, or the label.
    pub name: String,
    /// The ways on which it is called so, as `slo.toml` names them.
    pub ways: Vec<&'static str>,
}

/// The names under Prometheus, the ways that agree together.
pub(super) fn names(
    contract: Option<&Contract>,
    namings: &[PrometheusNaming],
    name: &str,
    what: &What<'_>,
) -> Vec<PrometheusName> {
    let mut names: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    let mut add = |name: Option<String>, naming: &PrometheusNaming| {
        let Some(name) = name else { return };
        let ways = names.entry(name).or_default();
        if !ways.contains(&naming.way.name()) {
            ways.push(naming.way.name());
        }
    };
    let metric = |unit: &str, kind: &str| {
        let kind = declared_kind(kind);
        let unit = unit.to_owned();
        move |naming: &PrometheusNaming| naming.metric(name, &unit, kind?)
    };
    match what {
        What::Attribute(_) | What::TableAttribute(..) => {
            namings.iter().for_each(|naming| add(naming.label(name), naming));
        }
        What::TableMetric(_, one) => {
            let of = metric(one.unit, one.kind);
            namings.iter().for_each(|naming| add(of(naming), naming));
        }
        What::Metric(one) => {
            let of = metric(&one.unit, &one.kind);
            namings.iter().for_each(|naming| add(of(naming), naming));
        }
        What::Recorded(_) => {
            // By the ways of the scopes that record it.
            let Some(contract) = contract.filter(|_| !namings.is_empty()) else { return Vec::new() };
            for one in contract.all_instruments().filter(|one| one.name == name) {
                let naming = contract.naming(one);
                let called = kind_of(one).and_then(|kind| naming.metric(name, &one.unit, kind));
                add(called, &naming);
            }
        }
        _ => {}
    }
    names.into_iter().map(|(name, ways)| PrometheusName { name, ways }).collect()
}

/// The kind of a metric that is declared for others, under Prometheus. A histogram's buckets are for who records it to say.
fn declared_kind(kind: &str) -> Option<MetricKind> {
    Some(InstrumentKind::from_name(kind)?.prometheus(None))
}

/// Whether a text is the name of a metric of a table, or of a series of it, under Prometheus.
pub(super) fn is_series(wanted: &Wanted, what: &What<'_>, namings: &[PrometheusNaming]) -> bool {
    let What::TableMetric(_, metric) = what else { return false };
    let Some(kind) = declared_kind(metric.kind).filter(|_| wanted.may_be_series_of(metric.name)) else {
        return false;
    };
    namings.iter().any(|naming| is_called(*naming, (metric.name, metric.unit, kind), wanted.text()))
}
