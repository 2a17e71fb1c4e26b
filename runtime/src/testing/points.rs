//! Points of metrics, whatever their kind.

use opentelemetry::KeyValue;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData, ResourceMetrics};

use crate::emit::OWN_SCOPE;

/// A point of a metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The name of the metric's scope.
    pub scope: String,
    /// The metric's name.
    pub metric: String,
    /// Its labels.
    pub attributes: Vec<KeyValue>,
    /// What was added; of a histogram, how many values were measured; a gauge's value.
    pub value: f64,
    /// Of a histogram, the sum of the values.
    pub sum: Option<f64>,
}

/// The points of the contract's metrics.
pub(super) fn points(metrics: &ResourceMetrics) -> Vec<Point> {
    let mut found = Vec::new();
    for scope in metrics.scope_metrics().filter(|scope| scope.scope().name() != OWN_SCOPE) {
        for metric in scope.metrics() {
            let name = (scope.scope().name(), metric.name());
            match metric.data() {
                AggregatedMetrics::F64(data) => add(name, data, |value| value, &mut found),
                AggregatedMetrics::U64(data) => add(name, data, |value| value as f64, &mut found),
                AggregatedMetrics::I64(data) => add(name, data, |value| value as f64, &mut found),
            }
        }
    }
    found
}

fn add<T: Copy>(
    (scope, name): (&str, &str),
    data: &MetricData<T>,
    number: impl Fn(T) -> f64,
    found: &mut Vec<Point>,
) {
    let mut push = |attributes: Vec<KeyValue>, value: f64, sum: Option<f64>| {
        found.push(Point { scope: scope.to_owned(), metric: name.to_owned(), attributes, value, sum });
    };
    match data {
        MetricData::Gauge(gauge) => gauge
            .data_points()
            .for_each(|point| push(point.attributes().cloned().collect(), number(point.value()), None)),
        MetricData::Sum(sum) => sum
            .data_points()
            .for_each(|point| push(point.attributes().cloned().collect(), number(point.value()), None)),
        MetricData::Histogram(histogram) => histogram.data_points().for_each(|point| {
            push(point.attributes().cloned().collect(), point.count() as f64, Some(number(point.sum())));
        }),
        MetricData::ExponentialHistogram(histogram) => histogram.data_points().for_each(|point| {
            push(point.attributes().cloned().collect(), point.count() as f64, Some(number(point.sum())));
        }),
    }
}
