//! The signals of an event, each with its writers and the records that it is for.

use crate::ir::draft::{Event, FieldId, Instrument, Node, Signal, SignalWriter, When};

/// A signal of an event.
#[derive(Clone, Copy)]
pub(super) struct Signals<'c> {
    /// The event whose fields its writers name; none for a metric that is observed.
    event: Option<&'c Event>,
    pub(super) signal: Signal,
    /// Its place.
    pub(super) node: Node,
    pub(super) writers: &'c [SignalWriter],
    pub(super) when: Option<&'c When>,
    /// Its name, as messages have it.
    pub(super) name: &'c str,
}

impl Signals<'_> {
    /// The name of a field that one of its writers names.
    pub(super) fn field_name(&self, field: FieldId) -> &str {
        self.event.map_or("", |event| &event.field(field).name)
    }
}

/// The metrics, the log and the span of an event.
pub(super) fn signals(event: &Event) -> Vec<Signals<'_>> {
    let metrics = event.metrics.iter().map(|metric| of_instrument(Some(event), metric));
    let log = event.log.iter().map(|log| Signals {
        event: Some(event),
        signal: Signal::Log,
        node: log.node,
        writers: &log.writers,
        when: log.when.as_ref(),
        name: &log.name,
    });
    let span = event.span.iter().map(|span| Signals {
        event: Some(event),
        signal: Signal::Span,
        node: span.node,
        writers: &span.writers,
        when: span.when.as_ref(),
        name: &event.name,
    });
    metrics.chain(log).chain(span).collect()
}

/// A metric as a signal.
pub(super) fn of_instrument<'c>(event: Option<&'c Event>, instrument: &'c Instrument) -> Signals<'c> {
    Signals {
        event,
        signal: Signal::Metric,
        node: instrument.node,
        writers: &instrument.writers,
        when: instrument.when.as_ref(),
        name: &instrument.name,
    }
}
