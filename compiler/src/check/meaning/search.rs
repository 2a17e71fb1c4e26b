//! Finds the shapes that can't be told apart, without looking at every pair of them.
//!
//! Two shapes of constants alone are the same point where their cells are the same, which a table answers. For the rest, a
//! shape is compared with those that may share the rarest of its texts: in the worst case that is every pair of
//! shapes times their keys, and linear where each has a key or a text of its own.

use crate::hash::HashMap;

use super::index::Index;
use super::overlap::{may_overlap, overlap};
use super::shape::{Blank, Shape};
use crate::measure::map::{Cell, Key, Map, Reading, Space};

/// What is done about two shapes that can't be told apart.
pub(super) trait Pairs {
    /// Whether it matters that these two can't be told apart.
    fn wanted(&self, one: usize, other: usize) -> bool;

    /// These two can't be told apart.
    fn found(&mut self, one: usize, other: usize);

    /// Whether enough was found, so that the rest doesn't matter.
    fn enough(&self) -> bool;
}

/// Finds the pairs among these shapes that can't be told apart, and matter.
pub(super) fn search(shapes: &[&Shape], reading: Reading, space: &Space<'_>, pairs: &mut impl Pairs) {
    match reading {
        Reading::Point | Reading::PrometheusPoint => {
            let mut constant: HashMap<&[(Key, Cell)], Vec<usize>> = HashMap::default();
            for (number, shape) in shapes.iter().enumerate().filter(|(_, shape)| is_constant(&shape.map)) {
                constant.entry(&shape.map.cells).or_default().push(number);
            }
            let mut constant: Vec<Vec<usize>> = constant.into_values().collect();
            constant.sort_unstable();
            constant.iter().for_each(|same| each_pair(same, pairs));
        }
        Reading::Record => {
            let blank = |(number, shape): (usize, &&Shape)| shape.is_blank().then_some(number);
            let blank: Vec<usize> = shapes.iter().enumerate().filter_map(blank).collect();
            each_pair(&blank, pairs);
        }
    }
    // `none` is no record, and so contains none.
    let compared = |shape: &Shape| reading != Reading::Record || shape.blank != Blank::None;
    // Points of constants alone were compared with each other; with the others these compare themselves.
    let compares =
        |shape: &Shape| compared(shape) && (reading == Reading::Record || !is_constant(&shape.map));
    if !shapes.iter().any(|shape| compares(shape)) {
        return;
    }
    let maps = shapes.iter().enumerate().filter(|(_, shape)| compared(shape));
    let index = Index::new(maps.map(|(number, shape)| (number, &shape.map)), space);
    for (number, shape) in shapes.iter().enumerate().filter(|(_, shape)| compares(shape)) {
        if pairs.enough() {
            return;
        }
        index.visit(&shape.map, reading, space, |other| {
            if other != number
                && let Some(other_shape) = shapes.get(other)
                && may_overlap(&shape.map, &other_shape.map, reading)
                && pairs.wanted(number, other)
                && overlap(&shape.map, &other_shape.map, reading, space).is_some()
            {
                pairs.found(number, other);
            }
        });
    }
}

fn is_constant(map: &Map) -> bool {
    map.variables.is_empty() && !map.is_unknown()
}

fn each_pair(numbers: &[usize], pairs: &mut impl Pairs) {
    for (index, one) in numbers.iter().enumerate() {
        if pairs.enough() {
            return;
        }
        for other in numbers.iter().skip(index + 1) {
            if pairs.wanted(*one, *other) {
                pairs.found(*one, *other);
            }
        }
    }
}
