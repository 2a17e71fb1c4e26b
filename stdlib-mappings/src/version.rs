//! A vocabulary under the names of an earlier version of what it describes.
//!
//! The conventions publish their renames in a schema file. They are all that is known of an earlier version here: its
//! types, members, units, instruments, levels and stability are those of the version that is built in.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use crate::renames::VERSIONS;
use crate::{Attribute, Declaration, Deprecation, Metric, VOCABULARIES, Vocabulary};

/// A version, and what it renames of the one before.
#[derive(Debug)]
pub struct Version {
    /// The version.
    pub version: &'static str,
    /// Its renames, in the order in which they happened.
    pub renames: &'static [Rename],
}

/// Something that has another name from a version on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rename {
    /// An attribute: its key before and since.
    Attribute(&'static str, &'static str),
    /// A label of these metrics: its key before and since.
    Label(&'static [&'static str], &'static str, &'static str),
    /// A metric: its name before and since.
    Metric(&'static str, &'static str),
}

/// The versions of a vocabulary that are known, the earliest first.
pub fn versions(name: &str) -> impl DoubleEndedIterator<Item = &'static str> {
    let known = VOCABULARIES.iter().any(|vocabulary| vocabulary.name == name);
    VERSIONS.iter().filter(move |_| known).map(|version| version.version)
}

/// The built-in vocabulary of this name, in this version.
///
/// What an earlier version calls otherwise is deprecated there with [`Deprecation::NotYet`], and what was renamed since is
/// not deprecated there. Keys that the built-in version has under no name but a later one are there with what it says of
/// that name. Metrics are not: a rename tells nothing of a unit.
#[must_use]
pub fn vocabulary(name: &str, version: &str) -> Option<&'static Vocabulary> {
    // One of each version that is asked for, for as long as the process runs.
    static EARLIER: [OnceLock<Vocabulary>; VERSIONS.len()] = [const { OnceLock::new() }; VERSIONS.len()];
    let newest = VOCABULARIES.iter().find(|vocabulary| vocabulary.name == name)?;
    if newest.version == version {
        return Some(newest);
    }
    let at = VERSIONS.iter().position(|known| known.version == version)?;
    Some(EARLIER.get(at)?.get_or_init(|| earlier(newest, at)))
}

/// The version of a built-in vocabulary that a schema URL is of: `1.30.0` of `https://opentelemetry.io/schemas/1.30.0`. A URL
/// below that address which names no version, such as that of a registry of one's own, is of none.
#[must_use]
pub fn schema_version<'u>(name: &str, schema_url: &'u str) -> Option<&'u str> {
    let newest = VOCABULARIES.iter().find(|vocabulary| vocabulary.name == name)?;
    let (_, address) = newest.schema_url.strip_suffix(newest.version)?.split_once("://")?;
    let (_, said) = schema_url.split_once("://")?;
    let said = said.strip_prefix(address)?.trim_end_matches('/').trim_start_matches('v');
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    said.split('.').all(is_number).then_some(said)
}

fn earlier(newest: &'static Vocabulary, at: usize) -> Vocabulary {
    let version = VERSIONS.get(at).map_or(newest.version, |version| version.version);
    let (keys, metrics) = (Names::of_attributes(newest), Names::of_metrics(newest));
    // Since when something is deprecated that was not renamed is not known.
    let deprecated = |fate: Fate, today| match fate {
        Fate::Gone => today,
        Fate::Same | Fate::Alive => None,
        Fate::Called(names) => Some(Deprecation::NotYet { version, names: kept(names) }),
    };
    let mut attributes: BTreeMap<&str, Attribute> = BTreeMap::new();
    for attribute in newest.attributes {
        let deprecated = deprecated(keys.fate(attribute.key, at), attribute.deprecated);
        attributes.insert(attribute.key, Attribute { deprecated, ..attribute.clone() });
    }
    for key in keys.changes.keys().filter(|key| matches!(keys.fate(key, at), Fate::Alive)) {
        if let Some(since) = keys.since(key, at).and_then(|since| newest.attribute(since)) {
            attributes.entry(key).or_insert_with(|| under(newest, since, key));
        }
    }
    let of_metric = |metric: &Metric| {
        let mut own = Vec::new();
        for (label, level, condition) in metric.labels {
            let Some(key) = keys.label(metric.name, label, at) else { continue };
            own.push((key, *level, *condition));
            let Some(since) = newest.attribute(label) else { continue };
            match attributes.get_mut(key) {
                None => drop(attributes.insert(key, under(newest, since, key))),
                Some(known) if key != *label => {
                    known.deprecated = None;
                    // Labels of several metrics had one key, such as `state`: where they differ, nothing is known of it.
                    if known.members != since.members {
                        (known.members, known.open) = (None, false);
                    }
                }
                Some(_) => {}
            }
        }
        let deprecated = deprecated(metrics.fate(metric.name, at), metric.deprecated);
        Metric { labels: kept(own), deprecated, ..metric.clone() }
    };
    let all_metrics: Vec<Metric> = newest.metrics.iter().map(of_metric).collect();
    let of_declaration = |declared: &Declaration| {
        let key =
            |(key, level, condition): &(&'static str, _, _)| Some((keys.only(key, at)?, *level, *condition));
        let keys = kept(declared.keys.iter().filter_map(key).collect());
        Declaration { keys, deprecated: None, ..declared.clone() }
    };
    let all = |list: &[Declaration]| kept(list.iter().map(of_declaration).collect());
    Vocabulary {
        version,
        schema_url: kept_text(newest.schema_url.replace(newest.version, version)),
        attributes: kept(attributes.into_values().collect()),
        metrics: kept(all_metrics),
        spans: all(newest.spans),
        logs: all(newest.logs),
        entities: all(newest.entities),
        ..*newest
    }
}

/// For as long as the process runs, as tables are.
fn kept<T>(list: Vec<T>) -> &'static [T] {
    Box::leak(list.into_boxed_slice())
}

fn kept_text(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

/// The attribute that is called `since` today, under a key of before.
fn under(newest: &Vocabulary, since: &Attribute, key: &'static str) -> Attribute {
    let namespace = key.split('.').next().unwrap_or(key);
    let package = newest.packages.iter().find(|package| package.rsplit('.').next() == Some(namespace));
    Attribute { key, package: package.unwrap_or(&since.package), deprecated: None, ..since.clone() }
}

/// What became of a name.
enum Fate {
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
struct Names {
    changes: BTreeMap<&'static str, Vec<Change>>,
}

impl Names {
    fn of_attributes(newest: &Vocabulary) -> Names {
        let is_used =
            |key: &str| newest.attribute(key).is_some_and(|attribute| attribute.deprecated.is_none());
        Names::new(is_used, |rename| match rename {
            Rename::Attribute(from, to) => Some((from, to)),
            Rename::Label(..) | Rename::Metric(..) => None,
        })
    }

    fn of_metrics(newest: &Vocabulary) -> Names {
        let is_used = |name: &str| newest.metric(name).is_some_and(|metric| metric.deprecated.is_none());
        Names::new(is_used, |rename| match rename {
            Rename::Metric(from, to) => Some((from, to)),
            Rename::Label(..) | Rename::Attribute(..) => None,
        })
    }

    fn new(
        is_used: impl Fn(&str) -> bool,
        pair: impl Fn(Rename) -> Option<(&'static str, &'static str)>,
    ) -> Names {
        let mut changes: BTreeMap<&'static str, Vec<Change>> = BTreeMap::new();
        for (number, version) in VERSIONS.iter().enumerate() {
            for (from, to) in version.renames.iter().filter_map(|rename| pair(*rename)) {
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

    /// What became of a name after a version.
    fn fate(&self, name: &str, at: usize) -> Fate {
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
    fn only(&self, name: &'static str, at: usize) -> Option<&'static str> {
        match self.names(name, at).as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }

    /// What a name that was renamed after a version is called today.
    fn since(&self, name: &'static str, at: usize) -> Option<&'static str> {
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
    fn label(&self, metric: &'static str, label: &'static str, at: usize) -> Option<&'static str> {
        let (mut metric, mut keys) = (metric, BTreeSet::from([label]));
        for (number, version) in VERSIONS.iter().enumerate().skip(at + 1).rev() {
            // A schema file names the metrics of a label as they were before the version, or as they are since.
            let since = metric;
            for rename in version.renames {
                match rename {
                    Rename::Metric(from, to) if *to == since => metric = from,
                    _ => {}
                }
            }
            let is_of = |metrics: &[&str]| metrics.contains(&metric) || metrics.contains(&since);
            let before: BTreeSet<&str> = version
                .renames
                .iter()
                .filter_map(|rename| match rename {
                    Rename::Label(metrics, from, to) if is_of(metrics) && keys.contains(to) => Some(*from),
                    _ => None,
                })
                .collect();
            keys = match before.is_empty() {
                true => keys.into_iter().flat_map(|key| self.names(key, number - 1)).collect(),
                false => before,
            };
        }
        keys.first().copied().filter(|_| keys.len() == 1)
    }
}
