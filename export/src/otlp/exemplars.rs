//! Exemplars in the messages of OTLP: the SDK for Rust exports none of its own (0.33).

use std::time::{SystemTime, UNIX_EPOCH};

use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::metrics::v1::{Exemplar, exemplar, metric};
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData, ResourceMetrics};

use crate::metrics::exemplar::{Exemplar as Found, FindExemplars};

/// Adds to each point of the scopes that are sent its exemplars.
///
/// The message was made from these metrics, and has their scopes, metrics and points in the same order; the SDK's are
/// walked beside it, because its scopes and attributes are those that exemplars are found by.
pub(super) fn add(
    message: &mut ExportMetricsServiceRequest,
    metrics: &ResourceMetrics,
    find: &dyn FindExemplars,
    is_sent: &dyn Fn(&str) -> bool,
) {
    let scopes = message.resource_metrics.iter_mut().flat_map(|resource| &mut resource.scope_metrics);
    for (to_scope, scope) in scopes.zip(metrics.scope_metrics()) {
        if !is_sent(scope.scope().name()) {
            continue;
        }
        for (to, metric) in to_scope.metrics.iter_mut().zip(scope.metrics()) {
            let point = Point { scope: scope.scope(), metric: metric.name(), find };
            match metric.data() {
                AggregatedMetrics::F64(data) => point.add_all(to.data.as_mut(), data, false),
                AggregatedMetrics::U64(data) => point.add_all(to.data.as_mut(), data, true),
                AggregatedMetrics::I64(data) => point.add_all(to.data.as_mut(), data, true),
            }
        }
    }
}

/// What finds the exemplars of a metric's points.
struct Point<'a> {
    scope: &'a InstrumentationScope,
    metric: &'a str,
    find: &'a dyn FindExemplars,
}

impl Point<'_> {
    fn add_all<T: Copy>(&self, to: Option<&mut metric::Data>, data: &MetricData<T>, are_integers: bool) {
        let add = |exemplars: &mut Vec<Exemplar>, attributes: Vec<&KeyValue>| {
            exemplars.extend(self.of(attributes).iter().map(|found| sent(found, are_integers)));
        };
        match (to, data) {
            (Some(metric::Data::Gauge(to)), MetricData::Gauge(data)) => {
                for (to, point) in to.data_points.iter_mut().zip(data.data_points()) {
                    add(&mut to.exemplars, point.attributes().collect());
                }
            }
            (Some(metric::Data::Sum(to)), MetricData::Sum(data)) => {
                for (to, point) in to.data_points.iter_mut().zip(data.data_points()) {
                    add(&mut to.exemplars, point.attributes().collect());
                }
            }
            (Some(metric::Data::Histogram(to)), MetricData::Histogram(data)) => {
                for (to, point) in to.data_points.iter_mut().zip(data.data_points()) {
                    add(&mut to.exemplars, point.attributes().collect());
                }
            }
            (Some(metric::Data::ExponentialHistogram(to)), MetricData::ExponentialHistogram(data)) => {
                for (to, point) in to.data_points.iter_mut().zip(data.data_points()) {
                    add(&mut to.exemplars, point.attributes().collect());
                }
            }
            _ => {}
        }
    }

    fn of(&self, mut attributes: Vec<&KeyValue>) -> Vec<Found> {
        attributes.sort_by(|one, other| one.key.cmp(&other.key));
        self.find.of(self.scope, self.metric, &attributes)
    }
}

/// The exemplar as OTLP has it: an integer where its metric counts by integers, as far as it is one.
fn sent(found: &Found, is_integer: bool) -> Exemplar {
    let value = match found.value {
        // The bounds are those within which every integer is a double.
        value if is_integer && value.fract() == 0.0 && value.abs() <= (1u64 << 53) as f64 => {
            exemplar::Value::AsInt(value as i64)
        }
        value => exemplar::Value::AsDouble(value),
    };
    Exemplar {
        filtered_attributes: Vec::new(),
        time_unix_nano: nanoseconds(found.time),
        span_id: found.span_id.to_bytes().to_vec(),
        trace_id: found.trace_id.to_bytes().to_vec(),
        value: Some(value),
    }
}

/// Since 1970; 0 before it.
fn nanoseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
