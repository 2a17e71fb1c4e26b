//! An event's values on their way out, by whatever form.
//!
//! There are two forms. Most events are read from their tables (`from_table`): nothing of that is generic over the event, so
//! that it is compiled once, with the runtime. Those that the contract calls `specialized` have it compiled for them
//! (`specialized`).

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use opentelemetry::logs::{AnyValue, LogRecord, Logger};
use opentelemetry::trace::{Link, SpanBuilder, SpanContext, SpanKind as Kind, SpanRef, TraceContextExt};
use opentelemetry::{Context, KeyValue, Value};
use slo_model::event::{Event as Table, FieldKind, Log, Severity, Signal, Span, SpanKind, Status, Test};

use super::accounting::OmissionReason;
use super::attributes::pair;
use super::clock::Times;
use super::conditions::pass;
use super::emitter::{Emitter, LogPlan};
use super::exemplars::Under;
use super::instrument::Number;
use super::labels::Code;
use super::levels::{log_severity, span_status};
use super::points::Point;
use super::shape::most;
use crate::event::FieldValue;

/// An event's values on their way out: what each form works out in its own way, and what is the same for both.
pub(crate) trait Stated {
    fn table(&self) -> &'static Table<'static>;
    fn emitter(&self) -> &Emitter;

    /// Hands all values in a row to `work`, each at hand, with what nobody set put in and what doesn't fit marked.
    fn with_row<T>(&self, work: impl FnOnce(&[FieldValue<'_>], &[Code]) -> T) -> T;

    /// The most attributes that the span has.
    fn most_span_attributes(&self) -> usize;

    /// Hands each attribute of the span to `add`.
    fn each_span_attribute(&self, span: &'static Span<'static>, part: Part, add: impl FnMut(KeyValue));

    /// Hands each attribute of the log of this number to `add`.
    fn each_log_attribute(
        &self,
        number: usize,
        log: &'static Log<'static>,
        add: impl FnMut(&'static str, AnyValue),
    );

    /// The greatest severity that the meanings of the log of this number give.
    fn severity(&self, number: usize, log: &LogPlan) -> Option<Severity>;

    /// The greatest status that the span's meanings give.
    fn span_status(&self) -> Option<Status>;

    /// The place of the span's name, where there are few names.
    fn name_place(&self) -> Option<&OnceLock<&'static str>>;

    /// Measures what the metrics measure.
    fn measure_under(&self, under: Option<&Under<'_>>);

    /// Whether the values pass the tests of a signal.
    #[inline(always)]
    fn passes(&self, tests: &'static [Test<'static>]) -> bool {
        tests.is_empty() || self.with_row(|values, _| pass(tests, self.table().fields, values))
    }

    /// The attributes of the span.
    #[inline(always)]
    fn span_attributes(&self, span: &'static Span<'static>, part: Part) -> Vec<KeyValue> {
        let mut attributes = Vec::with_capacity(self.most_span_attributes());
        self.each_span_attribute(span, part, |pair| attributes.push(pair));
        attributes
    }

    /// The status that the span's meanings give, with its description.
    #[inline(always)]
    fn status(&self) -> Option<opentelemetry::trace::Status> {
        let status = self.span_status()?;
        let levels = &self.emitter().span_levels;
        let description = match levels.has_texts && status == Status::Error {
            true => self.with_row(|values, _| levels.text(values, |variant| variant.status)),
            false => None,
        };
        Some(span_status(status, description.unwrap_or_default()))
    }

    /// The span to open, with the attributes of this part.
    #[inline(always)]
    fn builder(&self, span: &'static Span<'static>, times: &Times, part: Part) -> SpanBuilder {
        SpanBuilder {
            span_kind: Some(kind(span.kind)),
            start_time: Some(times.start),
            attributes: Some(self.span_attributes(span, part)),
            links: span.links.and_then(|field| self.links(field)),
            ..SpanBuilder::from_name(self.name())
        }
    }

    /// The span's name. Where there are few names each is made once and stays: there are no more than the contract lets there
    /// be.
    #[inline(always)]
    fn name(&self) -> Cow<'static, str> {
        let name = &self.emitter().name;
        if let Some(known) = name.known {
            return Cow::Borrowed(known);
        }
        let make =
            || self.with_row(|values, codes| name.text(values, |at| self.emitter().rest(values, codes, at)));
        match self.name_place() {
            Some(place) => Cow::Borrowed(*place.get_or_init(|| match make() {
                Cow::Borrowed(name) => name,
                Cow::Owned(name) => name.leak(),
            })),
            None => make(),
        }
    }

    fn links(&self, field: u16) -> Option<Vec<Link>> {
        let field = self.table().fields.get(usize::from(field))?;
        self.with_row(|values, _| match (&field.kind, values.get(usize::from(field.at))?) {
            (FieldKind::Contexts, FieldValue::Contexts(contexts)) => {
                let valid = contexts.0.iter().filter(|context| context.is_valid());
                Some(valid.map(|context| Link::with_context(context.clone())).collect())
            }
            _ => None,
        })
    }

    /// Hands each event that is written onto a span to `add`.
    #[inline(always)]
    fn span_events(&self, mut add: impl FnMut(Cow<'static, str>, Vec<KeyValue>)) {
        for (one, name) in self.table().span_events.iter().zip(&self.emitter().span_event_names) {
            if self.passes(one.when) {
                let mut attributes = Vec::with_capacity(most(Signal::Span, one.attributes));
                let name = self
                    .with_row(|values, codes| name.text(values, |at| self.emitter().rest(values, codes, at)));
                self.with_row(|values, _| {
                    let add = |key, value: Value| attributes.push(pair(key, value));
                    super::attributes::attributes(
                        self.table(),
                        values,
                        Signal::Span,
                        one.attributes,
                        Part::All,
                        add,
                    );
                });
                add(name, attributes);
            }
        }
    }

    /// Writes events onto a span that is not this event's own, or is by now in a context.
    fn write_span_events(&self, span: &SpanRef<'_>, time: SystemTime) {
        if !self.table().span_events.is_empty() && span.is_recording() {
            self.span_events(|name, attributes| span.add_event_with_timestamp(name, time, attributes));
        }
    }

    /// Writes onto the span that is running, where the event does so.
    fn write_onto(&self, context: &Context) {
        let Some(span) = self.table().span.as_ref().filter(|span| span.name.is_none()) else { return };
        if context.has_active_span() && self.passes(span.when) {
            let running = context.span();
            running.set_attributes(self.span_attributes(span, Part::All));
            if let Some(status) = self.status() {
                running.set_status(status);
            }
        }
    }

    /// Writes the log records, under the span that the event opened or the one that was running.
    #[inline(always)]
    fn log(&self, time: SystemTime, is_now: bool, span: Option<&SpanContext>) {
        for (number, log) in self.emitter().logs.iter().enumerate() {
            let Some(logger) = &log.logger else { continue };
            if self.passes(log.table.when) {
                self.log_by((number, log), logger, time, is_now, span);
            } else {
                self.emitter().omit(Signal::Log, OmissionReason::When);
            }
        }
    }

    #[inline(always)]
    fn log_by(
        &self,
        (number, log): (usize, &LogPlan),
        logger: &opentelemetry_sdk::logs::SdkLogger,
        time: SystemTime,
        is_now: bool,
        span: Option<&SpanContext>,
    ) {
        let table = log.table;
        let severity = self.severity(number, log).or(table.severity).and_then(log_severity);
        let level = severity.map_or(opentelemetry::logs::Severity::Info, |(severity, _)| severity);
        let scope = table.scope.unwrap_or(self.table().scope);
        if !logger.event_enabled(level, scope.scope_name, table.name) {
            return self.emitter().omit(Signal::Log, OmissionReason::NotTaken);
        }
        let mut record = logger.create_log_record();
        if let Some(name) = table.name {
            record.set_event_name(name);
        }
        record.set_timestamp(time);
        if is_now {
            record.set_observed_timestamp(time);
        }
        if let Some((severity, _)) = severity {
            record.set_severity_number(severity);
        }
        if let Some(text) = table.severity_text.or(severity.map(|(_, name)| name)) {
            record.set_severity_text(text);
        }
        if let Some(body) = self.body(log) {
            record.set_body(body.into());
        }
        if let Some(span) = span.filter(|span| span.is_valid()) {
            record.set_trace_context(span.trace_id(), span.span_id(), Some(span.trace_flags()));
        }
        self.each_log_attribute(number, table, |key, value| record.add_attribute(key, value));
        self.emitter().hand_over();
        logger.emit(record);
        self.emitter().handed_over(Signal::Log, || OmissionReason::NotTaken);
    }

    /// The body of a log record: what the meaning says that gives the severity, or else the log's own.
    #[inline(always)]
    fn body(&self, log: &LogPlan) -> Option<Cow<'static, str>> {
        let given = match log.levels.has_texts {
            true => self.with_row(|values, _| log.levels.text(values, |variant| variant.severity)),
            false => None,
        };
        given.or_else(|| {
            let has_own = !log.table.body.is_empty();
            has_own.then(|| match log.body.known {
                Some(known) => Cow::Borrowed(known),
                None => self.with_row(|values, _| log.body.text(values, |_| None)),
            })
        })
    }

    /// Counts the event as running, and hands over each metric that does so with the point that it counted up at.
    fn run(&self, mut counted: impl FnMut(usize, Arc<Point>)) {
        let (emitter, fields) = (self.emitter(), self.table().fields);
        for (number, points) in emitter.running.iter().enumerate() {
            let found = std::cell::Cell::new(None);
            self.with_row(|values, codes| {
                points.find(fields, &emitter.coders, values, codes, |point| {
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
    #[inline(always)]
    fn measure(&self, time: SystemTime, span: Option<&SpanContext>) {
        if self.emitter().keeps_exemplars {
            let under = Under::of(span, time);
            return self.measure_under(under.as_ref());
        }
        self.measure_under(None);
    }
}

/// Does something with an event's values, whatever their form.
pub(crate) trait GoOut {
    fn go_out(self, stated: &impl Stated);
}

/// An event, in one of the forms.
pub(crate) trait Form {
    fn table(&self) -> &'static Table<'static>;

    /// Looks at the values, and hands them over to go out; it does not where they go out on no signal. `tells` says whether
    /// what is wrong with them is told of, and counted.
    fn state(&self, emitter: &Emitter, times: &Times, tells: bool, go_out: impl GoOut);
}

/// Which of an event's attributes are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    All,
    /// Constants, and what is known at the begin.
    Begin,
    /// What is known later.
    Later,
}

impl Part {
    #[inline(always)]
    pub(crate) const fn has(self, at_begin: bool) -> bool {
        match self {
            Part::All => true,
            Part::Begin => at_begin,
            Part::Later => !at_begin,
        }
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
