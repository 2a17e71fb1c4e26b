//! Metrics as they go over the wire.

use std::time::{SystemTime, UNIX_EPOCH};

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::{self as otlp, metric::Data, number_data_point};
use opentelemetry_proto::tonic::resource::v1::Resource;
use prost::Message;
use slo_model::names::MetricKind;

pub(crate) type Attributes = Vec<(String, String)>;

/// A metric with one point.
#[derive(Clone, Debug)]
pub(crate) struct Metric {
    pub(crate) name: String,
    pub(crate) unit: String,
    pub(crate) kind: MetricKind,
    pub(crate) attributes: Attributes,
    pub(crate) value: f64,
}

/// The scope of a metric.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) schema_url: String,
    pub(crate) attributes: Attributes,
}

/// The one bound of a histogram but for the last bucket's.
const BOUND: f64 = 1.0;

/// The bounds of a histogram, as Prometheus writes the `le` of its buckets.
pub(crate) const BOUNDS: [&str; 2] = ["1", "+Inf"];

/// A request with these metrics, all of them observed now.
pub(crate) fn request(resource: &Attributes, scopes: &[(&Scope, &[Metric])]) -> Vec<u8> {
    request_at(SystemTime::now(), resource, scopes)
}

/// A request with these metrics, all of them observed then.
pub(crate) fn request_at(time: SystemTime, resource: &Attributes, scopes: &[(&Scope, &[Metric])]) -> Vec<u8> {
    let time = u64::try_from(time.duration_since(UNIX_EPOCH).unwrap().as_nanos()).unwrap();
    let scope_metrics = scopes.iter().map(|(scope, metrics)| otlp::ScopeMetrics {
        scope: Some(InstrumentationScope {
            name: scope.name.clone(),
            version: scope.version.clone(),
            attributes: key_values(&scope.attributes),
            ..InstrumentationScope::default()
        }),
        schema_url: scope.schema_url.clone(),
        metrics: metrics.iter().map(|one| metric(one, time)).collect(),
    });
    let resource_metrics = otlp::ResourceMetrics {
        resource: Some(Resource { attributes: key_values(resource), ..Resource::default() }),
        scope_metrics: scope_metrics.collect(),
        ..otlp::ResourceMetrics::default()
    };
    ExportMetricsServiceRequest { resource_metrics: vec![resource_metrics] }.encode_to_vec()
}

fn metric(metric: &Metric, time_unix_nano: u64) -> otlp::Metric {
    let attributes = key_values(&metric.attributes);
    let aggregation_temporality = otlp::AggregationTemporality::Cumulative.into();
    let number = |attributes| {
        let value = Some(number_data_point::Value::AsDouble(metric.value));
        vec![otlp::NumberDataPoint { attributes, time_unix_nano, value, ..Default::default() }]
    };
    let data = match metric.kind {
        MetricKind::Counter | MetricKind::UpDownCounter => Data::Sum(otlp::Sum {
            data_points: number(attributes),
            aggregation_temporality,
            is_monotonic: metric.kind == MetricKind::Counter,
        }),
        MetricKind::Gauge => Data::Gauge(otlp::Gauge { data_points: number(attributes) }),
        MetricKind::Histogram => Data::Histogram(otlp::Histogram {
            data_points: vec![otlp::HistogramDataPoint {
                attributes,
                time_unix_nano,
                count: 1,
                sum: Some(metric.value),
                bucket_counts: if metric.value <= BOUND { vec![1, 0] } else { vec![0, 1] },
                explicit_bounds: vec![BOUND],
                ..Default::default()
            }],
            aggregation_temporality,
        }),
        MetricKind::ExponentialHistogram => Data::ExponentialHistogram(otlp::ExponentialHistogram {
            data_points: vec![otlp::ExponentialHistogramDataPoint {
                attributes,
                time_unix_nano,
                count: 1,
                sum: Some(metric.value),
                zero_count: 1,
                ..Default::default()
            }],
            aggregation_temporality,
        }),
    };
    otlp::Metric {
        name: metric.name.clone(),
        unit: metric.unit.clone(),
        data: Some(data),
        ..otlp::Metric::default()
    }
}

fn key_values(attributes: &Attributes) -> Vec<KeyValue> {
    let value = |text: &String| AnyValue { value: Some(any_value::Value::StringValue(text.clone())) };
    attributes
        .iter()
        .map(|(key, text)| KeyValue { key: key.clone(), value: Some(value(text)), ..KeyValue::default() })
        .collect()
}
