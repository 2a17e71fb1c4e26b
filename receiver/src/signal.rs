//! What is received, and over what.

use std::fmt;

/// A signal of OTLP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Signal {
    /// Log records.
    Logs,
    /// Spans.
    Traces,
    /// Points of metrics.
    Metrics,
}

impl Signal {
    /// All three.
    pub const ALL: [Signal; 3] = [Signal::Logs, Signal::Traces, Signal::Metrics];

    /// The signal that is posted to this path (OTLP specification, "OTLP/HTTP Request").
    pub(crate) fn of_http_path(path: &str) -> Option<Signal> {
        match path {
            "/v1/logs" => Some(Signal::Logs),
            "/v1/traces" => Some(Signal::Traces),
            "/v1/metrics" => Some(Signal::Metrics),
            _ => None,
        }
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Signal::Logs => "logs",
            Signal::Traces => "traces",
            Signal::Metrics => "metrics",
        })
    }
}

/// One of something for each signal.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PerSignal<T> {
    logs: T,
    traces: T,
    metrics: T,
}

impl<T> PerSignal<T> {
    pub(crate) const fn of(&self, signal: Signal) -> &T {
        match signal {
            Signal::Logs => &self.logs,
            Signal::Traces => &self.traces,
            Signal::Metrics => &self.metrics,
        }
    }

    pub(crate) const fn of_mut(&mut self, signal: Signal) -> &mut T {
        match signal {
            Signal::Logs => &mut self.logs,
            Signal::Traces => &mut self.traces,
            Signal::Metrics => &mut self.metrics,
        }
    }
}

/// How a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// OTLP/gRPC.
    Grpc,
    /// OTLP/HTTP, as binary protobuf.
    Http,
}
