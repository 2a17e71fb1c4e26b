//! One fault at a time in what services in four languages sent (`recorded/README.md`): it is found by the codes that it names, about the
//! records and keys that it is in, and nothing else is found with it.

mod across;
mod attributes;
mod log;
mod metric;
mod reach;
mod resource;
mod span;

use std::collections::BTreeSet;

use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, KeyValue};
use slo_compiler::diagnostic::Code;
use slo_verify::Report;

use crate::recorded::{Contract, Recording, recording};

/// What is found of a fault: its code, and the names that it is about.
type Found = (Code, Vec<String>);

/// A fault, and what is to be found of it.
pub(crate) struct Mutation {
    pub(crate) name: String,
    /// Makes the fault; whether there was a record to make it in.
    pub(crate) change: Box<dyn Fn(&mut Recording) -> bool>,
    pub(crate) found: Vec<Found>,
}

impl Mutation {
    pub(crate) fn new(
        name: impl Into<String>,
        found: Vec<Found>,
        change: impl Fn(&mut Recording) -> bool + 'static,
    ) -> Mutation {
        Mutation { name: name.into(), change: Box::new(change), found }
    }
}

/// An event of the contracts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Event {
    Checkout,
    Payment,
}

impl Event {
    const ALL: [Event; 2] = [Event::Checkout, Event::Payment];

    const fn name(self) -> &'static str {
        match self {
            Event::Checkout => "shop.checkout.Checkout",
            Event::Payment => "shop.checkout.Payment",
        }
    }

    const fn span(self) -> &'static str {
        match self {
            Event::Checkout => "checkout",
            Event::Payment => "charge",
        }
    }

    /// What its log is called by: its event name where it has one.
    fn log(self, language: &str) -> &'static str {
        match (self, language) {
            (Event::Payment, "java") => "shop.payment",
            _ => "log",
        }
    }

    const fn outcome_key(self) -> &'static str {
        match self {
            Event::Checkout => "shop.checkout.outcome",
            Event::Payment => "shop.payment.outcome",
        }
    }

    /// The outcome of what went well.
    const fn well(self) -> &'static str {
        match self {
            Event::Checkout => "placed",
            Event::Payment => "charged",
        }
    }
}

/// What is found of a record of an event.
fn found(code: Code, event: Event, record: &str, about: &str) -> Found {
    let names = [event.name(), record, about].into_iter().filter(|name| !name.is_empty());
    (code, names.map(str::to_owned).collect())
}

fn text(text: &str) -> Any {
    Any::StringValue(text.to_owned())
}

fn any(value: Any) -> Option<AnyValue> {
    Some(AnyValue { value: Some(value) })
}

fn mixed() -> Any {
    let values = [text("a"), Any::IntValue(1)];
    Any::ArrayValue(ArrayValue { values: values.into_iter().filter_map(any).collect() })
}

fn pair(key: &str, value: Any) -> KeyValue {
    KeyValue { key: key.to_owned(), value: any(value), ..KeyValue::default() }
}

pub(crate) fn mutations(language: &'static str) -> Vec<Mutation> {
    let mut all = attributes::mutations(language);
    all.extend(span::mutations());
    all.extend(log::mutations(language));
    all.extend(metric::mutations(language));
    all.extend(resource::mutations(language));
    all.extend(across::mutations(language));
    all
}

fn causes(report: &Report) -> BTreeSet<Found> {
    report.causes.iter().map(|cause| (cause.code, cause.names.clone())).collect()
}

/// The codes that the contracts of all four services can tell.
const TOLD: [Code; 28] = [
    Code::TelemetryKeyMissing,
    Code::TelemetryType,
    Code::TelemetryValue,
    Code::TelemetryKey,
    Code::TelemetryKeyTwice,
    Code::TelemetryEmpty,
    Code::TelemetryResource,
    Code::TelemetryResources,
    Code::TelemetryProcesses,
    Code::TelemetryKind,
    Code::TelemetryUnit,
    Code::TelemetryTemporality,
    Code::TelemetryNumber,
    Code::TelemetryBuckets,
    Code::TelemetryPoints,
    Code::TelemetryOverflow,
    Code::TelemetryMetricName,
    Code::TelemetryPoint,
    Code::TelemetrySeverity,
    Code::TelemetryStatus,
    Code::TelemetrySpanKind,
    Code::TelemetryTime,
    Code::TelemetryText,
    Code::TelemetryEventName,
    Code::TelemetryCondition,
    Code::TelemetryIdentity,
    Code::TelemetryContradiction,
    Code::TelemetrySecret,
];

fn each_fault_is_found_and_nothing_else(language: &'static str) {
    let right = recording(language);
    let contract = Contract::of(language);
    let all = mutations(language);
    let mut names = BTreeSet::new();
    let mut told = BTreeSet::new();
    let mut wrong = Vec::new();
    for mutation in &all {
        assert!(names.insert(mutation.name.as_str()), "{language}: `{}` is there twice", mutation.name);
        let mut changed = right.clone();
        if !(mutation.change)(&mut changed) {
            wrong.push(format!("{}: there is nothing to change", mutation.name));
            continue;
        }
        let report = contract.judge(&changed);
        let wanted: BTreeSet<Found> = mutation.found.iter().cloned().collect();
        if causes(&report) != wanted {
            wrong.push(format!(
                "{}: wanted {wanted:?}, found {:?}",
                mutation.name,
                causes(&report).iter().collect::<Vec<_>>()
            ));
        }
        told.extend(wanted.into_iter().map(|(code, _)| code));
    }
    assert!(wrong.is_empty(), "{language}, {} of {}:\n{}", wrong.len(), all.len(), wrong.join("\n"));
    let untold: Vec<_> = TOLD.iter().filter(|code| !told.contains(code)).collect();
    assert!(untold.is_empty(), "{language}: no fault asks for {untold:?}");
    assert!(all.len() >= 200, "{language}: {} faults", all.len());
}

#[test]
fn faults_of_go_are_found_and_nothing_else() {
    each_fault_is_found_and_nothing_else("go");
}

#[test]
fn faults_of_java_are_found_and_nothing_else() {
    each_fault_is_found_and_nothing_else("java");
}

#[test]
fn faults_of_python_are_found_and_nothing_else() {
    each_fault_is_found_and_nothing_else("python");
}

#[test]
fn faults_of_javascript_are_found_and_nothing_else() {
    each_fault_is_found_and_nothing_else("javascript");
}
