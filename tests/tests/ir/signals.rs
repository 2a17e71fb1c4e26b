//! Any meaning, event and instrument, whether or not it makes sense.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use slo_compiler::ir::{
    Bound, Buckets, ContainerId, Event, EventId, Field, FieldId, FieldValue, Instrument, InstrumentKind,
    Leaf, LevelWriter, Log, Lossy, Meaning, MeaningId, Node, NumberType, Pair, PairValue, Passes, Payload,
    PayloadId, Projection, Severity, Shown, ShownAs, Signal, SignalWriter, Span, SpanEvent, SpanKind, Status,
    Test, Text, TextPart, Variant, VariantText, View, When, WriterValue,
};

use super::{domain, finite, known, literal, metric, node};

fn text() -> impl Strategy<Value = String> {
    any::<String>()
}

/// A text with fields in it.
fn words() -> impl Strategy<Value = Text> {
    let part = prop_oneof![text().prop_map(TextPart::Known), Just(TextPart::Value(FieldId::at(0)))];
    vec(part, 0..3).prop_map(|parts| Text { parts })
}

fn variant_text() -> impl Strategy<Value = VariantText> {
    let part = prop_oneof![text().prop_map(TextPart::Known), Just(TextPart::Value(PayloadId::at(0)))];
    (node(), vec(part, 0..3)).prop_map(|(node, parts)| VariantText { node, text: Text { parts } })
}

fn signal() -> impl Strategy<Value = Signal> {
    select(Signal::ALL.to_vec())
}

fn pair() -> impl Strategy<Value = Pair> {
    let value = prop_oneof![
        literal().prop_map(PairValue::Constant),
        Just(PairValue::Payload(PayloadId::at(0))),
        Just(PairValue::ToString(PayloadId::at(0))),
    ];
    let nodes = (node(), option::of(node()), node(), option::of(node()));
    (nodes, text(), any::<(bool, bool)>(), known(domain()), known(value)).prop_map(
        |((node, declaration, value_node, sensitive_node), key, (local, sensitive), domain, value)| Pair {
            node,
            key,
            local,
            declaration,
            domain,
            sensitive,
            sensitive_node,
            value_node,
            value,
        },
    )
}

fn projection() -> impl Strategy<Value = Projection> {
    let shown = prop_oneof![Just(Shown::None), vec(pair(), 0..2).prop_map(Shown::Pairs)];
    (node(), shown).prop_map(|(node, shown)| Projection { node, shown })
}

fn variant() -> impl Strategy<Value = Variant> {
    let nodes = (node(), option::of(node()));
    let payload = (nodes, (text(), text()), known(domain()), any::<(bool, bool)>()).prop_map(
        |((node, sensitive_node), (name, key), domain, (sensitive, clear))| Payload {
            node,
            name,
            key,
            domain,
            sensitive,
            sensitive_node,
            clear,
        },
    );
    (
        (node(), text(), text(), any::<Option<String>>(), vec(payload, 1..2)),
        option::of(projection()),
        option::of(projection()),
        option::of(projection()),
        (option::of(select(Severity::ALL)), option::of(variant_text())),
        (option::of(select(Status::ALL)), option::of(variant_text())),
    )
        .prop_map(
            |(
                (node, name, description, until, payload),
                metric,
                log,
                span,
                (severity, body),
                (status, status_description),
            )| Variant {
                node,
                name,
                description,
                until,
                payload,
                metric,
                log,
                span,
                severity,
                body,
                status,
                status_description,
            },
        )
}

pub(super) fn meaning() -> impl Strategy<Value = Meaning> {
    let view = any::<Option<String>>().prop_map(|until| View { of: MeaningId::at(0), until });
    let lossy = (node(), signal(), vec(text(), 0..2), text(), any::<bool>()).prop_map(
        |(node, signal, variants, reason, inherited)| Lossy { node, signal, variants, reason, inherited },
    );
    let names = (text(), text(), text());
    (node(), names, option::of(view), vec(variant(), 0..2), vec(lossy, 0..2)).prop_map(
        |(node, (package, name, docs), view, variants, lossy)| Meaning {
            node,
            package,
            name,
            docs,
            view,
            variants,
            lossy,
        },
    )
}

fn field() -> impl Strategy<Value = Field> {
    let value = prop_oneof![
        Just(FieldValue::Meaning { meaning: MeaningId::at(0), face: MeaningId::at(0) }),
        domain().prop_map(FieldValue::Plain),
        Just(FieldValue::Contexts),
    ];
    let some = || option::of(node());
    let nodes = (node(), some(), some(), some(), some());
    let names = (text(), text(), text());
    let literals = (option::of(literal()), option::of(literal()));
    (nodes, names, known(value), literals, any::<(bool, bool, bool)>()).prop_map(
        |(nodes, (name, docs, key), value, (constant, unset), (optional, sensitive, clear))| {
            let (node, declaration, constant_node, unset_node, sensitive_node) = nodes;
            Field {
                node,
                name,
                docs,
                key,
                declaration,
                value,
                optional,
                constant,
                constant_node,
                unset,
                unset_node,
                sensitive,
                sensitive_node,
                clear,
            }
        },
    )
}

fn when() -> impl Strategy<Value = When> {
    let passes = prop_oneof![
        vec(literal(), 0..2).prop_map(Passes::In),
        vec(literal(), 0..2).prop_map(Passes::NotIn),
        Just(Passes::Present),
    ];
    let test = (node(), passes).prop_map(|(node, passes)| Test { node, field: FieldId::at(0), passes });
    (node(), vec(known(test), 0..2)).prop_map(|(node, tests)| When { node, tests })
}

fn writer() -> impl Strategy<Value = SignalWriter> {
    let value = prop_oneof![
        Just(WriterValue::Field(FieldId::at(0))),
        Just(WriterValue::Meaning { field: FieldId::at(0), face: MeaningId::at(0) }),
        literal().prop_map(WriterValue::Constant),
        text().prop_map(WriterValue::Observed),
    ];
    let shown_as = (node(), node(), known(domain())).prop_map(|(node, declaration, domain)| ShownAs {
        node,
        declaration,
        domain,
    });
    let nodes = (node(), option::of(node()), option::of(node()));
    let flags = any::<(bool, bool, bool)>();
    (nodes, text(), known(value), option::of(known(domain())), option::of(shown_as), flags).prop_map(
        |(
            (node, declaration, sensitive_node),
            key,
            value,
            domain,
            shown_as,
            (optional, hidden, sensitive),
        )| SignalWriter {
            node,
            key,
            declaration,
            value,
            domain,
            shown_as,
            optional,
            hidden,
            sensitive,
            sensitive_node,
        },
    )
}

pub(super) fn instrument() -> impl Strategy<Value = Instrument> {
    let bound = || option::of((node(), any::<u32>()).prop_map(|(node, points)| Bound { node, points }));
    let buckets = prop_oneof![vec(finite(), 0..3).prop_map(Buckets::Explicit), Just(Buckets::Exponential)];
    let nodes = (node(), option::of(node()), option::of(node()), option::of(node()), option::of(node()));
    let names = (text(), text(), text(), text());
    let some = (
        known(Just(ContainerId::at(0))),
        option::of(Just(FieldId::at(0))),
        option::of(Just(EventId::at(0))),
        any::<Option<String>>(),
    );
    let kinds = (known(select(InstrumentKind::ALL)), known(select(NumberType::ALL)));
    let bounds = (bound(), bound(), option::of(known(buckets)), any::<bool>());
    (nodes, names, some, kinds, bounds, option::of(when()), vec(writer(), 0..2), option::of(metric()))
        .prop_map(|(nodes, names, some, (kind, number), bounds, when, writers, convention)| {
            let (node, kind_node, unit_node, value_node, buckets_node) = nodes;
            let (package, name, docs, unit) = names;
            let (scope, value, during, until) = some;
            let (points, limit, buckets, observed) = bounds;
            Instrument {
                node,
                package,
                name,
                docs,
                scope,
                kind,
                kind_node,
                unit,
                unit_node,
                number,
                value,
                value_node,
                buckets,
                buckets_node,
                points,
                limit,
                observed,
                during,
                until,
                when,
                writers,
                convention,
            }
        })
}

fn level() -> Leaf<LevelWriter> {
    Leaf::Known(LevelWriter { node: Node(0), field: FieldId::at(0), face: MeaningId::at(0) })
}

fn log() -> impl Strategy<Value = Log> {
    let body = (option::of(words()), option::of(node()));
    let severity =
        (option::of(select(Severity::ALL)), any::<bool>(), option::of(node()), any::<Option<String>>());
    let when = (option::of(when()), option::of(super::declaration()));
    let names = (any::<Option<String>>(), text(), any::<Option<String>>());
    (node(), names, severity, body, when, vec(writer(), 0..2)).prop_map(
        |(
            node,
            (name, docs, until),
            (severity, max, severity_node, severity_text),
            (body, body_node),
            (when, convention),
            writers,
        )| Log {
            scope: slo_compiler::ir::Leaf::Known(ContainerId::at(0)),
            node,
            name,
            docs,
            closed: max,
            levels: vec![level()],
            severity,
            severity_node,
            severity_text,
            convention,
            max,
            opt_in: max,
            body,
            body_node,
            until,
            when,
            writers,
        },
    )
}

fn span() -> impl Strategy<Value = Span> {
    let names = (option::of(words()), text(), option::of(Just(FieldId::at(0))));
    let kind = (select(SpanKind::ALL), option::of(node()));
    let convention = (option::of(super::declaration()), option::of(node()));
    (node(), names, kind, any::<bool>(), option::of(when()), convention, vec(writer(), 0..2)).prop_map(
        |(
            node,
            (name, docs, links),
            (kind, kind_node),
            max,
            when,
            (convention, convention_node),
            writers,
        )| Span {
            // A span that is opened has a scope.
            scope: name.as_ref().map(|_| slo_compiler::ir::Leaf::Known(ContainerId::at(0))),
            every: name.is_none() && max,
            node,
            name,
            docs,
            kind,
            kind_node,
            convention,
            convention_node,
            closed: max,
            levels: vec![level()],
            max,
            links,
            when,
            writers,
        },
    )
}

fn span_event() -> impl Strategy<Value = SpanEvent> {
    (node(), words(), text(), option::of(when()), vec(writer(), 0..2))
        .prop_map(|(node, name, docs, when, writers)| SpanEvent { node, name, docs, when, writers })
}

pub(super) fn event() -> impl Strategy<Value = Event> {
    let names = (text(), text(), text(), known(Just(ContainerId::at(0))), any::<[bool; 3]>());
    let signals = (vec(instrument(), 0..2), vec(log(), 0..3), option::of(span()), vec(span_event(), 0..2));
    (node(), names, vec(field(), 1..2), signals).prop_map(
        |(
            node,
            (package, name, docs, scope, [drop_invalid, external, specialized]),
            fields,
            (metrics, logs, span, span_events),
        )| {
            Event {
                node,
                package,
                name,
                docs,
                scope: (!external).then_some(scope),
                drop_invalid,
                external,
                specialized,
                fields,
                metrics,
                logs,
                span,
                span_events,
            }
        },
    )
}
