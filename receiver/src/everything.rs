//! Whole requests, as they were received.

use hyper::HeaderMap;
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::metrics::v1::Metric;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;

use crate::{Error, Moment, Protocol};

/// A request that was taken: of one that was rejected in part, what was not rejected.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Received<M> {
    /// The request.
    pub message: M,
    /// When it was taken.
    pub moment: Moment,
    /// How it came.
    pub protocol: Protocol,
    /// Its headers; over gRPC its metadata.
    pub headers: HeaderMap,
}

/// All requests that were taken, in the order in which they were.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Everything {
    /// Those with log records.
    pub logs: Vec<Received<ExportLogsServiceRequest>>,
    /// Those with spans.
    pub traces: Vec<Received<ExportTraceServiceRequest>>,
    /// Those with metrics.
    pub metrics: Vec<Received<ExportMetricsServiceRequest>>,
}

/// All requests that were taken, encoded: in memory they take about what came over the wire. Decoded, a record of two bytes
/// takes hundreds.
#[derive(Debug, Default)]
pub(crate) struct Encoded {
    pub(crate) logs: Vec<Received<Vec<u8>>>,
    pub(crate) traces: Vec<Received<Vec<u8>>>,
    pub(crate) metrics: Vec<Received<Vec<u8>>>,
}

impl Received<Vec<u8>> {
    /// About how many bytes it takes.
    pub(crate) fn weight(&self) -> usize {
        let headers = self.headers.iter().map(|(name, value)| name.as_str().len() + value.len());
        size_of::<Self>() + self.message.len() + headers.sum::<usize>()
    }

    fn decoded<M: Message + Default>(&self) -> Result<Received<M>, Error> {
        Ok(Received {
            message: M::decode(self.message.as_slice())?,
            moment: self.moment,
            protocol: self.protocol,
            headers: self.headers.clone(),
        })
    }
}

impl Encoded {
    pub(crate) fn decoded(&self) -> Result<Everything, Error> {
        Ok(Everything {
            logs: self.logs.iter().map(Received::decoded).collect::<Result<_, _>>()?,
            traces: self.traces.iter().map(Received::decoded).collect::<Result<_, _>>()?,
            metrics: self.metrics.iter().map(Received::decoded).collect::<Result<_, _>>()?,
        })
    }
}

impl Everything {
    /// The log records of all requests.
    pub fn all_log_records(&self) -> impl Iterator<Item = &LogRecord> {
        let resources = self.logs.iter().flat_map(|received| &received.message.resource_logs);
        resources.flat_map(|resource| &resource.scope_logs).flat_map(|scope| &scope.log_records)
    }

    /// The spans of all requests.
    pub fn all_spans(&self) -> impl Iterator<Item = &Span> {
        let resources = self.traces.iter().flat_map(|received| &received.message.resource_spans);
        resources.flat_map(|resource| &resource.scope_spans).flat_map(|scope| &scope.spans)
    }

    /// The metrics of all requests.
    pub fn all_metrics(&self) -> impl Iterator<Item = &Metric> {
        let resources = self.metrics.iter().flat_map(|received| &received.message.resource_metrics);
        resources.flat_map(|resource| &resource.scope_metrics).flat_map(|scope| &scope.metrics)
    }
}
