//! Which measurements a receiver has whose metrics are those of an interval each: what one collection held no other will.

use slo::__export::Collected;

use crate::counts::{DropReason, ExporterCounts};

/// The outcome of a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Delivered,
    Unconfirmed,
    Refused,
}

/// The outcome of all collections. Measurements are known by their number: which of those that were made during a
/// collection are in it, and which in the next, is not.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Intervals {
    delivered: u64,
    unconfirmed: u64,
    refused: u64,
    /// The outcome of so many is counted above.
    settled: u64,
    /// Up to here the last collection may reach.
    most: u64,
    last: Option<Fate>,
    /// What is being sent.
    pub(super) sending: Option<Collected>,
}

impl Intervals {
    /// A collection, which holds what was measured since the one before.
    pub(super) fn settle(&mut self, holds: Collected, fate: Fate) {
        self.sending = None;
        let certain = holds.certain.max(self.settled);
        let shared = self.most.min(certain).saturating_sub(self.settled);
        let of_both = match self.last {
            Some(last) if last != fate => Fate::Unconfirmed,
            _ => fate,
        };
        self.count_as(shared, of_both);
        self.count_as(certain - self.settled - shared, fate);
        self.last = Some(if self.most > certain { of_both } else { fate });
        self.settled = certain;
        self.most = self.most.max(holds.most);
    }

    fn count_as(&mut self, measurements: u64, fate: Fate) {
        match fate {
            Fate::Delivered => self.delivered += measurements,
            Fate::Unconfirmed => self.unconfirmed += measurements,
            Fate::Refused => self.refused += measurements,
        }
    }

    pub(super) fn count(mut self, counts: &mut ExporterCounts, is_closed: bool) {
        if is_closed {
            // Nothing comes after it that could hold them.
            let most = self.sending.map_or(self.most, |sending| sending.most.max(self.most));
            self.unconfirmed += most.saturating_sub(self.settled);
        }
        counts.delivered = self.delivered;
        counts.unconfirmed = self.unconfirmed;
        counts.drop_records(self.refused, DropReason::Refused);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(collections: &[(u64, u64, Fate)], is_closed: bool) -> (u64, u64, u64) {
        let mut intervals = Intervals::default();
        for (certain, most, fate) in collections {
            intervals.settle(Collected { certain: *certain, most: *most }, *fate);
        }
        let mut counts = ExporterCounts::new("otlp");
        intervals.count(&mut counts, is_closed);
        (counts.delivered, counts.unconfirmed, counts.all_dropped())
    }

    #[test]
    fn what_a_refused_collection_held_is_dropped_whatever_comes_after_it() {
        let collections = [(10, 10, Fate::Delivered), (15, 15, Fate::Refused), (18, 18, Fate::Delivered)];
        assert_eq!(counted(&collections, true), (13, 0, 5));
    }

    #[test]
    fn what_either_of_two_collections_holds_shares_the_fate_of_both() {
        let delivered = [(10, 13, Fate::Delivered), (20, 20, Fate::Delivered)];
        assert_eq!(counted(&delivered, true), (20, 0, 0));
        let refused = [(10, 13, Fate::Delivered), (20, 20, Fate::Refused)];
        assert_eq!(counted(&refused, true), (10, 3, 7));
        let late = [(10, 25, Fate::Delivered), (20, 22, Fate::Refused), (30, 30, Fate::Refused)];
        assert_eq!(counted(&late, true), (10, 15, 5));
    }

    #[test]
    fn what_the_last_collection_may_hold_is_unconfirmed_at_the_end() {
        let collections = [(10, 13, Fate::Delivered)];
        assert_eq!(counted(&collections, false), (10, 0, 0));
        assert_eq!(counted(&collections, true), (10, 3, 0));
    }
}
