//! Unions of products.

use crate::hash::HashMap;
use std::collections::{BTreeMap, BTreeSet};

use crate::ir::Node;
use crate::measure::image::Tuple;
use crate::measure::map::Key;
use crate::measure::texts::Text;

/// At most this many lists are compared at once.
const COMPARED: usize = u128::BITS as usize;

/// At most this many steps are taken to compare them.
const STEPS: usize = 1 << 16;

/// At most this many keys of all lists are compared at once.
const COMBINED: usize = 1 << 16;

/// At most this many tuples are made of two parts whose keys another list has in one.
const JOINED: u64 = 10_000;

/// A field of an event, or a key of a metric that stands for itself, by its number; and of a meaning one variant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Value {
    pub(super) owner: Node,
    pub(super) number: u32,
    pub(super) variant: Option<String>,
}

/// Values that nobody lists.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Unlisted {
    /// Of a value: under these keys.
    Of(Value, BTreeSet<Key>),
    /// Of several fields together, whose keys another list has in one value: the how many'th list, and which keys.
    Joined(usize, Key),
}

/// What a list may show under some keys: tuples that are known, and how many others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Tuples {
    pub(super) listed: BTreeSet<Tuple>,
    pub(super) unlisted: BTreeMap<Unlisted, u64>,
}

impl Tuples {
    pub(super) fn one(tuple: Tuple) -> Tuples {
        Tuples { listed: [tuple].into(), unlisted: BTreeMap::new() }
    }

    fn size(&self) -> u64 {
        self.unlisted.values().fold(self.listed.len() as u64, |sum, more| sum.saturating_add(*more))
    }
}

/// The keys that a value of an event writes, and what it writes to them.
#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Part {
    pub(super) keys: BTreeSet<Key>,
    pub(super) tuples: Tuples,
}

/// What a list shows: a choice of each, under keys that all lists group alike.
type Product = Vec<Tuples>;

/// How many tuples several lists have together, each once. Where that takes too many steps, an upper bound.
pub(super) fn size(mut lists: Vec<Vec<Part>>) -> u64 {
    let keys: BTreeSet<Key> = lists.iter().flatten().flat_map(|part| part.keys.iter().copied()).collect();
    if lists.len() > 1 && lists.len().saturating_mul(keys.len()) > COMBINED {
        let others = lists.split_off(lists.len() / 2);
        return size(lists).saturating_add(size(others));
    }
    let products: BTreeSet<Product> = products(lists).into_iter().collect();
    let products: Vec<Product> = products.into_iter().collect();
    products.chunks(COMPARED).fold(0, |sum, some| sum.saturating_add(size_of(some)))
}

/// Each list as a product over the same groups of keys: keys that one value writes anywhere are in one group.
fn products(lists: Vec<Vec<Part>>) -> Vec<Product> {
    let mut parents: HashMap<Key, Key> = HashMap::default();
    fn root(parents: &mut HashMap<Key, Key>, key: Key) -> Key {
        let mut at = key;
        while let Some(parent) = parents.get(&at).copied().filter(|parent| *parent != at) {
            at = parent;
        }
        parents.insert(key, at);
        at
    }
    for part in lists.iter().flatten() {
        let mut keys = part.keys.iter();
        let Some(first) = keys.next() else { continue };
        let first = root(&mut parents, *first);
        for key in keys {
            let other = root(&mut parents, *key);
            parents.insert(other, first);
        }
    }
    let all: BTreeSet<Key> = lists.iter().flatten().flat_map(|part| part.keys.iter().copied()).collect();
    let groups: BTreeSet<Key> = all.into_iter().map(|key| root(&mut parents, key)).collect();
    let mut products = Vec::with_capacity(lists.len());
    for (number, list) in lists.into_iter().enumerate() {
        let mut by_group: BTreeMap<Key, Tuples> = BTreeMap::new();
        for Part { keys, tuples } in list {
            let Some(first) = keys.first() else { continue };
            let group = root(&mut parents, *first);
            let both = match by_group.remove(&group) {
                Some(earlier) => joined(earlier, tuples, Unlisted::Joined(number, group)),
                None => tuples,
            };
            by_group.insert(group, both);
        }
        let none = || Tuples::one(Tuple::new());
        products.push(groups.iter().map(|group| by_group.remove(group).unwrap_or_else(none)).collect());
    }
    products
}

/// The choices of two.
fn joined(one: Tuples, other: Tuples, unlisted: Unlisted) -> Tuples {
    let size = one.size().saturating_mul(other.size());
    if size > JOINED || !one.unlisted.is_empty() || !other.unlisted.is_empty() {
        return Tuples { listed: BTreeSet::new(), unlisted: [(unlisted, size)].into() };
    }
    let pairs = one.listed.iter().flat_map(|one| other.listed.iter().map(move |other| (one, other)));
    let listed = pairs.map(|(one, other)| {
        let mut both: Tuple = one.iter().chain(other).copied().collect();
        both.sort();
        both
    });
    Tuples { listed: listed.collect(), unlisted: BTreeMap::new() }
}

/// One of the tuples of a group, for comparing.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Atom<'p> {
    Listed(&'p [(Key, Text)]),
    Unlisted(&'p Unlisted),
}

/// How many choices these products have together.
///
/// Group by group, what is chosen is told by which products have it; how often each set of products is chosen by, is counted.
fn size_of(products: &[Product]) -> u64 {
    let [first, others @ ..] = products else { return 0 };
    if others.is_empty() {
        return first.iter().fold(1, |product, group| product.saturating_mul(group.size()));
    }
    let all = u128::MAX >> (u128::BITS as usize - products.len());
    let mut chosen: HashMap<u128, u64> = [(all, 1)].into_iter().collect();
    let mut steps = 0;
    for group in 0..first.len() {
        let mut holders: HashMap<Atom<'_>, (u128, u64)> = HashMap::default();
        for (number, product) in products.iter().enumerate() {
            let Some(tuples) = product.get(group) else { continue };
            let listed = tuples.listed.iter().map(|tuple| (Atom::Listed(tuple), 1));
            let unlisted = tuples.unlisted.iter().map(|(place, count)| (Atom::Unlisted(place), *count));
            for (atom, count) in listed.chain(unlisted) {
                let held = holders.entry(atom).or_insert((0, 0));
                *held = (held.0 | 1 << number, held.1.max(count));
            }
        }
        let mut kinds: HashMap<u128, u64> = HashMap::default();
        for (holders, count) in holders.into_values() {
            let sum = kinds.entry(holders).or_default();
            *sum = sum.saturating_add(count);
        }
        steps += chosen.len() * kinds.len();
        if steps > STEPS {
            let (one, other) = products.split_at(products.len() / 2);
            return size_of(one).saturating_add(size_of(other));
        }
        let mut next: HashMap<u128, u64> = HashMap::default();
        for (held, choices) in &chosen {
            for (holders, count) in kinds.iter().filter(|(holders, _)| *holders & held != 0) {
                let sum = next.entry(held & holders).or_default();
                *sum = sum.saturating_add(choices.saturating_mul(*count));
            }
        }
        chosen = next;
    }
    chosen.into_values().fold(0, u64::saturating_add)
}
