//! What is rendered reads back as the same series, whatever names, labels and values there are.

use std::collections::{BTreeMap, BTreeSet};

use opentelemetry::KeyValue;
use opentelemetry::metrics::Meter;
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData, ResourceMetrics};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use slo_model::names::{
    MetricKind, PrometheusPoint, TranslationStrategy, prometheus_labels, prometheus_series,
};

use super::data::{Exemplars, measured, rendering};
use super::parser::{Family, number, open_metrics, prometheus_text};
use crate::prometheus::accept::{Escaping, Exposition, Format};
use crate::prometheus::families::{Described, Families, Kind, Value};
use crate::prometheus::left_out::LeftOuts;
use crate::prometheus::left_out::Why;
use crate::prometheus::text::{Rendering, render};
use crate::prometheus::write::write;

/// A series, and its value as bits: no number is changed on the way.
type Series = BTreeMap<(String, BTreeMap<String, String>), u64>;

/// What isn't a number is one value, whatever its sign.
fn bits(number: f64) -> u64 {
    if number.is_nan() { f64::NAN.to_bits() } else { number.to_bits() }
}

#[derive(Clone, Debug)]
struct Instrument {
    scope: &'static str,
    name: String,
    unit: &'static str,
    kind: MetricKind,
    points: Vec<(BTreeMap<String, String>, f64)>,
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(&["", "1", "2", "a b", "é"][..]).prop_map(str::to_owned),
        2 => "[\"\\\\\n\r\0{},=# ]{0,6}",
        1 => ".{0,4}",
    ]
}

fn key() -> impl Strategy<Value = String> {
    let known = &["a.b", "a_b", "a:b", "le", "job", "instance", "__name__", "..name..", "0", "名", "__"][..];
    prop_oneof![
        6 => select(known).prop_map(str::to_owned),
        1 => "[a\"\\\\\n\0._:0]{1,5}",
        1 => ".{0,3}",
    ]
}

fn attributes() -> impl Strategy<Value = BTreeMap<String, String>> {
    btree_map(key(), text(), 0..3)
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>(),
        select(&[0.0, -0.0, 1.0, -1.0, 0.5, 1e300, f64::INFINITY, f64::NEG_INFINITY][..])
    ]
}

fn instrument() -> impl Strategy<Value = Instrument> {
    let name = prop_oneof![
        8 => select(&["a", "a.b", "a_b", "a.total", "a_total", "a.count", "a-bucket", "a.sum", "a_created",
            "target", "target.info", "total"][..]).prop_map(str::to_owned),
        1 => "[a-zA-Z][a-zA-Z0-9_./-]{0,6}",
    ];
    let unit = select(&["", "s", "By", "1", "{x}"][..]);
    let kind = select(
        &[MetricKind::Counter, MetricKind::UpDownCounter, MetricKind::Gauge, MetricKind::Histogram][..],
    );
    (select(&["x", "y"][..]), name, unit, kind, vec((attributes(), value()), 1..4))
        .prop_map(|(scope, name, unit, kind, points)| Instrument { scope, name, unit, kind, points })
}

fn record(meter: &Meter, instrument: &Instrument) {
    let Instrument { name, unit, kind, points, .. } = instrument;
    let name = name.clone();
    for (attributes, value) in points {
        let pairs: Vec<KeyValue> =
            attributes.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone())).collect();
        match kind {
            MetricKind::Counter => {
                meter.f64_counter(name.clone()).with_unit(*unit).build().add(value.abs(), &pairs);
            }
            MetricKind::UpDownCounter => {
                meter.f64_up_down_counter(name.clone()).with_unit(*unit).build().add(*value, &pairs);
            }
            MetricKind::Gauge => {
                meter.f64_gauge(name.clone()).with_unit(*unit).build().record(*value, &pairs);
            }
            MetricKind::Histogram | MetricKind::ExponentialHistogram => {
                let histogram = meter.f64_histogram(name.clone()).with_unit(*unit);
                histogram.with_boundaries(vec![0.0, 1.0, 1e6]).build().record(*value, &pairs);
            }
        }
    }
}

/// A point: its attributes, and for each series the ending of its name, its bound and its value.
struct Shown {
    attributes: Vec<(String, String)>,
    samples: Vec<(&'static str, Option<f64>, f64)>,
}

impl Shown {
    fn new<'a>(
        attributes: impl Iterator<Item = &'a KeyValue>,
        samples: Vec<(&'static str, Option<f64>, f64)>,
    ) -> Shown {
        let text = |pair: &KeyValue| (pair.key.to_string(), pair.value.to_string());
        let mut attributes: Vec<(String, String)> = attributes.map(text).collect();
        attributes.sort();
        Shown { attributes, samples }
    }
}

fn points(data: &MetricData<f64>) -> (MetricKind, Vec<Shown>) {
    let (kind, mut points): (_, Vec<Shown>) = match data {
        MetricData::Gauge(gauge) => {
            let points = gauge.data_points();
            let shown = points.map(|point| Shown::new(point.attributes(), vec![("", None, point.value())]));
            (MetricKind::Gauge, shown.collect())
        }
        MetricData::Sum(sum) => {
            let points = sum.data_points();
            let shown = points.map(|point| Shown::new(point.attributes(), vec![("", None, point.value())]));
            let kind = if sum.is_monotonic() { MetricKind::Counter } else { MetricKind::UpDownCounter };
            (kind, shown.collect())
        }
        MetricData::Histogram(histogram) => {
            let shown = histogram.data_points().map(|point| {
                let mut samples = vec![("_count", None, point.count() as f64), ("_sum", None, point.sum())];
                let mut total = 0;
                for (bound, count) in point.bounds().chain([f64::INFINITY]).zip(point.bucket_counts()) {
                    total += count;
                    samples.push(("_bucket", Some(bound), total as f64));
                }
                Shown::new(point.attributes(), samples)
            });
            (MetricKind::Histogram, shown.collect())
        }
        MetricData::ExponentialHistogram(_) => panic!("none is measured"),
    };
    points.sort_by(|left, right| left.attributes.cmp(&right.attributes));
    (kind, points)
}

/// What the server would show of the same metrics, by `slo_model::names` alone.
fn expected(
    metrics: &ResourceMetrics,
    strategy: TranslationStrategy,
    job: &str,
    others: &[(&str, &str)],
) -> Series {
    let mut all = Series::new();
    let mut scopes: Vec<_> = metrics.scope_metrics().collect();
    scopes.sort_by_key(|scope| scope.scope().name());
    for metric in scopes.into_iter().flat_map(|scope| scope.metrics()) {
        let AggregatedMetrics::F64(data) = metric.data() else { panic!("these are doubles") };
        let (kind, points) = points(data);
        let Some(names) = prometheus_series(metric.name(), metric.unit(), kind, strategy) else { continue };
        for Shown { attributes, samples } in points {
            let attributes: Vec<(&str, &str)> =
                attributes.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
            let point = PrometheusPoint { attributes: &attributes, job, ..PrometheusPoint::default() };
            let Some(labels) = prometheus_labels(&point, strategy) else { continue };
            if labels.iter().any(|(label, _)| label.contains('\0')) {
                continue;
            }
            for (ending, bound, value) in samples {
                let name = names.iter().find(|name| name.ends_with(ending)).unwrap();
                let mut labels: BTreeMap<String, String> = labels.iter().cloned().collect();
                labels.extend(bound.map(|bound| ("le".to_owned(), format!("bound {}", bound.to_bits()))));
                all.entry((name.clone(), labels)).or_insert(bits(value));
            }
        }
    }
    let point = PrometheusPoint { attributes: others, job, ..PrometheusPoint::default() };
    if let Some(labels) = prometheus_labels(&point, strategy).filter(|_| !job.is_empty()) {
        let labels = labels.into_iter().collect();
        all.entry(("target_info".to_owned(), labels)).or_insert(bits(1.0));
    }
    all
}

/// A metric under a name that the SDK would not take.
#[derive(Clone, Debug)]
struct Odd {
    name: String,
    kind: Kind,
    labels: Vec<(String, String)>,
    help: String,
    number: u64,
}

fn odd() -> impl Strategy<Value = Odd> {
    let kind = select(&[Kind::Counter, Kind::Gauge][..]);
    let name = "[a\"\\\\\n._:0名]{1,4}(_total|_bucket|)";
    // What `slo_model::names` and `name::label` let no label be.
    let label = key().prop_map(|key| key.replace(['\0', '_'], "0"));
    let labels = (label, text()).prop_map(|pair| {
        [pair].into_iter().filter(|(label, value)| !label.is_empty() && !value.is_empty()).collect()
    });
    (name, kind, labels, ".{0,8}", any::<u64>()).prop_map(|(name, kind, labels, help, number)| Odd {
        name,
        kind,
        labels,
        help,
        number,
    })
}

/// The bounds of the histograms, as the text has them. No label of a point is one of these.
const BOUNDS: [&str; 4] = ["0.0", "1.0", "1e+06", "+Inf"];

/// The series of families, bounds by their bits: with a point or without, they are the same.
fn shown(families: &[Family]) -> Series {
    let samples = families.iter().flat_map(|family| &family.samples);
    let series = samples.map(|sample| {
        let mut labels = sample.labels.clone();
        if sample.name.ends_with("_bucket")
            && let Some(le) = labels.get_mut("le")
            && BOUNDS.contains(&le.as_str())
        {
            *le = format!("bound {}", number(le).to_bits());
        }
        ((sample.name.clone(), labels), bits(sample.number()))
    });
    series.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_series_are_those_of_the_server(
        instruments in vec(instrument(), 0..5),
        job in text(),
        others in btree_map(select(&["a.b", "a_b", "host.name", "x\"y", "名", "__name__"][..]), text(), 0..3),
        strategy in select(&TranslationStrategy::ALL[..]),
        format in select(&[Format::OpenMetrics, Format::TextV0, Format::TextV1][..]),
    ) {
        let mut resource: Vec<KeyValue> =
            others.iter().map(|(key, value)| KeyValue::new(*key, value.clone())).collect();
        resource.push(KeyValue::new("service.name", job.clone()));
        let metrics = measured(&resource, Temporality::Cumulative, |meter| {
            instruments.iter().for_each(|instrument| record(&meter(instrument.scope), instrument));
        });
        let exemplars = Exemplars::default();
        let rendered = render(&metrics, &rendering(strategy, format, &exemplars));
        let families = match format {
            Format::OpenMetrics => open_metrics(&rendered.text),
            Format::TextV0 | Format::TextV1 => prometheus_text(&rendered.text),
        };
        let others: Vec<(&str, &str)> = others
            .iter()
            .map(|(key, value)| (*key, value.as_str()))
            .filter(|other| {
                let alone = PrometheusPoint { attributes: &[*other], ..PrometheusPoint::default() };
                prometheus_labels(&alone, strategy).is_some()
            })
            .collect();
        prop_assert_eq!(shown(&families), expected(&metrics, strategy, &job, &others));
    }

    #[test]
    fn what_is_not_shown_is_told(
        instruments in vec(instrument(), 0..4),
        strategy in select(&TranslationStrategy::ALL[..]),
        escaping in select(&[Escaping::AllowUtf8, Escaping::Underscores][..]),
    ) {
        let metrics = measured(&[], Temporality::Cumulative, |meter| {
            instruments.iter().for_each(|instrument| record(&meter(instrument.scope), instrument));
        });
        let exemplars = Exemplars::default();
        let exposition = Exposition { format: Format::OpenMetrics, escaping };
        let rendering = Rendering { exposition, ..rendering(strategy, Format::OpenMetrics, &exemplars) };
        let rendered = render(&metrics, &rendering);
        let samples = open_metrics(&rendered.text).iter().map(|family| family.samples.len()).sum::<usize>();
        let mut all = 0;
        for metric in metrics.scope_metrics().flat_map(|scope| scope.metrics()) {
            let AggregatedMetrics::F64(data) = metric.data() else { panic!("these are doubles") };
            all += points(data).1.iter().map(|point| point.samples.len()).sum::<usize>();
        }
        let missing = rendered.left_out.iter().any(|left_out| left_out.why != Why::Reserved);
        prop_assert_eq!(samples < all, missing, "{} of {}: {:?}", samples, all, rendered.left_out);
        if escaping == Escaping::Underscores {
            let fits = |letter: char| letter.is_ascii_alphanumeric() || "_:".contains(letter);
            for sample in open_metrics(&rendered.text).iter().flat_map(|family| &family.samples) {
                let mut names = sample.labels.keys().chain([&sample.name]);
                prop_assert!(names.all(|name| name.chars().all(fits)), "{:?}", sample);
            }
        }
    }

    #[test]
    fn no_name_is_too_odd(
        metrics in vec(odd(), 0..6),
        format in select(&[Format::OpenMetrics, Format::TextV0][..]),
    ) {
        let mut families = Families::default();
        let mut given = Series::new();
        let mut helps = BTreeSet::new();
        for Odd { name, kind, labels, help, number } in metrics {
            let own = labels.iter().cloned().collect();
            given.entry((name.clone(), own)).or_insert(bits(number as f64));
            let described = Described { help: &help, unit: "total" };
            families.add("x", name, kind, described, [(labels, Value::Number(number.into(), None))]);
            helps.insert(help);
        }
        let text = write(&families.finish(format, &mut LeftOuts::default()), format);
        let read = if format == Format::OpenMetrics { open_metrics(&text) } else { prometheus_text(&text) };
        prop_assert!(read.iter().filter_map(|family| family.help.as_ref()).all(|help| helps.contains(help)));
        prop_assert_eq!(shown(&read), given);
    }
}
