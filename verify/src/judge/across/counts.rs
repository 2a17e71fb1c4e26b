//! Whether a counter counts all that came on spans.
//!
//! A cumulative counter holds all that its process counted until its time. So there are never more spans of a process that ended before. There
//! may be fewer: sampling leaves spans out, and nothing on the others tells it. Hence only too small a count is told, of processes that a
//! random instance tells apart, and of spans that ended a second before the time or earlier.

use std::collections::{BTreeMap, HashMap};

use super::super::values::{Meant, Values};
use crate::tables::EventTables;

/// How many processes are remembered, each for each event.
const MOST_PROCESSES: usize = 5_000;

/// How many seconds of a process are remembered before its counter comes, for each variant; of earlier ones nothing is said.
const MOST_SECONDS: usize = 4_096;

/// How many series of a counter are remembered.
const MOST_SERIES: usize = 2_000;

const SECOND: u64 = 1_000_000_000;

/// The resource, by its number, the contract and the event.
type Process = (u32, usize, usize);

/// What was seen of an event of a process.
#[derive(Debug, Default)]
struct Seen {
    /// Whether nothing can be said: a counter went back, or has points whose variant isn't known.
    is_unclear: bool,
    /// The latest value of each series, by the hash of its labels, with its variant.
    counted: HashMap<u64, (u16, u64)>,
    /// The spans that ended within a second, by second and variant.
    came: BTreeMap<(u64, u16), u64>,
    /// The spans that ended before these, by variant.
    before: BTreeMap<u16, u64>,
}

/// The counters of processes and their spans.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    seen: HashMap<Process, Seen>,
}

/// A variant of which more spans came than were counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooFew {
    pub(crate) variant: u16,
    pub(crate) counted: u64,
    pub(crate) came: u64,
}

impl Counts {
    fn process(&mut self, process: Process) -> Option<&mut Seen> {
        let has_room = self.seen.len() < MOST_PROCESSES;
        if has_room { Some(self.seen.entry(process).or_default()) } else { self.seen.get_mut(&process) }
    }

    /// Takes a span of an event that a counter counts.
    pub(crate) fn span(&mut self, process: Process, event: &EventTables<'_>, values: &Values<'_>, end: u64) {
        let Some((_, field)) = event.counter else { return };
        let Some(Meant::Variants(variants)) = values.meaning(field) else { return };
        let ([variant], Some(seen)) = (variants.as_slice(), self.process(process)) else { return };
        if seen.is_unclear || end == u64::MAX {
            return;
        }
        *seen.came.entry((end / SECOND, *variant)).or_default() += 1;
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
        let Some((_, field)) = event.counter else { return };
        let Some(seen) = self.process(process) else { return };
        let variant = match values.and_then(|values| values.meaning(field)) {
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

    /// Compares what a collection counted with the spans that ended before it.
    pub(crate) fn collected(&mut self, process: Process, time: u64) -> Vec<TooFew> {
        let Some(seen) = self.seen.get_mut(&process).filter(|seen| !seen.is_unclear && time != u64::MAX)
        else {
            return Vec::new();
        };
        let until = (time / SECOND).saturating_sub(1);
        while let Some(entry) = seen.came.first_entry()
            && entry.key().0 < until
        {
            let ((_, variant), count) = entry.remove_entry();
            *seen.before.entry(variant).or_default() += count;
        }
        let counted = |variant: u16| {
            let own = seen.counted.values().filter(|(one, _)| *one == variant);
            own.fold(0_u64, |all, (_, count)| all.saturating_add(*count))
        };
        let compared = seen.before.iter().map(|(variant, came)| TooFew {
            variant: *variant,
            counted: counted(*variant),
            came: *came,
        });
        compared.filter(|one| one.came > one.counted).collect()
    }
}
