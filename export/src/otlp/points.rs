//! A request of metrics in parts that a receiver takes.

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::{Metric, ResourceMetrics, ScopeMetrics};
use prost::Message;

/// The request in parts of at most so many bytes, with how many points each has. A point that is larger on its own is a part
/// of its own.
pub(super) fn split(
    request: ExportMetricsServiceRequest,
    most: usize,
) -> Vec<(ExportMetricsServiceRequest, u64)> {
    let mut parts = Vec::new();
    let mut rest = vec![request];
    while let Some(mut request) = rest.pop() {
        let points = count(&request);
        if points > 1 && request.encoded_len() > most {
            let second = take_from(&mut request, points / 2);
            rest.push(second);
            rest.push(request);
        } else {
            parts.push((request, points));
        }
    }
    parts
}

fn count(request: &ExportMetricsServiceRequest) -> u64 {
    let scopes = request.resource_metrics.iter().flat_map(|resource| &resource.scope_metrics);
    scopes.flat_map(|scope| &scope.metrics).map(|metric| len(metric.data.as_ref()) as u64).sum()
}

fn len(data: Option<&Data>) -> usize {
    match data {
        None => 0,
        Some(Data::Gauge(data)) => data.data_points.len(),
        Some(Data::Sum(data)) => data.data_points.len(),
        Some(Data::Histogram(data)) => data.data_points.len(),
        Some(Data::ExponentialHistogram(data)) => data.data_points.len(),
        Some(Data::Summary(data)) => data.data_points.len(),
    }
}

/// Leaves so many points in the request, and gives the others, under the same resources, scopes and metrics.
fn take_from(request: &mut ExportMetricsServiceRequest, mut left: u64) -> ExportMetricsServiceRequest {
    let mut taken = Vec::new();
    for resource in &mut request.resource_metrics {
        let mut scopes = Vec::new();
        for scope in &mut resource.scope_metrics {
            let mut metrics = Vec::new();
            for metric in &mut scope.metrics {
                let own = len(metric.data.as_ref()) as u64;
                if own > left {
                    metrics.push(take_points(metric, usize::try_from(left).unwrap_or(usize::MAX)));
                }
                left = left.saturating_sub(own);
            }
            scope.metrics.retain(|metric| len(metric.data.as_ref()) > 0);
            if !metrics.is_empty() {
                scopes.push(ScopeMetrics {
                    scope: scope.scope.clone(),
                    metrics,
                    schema_url: scope.schema_url.clone(),
                });
            }
        }
        resource.scope_metrics.retain(|scope| !scope.metrics.is_empty());
        if !scopes.is_empty() {
            taken.push(ResourceMetrics {
                resource: resource.resource.clone(),
                scope_metrics: scopes,
                schema_url: resource.schema_url.clone(),
            });
        }
    }
    request.resource_metrics.retain(|resource| !resource.scope_metrics.is_empty());
    ExportMetricsServiceRequest { resource_metrics: taken }
}

/// Leaves so many points in the metric, and gives the same metric with the others.
fn take_points(metric: &mut Metric, left: usize) -> Metric {
    macro_rules! take {
        ($data:ident) => {{
            let points = $data.data_points.split_off(left);
            let mut other = $data.clone();
            other.data_points = points;
            other
        }};
    }
    let points = match &mut metric.data {
        None => None,
        // What stays is copied with the rest of the metric, and replaced.
        Some(Data::Gauge(data)) => Some(Data::Gauge(take!(data))),
        Some(Data::Sum(data)) => Some(Data::Sum(take!(data))),
        Some(Data::Histogram(data)) => Some(Data::Histogram(take!(data))),
        Some(Data::ExponentialHistogram(data)) => Some(Data::ExponentialHistogram(take!(data))),
        Some(Data::Summary(data)) => Some(Data::Summary(take!(data))),
    };
    Metric {
        name: metric.name.clone(),
        description: metric.description.clone(),
        unit: metric.unit.clone(),
        metadata: metric.metadata.clone(),
        data: points,
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry_proto::tonic::metrics::v1::{Gauge, NumberDataPoint, Sum};

    use super::*;

    fn metric(name: &str, data: Data) -> Metric {
        Metric { name: name.to_owned(), data: Some(data), ..Metric::default() }
    }

    fn points(times: std::ops::Range<u64>) -> Vec<NumberDataPoint> {
        times.map(|time| NumberDataPoint { time_unix_nano: time, ..NumberDataPoint::default() }).collect()
    }

    /// The names and times of all points, in their order.
    fn all(parts: &[(ExportMetricsServiceRequest, u64)]) -> Vec<(String, u64)> {
        let scopes =
            parts.iter().flat_map(|(part, _)| &part.resource_metrics).flat_map(|it| &it.scope_metrics);
        let mut all = Vec::new();
        for metric in scopes.flat_map(|scope| &scope.metrics) {
            let points = match &metric.data {
                Some(Data::Gauge(data)) => &data.data_points,
                Some(Data::Sum(data)) => &data.data_points,
                _ => continue,
            };
            all.extend(points.iter().map(|point| (metric.name.clone(), point.time_unix_nano)));
        }
        all
    }

    #[test]
    fn parts_hold_every_point_once_and_none_is_too_large() {
        let metrics = vec![
            metric("a", Data::Gauge(Gauge { data_points: points(0..7) })),
            metric("b", Data::Sum(Sum { data_points: points(7..8), is_monotonic: true, ..Sum::default() })),
            metric("c", Data::Gauge(Gauge { data_points: points(8..50) })),
        ];
        let scope = ScopeMetrics { metrics, ..ScopeMetrics::default() };
        let resource =
            ResourceMetrics { scope_metrics: vec![scope.clone(), scope], ..ResourceMetrics::default() };
        let request = ExportMetricsServiceRequest { resource_metrics: vec![resource] };
        let whole = split(request.clone(), usize::MAX);
        assert_eq!((whole.len(), whole[0].1), (1, 100));
        let parts = split(request.clone(), 200);
        assert!(parts.len() > 4 && parts.iter().all(|(part, _)| part.encoded_len() <= 200));
        assert_eq!((all(&parts), parts.iter().map(|(_, points)| points).sum()), (all(&whole), 100));
        assert_eq!(split(request, 0).len(), 100);
    }
}
