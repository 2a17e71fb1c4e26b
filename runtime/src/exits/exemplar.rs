//! Measurements that were made under a sampled span.

use std::time::SystemTime;

use opentelemetry::trace::{SpanId, TraceId};
use opentelemetry::{InstrumentationScope, KeyValue};

/// A measurement that was made under a sampled span (metrics SDK specification, "Exemplar").
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Exemplar {
    /// What was measured; 1 where a counter counts by one.
    pub(crate) value: f64,
    /// When.
    pub(crate) time: SystemTime,
    pub(crate) trace_id: TraceId,
    pub(crate) span_id: SpanId,
}

/// Finds the exemplars of a metric's points.
pub(crate) trait FindExemplars {
    /// Those of the point with these attributes, sorted by key: for a histogram at most one a bucket, for a counter at
    /// most one.
    fn of(
        &self,
        scope: &InstrumentationScope,
        metric: &str,
        attributes: &[&KeyValue],
    ) -> Vec<Exemplar>;
}
