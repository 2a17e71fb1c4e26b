//! What Prometheus makes of a metric's names.

use slo_model::names::prometheus_bound;

use crate::ir::{Buckets, Contract, Instrument, Target};
use crate::measure::kind_of;

use super::sheet::{BoundNames, PrometheusLabel, PrometheusNames};

/// The names on the way on which the metric's points reach the server. None where Prometheus is no target.
pub(super) fn names(contract: &Contract, instrument: &Instrument) -> Option<PrometheusNames> {
    if !contract.targets.contains(&Target::Prometheus) {
        return None;
    }
    let (naming, kind) = (contract.naming(instrument), kind_of(instrument)?);
    let promoted = contract.prometheus.promote_resource_attributes.iter().filter(|_| naming.way.promotes());
    let promoted = promoted.map(|key| PrometheusLabel { key: key.clone(), label: naming.label(key) });
    Some(PrometheusNames {
        strategy: naming.way.uses_strategy().then(|| naming.strategy.name().to_owned()),
        way: naming.way.name().to_owned(),
        metric: naming.metric(&instrument.name, &instrument.unit, kind),
        series: naming.series(&instrument.name, &instrument.unit, kind).unwrap_or_default(),
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

/// The label that a key of a metric becomes. None where Prometheus is no target, or refuses the label.
pub(super) fn label(contract: &Contract, metric: &Instrument, key: &str) -> Option<String> {
    let asked = contract.targets.contains(&Target::Prometheus);
    asked.then(|| contract.naming(metric).label(key)).flatten()
}
