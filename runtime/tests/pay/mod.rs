//! A contract of payments as generated code would have it, written by hand: small enough to be read whole.
#![allow(dead_code, reason = "each test reads a part of it")]

use slo::__private::v8::tables::{
    Bounded, Buckets, Contract, Elapsed, Event as Table, Field, FieldKind, InstrumentKind, Level, Log,
    Meaning as MeaningTable, Metric, NumberType, Pair, PairValue, Passes, Prometheus, Severity, Shown, Slot,
    Span, SpanKind, Status, Stream, Test, TextPart, TranslationStrategy, Variant, Writer, WriterValue,
};
use slo::__private::v8::{Container, ContainerKind, Emitters, FieldValue, Key, Range, Values, Variants};
use slo::decode::Projection;
use slo::value::{Literal, Member, ToValue, Unfit, Value, ValueType};
use slo::{Event, Meaning, Running, Text};

pub(crate) static CONTRACT: Contract<'static> = Contract {
    name: "payments",
    version: "1.4.0",
    streams: &[
        Stream { scope: "fin.pay", metric: "payment.attempts", points: 45, exponential: false },
        Stream { scope: "fin.pay", metric: "payment.amounts", points: 6, exponential: true },
        Stream { scope: "fin.pay", metric: "payment.running", points: 3, exponential: false },
    ],
    span_attributes: 6,
    span_links: false,
    span_event_attributes: 0,
    keys: &[],
    prometheus: Prometheus { strategy: TranslationStrategy::UnderscoreEscapingWithSuffixes, promoted: &[] },
};

const SCOPE: Container<'static> = Container {
    name: "fin.pay.PaymentScope",
    kind: ContainerKind::Scope,
    scope_name: "fin.pay",
    schema_url: None,
    closed: false,
    keys: &[],
    flattened: &[],
};

const fn slot(key: Key<'static>) -> Slot<'static> {
    Slot { key, only: None, bounded: None, other: None }
}

/// The outcome of a payment attempt.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    Succeeded,
    Timeout,
    Declined { code: i64 },
}

const fn text(key: &'static str, text: &'static str) -> Pair<'static> {
    Pair { key, value: PairValue::Constant(Literal::String(text)) }
}

pub(crate) const OUTCOME: MeaningTable<'static> = MeaningTable {
    name: "fin.pay.Outcome",
    variants: &[
        Variant {
            name: "Succeeded",
            payload: &[],
            metric: Shown::Pairs(&[text("status", "ok")]),
            log: Shown::Pairs(&[text("result", "paid")]),
            span: Shown::Pairs(&[text("payment.result", "paid")]),
            severity: Some(Severity::Info),
            body: &[],
            status_description: &[],
            status: None,
        },
        Variant {
            name: "Timeout",
            payload: &[],
            metric: Shown::Pairs(&[text("status", "timeout")]),
            log: Shown::Pairs(&[text("error_type", "network_timeout")]),
            span: Shown::Pairs(&[text("payment.error.type", "timeout")]),
            severity: Some(Severity::Warn),
            body: &[],
            status_description: &[],
            status: Some(Status::Error),
        },
        Variant {
            name: "Declined",
            payload: &[slot(Key { range: Some(Range::Int(1, 2)), ..Key::new("code", ValueType::Int, "") })],
            metric: Shown::Pairs(&[
                text("status", "declined"),
                Pair { key: "code", value: PairValue::Text(0) },
            ]),
            log: Shown::Pairs(&[Pair { key: "decline_code", value: PairValue::Payload(0) }]),
            span: Shown::Pairs(&[Pair { key: "payment.decline.code", value: PairValue::Payload(0) }]),
            severity: Some(Severity::Error),
            body: &[],
            status_description: &[],
            status: Some(Status::Error),
        },
    ],
    lossy: &[],
    until: None,
};

impl Projection for Outcome {
    type Of = Outcome;
    const TABLE: &'static MeaningTable<'static> = &OUTCOME;
}

impl Meaning for Outcome {
    fn values<'a>(&'a self, at: usize, values: &mut Values<'_, 'a>) {
        match self {
            Outcome::Succeeded => values.put(at, FieldValue::Variant(0)),
            Outcome::Timeout => values.put(at, FieldValue::Variant(1)),
            Outcome::Declined { code } => {
                values.put(at, FieldValue::Variant(2));
                values.value(at + 1, code);
            }
        }
    }

    fn visit<'a, V: Variants<'a>>(&'a self, variants: &mut V) {
        match self {
            Outcome::Succeeded => variants.variant::<0>(),
            Outcome::Timeout => variants.variant::<1>(),
            Outcome::Declined { code } => {
                variants.variant::<2>();
                variants.payload::<2, 0>(code.to_field());
            }
        }
    }

    fn from_parts(variant: u16, payload: &[Option<Value<'static>>]) -> Option<Outcome> {
        match (variant, payload) {
            (0, _) => Some(Outcome::Succeeded),
            (1, _) => Some(Outcome::Timeout),
            (2, [Some(Value::Int(code))]) => Some(Outcome::Declined { code: *code }),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Method {
    Card,
    Wallet,
}

const METHODS: &[Member<'static>] = &[
    Member { name: "card", wire: Literal::String("card") },
    Member { name: "wallet", wire: Literal::String("wallet") },
];

impl ToValue for Method {
    const TYPE: ValueType = ValueType::String;

    fn to_value(&self) -> Result<Option<Value<'_>>, Unfit> {
        Ok(Some(Value::String(if *self == Method::Card { "card" } else { "wallet" }.into())))
    }

    fn to_field(&self) -> FieldValue<'_> {
        FieldValue::Member(*self as u16)
    }
}

const fn plain(name: &'static str, at: u16, slot: Slot<'static>) -> Field<'static> {
    Field { name, kind: FieldKind::Plain { slot, unset: None }, at, at_begin: true }
}

/// One attempt to charge a customer.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    pub(crate) method: Method,
    pub(crate) amount: i64,
    pub(crate) route: Text,
    pub(crate) later: AttemptLater,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct AttemptLater {
    pub(crate) outcome: Option<Outcome>,
    pub(crate) note: Option<Text>,
}

const fn writer(key: &'static str, field: u16) -> Writer<'static> {
    Writer { key, value: WriterValue::Field(field) }
}

const OF_OUTCOME: Writer<'static> = Writer { key: "", value: WriterValue::Meaning(0, &OUTCOME) };

const OF_OUTCOME_LEVEL: Level<'static> = Level { field: 0, meaning: &OUTCOME };

const METRIC: Metric<'static> = Metric {
    scope: None,
    name: "payment.attempts",
    description: "Attempts to charge a customer.",
    unit: "{attempt}",
    kind: InstrumentKind::Counter,
    number: NumberType::Int,
    value: None,
    buckets: Buckets::None,
    points: 45,
    limit: None,
    until: None,
    when: &[],
    labels: &[OF_OUTCOME, writer("payment.method", 1), writer("path", 3)],
};

pub(crate) const ATTEMPT: Table<'static> = Table {
    name: "fin.pay.Attempt",
    place: "pay.slo:57",
    scope: &SCOPE,
    fields: &[
        Field {
            name: "outcome",
            kind: FieldKind::Meaning { meaning: &OUTCOME, unset: Some(1) },
            at: 0,
            at_begin: false,
        },
        plain(
            "method",
            2,
            slot(Key { members: Some(METHODS), ..Key::new("payment.method", ValueType::String, "") }),
        ),
        plain(
            "amount",
            3,
            slot(Key { range: Some(Range::Int(0, 1_000)), ..Key::new("payment.amount", ValueType::Int, "") }),
        ),
        plain(
            "route",
            4,
            Slot {
                bounded: Some(Bounded { values: 2, other: Literal::String("_OTHER") }),
                ..slot(Key::new("http.route", ValueType::String, ""))
            },
        ),
        Field {
            name: "note",
            kind: FieldKind::Plain {
                slot: slot(Key { max_length: Some(5), ..Key::new("note", ValueType::String, "") }),
                unset: None,
            },
            at: 5,
            at_begin: false,
        },
        Field {
            name: "elapsed",
            kind: FieldKind::Plain { slot: slot(Key::new("elapsed", ValueType::Double, "")), unset: None },
            at: 6,
            at_begin: false,
        },
    ],
    values: 7,
    elapsed: Some(Elapsed { field: 5, nanoseconds: 1e9 }),
    drop_invalid: false,
    span_events: &[],
    metrics: &[
        METRIC,
        Metric {
            scope: None,
            name: "payment.duration",
            unit: "s",
            kind: InstrumentKind::Histogram,
            number: NumberType::Double,
            value: Some(5),
            buckets: Buckets::Explicit(&[0.005, 0.05, 0.5, 5.0]),
            points: 5,
            labels: &[OF_OUTCOME],
            ..METRIC
        },
        Metric {
            scope: None,
            name: "payment.amounts",
            unit: "{fen}",
            kind: InstrumentKind::Histogram,
            number: NumberType::Int,
            value: Some(2),
            buckets: Buckets::Exponential,
            points: 4,
            limit: Some(3),
            when: &[Test { field: 0, passes: Passes::NotIn(&[1], &[]) }],
            labels: &[writer("amount", 2)],
            ..METRIC
        },
    ],
    running: &[Metric {
        scope: None,
        name: "payment.running",
        kind: InstrumentKind::UpDownCounter,
        points: 3,
        labels: &[writer("payment.method", 1)],
        ..METRIC
    }],
    logs: &[Log {
        scope: None,
        name: Some("payment.attempt"),
        levels: &[OF_OUTCOME_LEVEL],
        severity: None,
        severity_text: None,
        body: &[TextPart::Text("attempt by "), TextPart::Value(1), TextPart::Text(" "), TextPart::Value(4)],
        until: None,
        when: &[],
        attributes: &[OF_OUTCOME, writer("payment.method", 1), writer("http.route", 3), writer("note", 4)],
    }],
    span: Some(Span {
        scope: None,
        name: Some(&[TextPart::Text("POST "), TextPart::Value(3)]),
        kind: SpanKind::Server,
        levels: &[OF_OUTCOME_LEVEL],
        links: None,
        when: &[],
        attributes: &[
            OF_OUTCOME,
            writer("payment.method", 1),
            writer("payment.amount", 2),
            writer("http.route", 3),
            writer("note", 4),
        ],
    }),
};

impl Event for Attempt {
    type When = slo::Period;
    type Later = AttemptLater;
    const TABLE: &'static Table<'static> = &ATTEMPT;

    fn values<'a>(&'a self, values: &mut Values<'_, 'a>) {
        values.meaning(0, self.later.outcome.as_ref());
        values.value(2, &self.method);
        values.value(3, &self.amount);
        values.value(4, &self.route);
        values.value(5, &self.later.note);
    }

    fn later(&self) -> &AttemptLater {
        &self.later
    }

    fn later_mut(&mut self) -> &mut AttemptLater {
        &mut self.later
    }

    fn emitters() -> &'static Emitters {
        static EMITTERS: Emitters = Emitters::new();
        &EMITTERS
    }
}

impl Running for Attempt {}

impl Attempt {
    pub(crate) fn by(method: Method, amount: i64, route: &'static str) -> Attempt {
        Attempt { method, amount, route: route.into(), later: AttemptLater::default() }
    }

    pub(crate) fn with(self, outcome: Outcome) -> Attempt {
        Attempt { later: AttemptLater { outcome: Some(outcome), ..self.later }, ..self }
    }
}
