//! Identifiers that are counted.

use std::sync::atomic::{AtomicU64, Ordering};

use opentelemetry::trace::{SpanId, TraceId};
use opentelemetry_sdk::trace::IdGenerator;

/// An id generator for tests, which counts trace ids and span ids from 1.
#[derive(Debug, Default)]
pub struct SequentialIds {
    traces: AtomicU64,
    spans: AtomicU64,
}

impl IdGenerator for SequentialIds {
    fn new_trace_id(&self) -> TraceId {
        TraceId::from(u128::from(self.traces.fetch_add(1, Ordering::Relaxed) + 1))
    }

    fn new_span_id(&self) -> SpanId {
        SpanId::from(self.spans.fetch_add(1, Ordering::Relaxed) + 1)
    }
}
