//! What things are called in earlier versions, by what each version renames.

use std::collections::{BTreeMap, BTreeSet};

use crate::Vocabulary;
use crate::renames::VERSIONS;

/// A version, and what it renames of the one before, in the order in which that happened.
pub(crate) struct Version {
    pub(crate) version: &'static str,
    pub(crate) renames: &'static [Renames],
}

impl Version {
    fn renames_more_than_attributes(&self) -> bool {
        self.renames.iter().any(|renames| !matches!(renames, Renames::Attributes(_)))
    }
}

/// A name before and since.
pub(crate) type Pair = (&'static str, &'static str);

/// Things that have another name from a version on.
pub(crate) enum Renames {
    Attributes(&'static [Pair]),
    /// Labels of these metrics.
    Labels(&'static [&'static str], &'static [Pair]),
    Metrics(&'static [Pair]),
}

impl Renames {
    fn of_metrics(&self) -> &'static [Pair] {
        match self {
            Renames::Metrics(pairs) => pairs,
            Renames::Attributes(_) | Renames::Labels(..) => &[],
        }
    }

    fn of_attributes(&self) -> &'static [Pair] {
        match self {
            Renames::Attributes(pairs) => pairs,
            Renames::Metrics(_) | Renames::Labels(..) => &[],
        }
    }
}

/// What became of a name.
pub(crate) enum Fate {
    /// It is what it is today, as far as is known.
    Same,
    /// It was renamed before.
    Gone,
    /// It was renamed later.
    Alive,
    /// It came later, and this is what it is called in the version.
    Called(Vec<&'static str>),
}

/// A change of a name, by the number of its version.
#[derive(Clone, Copy)]
enum Change {
    To(usize, &'static str),
    From(usize, &'static str),
}

impl Change {
    fn at(self) -> usize {
        let (Change::To(at, _) | Change::From(at, _)) = self;
        at
    }
}

/// The names of one kind of thing, by their changes.
pub(crate) struct Names {
    changes: BTreeMap<&'static str, Vec<Change>>,
}

impl Names {
    pub(crate) fn of_attributes(newest: &Vocabulary) -> Names {
        let is_used =
            |key: &str| newest.attribute(key).is_some_and(|attribute| attribute.deprecated.is_none());
        Names::new(is_used, Renames::of_attributes)
    }

    pub(crate) fn of_metrics(newest: &Vocabulary) -> Names {
        let is_used = |name: &str| newest.metric(name).is_some_and(|metric| metric.deprecated.is_none());
        Names::new(is_used, Renames::of_metrics)
    }

    fn new(is_used: impl Fn(&str) -> bool, pairs: impl Fn(&Renames) -> &'static [Pair]) -> Names {
        let mut changes: BTreeMap<&'static str, Vec<Change>> = BTreeMap::new();
        for (number, version) in VERSIONS.iter().enumerate() {
            for (from, to) in version.renames.iter().flat_map(&pairs) {
                changes.entry(from).or_default().push(Change::To(number, to));
                changes.entry(to).or_default().push(Change::From(number, from));
            }
        }
        // A rename that was taken back without a word: both names are in use today.
        let came_back = |changes: &[Change]| matches!(changes.last(), Some(Change::From(..)));
        let undone: BTreeSet<&str> = changes
            .iter()
            .filter(|(name, changes)| is_used(name) && !came_back(changes))
            .map(|(name, _)| *name)
            .collect();
        for (name, changes) in &mut changes {
            changes.retain(|change| match change {
                Change::To(..) => !undone.contains(name),
                Change::From(_, from) => !undone.contains(from),
            });
        }
        Names { changes }
    }

    /// The names that were renamed after a version.
    pub(crate) fn alive(&self, at: usize) -> impl Iterator<Item = &'static str> {
        self.changes.keys().copied().filter(move |name| matches!(self.fate(name, at), Fate::Alive))
    }

    /// What became of a name after a version.
    pub(crate) fn fate(&self, name: &str, at: usize) -> Fate {
        let changes = self.changes.get(name).map(Vec::as_slice).unwrap_or_default();
        let (before, after) = changes.split_at(changes.partition_point(|change| change.at() <= at));
        let Some(first) = after.first() else {
            return if matches!(before.last(), Some(Change::To(..))) { Fate::Gone } else { Fate::Same };
        };
        let at_once = || after.iter().take_while(|change| change.at() == first.at());
        if at_once().any(|change| matches!(change, Change::To(..))) {
            return Fate::Alive;
        }
        if matches!(before.last(), Some(Change::From(..))) {
            return Fate::Same;
        }
        let sources = at_once().filter_map(|change| match change {
            Change::From(_, from) => Some(*from),
            Change::To(..) => None,
        });
        let names: BTreeSet<&str> = sources.flat_map(|from| self.names(from, at)).collect();
        Fate::Called(names.into_iter().collect())
    }

    /// What is called so later, as a version calls it. A name comes from earlier ones, never from itself.
    fn names(&self, name: &'static str, at: usize) -> Vec<&'static str> {
        match self.fate(name, at) {
            Fate::Same | Fate::Gone | Fate::Alive => vec![name],
            Fate::Called(names) => names,
        }
    }

    /// The one name that a version has for it, if it is one.
    pub(crate) fn only(&self, name: &'static str, at: usize) -> Option<&'static str> {
        match self.names(name, at).as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }

    /// What a name that was renamed after a version is called today.
    pub(crate) fn since(&self, name: &'static str, at: usize) -> Option<&'static str> {
        let (mut name, mut at) = (name, at);
        loop {
            let next = self.changes.get(name)?.iter().find_map(|change| match change {
                Change::To(number, to) if *number > at => Some((*number, *to)),
                _ => None,
            });
            match next {
                Some((number, to)) => (name, at) = (to, number),
                None => return Some(name),
            }
        }
    }

    /// The key that a label of a metric had in a version, by what both are called today; none where several can be.
    pub(crate) fn label(&self, metric: &'static str, label: &'static str, at: usize) -> Option<&'static str> {
        let (mut metric, mut keys) = (metric, BTreeSet::from([label]));
        let of_version =
            |keys: BTreeSet<&'static str>, at| match keys.iter().any(|key| self.changes.contains_key(key)) {
                true => keys.into_iter().flat_map(|key| self.names(key, at)).collect(),
                false => keys,
            };
        let later = VERSIONS.iter().enumerate().skip(at + 1).rev();
        for (number, version) in later.filter(|(_, version)| version.renames_more_than_attributes()) {
            // A schema file names the metrics of a label as they were before the version, or as they are since.
            let since = metric;
            let metrics = version.renames.iter().flat_map(Renames::of_metrics);
            metric = metrics.rev().find(|(_, to)| *to == since).map_or(since, |(from, _)| from);
            let is_of = |metrics: &[&str]| metrics.contains(&metric) || metrics.contains(&since);
            let labels = version.renames.iter().flat_map(|renames| match renames {
                Renames::Labels(metrics, pairs) if is_of(metrics) => *pairs,
                _ => &[],
            });
            keys = of_version(keys, number);
            let before: BTreeSet<&str> =
                labels.filter(|(_, to)| keys.contains(to)).map(|(from, _)| *from).collect();
            if !before.is_empty() {
                keys = before;
            }
        }
        keys = of_version(keys, at);
        keys.first().copied().filter(|_| keys.len() == 1)
    }
}
