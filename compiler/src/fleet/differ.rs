//! Of several that should be one: who differs from whom.

use crate::hash::HashMap;
use std::hash::Hash;

/// With how many shapes of one thing others are compared: the most common ones.
const MOST_SHAPES: usize = 100;

/// What a member makes of a thing.
pub(super) struct Entry<'e, T> {
    /// The member's number.
    pub(super) member: usize,
    /// The thing, as it has it.
    pub(super) item: &'e T,
}

/// Whatever the thing is.
impl<T> Clone for Entry<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Entry<'_, T> {}

/// What is there more than once, in the order of its names. Most of what members have is theirs alone: that is not sorted.
pub(super) fn shared<'e, K: Ord, T>(
    by_name: impl IntoIterator<Item = (K, Vec<Entry<'e, T>>)>,
) -> Vec<(K, Vec<Entry<'e, T>>)> {
    let mut shared: Vec<_> = by_name.into_iter().filter(|(_, entries)| entries.len() > 1).collect();
    shared.sort_by(|(one, _), (other, _)| one.cmp(other));
    shared
}

/// One that differs, and one that it differs from.
pub(super) type Pair<'e, T> = (Entry<'e, T>, Entry<'e, T>);

/// Those that differ, each once, from one of the most that agree; of as many on either side the later ones differ. Where only
/// some members are asked for, each of the pairs is about one of them.
pub(super) fn differ<'e, T, S: Eq + Hash>(
    entries: &[Entry<'e, T>],
    shape: impl Fn(&'e T) -> S,
    contradict: impl Fn(&S, &S) -> bool,
    is_asked: &dyn Fn(usize) -> bool,
) -> Vec<Pair<'e, T>> {
    let mut numbers: HashMap<S, usize> = HashMap::default();
    let mut shapes: Vec<Vec<Entry<'e, T>>> = Vec::new();
    for entry in entries {
        let number = *numbers.entry(shape(entry.item)).or_insert(shapes.len());
        match shapes.get_mut(number) {
            Some(entries) => entries.push(*entry),
            None => shapes.push(vec![*entry]),
        }
    }
    if shapes.len() < 2 {
        return Vec::new();
    }
    let mut ranked: Vec<(S, Vec<Entry<'e, T>>)> = numbers
        .into_iter()
        .filter_map(|(shape, number)| Some((shape, shapes.get_mut(number).map(std::mem::take)?)))
        .collect();
    let first = |entries: &[Entry<'e, T>]| entries.first().map_or(usize::MAX, |entry| entry.member);
    ranked.sort_by_key(|(_, entries)| (usize::MAX - entries.len(), first(entries)));
    let mut pairs = Vec::new();
    for (number, (shape, entries)) in ranked.iter().enumerate() {
        let before = ranked.iter().take(number.min(MOST_SHAPES));
        let others: Vec<&Vec<Entry<'e, T>>> =
            before.filter(|(other, _)| contradict(shape, other)).map(|(_, entries)| entries).collect();
        for entry in entries {
            let is_other = |other: &&Entry<'e, T>| other.member != entry.member;
            let mut of_others = others.iter().flat_map(|entries| entries.iter()).filter(is_other);
            let other = match is_asked(entry.member) {
                true => of_others.next(),
                false => of_others.find(|other| is_asked(other.member)),
            };
            pairs.extend(other.map(|other| (*entry, *other)));
        }
    }
    pairs.sort_by_key(|(entry, _)| entry.member);
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(items: &[&str], asked: &[usize]) -> Vec<(usize, usize)> {
        let entries: Vec<Entry<'_, &str>> =
            items.iter().enumerate().map(|(member, item)| Entry { member, item }).collect();
        let is_asked = |member: usize| asked.is_empty() || asked.contains(&member);
        let contradict = |one: &&str, other: &&str| one != other && *one != "any" && *other != "any";
        let found = differ(&entries, |item| *item, contradict, &is_asked);
        found.into_iter().map(|(one, other)| (one.member, other.member)).collect()
    }

    #[test]
    fn the_fewer_differ_from_the_more() {
        assert_eq!(pairs(&["a", "b", "b", "b"], &[]), [(0, 1)]);
        assert_eq!(pairs(&["b", "a", "b", "a", "b"], &[]), [(1, 0), (3, 0)]);
        assert_eq!(pairs(&["a", "b"], &[]), [(1, 0)]);
        assert_eq!(pairs(&["a", "a"], &[]), []);
    }

    #[test]
    fn what_fits_all_differs_from_none_and_joins_none() {
        assert_eq!(pairs(&["any", "a", "any", "b"], &[]), [(3, 1)]);
    }

    #[test]
    fn of_those_that_are_asked_for_each_is_told_what_it_is_part_of() {
        assert_eq!(pairs(&["a", "b", "b", "b"], &[2]), [(0, 2)]);
        assert_eq!(pairs(&["a", "b", "b", "b"], &[0]), [(0, 1)]);
        assert_eq!(pairs(&["a", "a", "b", "c"], &[3]), [(3, 0)]);
    }
}
