//! Requests of OTLP.
//!
//! Protobuf is read by prost. What prost refuses is looked at again, and only the records that are wrong are left out; JSON is
//! written as protobuf first.

mod json;
mod schema;
mod to_json;
mod wire;

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::logs::v1::ResourceLogs;
use opentelemetry_proto::tonic::metrics::v1::ResourceMetrics;
use opentelemetry_proto::tonic::trace::v1::ResourceSpans;
use prost::Message;

use super::Receive;
use super::limits::{LARGEST_DECODED, LARGEST_REQUEST};
use super::refusal::{Problem, Wrong};
use wire::Cleaner;

/// A signal of OTLP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Signal {
    /// Spans.
    Traces,
    /// Log records.
    Logs,
    /// Points of metrics.
    Metrics,
}

impl Signal {
    /// All three.
    pub const ALL: [Signal; 3] = [Signal::Traces, Signal::Logs, Signal::Metrics];

    fn schema(self) -> &'static schema::Message {
        match self {
            Signal::Traces => &schema::TRACES,
            Signal::Logs => &schema::LOGS,
            Signal::Metrics => &schema::METRICS,
        }
    }

    fn prost(self, bytes: &[u8]) -> Result<Request, prost::DecodeError> {
        Ok(match self {
            Signal::Traces => Request::Traces(ExportTraceServiceRequest::decode(bytes)?.resource_spans),
            Signal::Logs => Request::Logs(ExportLogsServiceRequest::decode(bytes)?.resource_logs),
            Signal::Metrics => Request::Metrics(ExportMetricsServiceRequest::decode(bytes)?.resource_metrics),
        })
    }
}

/// What a request brings.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Spans.
    Traces(Vec<ResourceSpans>),
    /// Log records.
    Logs(Vec<ResourceLogs>),
    /// Points of metrics.
    Metrics(Vec<ResourceMetrics>),
}

impl Request {
    /// Hands it over.
    pub fn give(self, to: &mut dyn Receive) {
        match self {
            Request::Traces(spans) => to.traces(spans),
            Request::Logs(logs) => to.logs(logs),
            Request::Metrics(metrics) => to.metrics(metrics),
        }
    }

    /// Which signal it is.
    #[must_use]
    pub const fn signal(&self) -> Signal {
        match self {
            Request::Traces(_) => Signal::Traces,
            Request::Logs(_) => Signal::Logs,
            Request::Metrics(_) => Signal::Metrics,
        }
    }
}

/// Reads a request. What is wrong with a record is said, and the record left out; the error is that nothing of it can be read.
pub(super) fn protobuf(
    signal: Signal,
    bytes: &[u8],
    refused: &mut dyn FnMut(Problem),
) -> Result<Request, Problem> {
    if bytes.len() > LARGEST_REQUEST {
        return Err(Problem::new(Wrong::TooLarge, format!("{} bytes", bytes.len())));
    }
    decode(signal, bytes, refused)
}

/// Without the limit on its size, which JSON has on its own.
pub(super) fn decode(
    signal: Signal,
    bytes: &[u8],
    refused: &mut dyn FnMut(Problem),
) -> Result<Request, Problem> {
    // The smallest message has two bytes on the wire, the largest some four hundred in memory. What can't be too much by that, or by
    // a first look, isn't looked at closer.
    let most = u64::try_from(LARGEST_DECODED).unwrap_or(u64::MAX);
    if bytes.len() > LARGEST_DECODED / 256 && wire::most_memory(bytes, signal.schema()) > most {
        let memory = memory(signal, bytes);
        if memory > most {
            let detail = format!("{} bytes would take about {memory} in memory", bytes.len());
            return Err(Problem::new(Wrong::TooManyParts, detail));
        }
    }
    signal.prost(bytes).or_else(|error| {
        let clean = Cleaner::clean(bytes, signal.schema(), refused)?;
        signal.prost(&clean).map_err(|_| Problem::new(Wrong::Malformed, error.to_string()))
    })
}

/// The memory that a request's messages take, about.
pub(super) fn memory(signal: Signal, bytes: &[u8]) -> u64 {
    wire::memory(bytes, signal.schema())
}

/// Reads the requests of a JSON text; most have one signal.
pub(super) fn json(text: &[u8], refused: &mut dyn FnMut(Problem)) -> Result<Vec<Request>, Problem> {
    let written = written(text, refused)?;
    let mut requests = Vec::with_capacity(1);
    for (signal, bytes) in written {
        match decode(signal, &bytes, refused) {
            Ok(request) => requests.push(request),
            Err(problem) => refused(problem),
        }
    }
    Ok(requests)
}

/// The requests of a JSON text as protobuf.
pub(super) fn written(
    text: &[u8],
    refused: &mut dyn FnMut(Problem),
) -> Result<impl Iterator<Item = (Signal, Vec<u8>)> + use<>, Problem> {
    if text.len() > LARGEST_REQUEST {
        return Err(Problem::new(Wrong::TooLarge, format!("{} bytes", text.len())));
    }
    let written = json::write(text, refused)?;
    let requests =
        [(Signal::Traces, written.traces), (Signal::Logs, written.logs), (Signal::Metrics, written.metrics)];
    Ok(requests.into_iter().filter_map(|(signal, bytes)| Some((signal, bytes?))))
}

/// Writes a request as the members of an object of OTLP/JSON. It fails where they could not be read back.
pub(super) fn to_json(signal: Signal, bytes: &[u8], text: &mut Vec<u8>) -> Result<(), Problem> {
    to_json::members(bytes, signal.schema(), text)
}

/// The signal of requests that come one after the other.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Expected(Option<Signal>);

impl Expected {
    /// The signal that protobuf is of, where the bytes say it: a span's first field is no log record's, and a metric has no kind. Of
    /// several that they can be of, as an empty request can, it is that of the request before.
    pub(super) fn signal(&mut self, bytes: &[u8]) -> Option<Signal> {
        // A file has one signal, mostly: a few records show that it goes on.
        if let Some(signal) = self.0
            && wire::unknown(bytes, signal.schema(), 128) == Some(0)
        {
            return self.0;
        }
        let unknown = |signal: Signal| {
            Some((wire::unknown(bytes, signal.schema(), 4_096)?, self.0 != Some(signal), signal))
        };
        let signal = Signal::ALL.into_iter().filter_map(unknown).min().map(|(.., signal)| signal);
        self.0 = signal.or(self.0);
        signal
    }
}

/// Whether a file that begins so can be a request, of any signal. It may go on.
pub(super) fn begins(bytes: &[u8], goes_on: bool) -> bool {
    Signal::ALL.into_iter().any(|signal| wire::begins(bytes, signal.schema(), goes_on))
}

/// Whether a JSON text is of requests: what is no log line.
pub(super) fn is_json(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let members = [
        "resourceSpans",
        "resourceLogs",
        "resourceMetrics",
        "resource_spans",
        "resource_logs",
        "resource_metrics",
    ];
    let Some(first) =
        text.strip_prefix(b"{").map(<[u8]>::trim_ascii_start).and_then(|text| text.strip_prefix(b"\""))
    else {
        return false;
    };
    let is_first =
        |member: &&str| first.strip_prefix(member.as_bytes()).is_some_and(|rest| rest.first() == Some(&b'"'));
    // A request has no other member, unless somebody added one.
    members.iter().any(is_first) || json::has_member(text, &members)
}
