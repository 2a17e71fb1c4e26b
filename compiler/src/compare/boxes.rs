//! Sets of records: a box is what a record may have under each key, independent of the others; a set is some boxes.

use std::collections::{BTreeMap, BTreeSet};

use super::values::{ABSENT, Set};
use crate::hash::{HashMap, HashSet};

/// What stands under each key, by the keys' numbers. A key that isn't there is absent.
pub(super) type Record = BTreeMap<u32, Set>;

/// Factors that are independent of each other, each some boxes over keys of its own.
pub(super) type Product = Vec<Vec<Record>>;

/// How many boxes are looked at before nothing is known.
const MOST: usize = 200_000;

/// How many boxes may still be looked at.
struct Left(usize);

impl Left {
    fn take(&mut self, boxes: usize) -> Result<(), TooMany> {
        self.0 = self.0.checked_sub(boxes).ok_or(TooMany)?;
        Ok(())
    }
}

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
fn keys(boxes: &[Record]) -> BTreeSet<u32> {
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
fn outside(of: &[Record], others: &[Record], left_to_see: &mut Left) -> Result<Option<Record>, TooMany> {
    let same: HashSet<&Record> = others.iter().collect();
    for one in of.iter().filter(|one| !same.contains(one)) {
        let mut left = vec![one.clone()];
        for other in others {
            let mut next = Vec::new();
            for part in left {
                left_to_see.take(1)?;
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
    let same: HashSet<&Product> = others.iter().collect();
    let mut left_to_see = Left(MOST);
    let mut hard = Vec::new();
    for one in of.iter().filter(|one| !one.iter().any(Vec::is_empty) && !same.contains(one)) {
        let mut missing = Some(Record::new());
        for other in &others {
            missing = outside_one(one, other, &mut left_to_see)?;
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
        let boxes = flat(other)?;
        left_to_see.take(boxes.len())?;
        all.extend(boxes);
    }
    for one in hard {
        if let Some(missing) = outside(&flat(one)?, &all, &mut left_to_see)? {
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

/// Factors of two products that have keys in common.
#[derive(Default)]
struct Part<'p> {
    of: Vec<&'p Vec<Record>>,
    others: Vec<&'p Vec<Record>>,
}

/// Two products as parts, of which no two have a key in common.
fn parts<'p>(one: &'p Product, other: &'p Product) -> Vec<Part<'p>> {
    let factors: Vec<&Vec<Record>> = one.iter().chain(other).collect();
    let mut group_of: Vec<usize> = (0..factors.len()).collect();
    let mut members: Vec<Vec<usize>> = (0..factors.len()).map(|number| vec![number]).collect();
    let mut first_with: HashMap<u32, usize> = HashMap::default();
    for (number, factor) in factors.iter().enumerate() {
        for key in keys(factor) {
            let first = *first_with.entry(key).or_insert(number);
            let (kept, joined) = (group_of[first], group_of[number]);
            if kept == joined {
                continue;
            }
            // The smaller one moves, so that a factor moves few times.
            let (kept, joined) = match members[kept].len() < members[joined].len() {
                true => (joined, kept),
                false => (kept, joined),
            };
            for moved in std::mem::take(&mut members[joined]) {
                group_of[moved] = kept;
                members[kept].push(moved);
            }
        }
    }
    let part = |numbers: Vec<usize>| {
        let mut part = Part::default();
        for number in numbers {
            let side = if number < one.len() { &mut part.of } else { &mut part.others };
            side.push(factors[number]);
        }
        part
    };
    members.into_iter().filter(|numbers| !numbers.is_empty()).map(part).collect()
}

/// A product within another: part by part.
fn outside_one(one: &Product, other: &Product, left: &mut Left) -> Result<Option<Record>, TooMany> {
    if other.iter().any(Vec::is_empty) {
        return Ok(Some(Record::new()));
    }
    for Part { of, others } in parts(one, other) {
        left.take(1)?;
        if of == others {
            continue;
        }
        if let Some(missing) = outside(&all_of(&of)?, &all_of(&others)?, left)? {
            return Ok(Some(missing));
        }
    }
    Ok(None)
}

/// Every value that stands under each of so many keys in some record, [`ABSENT`] where one lacks it.
pub(super) fn values(products: &[Product], keys: usize) -> Vec<Set> {
    let mut all = vec![Set::new(); keys];
    // How many of the products write each key.
    let mut writing = vec![0; keys];
    let with_records: Vec<&Product> =
        products.iter().filter(|product| !product.iter().any(Vec::is_empty)).collect();
    for product in &with_records {
        // What all factors write, and whether none of them has to.
        let mut written: BTreeMap<u32, (Set, bool)> = BTreeMap::new();
        for factor in *product {
            let mut own: BTreeMap<u32, (Set, usize)> = BTreeMap::new();
            for (key, set) in factor.iter().flatten() {
                let (values, boxes) = own.entry(*key).or_default();
                values.extend(set);
                *boxes += 1;
            }
            for (key, (mut values, boxes)) in own {
                let may_lack = values.remove(&ABSENT) || boxes < factor.len();
                let (all, all_may_lack) = written.entry(key).or_insert((Set::new(), true));
                all.append(&mut values);
                *all_may_lack &= may_lack;
            }
        }
        for (key, (mut values, may_lack)) in written {
            let key = key as usize;
            if let (Some(all), Some(writing)) = (all.get_mut(key), writing.get_mut(key)) {
                all.append(&mut values);
                all.extend(may_lack.then_some(ABSENT));
                *writing += 1;
            }
        }
    }
    for (all, writing) in all.iter_mut().zip(writing) {
        all.extend((writing < with_records.len()).then_some(ABSENT));
    }
    all
}
