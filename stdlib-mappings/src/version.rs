//! A vocabulary under the names of an earlier version of what it describes.
//!
//! The conventions publish their renames in a schema file. They are all that is known of an earlier version here: its
//! types, members, units, instruments, levels and stability are those of the version that is built in.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::names::{Fate, Names};
use crate::renames::VERSIONS;
use crate::{Attribute, Declaration, Deprecation, Metric, VOCABULARIES, Vocabulary};

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
    // One of each version that is asked for, for as long as the process runs: of the conventions, the one vocabulary with versions.
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
    for key in keys.alive(at) {
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
