//! Whatever is changed in what an occurrence becomes is found, named, and nothing else with it.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::{Gauge, Metric};
use opentelemetry_proto::tonic::trace::v1::Span;
use slo_compiler::diagnostic::Code;
use slo_compiler::plan::{Arena, Plan};

use crate::agreement::{errors, sent_of};
use crate::encode::Sent;
use crate::judge::generate;

/// A change of what was sent; whether there was anything to change.
type Change = fn(&mut Sent) -> bool;

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
    let rare: Vec<_> = MUTATIONS
        .iter()
        .filter(|one| tried.get(one.name).is_none_or(|count| *count < 5))
        .map(|one| one.name)
        .collect();
    assert!(rare.is_empty(), "too seldom tried: {rare:?} of {tried:?}");
}
