//! What hands batches to the senders.

use std::collections::VecDeque;
use std::time::Duration;

use opentelemetry_sdk::trace::SpanData;

use super::checked::Settings;
use super::request::{Request, SentResource};
use super::sender::Sender;
use super::size;
use crate::delivery::answer::Answer;
use crate::metrics::collector::Collection;
use crate::metrics::worker::MetricsSink;
use crate::records::processors::LogItem;
use crate::records::worker::Sink;

/// What hands batches of a signal to its sender.
pub(crate) struct OtlpSink {
    sender: Sender,
    settings: Settings,
    resource: SentResource,
    /// What is still to be sent.
    requests: VecDeque<Request>,
    /// How many records of the requests before were rejected, and what was said of it; none where nothing was taken yet.
    taken: Option<(u64, String)>,
}

impl OtlpSink {
    pub(crate) fn new(
        sender: Sender,
        settings: &Settings,
        resource: &opentelemetry_sdk::Resource,
    ) -> OtlpSink {
        let settings = settings.clone();
        OtlpSink { sender, settings, resource: resource.into(), requests: VecDeque::new(), taken: None }
    }

    fn prepare(&mut self, requests: impl IntoIterator<Item = Request>) {
        // Receivers have no use for empty ones (OTLP specification, "Empty Telemetry Envelopes").
        self.requests = requests.into_iter().filter(|request| request.records() > 0).collect();
        self.taken = None;
    }

    /// Sends what is still to be sent: where it is tried again, what was taken is not sent twice.
    fn send(&mut self, within: Duration) -> Answer {
        let until = std::time::Instant::now() + within;
        while let Some(request) = self.requests.front() {
            let left = until.saturating_duration_since(std::time::Instant::now());
            let answer = self.sender.send(request, left);
            let Answer::Taken { rejected, why } = answer else { return self.broken_off(answer) };
            self.requests.pop_front();
            let (all, words) = self.taken.get_or_insert_default();
            *all += rejected;
            if !why.is_empty() {
                *words = why;
            }
        }
        let (rejected, why) = self.taken.take().unwrap_or_default();
        Answer::Taken { rejected, why }
    }

    /// A part was not taken. Where others were before it, the receiver has something of the whole.
    fn broken_off(&self, answer: Answer) -> Answer {
        match answer {
            Answer::Refused { why, retry } if self.taken.is_some() => Answer::Unanswered { why, retry },
            other => other,
        }
    }

    /// How many bytes of protobuf a request may have.
    fn most(&self) -> usize {
        self.settings.request_bytes / self.settings.encoding().growth()
    }
}

impl Sink<LogItem> for OtlpSink {
    fn prepare(&mut self, batch: Vec<LogItem>) {
        let request = Request::logs(&batch, &self.resource, self.settings.encoding());
        OtlpSink::prepare(self, [request]);
    }

    fn send(&mut self, within: Duration) -> Answer {
        OtlpSink::send(self, within)
    }

    fn split(&self, batch: Vec<LogItem>) -> Vec<Vec<LogItem>> {
        size::split(batch, self.most(), size::log)
    }
}

impl Sink<SpanData> for OtlpSink {
    fn prepare(&mut self, batch: Vec<SpanData>) {
        let request = Request::traces(batch, &self.resource, self.settings.encoding());
        OtlpSink::prepare(self, [request]);
    }

    fn send(&mut self, within: Duration) -> Answer {
        OtlpSink::send(self, within)
    }

    fn split(&self, batch: Vec<SpanData>) -> Vec<Vec<SpanData>> {
        size::split(batch, self.most(), size::span)
    }
}

impl MetricsSink for OtlpSink {
    fn prepare(&mut self, collection: Collection, only_scope: Option<&str>) {
        let Settings { request_bytes, .. } = self.settings;
        let encoding = self.settings.encoding();
        let Collection { metrics, exemplars, .. } = collection;
        let requests = Request::metrics(&metrics, &exemplars, only_scope, encoding, request_bytes);
        OtlpSink::prepare(self, requests);
    }

    fn send(&mut self, within: Duration) -> Answer {
        OtlpSink::send(self, within)
    }
}
