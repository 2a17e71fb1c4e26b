//! What the model says of two metrics that have a name in common, where their exporter takes them in an order of its own.

use std::collections::BTreeMap;

use slo_model::names::{MetricKind, PrometheusLoss, PrometheusNaming, PrometheusWay};

use super::expected::{Labels, Point, Series, Shown, kind, labels, meet, series, together};
use crate::prometheus::message::Metric;

/// What the server may show of them, or `None` where the exporter has an order that is known.
pub(super) fn of_both(naming: PrometheusNaming, first: &Metric, second: &Metric) -> Option<Vec<Shown>> {
    let shown = match naming.way {
        PrometheusWay::Collector => of_collector,
        PrometheusWay::Java => of_java,
        _ => return None,
    };
    let mut both = vec![shown(naming, [first, second]), shown(naming, [second, first])];
    both.dedup();
    Some(both)
}

/// A name has the kind of the first metric that has it, also of one that is left out for its labels; a point is left out that
/// meets one before it.
fn of_collector(naming: PrometheusNaming, metrics: [&Metric; 2]) -> Shown {
    let mut kinds: BTreeMap<String, MetricKind> = BTreeMap::new();
    // Without labels: a point with which the target is down.
    let mut written: Vec<(&Metric, Option<Labels>)> = Vec::new();
    for metric in metrics {
        let name = name(naming, metric);
        if *kinds.entry(name.clone()).or_insert(kind(metric)) != kind(metric) {
            continue;
        }
        let labels = match labels(naming, metric) {
            Ok(labels) => Some(labels),
            Err(PrometheusLoss::TargetDown) => None,
            Err(PrometheusLoss::MetricGone) => continue,
            Err(loss) => panic!("{loss:?} of {metric:?}"),
        };
        let meets = |(other, of_other): &(&Metric, Option<Labels>)| {
            if self::name(naming, other) == name { *of_other == labels } else { meet(naming, other, metric) }
        };
        if !written.iter().any(meets) {
            written.push((metric, labels));
        }
    }
    let shown: Option<Vec<Series>> =
        written.iter().map(|(metric, labels)| Some(series(naming, metric, labels.as_ref()?))).collect();
    shown.map(|all| together(all.into_iter()))
}

/// A family has the kind and the unit of the first metric; one without a unit takes others. Points with the same labels are an
/// error.
fn of_java(naming: PrometheusNaming, metrics: [&Metric; 2]) -> Shown {
    let unit = |metric: &Metric| {
        let with = |unit: &str| naming.metric("x", unit, MetricKind::Gauge);
        Some(with(&metric.unit)).filter(|unit| *unit != with(""))
    };
    let mut families: BTreeMap<Vec<String>, Vec<Point<'_>>> = BTreeMap::new();
    for metric in metrics {
        let labels = match labels(naming, metric) {
            Ok(labels) => labels,
            Err(PrometheusLoss::MetricGone) => continue,
            Err(loss) => panic!("{loss:?} of {metric:?}"),
        };
        let family = families.entry(naming.family(&metric.name, &metric.unit, metric.kind)).or_default();
        if let Some((first, of_first)) = family.first() {
            let other_unit = unit(first).is_some() && unit(first) != unit(metric);
            if kind(first) != kind(metric) || other_unit {
                continue;
            }
            if *of_first == labels {
                return None;
            }
        }
        family.push((metric, labels));
    }
    let points = families.values().flatten();
    let all: Vec<Series> = points.map(|(metric, labels)| series(naming, metric, labels)).collect();
    Some(together(all.into_iter()))
}

fn name(naming: PrometheusNaming, metric: &Metric) -> String {
    naming.metric(&metric.name, &metric.unit, metric.kind).unwrap()
}
