//! What of the contracts was seen: events, their records and the variants that each signal shows.

use serde::{Deserialize, Serialize};
use slo_compiler::ir::Node;
use slo_model::event::Signal;

use crate::judge::values::{Meant, Values};
use crate::tables::{EventTables, Tables};

/// Where counts by signal have one: metric, log, span.
pub(crate) const fn index(signal: Signal) -> usize {
    match signal {
        Signal::Metric => 0,
        Signal::Log => 1,
        Signal::Span => 2,
    }
}

/// Which record of an event was seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Place<'s> {
    Span,
    SpanEvent(usize),
    Log(usize),
    Metric(&'s str),
}

/// What was seen of all contracts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Coverage {
    /// By contract and event.
    pub(crate) events: Vec<Vec<EventSeen>>,
}

/// What was seen of an event.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EventSeen {
    /// Its full name.
    pub name: String,
    /// Its records, with how often each was seen.
    pub records: Vec<RecordSeen>,
    /// The variants of its meanings.
    pub variants: Vec<VariantSeen>,
    /// How many of its records are spans: one or none. They stand first, and then its logs.
    spans: usize,
    logs: usize,
}

/// How often a record of an event was seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordSeen {
    /// What it is, as `span "charge"`.
    pub name: String,
    /// Where it stands.
    pub node: Node,
    /// Whether it is written only where the service's configuration asks for it.
    pub opt_in: bool,
    /// How often it was seen; of metrics their points.
    pub count: u64,
}

/// On which signals a variant was seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VariantSeen {
    /// The meaning's full name.
    pub meaning: String,
    /// The variant's name.
    pub name: String,
    field: u16,
    number: u16,
    /// Whether each of metric, log and span shows it by the contract.
    pub shows: [bool; 3],
    /// How often it was seen on each.
    pub counts: [u64; 3],
}

impl VariantSeen {
    /// Whether it was seen at all.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        self.counts.iter().any(|count| *count > 0)
    }
}

impl EventSeen {
    /// Whether any record of it was seen.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        self.records.iter().any(|record| record.count > 0)
    }

    fn of(event: &EventTables<'_>, tables: &Tables<'_>, number: usize) -> EventSeen {
        let record = |name: String, node| RecordSeen { name, node, opt_in: false, count: 0 };
        let mut seen = EventSeen { name: event.event.table.name.to_owned(), ..EventSeen::default() };
        if let Some((span, place, shape)) = &event.span {
            let name = span.name.map_or_else(
                || if place.every { "every".to_owned() } else { "current".to_owned() },
                |name| format!("\"{}\"", crate::judge::span_name(event, name)),
            );
            seen.records.push(record(format!("span {name}"), place.node));
            seen.spans = 1;
            seen.meanings(shape, Signal::Span);
        }
        seen.logs = event.logs.len();
        for (log, place, shape) in &event.logs {
            let name = log.name.unwrap_or("_");
            seen.records
                .push(RecordSeen { opt_in: place.opt_in, ..record(format!("log {name}"), place.node) });
            seen.meanings(shape, Signal::Log);
        }
        for (one, place, shape) in &event.span_events {
            let name = crate::judge::span_name(event, one.name);
            seen.records.push(record(format!("span event \"{name}\""), place.node));
            seen.meanings(shape, Signal::Span);
        }
        let metrics = event.event.table.metrics.iter().chain(event.event.table.running);
        for metric in metrics {
            let writers = tables.metrics.get(metric.name).into_iter().flatten();
            if let Some(writer) = writers.into_iter().find(|writer| writer.event == Some(number)) {
                seen.records.push(record(format!("metric {}", metric.name), writer.node));
                seen.meanings(&writer.shape, Signal::Metric);
            }
        }
        seen
    }

    fn meanings(&mut self, shape: &crate::tables::shape::Shape<'_>, signal: Signal) {
        for meant in &shape.meanings {
            for variant in &meant.variants {
                let known = self
                    .variants
                    .iter_mut()
                    .find(|one| one.field == meant.field && one.number == variant.number);
                let one = match known {
                    Some(known) => known,
                    None => {
                        self.variants.push(VariantSeen {
                            meaning: meant.meaning.name.to_owned(),
                            name: variant.name.to_owned(),
                            field: meant.field,
                            number: variant.number,
                            shows: [false; 3],
                            counts: [0; 3],
                        });
                        match self.variants.last_mut() {
                            Some(last) => last,
                            None => continue,
                        }
                    }
                };
                if let Some(shows) = one.shows.get_mut(index(signal)) {
                    *shows = true;
                }
            }
        }
    }

    /// Counts a record, and gives how many of it came before.
    fn take(&mut self, place: Place<'_>, values: &Values<'_>) -> u64 {
        let signal = match place {
            Place::Span | Place::SpanEvent(_) => Signal::Span,
            Place::Log(_) => Signal::Log,
            Place::Metric(_) => Signal::Metric,
        };
        let record = match place {
            Place::Metric(name) => {
                self.records.iter_mut().find(|record| record.name.strip_prefix("metric ") == Some(name))
            }
            Place::Span => self.records.get_mut(..self.spans).and_then(<[RecordSeen]>::first_mut),
            Place::Log(number) => self.records.get_mut(self.spans + number),
            Place::SpanEvent(number) => self.records.get_mut(self.spans + self.logs + number),
        };
        let mut before = 0;
        if let Some(record) = record {
            before = record.count;
            record.count += 1;
        }
        for (field, meant) in values.meanings() {
            // Of several that a signal doesn't tell apart none was seen.
            let Meant::Variants(numbers) = meant else { continue };
            let [number] = numbers.as_slice() else { continue };
            let seen = self.variants.iter_mut().find(|one| one.field == *field && one.number == *number);
            if let Some(count) = seen.and_then(|seen| seen.counts.get_mut(index(signal))) {
                *count += 1;
            }
        }
        before
    }
}

impl Coverage {
    pub(crate) fn of(contracts: &[Tables<'_>]) -> Coverage {
        let events = contracts.iter().map(|tables| {
            tables
                .events
                .iter()
                .enumerate()
                .map(|(number, event)| EventSeen::of(event, tables, number))
                .collect()
        });
        Coverage { events: events.collect() }
    }

    /// Counts a record, and gives how many of it came before.
    pub(crate) fn take(
        &mut self,
        contract: usize,
        event: usize,
        place: Place<'_>,
        values: &Values<'_>,
    ) -> u64 {
        let seen = self.events.get_mut(contract).and_then(|events| events.get_mut(event));
        seen.map_or(0, |seen| seen.take(place, values))
    }
}
