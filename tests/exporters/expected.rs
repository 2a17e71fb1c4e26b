//! What the model says that a server shows of a case.

use std::collections::BTreeMap;

use slo_model::names::{MetricKind, PrometheusLoss, PrometheusNaming, PrometheusWay};

use super::case::{BOUND, Case, SCOPE};
use super::collector::RESOURCE;
use super::orders;
use crate::prometheus::message::Metric;

pub(crate) type Labels = BTreeMap<String, String>;

/// Series, with their values.
pub(crate) type Series = BTreeMap<Labels, String>;

/// A metric, and the labels of its point.
pub(super) type Point<'m> = (&'m Metric, Labels);

/// What the server has of a case; nothing where the target is down.
pub(crate) type Shown = Option<Series>;

/// What the server may show of a case.
pub(crate) fn allowed(naming: PrometheusNaming, case: &Case) -> Vec<Shown> {
    if let [first, second] = &case[..]
        && meet(naming, first, second)
        && let Some(shown) = orders::of_both(naming, first, second)
    {
        return shown;
    }
    let mut points = Vec::new();
    for metric in without_gone(naming, case) {
        match labels(naming, metric) {
            Ok(labels) => points.push((metric, labels)),
            Err(PrometheusLoss::MetricGone) => {}
            Err(PrometheusLoss::TargetDown) => return vec![None],
            Err(loss) => panic!("{loss:?} of {metric:?}"),
        }
    }
    match &points[..] {
        [first, second] if meet(naming, first.0, second.0) => joined(naming, first, second),
        points => vec![Some(together(points.iter().map(|(metric, labels)| series(naming, metric, labels))))],
    }
}

/// The metrics that are in the text where two of one name and two kinds are left out: both, or the second.
fn without_gone(naming: PrometheusNaming, case: &Case) -> &[Metric] {
    match &case[..] {
        [first, second]
            if naming.way.metrics_meet() == PrometheusLoss::MetricGone
                && of_one_name(naming, first, second)
                && kind(first) != kind(second) =>
        {
            if naming.way == PrometheusWay::JavaScript {
                &[]
            } else {
                &case[..1]
            }
        }
        all => all,
    }
}

/// The labels of a point as they are in the text, or what happens to more than the attributes. A metric that is gone takes nothing
/// down.
pub(super) fn labels(naming: PrometheusNaming, metric: &Metric) -> Result<Labels, PrometheusLoss> {
    let way = naming.way;
    let mut labels: Labels = SCOPE.map(|(label, value)| (label.to_owned(), value.to_owned())).into();
    // The server has its target's own there.
    if way == PrometheusWay::Collector {
        labels.extend(RESOURCE.map(|(_, label, value)| (format!("exported_{label}"), value.to_owned())));
    }
    let mut attributes: BTreeMap<String, Vec<(&str, &str)>> = BTreeMap::new();
    let mut down = false;
    for (key, value) in &metric.attributes {
        match (naming.label(key), way.label_missing()) {
            (Some(label), _) => attributes.entry(label).or_default().push((key, value)),
            (None, PrometheusLoss::Lost) => {}
            (None, PrometheusLoss::TargetDown) => down = true,
            (None, loss) => return Err(loss),
        }
    }
    for (label, mut values) in attributes {
        match way.reserved(&label, metric.kind) {
            Some(PrometheusLoss::TargetDown) => down = true,
            Some(PrometheusLoss::MetricGone) => return Err(PrometheusLoss::MetricGone),
            // What the exporter writes stands as an attribute whose key is the label.
            Some(PrometheusLoss::Joined) => {
                let (own, value) = SCOPE.into_iter().find(|(own, _)| *own == label).unwrap();
                values.insert(0, (own, value));
            }
            // A bucket's bound takes its place later on.
            _ => {}
        }
        match way.labels_meet() {
            PrometheusLoss::Joined => {}
            PrometheusLoss::LastKept => _ = values.drain(..values.len() - 1),
            PrometheusLoss::TargetDown => down |= values.len() > 1,
            loss if values.len() > 1 => return Err(loss),
            _ => {}
        }
        match way {
            PrometheusWay::Go => values.sort_by_key(|(_, value)| *value),
            _ => values.sort_by_key(|(key, _)| *key),
        }
        let values: Vec<&str> = values.into_iter().map(|(_, value)| value).collect();
        labels.insert(label, values.join(";"));
    }
    if down { Err(PrometheusLoss::TargetDown) } else { Ok(labels) }
}

/// The series of a metric with these labels in its text, as the server has them.
pub(super) fn series(naming: PrometheusNaming, metric: &Metric, labels: &Labels) -> Series {
    let mut all = Series::new();
    for name in naming.series(&metric.name, &metric.unit, metric.kind).unwrap() {
        let of_histogram = |part: &str| metric.kind == MetricKind::Histogram && name.ends_with(part);
        let within = if metric.value > BOUND { "0" } else { "1" };
        let samples = if of_histogram("_bucket") {
            vec![(Some("1.0"), within.to_owned()), (Some("+Inf"), "1".to_owned())]
        } else if of_histogram("_count") {
            vec![(None, "1".to_owned())]
        } else {
            vec![(None, metric.value.to_string())]
        };
        for (bound, value) in samples {
            let mut shown = Labels::from([("__name__".to_owned(), name.clone())]);
            for (label, value) in labels.iter().filter(|(_, value)| !value.is_empty()) {
                let renamed = naming.way.reserved(label, metric.kind) == Some(PrometheusLoss::Renamed);
                let shown_label = if renamed { format!("exported_{label}") } else { label.clone() };
                // The server writes a bound in its own way, whoever made it.
                let bound = value.parse::<f64>().ok().filter(|_| of_histogram("") && label == "le");
                shown.insert(shown_label, bound.map_or_else(|| value.clone(), |bound| format!("{bound:?}")));
            }
            shown.extend(bound.map(|bound| ("le".to_owned(), bound.to_owned())));
            all.insert(shown, value);
        }
    }
    all
}

/// Of a series that stands twice in a text, the server has the first.
pub(super) fn together(all: impl DoubleEndedIterator<Item = Series>) -> Series {
    all.rev().flatten().collect()
}

/// Whether the model says that two metrics have a name in common, as `slo check` asks it.
pub(crate) fn meet(naming: PrometheusNaming, first: &Metric, second: &Metric) -> bool {
    let series = |metric: &Metric| naming.series(&metric.name, &metric.unit, metric.kind).unwrap();
    let family = |metric: &Metric| naming.family(&metric.name, &metric.unit, metric.kind);
    let common = |first: Vec<String>, second: Vec<String>| first.iter().any(|name| second.contains(name));
    common(series(first), series(second)) || common(family(first), family(second))
}

fn of_one_name(naming: PrometheusNaming, first: &Metric, second: &Metric) -> bool {
    let name = |metric: &Metric| naming.metric(&metric.name, &metric.unit, metric.kind).unwrap();
    name(first) == name(second)
}

/// The kind as a text has it, which knows no other sum than a counter.
pub(super) fn kind(metric: &Metric) -> MetricKind {
    match metric.kind {
        MetricKind::UpDownCounter => MetricKind::Gauge,
        kind => kind,
    }
}

/// What the server may show of two metrics that have a name in common, where both are in the text.
///
/// The model says the worst that happens, which isn't what always does: points of one kind that differ in a label stand beside each
/// other, and a series of a histogram's that is another metric's too stands there twice.
fn joined<'p>(naming: PrometheusNaming, mut first: &'p Point<'p>, mut second: &'p Point<'p>) -> Vec<Shown> {
    let of_one_name = of_one_name(naming, first.0, second.0);
    // Two of the exporters sort what they write by name, and then by the number of labels.
    let place =
        |(metric, labels): &Point<'_>| (naming.metric(&metric.name, &metric.unit, metric.kind), labels.len());
    let sorted = matches!(naming.way, PrometheusWay::Go | PrometheusWay::Rust);
    if sorted && place(second) < place(first) {
        (first, second) = (second, first);
    }
    let shown = |(metric, labels): &Point<'_>| series(naming, metric, labels);
    let both = Some(together([shown(first), shown(second)].into_iter()));
    match naming.way.metrics_meet() {
        PrometheusLoss::TargetDown
            if of_one_name && kind(first.0) == kind(second.0) && first.1 != second.1 =>
        {
            vec![both]
        }
        PrometheusLoss::TargetDown => vec![None],
        PrometheusLoss::MetricGone => vec![both],
        // Metrics whose names are one before units are appended have the labels' names of the first, and whatever values they have
        // themselves; the model doesn't say which do.
        PrometheusLoss::FirstKept => {
            let mixed: Labels = first.1.keys().cloned().zip(second.1.values().cloned()).collect();
            vec![both, Some(together([shown(first), series(naming, second.0, &mixed)].into_iter()))]
        }
        loss => panic!("{loss:?} of two metrics"),
    }
}
