//! The signals of an event, each with its writers and the records that it is for.

use std::borrow::Cow;

use super::held_to::HeldTo;
use crate::ir::draft::{
    Contract, Event, FieldId, Instrument, Log, Node, Signal, SignalWriter, Span, SpanEvent, Text, When,
};

/// A signal of an event.
#[derive(Clone)]
pub(super) struct Signals<'c> {
    /// The event whose fields its writers name; none for a metric that is observed.
    pub(super) event: Option<&'c Event>,
    pub(super) signal: Signal,
    pub(super) of: Of<'c>,
    /// Its place.
    pub(super) node: Node,
    pub(super) writers: &'c [SignalWriter],
    pub(super) when: Option<&'c When>,
    /// Its name, as messages have it.
    pub(super) name: Cow<'c, str>,
}

/// What the contract declares.
#[derive(Clone, Copy)]
pub(super) enum Of<'c> {
    Metric(&'c Instrument),
    Log(&'c Log),
    Span(&'c Span),
    SpanEvent,
}

impl Signals<'_> {
    /// The name of a field that one of its writers names.
    pub(super) fn field_name(&self, field: FieldId) -> &str {
        self.event.map_or("", |event| &event.field(field).name)
    }

    /// Whether a library or another program records it, so that no line of it is one of slo's.
    pub(super) fn is_external(&self) -> bool {
        self.event.is_some_and(|event| event.external)
    }

    /// The version of the conventions that it is held to.
    pub(super) fn held_to(&self, contract: &Contract) -> HeldTo {
        let scope = match self.of {
            Of::Metric(metric) => Some(metric.scope),
            Of::Log(log) => Some(log.scope),
            Of::Span(span) => span.scope,
            Of::SpanEvent => self.event.and_then(|event| event.scope),
        };
        HeldTo::of(contract, scope, is_external(contract, self.event))
    }

    /// What a finding about it is about: its name, where it has one of its own, and its event's.
    pub(super) fn about(&self) -> Vec<String> {
        let name = match self.of {
            Of::Span(_) => self.signal.name(),
            Of::Metric(_) | Of::Log(_) | Of::SpanEvent => &self.name,
        };
        // A metric is one thing, whichever events count in it.
        let event = self.event.filter(|_| self.signal != Signal::Metric);
        std::iter::once(name.to_owned()).chain(event.map(Event::full_name)).collect()
    }

    /// What it is called, as messages have it.
    pub(super) const fn word(&self) -> &'static str {
        match self.of {
            Of::SpanEvent => "span event",
            Of::Metric(_) | Of::Log(_) | Of::Span(_) => self.signal.name(),
        }
    }
}

/// Whether another program records a metric: its event says so, and where it has none, all events of the contract do.
pub(super) fn is_external(contract: &Contract, event: Option<&Event>) -> bool {
    match event {
        Some(event) => event.external,
        None => !contract.events.is_empty() && contract.events.iter().all(|event| event.external),
    }
}

/// The metrics, the logs, the span and the events on a span of an event.
pub(super) fn signals(event: &Event) -> Vec<Signals<'_>> {
    let metrics = event.metrics.iter().map(|metric| of_instrument(Some(event), metric));
    let logs = event.logs.iter().map(|log| Signals {
        event: Some(event),
        signal: Signal::Log,
        of: Of::Log(log),
        node: log.node,
        writers: &log.writers,
        when: log.when.as_ref(),
        name: Cow::Borrowed(log.name.as_deref().unwrap_or("_")),
    });
    let span = event.span.iter().map(|span| Signals {
        event: Some(event),
        signal: Signal::Span,
        of: Of::Span(span),
        node: span.node,
        writers: &span.writers,
        when: span.when.as_ref(),
        name: Cow::Borrowed(&event.name),
    });
    let span_events = event.span_events.iter().map(|one: &SpanEvent| Signals {
        event: Some(event),
        signal: Signal::Span,
        of: Of::SpanEvent,
        node: one.node,
        writers: &one.writers,
        when: one.when.as_ref(),
        name: Cow::Owned(one.name.written(|id| &event.field(id).name)),
    });
    metrics.chain(logs).chain(span).chain(span_events).collect()
}

/// A metric as a signal.
pub(super) fn of_instrument<'c>(event: Option<&'c Event>, instrument: &'c Instrument) -> Signals<'c> {
    Signals {
        event,
        signal: Signal::Metric,
        of: Of::Metric(instrument),
        node: instrument.node,
        writers: &instrument.writers,
        when: instrument.when.as_ref(),
        name: Cow::Borrowed(&instrument.name),
    }
}

/// A text that backends group by: the name of a span, or of an event on one.
#[derive(Clone)]
pub(super) struct Name<'c> {
    pub(super) text: &'c Text,
    pub(super) node: Node,
    pub(super) when: Option<&'c When>,
    /// What it is the name of, as messages have it: `a span`.
    pub(super) of: &'static str,
    /// What it is the name of, as what a finding is about has it: `span`.
    pub(super) whose: &'static str,
}

/// The names of an event's span and of the events on a span.
pub(super) fn names(event: &Event) -> impl Iterator<Item = Name<'_>> {
    let span = event.span.iter().filter_map(|span| {
        let (of, whose) = ("a span", "span");
        Some(Name { text: span.name.as_ref()?, node: span.node, when: span.when.as_ref(), of, whose })
    });
    let span_events = event.span_events.iter().map(|one| {
        let (of, whose) = ("an event on a span", "span event");
        Name { text: &one.name, node: one.node, when: one.when.as_ref(), of, whose }
    });
    span.chain(span_events)
}
