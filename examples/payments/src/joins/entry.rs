//! A request's own records: the span that the service opened for it, and the log records that were written in that span.

use std::collections::HashMap;

use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::trace::v1::Span;

use super::Evidence;
use crate::received::Arrived;
use crate::sent_request::SentRequest;

/// The records of each request.
#[derive(Debug, Default)]
pub(super) struct Entries<'e> {
    /// By the trace and the caller's span.
    spans: InSpan<'e, Span>,
    /// By the trace and the span that they were written in.
    logs: InSpan<'e, LogRecord>,
}

/// Records by the trace and a span of it.
type InSpan<'e, T> = HashMap<(&'e [u8], &'e [u8]), Vec<&'e Arrived<T>>>;

/// A request's span and a log record that was written in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'e> {
    pub(super) span: &'e Arrived<Span>,
    pub(super) log: &'e Arrived<LogRecord>,
}

impl Entry<'_> {
    /// When both had come.
    pub(super) fn at(&self) -> std::time::Duration {
        self.span.at.max(self.log.at)
    }
}

impl<'e> Entries<'e> {
    pub(super) fn of(evidence: &'e Evidence) -> Entries<'e> {
        let mut entries = Entries::default();
        for span in &evidence.received.spans {
            let key = (span.record.trace_id.as_slice(), span.record.parent_span_id.as_slice());
            entries.spans.entry(key).or_default().push(span);
        }
        for log in &evidence.received.logs {
            let key = (log.record.trace_id.as_slice(), log.record.span_id.as_slice());
            entries.logs.entry(key).or_default().push(log);
        }
        entries
    }

    /// The spans that the service opened for the request: one, where all is well.
    pub(super) fn spans<'s>(&'s self, request: &'s SentRequest) -> &'s [&'e Arrived<Span>] {
        let key = (request.trace_id.as_slice(), request.span_id.as_slice());
        self.spans.get(&key).map(Vec::as_slice).unwrap_or_default()
    }

    /// The request's span and its log record, where there is one of each.
    pub(super) fn get(&self, request: &SentRequest) -> Option<Entry<'e>> {
        let [span] = self.spans(request) else { return None };
        let key = (request.trace_id.as_slice(), span.record.span_id.as_slice());
        match self.logs.get(&key).map(Vec::as_slice) {
            Some([log]) => Some(Entry { span, log }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use super::*;

    #[test]
    fn a_request_has_its_span_and_the_record_in_it() {
        let mut scene = Scene::new();
        let [whole, silent, twice] = [200, 200, 200].map(|status| scene.request(status));
        scene.span(whole, 20, |_| {});
        scene.log(whole, 30, |_| {});
        scene.span(silent, 20, |_| {});
        // Written by a task that knows the trace, in a span of its own.
        scene.log(silent, 30, |log| log.span_id = vec![9; 8]);
        scene.span(twice, 20, |_| {});
        scene.span(twice, 20, |span| span.span_id = vec![9; 8]);
        scene.log(twice, 30, |_| {});
        let evidence = scene.evidence();
        let entries = Entries::of(&evidence);
        let [whole, silent, twice] = [whole, silent, twice].map(|number| &evidence.requests[number]);
        assert_eq!(entries.get(whole).unwrap().at(), std::time::Duration::from_millis(30));
        assert!(entries.get(silent).is_none());
        assert!(entries.get(twice).is_none());
        assert_eq!(entries.spans(twice).len(), 2);
    }
}
