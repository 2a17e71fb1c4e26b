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

use crate::judge;
use crate::judge::attributes::{is_same, shown};
use crate::judge::subject::Subject;
use crate::judge::values::{Meant, Values};
use crate::tables::EventTables;
use crate::tally::{Faults, Words};

/// How many spans and logs wait for each other; older ones give way, and are counted.
const MOST_WAITING: usize = 100_000;

/// How far a log's span is looked for above it.
const MOST_ABOVE: usize = 64;

/// A trace and a span.
type Id = (u128, u64);

/// The identifiers of a record; none where it has none.
fn id(trace: &[u8], span: &[u8]) -> Option<Id> {
    let trace: [u8; 16] = trace.try_into().ok()?;
    let span: [u8; 8] = span.try_into().ok()?;
    Some((u128::from_be_bytes(trace), u64::from_be_bytes(span)))
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
    of: Option<((usize, usize), Values<'static>)>,
    time: u64,
    joined: bool,
}

/// A log that waits for its span.
struct Waiting {
    of: (usize, usize),
    /// The number of its resource.
    origin: Option<u32>,
    /// Its number among the logs of the event.
    number: usize,
    /// Its text, where the span says what stands in it.
    body: Option<String>,
    values: Values<'static>,
    time: u64,
}

/// A log with what it is compared by.
#[derive(Clone, Copy)]
struct Log<'l> {
    number: usize,
    body: Option<&'l str>,
    values: &'l Values<'l>,
    time: u64,
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
    order: VecDeque<(u64, Id)>,
    waiting: HashMap<Id, Vec<Waiting>>,
    waiting_order: VecDeque<(u64, Id)>,
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
            waiting: HashMap::new(),
            waiting_order: VecDeque::new(),
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
        values: Values<'_>,
        faults: &mut dyn Faults,
    ) {
        self.joined.entry(of).or_default().spans += 1;
        if event.logs.is_empty() {
            return self.keep(origin, came, None);
        }
        self.keep(origin, came, Some((of, values.into_owned())));
        let Some(own) = id(&came.trace_id, &came.span_id) else { return };
        let Some(waiting) = self.waiting.remove(&own) else { return };
        let (mine, others): (Vec<Waiting>, Vec<Waiting>) = waiting.into_iter().partition(|one| one.of == of);
        if !others.is_empty() {
            self.waiting.insert(own, others);
        }
        for one in mine {
            self.keep_apart(origin, one.origin);
            let log =
                Log { number: one.number, body: one.body.as_deref(), values: &one.values, time: one.time };
            self.compare(own, event, log, faults);
        }
    }

    /// A log of an event.
    pub(crate) fn log(
        &mut self,
        Of { event: of, origin }: Of,
        event: &EventTables<'_>,
        number: usize,
        came: &LogRecord,
        values: Values<'_>,
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
        let body = judge::log_body(came).filter(|_| is_told_by_span(event, number, &values));
        match self.above(own, of) {
            Some(span) => {
                if span == own {
                    self.keep_apart(self.spans.get(&span).and_then(|came| came.origin), origin);
                }
                self.compare(span, event, Log { number, body, values: &values, time }, faults);
            }
            None => {
                self.passed(time);
                self.waiting_order.push_back((time, own));
                let (body, values) = (body.map(str::to_owned), values.into_owned());
                self.waiting.entry(own).or_default().push(Waiting { of, origin, number, body, values, time });
            }
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
        let (trace, mut span) = own;
        let mut found = None;
        for _ in 0..MOST_ABOVE {
            let came = self.spans.get(&(trace, span));
            if came.is_some_and(|came| came.of.as_ref().is_some_and(|(other, _)| *other == of)) {
                if span == own.1 {
                    return Some(own);
                }
                if found.is_some() {
                    return None;
                }
                found = Some((trace, span));
            }
            let Some(parent) = came.and_then(|came| came.parent) else { break };
            span = parent;
        }
        found
    }

    fn keep(&mut self, origin: Option<u32>, came: &Span, of: Option<((usize, usize), Values<'static>)>) {
        let Some(own) = id(&came.trace_id, &came.span_id) else { return };
        let parent = <[u8; 8]>::try_from(came.parent_span_id.as_slice()).ok().map(u64::from_be_bytes);
        let time = came.end_time_unix_nano;
        self.passed(time);
        self.order.push_back((time, own));
        self.spans.insert(own, Came { origin, parent, of, time, joined: false });
    }

    /// Lets go of what is past the window.
    fn passed(&mut self, time: u64) {
        if time != u64::MAX {
            self.latest = self.latest.max(time);
        }
        let from = self.latest.saturating_sub(self.window);
        while let Some((time, id)) = self.order.front().copied()
            && (time < from || self.order.len() > MOST_WAITING)
        {
            self.order.pop_front();
            self.spans.remove(&id);
        }
        while let Some((time, id)) = self.waiting_order.front().copied()
            && (time < from || self.waiting_order.len() > MOST_WAITING)
        {
            self.waiting_order.pop_front();
            for one in self.waiting.remove(&id).into_iter().flatten() {
                self.joined.entry(one.of).or_default().expired += 1;
            }
        }
    }

    /// Compares a log with the span that it belongs to.
    fn compare(&mut self, span: Id, event: &EventTables<'_>, log: Log<'_>, faults: &mut dyn Faults) {
        let Some(came) = self.spans.get_mut(&span) else { return };
        let Some((of, values)) = &came.of else { return };
        came.joined = true;
        self.joined.entry(*of).or_default().joined += 1;
        let late = came.time.abs_diff(log.time);
        let power = (u64::BITS - late.leading_zeros()).min(63) as usize;
        if let Some(count) = self.late.get_mut(power) {
            *count += 1;
        }
        differences(of.0, event, log.values, values, faults);
        judge::log_with_span(of.0, event, log.number, log.body, log.values, values, faults);
    }

    /// What still waits at the end of a run waited in vain.
    pub(crate) fn end(&mut self) {
        for one in self.waiting.drain().flat_map(|(_, waiting)| waiting) {
            self.joined.entry(one.of).or_default().expired += 1;
        }
    }
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
