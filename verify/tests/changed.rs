//! Whatever is changed in what an occurrence becomes is found, named, and nothing else with it.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::{Gauge, Metric};
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use opentelemetry_proto::tonic::trace::v1::{Span, Status as CameStatus};
use slo_compiler::diagnostic::Code;
use slo_compiler::plan::{Arena, Event, Plan};
use slo_model::ValueType;
use slo_model::event::{
    FieldKind, Level, Severity, Signal, Slot, Status, TextPart, Variant, Writer, WriterValue,
};

use crate::agreement::{errors, sent_of};
use crate::encode::Sent;
use crate::judge::generate;

/// A change of what was sent; whether there was anything to change.
type Change = fn(&mut Sent) -> bool;

/// All ways of making a change in what was sent of an event.
type Changes = fn(&Sent, &Event<'_>) -> Vec<Sent>;

/// A change, and the codes by which it may be found.
struct Mutation {
    name: &'static str,
    change: Change,
    codes: &'static [Code],
}

/// The span of the contract's own scope.
fn span(sent: &mut Sent) -> Option<&mut Span> {
    let groups = sent.spans.iter_mut().flat_map(|one| &mut one.scope_spans);
    let mut own = groups.filter(|group| group.scope.as_ref().is_none_or(|scope| scope.name != "a.library"));
    own.next()?.spans.first_mut()
}

fn log(sent: &mut Sent) -> Option<&mut LogRecord> {
    sent.logs.first_mut()?.scope_logs.first_mut()?.log_records.first_mut()
}

fn metric(sent: &mut Sent) -> Option<&mut Metric> {
    sent.metrics.first_mut()?.scope_metrics.first_mut()?.metrics.first_mut()
}

fn labels(metric: &mut Metric) -> Option<&mut Vec<KeyValue>> {
    match metric.data.as_mut()? {
        Data::Sum(sum) => sum.data_points.first_mut().map(|point| &mut point.attributes),
        Data::Gauge(gauge) => gauge.data_points.first_mut().map(|point| &mut point.attributes),
        Data::Histogram(histogram) => histogram.data_points.first_mut().map(|point| &mut point.attributes),
        _ => None,
    }
}

fn twice(attributes: Option<&mut Vec<KeyValue>>) -> bool {
    let Some(attributes) = attributes else { return false };
    let Some(first) = attributes.first().cloned() else { return false };
    attributes.push(first);
    true
}

fn as_bytes(attributes: Option<&mut Vec<KeyValue>>) -> bool {
    let Some(first) = attributes.and_then(|attributes| attributes.first_mut()) else { return false };
    first.value = Some(AnyValue { value: Some(Any::BytesValue(vec![1])) });
    true
}

const MUTATIONS: &[Mutation] = &[
    Mutation {
        name: "a span's key twice",
        change: |sent| twice(span(sent).map(|span| &mut span.attributes)),
        codes: &[Code::TelemetryKeyTwice],
    },
    Mutation {
        name: "a log's key twice",
        change: |sent| twice(log(sent).map(|log| &mut log.attributes)),
        codes: &[Code::TelemetryKeyTwice],
    },
    Mutation {
        name: "a label twice",
        change: |sent| twice(metric(sent).and_then(labels)),
        codes: &[Code::TelemetryKeyTwice],
    },
    Mutation {
        name: "a span's value as bytes",
        change: |sent| as_bytes(span(sent).map(|span| &mut span.attributes)),
        codes: &[Code::TelemetryType],
    },
    Mutation {
        name: "a log's value as bytes",
        change: |sent| as_bytes(log(sent).map(|log| &mut log.attributes)),
        codes: &[Code::TelemetryType],
    },
    Mutation {
        name: "a label as bytes",
        change: |sent| as_bytes(metric(sent).and_then(labels)),
        codes: &[Code::TelemetryType],
    },
    Mutation {
        name: "a label that nobody knows",
        change: |sent| {
            let Some(labels) = metric(sent).and_then(labels) else { return false };
            labels.push(crate::encode::text("made.up.here", "x"));
            true
        },
        codes: &[Code::TelemetryKey],
    },
    Mutation {
        name: "another unit",
        change: |sent| {
            let Some(metric) = metric(sent) else { return false };
            metric.unit.push_str("By");
            true
        },
        codes: &[Code::TelemetryUnit],
    },
    Mutation {
        name: "a gauge for something else",
        change: |sent| {
            let Some(metric) = metric(sent) else { return false };
            let Some(Data::Sum(sum)) = &mut metric.data else { return false };
            metric.data = Some(Data::Gauge(Gauge { data_points: std::mem::take(&mut sum.data_points) }));
            true
        },
        codes: &[Code::TelemetryKind],
    },
    Mutation {
        name: "no temporality",
        change: |sent| {
            let Some(Data::Sum(sum)) = metric(sent).and_then(|metric| metric.data.as_mut()) else {
                return false;
            };
            sum.aggregation_temporality = 0;
            true
        },
        codes: &[Code::TelemetryTemporality],
    },
    Mutation {
        name: "other buckets",
        change: |sent| {
            let Some(Data::Histogram(histogram)) = metric(sent).and_then(|metric| metric.data.as_mut())
            else {
                return false;
            };
            for point in &mut histogram.data_points {
                point.explicit_bounds = vec![0.123];
                point.bucket_counts = vec![0, 1];
            }
            true
        },
        codes: &[Code::TelemetryBuckets],
    },
    Mutation {
        name: "a span without a start",
        change: |sent| span(sent).is_some_and(|span| std::mem::take(&mut span.start_time_unix_nano) > 0),
        codes: &[Code::TelemetryTime],
    },
    Mutation {
        name: "a log without a time",
        change: |sent| {
            let Some(log) = log(sent) else { return false };
            (log.time_unix_nano, log.observed_time_unix_nano) = (0, 0);
            true
        },
        codes: &[Code::TelemetryTime],
    },
    Mutation {
        name: "a span id of zeros",
        change: |sent| {
            let Some(span) = span(sent) else { return false };
            span.span_id = vec![0; 8];
            true
        },
        codes: &[Code::TelemetryIdentity],
    },
    Mutation {
        name: "another event name",
        change: |sent| {
            let Some(log) = log(sent) else { return false };
            if log.event_name.is_empty() || log.body.is_none() || log.attributes.len() < 2 {
                return false;
            }
            log.event_name = "made.up.here".to_owned();
            true
        },
        codes: &[Code::TelemetryEventName],
    },
];

/// A change that is made in what the event says, and the codes by which it may be found.
struct EachMutation {
    name: &'static str,
    changes: Changes,
    code: Code,
}

/// A key that one field alone writes.
struct Key<'e> {
    key: &'e str,
    slot: &'e Slot<'e>,
    as_text: bool,
    required: bool,
}

/// The keys of a record that one field alone writes.
fn keys<'e>(writers: &'e [Writer<'e>], signal: Signal, event: &'e Event<'e>) -> Vec<Key<'e>> {
    let writes = |writer: &Writer<'_>, key: &str| match writer.value {
        WriterValue::Meaning(_, meaning) => {
            meaning.variants.iter().any(|variant| variant.pairs(signal).iter().any(|pair| pair.key == key))
        }
        _ => writer.key == key,
    };
    let fields = event.table.fields;
    let key = |writer: &'e Writer<'e>| {
        let (WriterValue::Field(number) | WriterValue::Text(number)) = writer.value else { return None };
        let field = fields.get(usize::from(number))?;
        let FieldKind::Plain { slot, unset, .. } = &field.kind else { return None };
        let is_elapsed = event.table.elapsed.is_some_and(|elapsed| elapsed.field == number);
        let is_alone = writers.iter().filter(|other| writes(other, writer.key)).count() == 1;
        is_alone.then_some(Key {
            key: writer.key,
            slot,
            as_text: matches!(writer.value, WriterValue::Text(_)),
            required: field.at_begin || unset.is_some() || is_elapsed,
        })
    };
    writers.iter().filter_map(key).collect()
}

/// A list of attributes of what was sent, with those that write it.
type List = for<'s> fn(&'s mut Sent) -> Option<&'s mut Vec<KeyValue>>;

fn span_list(sent: &mut Sent) -> Option<&mut Vec<KeyValue>> {
    span(sent).map(|span| &mut span.attributes)
}

fn log_list(sent: &mut Sent) -> Option<&mut Vec<KeyValue>> {
    log(sent).map(|log| &mut log.attributes)
}

fn label_list(sent: &mut Sent) -> Option<&mut Vec<KeyValue>> {
    metric(sent).and_then(labels)
}

/// The lists of a record of each signal that an event alone writes, with their keys.
fn lists<'e>(sent: &Sent, event: &'e Event<'e>) -> Vec<(List, Vec<Key<'e>>)> {
    let mut all: Vec<(List, Vec<Key<'e>>)> = Vec::new();
    let mut sent = sent.clone();
    if let (Some(table), Some(_)) = (&event.table.span, span(&mut sent))
        && matches!(table.name, Some([TextPart::Text(_)]))
        && event.span.is_some_and(|record| !record.every)
    {
        all.push((span_list, keys(table.attributes, Signal::Span, event)));
    }
    if let Some(name) = log(&mut sent).map(|log| log.event_name.clone()).filter(|name| !name.is_empty()) {
        let mut own = event.table.logs.iter().filter(|log| log.name == Some(&name));
        if let (Some(table), None) = (own.next(), own.next()) {
            all.push((log_list, keys(table.attributes, Signal::Log, event)));
        }
    }
    if let Some(name) = metric(&mut sent).map(|metric| metric.name.clone()) {
        let tables = event.table.metrics.iter().chain(event.table.running);
        if let Some(table) = tables.into_iter().find(|table| table.name == name) {
            all.push((label_list, keys(table.labels, Signal::Metric, event)));
        }
    }
    all
}

/// What was sent, with another value under each key for which there is one.
fn each_with(sent: &Sent, event: &Event<'_>, value: impl Fn(&Key<'_>) -> Option<Any>) -> Vec<Sent> {
    let mut all = Vec::new();
    for (list, keys) in lists(sent, event) {
        for key in keys {
            let Some(value) = value(&key) else { continue };
            let mut changed = sent.clone();
            let Some(pair) =
                list(&mut changed).and_then(|list| list.iter_mut().find(|pair| pair.key == key.key))
            else {
                continue;
            };
            pair.value = Some(AnyValue { value: Some(value) });
            all.push(changed);
        }
    }
    all
}

/// The levels that a record may have, by the variants of one meaning and what is said where none gives one.
fn given<T: Copy + PartialEq>(
    levels: &[Level<'_>],
    of: impl Fn(&Variant<'_>) -> Option<T>,
    otherwise: T,
) -> Vec<T> {
    let variants = levels.iter().flat_map(|level| level.meaning.variants);
    variants.filter_map(of).chain([otherwise]).collect()
}

const EACH: &[EachMutation] = &[
    EachMutation {
        name: "a value of another type",
        changes: |sent, event| {
            each_with(sent, event, |key| match key.slot.key.value_type {
                _ if key.as_text => Some(Any::BoolValue(true)),
                ValueType::Any => None,
                ValueType::String => Some(Any::BoolValue(true)),
                _ => Some(Any::StringValue("made up".to_owned())),
            })
        },
        code: Code::TelemetryType,
    },
    EachMutation {
        name: "a value that a closed enum doesn't have",
        changes: |sent, event| {
            each_with(sent, event, |key| {
                let own = &key.slot.key;
                if key.as_text || own.open || own.members.is_none() || key.slot.bounded.is_some() {
                    return None;
                }
                match own.value_type {
                    ValueType::String => Some(Any::StringValue("made up".to_owned())),
                    ValueType::Int => Some(Any::IntValue(77_777)),
                    _ => None,
                }
            })
        },
        code: Code::TelemetryValue,
    },
    EachMutation {
        name: "without a key that each record has",
        changes: |sent, event| {
            let mut all = Vec::new();
            for (list, keys) in lists(sent, event) {
                for key in keys.iter().filter(|key| key.required) {
                    let mut changed = sent.clone();
                    let Some(list) = list(&mut changed) else { continue };
                    let before = list.len();
                    list.retain(|pair| pair.key != key.key);
                    if list.len() < before {
                        all.push(changed);
                    }
                }
            }
            all
        },
        code: Code::TelemetryKeyMissing,
    },
    EachMutation {
        name: "a span of another kind",
        changes: |sent, event| {
            let mut all = Vec::new();
            // A name that is nothing but values is known by its kind.
            let is_own =
                event.table.span.is_some_and(|table| matches!(table.name, Some([TextPart::Text(_)])));
            for kind in 1..=5 {
                let mut changed = sent.clone();
                let Some(span) = span(&mut changed).filter(|span| is_own && span.kind != kind) else {
                    continue;
                };
                span.kind = kind;
                all.push(changed);
            }
            all
        },
        code: Code::TelemetrySpanKind,
    },
    EachMutation {
        name: "a status that nothing gives",
        changes: |sent, event| {
            let Some(table) =
                event.table.span.filter(|table| table.name.is_some() && !table.levels.is_empty())
            else {
                return Vec::new();
            };
            let given = given(table.levels, |variant| variant.status, Status::Unset);
            let all = [(Status::Ok, StatusCode::Ok), (Status::Error, StatusCode::Error)];
            let others = all.into_iter().filter(|(status, _)| !given.contains(status));
            let changed = others.filter_map(|(_, code)| {
                let mut changed = sent.clone();
                span(&mut changed)?.status = Some(CameStatus { code: code as i32, message: String::new() });
                Some(changed)
            });
            changed.collect()
        },
        code: Code::TelemetryStatus,
    },
    EachMutation {
        name: "a severity that nothing gives",
        changes: |sent, event| {
            let mut changed = sent.clone();
            let Some(record) = log(&mut changed).filter(|log| !log.event_name.is_empty()) else {
                return Vec::new();
            };
            let mut own = event.table.logs.iter().filter(|log| log.name == Some(&record.event_name));
            let (Some(table), None) = (own.next(), own.next()) else { return Vec::new() };
            let otherwise = table.severity.unwrap_or(Severity::Unspecified);
            let given = given(table.levels, |variant| variant.severity, otherwise);
            let all =
                [(Severity::Trace, 2), (Severity::Debug, 6), (Severity::Warn, 14), (Severity::Fatal, 22)];
            let Some((_, number)) = all.into_iter().find(|(severity, _)| !given.contains(severity)) else {
                return Vec::new();
            };
            record.severity_number = number;
            vec![changed]
        },
        code: Code::TelemetrySeverity,
    },
];

#[test]
fn what_was_changed_is_found_and_nothing_else() {
    let mut tried: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..60 {
        let text = generate::contract(seed);
        let compilation = generate::compiled(&text);
        let Some(checked) = &compilation.checked else { continue };
        let arena = Arena::default();
        let plans = [Plan::with_external(&arena, checked)];
        for event in plans[0].events() {
            for right in sent_of(&plans[0], event, seed, 4) {
                for mutation in EACH {
                    for wrong in (mutation.changes)(&right, event) {
                        *tried.entry(mutation.name).or_default() += 1;
                        let found = errors(&plans, std::slice::from_ref(&wrong));
                        let codes: Vec<Code> = found.iter().map(|cause| cause.code).collect();
                        assert!(
                            codes == [mutation.code],
                            "{} in contract {seed}:\n{text}\n{wrong:#?}\n{found:#?}",
                            mutation.name
                        );
                    }
                }
                for mutation in MUTATIONS {
                    let mut wrong = right.clone();
                    if !(mutation.change)(&mut wrong) {
                        continue;
                    }
                    *tried.entry(mutation.name).or_default() += 1;
                    let found = errors(&plans, &[wrong.clone()]);
                    let codes: Vec<Code> = found.iter().map(|cause| cause.code).collect();
                    assert!(
                        matches!(codes.as_slice(), [one] if mutation.codes.contains(one)),
                        "{} in contract {seed}:\n{text}\n{wrong:#?}\n{found:#?}",
                        mutation.name
                    );
                }
            }
        }
    }
    let names = MUTATIONS.iter().map(|one| one.name).chain(EACH.iter().map(|one| one.name));
    let rare: Vec<_> = names.filter(|name| tried.get(name).is_none_or(|count| *count < 5)).collect();
    assert!(rare.is_empty(), "too seldom tried: {rare:?} of {tried:?}");
}
