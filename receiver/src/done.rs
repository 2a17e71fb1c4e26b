//! What the receiver did, counted.

use std::ops::Sub;

/// So many requests, and so many records in them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Requests.
    pub requests: u64,
    /// Log records, spans or points of metrics.
    pub records: u64,
}

impl Count {
    pub(crate) const fn add(&mut self, records: u64) {
        self.requests += 1;
        self.records += records;
    }
}

impl Sub for Count {
    type Output = Count;

    fn sub(self, other: Count) -> Count {
        Count {
            requests: self.requests.saturating_sub(other.requests),
            records: self.records.saturating_sub(other.records),
        }
    }
}

/// What the receiver did with one signal. Each record that was received is in exactly one of the counts below, once its request
/// is over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Done {
    /// What was read to its end, whatever became of it.
    pub received: Count,
    /// What was kept, and was answered so. A request that was rejected in part is among these requests.
    pub taken: Count,
    /// The requests that were rejected in part, and their records that were not kept.
    pub rejected: Count,
    /// What was answered with an error, and not kept.
    pub refused: Count,
    /// What was kept, and got no answer, or one that nobody waited for any more.
    pub unanswered_taken: Count,
    /// What was not kept, and got no answer.
    pub unanswered_dropped: Count,
    /// Requests that were no OTLP, or larger than the receiver takes, and were refused for it. They are in no other count.
    pub unreadable: u64,
}

impl Done {
    /// How many records were kept, of requests that are over.
    #[must_use]
    pub const fn kept(&self) -> u64 {
        self.taken.records + self.unanswered_taken.records
    }

    /// What was received, and is not over: it waits for a late answer.
    #[must_use]
    pub fn pending(&self) -> Count {
        let rejected = Count { requests: 0, records: self.rejected.records };
        self.received - self.taken - rejected - self.refused - self.unanswered_taken - self.unanswered_dropped
    }
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It was taken but for so many records, and answered so.
    Taken {
        rejected: u64,
    },
    Refused,
    UnansweredTaken,
    UnansweredDropped,
}

impl Done {
    /// A request of so many records ended.
    pub(crate) const fn end(&mut self, end: End, records: u64) {
        match end {
            End::Taken { rejected } => {
                self.taken.add(records.saturating_sub(rejected));
                if rejected > 0 {
                    self.rejected.add(rejected);
                }
            }
            End::Refused => self.refused.add(records),
            End::UnansweredTaken => self.unanswered_taken.add(records),
            End::UnansweredDropped => self.unanswered_dropped.add(records),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_record_is_in_one_count() {
        let mut done = Done::default();
        let ends = [
            End::Taken { rejected: 0 },
            End::Taken { rejected: 3 },
            End::Refused,
            End::UnansweredTaken,
            End::UnansweredDropped,
        ];
        for end in ends {
            done.received.add(10);
            assert_eq!(done.pending(), Count { requests: 1, records: 10 });
            done.end(end, 10);
            assert_eq!(done.pending(), Count::default());
        }
        assert_eq!(done.taken, Count { requests: 2, records: 17 });
        assert_eq!(done.rejected, Count { requests: 1, records: 3 });
        assert_eq!(done.kept(), 27);
    }
}
