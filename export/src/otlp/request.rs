//! From the SDK's data to the messages of OTLP.

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use opentelemetry_proto::transform::logs::tonic::group_logs_by_resource_and_scope;
use opentelemetry_proto::transform::trace::tonic::group_spans_by_resource_and_scope;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::LogBatch;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::trace::SpanData;
use prost::bytes::Bytes;

use super::encoding::{Encoded, Encoding};
use super::{exemplars, points};
use crate::metrics::exemplar::FindExemplars;
use crate::records::processors::LogItem;

/// A request, encoded once, however often it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// Encoded, not compressed.
    pub(super) message: Bytes,
    /// How many log records, data points or spans it holds.
    records: u64,
}

/// The resource of all requests of a signal.
#[derive(Debug)]
pub(crate) struct SentResource(ResourceAttributesWithSchema);

impl From<&Resource> for SentResource {
    fn from(resource: &Resource) -> SentResource {
        SentResource(resource.into())
    }
}

impl Request {
    /// Log records with their scopes. A record's target is its scope's name, as OpenTelemetry's own exporter has it.
    pub(crate) fn logs(batch: &[LogItem], resource: &SentResource, encoding: Encoding) -> Request {
        let records: Vec<_> = batch.iter().map(|item| (&item.0, &item.1)).collect();
        let message = ExportLogsServiceRequest {
            resource_logs: group_logs_by_resource_and_scope(&LogBatch::new(&records), &resource.0),
        };
        Request::new(&message, batch.len() as u64, encoding)
    }

    /// Spans.
    pub(crate) fn traces(batch: Vec<SpanData>, resource: &SentResource, encoding: Encoding) -> Request {
        let records = batch.len() as u64;
        let message = ExportTraceServiceRequest {
            resource_spans: group_spans_by_resource_and_scope(batch, &resource.0),
        };
        Request::new(&message, records, encoding)
    }

    /// Metrics, with the exemplars of their points. They bring their resource. Where `only_scope` is given, those of that
    /// scope alone. In parts of at most so many bytes.
    pub(crate) fn metrics(
        metrics: &ResourceMetrics,
        find: &dyn FindExemplars,
        only_scope: Option<&str>,
        encoding: Encoding,
        most: usize,
    ) -> Vec<Request> {
        let mut message = ExportMetricsServiceRequest::from(metrics);
        let is_sent = |scope: &str| only_scope.is_none_or(|only| only == scope);
        exemplars::add(&mut message, metrics, find, &is_sent);
        for resource in &mut message.resource_metrics {
            resource.scope_metrics.retain(|metrics| {
                is_sent(metrics.scope.as_ref().map(|scope| scope.name.as_str()).unwrap_or_default())
            });
        }
        let parts = points::split(message, most / encoding.growth());
        parts.into_iter().map(|(part, points)| Request::new(&part, points, encoding)).collect()
    }

    fn new(message: &impl Encoded, records: u64, encoding: Encoding) -> Request {
        Request { message: encoding.encode(message), records }
    }

    /// How many log records, data points or spans it holds. Where there are none there is nothing to send: receivers have
    /// no use for it (OTLP specification, "Empty Telemetry Envelopes").
    pub(crate) fn records(&self) -> u64 {
        self.records
    }
}
