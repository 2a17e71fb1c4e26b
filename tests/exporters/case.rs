//! Metrics as programs have them, one or two in a text.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use slo_model::names::{MetricKind, PrometheusLoss, PrometheusNaming, PrometheusWay};

use super::rows;
use crate::prometheus::case::{attributes, drawn, picked};
use crate::prometheus::message::{Attributes, Metric};
use crate::prometheus::texts::{ODD_UNITS, UNITS};

/// The one bound of a histogram but for `+Inf`.
pub(crate) const BOUND: f64 = 1.0;

/// What exporters set on each point. A program whose scope has no version has fewer labels that an attribute can meet.
pub(crate) const SCOPE: [(&str, &str); 3] =
    [("otel_scope_name", "app"), ("otel_scope_version", "1"), ("otel_scope_schema_url", "https://app/1")];

/// What the server sends to an endpoint whose format isn't configured.
pub(crate) const ACCEPT: &str = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.7,\
    application/openmetrics-text;version=0.0.1;q=0.6,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.5,\
    text/plain;version=0.0.4;q=0.4,*/*;q=0.3";

const KINDS: [MetricKind; 4] =
    [MetricKind::Counter, MetricKind::UpDownCounter, MetricKind::Gauge, MetricKind::Histogram];

/// The metrics of one text.
pub(crate) type Case = Vec<Metric>;

/// The rows of the tables, and as many random cases as are asked for, of what the way's SDK takes.
pub(crate) fn cases(naming: PrometheusNaming, seed: [u8; 32], count: usize) -> Vec<Case> {
    let mut cases: Vec<Case> =
        rows::METRICS.iter().map(|(name, unit, kind)| vec![metric(name, unit, *kind, &[])]).collect();
    cases.extend(rows::ATTRIBUTES.iter().map(|row| {
        let [hits, lag] = [("hits", MetricKind::Counter), ("lag", MetricKind::Histogram)];
        [hits, lag]
            .map(|(name, kind)| metric(name, "", kind, row))
            .into_iter()
            .chain([metric("ok", "", MetricKind::Gauge, &[])])
            .collect()
    }));
    let mut random = drawn(&case(), seed, count);
    random.iter_mut().flatten().for_each(|metric| without_unseen(naming, metric));
    cases.extend(random);
    for case in &mut cases {
        case.retain(|metric| taken(naming, metric));
        match naming.way {
            // It takes two sums, or two others of one kind, for one by their names and attributes alone.
            PrometheusWay::Collector => case.dedup_by(|second, first| first.name == second.name),
            // Its SDK leaves out an attribute without a key.
            PrometheusWay::Java => {
                case.iter_mut().for_each(|metric| metric.attributes.retain(|(key, _)| !key.is_empty()));
            }
            _ => {}
        }
        for (index, metric) in case.iter_mut().enumerate() {
            metric.value = index as f64 + 1.0;
        }
    }
    cases
}

/// The server doesn't see that a label stands twice where one of the two is empty. What takes a target down has a value here.
fn without_unseen(naming: PrometheusNaming, metric: &mut Metric) {
    let down = Some(PrometheusLoss::TargetDown);
    for (key, value) in &mut metric.attributes {
        let reserved = naming.label(key).and_then(|label| naming.way.reserved(&label, metric.kind));
        if value.is_empty() && (reserved == down || Some(naming.way.labels_meet()) == down) {
            value.push('0');
        }
    }
}

/// Whether the SDK takes the metric's unit, and the metric isn't called as what the resource becomes, which is an error of a
/// contract by itself.
fn taken(naming: PrometheusNaming, Metric { name, unit, kind, .. }: &Metric) -> bool {
    let ascii = matches!(naming.way, PrometheusWay::Python | PrometheusWay::Rust);
    (!ascii || unit.is_ascii()) && naming.metric(name, unit, *kind).unwrap() != "target_info"
}

fn metric(name: &str, unit: &str, kind: MetricKind, attributes: &[(&str, &str)]) -> Metric {
    let owned = |text: &str| text.to_owned();
    let attributes = attributes.iter().map(|(key, value)| (owned(key), owned(value))).collect();
    Metric { name: owned(name), unit: owned(unit), kind, attributes, value: 1.0 }
}

fn case() -> impl Strategy<Value = Case> {
    prop_oneof![2 => any_metric().prop_map(|metric| vec![metric]), 1 => two()]
}

fn any_metric() -> impl Strategy<Value = Metric> {
    let metric = (name(), unit(), select(&KINDS[..]), labels());
    metric.prop_map(|(name, unit, kind, attributes)| Metric { name, unit, kind, attributes, value: 1.0 })
}

/// Two metrics, most of which are called alike, but no two that an SDK takes for one.
fn two() -> impl Strategy<Value = Case> {
    let other = (any_metric(), picked(rows::MORE), picked(rows::SEPARATORS), any::<[bool; 4]>());
    (any_metric(), other)
        .prop_map(|(first, (mut second, more, separator, [alike, of_unit, of_labels, before]))| {
            if alike || of_unit {
                second.name = first.name.replace('.', &separator) + &more;
            }
            if of_unit {
                second.unit.clone_from(&first.unit);
            }
            if of_labels {
                second.attributes.clone_from(&first.attributes);
            }
            if before { vec![second, first] } else { vec![first, second] }
        })
        .prop_filter("one metric", |case| {
            let one = |metric: &Metric| (metric.name.to_lowercase(), metric.unit.clone(), metric.kind);
            one(&case[0]) != one(&case[1])
        })
}

fn name() -> impl Strategy<Value = String> {
    let end = prop_oneof![6 => Just(""), 1 => select(rows::SEPARATORS)];
    let rest = vec((select(rows::SEPARATORS), select(rows::WORDS)), 0..4);
    (select(rows::FIRST), rest, end).prop_map(|(first, rest, end)| {
        let rest: String = rest.iter().flat_map(|(separator, word)| [*separator, *word]).collect();
        format!("{first}{rest}{end}")
    })
}

fn unit() -> impl Strategy<Value = String> {
    let divided = (picked(UNITS), picked(UNITS)).prop_map(|(unit, per)| format!("{unit}/{per}"));
    prop_oneof![2 => Just(String::new()), 4 => picked(UNITS), 2 => divided, 2 => picked(ODD_UNITS)]
}

fn labels() -> impl Strategy<Value = Attributes> {
    attributes(prop_oneof![2 => picked(rows::PLAIN), 1 => picked(rows::KEYS)], 3)
}

/// A case as the exporters read it.
pub(crate) fn written(case: &Case) -> Value {
    let [name, version, schema_url] = SCOPE.map(|(_, value)| value);
    let metrics = case.iter().map(|Metric { name, unit, kind, attributes, value }| {
        json!({ "name": name, "unit": unit, "kind": kind_word(*kind), "value": *value as u64, "attributes": attributes })
    });
    json!({
        "accept": ACCEPT,
        "scope": { "name": name, "version": version, "schema_url": schema_url },
        "bounds": [BOUND],
        "metrics": metrics.collect::<Vec<_>>(),
    })
}

fn kind_word(kind: MetricKind) -> &'static str {
    match kind {
        MetricKind::Counter => "counter",
        MetricKind::UpDownCounter => "up_down_counter",
        MetricKind::Gauge => "gauge",
        MetricKind::Histogram | MetricKind::ExponentialHistogram => "histogram",
    }
}
