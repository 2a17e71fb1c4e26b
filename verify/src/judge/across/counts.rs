//! Whether a counter counts all that came on spans and logs.
//!
//! A cumulative counter holds all that its process counted until its time. So there are never more spans, or logs, of a process that were over
//! before. There may be fewer: sampling leaves spans out, a logger's level logs, and nothing on the others tells it. Hence only too small a
//! count is told, of processes that a random instance tells apart, and of what came a second before the time or earlier.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use super::super::values::{Meant, Values};
use crate::tables::EventTables;

/// How many processes are remembered, each for each event.
const MOST_PROCESSES: usize = 5_000;

/// How many seconds of a process are remembered before its counter comes, for each variant; of earlier ones nothing is said.
const MOST_SECONDS: usize = 4_096;

/// How many series of a counter are remembered.
const MOST_SERIES: usize = 2_000;

/// How many logs are remembered, to tell one that is sent twice.
const MOST_LOGS: usize = 50_000;

const SECOND: u64 = 1_000_000_000;

/// What an occurrence came as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    Span,
    /// The log of this number among those of the event.
    Log(usize),
}

/// The resource, by its number, the contract and the event.
type Process = (u32, usize, usize);

/// What was seen of an event of a process.
#[derive(Debug, Default)]
struct Seen {
    /// Whether nothing can be said: a counter went back, or has points whose variant isn't known.
    is_unclear: bool,
    /// The latest value of each series, by the hash of its labels, with its variant.
    counted: HashMap<u64, (u16, u64)>,
    /// What came within a second, by second, source and variant.
    came: BTreeMap<(u64, Source, u16), u64>,
    /// What came before these, by source and variant.
    before: BTreeMap<(Source, u16), u64>,
}

/// The counters of processes, and their spans and logs.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    seen: HashMap<Process, Seen>,
    /// The hashes of the logs that came last: a request that is sent twice has them twice, and they have no identifiers.
    logs: HashSet<u64>,
    logs_in_order: VecDeque<u64>,
}

/// A variant of which more came than were counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooFew {
    pub(crate) source: Source,
    pub(crate) variant: u16,
    pub(crate) counted: u64,
    pub(crate) came: u64,
}

impl Counts {
    fn process(&mut self, process: Process) -> Option<&mut Seen> {
        let has_room = self.seen.len() < MOST_PROCESSES;
        if has_room { Some(self.seen.entry(process).or_default()) } else { self.seen.get_mut(&process) }
    }

    /// Whether a log of this hash came already, as far as these are remembered.
    pub(crate) fn has_log(&mut self, hash: u64) -> bool {
        if !self.logs.insert(hash) {
            return true;
        }
        self.logs_in_order.push_back(hash);
        if self.logs_in_order.len() > MOST_LOGS
            && let Some(first) = self.logs_in_order.pop_front()
        {
            self.logs.remove(&first);
        }
        false
    }

    /// Takes a span or a log of an event that a counter counts, of this time.
    pub(crate) fn take(
        &mut self,
        process: Process,
        source: Source,
        event: &EventTables<'_>,
        values: &Values<'_>,
        time: u64,
    ) {
        let Some(counter) = &event.counter else { return };
        let Some(Meant::Variants(variants)) = values.meaning(counter.field) else { return };
        let ([variant], Some(seen)) = (variants.as_slice(), self.process(process)) else { return };
        if seen.is_unclear || time == u64::MAX {
            return;
        }
        *seen.came.entry((time / SECOND, source, *variant)).or_default() += 1;
        if seen.came.len() > MOST_SECONDS {
            // The earliest goes: what isn't counted here is never too many.
            seen.came.pop_first();
        }
    }

    /// Takes a point of the counter of an event.
    pub(crate) fn point(
        &mut self,
        process: Process,
        event: &EventTables<'_>,
        (labels, value): (u64, Option<u64>),
        values: Option<&Values<'_>>,
    ) {
        let Some(counter) = &event.counter else { return };
        let Some(seen) = self.process(process) else { return };
        let variant = match values.and_then(|values| values.meaning(counter.field)) {
            Some(Meant::Variants(variants)) => match variants.as_slice() {
                [variant] => Some(*variant),
                _ => None,
            },
            _ => None,
        };
        let (Some(variant), Some(value)) = (variant, value) else {
            seen.is_unclear = true;
            return;
        };
        let before = seen.counted.get(&labels).map_or(0, |(_, before)| *before);
        if value < before || seen.counted.len() >= MOST_SERIES {
            seen.is_unclear = true;
            return;
        }
        seen.counted.insert(labels, (variant, value));
    }

    /// Compares what a collection counted with the spans and logs before it.
    pub(crate) fn collected(&mut self, process: Process, time: u64) -> Vec<TooFew> {
        let Some(seen) = self.seen.get_mut(&process).filter(|seen| !seen.is_unclear && time != u64::MAX)
        else {
            return Vec::new();
        };
        let until = (time / SECOND).saturating_sub(1);
        while let Some(entry) = seen.came.first_entry()
            && entry.key().0 < until
        {
            let ((_, source, variant), count) = entry.remove_entry();
            *seen.before.entry((source, variant)).or_default() += count;
        }
        let counted = |variant: u16| {
            let own = seen.counted.values().filter(|(one, _)| *one == variant);
            own.fold(0_u64, |all, (_, count)| all.saturating_add(*count))
        };
        let compared = seen.before.iter().map(|((source, variant), came)| TooFew {
            source: *source,
            variant: *variant,
            counted: counted(*variant),
            came: *came,
        });
        compared.filter(|one| one.came > one.counted).collect()
    }
}
