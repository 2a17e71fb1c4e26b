//! Random metrics, most of them odd.

use std::collections::HashSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use slo_model::names::MetricKind;

use crate::prometheus::message::{Attributes, Metric, Scope};
use crate::prometheus::texts::{
    KEYS, NAMES, ODD_UNITS, RESOURCE_KEYS, SCOPE_KEYS, SEPARATORS, SUFFIXES, SUFFIXING, UNITS, UNNAMEABLE,
    WORDS,
};

/// One metric, and where it comes from.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) metric: Metric,
    pub(crate) resource: Attributes,
    pub(crate) scope: Scope,
}

/// The label by which the cases are told apart, in `target_info` too.
pub(crate) const MARK: &str = "slo_case";

/// The attributes of a resource that the server is told to promote.
pub(crate) const PROMOTED: [&str; 13] = [
    "a.b",
    "a_b",
    "deployment.environment",
    "k8s.pod",
    "k8s_pod",
    "le",
    "job",
    "instance",
    "__name__",
    "..name..",
    "service.name",
    "otel.scope.name",
    "___",
];

/// As many cases as are asked for, the same ones for the same seed.
pub(crate) fn cases(seed: [u8; 32], count: usize) -> Vec<Case> {
    let mut cases = drawn(&case(), seed, count);
    for (index, case) in cases.iter_mut().enumerate() {
        case.metric.attributes.push((MARK.to_owned(), index.to_string()));
        case.resource.push((MARK.to_owned(), index.to_string()));
    }
    cases
}

pub(crate) fn drawn<S: Strategy>(strategy: &S, seed: [u8; 32], count: usize) -> Vec<S::Value> {
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

fn case() -> impl Strategy<Value = Case> {
    (metric(), resource(), scope()).prop_map(|(metric, resource, scope)| Case { metric, resource, scope })
}

fn metric() -> impl Strategy<Value = Metric> {
    let name = prop_oneof![8 => joined(), 2 => picked(NAMES), 1 => ".{0,8}"];
    let named = prop_oneof![3 => (name, unit()), 1 => suffixed()];
    (named, select(&MetricKind::ALL[..]), attributes(key(), 6))
        .prop_map(|((name, unit), kind, attributes)| Metric { name, unit, kind, attributes, value: 1.0 })
}

/// A name that ends in what may be its own suffixes, and a unit.
fn suffixed() -> impl Strategy<Value = (String, String)> {
    let suffix = (select(&["_", ".", "é", ""][..]), select(SUFFIXES));
    (joined(), vec(suffix, 1..=3), picked(SUFFIXING)).prop_map(|(mut name, suffixes, unit)| {
        name.extend(suffixes.into_iter().flat_map(|(separator, suffix)| [separator, suffix]));
        (name, unit)
    })
}

fn unit() -> impl Strategy<Value = String> {
    let compound = (picked(UNITS), picked(UNITS)).prop_map(|(unit, per)| format!("{unit}/{per}"));
    prop_oneof![4 => picked(UNITS), 3 => compound, 3 => picked(ODD_UNITS), 1 => ".{0,4}"]
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![20 => joined(), 30 => picked(KEYS), 1 => picked(UNNAMEABLE), 1 => ".{0,6}"]
}

fn resource() -> impl Strategy<Value = Attributes> {
    let service =
        |key: &'static str| proptest::option::of(value()).prop_map(move |value| (key.to_owned(), value));
    let service = (service("service.name"), service("service.namespace"), service("service.instance.id"));
    let key = prop_oneof![60 => picked(RESOURCE_KEYS), 1 => picked(&UNNAMEABLE[..4])];
    (service, attributes(key, 4), any::<bool>()).prop_map(|((name, namespace, instance), others, first)| {
        let service = [name, namespace, instance].into_iter().filter_map(|(key, value)| Some((key, value?)));
        if first { service.chain(others).collect() } else { others.into_iter().chain(service).collect() }
    })
}

fn scope() -> impl Strategy<Value = Scope> {
    (value(), value(), value(), attributes(picked(SCOPE_KEYS), 4))
        .prop_map(|(name, version, schema_url, attributes)| Scope { name, version, schema_url, attributes })
}

/// Attributes whose keys differ.
pub(crate) fn attributes(
    key: impl Strategy<Value = String>,
    most: usize,
) -> impl Strategy<Value = Attributes> {
    vec((key, value()), 0..=most).prop_map(|mut attributes| {
        let mut seen = HashSet::new();
        attributes.retain(|(key, _)| seen.insert(key.clone()));
        attributes
    })
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![6 => picked(&["", "1", "2", "x y", "a;b", "é"]), 1 => ".{0,4}"]
}

/// Words with something between them, and perhaps at the ends.
fn joined() -> impl Strategy<Value = String> {
    let separator = || select(SEPARATORS);
    let edge = || prop_oneof![4 => Just(""), 1 => separator()];
    let words = vec((select(WORDS), separator()), 0..4);
    (edge(), words, select(WORDS), edge()).prop_map(|(before, words, last, after)| {
        let words: String = words.iter().flat_map(|(word, separator)| [*word, *separator]).collect();
        format!("{before}{words}{last}{after}")
    })
}

pub(crate) fn picked(texts: &'static [&'static str]) -> impl Strategy<Value = String> {
    select(texts).prop_map(str::to_owned)
}
