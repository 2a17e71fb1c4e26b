//! Metrics as the text that a Prometheus server scrapes.
//!
//! Series, labels and `target_info` are those that the server shows of the same metrics over OTLP, where it promotes the
//! same attributes of the resource and no scopes: what `docs/prometheus.md` says and `slo_model::names` works out. For
//! scrapes with `honor_labels: true`, since each series says by `job` and `instance` whose it is.
//!
//! A label that begins with `__` stays what it is, though OpenMetrics keeps such names for itself: the server takes them.
//!
//! The server itself makes one difference: the `le` of what it scrapes has a point or an exponent, as `1.0`, and that of
//! what comes over OTLP hasn't where it is whole, as `1`.

use opentelemetry::trace::{SpanId, TraceId};
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::{
    AggregatedMetrics, HistogramDataPoint, Metric, MetricData, ResourceMetrics, ScopeMetrics,
};
use slo_model::names::{
    MetricKind, PrometheusPoint, TranslationStrategy, prometheus_labels, prometheus_metric,
};

use super::accept::{Exposition, Format};
use super::families::{Buckets, Described, Families, Kind, Labels, Value};
use super::left_out::{LeftOuts, Omission, Why};
use super::number::Number;
use super::target::{Target, borrowed};
use super::{attribute, name, write};
use crate::metrics::exemplar::{Exemplar, FindExemplars};

/// How metrics become text.
#[derive(Clone, Copy)]
pub(crate) struct Rendering<'r> {
    /// What the server is told of names that come over OTLP.
    pub(crate) strategy: TranslationStrategy,
    /// The keys of the resource's attributes that stand on every series.
    pub(crate) promoted: &'r [&'r str],
    /// What the scraper wants.
    pub(crate) exposition: Exposition,
    /// Where exemplars are found. Only OpenMetrics has them.
    pub(crate) exemplars: &'r dyn FindExemplars,
}

/// Metrics as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rendered {
    /// The text.
    pub(crate) text: String,
    /// What isn't in it, each metric once for a reason.
    pub(crate) left_out: Vec<Omission>,
}

/// The text of metrics.
pub(crate) fn render(metrics: &ResourceMetrics, rendering: &Rendering<'_>) -> Rendered {
    let mut left_out = LeftOuts::default();
    let target = Target::new(metrics.resource(), rendering, &mut left_out);
    let mut renderer = Renderer { rendering, target, families: Families::default(), left_out };
    let mut scopes: Vec<&ScopeMetrics> = metrics.scope_metrics().collect();
    // The SDK has them in another order each time, and of two that show the same series it is always to be the same one.
    scopes.sort_by_key(|scope| (scope.scope().name(), scope.scope().version(), scope.scope().schema_url()));
    for scope in scopes {
        for metric in scope.metrics() {
            match metric.data() {
                AggregatedMetrics::F64(data) => renderer.metric(scope.scope(), metric, data),
                AggregatedMetrics::U64(data) => renderer.metric(scope.scope(), metric, data),
                AggregatedMetrics::I64(data) => renderer.metric(scope.scope(), metric, data),
            }
        }
    }
    renderer.target();
    let Renderer { families, mut left_out, .. } = renderer;
    let format = rendering.exposition.format;
    let text = write::write(&families.finish(format, &mut left_out), format);
    Rendered { text, left_out: left_out.all() }
}

struct Renderer<'r> {
    rendering: &'r Rendering<'r>,
    target: Target,
    families: Families,
    left_out: LeftOuts,
}

/// A point of the SDK's.
struct Measured<'m> {
    /// Sorted by key, each key once: the SDK lets a program give one twice.
    attributes: Vec<&'m KeyValue>,
    /// The same as text.
    texts: Vec<(String, String)>,
    value: Value,
}

impl<'m> Measured<'m> {
    fn new(attributes: impl Iterator<Item = &'m KeyValue>, value: Value) -> Measured<'m> {
        let mut attributes: Vec<&KeyValue> = attributes.collect();
        attributes.sort_by(|left, right| left.key.as_str().cmp(right.key.as_str()));
        attributes.dedup_by(|next, first| next.key == first.key);
        let text =
            |pair: &&KeyValue| (pair.key.as_str().to_owned(), attribute::text(&pair.value).into_owned());
        let texts = attributes.iter().map(text).collect();
        Measured { attributes, texts, value }
    }
}

impl Renderer<'_> {
    fn metric<T: Copy + Into<Number>>(
        &mut self,
        scope: &InstrumentationScope,
        metric: &Metric,
        data: &MetricData<T>,
    ) {
        let number = |value: T| Value::Number(value.into(), None);
        let (kind, points): (_, Vec<Measured<'_>>) = match data {
            MetricData::Gauge(gauge) => {
                let points = gauge.data_points();
                (
                    MetricKind::Gauge,
                    points.map(|one| Measured::new(one.attributes(), number(one.value()))).collect(),
                )
            }
            MetricData::Sum(sum) if sum.temporality() == Temporality::Cumulative => {
                let kind = if sum.is_monotonic() { MetricKind::Counter } else { MetricKind::UpDownCounter };
                let points = sum.data_points();
                (kind, points.map(|one| Measured::new(one.attributes(), number(one.value()))).collect())
            }
            MetricData::Histogram(histogram) if histogram.temporality() == Temporality::Cumulative => {
                let points = histogram.data_points();
                let kind = MetricKind::Histogram;
                (
                    kind,
                    points
                        .map(|one| Measured::new(one.attributes(), Value::Histogram(buckets(one))))
                        .collect(),
                )
            }
            MetricData::Sum(sum) => {
                return self.left_out.add(metric.name(), Why::Delta, sum.data_points().count());
            }
            MetricData::Histogram(histogram) => {
                return self.left_out.add(metric.name(), Why::Delta, histogram.data_points().count());
            }
            MetricData::ExponentialHistogram(histogram) => {
                return self.left_out.add(metric.name(), Why::Exponential, histogram.data_points().count());
            }
        };
        self.points(scope, metric, kind, points);
    }

    fn points(
        &mut self,
        scope: &InstrumentationScope,
        metric: &Metric,
        kind: MetricKind,
        mut points: Vec<Measured<'_>>,
    ) {
        let Rendering { strategy, exposition, .. } = *self.rendering;
        let series = prometheus_metric(metric.name(), metric.unit(), kind, strategy)
            .and_then(|series| name::metric(series, exposition.escaping));
        let Some(series) = series else {
            return self.left_out.add(metric.name(), Why::Name, points.len());
        };
        // As with scopes.
        points.sort_by(|left, right| left.texts.cmp(&right.texts));
        let mut found = Vec::with_capacity(points.len());
        for Measured { attributes, texts, mut value } in points {
            let Some(labels) = self.labels(metric.name(), &texts) else {
                self.left_out.add(metric.name(), Why::Label, 1);
                continue;
            };
            if exposition.format == Format::OpenMetrics
                && matches!(kind, MetricKind::Counter | MetricKind::Histogram)
            {
                for exemplar in self.rendering.exemplars.of(scope, metric.name(), &attributes) {
                    attach(&mut value, exemplar);
                }
            }
            found.push((labels, value));
        }
        let unit = words(metric.unit());
        let described = Described { help: metric.description(), unit: &unit };
        let kind = match kind {
            MetricKind::Counter => Kind::Counter,
            MetricKind::Histogram => Kind::Histogram,
            MetricKind::Gauge | MetricKind::UpDownCounter | MetricKind::ExponentialHistogram => Kind::Gauge,
        };
        self.families.add(metric.name(), series, kind, described, found);
    }

    /// The labels of a point; none where the server takes no such labels.
    fn labels(&mut self, metric: &str, attributes: &[(String, String)]) -> Option<Labels> {
        let Rendering { strategy, exposition, .. } = *self.rendering;
        let attributes = borrowed(attributes);
        let promoted = borrowed(&self.target.promoted);
        let point = PrometheusPoint {
            attributes: &attributes,
            promoted: &promoted,
            job: &self.target.job,
            instance: &self.target.instance,
            scope: None,
        };
        let labels = name::labels(prometheus_labels(&point, strategy)?, exposition.escaping)?;
        if attributes.iter().any(|(key, _)| self.target.reserves(key, self.rendering)) {
            self.left_out.add(metric, Why::Reserved, 1);
        }
        Some(labels)
    }

    fn target(&mut self) {
        const NAME: &str = "target_info";
        let Rendering { strategy, exposition, .. } = *self.rendering;
        let Some(labels) = self.target.labels(strategy) else { return };
        let Some(labels) = name::labels(labels, exposition.escaping) else {
            return self.left_out.add(NAME, Why::Label, 1);
        };
        let described = Described { help: "Target metadata", unit: "" };
        let one = Value::Number(Number::Int(1), None);
        self.families.add(NAME, NAME.to_owned(), Kind::Target, described, [(labels, one)]);
    }
}

fn buckets<T: Copy + Into<Number>>(point: &HistogramDataPoint<T>) -> Buckets {
    let mut total = 0_u64;
    let bounds = point.bounds().zip(point.bucket_counts()).map(|(bound, count)| {
        total = total.saturating_add(count);
        (bound, total, None)
    });
    // The bucket beyond the last bound is the count, whatever stands there.
    let bounds = bounds.filter(|(bound, ..)| *bound != f64::INFINITY).collect();
    Buckets { bounds, count: point.count(), sum: point.sum().into(), exemplar: None }
}

/// Attaches an exemplar to the sample that its value counts in, where that has none which is later.
fn attach(value: &mut Value, exemplar: Exemplar) {
    let place = match value {
        Value::Number(_, place) => place,
        Value::Histogram(buckets) => {
            let own = buckets.bounds.iter_mut().find(|(bound, ..)| exemplar.value <= *bound);
            match own {
                Some((.., place)) => place,
                // Beyond all bounds.
                None if !exemplar.value.is_nan() => &mut buckets.exemplar,
                None => return,
            }
        }
    };
    let traced = exemplar.trace_id != TraceId::INVALID && exemplar.span_id != SpanId::INVALID;
    if traced && place.is_none_or(|other| other.time <= exemplar.time) {
        *place = Some(exemplar);
    }
}

/// A unit in the words that a metric's name ends with; empty where it has none. Names that are not appended to may end
/// in them by themselves.
fn words(unit: &str) -> String {
    // A name with nothing in it but its unit, of a kind that adds nothing.
    let strategy = TranslationStrategy::UnderscoreEscapingWithSuffixes;
    let words = prometheus_metric("", unit, MetricKind::UpDownCounter, strategy).unwrap_or_default();
    words.trim_start_matches('_').to_owned()
}
