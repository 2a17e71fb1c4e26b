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
pub(crate) fn together<E: Clone>(contract: &Contract<E>, recorders: &[Recorder<'_, E>]) -> Count {
    let (mut counted, mut limited, mut folds) = (Vec::new(), 0_u64, false);
    for recorder in recorders {
        let own = points_in(contract, recorder.event, recorder.instrument).total;
        match recorder.instrument.limit.as_ref().map(|limit| u64::from(limit.points)) {
            Some(limit) if own.exceeds(limit) => {
                limited = limited.saturating_add(limit);
                folds = true;
            }
            _ => counted.push((*recorder, own)),
        }
    }
    let limited = Count::Finite(limited.saturating_add(u64::from(folds)));
    let counted = match counted.as_slice() {
        [] => Count::Finite(0),
        [(_, alone)] => *alone,
        _ if counted.iter().any(|(_, own)| *own == Count::Unlimited) => Count::Unlimited,
        _ => {
            let counted: Vec<_> = counted.into_iter().map(|(recorder, _)| recorder).collect();
            union(contract, &counted)
        }
    };
    match (counted, limited) {
        (Count::Finite(counted), Count::Finite(limited)) => Count::Finite(counted.saturating_add(limited)),
        _ => Count::Unlimited,
    }
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
