//! What Prometheus makes of a metric's names.

use slo_model::names::{prometheus_bound, prometheus_label, prometheus_metric, prometheus_series};

use crate::ir::{Buckets, Contract, Instrument, Target};
use crate::measure::kind_of;

use super::sheet::{BoundNames, PrometheusLabel, PrometheusNames};

/// The names under the contract's strategy. None where Prometheus is no target.
pub(super) fn names(contract: &Contract, instrument: &Instrument) -> Option<PrometheusNames> {
    if !contract.targets.contains(&Target::Prometheus) {
        return None;
    }
    let (strategy, kind) = (contract.prometheus.strategy(), kind_of(instrument)?);
    let promoted = contract
        .prometheus
        .promote_resource_attributes
        .iter()
        .map(|key| PrometheusLabel { key: key.clone(), label: prometheus_label(key, strategy) });
    Some(PrometheusNames {
        strategy: strategy.name().to_owned(),
        metric: prometheus_metric(&instrument.name, &instrument.unit, kind, strategy),
        series: prometheus_series(&instrument.name, &instrument.unit, kind, strategy).unwrap_or_default(),
        bounds: bounds(instrument),
        promoted: promoted.collect(),
    })
}

/// The bounds that have two forms.
fn bounds(instrument: &Instrument) -> Vec<BoundNames> {
    let Some(Buckets::Explicit(bounds)) = instrument.buckets() else { return Vec::new() };
    let forms = bounds.iter().map(|bound| prometheus_bound(*bound));
    let two = forms.filter(|(otlp, scraped)| otlp != scraped);
    two.map(|(otlp, scraped)| BoundNames { otlp, scraped }).collect()
}

/// The label that a key becomes. None where Prometheus is no target, or refuses the label.
pub(super) fn label(contract: &Contract, key: &str) -> Option<String> {
    let asked = contract.targets.contains(&Target::Prometheus);
    asked.then(|| prometheus_label(key, contract.prometheus.strategy())).flatten()
}
