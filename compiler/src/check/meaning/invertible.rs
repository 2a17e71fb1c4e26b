//! Proof 3: a variant of a meaning can be told from each other one by what it shows on a signal.

use std::collections::HashSet;

use super::map::{Reading, Space};
use super::overlap::overlap;
use super::search::{Pairs, search};
use super::shape::{Blank, Shape, shapes};
use crate::ir::{Lossy, Meaning, Signal};

/// Two variants, by their numbers in the meaning, that can't be told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Conflict {
    /// The one that stands first.
    pub(super) first: usize,
    /// The one that is reported.
    pub(super) variant: usize,
}

/// When so many shapes of a signal can't be told from one before them, no more are looked for. Any of them is an error,
/// and a person is shown a few.
const ENOUGH: usize = 1_000;

/// What a signal of a meaning has against the proof.
pub(super) struct Findings {
    /// Each variant that can't be told from one before it, with the first of those.
    pub(super) conflicts: Vec<Conflict>,
    /// Whether there may be more conflicts, and variants before those that are named.
    pub(super) more: bool,
    /// The `lossy` items, by their numbers in the meaning, with those of their variants that are told apart from all
    /// others in it.
    pub(super) idle: Vec<(usize, Vec<usize>)>,
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
    let mut partners = Partners { shapes: &all, first: vec![usize::MAX; all.len()], found: 0 };
    search(&all, reading, space, &mut partners);
    let mut conflicts = Vec::new();
    for (shape, partner) in shapes.iter().zip(&partners.first) {
        let alike = shape.classes.is_empty() && shape.variants.len() > 1 && same(shape, reading, space);
        for variant in &shape.variants {
            let of_shape = if alike { shape.first() } else { usize::MAX };
            let first = of_shape.min(*partner);
            if first < *variant {
                conflicts.push(Conflict { first, variant: *variant });
            }
        }
    }
    conflicts.sort_unstable_by_key(|conflict| conflict.variant);
    let more = partners.enough();
    Findings { conflicts, more, idle: idle(face, signal, &shapes, reading, space) }
}

/// Whether the variants of a shape can't be told apart: not so where something can't be known.
fn same(shape: &Shape, reading: Reading, space: &Space<'_>) -> bool {
    shape.blank == Blank::None || overlap(&shape.map, &shape.map, reading, space).is_some()
}

/// The first variant from which each shape can't be told.
struct Partners<'s> {
    shapes: &'s [&'s Shape],
    first: Vec<usize>,
    /// How many shapes can't be told from one.
    found: usize,
}

impl Pairs for Partners<'_> {
    fn wanted(&self, one: usize, other: usize) -> bool {
        let news =
            self.first[one] > self.shapes[other].first() || self.first[other] > self.shapes[one].first();
        news && !self.shapes[one].merged_with(self.shapes[other])
    }

    fn found(&mut self, one: usize, other: usize) {
        for (one, other) in [(one, other), (other, one)] {
            self.found += usize::from(self.first[one] == usize::MAX);
            self.first[one] = self.first[one].min(self.shapes[other].first());
        }
    }

    fn enough(&self) -> bool {
        self.found >= ENOUGH
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
