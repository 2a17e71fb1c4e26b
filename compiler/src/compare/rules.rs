//! What changes for rules and panels over series of Prometheus: they know metrics by the names of series, and read a series as a
//! whole, so that one more label makes another.

use std::collections::{BTreeMap, BTreeSet};

use slo_model::names::PrometheusNaming;

use super::Sides;
use super::change::{Audience, Change, Kind, Verdict};
use super::readers::{Of, Records, found, of_id};
use super::signals::{Id, Key, Source};
use super::values::Reading;
use crate::ir::{Contract, Signal, Target};
use crate::measure::kind_of;

/// Series, by their names, with the metric whose they are.
type Series<'r> = BTreeMap<String, &'r Id>;

pub(super) fn compare(
    sides: &Sides<'_>,
    old: &Records<'_>,
    stays: &Records<'_>,
    new: &Records<'_>,
    changes: &mut Vec<Change>,
) {
    if !sides.old.targets.contains(&Target::Prometheus) {
        return;
    }
    promoted(sides, changes);
    let (were, are) = (series(sides.old, old), series(sides.new, new));
    let mut gone: BTreeMap<&Id, Vec<&str>> = BTreeMap::new();
    for (name, id) in were.iter().filter(|(name, _)| !are.contains_key(*name)) {
        gone.entry(id).or_default().push(name);
    }
    let mut names_now: BTreeMap<&Id, Vec<&str>> = BTreeMap::new();
    for (name, id) in &are {
        names_now.entry(id).or_default().push(name);
    }
    for (id, names) in &gone {
        let Some(sources) = old.get(id) else { continue };
        let until = sources.iter().map(|source| source.until);
        let verdict = match new.contains_key(id) {
            true => Verdict::Broken,
            false => until.map(|until| sides.past.goes(until)).max().unwrap_or(Verdict::Broken),
        };
        let quoted = |names: &[&str]| crate::text::some_of(names);
        let now = names_now.get(id).map_or(String::new(), |now| format!("; the metric has {}", quoted(now)));
        let new = new.get(id).and_then(|sources| sources.first()).map(|source| source.place);
        changes.push(Change {
            // Where the metric goes, its series are what rules know of that.
            kind: Kind::Gone,
            thing: id.words(),
            names: vec![id.name().to_owned()],
            verdicts: vec![(Audience::Rules, verdict)],
            message: match names.as_slice() {
                [one] => format!("{}: there is no series `{one}` any more{now}", id.words()),
                names => format!("{}: there are no series {} any more{now}", id.words(), quoted(names)),
            },
            old: sources.first().map(|source| source.place),
            new,
        });
    }
    // A series may stay where its metric has another name.
    let staying = were.iter().filter_map(|(name, id)| Some((*id, *are.get(name)?)));
    let staying: BTreeSet<(&Id, &Id)> = staying.filter(|(id, _)| !gone.contains_key(*id)).collect();
    for (id, now) in staying {
        let (Some(old), Some(new)) = (old.get(id), new.get(now)) else { continue };
        labels(sides, &Of { id, old, stays: of_id(stays, id), new }, changes);
    }
    for (name, id) in are.iter().filter(|(name, _)| !were.contains_key(*name)) {
        if gone.contains_key(id) || !old.contains_key(id) {
            continue;
        }
        let place = new.get(id).and_then(|sources| sources.first()).map(|source| source.place);
        changes.push(Change {
            kind: Kind::New,
            thing: format!("the series `{name}`"),
            names: vec![name.clone()],
            verdicts: vec![(Audience::Rules, Verdict::More)],
            message: format!("{}: the series `{name}` is new", id.words()),
            old: None,
            new: place,
        });
    }
}

/// The names of series on each way.
fn series<'r>(contract: &Contract, records: &'r Records<'_>) -> Series<'r> {
    let mut all = Series::new();
    if !contract.targets.contains(&Target::Prometheus) {
        return all;
    }
    for (id, sources) in records {
        for metric in sources.iter().filter_map(|source| source.instrument) {
            let Some(kind) = kind_of(metric) else { continue };
            let naming = contract.naming(metric);
            for name in naming.series(&metric.name, &metric.unit, kind).into_iter().flatten() {
                all.entry(name).or_insert(id);
            }
        }
    }
    all
}

/// What a side calls a key.
fn label(naming: Option<PrometheusNaming>, key: &Key) -> Option<Key> {
    match key {
        Key::Name(key) => naming?.label(key).map(Key::Name),
        _ => None,
    }
}

fn labels(sides: &Sides<'_>, of: &Of<'_, '_>, changes: &mut Vec<Change>) {
    let naming = |contract: &Contract, sources: &[Source<'_>]| {
        sources.first().and_then(|source| source.instrument).map(|metric| contract.naming(metric))
    };
    let (was, is) = (naming(sides.old, of.old), naming(sides.new, of.new));
    let (old, new) = (|key: &Key| label(was, key), |key: &Key| label(is, key));
    // The key that a label is of, so that one change is told once.
    let mut key_of: BTreeMap<Key, &Key> = BTreeMap::new();
    for source in of.old.iter().chain(of.new) {
        for (key, _) in source.product.iter().flatten().flatten() {
            for label in [old(key), new(key)].into_iter().flatten() {
                key_of.entry(label).or_insert(key);
            }
        }
    }
    for one in found(Signal::Metric, of.records(), [&old, &new], Reading::Labels) {
        let key = one.0.key.as_ref().map(|label| key_of.get(label).copied().unwrap_or(label).clone());
        changes.push(of.change(one, Audience::Rules, key.as_ref()));
    }
}

/// Attributes of resources that are labels of all series, on the ways by which a server promotes any.
fn promoted(sides: &Sides<'_>, changes: &mut Vec<Change>) {
    let of = |contract: &Contract| -> BTreeSet<String> {
        let mut metrics = contract.all_instruments();
        let promotes = metrics.any(|metric| contract.naming(metric).way.promotes());
        let keys = contract.prometheus.promote_resource_attributes.iter().filter(|_| promotes);
        keys.cloned().collect()
    };
    let (old, new) = (of(sides.old), of(sides.new));
    for key in old.symmetric_difference(&new) {
        let is_new = new.contains(key);
        let words = if is_new { "a label of all series now" } else { "no label of all series any more" };
        changes.push(Change {
            kind: if is_new { Kind::New } else { Kind::Gone },
            thing: format!("the promoted attribute `{key}`"),
            names: vec![key.clone(), "promoted".to_owned()],
            verdicts: vec![(Audience::Rules, Verdict::Broken)],
            message: format!("`{key}` of the resource is {words}"),
            old: None,
            new: None,
        });
    }
}
