//! Two events as generated code would have them: a `Request` that opens a span, and a `Charge` that writes onto whatever
//! span is running.
#![allow(dead_code, clippy::unwrap_used, reason = "each test reads a part of it")]

use opentelemetry::trace::{SpanId, TraceId};
use slo::__private::v8::tables::{
    Contract, Event as Table, Field, FieldKind, Log, Prometheus, Slot, Span, SpanKind, TextPart,
    TranslationStrategy, Writer, WriterValue,
};
use slo::__private::v8::{Container, ContainerKind, Emitters, Key, Range, Values};
use slo::testing::Recorder;
use slo::value::{Literal, Member, ValueType};
use slo::{Event, Moment, Running, Text};

pub(crate) static CONTRACT: Contract<'static> = Contract {
    name: "orders",
    version: "1.0.0",
    streams: &[],
    span_attributes: 2,
    span_links: false,
    span_event_attributes: 0,
    keys: &[
        Key::new("http.route", ValueType::String, "orders.slo:1"),
        Key { range: Some(Range::Int(100, 599)), ..Key::new("http.status", ValueType::Int, "orders.slo:2") },
        ORDER,
        Key { members: Some(METHODS), ..Key::new("payment.method", ValueType::String, "orders.slo:4") },
        Key::new("payment.share", ValueType::Double, "orders.slo:5"),
        Key::new("payment.tags", ValueType::StringArray, "orders.slo:6"),
        Key::new("retried", ValueType::Bool, "orders.slo:7"),
    ],
    prometheus: Prometheus { strategy: TranslationStrategy::UnderscoreEscapingWithSuffixes, promoted: &[] },
};

const METHODS: &[Member<'static>] = &[
    Member { name: "card", wire: Literal::String("card") },
    Member { name: "wallet", wire: Literal::String("wallet") },
];

const ORDER: Key<'static> = Key::new("order.id", ValueType::String, "orders.slo:3");

const SCOPE: Container<'static> = Container {
    name: "shop.OrdersScope",
    kind: ContainerKind::Scope,
    scope_name: "shop.orders",
    schema_url: None,
    closed: false,
    keys: &[],
    flattened: &[],
};

const CHARGE: Table<'static> = Table {
    name: "shop.Charge",
    place: "orders.slo:10",
    scope: &SCOPE,
    fields: &[Field {
        name: "order",
        kind: FieldKind::Plain {
            slot: Slot { key: ORDER, only: None, bounded: None, other: None },
            unset: None,
        },
        at: 0,
        at_begin: true,
    }],
    values: 1,
    elapsed: None,
    drop_invalid: false,
    span_events: &[],
    metrics: &[],
    running: &[],
    logs: &[Log {
        scope: None,
        name: Some("shop.charge"),
        levels: &[],
        severity: None,
        severity_text: None,
        body: &[],
        until: None,
        when: &[],
        attributes: &[Writer { key: "order.id", value: WriterValue::Field(0) }],
    }],
    span: Some(Span {
        scope: None,
        name: None,
        kind: SpanKind::Internal,
        levels: &[],
        links: None,
        when: &[],
        attributes: &[Writer { key: "charged", value: WriterValue::Field(0) }],
    }),
};

const REQUEST: Table<'static> = Table {
    name: "shop.Request",
    logs: &[Log { scope: None, name: Some("shop.request"), ..CHARGE.logs[0] }],
    span: Some(Span {
        scope: None,
        name: Some(&[TextPart::Text("request")]),
        kind: SpanKind::Server,
        levels: &[],
        links: None,
        when: &[],
        attributes: &[Writer { key: "order.id", value: WriterValue::Field(0) }],
    }),
    ..CHARGE
};

/// Money was taken for an order.
#[derive(Clone, Debug)]
pub(crate) struct Charge(pub(crate) Text);

/// Someone asked for an order.
#[derive(Clone, Debug)]
pub(crate) struct Request(pub(crate) Text);

macro_rules! event {
    ($event:ident, $table:ident) => {
        impl Event for $event {
            type When = Moment;
            type Later = ();
            const TABLE: &'static Table<'static> = &$table;

            fn values<'a>(&'a self, values: &mut Values<'_, 'a>) {
                values.value(0, &self.0);
            }

            fn later(&self) -> &() {
                &()
            }

            fn later_mut(&mut self) -> &mut () {
                Box::leak(Box::new(()))
            }

            fn emitters() -> &'static Emitters {
                static EMITTERS: Emitters = Emitters::new();
                &EMITTERS
            }
        }
    };
}

event!(Charge, CHARGE);
event!(Request, REQUEST);

impl Running for Request {}

/// States that money was taken for an order.
pub(crate) fn charge(order: &'static str) {
    Charge(order.into()).record(Moment::Now);
}

/// Begins a request for an order.
pub(crate) fn request(order: &'static str) -> slo::Guard<Request> {
    Request(order.into()).begin()
}

/// States that money was taken for an order when it goes.
pub(crate) struct ChargesWhenItGoes(pub(crate) &'static str);

impl Drop for ChargesWhenItGoes {
    fn drop(&mut self) {
        charge(self.0);
    }
}

/// The identifiers of the current span; zeros where none is running.
pub(crate) fn current() -> (TraceId, SpanId) {
    use opentelemetry::trace::TraceContextExt;
    let context = opentelemetry::Context::current();
    let span = context.span();
    (span.span_context().trace_id(), span.span_context().span_id())
}

/// The identifiers of no span.
pub(crate) const NO_SPAN: (TraceId, SpanId) = (TraceId::INVALID, SpanId::INVALID);

/// Which order money was taken for, and which order the span was for in which it was: none where it was in none.
pub(crate) fn charged_in(recorder: &Recorder) -> Vec<(String, Option<String>)> {
    let spans = recorder.spans();
    let mut charged: Vec<_> = recorder
        .logs()
        .iter()
        .filter(|(log, _)| log.event_name() == Some("shop.charge"))
        .map(|(log, _)| {
            let (_, order) = log.attributes_iter().next().unwrap();
            let span = log.trace_context().map(|context| {
                let span = spans.iter().find(|span| span.span_context.span_id() == context.span_id).unwrap();
                assert_eq!(span.span_context.trace_id(), context.trace_id);
                span.attributes[0].value.to_string()
            });
            (text(order), span)
        })
        .collect();
    charged.sort_unstable();
    charged
}

fn text(value: &opentelemetry::logs::AnyValue) -> String {
    match value {
        opentelemetry::logs::AnyValue::String(text) => text.to_string(),
        other => format!("{other:?}"),
    }
}

/// That money was taken for each order in the span of its own.
pub(crate) fn each_in_its_own(orders: &[&str]) -> Vec<(String, Option<String>)> {
    let mut each: Vec<_> = orders.iter().map(|order| (order.to_string(), Some(order.to_string()))).collect();
    each.sort_unstable();
    each
}
