//! The three requests of OTLP, alike.

use opentelemetry_proto::tonic::collector::logs::v1::{
    ExportLogsPartialSuccess, ExportLogsServiceRequest, ExportLogsServiceResponse,
};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsPartialSuccess, ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use prost::Message;

use crate::everything::{Encoded, Received};
use crate::{Digest, Moment, Signal};

/// A request of one signal.
pub(crate) trait Export: Message + Default + 'static {
    const SIGNAL: Signal;
    type Response: Message + Default;

    /// The lists that its records stand in, in order.
    fn lists(&mut self) -> Vec<&mut dyn List>;

    /// The answer: whole where nothing is said of a partial success, else with so many records rejected.
    fn response(rejected: Option<u64>) -> Self::Response;

    /// The list that its encoded form is kept in.
    fn kept(encoded: &mut Encoded) -> &mut Vec<Received<Vec<u8>>>;

    /// Adds what is kept of it, and gives about how many bytes that takes.
    fn digest(self, moment: Moment, digest: &mut Digest) -> usize;
}

/// A list of records, whatever they are.
pub(crate) trait List {
    fn count(&self) -> usize;
    fn shorten(&mut self, count: usize);
}

impl<T> List for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn shorten(&mut self, count: usize) {
        self.truncate(count);
    }
}

/// How many records a request has.
pub(crate) fn records<M: Export>(request: &mut M) -> u64 {
    request.lists().iter().map(|list| list.count() as u64).sum()
}

/// Takes the last so many records out of a request, and gives how many they were.
pub(crate) fn drop_last<M: Export>(request: &mut M, count: u64) -> u64 {
    let mut left = count;
    for list in request.lists().into_iter().rev() {
        let dropped = usize::try_from(left).unwrap_or(usize::MAX).min(list.count());
        list.shorten(list.count() - dropped);
        left -= dropped as u64;
    }
    count - left
}

/// What a partial success says.
const REJECTED: &str = "rejected by plan";

fn signed(rejected: u64) -> i64 {
    i64::try_from(rejected).unwrap_or(i64::MAX)
}

impl Export for ExportLogsServiceRequest {
    const SIGNAL: Signal = Signal::Logs;
    type Response = ExportLogsServiceResponse;

    fn lists(&mut self) -> Vec<&mut dyn List> {
        let scopes = self.resource_logs.iter_mut().flat_map(|resource| &mut resource.scope_logs);
        scopes.map(|scope| &mut scope.log_records as &mut dyn List).collect()
    }

    fn response(rejected: Option<u64>) -> ExportLogsServiceResponse {
        let partial_success = rejected.map(|rejected| ExportLogsPartialSuccess {
            rejected_log_records: signed(rejected),
            error_message: REJECTED.to_owned(),
        });
        ExportLogsServiceResponse { partial_success }
    }

    fn kept(encoded: &mut Encoded) -> &mut Vec<Received<Vec<u8>>> {
        &mut encoded.logs
    }

    fn digest(self, moment: Moment, digest: &mut Digest) -> usize {
        digest.add_logs(self, moment)
    }
}

impl Export for ExportTraceServiceRequest {
    const SIGNAL: Signal = Signal::Traces;
    type Response = ExportTraceServiceResponse;

    fn lists(&mut self) -> Vec<&mut dyn List> {
        let scopes = self.resource_spans.iter_mut().flat_map(|resource| &mut resource.scope_spans);
        scopes.map(|scope| &mut scope.spans as &mut dyn List).collect()
    }

    fn response(rejected: Option<u64>) -> ExportTraceServiceResponse {
        let partial_success = rejected.map(|rejected| ExportTracePartialSuccess {
            rejected_spans: signed(rejected),
            error_message: REJECTED.to_owned(),
        });
        ExportTraceServiceResponse { partial_success }
    }

    fn kept(encoded: &mut Encoded) -> &mut Vec<Received<Vec<u8>>> {
        &mut encoded.traces
    }

    fn digest(self, moment: Moment, digest: &mut Digest) -> usize {
        digest.add_traces(self, moment)
    }
}

impl Export for ExportMetricsServiceRequest {
    const SIGNAL: Signal = Signal::Metrics;
    type Response = ExportMetricsServiceResponse;

    fn lists(&mut self) -> Vec<&mut dyn List> {
        let scopes = self.resource_metrics.iter_mut().flat_map(|resource| &mut resource.scope_metrics);
        let data = scopes.flat_map(|scope| &mut scope.metrics).filter_map(|metric| metric.data.as_mut());
        data.map(|data| match data {
            Data::Gauge(gauge) => &mut gauge.data_points as &mut dyn List,
            Data::Sum(sum) => &mut sum.data_points,
            Data::Histogram(histogram) => &mut histogram.data_points,
            Data::ExponentialHistogram(histogram) => &mut histogram.data_points,
            Data::Summary(summary) => &mut summary.data_points,
        })
        .collect()
    }

    fn response(rejected: Option<u64>) -> ExportMetricsServiceResponse {
        let partial_success = rejected.map(|rejected| ExportMetricsPartialSuccess {
            rejected_data_points: signed(rejected),
            error_message: REJECTED.to_owned(),
        });
        ExportMetricsServiceResponse { partial_success }
    }

    fn kept(encoded: &mut Encoded) -> &mut Vec<Received<Vec<u8>>> {
        &mut encoded.metrics
    }

    fn digest(self, moment: Moment, digest: &mut Digest) -> usize {
        digest.add_metrics(self, moment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};

    #[test]
    fn the_last_records_are_dropped_over_the_bounds_of_scopes() {
        let scope = |texts: &[&str]| ScopeLogs {
            log_records: texts
                .iter()
                .map(|text| LogRecord { event_name: (*text).to_owned(), ..LogRecord::default() })
                .collect(),
            ..ScopeLogs::default()
        };
        let resource = |scope_logs| ResourceLogs { scope_logs, ..ResourceLogs::default() };
        let mut request = ExportLogsServiceRequest {
            resource_logs: vec![
                resource(vec![scope(&["a", "b"]), scope(&["c"])]),
                resource(vec![scope(&["d"])]),
            ],
        };
        assert_eq!((records(&mut request), drop_last(&mut request, 3)), (4, 3));
        assert_eq!(request.resource_logs[0].scope_logs[0], scope(&["a"]));
        assert_eq!((records(&mut request), drop_last(&mut request, u64::MAX)), (1, 1));
        assert_eq!(records(&mut request), 0);
    }
}
