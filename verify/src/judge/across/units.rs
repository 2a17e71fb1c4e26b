//! Durations on spans that look as if they had another unit.
//!
//! What takes place within a span takes no longer than it. A duration that is again and again a thousand, a million or a billion times as long
//! is the span's own length in another unit.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::trace::v1::Span;
use slo_compiler::diagnostic::Code;
use slo_model::Value;
use slo_model::event::Signal;

use super::super::subject::Subject;
use super::super::values::Values;
use crate::tables::{EventTables, Tables};
use crate::tally::{At, Fault, Faults, Tally, Words};

/// How many spans it takes.
const LEAST: u64 = 20;

/// The factors by which units of time differ, with what the value would be in then.
const FACTORS: [(f64, &str); 3] =
    [(1e3, "a thousand times"), (1e6, "a million times"), (1e9, "a billion times")];

/// How near a factor is to be, in parts: a duration is taken within the span, and clocks of milliseconds round it.
const NEAR: f64 = 0.25;

/// What was seen of a duration.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    spans: u64,
    off: [u64; FACTORS.len()],
    /// The time of the last span.
    time: u64,
}

/// The durations on spans, by contract, event and field.
#[derive(Debug, Default)]
pub(crate) struct Units {
    seen: BTreeMap<(usize, usize, u16), Seen>,
}

impl Units {
    /// Compares the durations of an event's span with its length.
    pub(crate) fn take(
        &mut self,
        (contract, number): (usize, usize),
        event: &EventTables<'_>,
        came: &Span,
        values: &Values<'_>,
    ) {
        let length = came.end_time_unix_nano.saturating_sub(came.start_time_unix_nano);
        if length == 0 || came.end_time_unix_nano == u64::MAX || came.start_time_unix_nano == 0 {
            return;
        }
        for (field, nanoseconds) in &event.durations {
            let value = match values.get(*field) {
                Some(Value::Double(value)) => *value,
                Some(Value::Int(value)) => *value as f64,
                _ => continue,
            };
            let seen = self.seen.entry((contract, number, *field)).or_default();
            seen.spans += 1;
            seen.time = came.end_time_unix_nano;
            let ratio = value * nanoseconds / length as f64;
            for ((factor, _), off) in FACTORS.iter().zip(&mut seen.off) {
                *off += u64::from((ratio / factor - 1.0).abs() < NEAR);
            }
        }
    }

    /// Tells of the durations that were off on most spans.
    pub(crate) fn end(&self, contracts: &[Tables<'_>], tally: &mut Tally) {
        for ((contract, number, field), seen) in &self.seen {
            let off =
                FACTORS.iter().zip(seen.off).find(|(_, off)| seen.spans >= LEAST && off * 2 > seen.spans);
            let Some(((_, times), off)) = off else { continue };
            let event = contracts.get(*contract).and_then(|tables| tables.events.get(*number));
            let Some((event, (_, record, shape))) =
                event.and_then(|event| event.span.as_ref().map(|span| (event, span)))
            else {
                continue;
            };
            let subject = Subject {
                contract: *contract,
                event: event.event.table.name,
                kind: "span",
                record: &event.span_name,
                node: record.node,
                signal: Signal::Span,
                closed: false,
            };
            let key = shape.key_of(*field).unwrap_or_default();
            let path = || subject.shown();
            let mut faults = Told { tally, at: At { time: seen.time, version: "", path: &path } };
            subject.fault(&mut faults, Code::TelemetryGuess, key, &|| {
                Words::new(format!(
                    "`{key}` of {} is about {times} as long as the span: it looks as if it had another unit",
                    subject.shown()
                ))
                .note(format!("it is on {off} of {} spans", seen.spans))
                .help("convert it to the unit that the contract says, where it is set")
            });
        }
    }
}

/// Takes faults into the tally.
struct Told<'t> {
    tally: &'t mut Tally,
    at: At<'t>,
}

impl Faults for Told<'_> {
    fn take(&mut self, fault: Fault<'_>, say: &dyn Fn() -> Words) {
        self.tally.take(fault, self.at, say);
    }
}
