//! Sets of records: a box is what a record may have under each key, independent of the others; a set is some boxes.

use std::collections::{BTreeMap, BTreeSet};

use super::values::{ABSENT, Set};
use crate::hash::HashSet;

/// What stands under each key, by the keys' numbers. A key that isn't there is absent.
pub(super) type Record = BTreeMap<u32, Set>;

/// Factors that are independent of each other, each some boxes over keys of its own.
pub(super) type Product = Vec<Vec<Record>>;

/// How many boxes are looked at before nothing is known.
const MOST: usize = 200_000;

/// That there are too many boxes to tell.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooMany;

fn absent() -> &'static Set {
    static ABSENT_ALONE: std::sync::LazyLock<Set> = std::sync::LazyLock::new(|| [ABSENT].into());
    &ABSENT_ALONE
}

fn at(record: &Record, key: u32) -> &Set {
    record.get(&key).unwrap_or_else(|| absent())
}

/// The keys of some boxes.
pub(super) fn keys(boxes: &[Record]) -> BTreeSet<u32> {
    boxes.iter().flat_map(|one| one.keys().copied()).collect()
}

/// Without the keys that nobody asks for.
fn projected(boxes: &[Record], asked: &dyn Fn(u32) -> bool) -> Vec<Record> {
    let project = |one: &Record| {
        let kept = one.iter().filter(|(key, set)| asked(**key) && *set != absent());
        kept.map(|(key, set)| (*key, set.clone())).collect()
    };
    let mut seen = HashSet::default();
    boxes.iter().map(project).filter(|one: &Record| seen.insert(one.clone())).collect()
}

/// Each of the one with each of the other.
fn times(left: &[Record], right: &[Record]) -> Result<Vec<Record>, TooMany> {
    if left.len().saturating_mul(right.len()) > MOST {
        return Err(TooMany);
    }
    let mut product = Vec::with_capacity(left.len() * right.len());
    for one in left {
        for other in right {
            let mut both = one.clone();
            for (key, set) in other {
                // Of a key that two may write, whoever writes it does.
                both.entry(*key)
                    .and_modify(|own| {
                        let is_absent = |set: &Set| set == absent();
                        if is_absent(own) {
                            own.clone_from(set);
                        } else if !is_absent(set) {
                            own.extend(set);
                        }
                    })
                    .or_insert_with(|| set.clone());
            }
            product.push(both);
        }
    }
    Ok(product)
}

fn all_of(factors: &[&Vec<Record>]) -> Result<Vec<Record>, TooMany> {
    factors.iter().try_fold(vec![Record::new()], |product, factor| times(&product, factor))
}

/// Whether each record of some boxes is one of others. Where one isn't, a box of such.
pub(super) fn outside(of: &[Record], others: &[Record]) -> Result<Option<Record>, TooMany> {
    let same: HashSet<&Record> = others.iter().collect();
    let mut looked_at = 0;
    for one in of.iter().filter(|one| !same.contains(one)) {
        let mut left = vec![one.clone()];
        for other in others {
            let mut next = Vec::new();
            for part in left {
                looked_at += 1;
                if looked_at > MOST {
                    return Err(TooMany);
                }
                cut(part, other, &mut next);
            }
            left = next;
            if left.is_empty() {
                break;
            }
        }
        if let Some(left) = left.into_iter().next() {
            return Ok(Some(left));
        }
    }
    Ok(None)
}

/// What of a box lies outside another.
fn cut(part: Record, other: &Record, left: &mut Vec<Record>) {
    let keys: BTreeSet<u32> = part.keys().chain(other.keys()).copied().collect();
    if keys.iter().any(|key| at(&part, *key).is_disjoint(at(other, *key))) {
        left.push(part);
        return;
    }
    let mut inside = part;
    for key in keys {
        let (own, wanted) = (at(&inside, key), at(other, key));
        let outside: Set = own.difference(wanted).copied().collect();
        if outside.is_empty() {
            continue;
        }
        let both: Set = own.intersection(wanted).copied().collect();
        let mut piece = inside.clone();
        piece.insert(key, outside);
        left.push(piece);
        inside.insert(key, both);
    }
}

/// Whether each record of some products is one of others, by the keys that are asked for. Where one isn't, a box of such.
pub(super) fn outside_all(
    of: &[Product],
    others: &[Product],
    asked: &dyn Fn(u32) -> bool,
) -> Result<Option<Record>, TooMany> {
    let of: Vec<Product> = of.iter().map(|one| reduced(one, asked)).collect();
    let others: Vec<Product> = others.iter().map(|one| reduced(one, asked)).collect();
    let mut hard = Vec::new();
    for one in of.iter().filter(|one| !one.iter().any(Vec::is_empty)) {
        let mut missing = Some(Record::new());
        for other in &others {
            missing = outside_one(one, other)?;
            if missing.is_none() {
                break;
            }
        }
        match missing {
            None => {}
            // Of several each may have a part.
            Some(_) if others.len() > 1 => hard.push(one),
            missing => return Ok(missing),
        }
    }
    if hard.is_empty() {
        return Ok(None);
    }
    let flat = |product: &Product| all_of(&product.iter().collect::<Vec<_>>());
    let mut all = Vec::new();
    for other in &others {
        all.extend(flat(other)?);
    }
    for one in hard {
        if let Some(missing) = outside(&flat(one)?, &all)? {
            return Ok(Some(missing));
        }
    }
    Ok(None)
}

/// The factors by the keys that are asked for; what is left of those without one is whether there are records.
fn reduced(product: &Product, asked: &dyn Fn(u32) -> bool) -> Product {
    product
        .iter()
        .map(|factor| projected(factor, asked))
        .filter(|factor| *factor != [Record::new()])
        .collect()
}

/// A product within another: part by part, where parts have no key in common.
fn outside_one(one: &Product, other: &Product) -> Result<Option<Record>, TooMany> {
    if other.iter().any(Vec::is_empty) {
        return Ok(Some(Record::new()));
    }
    let mut parts: Vec<(BTreeSet<u32>, Vec<&Vec<Record>>, Vec<&Vec<Record>>)> = Vec::new();
    for (is_other, factor) in one.iter().map(|one| (false, one)).chain(other.iter().map(|one| (true, one))) {
        let mut part = (keys(factor), Vec::new(), Vec::new());
        if is_other {
            part.2.push(factor)
        } else {
            part.1.push(factor)
        }
        let (meeting, apart): (Vec<_>, Vec<_>) =
            parts.into_iter().partition(|(known, ..)| !known.is_disjoint(&part.0));
        for (known, ones, others) in meeting {
            part.0.extend(known);
            part.1.extend(ones);
            part.2.extend(others);
        }
        parts = apart;
        parts.push(part);
    }
    for (_, ones, others) in parts {
        if let Some(missing) = outside(&all_of(&ones)?, &all_of(&others)?)? {
            return Ok(Some(missing));
        }
    }
    Ok(None)
}

/// Every value that stands under a key in some record, [`ABSENT`] where one lacks it.
pub(super) fn values_of(products: &[Product], key: u32) -> Set {
    let mut all = Set::new();
    for product in products.iter().filter(|product| !product.iter().any(Vec::is_empty)) {
        let having = product.iter().filter(|factor| factor.iter().any(|one| one.contains_key(&key)));
        let having: Vec<&Vec<Record>> = having.collect();
        let of = |factor: &Vec<Record>| -> Set {
            factor.iter().flat_map(|one| at(one, key).iter().copied()).collect()
        };
        match having.as_slice() {
            [] => all.extend([ABSENT]),
            factors => {
                let sets: Vec<Set> = factors.iter().map(|factor| of(factor)).collect();
                let may_lack = sets.iter().all(|set| set.contains(&ABSENT));
                all.extend(sets.iter().flatten().filter(|value| **value != ABSENT || may_lack));
            }
        }
    }
    all
}
