//! Which maps may share a key's text with another, so that not every pair of maps is looked at.

use crate::hash::HashMap;

use crate::measure::map::{Cell, Key, Map, Reading, Space};
use crate::measure::set::{Extent, Set};
use crate::measure::texts::Text;

/// A listed set of at most this many texts is found by each of them.
const FEW: usize = 16;

/// Maps by what stands under their keys. A cell that can't be known stands nowhere.
pub(super) struct Index {
    keys: HashMap<Key, Column>,
    everything: Vec<usize>,
}

/// What maps have under one key.
#[derive(Default)]
struct Column {
    all: Vec<usize>,
    /// Those with one of few texts, by each of them.
    texts: HashMap<Text, Vec<usize>>,
    /// The integers among those texts, in their order.
    integers: Vec<(i64, usize)>,
    ranges: Ranges,
    /// Those that only looking tells.
    wide: Vec<usize>,
}

/// Ranges by their least integer.
#[derive(Default)]
struct Ranges {
    by_least: Vec<Between>,
    /// The greatest integer of all ranges up to each.
    greatest_so_far: Vec<i64>,
    /// The greatest integers, in their order.
    greatest: Vec<i64>,
}

struct Between {
    least: i64,
    greatest: i64,
    map: usize,
}

impl Index {
    /// The maps of these numbers.
    pub(super) fn new<'s>(maps: impl Iterator<Item = (usize, &'s Map)>, space: &Space<'_>) -> Index {
        let mut index = Index { keys: HashMap::default(), everything: Vec::new() };
        for (number, map) in maps {
            index.everything.push(number);
            for (key, cell) in &map.cells {
                index.keys.entry(*key).or_default().add(number, map, *cell, space);
            }
        }
        for column in index.keys.values_mut() {
            column.integers.sort_unstable();
            column.ranges.finish();
        }
        index
    }

    /// Visits every map that may share a text with this one on each key that this one always shows. A map may be
    /// visited more than once.
    pub(super) fn visit(&self, map: &Map, reading: Reading, space: &Space<'_>, mut visit: impl FnMut(usize)) {
        if map.is_unknown() {
            return;
        }
        let always = |cell: Cell| reading != Reading::PrometheusPoint || map.always_shows(cell, space);
        let cells = map.cells.iter().filter(|(_, cell)| always(*cell));
        let counted = cells.map(|(key, cell)| {
            let column = self.keys.get(key);
            (column.map_or(0, |column| column.count(map, *cell, space)), column, *cell)
        });
        match counted.min_by_key(|(count, ..)| *count) {
            Some((_, Some(column), cell)) => column.visit(map, cell, space, visit),
            Some((_, None, _)) => {}
            None => self.everything.iter().for_each(|number| visit(*number)),
        }
    }
}

/// What a cell may hold.
enum Held<'s> {
    Constant(Text),
    Few(&'s [Text]),
    Integers(i64, i64),
    Wide,
    Unknown,
}

impl<'s> Held<'s> {
    fn of(map: &Map, cell: Cell, space: &'s Space<'_>) -> Held<'s> {
        match cell {
            Cell::Constant(text) => Held::Constant(text),
            Cell::Unknown => Held::Unknown,
            Cell::Variable(_) => match map.set(cell, space).map(Set::extent) {
                None => Held::Unknown,
                Some(Extent::Listed(list)) if list.len() <= FEW => Held::Few(list),
                Some(Extent::Integers(least, greatest)) => Held::Integers(least, greatest),
                Some(Extent::Listed(_) | Extent::Wide) => Held::Wide,
            },
        }
    }
}

impl Column {
    fn add(&mut self, number: usize, map: &Map, cell: Cell, space: &Space<'_>) {
        let mut text = |text: Text| {
            self.texts.entry(text).or_default().push(number);
            self.integers.extend(space.texts.integer(text).map(|integer| (integer, number)));
        };
        match Held::of(map, cell, space) {
            Held::Unknown => return,
            Held::Constant(constant) => text(constant),
            Held::Few(list) => list.iter().for_each(|one| text(*one)),
            Held::Integers(least, greatest) => {
                self.ranges.by_least.push(Between { least, greatest, map: number });
            }
            Held::Wide => self.wide.push(number),
        }
        self.all.push(number);
    }

    fn count(&self, map: &Map, cell: Cell, space: &Space<'_>) -> usize {
        let of_text = |text: Text| {
            let ranges = space.texts.integer(text).map_or(0, |integer| self.ranges.count(integer, integer));
            self.texts.get(&text).map_or(0, Vec::len) + ranges
        };
        self.wide.len()
            + match Held::of(map, cell, space) {
                Held::Unknown => 0,
                Held::Constant(text) => of_text(text),
                Held::Few(list) => list.iter().map(|text| of_text(*text)).sum(),
                Held::Integers(least, greatest) => {
                    self.integers_between(least, greatest).len() + self.ranges.count(least, greatest)
                }
                Held::Wide => return self.all.len(),
            }
    }

    fn visit(&self, map: &Map, cell: Cell, space: &Space<'_>, mut visit: impl FnMut(usize)) {
        let held = Held::of(map, cell, space);
        let texts = match &held {
            Held::Unknown => return,
            Held::Wide => return self.all.iter().for_each(|number| visit(*number)),
            Held::Constant(text) => std::slice::from_ref(text),
            Held::Few(list) => list,
            Held::Integers(least, greatest) => {
                let integers = self.integers_between(*least, *greatest);
                integers.iter().for_each(|(_, number)| visit(*number));
                self.ranges.visit(*least, *greatest, &mut visit);
                &[]
            }
        };
        for text in texts {
            self.texts.get(text).into_iter().flatten().for_each(|number| visit(*number));
            if let Some(integer) = space.texts.integer(*text) {
                self.ranges.visit(integer, integer, &mut visit);
            }
        }
        self.wide.iter().for_each(|number| visit(*number));
    }

    fn integers_between(&self, least: i64, greatest: i64) -> &[(i64, usize)] {
        let start = self.integers.partition_point(|(integer, _)| *integer < least);
        let end = self.integers.partition_point(|(integer, _)| *integer <= greatest);
        self.integers.get(start..end).unwrap_or_default()
    }
}

impl Ranges {
    fn finish(&mut self) {
        crate::sort::by_key(&mut self.by_least, |range| range.least);
        self.greatest = self.by_least.iter().map(|range| range.greatest).collect();
        self.greatest_so_far = self
            .greatest
            .iter()
            .scan(i64::MIN, |so_far, greatest| {
                *so_far = (*so_far).max(*greatest);
                Some(*so_far)
            })
            .collect();
        self.greatest.sort_unstable();
    }

    /// How many have an integer between these.
    fn count(&self, least: i64, greatest: i64) -> usize {
        let begun = self.by_least.partition_point(|range| range.least <= greatest);
        let over = self.greatest.partition_point(|end| *end < least);
        begun.saturating_sub(over)
    }

    fn visit(&self, least: i64, greatest: i64, visit: &mut impl FnMut(usize)) {
        let begun = self.by_least.partition_point(|range| range.least <= greatest);
        for (range, so_far) in self.by_least.iter().zip(&self.greatest_so_far).take(begun).rev() {
            if *so_far < least {
                return;
            }
            if range.greatest >= least {
                visit(range.map);
            }
        }
    }
}
