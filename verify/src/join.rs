//! Log and span of one event, and what they say of it.
//!
//! A log belongs to the span whose identifier it has; or to the one span of its event that is above it. It is never joined by the
//! trace: a retry is two events of one trace, and no contradiction.

use std::collections::{BTreeSet, HashMap, VecDeque};

use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::trace::v1::Span;
use slo_compiler::diagnostic::Code;
use slo_model::Value;
use slo_model::event::{FieldKind, Signal, TextPart};
use smallvec::SmallVec;

use crate::judge;
use crate::judge::attributes::{is_same, shown};
use crate::judge::subject::Subject;
use crate::judge::values::{Meant, Values};
use crate::kept::{Kept, Place};
use crate::tables::EventTables;
use crate::tally::{Faults, Words};

/// How many spans are kept for their logs; older ones give way.
const MOST_SPANS: usize = 220_000;

/// How many logs wait for their spans; older ones give way, and are counted.
const MOST_LOGS: usize = 110_000;

/// How many bytes of what spans say are kept, and of what logs say.
const MOST_BYTES: usize = 24 << 20;

/// How far a log's span is looked for above it.
const MOST_ABOVE: usize = 64;

/// A trace, by the halves of its identifier, and a span.
type Id = (u64, u64, u64);

/// The identifiers of a record; none where it has none.
fn id(trace: &[u8], span: &[u8]) -> Option<Id> {
    let (high, low) = trace.split_at_checked(8)?;
    let half = |bytes: &[u8]| <[u8; 8]>::try_from(bytes).ok().map(u64::from_be_bytes);
    Some((half(high)?, half(low)?, half(span)?))
}

/// How many spans with their logs from elsewhere are remembered, by both resources.
const MOST_APART: usize = 1_000;

/// What a record is of.
#[derive(Clone, Copy)]
pub(crate) struct Of {
    /// The contract and the event.
    pub(crate) event: (usize, usize),
    /// The number of its resource, where resources are compared.
    pub(crate) origin: Option<u32>,
}

/// A span that came.
struct Came {
    /// The number of its resource.
    origin: Option<u32>,
    parent: Option<u64>,
    /// The contract and the event that it is of, with what it says.
    of: Option<((usize, usize), Place)>,
    time: u64,
}

/// A log that waits for its span.
#[derive(Clone, Copy)]
struct Waiting {
    of: (usize, usize),
    /// The number of its resource.
    origin: Option<u32>,
    /// Its number among the logs of the event.
    number: usize,
    /// What it says, and its text, where the span says what stands in it.
    said: Place,
    time: u64,
}

/// A log with what it is compared by.
#[derive(Clone, Copy)]
struct Log<'l> {
    number: usize,
    body: Option<&'l str>,
    values: &'l Values<'l>,
}

/// Whether the text of a log has fields that its attributes don't say.
fn is_told_by_span(event: &EventTables<'_>, number: usize, values: &Values<'_>) -> bool {
    let Some((log, ..)) = event.logs.get(number) else { return false };
    let mut variants = log.levels.iter().flat_map(|level| level.meaning.variants);
    // A meaning may give the text instead.
    variants.all(|variant| variant.body.is_empty())
        && log.body.iter().any(|part| matches!(part, TextPart::Value(field) if !values.says(*field)))
}

/// How many events were joined, of one event of a contract.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Joined {
    /// Spans that came.
    pub spans: u64,
    /// Logs that came with the identifier of a span.
    pub logs: u64,
    /// Logs that came without one.
    pub logs_alone: u64,
    /// Logs whose span came.
    pub joined: u64,
    /// Logs whose span did not come within the window.
    pub expired: u64,
}

/// Spans and logs that wait for each other.
pub(crate) struct Joins {
    window: u64,
    spans: HashMap<Id, Came>,
    order: VecDeque<(u64, Id, Option<Place>)>,
    said: Kept,
    waiting: HashMap<Id, SmallVec<[Waiting; 1]>>,
    waiting_order: VecDeque<(u64, Id, Place)>,
    waiting_said: Kept,
    latest: u64,
    /// The resources of spans whose log came from another, by the numbers of both.
    pub(crate) apart: BTreeSet<(u32, u32)>,
    pub(crate) joined: HashMap<(usize, usize), Joined>,
    /// Log after span or span after log, in nanoseconds: how long one waited for the other, by powers of two.
    pub(crate) late: [u64; 64],
}

impl Joins {
    pub(crate) fn new(window: u64) -> Joins {
        Joins {
            window,
            spans: HashMap::new(),
            order: VecDeque::new(),
            said: Kept::default(),
            waiting: HashMap::new(),
            waiting_order: VecDeque::new(),
            waiting_said: Kept::default(),
            latest: 0,
            apart: BTreeSet::new(),
            joined: HashMap::new(),
            late: [0; 64],
        }
    }

    /// A span of no event: it may stand between a log and its span.
    pub(crate) fn other(&mut self, origin: Option<u32>, came: &Span) {
        self.keep(origin, came, None);
    }

    /// Whether a span came already: a request that is sent twice has it twice.
    pub(crate) fn has(&self, came: &Span) -> bool {
        id(&came.trace_id, &came.span_id).is_none_or(|own| self.spans.contains_key(&own))
    }

    /// A span of an event.
    pub(crate) fn span(
        &mut self,
        Of { event: of, origin }: Of,
        event: &EventTables<'_>,
        came: &Span,
        values: &Values<'_>,
        faults: &mut dyn Faults,
    ) {
        self.joined.entry(of).or_default().spans += 1;
        if event.logs.is_empty() {
            return self.keep(origin, came, None);
        }
        self.keep(origin, came, Some((of, values)));
        let Some(own) = id(&came.trace_id, &came.span_id) else { return };
        let Some(mut waiting) = self.waiting.remove(&own) else { return };
        let mine: SmallVec<[Waiting; 1]> = waiting.iter().copied().filter(|one| one.of == of).collect();
        waiting.retain(|one| one.of != of);
        if !waiting.is_empty() {
            self.waiting.insert(own, waiting);
        }
        for one in mine {
            self.keep_apart(origin, one.origin);
            self.joins(of, came.end_time_unix_nano, one.time);
            if let Some((said, body)) = self.waiting_said.get(one.said) {
                compare(of, event, Log { number: one.number, body, values: &said }, values, faults);
            }
        }
    }

    /// A log of an event.
    pub(crate) fn log(
        &mut self,
        Of { event: of, origin }: Of,
        event: &EventTables<'_>,
        number: usize,
        came: &LogRecord,
        values: &Values<'_>,
        faults: &mut dyn Faults,
    ) {
        if event.span.as_ref().is_none_or(|(span, record, _)| span.name.is_none() || record.every) {
            return;
        }
        let time = judge::log_time(came);
        let counts = self.joined.entry(of).or_default();
        let Some(own) = id(&came.trace_id, &came.span_id) else {
            counts.logs_alone += 1;
            return;
        };
        counts.logs += 1;
        let body = judge::log_body(came).filter(|_| is_told_by_span(event, number, values));
        if let Some(span) = self.above(own, of) {
            let Some(came) = self.spans.get(&span) else { return };
            let (from, end) = (came.origin, came.time);
            if let Some((said, _)) = came.of.and_then(|(_, place)| self.said.get(place)) {
                compare(of, event, Log { number, body, values }, &said, faults);
            }
            self.joins(of, end, time);
            if span == own {
                self.keep_apart(from, origin);
            }
            return;
        }
        self.passed(time);
        let Some(said) = self.waiting_said.keep(values, body) else { return };
        self.waiting_order.push_back((time, own, said));
        self.waiting.entry(own).or_default().push(Waiting { of, origin, number, said, time });
    }

    /// Counts a log whose span came, and how far one was from the other.
    fn joins(&mut self, of: (usize, usize), span: u64, log: u64) {
        self.joined.entry(of).or_default().joined += 1;
        let late = span.abs_diff(log);
        let power = (u64::BITS - late.leading_zeros()).min(63) as usize;
        if let Some(count) = self.late.get_mut(power) {
            *count += 1;
        }
    }

    /// Keeps where a log and its own span came from, where these are two.
    fn keep_apart(&mut self, span: Option<u32>, log: Option<u32>) {
        if let (Some(span), Some(log)) = (span, log)
            && span != log
            && self.apart.len() < MOST_APART
        {
            self.apart.insert((span, log));
        }
    }

    /// The one span of an event that a log belongs to: its own, or the only one above it.
    fn above(&self, own: Id, of: (usize, usize)) -> Option<Id> {
        let (high, low, mut span) = own;
        let mut found = None;
        for _ in 0..MOST_ABOVE {
            let came = self.spans.get(&(high, low, span));
            if came.is_some_and(|came| came.of.as_ref().is_some_and(|(other, _)| *other == of)) {
                if span == own.1 {
                    return Some(own);
                }
                if found.is_some() {
                    return None;
                }
                found = Some((high, low, span));
            }
            let Some(parent) = came.and_then(|came| came.parent) else { break };
            span = parent;
        }
        found
    }

    fn keep(&mut self, origin: Option<u32>, came: &Span, of: Option<((usize, usize), &Values<'_>)>) {
        let Some(own) = id(&came.trace_id, &came.span_id) else { return };
        let parent = <[u8; 8]>::try_from(came.parent_span_id.as_slice()).ok().map(u64::from_be_bytes);
        let time = came.end_time_unix_nano;
        self.passed(time);
        let of = of.and_then(|(of, values)| Some((of, self.said.keep(values, None)?)));
        self.order.push_back((time, own, of.map(|(_, place)| place)));
        self.spans.insert(own, Came { origin, parent, of, time });
    }

    /// Lets go of what is past the window, or past what there is room for.
    fn passed(&mut self, time: u64) {
        if time != u64::MAX {
            self.latest = self.latest.max(time);
        }
        let from = self.latest.saturating_sub(self.window);
        while let Some((time, id, said)) = self.order.front().copied()
            && (time < from || self.order.len() > MOST_SPANS || self.said.bytes() > MOST_BYTES)
        {
            self.order.pop_front();
            self.spans.remove(&id);
            if let Some(place) = said {
                self.said.drop_before(place);
            }
        }
        while let Some((time, id, place)) = self.waiting_order.front().copied()
            && (time < from || self.waiting_order.len() > MOST_LOGS || self.waiting_said.bytes() > MOST_BYTES)
        {
            self.waiting_order.pop_front();
            for one in self.waiting.remove(&id).into_iter().flatten() {
                self.joined.entry(one.of).or_default().expired += 1;
            }
            self.waiting_said.drop_before(place);
        }
        if self.waiting_order.is_empty() {
            self.waiting_said.clear();
        }
    }

    /// What still waits at the end of a run waited in vain.
    pub(crate) fn end(&mut self) {
        for one in self.waiting.drain().flat_map(|(_, waiting)| waiting) {
            self.joined.entry(one.of).or_default().expired += 1;
        }
    }
}

/// Compares a log with the span that it belongs to.
fn compare(
    of: (usize, usize),
    event: &EventTables<'_>,
    log: Log<'_>,
    span: &Values<'_>,
    faults: &mut dyn Faults,
) {
    differences(of.0, event, log.values, span, faults);
    judge::log_with_span(of.0, event, log.number, log.body, log.values, span, faults);
}

/// What the two signals of one event say of its fields.
fn differences(
    contract: usize,
    event: &EventTables<'_>,
    log: &Values<'_>,
    span: &Values<'_>,
    faults: &mut dyn Faults,
) {
    let table = &event.event.table;
    let subject = Subject {
        contract,
        event: table.name,
        kind: "event",
        record: "",
        node: event.event.node,
        signal: Signal::Log,
        closed: false,
    };
    let name = |field: u16| table.fields.get(usize::from(field)).map_or("", |field| field.name);
    for (field, meant) in log.meanings() {
        let (Meant::Variants(log), Some(Meant::Variants(span))) = (meant, span.meaning(*field)) else {
            continue;
        };
        if log.iter().any(|variant| span.contains(variant)) {
            continue;
        }
        subject.fault(faults, Code::TelemetryContradiction, name(*field), &|| {
            let named = |numbers: &[u16]| {
                let kind = table.fields.get(usize::from(*field)).map(|field| field.kind);
                let Some(FieldKind::Meaning { meaning, .. }) = kind else { return String::new() };
                let names = numbers.iter().filter_map(|number| meaning.variants.get(usize::from(*number)));
                names.map(|variant| format!("`{}`", variant.name)).collect::<Vec<_>>().join(" or ")
            };
            Words::new(format!(
                "log and span of one `{}` disagree: `{}` is {} on the log and {} on the span",
                table.name,
                name(*field),
                named(log),
                named(span)
            ))
            .help("set both from one value, where the outcome is known")
        });
    }
    for (field, on_log) in log.fields() {
        let Some(on_span) = span.get(*field) else { continue };
        if is_same(on_log, on_span) || is_same(on_span, on_log) {
            continue;
        }
        let cut = match (on_log, on_span) {
            (Value::String(log), Value::String(span)) if log.starts_with(span.as_ref()) => {
                Some(("span", span.chars().count()))
            }
            (Value::String(log), Value::String(span)) if span.starts_with(log.as_ref()) => {
                Some(("log", log.chars().count()))
            }
            _ => None,
        };
        match cut {
            Some((on, length)) if length > 0 => {
                subject.fault(faults, Code::TelemetryCut, name(*field), &|| {
                    Words::new(format!(
                        "`{}` of one `{}` was cut after {length} characters on the {on}, and is whole on the other",
                        name(*field),
                        table.name
                    ))
                    .help("a length limit of an SDK holds for some signals alone: say `max=` in the contract, and cut where the value is set")
                });
            }
            _ => {
                subject.fault(faults, Code::TelemetryContradiction, name(*field), &|| {
                    Words::new(format!(
                        "log and span of one `{}` disagree: `{}` is `{}` on the log and `{}` on the span",
                        table.name,
                        name(*field),
                        shown(&on_log.to_string()),
                        shown(&on_span.to_string())
                    ))
                    .help("set both from one value")
                });
            }
        }
    }
}
