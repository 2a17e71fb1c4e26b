//! What Prometheus makes of a metric's names.

use slo_model::names::{MetricKind, PrometheusNaming, prometheus_bound};

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

/// Whether a text is the name of a metric, or of a series of it, under Prometheus.
pub(super) fn is_called(
    naming: PrometheusNaming,
    (name, unit, kind): (&str, &str, MetricKind),
    text: &str,
) -> bool {
    // A counter's family is called without the ending of its sample.
    let is_family = |family: String| {
        family == text || (kind == MetricKind::Counter && family.strip_suffix("_total") == Some(text))
    };
    naming.metric(name, unit, kind).is_some_and(is_family)
        || naming.series(name, unit, kind).is_some_and(|all| all.iter().any(|one| one == text))
}
