//! What changes for those who read signals by name.

use std::collections::{BTreeMap, BTreeSet};

use slo_grammar::Place;

use super::Sides;
use super::change::{Audience, Change, Kind, Verdict};
use super::records::{self, Found};
use super::signals::{Id, Key, Source};
use super::values::Reading;
use crate::ir::{Buckets, Signal};
use crate::measure::{Count, recorders, series, together};

pub(super) type Records<'c> = BTreeMap<Id, Vec<Source<'c>>>;

pub(super) const fn reader_of(signal: Signal) -> Audience {
    match signal {
        Signal::Metric => Audience::Metrics,
        Signal::Log => Audience::Logs,
        Signal::Span => Audience::Traces,
    }
}

/// What a change of one name has of both sides.
pub(super) struct Of<'s, 'c> {
    pub(super) id: &'s Id,
    pub(super) old: &'s [Source<'c>],
    /// What is left of the old without what was to go by now.
    pub(super) stays: &'s [Source<'c>],
    pub(super) new: &'s [Source<'c>],
}

/// Compares the records of the old, of which some stay, with those of the new; where what was to go by now is all that is
/// missing, that is no break.
pub(super) fn found(
    signal: Signal,
    [old, stays, new]: [&[Source<'_>]; 3],
    naming: [&records::Naming<'_>; 2],
    reading: Reading,
) -> Vec<(Found, Verdict)> {
    let all = records::compare(old, new, naming, reading, signal);
    let is_broken = all.iter().any(|found| found.is_broken);
    // Where none of it was to stay, and it is there still, it is compared as if it stayed.
    let asks = is_broken && !stays.is_empty();
    let left = asks.then(|| records::compare(stays, new, naming, reading, signal));
    let is_left = |found: &Found| {
        let same = |one: &Found| one.is_broken && one.kind == found.kind && one.key == found.key;
        left.as_ref().is_none_or(|left| left.iter().any(same))
    };
    let verdict = |found: &Found| match found.is_broken {
        true if is_left(found) => Verdict::Broken,
        true => Verdict::Notice,
        false => Verdict::More,
    };
    all.into_iter()
        .map(|found| {
            let verdict = verdict(&found);
            (found, verdict)
        })
        .collect()
}

/// The records of a name.
pub(super) fn of_id<'r, 'c>(records: &'r Records<'c>, id: &Id) -> &'r [Source<'c>] {
    records.get(id).map(Vec::as_slice).unwrap_or_default()
}

fn first(sources: &[Source<'_>]) -> Option<Place> {
    sources.first().map(|source| source.place)
}

/// Where a key stands; where a variant writes the value, there.
fn place_of(sources: &[Source<'_>], key: Option<&Key>, value: Option<&String>) -> Option<Place> {
    let at = key.cloned().zip(value.cloned());
    let of_value = at.and_then(|at| sources.iter().find_map(|source| source.values.get(&at)));
    let of_key = || key.and_then(|key| sources.iter().find_map(|source| source.places.get(key)));
    of_value.or_else(of_key).copied().or_else(|| first(sources))
}

/// A key by itself, where keys are compared by their own names.
pub(super) fn same(key: &Key) -> Option<Key> {
    Some(key.clone())
}

impl<'s, 'c> Of<'s, 'c> {
    /// The records of the old, those of it that stay, and the records of the new.
    pub(super) const fn records(&self) -> [&'s [Source<'c>]; 3] {
        [self.old, self.stays, self.new]
    }

    pub(super) fn change(
        &self,
        (found, verdict): (Found, Verdict),
        audience: Audience,
        thing: Option<&Key>,
    ) -> Change {
        let mut names = vec![self.id.name().to_owned()];
        names.extend(thing.map(Key::name));
        let signal = self.id.signal();
        let of = match thing {
            Some(key) => format!("{} of {}", key.words(signal), self.id.words()),
            None => self.id.words(),
        };
        Change {
            kind: found.kind,
            thing: of,
            names,
            verdicts: vec![(audience, verdict)],
            message: format!("{}: {}", self.id.words(), found.words),
            old: place_of(self.old, thing, found.value.as_ref()),
            new: place_of(self.new, thing, found.value.as_ref()),
        }
    }
}

/// What changes of all that is read.
pub(super) fn compare(
    sides: &Sides<'_>,
    old: &Records<'_>,
    stays: &Records<'_>,
    new: &Records<'_>,
    changes: &mut Vec<Change>,
) {
    let ids: BTreeSet<&Id> = old.keys().chain(new.keys()).collect();
    for id in ids {
        let of = |records: &'_ Records<'_>| records.get(id).map_or(0, Vec::len);
        let audience = reader_of(id.signal());
        match (of(old), of(new)) {
            (0, _) => changes.push(whole(id, new.get(id), audience, Kind::New, Verdict::More)),
            (_, 0) => {
                let until = old.get(id).into_iter().flatten().map(|source| source.until);
                let verdict = until.map(|until| sides.past.goes(until)).max().unwrap_or(Verdict::Broken);
                let mut gone = whole(id, old.get(id), audience, Kind::Gone, verdict);
                if let Id::Metric(name) = id {
                    gone.message.push_str(&sides.successors.of_metric(name));
                }
                changes.push(gone);
            }
            _ => {
                let (Some(old), Some(new)) = (old.get(id), new.get(id)) else { continue };
                let of = Of { id, old, stays: of_id(stays, id), new };
                if id.signal() == Signal::Metric {
                    heads(&of, changes);
                }
                let found = found(id.signal(), of.records(), [&same, &same], Reading::Typed);
                changes.extend(found.into_iter().map(|found| {
                    let key = found.0.key.clone();
                    let mut change = of.change(found, audience, key.as_ref());
                    if let (Kind::Gone, Some(Key::Name(key))) = (change.kind, &key) {
                        change.message.push_str(&sides.successors.of_key(key));
                    }
                    change
                }));
            }
        }
    }
    budgets(sides, changes);
}

fn whole(
    id: &Id,
    sources: Option<&Vec<Source<'_>>>,
    audience: Audience,
    kind: Kind,
    verdict: Verdict,
) -> Change {
    let place = sources.and_then(|sources| first(sources));
    let (word, old, new) = match kind {
        Kind::New => ("new", None, place),
        _ => ("gone", place, None),
    };
    Change {
        kind,
        thing: id.words(),
        names: vec![id.name().to_owned()],
        verdicts: vec![(audience, verdict)],
        message: format!("{} is {word}", id.words()),
        old,
        new,
    }
}

/// What a metric is, whatever its labels.
fn heads(of: &Of<'_, '_>, changes: &mut Vec<Change>) {
    let instrument = |sources: &[Source<'_>]| -> Option<[(&'static str, String); 4]> {
        let metric = sources.first()?.instrument?;
        let unit = match metric.unit.as_str() {
            "" => "none".to_owned(),
            unit => format!("`{unit}`"),
        };
        let buckets = match metric.buckets() {
            None => "none".to_owned(),
            Some(Buckets::Exponential) => "exponential ones".to_owned(),
            Some(Buckets::Explicit(bounds)) => format!("{bounds:?}"),
        };
        let (kind, number) = (metric.kind.name().to_owned(), metric.number.name().to_owned());
        Some([("kind", kind), ("unit", unit), ("type of number", number), ("buckets", buckets)])
    };
    let (Some(old), Some(new)) = (instrument(of.old), instrument(of.new)) else { return };
    for ((what, was), (_, is)) in old.into_iter().zip(new) {
        if was == is {
            continue;
        }
        let words = match what {
            "buckets" => format!("its buckets are {is}, and were {was}"),
            _ => format!("its {what} is {is}, and was {was}"),
        };
        let found = Found { kind: Kind::Type, key: None, is_broken: true, value: None, words };
        let mut change = of.change((found, Verdict::Broken), Audience::Metrics, None);
        change.names.push(what.to_owned());
        change.thing = format!("the {what} of {}", of.id.words());
        // A rule over what a series is or counts reads another thing under the same name; whether numbers are whole it can't see.
        if matches!(what, "kind" | "buckets") {
            change.verdicts.push((Audience::Rules, Verdict::Broken));
        }
        changes.push(change);
    }
}

/// Points and series that may be more than they could be.
fn budgets(sides: &Sides<'_>, changes: &mut Vec<Change>) {
    let count = |contract| {
        let mut by_name: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for recorder in recorders(contract) {
            by_name.entry(recorder.instrument.name.as_str()).or_default().push(recorder);
        }
        let count = |list: &Vec<crate::measure::Recorder<'_, _>>| {
            let points = together(contract, list);
            let first = list.first().map(|one| one.instrument);
            let most = first.map_or(points, |metric| series(metric, points));
            (points, most, first.map(|metric| contract.places.place(metric.node)))
        };
        by_name.iter().map(|(name, list)| ((*name).to_owned(), count(list))).collect::<BTreeMap<_, _>>()
    };
    let (old, new) = (count(sides.old), count(sides.new));
    let grows = |was: Count, is: Count| match (was, is) {
        (Count::Finite(was), is) => is.exceeds(was),
        (Count::Unlimited, _) => false,
    };
    for (name, (was, series_were, old_place)) in old {
        let Some((is, series_are, new_place)) = new.get(&name) else { continue };
        if !grows(was, *is) && !grows(series_were, *series_are) {
            continue;
        }
        let series = match (was, *is) == (series_were, *series_are) {
            true => String::new(),
            false => format!(", {series_are} series, and had {series_were}"),
        };
        changes.push(Change {
            kind: Kind::Budget,
            thing: format!("the points of the metric `{name}`"),
            names: vec![name.clone(), "points".to_owned()],
            verdicts: vec![(Audience::Metrics, Verdict::More), (Audience::Rules, Verdict::More)],
            message: format!("the metric `{name}`: it may have {is} points, and had {was}{series}"),
            old: old_place,
            new: *new_place,
        });
    }
}
