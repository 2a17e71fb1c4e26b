//! Spans, handed to an exporter of the SDK.

use std::time::Duration;

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

use super::block_on::block_on;
use super::{answer, handed_over_before};
use crate::delivery::answer::Answer;
use crate::records::worker::Sink;

/// Hands spans to an exporter.
pub(crate) struct Spans<E> {
    exporter: E,
    batch: Option<Vec<SpanData>>,
}

impl<E: SpanExporter> Spans<E> {
    pub(crate) fn new(mut exporter: E, resource: &Resource) -> Spans<E> {
        exporter.set_resource(resource);
        Spans { exporter, batch: None }
    }
}

impl<E: SpanExporter> Sink<SpanData> for Spans<E> {
    fn prepare(&mut self, batch: Vec<SpanData>) {
        self.batch = Some(batch);
    }

    fn send(&mut self, within: Duration) -> Answer {
        let Some(batch) = self.batch.take() else { return handed_over_before() };
        answer(block_on(self.exporter.export(batch), within))
    }

    fn end(&mut self, within: Duration) {
        _ = self.exporter.shutdown_with_timeout(within);
    }
}
