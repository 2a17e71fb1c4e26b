//! Finding measurements that were made under a sampled span.

use opentelemetry::{InstrumentationScope, KeyValue};

pub(crate) use slo::__export::{Exemplar, KeptExemplars};

/// Finds the exemplars of a metric's points.
pub(crate) trait FindExemplars {
    /// Those of the point with these attributes, sorted by key: for a histogram at most one a bucket, for a counter at
    /// most one.
    fn of(&self, scope: &InstrumentationScope, metric: &str, attributes: &[&KeyValue]) -> Vec<Exemplar>;
}

impl FindExemplars for KeptExemplars {
    fn of(&self, scope: &InstrumentationScope, metric: &str, attributes: &[&KeyValue]) -> Vec<Exemplar> {
        KeptExemplars::of(self, scope, metric, attributes)
    }
}
