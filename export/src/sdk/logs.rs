//! Log records, handed to an exporter of the SDK.

use std::time::Duration;

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::{LogBatch, LogExporter};

use super::block_on::block_on;
use super::{answer, handed_over_before};
use crate::delivery::answer::Answer;
use crate::records::processors::LogItem;
use crate::records::worker::Sink;

/// Hands log records to an exporter.
pub(crate) struct Logs<E> {
    exporter: E,
    batch: Option<Vec<LogItem>>,
}

impl<E: LogExporter> Logs<E> {
    pub(crate) fn new(mut exporter: E, resource: &Resource) -> Logs<E> {
        exporter.set_resource(resource);
        Logs { exporter, batch: None }
    }
}

impl<E: LogExporter> Sink<LogItem> for Logs<E> {
    fn prepare(&mut self, batch: Vec<LogItem>) {
        self.batch = Some(batch);
    }

    fn send(&mut self, within: Duration) -> Answer {
        let Some(batch) = self.batch.take() else { return handed_over_before() };
        let records: Vec<_> = batch.iter().map(|item| (&item.0, &item.1)).collect();
        answer(block_on(self.exporter.export(LogBatch::new(&records)), within))
    }

    fn end(&mut self, within: Duration) {
        _ = self.exporter.shutdown_with_timeout(within);
    }
}
