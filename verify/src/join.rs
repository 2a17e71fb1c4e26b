//! The signals of one event, and what they say of it.
//!
//! A log belongs to the span whose identifier it has; or to the one span of its event that is above it. So does the exemplar of a point. Neither
//! is joined by the trace: a retry is two events of one trace, and no contradiction.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use opentelemetry_proto::tonic::trace::v1::Span;
use serde::{Deserialize, Serialize};
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
#[derive(Clone, Copy, Debug)]
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

/// What names a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// The log of this number among those of the event.
    Log(usize),
    /// The exemplar of a point.
    Exemplar,
}

/// A record that names a span, with what it is told by where it is shown.
#[derive(Clone, Copy)]
pub(crate) struct Naming<'n> {
    pub(crate) named: Named,
    pub(crate) trace_id: &'n [u8],
    pub(crate) span_id: &'n [u8],
    /// The text of a log.
    pub(crate) body: Option<&'n str>,
    pub(crate) values: &'n Values<'n>,
    pub(crate) time: u64,
    pub(crate) shown: &'n Arc<str>,
    pub(crate) version: &'n Arc<str>,
}

/// A record that waits for the span that it names.
struct Waiting {
    of: Of,
    named: Named,
    /// What it says, and its text, where the span says what stands in it.
    said: Place,
    time: u64,
    /// What its resource is called, and the version of its service.
    shown: Arc<str>,
    version: Arc<str>,
}

/// The records that wait for one span.
type Few = SmallVec<[Waiting; 1]>;

/// A record that has waited long enough.
pub(crate) struct Ripe {
    waiting: Waiting,
    own: Id,
    /// The span that it belongs to, where that came.
    span: Option<Id>,
}

impl Ripe {
    /// The contract and the event.
    pub(crate) const fn event(&self) -> (usize, usize) {
        self.waiting.of.event
    }

    pub(crate) const fn named(&self) -> Named {
        self.waiting.named
    }

    pub(crate) const fn time(&self) -> u64 {
        self.waiting.time
    }

    pub(crate) fn shown(&self) -> &str {
        &self.waiting.shown
    }

    pub(crate) fn version(&self) -> &str {
        &self.waiting.version
    }

    /// The identifiers of the trace and of the span that it names.
    pub(crate) fn ids(&self) -> ([u8; 16], [u8; 8]) {
        let (high, low, span) = self.own;
        ((u128::from(high) << 64 | u128::from(low)).to_be_bytes(), span.to_be_bytes())
    }
}

/// What is compared with a span.
#[derive(Clone, Copy)]
struct Compared<'l> {
    named: Named,
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Exemplars of points that name a span; one that comes again is none.
    pub exemplars: u64,
    /// Exemplars whose span came.
    pub exemplars_joined: u64,
    /// How often a counter says that it happened, of those that are cumulative and came over OTLP.
    pub counted: u64,
}

/// The times that resources sent last. One whose clock is ahead makes nothing of the others late; two that are past a time say that it is past, also for
/// what is of a resource that sends no more.
#[derive(Debug, Default)]
struct Clocks {
    /// By the numbers of resources, from 1 on; 0 is of those without. How many have numbers is bounded.
    latest: Vec<u64>,
    /// The resource with the latest time of all, and the latest time of all others.
    first: (usize, u64),
    second: u64,
}

impl Clocks {
    fn place(origin: Option<u32>) -> usize {
        origin.map_or(0, |number| number as usize + 1)
    }

    fn take(&mut self, origin: Option<u32>, time: u64) {
        if time == u64::MAX {
            return;
        }
        let place = Clocks::place(origin);
        if self.latest.len() <= place {
            self.latest.resize(place + 1, 0);
        }
        if let Some(latest) = self.latest.get_mut(place) {
            *latest = time.max(*latest);
        }
        if place == self.first.0 {
            self.first.1 = time.max(self.first.1);
        } else if time > self.first.1 {
            self.second = self.first.1;
            self.first = (place, time);
        } else {
            self.second = time.max(self.second);
        }
    }

    /// How late it is for what is of a resource.
    fn of(&self, origin: Option<u32>) -> u64 {
        let own = self.latest.get(Clocks::place(origin)).copied().unwrap_or(0);
        own.max(self.second)
    }
}

/// Spans and logs that wait for each other.
pub(crate) struct Joins {
    window: u64,
    spans: HashMap<Id, Came>,
    order: VecDeque<(u64, Id, Option<Place>, Option<u32>)>,
    said: Kept,
    waiting: HashMap<Id, Few>,
    waiting_order: VecDeque<(u64, Id, Place, Option<u32>)>,
    waiting_said: Kept,
    clocks: Clocks,
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
            clocks: Clocks::default(),
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
        if event.logs.is_empty()
            && event.event.table.metrics.is_empty()
            && event.event.table.running.is_empty()
        {
            return self.keep(origin, came, None);
        }
        self.keep(origin, came, Some((of, values)));
        let Some(own) = id(&came.trace_id, &came.span_id) else { return };
        let Some(waiting) = self.waiting.remove(&own) else { return };
        let (mine, others): (Few, Few) = waiting.into_iter().partition(|one| one.of.event == of);
        if !others.is_empty() {
            self.waiting.insert(own, others);
        }
        for one in mine {
            if one.named != Named::Exemplar {
                self.keep_apart(origin, one.of.origin);
            }
            self.count(of, (one.named, one.time), came.end_time_unix_nano);
            if let Some((said, body)) = self.waiting_said.get(one.said) {
                compare(of, event, Compared { named: one.named, body, values: &said }, values, faults);
            }
        }
    }

    /// A record of an event that may name a span.
    pub(crate) fn naming(
        &mut self,
        of: Of,
        event: &EventTables<'_>,
        one: Naming<'_>,
        faults: &mut dyn Faults,
    ) {
        let Some((span, record, _)) = &event.span else { return };
        let counts = self.joined.entry(of.event).or_default();
        if span.name.is_none() || record.every {
            // It is another event's span, or any. That there is one is all that can be seen.
            let is_alone = id(one.trace_id, one.span_id).is_none();
            counts.logs_alone += u64::from(is_alone && one.named != Named::Exemplar);
            return;
        }
        let Some(own) = id(one.trace_id, one.span_id) else {
            counts.logs_alone += u64::from(one.named != Named::Exemplar);
            return;
        };
        match one.named {
            Named::Log(_) => counts.logs += 1,
            Named::Exemplar => counts.exemplars += 1,
        }
        let body = match one.named {
            Named::Log(number) => one.body.filter(|_| is_told_by_span(event, number, one.values)),
            Named::Exemplar => None,
        };
        self.clocks.take(of.origin, one.time);
        if let Some(span) = self.above(own, of.event) {
            let Some(came) = self.spans.get(&span) else { return };
            let (from, end) = (came.origin, came.time);
            if let Some((said, _)) = came.of.and_then(|(_, place)| self.said.get(place)) {
                let compared = Compared { named: one.named, body, values: one.values };
                compare(of.event, event, compared, &said, faults);
            }
            self.count(of.event, (one.named, one.time), end);
            if span == own && one.named != Named::Exemplar {
                self.keep_apart(from, of.origin);
            }
            return;
        }
        let Some(said) = self.waiting_said.keep(one.values, body) else { return };
        self.waiting_order.push_back((one.time, own, said, of.origin));
        self.waiting.entry(own).or_default().push(Waiting {
            of,
            named: one.named,
            said,
            time: one.time,
            shown: Arc::clone(one.shown),
            version: Arc::clone(one.version),
        });
    }

    /// How many records wait for the span that they name.
    pub(crate) fn waiting(&self) -> u64 {
        self.waiting.values().map(|few| few.len() as u64).sum()
    }

    /// The next record that has waited long enough; at the end of a run, all have.
    pub(crate) fn ripe(&mut self, is_end: bool) -> Option<Ripe> {
        loop {
            let (time, own, place, origin) = self.waiting_order.front().copied()?;
            let is_ripe = is_end
                || time < self.from(origin)
                || self.waiting_order.len() > MOST_LOGS
                || self.waiting_said.bytes() > MOST_BYTES;
            if !is_ripe {
                return None;
            }
            self.waiting_order.pop_front();
            self.waiting_said.drop_before(place);
            // Its span may have come, and taken it.
            let Some(waiting) = self.waiting.get_mut(&own) else { continue };
            let Some(at) = waiting.iter().position(|one| one.said == place) else { continue };
            let one = waiting.remove(at);
            if waiting.is_empty() {
                self.waiting.remove(&own);
            }
            let span = self.above(own, one.of.event);
            return Some(Ripe { waiting: one, own, span });
        }
    }

    /// Judges a record that has waited long enough by the span above it, or counts it as one that waited in vain.
    pub(crate) fn settle(&mut self, ripe: &Ripe, event: &EventTables<'_>, faults: &mut dyn Faults) {
        let one = &ripe.waiting;
        let Some(came) = ripe.span.and_then(|span| self.spans.get(&span)) else {
            self.joined.entry(one.of.event).or_default().expired += u64::from(one.named != Named::Exemplar);
            return;
        };
        let end = came.time;
        let on_span = came.of.and_then(|(_, place)| self.said.get(place));
        if let (Some((on_span, _)), Some((said, body))) = (on_span, self.waiting_said.get(one.said)) {
            compare(
                one.of.event,
                event,
                Compared { named: one.named, body, values: &said },
                &on_span,
                faults,
            );
        }
        self.count(one.of.event, (one.named, one.time), end);
    }

    /// Counts a record whose span came, and how far a log was from its span.
    fn count(&mut self, of: (usize, usize), (named, time): (Named, u64), span: u64) {
        let counts = self.joined.entry(of).or_default();
        if named == Named::Exemplar {
            counts.exemplars_joined += 1;
            return;
        }
        counts.joined += 1;
        let late = span.abs_diff(time);
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
        self.clocks.take(origin, time);
        let of = of.and_then(|(of, values)| Some((of, self.said.keep(values, None)?)));
        self.order.push_back((time, own, of.map(|(_, place)| place), origin));
        self.spans.insert(own, Came { origin, parent, of, time });
    }

    /// Where the window of a resource begins.
    fn from(&self, origin: Option<u32>) -> u64 {
        self.clocks.of(origin).saturating_sub(self.window)
    }

    /// Lets go of the spans that are past the window, or past what there is room for.
    pub(crate) fn let_go(&mut self) {
        while let Some((time, id, said, origin)) = self.order.front().copied()
            && (time < self.from(origin) || self.order.len() > MOST_SPANS || self.said.bytes() > MOST_BYTES)
        {
            self.order.pop_front();
            self.spans.remove(&id);
            if let Some(place) = said {
                self.said.drop_before(place);
            }
        }
        if self.waiting_order.is_empty() {
            self.waiting_said.clear();
        }
    }
}

/// Compares a record with the span that it belongs to.
fn compare(
    (contract, _): (usize, usize),
    event: &EventTables<'_>,
    Compared { named, body, values }: Compared<'_>,
    span: &Values<'_>,
    faults: &mut dyn Faults,
) {
    differences(contract, event, (named, values), span, faults);
    if let Named::Log(number) = named {
        judge::log_with_span(contract, event, number, body, values, span, faults);
    }
}

/// What the two signals of one event say of its fields.
fn differences(
    contract: usize,
    event: &EventTables<'_>,
    (named, other): (Named, &Values<'_>),
    span: &Values<'_>,
    faults: &mut dyn Faults,
) {
    let table = &event.event.table;
    let (kind, signal, called) = match named {
        Named::Log(_) => ("event", Signal::Log, "log"),
        Named::Exemplar => ("metric", Signal::Metric, "metric"),
    };
    let subject = Subject {
        contract,
        event: table.name,
        kind,
        record: "",
        node: event.event.node,
        signal,
        closed: false,
    };
    let name = |field: u16| table.fields.get(usize::from(field)).map_or("", |field| field.name);
    for (field, meant) in other.meanings() {
        let (Meant::Variants(other), Some(Meant::Variants(span))) = (meant, span.meaning(*field)) else {
            continue;
        };
        if other.iter().any(|variant| span.contains(variant)) {
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
                "{called} and span of one `{}` disagree: `{}` is {} on the {called} and {} on the span",
                table.name,
                name(*field),
                named(other),
                named(span)
            ))
            .help("set both from one value, where the outcome is known")
        });
    }
    for (field, on_other) in other.fields() {
        let Some(on_span) = span.get(*field) else { continue };
        if is_same(on_other, on_span) || is_same(on_span, on_other) {
            continue;
        }
        let cut = match (on_other, on_span) {
            (Value::String(other), Value::String(span)) if other.starts_with(span.as_ref()) => {
                Some(("span", span.chars().count()))
            }
            (Value::String(other), Value::String(span)) if span.starts_with(other.as_ref()) => {
                Some((called, other.chars().count()))
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
                        "{called} and span of one `{}` disagree: `{}` is `{}` on the {called} and `{}` on the span",
                        table.name,
                        name(*field),
                        shown(&on_other.to_string()),
                        shown(&on_span.to_string())
                    ))
                    .help("set both from one value")
                });
            }
        }
    }
}
