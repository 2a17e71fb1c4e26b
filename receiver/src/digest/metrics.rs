//! The last point of each series of a metric.

use std::collections::HashMap;
use std::time::SystemTime;

use opentelemetry::trace::{SpanId, TraceId};
use opentelemetry_proto::tonic::common::v1::{InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::metrics::v1::{
    self as otlp, AggregationTemporality, ExponentialHistogramDataPoint, HistogramDataPoint, Metric,
    NumberDataPoint, ScopeMetrics, SummaryDataPoint, exemplar, metric::Data, number_data_point,
};
use prost::Message;

use super::records::{span_id, trace_id};
use super::text::texts;
use crate::Moment;
use crate::moment::time;

/// What a metric is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A gauge.
    Gauge,
    /// A sum that only grows.
    Counter,
    /// A sum that grows and shrinks.
    UpDownCounter,
    /// A histogram with bounds.
    Histogram,
    /// An exponential histogram.
    ExponentialHistogram,
    /// A summary.
    Summary,
}

/// What a point shows.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Reading {
    /// Nothing: the point has no value.
    Nothing,
    /// A number; an integer is exact up to 2⁵³.
    Number(f64),
    /// What was measured, summed up.
    Distribution {
        /// How often it was measured.
        count: u64,
        /// The sum; `None` where the point has none.
        sum: Option<f64>,
        /// The bounds of buckets, where the metric is a histogram with bounds.
        bounds: Vec<f64>,
        /// How often it was measured within each bucket, the last of them without an upper bound.
        buckets: Vec<u64>,
    },
}

/// A measurement that a point shows as an example.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Exemplar {
    /// What was measured.
    pub value: f64,
    /// When; `None` where it has no time.
    pub time: Option<SystemTime>,
    /// The trace that it was measured in, or [`TraceId::INVALID`].
    pub trace_id: TraceId,
    /// The span that it was measured in, or [`SpanId::INVALID`].
    pub span_id: SpanId,
    /// The attributes that it has and its point has not, as texts and sorted.
    pub attributes: Vec<(String, String)>,
}

/// A series of a metric: what came for one resource, scope, kind and set of attributes. It shows its latest point; points
/// of a delta are added up.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Series {
    /// Where its resource stands among [`Digest::resources`](crate::Digest::resources).
    pub resource: usize,
    /// The name of its scope.
    pub scope: String,
    /// The name of its metric.
    pub metric: String,
    /// The unit of its metric.
    pub unit: String,
    /// What its metric is.
    pub kind: Kind,
    /// Whether its points are deltas, and were added up.
    pub is_delta: bool,
    /// Its attributes as texts, sorted by key.
    pub attributes: Vec<(String, String)>,
    /// What it shows.
    pub reading: Reading,
    /// The exemplars of its latest point.
    pub exemplars: Vec<Exemplar>,
    /// Since when its latest point counts; `None` where it doesn't say.
    pub start: Option<SystemTime>,
    /// The time of its latest point; `None` where it has none.
    pub time: Option<SystemTime>,
    /// When its latest point was received.
    pub received: Moment,
    /// How many points came for it.
    pub points: u64,
}

impl Series {
    /// The number that it shows; `None` for a distribution.
    #[must_use]
    pub const fn value(&self) -> Option<f64> {
        match self.reading {
            Reading::Number(value) => Some(value),
            _ => None,
        }
    }

    /// How often its distribution was measured; `None` for a number.
    #[must_use]
    pub const fn count(&self) -> Option<u64> {
        match self.reading {
            Reading::Distribution { count, .. } => Some(count),
            _ => None,
        }
    }

    /// The sum of its distribution; `None` for a number, and where the point has no sum.
    #[must_use]
    pub const fn sum(&self) -> Option<f64> {
        match self.reading {
            Reading::Distribution { sum, .. } => sum,
            _ => None,
        }
    }

    /// The text of an attribute.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(own, _)| own == key);
        found.map(|(_, text)| text.as_str())
    }

    /// About how many bytes its reading and its exemplars take.
    fn weight(&self) -> usize {
        let reading = match &self.reading {
            Reading::Distribution { bounds, buckets, .. } => 8 * (bounds.len() + buckets.len()),
            _ => 0,
        };
        let attributes = self.exemplars.iter().flat_map(|exemplar| &exemplar.attributes);
        let texts: usize = attributes.map(|(key, text)| key.len() + text.len()).sum();
        reading + texts + self.exemplars.len() * size_of::<Exemplar>()
    }

    fn update(&mut self, point: Point, moment: Moment) {
        self.points += 1;
        let is_latest = point.time >= self.time;
        if self.is_delta {
            add(&mut self.reading, point.reading, is_latest);
        } else if is_latest {
            self.reading = point.reading;
        }
        if is_latest {
            self.exemplars = point.exemplars;
            self.start = point.start;
            self.time = point.time;
            self.received = moment;
        }
    }
}

/// Adds a delta. What can't be added to the other takes its place where it is later.
fn add(total: &mut Reading, delta: Reading, is_latest: bool) {
    match (&mut *total, delta) {
        (Reading::Number(total), Reading::Number(delta)) => *total += delta,
        (
            Reading::Distribution { count, sum, bounds, buckets },
            Reading::Distribution {
                count: more,
                sum: more_sum,
                bounds: other_bounds,
                buckets: other_buckets,
            },
        ) if *bounds == other_bounds && buckets.len() == other_buckets.len() => {
            *count = count.saturating_add(more);
            *sum = sum.zip(more_sum).map(|(sum, more)| sum + more);
            for (bucket, more) in buckets.iter_mut().zip(other_buckets) {
                *bucket = bucket.saturating_add(more);
            }
        }
        (_, delta) => {
            if is_latest {
                *total = delta;
            }
        }
    }
}

/// A point of any kind.
struct Point {
    attributes: Vec<KeyValue>,
    reading: Reading,
    exemplars: Vec<Exemplar>,
    start: Option<SystemTime>,
    time: Option<SystemTime>,
}

impl From<NumberDataPoint> for Point {
    fn from(point: NumberDataPoint) -> Point {
        let reading = match point.value {
            Some(number_data_point::Value::AsInt(number)) => Reading::Number(number as f64),
            Some(number_data_point::Value::AsDouble(number)) => Reading::Number(number),
            None => Reading::Nothing,
        };
        Point {
            attributes: point.attributes,
            reading,
            exemplars: point.exemplars.into_iter().map(Exemplar::from).collect(),
            start: time(point.start_time_unix_nano),
            time: time(point.time_unix_nano),
        }
    }
}

impl From<HistogramDataPoint> for Point {
    fn from(point: HistogramDataPoint) -> Point {
        Point {
            attributes: point.attributes,
            reading: Reading::Distribution {
                count: point.count,
                sum: point.sum,
                bounds: point.explicit_bounds,
                buckets: point.bucket_counts,
            },
            exemplars: point.exemplars.into_iter().map(Exemplar::from).collect(),
            start: time(point.start_time_unix_nano),
            time: time(point.time_unix_nano),
        }
    }
}

impl From<ExponentialHistogramDataPoint> for Point {
    fn from(point: ExponentialHistogramDataPoint) -> Point {
        Point {
            attributes: point.attributes,
            reading: Reading::Distribution {
                count: point.count,
                sum: point.sum,
                bounds: Vec::new(),
                buckets: Vec::new(),
            },
            exemplars: point.exemplars.into_iter().map(Exemplar::from).collect(),
            start: time(point.start_time_unix_nano),
            time: time(point.time_unix_nano),
        }
    }
}

impl From<SummaryDataPoint> for Point {
    fn from(point: SummaryDataPoint) -> Point {
        Point {
            attributes: point.attributes,
            reading: Reading::Distribution {
                count: point.count,
                sum: Some(point.sum),
                bounds: Vec::new(),
                buckets: Vec::new(),
            },
            exemplars: Vec::new(),
            start: time(point.start_time_unix_nano),
            time: time(point.time_unix_nano),
        }
    }
}

impl From<otlp::Exemplar> for Exemplar {
    fn from(exemplar: otlp::Exemplar) -> Exemplar {
        Exemplar {
            value: match exemplar.value {
                Some(exemplar::Value::AsInt(number)) => number as f64,
                Some(exemplar::Value::AsDouble(number)) => number,
                None => f64::NAN,
            },
            time: time(exemplar.time_unix_nano),
            trace_id: trace_id(&exemplar.trace_id),
            span_id: span_id(&exemplar.span_id),
            attributes: texts(&exemplar.filtered_attributes),
        }
    }
}

/// The series of metrics.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    points: u64,
    series: Vec<Series>,
    /// Where each series stands, by what tells it from others.
    index: HashMap<Vec<u8>, usize>,
}

impl Metrics {
    /// How many points came.
    #[must_use]
    pub const fn points(&self) -> u64 {
        self.points
    }

    /// All series, in the order in which they came.
    #[must_use]
    pub fn series(&self) -> &[Series] {
        &self.series
    }

    /// The series of a metric.
    pub fn of(&self, metric: &str) -> impl Iterator<Item = &Series> {
        self.series.iter().filter(move |series| series.metric == metric)
    }

    /// The first series of a metric that has exactly these attributes.
    #[must_use]
    pub fn find(&self, metric: &str, attributes: &[(&str, &str)]) -> Option<&Series> {
        self.of(metric).find(|series| {
            series.attributes.len() == attributes.len()
                && attributes.iter().all(|(key, text)| series.attribute(key) == Some(*text))
        })
    }

    /// Adds the metrics of a scope, and gives about how many bytes were needed for it.
    pub(super) fn add(&mut self, resource: usize, scope: ScopeMetrics, moment: Moment) -> usize {
        let own = scope.scope.unwrap_or_default();
        let mut bytes = 0;
        for metric in scope.metrics {
            let Metric { name, unit, data, .. } = metric;
            let Some(data) = data else { continue };
            let (kind, is_delta, points) = points(data);
            let stream = Stream { resource, scope: &own, metric: &name, unit: &unit, kind, is_delta };
            for point in points {
                bytes += self.add_point(&stream, point, moment);
            }
        }
        bytes
    }

    fn add_point(&mut self, stream: &Stream<'_>, mut point: Point, moment: Moment) -> usize {
        self.points += 1;
        point.attributes.sort_by(|one, other| one.key.cmp(&other.key));
        let key = stream.key(&point.attributes);
        let known = self.index.get(&key).and_then(|index| self.series.get_mut(*index));
        if let Some(series) = known {
            let before = series.weight();
            series.update(point, moment);
            return series.weight().saturating_sub(before);
        }
        // The key, and the same again as texts.
        let bytes = 2 * key.len() + size_of::<Series>();
        self.index.insert(key, self.series.len());
        let series = Series {
            resource: stream.resource,
            scope: stream.scope.name.clone(),
            metric: stream.metric.to_owned(),
            unit: stream.unit.to_owned(),
            kind: stream.kind,
            is_delta: stream.is_delta,
            attributes: texts(&point.attributes),
            reading: point.reading,
            exemplars: point.exemplars,
            start: point.start,
            time: point.time,
            received: moment,
            points: 1,
        };
        let bytes = bytes + series.weight();
        self.series.push(series);
        bytes
    }
}

/// What the points of a metric have in common.
struct Stream<'a> {
    resource: usize,
    scope: &'a InstrumentationScope,
    metric: &'a str,
    unit: &'a str,
    kind: Kind,
    is_delta: bool,
}

impl Stream<'_> {
    /// What tells a series from others, its attributes being sorted: no two lists of texts are written alike.
    fn key(&self, attributes: &[KeyValue]) -> Vec<u8> {
        let mut key = self.resource.to_le_bytes().to_vec();
        key.extend([self.kind as u8, u8::from(self.is_delta)]);
        for text in [&self.scope.name, &self.scope.version, self.metric, self.unit] {
            key.extend(text.len().to_le_bytes());
            key.extend(text.as_bytes());
        }
        for attribute in attributes {
            key.extend(attribute.encode_length_delimited_to_vec());
        }
        key
    }
}

/// What a metric is, whether its points are deltas, and its points.
fn points(data: Data) -> (Kind, bool, Vec<Point>) {
    let is_delta = |temporality: i32| temporality == i32::from(AggregationTemporality::Delta);
    match data {
        Data::Gauge(gauge) => (Kind::Gauge, false, converted(gauge.data_points)),
        Data::Sum(sum) => {
            let kind = if sum.is_monotonic { Kind::Counter } else { Kind::UpDownCounter };
            (kind, is_delta(sum.aggregation_temporality), converted(sum.data_points))
        }
        Data::Histogram(histogram) => {
            (Kind::Histogram, is_delta(histogram.aggregation_temporality), converted(histogram.data_points))
        }
        Data::ExponentialHistogram(histogram) => (
            Kind::ExponentialHistogram,
            is_delta(histogram.aggregation_temporality),
            converted(histogram.data_points),
        ),
        Data::Summary(summary) => (Kind::Summary, false, converted(summary.data_points)),
    }
}

fn converted<P: Into<Point>>(points: Vec<P>) -> Vec<Point> {
    points.into_iter().map(Into::into).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry_proto::tonic::common::v1::{AnyValue, any_value::Value};
    use std::time::{Duration, UNIX_EPOCH};

    fn attributes(pairs: &[(&str, Value)]) -> Vec<KeyValue> {
        let pairs = pairs.iter().map(|(key, value)| KeyValue {
            key: (*key).to_owned(),
            value: Some(AnyValue { value: Some(value.clone()) }),
            ..KeyValue::default()
        });
        pairs.collect()
    }

    fn text(text: &str) -> Value {
        Value::StringValue(text.to_owned())
    }

    fn number(attributes: &[KeyValue], time: u64, value: i64) -> NumberDataPoint {
        NumberDataPoint {
            attributes: attributes.to_vec(),
            time_unix_nano: time,
            value: Some(number_data_point::Value::AsInt(value)),
            ..NumberDataPoint::default()
        }
    }

    fn counter(temporality: AggregationTemporality, points: Vec<NumberDataPoint>) -> ScopeMetrics {
        let sum = otlp::Sum {
            data_points: points,
            aggregation_temporality: temporality.into(),
            is_monotonic: true,
        };
        scope("paid", Data::Sum(sum))
    }

    fn histogram(temporality: AggregationTemporality, points: Vec<HistogramDataPoint>) -> ScopeMetrics {
        let data = otlp::Histogram { data_points: points, aggregation_temporality: temporality.into() };
        scope("duration", Data::Histogram(data))
    }

    fn scope(name: &str, data: Data) -> ScopeMetrics {
        let metric = Metric { name: name.to_owned(), data: Some(data), ..Metric::default() };
        ScopeMetrics { metrics: vec![metric], ..ScopeMetrics::default() }
    }

    fn added(scopes: impl IntoIterator<Item = ScopeMetrics>) -> Metrics {
        let mut metrics = Metrics::default();
        for scope in scopes {
            metrics.add(0, scope, Moment::now());
        }
        metrics
    }

    use AggregationTemporality::{Cumulative, Delta};

    #[test]
    fn the_latest_point_of_each_set_of_attributes_stays_in_whatever_order_they_came() {
        let card = attributes(&[("method", text("card")), ("code", Value::IntValue(1))]);
        let same = attributes(&[("code", Value::IntValue(1)), ("method", text("card"))]);
        let other = attributes(&[("code", text("1")), ("method", text("card"))]);
        let metrics = added([
            counter(Cumulative, vec![number(&card, 1, 10), number(&other, 1, 1)]),
            counter(Cumulative, vec![number(&same, 3, 30)]),
            counter(Cumulative, vec![number(&card, 2, 20)]),
        ]);
        assert_eq!((metrics.points(), metrics.series().len()), (4, 2));
        let series = metrics.find("paid", &[("method", "card"), ("code", "1")]).unwrap();
        assert_eq!((series.value(), series.points, series.kind), (Some(30.0), 3, Kind::Counter));
        assert_eq!(series.time, Some(UNIX_EPOCH + Duration::from_nanos(3)));
        assert!(metrics.find("paid", &[("method", "card")]).is_none());
    }

    #[test]
    fn deltas_are_added_up() {
        let point = |time, count, sum, buckets: [u64; 2]| HistogramDataPoint {
            time_unix_nano: time,
            count,
            sum: Some(sum),
            explicit_bounds: vec![1.0],
            bucket_counts: buckets.to_vec(),
            ..HistogramDataPoint::default()
        };
        let metrics = added([
            counter(Delta, vec![number(&[], 1, 10), number(&[], 2, 5)]),
            histogram(Delta, vec![point(1, 2, 3.0, [1, 1]), point(2, 1, 0.5, [1, 0])]),
        ]);
        assert_eq!(metrics.find("paid", &[]).unwrap().value(), Some(15.0));
        let series = metrics.find("duration", &[]).unwrap();
        assert_eq!((series.count(), series.sum(), series.value()), (Some(3), Some(3.5), None));
        let Reading::Distribution { buckets, .. } = &series.reading else { panic!("{series:?}") };
        assert_eq!(*buckets, [2, 1]);
    }

    #[test]
    fn exemplars_name_their_span() {
        let exemplar = otlp::Exemplar {
            value: Some(exemplar::Value::AsDouble(0.5)),
            trace_id: vec![1; 16],
            span_id: vec![2; 8],
            filtered_attributes: attributes(&[("order.id", text("a"))]),
            ..otlp::Exemplar::default()
        };
        let point = HistogramDataPoint { exemplars: vec![exemplar], ..HistogramDataPoint::default() };
        let metrics = added([histogram(Cumulative, vec![point])]);
        let exemplar = &metrics.find("duration", &[]).unwrap().exemplars[0];
        assert_eq!(exemplar.trace_id, TraceId::from_bytes([1; 16]));
        assert_eq!(exemplar.span_id, SpanId::from_bytes([2; 8]));
        assert_eq!((exemplar.value, exemplar.time), (0.5, None));
        assert_eq!(exemplar.attributes, [("order.id".to_owned(), "a".to_owned())]);
    }

    #[test]
    fn a_point_without_a_value_shows_nothing() {
        let point = NumberDataPoint::default();
        let metrics = added([counter(Cumulative, vec![point])]);
        let series = metrics.find("paid", &[]).unwrap();
        assert_eq!((&series.reading, series.value(), series.time), (&Reading::Nothing, None, None));
    }
}
