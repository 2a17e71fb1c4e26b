//! Proof 3: a variant of a meaning can be told from each other one by what it shows on a signal.

use crate::hash::{HashMap, HashSet};
use std::collections::BTreeSet;

use super::overlap::overlap;
use super::search::{Pairs, search};
use super::shape::{Blank, Shape, shapes};
use crate::ir::draft::{Lossy, Meaning, Signal};
use crate::measure::map::{Reading, Space};

/// Two variants, by their numbers in the meaning, that can't be told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Conflict {
    /// The one that stands first.
    pub(super) first: usize,
    /// The one that is reported.
    pub(super) variant: usize,
}

/// When so many pairs of shapes of a signal can't be told apart, no more are looked for. Any of them is an error, and a person
/// is shown a few.
const ENOUGH: usize = 1_000;

/// What a signal of a meaning has against the proof.
pub(super) struct Findings {
    /// The pairs that can't be told apart: first those that name each variant with the first one before it, then the others,
    /// of which there may be more.
    pub(super) conflicts: Vec<Conflict>,
    /// How many pairs there are.
    pub(super) pairs: u64,
    /// Whether there may be more pairs, and variants before those that are named.
    pub(super) more: bool,
    /// The number of its group for each variant: one `lossy` would have to merge a group whole.
    groups: Vec<usize>,
    /// The `lossy` items, by their numbers in the meaning, with those of their variants that are told apart from all
    /// others in it.
    pub(super) idle: Vec<(usize, Vec<usize>)>,
}

impl Findings {
    /// The variants that one `lossy` would have to merge with this one, itself among them.
    pub(super) fn merged_with(&self, variant: usize) -> Vec<usize> {
        let group = self.groups.get(variant);
        let all = self.groups.iter().enumerate().filter(|(_, of)| Some(*of) == group);
        all.map(|(number, _)| number).collect()
    }
}

/// Looks at a signal of a meaning or a view.
pub(super) fn findings<'m>(
    face: &'m Meaning,
    signal: Signal,
    reading: Reading,
    space: &mut Space<'m>,
) -> Findings {
    let shapes = shapes(face, signal, reading, space);
    let all: Vec<&Shape> = shapes.iter().collect();
    let mut partners = Partners { shapes: &all, found: BTreeSet::new() };
    search(&all, reading, space, &mut partners);
    let more = partners.enough();
    let found = partners.found;
    let is_alike =
        |shape: &&Shape| shape.classes.is_empty() && shape.variants.len() > 1 && same(shape, reading, space);
    let alike: Vec<&Shape> = shapes.iter().filter(is_alike).collect();
    let count = |one: &Shape, other: &Shape| one.variants.len() as u64 * other.variants.len() as u64;
    let between = found.iter().map(|(one, other)| count(all[*one], all[*other])).sum::<u64>();
    let within =
        alike.iter().map(|shape| (count(shape, shape) - shape.variants.len() as u64) / 2).sum::<u64>();
    // Each variant with the first before it.
    let mut first: Vec<usize> = (0..face.variants.len()).collect();
    let meet = |first: &mut [usize], shape: &Shape, other: usize| {
        shape.variants.iter().for_each(|variant| first[*variant] = first[*variant].min(other));
    };
    alike.iter().for_each(|shape| meet(&mut first, shape, shape.first()));
    for (one, other) in &found {
        meet(&mut first, all[*one], all[*other].first());
        meet(&mut first, all[*other], all[*one].first());
    }
    let named = first.iter().enumerate().filter(|(variant, first)| *first < variant);
    let mut conflicts: Vec<Conflict> =
        named.map(|(variant, first)| Conflict { first: *first, variant }).collect();
    // And the others.
    let pairs = alike.iter().map(|shape| (*shape, *shape));
    let pairs = pairs.chain(found.iter().map(|(one, other)| (all[*one], all[*other])));
    let mut others: Vec<Conflict> = pairs
        .flat_map(|(one, other)| {
            one.variants.iter().flat_map(|one| other.variants.iter().map(|other| (*one, *other)))
        })
        .filter(|(one, other)| one != other)
        .map(|(one, other)| Conflict { first: one.min(other), variant: one.max(other) })
        .filter(|conflict| first[conflict.variant] != conflict.first)
        .take(2 * ENOUGH)
        .collect();
    others.sort_unstable_by_key(|conflict| (conflict.variant, conflict.first));
    others.dedup();
    conflicts.append(&mut others);
    let groups = groups(face, signal, &alike, found.iter().map(|(one, other)| [all[*one], all[*other]]));
    let idle = idle(face, signal, &shapes, reading, space);
    Findings { conflicts, pairs: between + within, more, groups, idle }
}

/// Who would have to be merged with whom: those that can't be told apart, and those that a `lossy` merges with them already.
fn groups<'s>(
    face: &Meaning,
    signal: Signal,
    alike: &[&'s Shape],
    pairs: impl Iterator<Item = [&'s Shape; 2]>,
) -> Vec<usize> {
    let mut parents: Vec<usize> = (0..face.variants.len()).collect();
    fn root(parents: &[usize], mut one: usize) -> usize {
        while parents[one] != one {
            one = parents[one];
        }
        one
    }
    let mut join = |variants: &mut dyn Iterator<Item = usize>| {
        let Some(first) = variants.next() else { return };
        for other in variants {
            let [one, other] = [first, other].map(|one| root(&parents, one));
            // The smaller number stays the root, so that ways stay short where the first one is named first.
            parents[one.max(other)] = one.min(other);
        }
    };
    for shape in alike {
        join(&mut shape.variants.iter().copied());
    }
    for [one, other] in pairs {
        join(&mut one.variants.iter().chain(&other.variants).copied());
    }
    let numbers: HashMap<&str, usize> =
        face.variants.iter().enumerate().map(|(number, variant)| (variant.name.as_str(), number)).collect();
    for lossy in face.lossy.iter().filter(|lossy| lossy.signal == signal && !lossy.inherited) {
        join(&mut lossy.variants.iter().filter_map(|name| numbers.get(name.as_str()).copied()));
    }
    (0..parents.len()).map(|one| root(&parents, one)).collect()
}

/// Whether the variants of a shape can't be told apart: not so where something can't be known.
fn same(shape: &Shape, reading: Reading, space: &Space<'_>) -> bool {
    shape.blank == Blank::None || overlap(&shape.map, &shape.map, reading, space).is_some()
}

/// The pairs of shapes that can't be told apart.
struct Partners<'s> {
    shapes: &'s [&'s Shape],
    found: BTreeSet<(usize, usize)>,
}

impl Pairs for Partners<'_> {
    fn wanted(&self, one: usize, other: usize) -> bool {
        !self.found.contains(&(one.min(other), one.max(other)))
            && !self.shapes[one].merged_with(self.shapes[other])
    }

    fn found(&mut self, one: usize, other: usize) {
        self.found.insert((one.min(other), one.max(other)));
    }

    fn enough(&self) -> bool {
        self.found.len() >= ENOUGH
    }
}

/// The `lossy` items that merge less than they say. What can't be known, or is not said, may be what they merge.
fn idle(
    face: &Meaning,
    signal: Signal,
    shapes: &[Shape],
    reading: Reading,
    space: &Space<'_>,
) -> Vec<(usize, Vec<usize>)> {
    let mut members: Vec<Vec<&Shape>> = vec![Vec::new(); face.lossy.len()];
    for shape in shapes {
        for class in &shape.classes {
            members[*class].push(shape);
        }
    }
    let own = |(_, (lossy, _)): &(usize, (&Lossy, Vec<&Shape>))| lossy.signal == signal && !lossy.inherited;
    let mut idle = Vec::new();
    for (class, (lossy, shapes)) in face.lossy.iter().zip(members).enumerate().filter(own) {
        let said: usize = shapes.iter().map(|shape| shape.variants.len()).sum();
        let named: HashSet<&String> = lossy.variants.iter().collect();
        if said < named.len() || shapes.iter().any(|shape| shape.map.is_unknown()) {
            continue;
        }
        let merged: Vec<bool> = shapes.iter().map(|shape| shape.variants.len() > 1).collect();
        let apart = merged.iter().filter(|merged| !**merged).count();
        let mut merged = Merged { merged, apart };
        search(&shapes, reading, space, &mut merged);
        let apart = shapes.iter().zip(&merged.merged).filter(|(_, merged)| !**merged);
        let mut apart: Vec<usize> = apart.map(|(shape, _)| shape.first()).collect();
        apart.sort_unstable();
        if !apart.is_empty() {
            idle.push((class, apart));
        }
    }
    idle
}

/// Which shapes can't be told from some other.
struct Merged {
    merged: Vec<bool>,
    apart: usize,
}

impl Pairs for Merged {
    fn wanted(&self, one: usize, other: usize) -> bool {
        !(self.merged[one] && self.merged[other])
    }

    fn found(&mut self, one: usize, other: usize) {
        for one in [one, other] {
            self.apart -= usize::from(!self.merged[one]);
            self.merged[one] = true;
        }
    }

    fn enough(&self) -> bool {
        self.apart == 0
    }
}
