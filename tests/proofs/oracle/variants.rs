//! Proof 3: variants are told apart, and from absence.

use std::collections::BTreeSet;

use slo_compiler::diagnostic::Code;

use super::{Oracle, Verdict};
use crate::proofs::model::{Block, Face, Signal};
use crate::proofs::records::{Map, Record, Shape, Value};

impl Oracle<'_> {
    pub(super) fn invertible(&self, face: Face, verdict: &mut Verdict) {
        let shapes = self.world.shapes(face);
        for shape in shapes {
            let shown: BTreeSet<usize> =
                Signal::ALL.iter().flat_map(|signal| shape.carried(*signal)).collect();
            verdict.find_if(shown.len() < shape.payload.len(), Code::PayloadLost);
        }
        let (own, _) = self.world.lossy(face);
        for signal in Signal::ALL {
            for (number, shape) in shapes.iter().enumerate() {
                let before = shapes[..number].iter().enumerate();
                let before = before.filter(|(other, _)| !self.merged(face, signal, *other, number));
                let likenesses: BTreeSet<Likeness> =
                    before.map(|(_, other)| self.likeness(other, shape, signal)).collect();
                report(&likenesses, verdict);
            }
            for lossy in own.iter().filter(|lossy| lossy.signal == signal) {
                // Of a variant that doesn't say how it shows it can't be said what it is told apart from.
                let unsaid = |number: &usize| matches!(shapes[*number].on(signal), Block::Unsaid);
                let mut open = lossy.variants.iter().any(unsaid);
                let mut idle = false;
                for one in &lossy.variants {
                    let others = lossy.variants.iter().filter(|other| *other != one);
                    let likenesses: BTreeSet<Likeness> =
                        others.map(|other| self.likeness(&shapes[*one], &shapes[*other], signal)).collect();
                    idle |= likenesses == [Likeness::Apart].into();
                    open |= likenesses.contains(&Likeness::Unsure);
                }
                verdict.find_if(idle && !open, Code::MergesNothing);
                verdict.leave_open_if(open, Code::MergesNothing);
            }
        }
    }

    /// Whether two variants are merged on purpose.
    pub(super) fn merged(&self, face: Face, signal: Signal, one: usize, other: usize) -> bool {
        let (own, inherited) = self.world.lossy(face);
        own.iter().chain(&inherited).any(|lossy| {
            lossy.signal == signal && lossy.variants.contains(&one) && lossy.variants.contains(&other)
        })
    }

    pub(super) fn likeness(&self, one: &Shape, other: &Shape, signal: Signal) -> Likeness {
        let kind = |shape: &Shape| match shape.on(signal) {
            Block::Unsaid => None,
            Block::None => Some(Blank::None),
            Block::Pairs(pairs) if pairs.is_empty() => Some(Blank::Empty),
            Block::Pairs(_) => Some(Blank::Shows),
        };
        let maps = |shape: &Shape| -> BTreeSet<Map> {
            let assignments = self.world.assignments(shape);
            assignments.iter().map(|payload| shape.map(signal, payload)).collect()
        };
        match (kind(one), kind(other)) {
            (None, _) | (_, None) => Likeness::Apart,
            (Some(Blank::None), Some(Blank::None | Blank::Empty))
            | (Some(Blank::Empty), Some(Blank::None)) => Likeness::BothBlank,
            (Some(Blank::Empty), Some(Blank::Empty)) if signal == Signal::Metric => Likeness::BothBlank,
            (Some(Blank::Empty), Some(Blank::Empty)) => Likeness::BothEmpty,
            _ if signal == Signal::Metric => self.tuples_meet(&maps(one), &maps(other)),
            // What is `none` has no map.
            (Some(Blank::None), _) | (_, Some(Blank::None)) => Likeness::Apart,
            _ => {
                let (ours, theirs) = (maps(one), maps(other));
                let within =
                    |small: &Map, large: &Map| small.iter().all(|(key, value)| large.get(key) == Some(value));
                let contained = ours
                    .iter()
                    .any(|our| theirs.iter().any(|their| within(our, their) || within(their, our)));
                if contained { Likeness::Alike } else { Likeness::Apart }
            }
        }
    }

    /// Whether two variants have a tuple of labels in common, under any target.
    fn tuples_meet(&self, ours: &BTreeSet<Map>, theirs: &BTreeSet<Map>) -> Likeness {
        if !ours.is_disjoint(theirs) {
            return Likeness::Alike;
        }
        if !self.contract.prometheus {
            return Likeness::Apart;
        }
        let naming = self.contract.naming();
        let label = |key: &String| naming.label(key).unwrap_or_default();
        let tuple = |map: &Map| -> Map {
            let labels = map.iter().filter(|(_, value)| !value.is_empty());
            labels.map(|(key, value)| (label(key), value.clone())).collect()
        };
        let tuples = |maps: &BTreeSet<Map>| -> BTreeSet<Map> { maps.iter().map(tuple).collect() };
        // What two keys that become one label show is another finding's matter.
        let joins = |map: &Map| map.keys().map(label).collect::<BTreeSet<_>>().len() < map.len();
        if ours.iter().chain(theirs).any(joins) {
            Likeness::Unsure
        } else if tuples(ours).is_disjoint(&tuples(theirs)) {
            Likeness::Apart
        } else {
            Likeness::Alike
        }
    }

    pub(super) fn blank_optional(
        &self,
        field: usize,
        shapes: &[Shape],
        signal: Signal,
        passing: &[&Record],
        verdict: &mut Verdict,
    ) {
        let absent = passing.iter().any(|record| record[field] == Value::Absent);
        let blank = passing.iter().any(|record| match &record[field] {
            Value::Variant { variant, payload } => {
                let shape = &shapes[*variant];
                let map = shape.map(signal, payload);
                let empty_is_absent = signal == Signal::Metric && self.contract.prometheus;
                let shows = map.values().any(|value| !(empty_is_absent && value.is_empty()));
                !matches!(shape.on(signal), Block::Unsaid) && !shows
            }
            _ => false,
        });
        verdict.find_if(absent && blank, Code::BlankOptional);
    }
}

enum Blank {
    None,
    Empty,
    Shows,
}

/// How two variants look on a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    Apart,
    Alike,
    /// Both show nothing, at least one by `none`.
    BothBlank,
    /// Both have an empty block: contained in each other, and blank.
    BothEmpty,
    Unsure,
}

/// What to say of a variant that is so like those before it.
fn report(likenesses: &BTreeSet<Likeness>, verdict: &mut Verdict) {
    let alike = likenesses.contains(&Likeness::Alike);
    let blank = likenesses.contains(&Likeness::BothBlank);
    if likenesses.contains(&Likeness::BothEmpty) || alike && blank {
        // One finding is enough for one variant.
        verdict.one_of.insert([Code::Ambiguous, Code::TwoBlank]);
    } else {
        verdict.find_if(alike, Code::Ambiguous);
        verdict.find_if(blank, Code::TwoBlank);
    }
    verdict.leave_open_if(likenesses.contains(&Likeness::Unsure), Code::Ambiguous);
}
