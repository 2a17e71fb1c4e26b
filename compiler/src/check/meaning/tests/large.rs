//! Meanings with many variants.

use super::build::{Written, constant, contract, meaning, payload, range, variant};
use crate::check::meaning::check;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Meaning, Signal, Target, Variant};

fn found(face: Meaning) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    check(&contract(&[Target::Otlp, Target::Prometheus], vec![face]), &mut diagnostics);
    diagnostics
}

fn shows(variant: Variant, pairs: &[(String, Written)]) -> Variant {
    Signal::ALL.into_iter().fold(variant, |variant, signal| variant.shows(signal, pairs.to_vec()))
}

/// Variants that each show a random half of 40 keys.
fn halves(variants: u64) -> Meaning {
    let mut state = 1_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let one = |number| {
        let mut keys: Vec<usize> = (0..40).collect();
        (1..40).rev().for_each(|last| keys.swap(last, random(last + 1)));
        let pairs: Vec<_> = keys[..20].iter().map(|key| (format!("k.{key}"), constant("x"))).collect();
        shows(variant(&format!("V{number}")), &pairs)
    };
    meaning("Halves", (0..variants).map(one).collect())
}

/// Variants that each have a range of their own under one key, and share what stands under another.
fn ranges(variants: i64) -> Meaning {
    let one = |number: i64| {
        let pairs = [("kind".to_owned(), constant("x")), ("code".to_owned(), payload("code"))];
        shows(variant(&format!("V{number}")).carries("code", range(10 * number, 10 * number + 9)), &pairs)
    };
    meaning("Ranges", (0..variants).map(one).collect())
}

#[test]
fn many_variants_are_told_apart() {
    assert!(found(halves(1_000)).is_empty());
    assert!(found(ranges(1_000)).is_empty());
}

#[test]
fn thousands_that_collide_are_a_few_findings() {
    let one = |number| shows(variant(&format!("V{number}")), &[("kind".to_owned(), constant("x"))]);
    let diagnostics = found(meaning("Same", (0..1_000).map(one).collect()));
    assert_eq!(diagnostics.len(), 60);
    assert!(diagnostics.iter().all(|diagnostic| diagnostic.code == Code::Ambiguous));
    let last = diagnostics.iter().find(|diagnostic| diagnostic.notes.len() > 1).unwrap();
    assert_eq!(last.notes[1], "and 499_480 more pairs of variants of `Same` can't be told apart on a metric");
}
