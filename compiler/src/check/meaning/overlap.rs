//! Whether two variants can show the same: for some values of their payloads the labels of one point, or, on a record,
//! all that the first shows in what the second does.
//!
//! A payload is a variable, and stays one where it is written to several keys. Two variables that meet on a key must
//! be equal there, and so all that meet make a class; a class needs a text that is in the sets of all its variables,
//! and is its constant if it has one. Classes share no variable, so that each may be looked at by itself.

use std::cmp::Ordering;

use crate::measure::map::{Cell, Map, Reading, Space};
use crate::measure::set::{Common, Set};
use crate::measure::texts::{EMPTY, Text};

/// The values of the variables, those of the first map before those of the second. None where one can't be known, and
/// doesn't matter.
pub(super) type Values = Vec<Option<Common>>;

/// Whether a look at two maps leaves open that they overlap.
pub(super) fn may_overlap(one: &Map, other: &Map, reading: Reading) -> bool {
    one.must.within(&other.may)
        && (reading == Reading::Record || other.must.within(&one.may))
        && (!other.variables.is_empty() || one.constants.within(&other.constants))
}

/// Values for which two maps are the same, or, on a record, for which the first is contained in the second. None where
/// there are none, and where it can't be known.
pub(super) fn overlap(one: &Map, other: &Map, reading: Reading, space: &Space<'_>) -> Option<Values> {
    let alone = |cell: Cell, map: &Map| {
        reading == Reading::PrometheusPoint && space.may_meet(cell, map, Cell::Constant(EMPTY), map)
    };
    let fits = side_by_side(one, other, |cells| match cells {
        (Some(left), Some(right)) => space.may_meet(left, one, right, other),
        (Some(left), None) => alone(left, one),
        (None, Some(right)) => reading == Reading::Record || alone(right, other),
        (None, None) => true,
    });
    if !fits {
        return None;
    }
    if one.variables.is_empty() && other.variables.is_empty() {
        return Some(Vec::new());
    }
    let mut classes = Classes::new(one.variables.len() + other.variables.len());
    let shift = one.variables.len();
    let met = side_by_side(one, other, |cells| match cells {
        (Some(left), Some(right)) => classes.meet(Side::of(left, 0), Side::of(right, shift)),
        (Some(left), None) => classes.meet(Side::of(left, 0), Some(Side::Constant(EMPTY))),
        (None, Some(_)) if reading == Reading::Record => true,
        (None, Some(right)) => classes.meet(Side::of(right, shift), Some(Side::Constant(EMPTY))),
        (None, None) => true,
    });
    if !met {
        return None;
    }
    let sets: Vec<Option<&Set>> = one
        .variables
        .iter()
        .chain(&other.variables)
        .map(|set| set.and_then(|number| space.set(number)))
        .collect();
    classes.values(&sets, space)
}

impl Space<'_> {
    /// Whether two cells by themselves can hold one text, as far as that is quickly seen.
    fn may_meet(&self, left: Cell, left_map: &Map, right: Cell, right_map: &Map) -> bool {
        let holds = |map: &Map, cell: Cell, text: Text| {
            map.set(cell, self).is_some_and(|set| set.contains(text, &self.texts))
        };
        match (left, right) {
            (Cell::Unknown, _) | (_, Cell::Unknown) => false,
            (Cell::Constant(left), Cell::Constant(right)) => left == right,
            (Cell::Variable(_), Cell::Constant(text)) => holds(left_map, left, text),
            (Cell::Constant(text), Cell::Variable(_)) => holds(right_map, right, text),
            (Cell::Variable(_), Cell::Variable(_)) => {
                left_map.set(left, self).is_some() && right_map.set(right, self).is_some()
            }
        }
    }
}

/// Looks at the cells of two maps key by key, until `look` says no.
fn side_by_side(one: &Map, other: &Map, mut look: impl FnMut((Option<Cell>, Option<Cell>)) -> bool) -> bool {
    let (mut left, mut right) = (one.cells.iter().peekable(), other.cells.iter().peekable());
    loop {
        let order = match (left.peek(), right.peek()) {
            (None, None) => return true,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((left, _)), Some((right, _))) => left.cmp(right),
        };
        let left = if order.is_le() { left.next() } else { None };
        let right = if order.is_ge() { right.next() } else { None };
        if !look((left.map(|(_, cell)| *cell), right.map(|(_, cell)| *cell))) {
            return false;
        }
    }
}

/// One of two things that meet on a key.
#[derive(Clone, Copy)]
enum Side {
    Constant(Text),
    Variable(usize),
}

impl Side {
    fn of(cell: Cell, shift: usize) -> Option<Side> {
        match cell {
            Cell::Constant(text) => Some(Side::Constant(text)),
            Cell::Variable(number) => Some(Side::Variable(number as usize + shift)),
            Cell::Unknown => None,
        }
    }
}

/// Classes of variables that are equal, each a tree that ends in one of them.
struct Classes {
    parents: Vec<usize>,
    /// What a class is, by the variable in which its tree ends.
    constants: Vec<Option<Text>>,
}

impl Classes {
    fn new(variables: usize) -> Classes {
        Classes { parents: (0..variables).collect(), constants: vec![None; variables] }
    }

    fn root(&self, mut variable: usize) -> usize {
        while let Some(parent) = self.parents.get(variable).filter(|parent| **parent != variable) {
            variable = *parent;
        }
        variable
    }

    /// Makes two sides equal. Says whether they can be, the sets apart.
    fn meet(&mut self, left: Option<Side>, right: Option<Side>) -> bool {
        match (left, right) {
            (Some(Side::Constant(left)), Some(Side::Constant(right))) => left == right,
            (Some(Side::Variable(variable)), Some(Side::Constant(text)))
            | (Some(Side::Constant(text)), Some(Side::Variable(variable))) => {
                let root = self.root(variable);
                *self.constants[root].get_or_insert(text) == text
            }
            (Some(Side::Variable(left)), Some(Side::Variable(right))) => {
                let (left, right) = (self.root(left), self.root(right));
                self.parents[left] = right;
                match (self.constants[left], self.constants[right]) {
                    (Some(one), Some(other)) => one == other,
                    (one, other) => {
                        self.constants[right] = one.or(other);
                        true
                    }
                }
            }
            _ => false,
        }
    }

    /// A value for each variable, by the sets of all.
    fn values(&self, sets: &[Option<&Set>], space: &Space<'_>) -> Option<Values> {
        let roots: Vec<usize> = (0..sets.len()).map(|variable| self.root(variable)).collect();
        let mut values = vec![None; sets.len()];
        for variable in 0..sets.len() {
            let root = roots[variable];
            // The class was looked at already, or its only set can't be known.
            if roots[..variable].contains(&root) || sets[variable].is_none() {
                continue;
            }
            let of_class = roots.iter().zip(sets).filter(|(other, _)| **other == root);
            let class: Vec<&Set> = of_class.filter_map(|(_, set)| *set).collect();
            let common = Set::common(&class, self.constants[root], &space.texts)?;
            for (value, _) in values.iter_mut().zip(&roots).filter(|(_, other)| **other == root) {
                *value = Some(common);
            }
        }
        Some(values)
    }
}
