//! Unions are held to the list of all their tuples.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::union::{Part, Tuples, Unlisted, Value, size};
use crate::ir::Node;
use crate::measure::image::Tuple;
use crate::measure::map::Key;
use crate::measure::texts::{Text, Texts};

const VALUES: usize = 3;

/// What writes two keys: the value of each, or none, once for each of its tuples; and how many others it has.
#[derive(Clone, Debug)]
struct Written {
    keys: [Key; 2],
    tuples: Vec<[Option<usize>; 2]>,
    more: u64,
    of: u32,
}

fn texts() -> Vec<Text> {
    let mut texts = Texts::new();
    (0..VALUES).map(|number| texts.text(number.to_string())).collect()
}

impl Written {
    fn keys(&self) -> BTreeSet<Key> {
        self.keys.into()
    }

    /// Its tuples, those that nobody lists as values of their own.
    fn all(&self) -> BTreeSet<BTreeMap<Key, String>> {
        let listed = self.tuples.iter().map(|values| {
            let cells = self.keys.iter().zip(values);
            cells.filter_map(|(key, value)| Some((*key, (*value)?.to_string()))).collect()
        });
        let more = (0..self.more).map(|number| {
            self.keys().into_iter().map(|key| (key, format!("{} of {}", number, self.of))).collect()
        });
        listed.chain(more).collect()
    }

    fn part(&self) -> Part {
        let texts = texts();
        let tuple = |values: &[Option<usize>; 2]| -> Tuple {
            let cells: BTreeMap<Key, Text> = self
                .keys
                .iter()
                .zip(values)
                .filter_map(|(key, value)| Some((*key, *texts.get((*value)?)?)))
                .collect();
            cells.into_iter().collect()
        };
        let value = Value { owner: Node(self.of), number: 0, variant: None };
        let unlisted = (self.more > 0).then(|| (Unlisted::Of(value, self.keys()), self.more));
        let listed = self.tuples.iter().map(tuple).collect();
        Part { keys: self.keys(), tuples: Tuples { listed, unlisted: unlisted.into_iter().collect() } }
    }
}

/// All that a list shows: a choice of each of its parts.
fn points(list: &[Written]) -> BTreeSet<BTreeMap<Key, String>> {
    list.iter().fold([BTreeMap::new()].into(), |points: BTreeSet<BTreeMap<Key, String>>, written| {
        let more = written.all();
        let both = points.iter().flat_map(|point| {
            more.iter().map(move |cells| point.iter().chain(cells).map(|(k, v)| (*k, v.clone())).collect())
        });
        both.collect()
    })
}

fn written(keys: [Key; 2], unlisted: bool) -> impl Strategy<Value = Written> {
    let value = prop_oneof![1 => Just(None), 4 => (0..VALUES).prop_map(Some)];
    let tuple = [value.clone(), value].prop_map(move |[one, other]| match keys[0] == keys[1] {
        true => [one, one],
        false => [one, other],
    });
    let more = if unlisted { 0..3_u64 } else { 0..1 };
    // What is the same value has as many others wherever it stands.
    let of = (1..4_u32, more).prop_map(|(of, more)| (of, if more > 0 { u64::from(of) } else { 0 }));
    (proptest::collection::vec(tuple, 1..5), of).prop_map(move |(tuples, (of, more))| Written {
        keys,
        tuples,
        more,
        of,
    })
}

/// A list over four keys: by one value each, or two of them by one.
fn list(unlisted: bool) -> impl Strategy<Value = Vec<Written>> {
    let alone = (0..4_usize).prop_flat_map(move |count| {
        (0..count as Key).map(|key| written([key, key], unlisted)).collect::<Vec<_>>()
    });
    let joined =
        (written([0, 1], unlisted), written([2, 2], unlisted)).prop_map(|(one, other)| vec![one, other]);
    prop_oneof![3 => alone, 1 => joined]
}

fn together(lists: &[Vec<Written>]) -> u64 {
    size(lists.iter().map(|list| list.iter().map(Written::part).collect()).collect())
}

proptest! {
    #[test]
    fn what_is_listed_is_counted_once(lists in proptest::collection::vec(list(false), 1..6)) {
        let all: BTreeSet<_> = lists.iter().flat_map(|list| points(list)).collect();
        prop_assert_eq!(together(&lists), all.len() as u64);
    }

    #[test]
    fn what_nobody_lists_is_counted_at_least_once(lists in proptest::collection::vec(list(true), 1..6)) {
        let all: BTreeSet<_> = lists.iter().flat_map(|list| points(list)).collect();
        let sum: usize = lists.iter().map(|list| points(list).len()).sum();
        let counted = together(&lists);
        prop_assert!(counted >= all.len() as u64, "{counted} of {}", all.len());
        prop_assert!(counted <= sum as u64, "{counted} beyond {sum}");
    }
}

#[test]
fn many_lists_of_two_values_each_are_counted_within_bounds() {
    let list = |number: usize| -> Vec<Written> {
        let of_key = |key: Key| {
            let first = (number >> key) & 1;
            let tuples = vec![[Some(first); 2], [Some(2); 2]];
            Written { keys: [key; 2], tuples, more: 0, of: 0 }
        };
        (0..12).map(of_key).collect()
    };
    let lists: Vec<Vec<Written>> = (0..300).map(list).collect();
    let counted = together(&lists);
    assert!((3_u64.pow(8)..=300 * 2_u64.pow(12)).contains(&counted), "{counted}");
}
