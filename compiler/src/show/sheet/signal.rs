//! Signals, and the conditions under which they are written.

use std::fmt;

use serde::Serialize;
use slo_grammar::quote;

use crate::ir::{
    Contract, Event, Field, FieldId, FieldValue, Instrument, Literal, Log, Node, Passes, Signal,
    SignalWriter, Span, SpanEvent, Test, Text, When,
};

use super::Constant;

/// A signal of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignalName {
    /// `metric`, `log`, `span` or `span event`.
    pub signal: &'static str,
    /// The metric's name, the log's event name or `_`, the span's name as the contract writes it, the name of the event on a span.
    /// None for the span that is running.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What a processor sets on every span.
pub(in crate::show) const SPAN_EVERY: &str = "span every";

impl SignalName {
    pub(in crate::show) fn metric(name: &str) -> SignalName {
        SignalName { signal: Signal::Metric.name(), name: Some(name.to_owned()) }
    }

    pub(in crate::show) fn log(log: &Log) -> SignalName {
        SignalName {
            signal: Signal::Log.name(),
            name: Some(log.name.clone().unwrap_or_else(|| "_".to_owned())),
        }
    }

    pub(in crate::show) fn span_event(event: &Event, one: &SpanEvent) -> SignalName {
        let name = one.name.written(|id| &event.field(id).name);
        SignalName { signal: "span event", name: Some(name) }
    }

    pub(in crate::show) fn span(event: &Event, span: &Span) -> SignalName {
        let name = span.name.as_ref().map(|name| name.written(|id| &event.field(id).name));
        let signal = if span.every { SPAN_EVERY } else { Signal::Span.name() };
        SignalName { signal, name }
    }
}

impl fmt::Display for SignalName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            None if self.signal == SPAN_EVERY => formatter.write_str(SPAN_EVERY),
            None => write!(formatter, "{} current", self.signal),
            Some(name) if self.signal.starts_with(Signal::Span.name()) => {
                write!(formatter, "{} {}", self.signal, quote(name))
            }
            Some(name) => write!(formatter, "{} {name}", self.signal),
        }
    }
}

/// A signal of an event with its writers, and the fields that it reads otherwise.
pub(in crate::show) struct EventSignal<'c> {
    /// Where it is declared.
    pub(in crate::show) node: Node,
    /// What it is called.
    pub(in crate::show) name: SignalName,
    /// Which of the three it is.
    pub(in crate::show) signal: Signal,
    /// What writes keys into it.
    pub(in crate::show) writers: &'c [SignalWriter],
    /// A field, and what the signal makes of it beside an attribute.
    pub(in crate::show) roles: Vec<(FieldId, &'static str)>,
}

impl<'c> EventSignal<'c> {
    /// The metrics of an event, those that run while it does, its log, its span, what it writes onto a span.
    pub(in crate::show) fn all(contract: &'c Contract, event: &'c Event) -> Vec<EventSignal<'c>> {
        let mut signals: Vec<EventSignal<'c>> =
            event.metrics.iter().chain(contract.running(event)).map(EventSignal::metric).collect();
        for log in &event.logs {
            let roles = log.body.iter().flat_map(Text::values).map(|field| (field, "body")).collect();
            let (name, writers) = (SignalName::log(log), &log.writers);
            signals.push(EventSignal { node: log.node, name, signal: Signal::Log, writers, roles });
        }
        if let Some(span) = &event.span {
            let named = span.name.iter().flat_map(Text::values).map(|field| (field, "name"));
            let linked = span.links.iter().map(|field| (*field, "links"));
            let (name, writers, roles) =
                (SignalName::span(event, span), &span.writers, named.chain(linked).collect());
            signals.push(EventSignal { node: span.node, name, signal: Signal::Span, writers, roles });
        }
        signals.extend(event.span_events.iter().map(|one| EventSignal {
            node: one.node,
            name: SignalName::span_event(event, one),
            signal: Signal::Span,
            writers: &one.writers,
            roles: one.name.values().map(|field| (field, "name")).collect(),
        }));
        signals
    }

    /// A metric, whoever records it.
    pub(in crate::show) fn metric(metric: &'c Instrument) -> EventSignal<'c> {
        let roles = metric.value.iter().map(|field| (*field, "value")).collect();
        let (name, writers) = (SignalName::metric(&metric.name), &metric.writers);
        EventSignal { node: metric.node, name, signal: Signal::Metric, writers, roles }
    }
}

/// Which records a signal is for: those that pass all tests.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Condition {
    /// As the language writes it.
    pub text: String,
    /// The tests.
    pub tests: Vec<TestSheet>,
}

/// A test of a field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TestSheet {
    /// The field.
    pub field: String,
    /// `in`, `not_in` or `present`.
    pub passes: &'static str,
    /// The values: variants by their names, members by what is on the wire.
    pub values: Vec<Constant>,
}

impl Condition {
    pub(in crate::show) fn of(when: &When, event: &Event) -> Condition {
        let texts: Vec<String> = when.tests.iter().map(|test| text(test, event)).collect();
        let tests = when.tests.iter().map(|test| {
            let (passes, values) = match &test.passes {
                Passes::In(values) => ("in", values.as_slice()),
                Passes::NotIn(values) => ("not_in", values.as_slice()),
                Passes::Present => ("present", [].as_slice()),
            };
            TestSheet {
                field: event.field(test.field).name.clone(),
                passes,
                values: values.iter().map(Constant::from).collect(),
            }
        });
        Condition { text: texts.join(" and "), tests: tests.collect() }
    }
}

fn text(test: &Test, event: &Event) -> String {
    let Field { name, value, .. } = event.field(test.field);
    let is_meaning = matches!(**value, FieldValue::Meaning { .. });
    let value = |value: &Literal| match value {
        Literal::String(variant) if is_meaning => variant.clone(),
        other => Constant::from(other).to_string(),
    };
    let values = |values: &[Literal]| values.iter().map(value).collect::<Vec<_>>().join(", ");
    match &test.passes {
        Passes::In(one) if one.len() == 1 => format!("{name} == {}", values(one)),
        Passes::In(several) => format!("{name} in [{}]", values(several)),
        Passes::NotIn(several) => format!("{name} not in [{}]", values(several)),
        Passes::Present => format!("{name} present"),
    }
}
