//! A fact, as it goes out.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use opentelemetry::KeyValue;
use opentelemetry::logs::{AnyValue, LogRecord, Logger};
use opentelemetry::trace::{Link, SpanBuilder, SpanContext, SpanKind as Kind, TraceContextExt};
use opentelemetry::{Context, Value};
use slo_model::event::{Event as Table, FieldKind, Log, Signal, Span, SpanKind, Test};

use super::attributes::pair;
use super::clock::Times;
use super::conditions::pass;
use super::emitter::{Emitter, number};
use super::exemplars::Under;
use super::instrument::Number;
use super::intake::Omission;
use super::labels::{Code, Codes};
use super::levels::{log_severity, span_status};
use super::points::{Point, Went, attributes};
use super::shape::{any_coded, any_looked_up, is_dense, is_name_dense, most, needs_row};
use super::values::{at_hand, settle};
use super::visitors::{Attributes, Check, Coding, Invalid, Labels, Levels, Name, Part, Row, Shared, Signals};
use crate::{Event, FieldValue, Metrics};

/// A fact, with what is known of its values: which do not fit, and which numbers labels have for them.
pub(crate) struct Stated<'f, E: Event> {
    fact: &'f E,
    pub(crate) emitter: &'f Emitter,
    /// The time that it took, in the unit of its field.
    elapsed: f64,
    invalid: &'f Invalid,
    shared: &'f Shared,
    codes: &'f [Code],
    /// All values in a row, where something of each fact needs that.
    row: Option<&'f [FieldValue<'f>]>,
}

impl<E: Event> Stated<'_, E> {
    /// Looks at the values, and hands the fact over to go out; it does not where it goes out on no signal. `tells` says
    /// whether what is wrong with it is told of, and counted.
    #[inline]
    pub(crate) fn state(
        fact: &E,
        emitter: &Emitter,
        times: &Times,
        tells: bool,
        go_out: impl FnOnce(&Stated<'_, E>),
    ) {
        let elapsed = match (const { E::TABLE.elapsed }, times.elapsed) {
            (Some(elapsed), Some(time)) => in_units(time, elapsed.nanoseconds),
            _ => 0.0,
        };
        if tells && times.backwards {
            emitter.backwards();
        }
        let shared = Shared::default();
        let mut numbers;
        let codes: &mut [Code] = if const { any_looked_up(E::TABLE) } {
            numbers = Codes::new(E::TABLE.values);
            numbers.as_mut()
        } else {
            &mut []
        };
        let mut check =
            Check { emitter, elapsed, invalid: Invalid::default(), codes, tells, event: PhantomData };
        fact.visit(&mut check);
        let Check { invalid, codes, .. } = check;
        if const { E::TABLE.drop_invalid } && !invalid.is_empty() {
            return if tells {
                emitter.dropped()
            };
        }
        let invalid = &invalid;
        if const { any_coded(E::TABLE) } {
            let codes = &mut *codes;
            fact.visit(&mut Coding::<E> { emitter, invalid, elapsed, codes, counts: tells, of: PhantomData });
        }
        let stated = Stated { fact, emitter, elapsed, invalid, shared: &shared, codes, row: None };
        if const { needs_row(E::TABLE) } {
            stated.with_made_row(|values| go_out(&Stated { row: Some(values), ..stated }));
        } else {
            go_out(&stated);
        }
    }

    /// Hands all values in a row to `work`, each at hand, with what nobody set put in and what doesn't fit marked.
    #[inline]
    fn with_row<T>(&self, work: impl FnOnce(&[FieldValue<'_>]) -> T) -> T {
        match self.row {
            Some(values) => work(values),
            None => self.with_made_row(work),
        }
    }

    fn with_made_row<T>(&self, work: impl FnOnce(&[FieldValue<'_>]) -> T) -> T {
        let mut row = Row::of(self.fact, self.elapsed);
        let quietly: &mut super::values::Tell<'_> = &mut |_, _, _| {};
        at_hand(E::TABLE.fields, row.as_mut(), quietly, |values, quietly, _| {
            settle(&self.emitter.checks, values, quietly);
            work(values)
        })
    }

    /// Whether the values pass the tests of a signal.
    #[inline]
    pub(crate) fn passes(&self, tests: &'static [Test<'static>]) -> bool {
        tests.is_empty() || self.with_row(|values| pass(tests, E::TABLE.fields, values))
    }

    /// Hands each attribute of a span or a log record to `add`.
    #[inline(always)]
    fn attributes<A: super::attributes::Attribute, const SIGNAL: u8>(
        &self,
        part: Part,
        add: impl FnMut(&'static str, A),
    ) {
        let (invalid, shared, elapsed) = (self.invalid, self.shared, self.elapsed);
        let mut attributes =
            Attributes::<E, A, _, SIGNAL> { invalid, shared, elapsed, part, add, of: PhantomData };
        attributes.constants();
        self.fact.visit(&mut attributes);
    }

    /// The attributes of the span.
    #[inline]
    pub(crate) fn span_attributes(&self, part: Part) -> Vec<KeyValue> {
        let most = const {
            match &E::TABLE.span {
                Some(span) => most(Signal::Span, span.attributes),
                None => 0,
            }
        };
        let mut attributes = Vec::with_capacity(most);
        self.each_span_attribute(part, |pair| attributes.push(pair));
        attributes
    }

    /// Hands each attribute of the span to `add`.
    #[inline]
    pub(crate) fn each_span_attribute(&self, part: Part, mut add: impl FnMut(KeyValue)) {
        self.attributes::<Value, { Signals::SPAN }>(part, |key, value| add(pair(key, value)));
    }

    /// The status that the span's meanings give.
    #[inline]
    pub(crate) fn status(&self) -> Option<opentelemetry::trace::Status> {
        Levels::of(self.fact, Signal::Span).status.map(span_status)
    }

    /// The span to open, with the attributes of this part.
    #[inline]
    pub(crate) fn builder(&self, span: &'static Span<'static>, times: &Times, part: Part) -> SpanBuilder {
        SpanBuilder {
            span_kind: Some(kind(span.kind)),
            start_time: Some(times.start),
            attributes: Some(self.span_attributes(part)),
            links: span.links.and_then(|field| self.links(field)),
            ..SpanBuilder::from_name(self.name())
        }
    }

    /// The span's name.
    #[inline]
    pub(crate) fn name(&self) -> Cow<'static, str> {
        let name = &self.emitter.name;
        if let Some(known) = name.known {
            return Cow::Borrowed(known);
        }
        let make =
            || self.with_row(|values| name.text(values, |at| self.emitter.rest(values, self.codes, at)));
        if const { is_name_dense(E::TABLE) } {
            let (invalid, codes, elapsed) = (self.invalid, self.codes, self.elapsed);
            let mut number = Name::<E> { invalid, codes, elapsed, number: Some(0), of: PhantomData };
            self.fact.visit(&mut number);
            if let Some(number) = number.number {
                return self.emitter.name_of(number, make);
            }
        }
        make()
    }

    fn links(&self, field: u16) -> Option<Vec<Link>> {
        let field = E::TABLE.fields.get(usize::from(field))?;
        self.with_row(|values| match (&field.kind, values.get(usize::from(field.at))?) {
            (FieldKind::Contexts, FieldValue::Contexts(contexts)) => {
                let valid = contexts.0.iter().filter(|context| context.is_valid());
                Some(valid.map(|context| Link::with_context(context.clone())).collect())
            }
            _ => None,
        })
    }

    /// Writes onto the span that is running, where the event does so.
    pub(crate) fn write_onto(&self, context: &Context) {
        let Some(span) = E::TABLE.span.as_ref().filter(|span| span.name.is_none()) else { return };
        if context.has_active_span() && self.passes(span.when) {
            let running = context.span();
            running.set_attributes(self.span_attributes(Part::All));
            if let Some(status) = self.status() {
                running.set_status(status);
            }
        }
    }

    /// Writes the log record, under the span that the fact opened or the one that was running.
    #[inline]
    pub(crate) fn log(&self, time: SystemTime, is_now: bool, span: Option<&SpanContext>) {
        if let (Some(log), Some(logger)) = (&E::TABLE.log, &self.emitter.logger) {
            if self.passes(log.when) {
                self.log_by(log, logger, time, is_now, span);
            } else {
                self.emitter.left_out(Signal::Log, Omission::When);
            }
        }
    }

    #[inline]
    fn log_by(
        &self,
        log: &'static Log<'static>,
        logger: &opentelemetry_sdk::logs::SdkLogger,
        time: SystemTime,
        is_now: bool,
        span: Option<&SpanContext>,
    ) {
        let severity = Levels::of(self.fact, Signal::Log).severity.or(log.severity).map(log_severity);
        let level = severity.map_or(opentelemetry::logs::Severity::Info, |(severity, _)| severity);
        if !logger.event_enabled(level, E::TABLE.scope.scope_name, Some(log.name)) {
            return self.emitter.left_out(Signal::Log, Omission::NotTaken);
        }
        let mut record = logger.create_log_record();
        record.set_event_name(log.name);
        record.set_timestamp(time);
        if is_now {
            record.set_observed_timestamp(time);
        }
        if let Some((severity, name)) = severity {
            record.set_severity_number(severity);
            record.set_severity_text(name);
        }
        if !log.body.is_empty() {
            let body = match self.emitter.body.known {
                Some(known) => Cow::Borrowed(known),
                None => self.with_row(|values| self.emitter.body.text(values, |_| None)),
            };
            record.set_body(body.into());
        }
        if let Some(span) = span.filter(|span| span.is_valid()) {
            record.set_trace_context(span.trace_id(), span.span_id(), Some(span.trace_flags()));
        }
        self.attributes::<AnyValue, { Signals::LOG }>(Part::All, |key, value| {
            record.add_attribute(key, value)
        });
        self.emitter.hand_over();
        logger.emit(record);
        self.emitter.handed_over(Signal::Log, || Omission::NotTaken);
    }

    /// Counts the fact as running, and hands over each metric that does so with the point that it counted up at.
    pub(crate) fn run(&self, mut counted: impl FnMut(usize, Arc<Point>)) {
        let emitter = self.emitter;
        for (number, points) in emitter.running.iter().enumerate() {
            let found = std::cell::Cell::new(None);
            self.with_row(|values| {
                points.find(E::TABLE.fields, &emitter.coders, values, self.codes, |point| {
                    points.measure(point, Number::Int(1), None);
                    found.set(Some(Arc::clone(point)));
                })
            });
            if let Some(point) = found.into_inner() {
                counted(number, point);
            }
        }
    }

    /// Measures what its metrics measure, at this time and under this span.
    #[inline]
    pub(crate) fn measure(&self, time: SystemTime, span: Option<&SpanContext>) {
        if self.emitter.keeps_exemplars {
            let under = Under::of(span, time);
            return E::metrics(&mut Measure::<E, true>(self, under));
        }
        E::metrics(&mut Measure::<E, false>(self, None));
    }
}

/// A length of time in a unit of so many nanoseconds. By way of seconds: a conversion from 128 bits costs more than all else
/// that is done with it.
#[inline(always)]
fn in_units(time: Duration, nanoseconds: f64) -> f64 {
    const SECOND: f64 = 1e9;
    if nanoseconds == SECOND {
        return time.as_secs_f64();
    }
    (time.as_secs() as f64 * SECOND + f64::from(time.subsec_nanos())) / nanoseconds
}

/// Keeps exemplars or does not: a program without them is spared even the question.
struct Measure<'m, 'f, E: Event, const EXEMPLARS: bool>(&'m Stated<'f, E>, Option<Under<'m>>);

impl<E: Event, const EXEMPLARS: bool> Metrics<E> for Measure<'_, '_, E, EXEMPLARS> {
    #[inline]
    fn metric<const METRIC: usize>(&mut self) {
        let Measure(stated, under) = self;
        let under = if EXEMPLARS { under.as_ref() } else { None };
        let table: &'static Table<'static> = E::TABLE;
        let Some(metric) = table.metrics.get(METRIC) else { return };
        let Some(points) = stated.emitter.metrics.get(METRIC) else { return };
        let left_out = |why| stated.emitter.left_out(Signal::Metric, why);
        if !stated.passes(metric.when) {
            return left_out(Omission::When);
        }
        if const { !is_dense(E::TABLE.fields, &E::TABLE.metrics[METRIC]) } {
            stated.with_row(|values| {
                let Some(number) = number(table.fields, metric, values) else {
                    return left_out(Omission::Absent);
                };
                let (coders, codes) = (&stated.emitter.coders, stated.codes);
                let went = points
                    .find(table.fields, coders, values, codes, |point| points.measure(point, number, under));
                stated.emitter.went(METRIC, went);
            });
            return;
        }
        let mut labels = Labels::<E, METRIC> {
            invalid: stated.invalid,
            codes: stated.codes,
            elapsed: stated.elapsed,
            number: 0,
            is_unlabelled: false,
            measured: None,
            of: PhantomData,
        };
        stated.fact.visit(&mut labels);
        let Labels { number, is_unlabelled, measured, .. } = labels;
        let measured = if metric.value.is_none() { Some(Number::Int(1)) } else { measured };
        let Some(measured) = measured else { return left_out(Omission::Absent) };
        if is_unlabelled {
            stated.emitter.went(METRIC, Went::Nowhere);
            return;
        }
        let Some(place) = points.at(number) else { return };
        let point = match place.get() {
            Some(point) => point,
            None => place.get_or_init(|| {
                points.point(stated.with_row(|values| {
                    let codes = stated.codes;
                    attributes(table.fields, metric, &stated.emitter.coders, values, codes)
                }))
            }),
        };
        points.measure(point, measured, under);
    }
}

const fn kind(kind: SpanKind) -> Kind {
    match kind {
        SpanKind::Internal => Kind::Internal,
        SpanKind::Server => Kind::Server,
        SpanKind::Client => Kind::Client,
        SpanKind::Producer => Kind::Producer,
        SpanKind::Consumer => Kind::Consumer,
    }
}
