//! What was received, record by record.

use std::time::Duration;

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::metrics::v1::Metric;
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::Span;
use slo_receiver::Everything;

use crate::sent_request::Began;

/// A record, whose service it is, and when it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrived<T> {
    /// The record.
    pub record: T,
    /// `service.name` of its resource; empty where it has none.
    pub service: String,
    /// When it came.
    pub at: Duration,
}

/// Everything that was received, in the order in which it came.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Received {
    /// The log records.
    pub logs: Vec<Arrived<LogRecord>>,
    /// The spans.
    pub spans: Vec<Arrived<Span>>,
    /// The metrics, as often as they came.
    pub metrics: Vec<Arrived<Metric>>,
}

impl Received {
    /// What a receiver has taken since the run began.
    #[must_use]
    pub fn of(everything: Everything, began: Began) -> Received {
        let mut received = Received::default();
        for logs in everything.logs {
            received.add_logs(logs.message, began.until(logs.moment.instant));
        }
        for spans in everything.traces {
            received.add_spans(spans.message, began.until(spans.moment.instant));
        }
        for metrics in everything.metrics {
            received.add_metrics(metrics.message, began.until(metrics.moment.instant));
        }
        received
    }

    fn add_logs(&mut self, request: ExportLogsServiceRequest, at: Duration) {
        for resource in request.resource_logs {
            let service = service(resource.resource.as_ref());
            let records = resource.scope_logs.into_iter().flat_map(|scope| scope.log_records);
            self.logs.extend(records.map(|record| Arrived { record, service: service.clone(), at }));
        }
    }

    fn add_spans(&mut self, request: ExportTraceServiceRequest, at: Duration) {
        for resource in request.resource_spans {
            let service = service(resource.resource.as_ref());
            let records = resource.scope_spans.into_iter().flat_map(|scope| scope.spans);
            self.spans.extend(records.map(|record| Arrived { record, service: service.clone(), at }));
        }
    }

    fn add_metrics(&mut self, request: ExportMetricsServiceRequest, at: Duration) {
        for resource in request.resource_metrics {
            let service = service(resource.resource.as_ref());
            let records = resource.scope_metrics.into_iter().flat_map(|scope| scope.metrics);
            self.metrics.extend(records.map(|record| Arrived { record, service: service.clone(), at }));
        }
    }
}

fn service(resource: Option<&Resource>) -> String {
    let attributes = resource.map(|resource| resource.attributes.as_slice()).unwrap_or_default();
    let name = attributes.iter().find(|attribute| attribute.key == "service.name");
    match name.and_then(|name| name.value.as_ref()?.value.as_ref()) {
        Some(Value::StringValue(name)) => name.clone(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
    use opentelemetry_proto::tonic::logs::v1::{ResourceLogs, ScopeLogs};

    #[test]
    fn each_record_has_its_service_and_its_moment() {
        let value = Some(AnyValue { value: Some(Value::StringValue("fin-pay-prod".to_owned())) });
        let name = KeyValue { key: "service.name".to_owned(), value, ..KeyValue::default() };
        let resource = Resource { attributes: vec![name], ..Resource::default() };
        let of = |resource| ResourceLogs {
            resource,
            scope_logs: vec![ScopeLogs {
                log_records: vec![LogRecord::default(); 2],
                ..ScopeLogs::default()
            }],
            ..ResourceLogs::default()
        };
        let mut received = Received::default();
        let request = ExportLogsServiceRequest { resource_logs: vec![of(Some(resource)), of(None)] };
        received.add_logs(request, Duration::from_millis(7));
        let services: Vec<_> = received.logs.iter().map(|log| log.service.as_str()).collect();
        assert_eq!(services, ["fin-pay-prod", "fin-pay-prod", "", ""]);
        assert!(received.logs.iter().all(|log| log.at == Duration::from_millis(7)));
    }
}
