//! What events write onto spans that are not their own.

use std::cmp::Reverse;

use opentelemetry_proto::tonic::trace::v1::Span as Came;
use slo_model::event::Signal;

use super::attributes::{self, Attributes};
use super::conditions::conditions;
use super::subject::Subject;
use super::values::Values;
use crate::tables::shape::Shape;
use crate::tables::{EventTables, Tables};
use crate::tally::{Errors, Faults};

/// The events that wrote onto a span, with what it says of their fields. Each span has what is written onto `every` one. What is written
/// onto the span that is running is known by keys that the span's own event doesn't have; where several events have such a
/// key, the one counts that explains the span with the fewest errors.
pub(crate) fn judge<'v>(
    tables: &Tables<'_>,
    contract: usize,
    own: Option<&Shape<'_>>,
    came: &'v Came,
    faults: &mut dyn Faults,
    mut take: impl FnMut(usize, &Values<'v>),
) {
    for number in &tables.onto_every {
        let Some(event) = tables.events.get(*number) else { continue };
        take(*number, &written(contract, event, came, faults));
    }
    if tables.onto_current.is_empty() {
        return;
    }
    let is_own = |key: &str| own.is_some_and(|shape| shape.number(key).is_some());
    let keys = came.attributes.iter().map(|pair| pair.key.as_str());
    let mut left: Vec<&str> =
        keys.filter(|key| tables.onto_current.contains_key(key) && !is_own(key)).collect();
    while !left.is_empty() {
        let mut events: Vec<usize> =
            left.iter().filter_map(|key| tables.onto_current.get(key)).flatten().copied().collect();
        events.sort_unstable();
        events.dedup();
        let rated = events.into_iter().filter_map(|number| {
            let event = tables.events.get(number)?;
            let (_, _, shape) = event.span.as_ref()?;
            if !was_written(shape, &left, came) {
                return None;
            }
            let mut errors = Errors::default();
            written(contract, event, came, &mut errors);
            let explained = left.iter().filter(|key| shape.number(key).is_some()).count();
            Some(((errors.0, Reverse(explained), number), event, shape))
        });
        let Some(((.., number), event, shape)) = rated.min_by_key(|(rate, ..)| *rate) else { return };
        take(number, &written(contract, event, came, faults));
        left.retain(|key| shape.number(key).is_none());
    }
}

/// Whether keys say that an event was written there: one that no convention has, or all that each of its records has. A key of the
/// conventions may be the library's that made the span.
fn was_written(shape: &Shape<'_>, keys: &[&str], came: &Came) -> bool {
    let known = |key: &str| {
        slo_stdlib_mappings::VOCABULARIES.iter().any(|vocabulary| vocabulary.attribute(key).is_some())
    };
    let has = |key: &str| came.attributes.iter().any(|pair| pair.key == key);
    keys.iter().any(|key| shape.number(key).is_some() && !known(key))
        || shape.entries.iter().filter(|entry| entry.required).all(|entry| has(entry.key))
}

fn written<'v>(
    contract: usize,
    event: &EventTables<'_>,
    came: &'v Came,
    faults: &mut dyn Faults,
) -> Values<'v> {
    let Some((span, record, shape)) = &event.span else { return Values::default() };
    let subject = Subject {
        contract,
        event: event.event.table.name,
        kind: "span",
        record: if record.every { "every" } else { "current" },
        node: record.node,
        signal: Signal::Span,
        closed: false,
    };
    let mut attributes = Attributes::sort(shape, &came.attributes, &subject, faults);
    attributes.unknown.clear();
    let values = attributes::judge(shape, &mut attributes, &subject, faults);
    conditions(span.when, &event.event.table, &|_| Some(&values), &subject, faults);
    values
}
