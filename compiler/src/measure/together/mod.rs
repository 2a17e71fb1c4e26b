//! How many points a metric has where several lists record it: those of all lists together, each once.
//!
//! The points of a list are a product: of each field the values that it shows, by which keys. So several lists are counted as the
//! union of products, over keys that they share. What a list doesn't say one by one (the values that `bounded=` lets in) counts
//! as a part that no other list has, unless it is the same field of the same event.

mod parts;
#[cfg(test)]
mod tests;
mod union;

use std::borrow::Cow;

use crate::hash::HashSet;

use slo_model::names::PrometheusNaming;

use super::map::Space;
use super::points::{Count, points_in};
use crate::ir::{Contract, Event, Instrument, Meaning};

/// At most this many values and tuples of a metric's lists are kept one by one, of lists that are alike once.
const LISTED: u64 = 100_000;

/// At most this many are looked at.
const LOOKED_AT: u64 = 1_000_000;

/// A list of labels that records a metric, with the event whose fields it names.
#[derive(Debug)]
pub(crate) struct Recorder<'c, E> {
    pub(crate) instrument: &'c Instrument<E>,
    pub(crate) event: Option<&'c Event<E>>,
}

impl<E> Clone for Recorder<'_, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Recorder<'_, E> {}

/// All that records a contract's metrics: events, in their order, and what stands for itself.
pub(crate) fn recorders<E>(contract: &Contract<E>) -> impl Iterator<Item = Recorder<'_, E>> {
    let of_events = contract.events.iter().flat_map(|event| {
        event.metrics.iter().map(move |instrument| Recorder { instrument, event: Some(event) })
    });
    let by_themselves = contract
        .instruments
        .iter()
        .map(|instrument| Recorder { instrument, event: instrument.during.map(|id| contract.event(id)) });
    of_events.chain(by_themselves)
}

/// The most points of a metric that all these record; past its `limit=`, a list has that many and the one that the program folds
/// the rest to.
#[cfg(any(feature = "human", feature = "compare"))]
pub(crate) fn together<E: Clone>(contract: &Contract<E>, recorders: &[Recorder<'_, E>]) -> Count {
    of_lists(contract, &counted(contract, recorders))
}

/// The same, where it is more than a number. That it isn't is mostly seen without comparing lists.
pub(crate) fn more_than<E: Clone>(
    contract: &Contract<E>,
    recorders: &[Recorder<'_, E>],
    most: u64,
) -> Option<Count> {
    let lists = counted(contract, recorders);
    let sum = lists.iter().fold(Count::Finite(0), |sum, list| sum.plus(list.most()));
    if !sum.exceeds(most) {
        return None;
    }
    Some(of_lists(contract, &lists)).filter(|total| total.exceeds(most))
}

/// A list with its own points, and the limit that the program keeps them to.
struct List<'c, E> {
    recorder: Recorder<'c, E>,
    points: Count,
    kept_to: Option<u64>,
}

impl<E> List<'_, E> {
    /// The most points that it adds to a metric.
    fn most(&self) -> Count {
        self.kept_to.map_or(self.points, |limit| Count::Finite(limit.saturating_add(1)))
    }
}

fn counted<'c, E: Clone>(contract: &Contract<E>, recorders: &[Recorder<'c, E>]) -> Vec<List<'c, E>> {
    let list = |recorder: &Recorder<'c, E>| {
        let points = points_in(contract, recorder.event, recorder.instrument).total;
        let limit = recorder.instrument.limit.as_ref().map(|limit| u64::from(limit.points));
        List { recorder: *recorder, points, kept_to: limit.filter(|limit| points.exceeds(*limit)) }
    };
    recorders.iter().map(list).collect()
}

fn of_lists<E: Clone>(contract: &Contract<E>, lists: &[List<'_, E>]) -> Count {
    // All that is folded goes to one point.
    let kept = lists.iter().filter_map(|list| list.kept_to);
    let folded = Count::Finite(u64::from(lists.iter().any(|list| list.kept_to.is_some())));
    let kept = kept.fold(folded, |sum, limit| sum.plus(Count::Finite(limit)));
    let free: Vec<&List<'_, E>> = lists.iter().filter(|list| list.kept_to.is_none()).collect();
    let free = match free.as_slice() {
        [] => Count::Finite(0),
        [alone] => alone.points,
        all if all.iter().any(|list| list.points == Count::Unlimited) => Count::Unlimited,
        all => union(contract, &all.iter().map(|list| list.recorder).collect::<Vec<_>>()),
    };
    free.plus(kept)
}

fn union<E: Clone>(contract: &Contract<E>, recorders: &[Recorder<'_, E>]) -> Count {
    // What a space has numbers of stays until it is gone.
    let faces: Vec<Vec<Cow<'_, Meaning<E>>>> =
        recorders.iter().map(|recorder| parts::faces(contract, recorder)).collect();
    let mut space = Space::new(PrometheusNaming::default());
    let (mut kept, mut looked_at) = (LISTED, LOOKED_AT);
    let mut lists: HashSet<Vec<union::Part>> = HashSet::default();
    for (recorder, faces) in recorders.iter().zip(&faces) {
        let most = kept.min(looked_at);
        let mut left = most;
        let list = parts::of(recorder, faces, &mut space, &mut left);
        looked_at -= most - left;
        // What is listed already takes no room once more.
        if lists.insert(list) {
            kept -= most - left;
        }
    }
    let mut lists: Vec<Vec<union::Part>> = lists.into_iter().collect();
    lists.sort();
    Count::Finite(union::size(lists))
}
