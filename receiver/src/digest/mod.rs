//! What is kept of requests by default: enough to count what came, and how often.

mod metrics;
mod records;
mod text;

use std::collections::HashMap;

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::resource::v1::Resource;
use prost::Message;

pub use metrics::{Exemplar, Kind, Metrics, Reading, Series};
pub use records::{Context, Id, Records, Seen};

use crate::Moment;
use records::Record;

/// What is kept of requests by default: enough to count what came, and how often.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Digest {
    /// The log records.
    pub logs: Records,
    /// The spans.
    pub traces: Records,
    /// The last points of metrics.
    pub metrics: Metrics,
    resources: Resources,
}

impl Digest {
    pub(crate) fn new(id: Option<String>, contexts: bool) -> Digest {
        Digest {
            logs: Records::new(id.clone(), contexts),
            traces: Records::new(id, contexts),
            ..Digest::default()
        }
    }

    /// The resources that were received, each once, in the order in which they came.
    #[must_use]
    pub fn resources(&self) -> &[Resource] {
        &self.resources.all
    }

    pub(crate) fn add_logs(&mut self, request: ExportLogsServiceRequest, moment: Moment) -> usize {
        let mut bytes = 0;
        for logs in request.resource_logs {
            bytes += self.resources.add(logs.resource).1;
            let records = logs.scope_logs.into_iter().flat_map(|scope| scope.log_records);
            bytes += self.logs.add(records.map(Record::from), moment);
        }
        bytes
    }

    pub(crate) fn add_traces(&mut self, request: ExportTraceServiceRequest, moment: Moment) -> usize {
        let mut bytes = 0;
        for spans in request.resource_spans {
            bytes += self.resources.add(spans.resource).1;
            let records = spans.scope_spans.into_iter().flat_map(|scope| scope.spans);
            bytes += self.traces.add(records.map(Record::from), moment);
        }
        bytes
    }

    pub(crate) fn add_metrics(&mut self, request: ExportMetricsServiceRequest, moment: Moment) -> usize {
        let mut bytes = 0;
        for metrics in request.resource_metrics {
            let (resource, own) = self.resources.add(metrics.resource);
            bytes += own;
            for scope in metrics.scope_metrics {
                bytes += self.metrics.add(resource, scope, moment);
            }
        }
        bytes
    }
}

/// Resources, each once.
#[derive(Clone, Debug, Default)]
struct Resources {
    all: Vec<Resource>,
    /// Where each stands, by how it is encoded.
    index: HashMap<Vec<u8>, usize>,
}

impl Resources {
    /// Where a resource stands, and about how many bytes were needed for it.
    fn add(&mut self, resource: Option<Resource>) -> (usize, usize) {
        let resource = resource.unwrap_or_default();
        let encoded = resource.encode_to_vec();
        if let Some(index) = self.index.get(&encoded) {
            return (*index, 0);
        }
        let (index, bytes) = (self.all.len(), 2 * encoded.len() + size_of::<Resource>());
        self.index.insert(encoded, index);
        self.all.push(resource);
        (index, bytes)
    }
}
