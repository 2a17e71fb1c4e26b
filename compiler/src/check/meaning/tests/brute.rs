//! The search and the unification against the definition, over every value of small domains.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::build::{
    Written, constant, meaning, only, payload, range, text, text_of, to_string, truth, variant,
};
use crate::check::meaning::invertible::{Conflict, findings};
use crate::ir::draft::{Domain, Literal, Meaning, PairValue, Range, Scalar, Shown, Signal, Type, Variant};
use crate::measure::distinct::labels;
use crate::measure::image::image;
use crate::measure::map::{Reading, Space};

type Record = BTreeMap<String, String>;

/// Every text that any value of these tests may have, and some that none has otherwise.
fn universe() -> Vec<String> {
    let words = ["", "x", "10x", "true", "false", "z", "zz", "zzz"];
    words.iter().map(|word| (*word).to_owned()).chain((-1..=13).map(|number| number.to_string())).collect()
}

fn values(domain: &Domain) -> Vec<String> {
    let fits = |text: &String| {
        if let Some(members) = &domain.members {
            return members.iter().any(|member| member.wire.value().to_string() == *text);
        }
        match domain.value {
            Type::Scalar(Scalar::Bool) => text == "true" || text == "false",
            Type::Scalar(Scalar::Int) => text.parse::<i64>().is_ok_and(|number| match domain.range {
                _ if domain.except.contains(&Literal::Int(number)) => false,
                Some(Range::Int(low, high)) => (low..=high).contains(&number),
                _ => true,
            }),
            _ => domain.max_length.is_none_or(|max| text.chars().count() <= max as usize),
        }
    };
    universe().into_iter().filter(fits).collect()
}

/// Every record that a variant may show.
fn records(variant: &Variant, signal: Signal, values: impl Fn(&Domain) -> Vec<String>) -> BTreeSet<Record> {
    let mut choices: Vec<BTreeMap<&str, String>> = vec![BTreeMap::new()];
    for payload in &variant.payload {
        let of_payload = values(payload.domain.known().unwrap());
        choices = choices
            .iter()
            .flat_map(|choice| {
                of_payload.iter().map(|value| {
                    let mut choice = choice.clone();
                    choice.insert(payload.name.as_str(), value.clone());
                    choice
                })
            })
            .collect();
    }
    let pairs = variant.pairs(signal);
    let record = |choice: &BTreeMap<&str, String>| {
        let pairs = pairs.iter().map(|pair| {
            let value = match pair.value.known().unwrap() {
                PairValue::Constant(literal) => literal.value().to_string(),
                PairValue::Payload(id) | PairValue::ToString(id) => {
                    choice[variant.payload(*id).name.as_str()].clone()
                }
            };
            (pair.key.clone(), value)
        });
        pairs.collect()
    };
    choices.iter().map(record).collect()
}

fn contained(one: &BTreeSet<Record>, other: &BTreeSet<Record>) -> bool {
    let keys: Option<BTreeSet<String>> = one.first().map(|record| record.keys().cloned().collect());
    let Some(keys) = keys else { return false };
    let cut = |record: &Record| -> Record {
        record
            .iter()
            .filter(|(key, _)| keys.contains(*key))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    };
    other.iter().map(cut).any(|record| one.contains(&record))
}

/// Whether two variants can't be told apart, by the definition.
fn conflict(one: &Variant, other: &Variant, signal: Signal, reading: Reading) -> bool {
    let [one_none, other_none] = [one, other]
        .map(|variant| variant.projection(signal).is_some_and(|projection| projection.shown == Shown::None));
    let [left, right] = [one, other].map(|variant| {
        let mut records = records(variant, signal, values);
        if reading == Reading::PrometheusPoint {
            let cut = |mut record: Record| {
                record.retain(|_, value| !value.is_empty());
                record
            };
            records = records.into_iter().map(cut).collect();
        }
        records
    });
    match reading {
        Reading::Point | Reading::PrometheusPoint => !left.is_disjoint(&right),
        Reading::Record if one_none || other_none => {
            one.pairs(signal).is_empty() && other.pairs(signal).is_empty()
        }
        Reading::Record => contained(&left, &right) || contained(&right, &left),
    }
}

fn domains() -> impl Strategy<Value = Domain> {
    prop_oneof![
        (0_i64..=11, 0_i64..=3).prop_map(|(low, size)| range(low, low + size)),
        (0_i64..=9, proptest::sample::subsequence(vec![0, 1, 2], 1..=3)).prop_map(|(low, holes)| {
            let except = holes.into_iter().map(|hole| Literal::Int(low + hole)).collect();
            Domain { except, ..range(low, low + 3) }
        }),
        Just(truth()),
        proptest::sample::subsequence(vec!["", "x", "1", "10", "true"], 1..=3).prop_map(|list| only(&list)),
        (0_u32..=2).prop_map(text_of),
        Just(text()),
        Just(Domain::of(Type::Scalar(Scalar::Int))),
    ]
}

fn cells() -> impl Strategy<Value = Written> {
    let constants = ["", "x", "1", "10", "true"].map(constant);
    prop_oneof![
        3 => proptest::sample::select(constants.to_vec()),
        1 => Just(constant(10)),
        1 => Just(constant(Literal::Bool(true))),
        3 => proptest::sample::select(vec![payload("p"), payload("q"), to_string("p"), to_string("q")]),
    ]
}

fn variants(signal: Signal) -> impl Strategy<Value = Variant> {
    let maps = proptest::collection::btree_map(proptest::sample::select(vec!["a", "b", "c"]), cells(), 0..=3);
    (domains(), domains(), proptest::option::weighted(0.9, maps)).prop_map(move |(p, q, map)| {
        let variant = variant("");
        match map {
            None => variant.shows_nothing(signal),
            Some(map) => {
                let carries = |name: &str| map.values().any(|value| value.carried() == Some(name));
                let variant = if carries("p") { variant.carries("p", p) } else { variant };
                let variant = if carries("q") { variant.carries("q", q) } else { variant };
                variant.shows(signal, map)
            }
        }
    })
}

fn meanings(signal: Signal) -> impl Strategy<Value = Meaning> {
    let classes = proptest::collection::vec(
        proptest::sample::subsequence((0..6).collect::<Vec<usize>>(), 2..=4),
        0..=2,
    );
    (proptest::collection::vec(variants(signal), 2..=6), classes).prop_map(move |(mut variants, classes)| {
        for (number, variant) in variants.iter_mut().enumerate() {
            variant.name = format!("V{number}");
        }
        let count = variants.len();
        classes.into_iter().fold(meaning("Meaning", variants), |meaning, class| {
            let names: Vec<String> =
                class.iter().filter(|number| **number < count).map(|number| format!("V{number}")).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            meaning.merges(signal, &names)
        })
    })
}

fn agrees(face: &Meaning, signal: Signal, reading: Reading) -> Result<(), TestCaseError> {
    let mut space = Space::new(slo_model::names::PrometheusNaming::default());
    let found = findings(face, signal, reading, &mut space);
    let conflicts = |one: &Variant, other: &Variant| conflict(one, other, signal, reading);
    let merged = |one: &Variant, other: &Variant| {
        face.lossy
            .iter()
            .any(|lossy| lossy.variants.contains(&one.name) && lossy.variants.contains(&other.name))
    };
    let (mut expected, mut others) = (Vec::new(), Vec::new());
    for (number, variant) in face.variants.iter().enumerate() {
        let before = face.variants[..number].iter().enumerate();
        let alike = before.filter(|(_, other)| conflicts(other, variant) && !merged(other, variant));
        let mut alike = alike.map(|(first, _)| Conflict { first, variant: number });
        expected.extend(alike.next());
        others.extend(alike);
    }
    expected.append(&mut others);
    prop_assert_eq!(&found.conflicts, &expected);
    prop_assert_eq!(found.pairs, expected.len() as u64);
    // One `lossy` for each that can't be told from another, with all that it can't be told from, leaves nothing to find.
    for conflict in &expected {
        let merged = found.merged_with(conflict.variant);
        let whole = |other: &Conflict| merged.contains(&other.first) == merged.contains(&other.variant);
        prop_assert!(expected.iter().all(whole));
        prop_assert!(merged.contains(&conflict.first));
    }
    let mut idle = Vec::new();
    for (number, lossy) in face.lossy.iter().enumerate() {
        let apart = |variant: &Variant| {
            lossy.variants.contains(&variant.name)
                && !lossy
                    .variants
                    .iter()
                    .filter(|name| **name != variant.name)
                    .any(|name| conflicts(variant, face.variant(name).unwrap()))
        };
        let apart: Vec<usize> = (0..face.variants.len()).filter(|at| apart(&face.variants[*at])).collect();
        if !apart.is_empty() {
            idle.push((number, apart));
        }
    }
    prop_assert_eq!(&found.idle, &idle);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn points_are_told_apart_as_the_definition_says(face in meanings(Signal::Metric)) {
        agrees(&face, Signal::Metric, Reading::Point)?;
    }

    #[test]
    fn points_of_prometheus_are_told_apart_as_the_definition_says(face in meanings(Signal::Metric)) {
        agrees(&face, Signal::Metric, Reading::PrometheusPoint)?;
    }

    #[test]
    fn records_are_told_apart_as_the_definition_says(face in meanings(Signal::Log)) {
        agrees(&face, Signal::Log, Reading::Record)?;
    }

    #[test]
    fn tuples_are_counted_as_they_are(face in meanings(Signal::Metric), keep in 0_usize..=6) {
        let listed = |variant: &Variant| {
            variant.payload.iter().all(|payload| labels(payload.domain.known().unwrap()).is_some())
        };
        let keeps = |variant: &Variant| listed(variant) && variant.name != format!("V{keep}");
        let mut space = Space::new(slo_model::names::PrometheusNaming::default());
        prop_assume!(findings(&face, Signal::Metric, Reading::Point, &mut space).conflicts.is_empty());
        let of_variant = |variant: &Variant| {
            records(variant, Signal::Metric, |domain| labels(domain).unwrap().into_iter().collect())
        };
        let expected: BTreeSet<Record> =
            face.variants.iter().filter(|variant| keeps(variant)).flat_map(of_variant).collect();
        let found = image(&face, &|name| keeps(face.variant(name).unwrap()));
        prop_assert_eq!(found.tuples(), expected.len() as u64);
        prop_assert!(found.unbounded.is_empty());
    }
}
