//! What hands batches to the senders.

use std::time::Duration;

use opentelemetry_sdk::trace::SpanData;

use super::request::{Request, SentResource};
use super::sender::Sender;
use crate::exits::answer::Answer;
use crate::exits::metrics::{Collection, MetricsSink};
use crate::exits::processors::LogItem;
use crate::exits::worker::Sink;

/// What hands batches of a signal to its sender.
pub(crate) struct OtlpSink {
    sender: Sender,
    resource: SentResource,
    /// What is to be sent; none where a collection is empty.
    request: Option<Request>,
}

impl OtlpSink {
    pub(crate) fn new(sender: Sender, resource: &opentelemetry_sdk::Resource) -> OtlpSink {
        OtlpSink { sender, resource: resource.into(), request: None }
    }

    fn send(&mut self, within: Duration) -> Answer {
        match &self.request {
            Some(request) if request.records() > 0 => self.sender.send(request, within),
            // Receivers have no use for it (OTLP specification, "Empty Telemetry Envelopes").
            _ => Answer::Taken { rejected: 0, why: String::new() },
        }
    }
}

impl Sink<LogItem> for OtlpSink {
    fn prepare(&mut self, batch: Vec<LogItem>) {
        self.request = Some(Request::logs(&batch, &self.resource));
    }

    fn send(&mut self, within: Duration) -> Answer {
        OtlpSink::send(self, within)
    }
}

impl Sink<SpanData> for OtlpSink {
    fn prepare(&mut self, batch: Vec<SpanData>) {
        self.request = Some(Request::traces(batch, &self.resource));
    }

    fn send(&mut self, within: Duration) -> Answer {
        OtlpSink::send(self, within)
    }
}

impl MetricsSink for OtlpSink {
    fn prepare(&mut self, collection: &Collection, only_scope: Option<&str>) {
        self.request = Some(Request::metrics(&collection.metrics, &collection.exemplars, only_scope));
    }

    fn send(&mut self, within: Duration) -> Answer {
        OtlpSink::send(self, within)
    }
}
