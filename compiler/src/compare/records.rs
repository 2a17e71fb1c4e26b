//! Whether the records of one name are those that they were.
//!
//! The rule, of the keys that the old contract writes: what is broken is a record of the old that can't come from the new, and a
//! value of the new that no record of the old has under its key. All else that is new is more.

use std::collections::{BTreeMap, BTreeSet};

use super::boxes::{self, Record};
use super::change::Kind;
use super::signals::{Key, Source};
use super::values::{ABSENT, Reading, Samples, Set, Values};
use crate::ir::Signal;

/// What is found of the records of one name.
pub(super) struct Found {
    pub(super) kind: Kind,
    /// The key; none where it is of several.
    pub(super) key: Option<Key>,
    pub(super) is_broken: bool,
    /// The first value that is gone or new.
    pub(super) value: Option<String>,
    /// What was, and what is.
    pub(super) words: String,
}

/// The records of both sides over one list of keys and samples.
struct Sides {
    keys: Vec<Key>,
    samples: Vec<Samples>,
    old: Vec<boxes::Product>,
    new: Vec<boxes::Product>,
    /// Keys under which values beyond those that are listed occurred.
    open: BTreeSet<u32>,
    /// What readers of the old must be ready for, beyond what it writes.
    ready: BTreeMap<u32, Set>,
    /// Types, by keys, of both sides.
    tags: [BTreeMap<u32, BTreeSet<String>>; 2],
    /// Which values there are, by keys, of both sides.
    extents: [BTreeMap<u32, BTreeSet<String>>; 2],
}

/// A name for a key, under which it is compared; none where it isn't.
pub(super) type Naming<'n> = dyn Fn(&Key) -> Option<Key> + 'n;

impl Sides {
    fn of(old: &[Source<'_>], new: &[Source<'_>], naming: [&Naming<'_>; 2], reading: Reading) -> Sides {
        let mut numbers: BTreeMap<Key, u32> = BTreeMap::new();
        let mut all: Vec<Vec<&Values<'_>>> = Vec::new();
        let mut tags = [BTreeMap::new(), BTreeMap::new()];
        let mut extents = [BTreeMap::new(), BTreeMap::new()];
        let mut open = BTreeSet::new();
        let mut met: Vec<(u32, &Values<'_>)> = Vec::new();
        for (side, (sources, naming)) in [old, new].into_iter().zip(naming).enumerate() {
            let written = sources.iter().flat_map(|source| source.product.iter().flatten().flatten());
            for (key, values) in written {
                let Some(key) = naming(key) else { continue };
                let next = numbers.len() as u32;
                let number = *numbers.entry(key).or_insert(next);
                if number == next {
                    all.push(Vec::new());
                }
                if let Some(list) = all.get_mut(number as usize) {
                    list.push(values);
                }
                if !matches!(values, Values::Nothing)
                    && let Some(tags) = tags.get_mut(side)
                {
                    let tags: &mut BTreeMap<u32, BTreeSet<String>> = tags;
                    tags.entry(number).or_default().insert(values.tag());
                }
                if let (Some(extent), Some(extents)) = (values.extent(), extents.get_mut(side)) {
                    let extents: &mut BTreeMap<u32, BTreeSet<String>> = extents;
                    extents.entry(number).or_default().insert(extent);
                }
                if side == 0 {
                    met.push((number, values));
                    if values.is_open() {
                        open.insert(number);
                    }
                }
            }
        }
        let samples: Vec<Samples> =
            all.iter().map(|values| Samples::of(values.iter().copied(), reading)).collect();
        let mut ready: BTreeMap<u32, Set> = BTreeMap::new();
        for (number, values) in met {
            if let Some(samples) = samples.get(number as usize) {
                ready.entry(number).or_default().extend(samples.set(values, true));
            }
        }
        let made = |sources: &[Source<'_>], naming: &Naming<'_>| -> Vec<boxes::Product> {
            let of_box = |written: &super::signals::Written<'_>| {
                let mut record = Record::new();
                for (key, values) in written {
                    let number = naming(key).and_then(|key| numbers.get(&key).copied());
                    let Some(number) = number else { continue };
                    let Some(samples) = samples.get(number as usize) else { continue };
                    record.entry(number).or_default().extend(samples.set(values, false));
                }
                record
            };
            let of_source = |source: &Source<'_>| -> boxes::Product {
                source.product.iter().map(|factor| factor.iter().map(of_box).collect()).collect()
            };
            sources.iter().map(of_source).collect()
        };
        let [of_old, of_new] = naming;
        let (old, new) = (made(old, of_old), made(new, of_new));
        let mut keys: Vec<(Key, u32)> = numbers.into_iter().collect();
        keys.sort_by_key(|(_, number)| *number);
        let keys = keys.into_iter().map(|(key, _)| key).collect();
        Sides { keys, samples, old, new, open, ready, tags, extents }
    }
}

/// Compares the records of one name. Where they are `whole`, a key that is new is part of what tells one from another.
pub(super) fn compare(
    old: &[Source<'_>],
    new: &[Source<'_>],
    naming: [&Naming<'_>; 2],
    reading: Reading,
    signal: Signal,
) -> Vec<Found> {
    let whole = reading == Reading::Labels;
    let sides = Sides::of(old, new, naming, reading);
    let only_absent: Set = [ABSENT].into();
    let mut found = Vec::new();
    let mut asked = BTreeSet::new();
    let mut is_missing = false;
    let values = [&sides.old, &sides.new].map(|side| boxes::values(side, sides.keys.len()));
    let [were, are] = values;
    let all = sides.keys.iter().zip(&sides.samples).zip(were.into_iter().zip(are));
    for (number, ((key, samples), (was, is))) in all.enumerate() {
        let number = number as u32;
        if was.is_empty() || is.is_empty() {
            continue;
        }
        let what = key.words(signal);
        let none = Set::new();
        let mut say = |kind, is_broken, values: &Set, words: String| {
            let value = samples.first(values);
            found.push(Found { kind, key: Some(key.clone()), is_broken, value, words });
        };
        if was == only_absent {
            if is == only_absent {
                continue;
            }
            if whole {
                asked.insert(number);
                is_missing |= !is.contains(&ABSENT);
            }
            let always = if is.contains(&ABSENT) { "some" } else { "all" };
            say(
                Kind::New,
                whole && !is.contains(&ABSENT),
                &none,
                format!("{what} is new, on {always} records"),
            );
            continue;
        }
        asked.insert(number);
        let gone: Set = was.difference(&is).copied().collect();
        is_missing |= !gone.is_empty();
        if is == only_absent {
            say(Kind::Gone, true, &none, format!("{what} is gone"));
            continue;
        }
        let tags = |side: usize| sides.tags.get(side).and_then(|tags| tags.get(&number));
        if let (Some(old), Some(new), Reading::Typed) = (tags(0), tags(1), reading)
            && old != new
        {
            let shown = |tags: &BTreeSet<String>| {
                tags.iter().map(|tag| format!("`{tag}`")).collect::<Vec<_>>().join(" or ")
            };
            say(
                Kind::Type,
                true,
                &none,
                format!("{what} is of type {}, and was of {}", shown(new), shown(old)),
            );
            continue;
        }
        let ready = sides.ready.get(&number);
        let fresh: Set = is.difference(&was).copied().filter(|value| *value != ABSENT).collect();
        let unmet: Set =
            fresh.iter().copied().filter(|value| ready.is_none_or(|ready| !ready.contains(value))).collect();
        let values_gone: Set = gone.iter().copied().filter(|value| *value != ABSENT).collect();
        // Values that nobody wrote down are told by what they are of.
        let told = |values: &Set, words: String| match (samples.first(values), sides.extents_of(number)) {
            (None, Some((was, is))) => format!("{what} has {is}, and had {was}"),
            _ => words,
        };
        if !values_gone.is_empty() {
            let words = told(&values_gone, format!("{what} has no more {}", samples.shown(&values_gone)));
            say(Kind::ValueGone, true, &values_gone, words);
        }
        if gone.contains(&ABSENT) {
            say(Kind::AlwaysThere, true, &none, format!("{what} is always there, and could be absent"));
        }
        if !unmet.is_empty() {
            let words = told(&unmet, format!("{what} has {}, which it had not", samples.shown(&unmet)));
            say(Kind::ValueNew, true, &unmet, words);
        } else if !fresh.is_empty() {
            let open = if sides.open.contains(&number) { " of an open set" } else { "" };
            say(Kind::ValueNew, false, &fresh, format!("{what} has {}{open}", samples.shown(&fresh)));
        }
        if is.contains(&ABSENT) && !was.contains(&ABSENT) {
            say(Kind::MayLack, true, &none, format!("{what} may be absent, and was always there"));
        }
    }
    // What stands together is asked where nothing by itself is missing.
    if !is_missing {
        let asks = |number: u32| asked.contains(&number);
        match boxes::outside_all(&sides.old, &sides.new, &asks) {
            Ok(None) => {}
            Ok(Some(record)) => found.push(Found {
                kind: Kind::Together,
                key: None,
                is_broken: true,
                value: None,
                words: format!("no record has {} any more", sides.shown(&record)),
            }),
            Err(boxes::TooMany) => found.push(Found {
                kind: Kind::Together,
                key: None,
                is_broken: true,
                value: None,
                words: "what stands together is more than can be compared: it is taken for another"
                    .to_owned(),
            }),
        }
    }
    if found.is_empty()
        && let Ok(Some(record)) = boxes::outside_all(&sides.new, &sides.old, &|_| true)
    {
        let words = format!("there are records with {}, and there were none", sides.shown(&record));
        found.push(Found { kind: Kind::Together, key: None, is_broken: false, value: None, words });
    }
    found
}

impl Sides {
    /// Which values a key had, and which it has, where that changes.
    fn extents_of(&self, key: u32) -> Option<(String, String)> {
        let [was, is] = &self.extents;
        let (was, is) = (was.get(&key)?, is.get(&key)?);
        let shown = |extents: &BTreeSet<String>| extents.iter().cloned().collect::<Vec<_>>().join(" or ");
        (was != is).then(|| (shown(was), shown(is)))
    }

    fn shown(&self, record: &Record) -> String {
        let parts: Vec<String> = record
            .iter()
            .filter_map(|(number, set)| {
                let (key, samples) = (self.keys.get(*number as usize)?, self.samples.get(*number as usize)?);
                let name = key.name();
                Some(match set.contains(&ABSENT) && set.len() == 1 {
                    true => format!("no `{name}`"),
                    false => format!("`{name}` as {}", samples.shown(set)),
                })
            })
            .collect();
        match parts.as_slice() {
            [] => "these values together".to_owned(),
            parts => parts.join(" and "),
        }
    }
}
