//! How many distinct tuples of labels a meaning has on a metric.

use crate::hash::{HashMap, HashSet};
use std::collections::BTreeMap;

use slo_model::names::PrometheusNaming;

use super::distinct::{Distinct, distinct, labels};
use super::map::{Cell, Key, Map, Reading, Space};
use super::texts::Text;
use crate::ir::{Meaning, Pair, Payload, PayloadId, Signal, Variant};

/// At most this many tuples of merged variants are looked at one by one.
const COUNTED: u64 = 10_000;

/// The distinct tuples of labels that a meaning has on a metric.
#[derive(Debug)]
pub(crate) struct Image<'m, E> {
    /// Those that are known one by one.
    pub(crate) listed: HashSet<Tuple>,
    /// How many others a variant has.
    pub(crate) rest: Vec<(&'m str, u64)>,
    /// The labels whose payloads have no bound.
    pub(crate) unbounded: Vec<Unbounded<'m, E>>,
}

impl<E> Image<'_, E> {
    /// How many tuples there are, without the variants of `unbounded` and those of which something can't be known. It is exact
    /// unless payload variants are merged by `lossy`, and these have more than 10,000 tuples or values that nobody lists: then
    /// it is an upper bound.
    pub(crate) fn tuples(&self) -> u64 {
        self.rest.iter().fold(self.listed.len() as u64, |sum, (_, tuples)| sum.saturating_add(*tuples))
    }
}

/// Keys with their values, by the numbers of a space.
pub(crate) type Tuple = Vec<(Key, Text)>;

/// Which variants with payloads are looked at value by value, as far as there are few enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listing {
    /// Those that `lossy` merges with others: no others have a tuple in common.
    Merged,
    /// All, up to this many tuples.
    All(u64),
}

/// A label whose payload has no bound.
#[derive(Debug)]
pub(crate) struct Unbounded<'m, E> {
    pub(crate) pair: &'m Pair<E>,
    pub(crate) payload: &'m Payload<E>,
}

/// A variant with payloads that `lossy` merges with others.
struct Merged<'m, E> {
    variant: &'m Variant<E>,
    map: Map,
    /// The payloads that it shows.
    payloads: Vec<PayloadId>,
    /// How many tuples it has by itself.
    size: u64,
}

/// Counts the tuples of the variants that remain. A variant that shows nothing, or doesn't say how it shows, has one: the
/// empty one.
pub(crate) fn image<'m, E>(face: &'m Meaning<E>, remaining: &dyn Fn(&str) -> bool) -> Image<'m, E> {
    image_in(&mut Space::new(PrometheusNaming::default()), face, remaining, Listing::Merged)
}

/// The same, by the numbers of a space that others share.
pub(crate) fn image_in<'m, E>(
    space: &mut Space<'m>,
    face: &'m Meaning<E>,
    remaining: &dyn Fn(&str) -> bool,
    listing: Listing,
) -> Image<'m, E> {
    let mut image = Image { listed: HashSet::default(), rest: Vec::new(), unbounded: Vec::new() };
    let mut merged: BTreeMap<usize, Vec<Merged<'_, E>>> = BTreeMap::new();
    let variants = || face.variants.iter().filter(|variant| remaining(&variant.name));
    let groups = groups(face, variants());
    for (number, variant) in variants().enumerate() {
        let (map, payloads) = space.map(variant, Signal::Metric, Reading::Point);
        if map.is_unknown() {
            continue;
        }
        if payloads.is_empty() {
            image.listed.insert(tuple(&map, &[]));
        } else if let Some(size) = size(variant, &payloads, &mut image) {
            let group = groups.get(variant.name.as_str()).copied();
            // One that isn't merged is a group of its own.
            let alone = matches!(listing, Listing::All(_)).then_some(face.lossy.len() + number);
            match group.or(alone) {
                Some(group) => merged.entry(group).or_default().push(Merged { variant, map, payloads, size }),
                None => image.rest.push((&variant.name, size)),
            }
        }
    }
    // Variants that aren't merged share no tuple, or that was reported.
    let mut merged: Vec<_> = merged.into_values().collect();
    let total =
        |group: &[Merged<'_, E>]| group.iter().fold(0_u64, |total, one| total.saturating_add(one.size));
    crate::sort::by_key(&mut merged, |group| total(group));
    let mut left = match listing {
        Listing::Merged => COUNTED,
        Listing::All(most) => most.min(COUNTED),
    };
    for group in merged {
        let total = total(&group);
        for Merged { variant, map, payloads, size } in group {
            let values = if total <= left { values(variant, &payloads, space) } else { None };
            match values {
                Some(values) => each_tuple(&map, &values, &mut image.listed),
                None => image.rest.push((&variant.name, size)),
            }
        }
        left = left.saturating_sub(total);
    }
    image
}

/// How many tuples a variant with payloads has. None where one has no bound, or can't be known.
fn size<'m, E>(variant: &'m Variant<E>, payloads: &[PayloadId], image: &mut Image<'m, E>) -> Option<u64> {
    let mut size = Some(1_u64);
    for id in payloads {
        let of_payload = factor(variant, *id, image);
        size = size.zip(of_payload).map(|(size, factor)| size.saturating_mul(factor));
    }
    size
}

/// How many values a payload has on its labels: by its own domain, or else by those of its keys. Keys fold by
/// themselves: of two, one may keep a value that the other folds.
fn factor<'m, E>(variant: &'m Variant<E>, id: PayloadId, image: &mut Image<'m, E>) -> Option<u64> {
    let payload = variant.payload(id);
    let own = payload.domain.known().map(distinct)?;
    if let Distinct::Finite(size) = own {
        return Some(size);
    }
    let mut size = Some(1_u64);
    for pair in variant.pairs(Signal::Metric).iter().filter(|pair| pair.payload() == Some(id)) {
        let Some(domain) = pair.domain.known() else {
            size = None;
            continue;
        };
        let of_key = if own == Distinct::Unbounded { distinct(domain) } else { own };
        match of_key {
            Distinct::Finite(of_key) => size = size.map(|size| size.saturating_add(of_key.saturating_sub(1))),
            Distinct::Unbounded | Distinct::Never => {
                size = None;
                image.unbounded.push(Unbounded { pair, payload });
            }
        }
    }
    size
}

/// The variants that `lossy` merges on a metric, by the number of their group: variants that some variant is merged with
/// both of are in one.
fn groups<'m, E: 'm>(
    face: &'m Meaning<E>,
    remaining: impl Iterator<Item = &'m Variant<E>>,
) -> HashMap<&'m str, usize> {
    let remaining: HashSet<&str> = remaining.map(|variant| variant.name.as_str()).collect();
    let mut parents: Vec<usize> = (0..face.lossy.len()).collect();
    let root = |parents: &[usize], mut class: usize| {
        while parents[class] != class {
            class = parents[class];
        }
        class
    };
    let mut class_of: HashMap<&str, usize> = HashMap::default();
    for (class, lossy) in face.lossy.iter().enumerate().filter(|(_, lossy)| lossy.signal == Signal::Metric) {
        for name in lossy.variants.iter().filter(|name| remaining.contains(name.as_str())) {
            let other = *class_of.entry(name).or_insert(class);
            let (one, other) = (root(&parents, class), root(&parents, other));
            parents[one] = other;
        }
    }
    class_of.into_iter().map(|(name, class)| (name, root(&parents, class))).collect()
}

/// The values of a variant's payloads, where they are known one by one.
fn values<E>(variant: &Variant<E>, payloads: &[PayloadId], space: &mut Space<'_>) -> Option<Vec<Vec<Text>>> {
    let of_payload = |id: &PayloadId| {
        let labels = labels(variant.payload(*id).domain.known()?)?;
        Some(labels.into_iter().map(|label| space.texts.text(label)).collect())
    };
    payloads.iter().map(of_payload).collect()
}

/// Adds the tuple of each choice of values.
fn each_tuple(map: &Map, values: &[Vec<Text>], tuples: &mut HashSet<Tuple>) {
    let size = values.iter().fold(1, |size, of_one| size * of_one.len());
    for choice in 0..size {
        let mut rest = choice;
        let chosen: Vec<Text> = values
            .iter()
            .filter_map(|of_one| {
                let text = of_one.get(rest % of_one.len()).copied();
                rest /= of_one.len();
                text
            })
            .collect();
        tuples.insert(tuple(map, &chosen));
    }
}

fn tuple(map: &Map, values: &[Text]) -> Tuple {
    let text = |cell: &Cell| match cell {
        Cell::Constant(text) => Some(*text),
        Cell::Variable(number) => values.get(*number as usize).copied(),
        Cell::Unknown => None,
    };
    map.cells.iter().filter_map(|(key, cell)| Some((*key, text(cell)?))).collect()
}
