//! The variants of a meaning by what they show on a signal: those that show the same, and are merged in the same
//! `lossy`, are one shape.

use crate::hash::HashMap;

use crate::ir::draft::{Meaning, Shown, Signal};
use crate::measure::map::{Cell, Key, Map, Reading, SetNumber, Space};

/// Variants that show the same.
pub(super) struct Shape {
    /// Their numbers in the meaning, in the order of the text.
    pub(super) variants: Vec<usize>,
    /// The numbers of the meaning's `lossy` items that they stand in, in their order.
    pub(super) classes: Vec<usize>,
    /// Whether they show nothing.
    pub(super) blank: Blank,
    pub(super) map: Map,
}

/// Whether variants show nothing, and how they say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Blank {
    /// By `none`.
    None,
    /// By a list without a key.
    Empty,
    /// They show something.
    No,
}

impl Shape {
    /// The first of the variants.
    pub(super) fn first(&self) -> usize {
        self.variants.first().copied().unwrap_or(usize::MAX)
    }

    /// Whether two shapes are merged on purpose.
    pub(super) fn merged_with(&self, other: &Shape) -> bool {
        self.classes.iter().any(|class| other.classes.binary_search(class).is_ok())
    }

    pub(super) fn is_blank(&self) -> bool {
        self.blank != Blank::No
    }
}

/// What makes two variants one shape.
type Likeness = (Blank, Vec<usize>, Vec<(Key, Cell)>, Vec<Option<SetNumber>>);

/// The shapes of a meaning on a signal, by the first variants. A variant that does not say how it shows has none.
pub(super) fn shapes<'m>(
    face: &'m Meaning,
    signal: Signal,
    reading: Reading,
    space: &mut Space<'m>,
) -> Vec<Shape> {
    let mut classes = classes(face, signal);
    let mut known: HashMap<Likeness, usize> = HashMap::default();
    let mut shapes: Vec<Shape> = Vec::new();
    for (number, variant) in face.variants.iter().enumerate() {
        let Some(projection) = variant.projection(signal) else { continue };
        let (map, _) = space.map(variant, signal, reading);
        let blank = match &projection.shown {
            Shown::None => Blank::None,
            Shown::Pairs(pairs) if pairs.is_empty() => Blank::Empty,
            Shown::Pairs(_) => Blank::No,
        };
        let classes = classes.remove(variant.name.as_str()).unwrap_or_default();
        let likeness = (blank, classes.clone(), map.cells.clone(), map.variables.clone());
        let shape = *known.entry(likeness).or_insert(shapes.len());
        match shapes.get_mut(shape) {
            Some(shape) => shape.variants.push(number),
            None => shapes.push(Shape { variants: vec![number], classes, blank, map }),
        }
    }
    shapes
}

/// The numbers of the `lossy` items of a signal in which each variant stands.
fn classes(face: &Meaning, signal: Signal) -> HashMap<&str, Vec<usize>> {
    let mut classes: HashMap<&str, Vec<usize>> = HashMap::default();
    for (number, lossy) in face.lossy.iter().enumerate().filter(|(_, lossy)| lossy.signal == signal) {
        for name in &lossy.variants {
            let of_variant = classes.entry(name).or_default();
            if of_variant.last() != Some(&number) {
                of_variant.push(number);
            }
        }
    }
    classes
}
