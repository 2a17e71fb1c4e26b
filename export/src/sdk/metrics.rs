//! Metrics, handed to an exporter of the SDK.

use std::time::Duration;

use opentelemetry_sdk::metrics::exporter::PushMetricExporter;

use super::block_on::block_on;
use super::{answer, handed_over_before};
use crate::delivery::answer::Answer;
use crate::metrics::collector::Collection;
use crate::metrics::worker::MetricsSink;

/// Hands metrics to an exporter, without exemplars: the SDK's data has no room for them (0.33).
pub(crate) struct Metrics<E> {
    exporter: E,
    collection: Option<Collection>,
}

impl<E: PushMetricExporter> Metrics<E> {
    pub(crate) fn new(exporter: E) -> Metrics<E> {
        Metrics { exporter, collection: None }
    }
}

impl<E: PushMetricExporter> MetricsSink for Metrics<E> {
    /// A collection of the SDK's can't be made smaller: what isn't asked for is exported again, and says the same.
    fn prepare(&mut self, collection: Collection, _only_scope: Option<&str>) {
        self.collection = Some(collection);
    }

    fn send(&mut self, within: Duration) -> Answer {
        let Some(collection) = self.collection.take() else { return handed_over_before() };
        answer(block_on(self.exporter.export(&collection.metrics), within))
    }

    fn end(&mut self, within: Duration) {
        _ = self.exporter.shutdown_with_timeout(within);
    }
}
