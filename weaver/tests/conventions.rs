//! The conventions as they are published, which are all that a registry can be.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use slo_weaver::{Dependencies, Registry};

use crate::{facts, small_reader, support};

/// Read once, for all tests.
fn registry() -> Option<&'static Registry> {
    static REGISTRY: OnceLock<Option<Registry>> = OnceLock::new();
    REGISTRY.get_or_init(read).as_ref()
}

fn read() -> Option<Registry> {
    let model = support::conventions()?;
    Some(slo_weaver::read(&model, &Dependencies::new()).unwrap_or_else(|problems| {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", problems.join("\n"))
    }))
}

#[test]
fn each_fact_of_each_thing_is_what_a_small_reader_finds() {
    let (Some(model), Some(registry)) = (support::conventions(), registry()) else { return };
    let read = facts::of(registry);
    let found = small_reader::facts(&model);
    let names: BTreeSet<&String> = read.keys().chain(found.keys()).collect();
    let empty = BTreeMap::new();
    let mut differences = Vec::new();
    for name in names {
        let (read, found) = (read.get(name).unwrap_or(&empty), found.get(name).unwrap_or(&empty));
        for fact in read.keys().chain(found.keys()).collect::<BTreeSet<_>>() {
            if read.get(fact) != found.get(fact) {
                differences.push(format!(
                    "{name}: {fact}: {:?} instead of {:?}",
                    read.get(fact),
                    found.get(fact)
                ));
            }
        }
    }
    assert!(
        differences.is_empty(),
        "{} differences\n{}",
        differences.len(),
        differences[..differences.len().min(40)].join("\n")
    );
}

#[test]
fn nothing_is_counted_short() {
    let Some(registry) = registry() else { return };
    let refinements = registry.metrics.iter().filter(|metric| metric.signal.refines.is_some()).count();
    let spans = registry.spans.iter().filter(|span| span.signal.refines.is_some()).count();
    let counts = [
        ("attributes", registry.attributes.len()),
        ("metrics", registry.metrics.len() - refinements),
        ("refinements of metrics", refinements),
        ("spans", registry.spans.len() - spans),
        ("refinements of spans", spans),
        ("events", registry.events.len()),
        ("entities", registry.entities.len()),
    ];
    let expected = [
        ("attributes", 940),
        ("metrics", 541),
        ("refinements of metrics", 21),
        ("spans", 78),
        ("refinements of spans", 35),
        ("events", 32),
        ("entities", 64),
    ];
    assert_eq!(counts, expected);
}

#[test]
fn everything_knows_its_file_and_line() {
    let (Some(model), Some(registry)) = (support::conventions(), registry()) else { return };
    let line = |place: &slo_weaver::Place| {
        let text = std::fs::read_to_string(model.join(&*place.file)).unwrap();
        text.lines().nth(place.line as usize - 1).unwrap().to_owned()
    };
    for attribute in &registry.attributes {
        assert!(line(&attribute.key.place).contains(&attribute.key.value), "{}", attribute.key.place);
    }
    for metric in &registry.metrics {
        assert!(
            line(&metric.signal.name.place).contains(&metric.signal.name.value),
            "{}",
            metric.signal.name.place
        );
    }
}

/// The only fields of the conventions that the format doesn't have.
#[test]
fn what_is_no_field_of_the_format_is_listed() {
    let Some(registry) = registry() else { return };
    let left: Vec<String> = registry.left.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(left.join("\n"));
}
