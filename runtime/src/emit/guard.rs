//! A fact that runs.

use std::future::Future;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use opentelemetry::Context;
use opentelemetry::trace::{FutureExt, TraceContextExt, Tracer as _, WithContext};
use slo_model::event::Field;

use super::attributes::pair;
use super::clock::{Started, Times};
use super::conditions::pass;
use super::emitter::Emitter;
use super::emitters::Found;
use super::instrument::Number;
use super::labels::Codes;
use super::levels::{span_status, status};
use super::plan::Part;
use super::points::Point;
use super::telemetry::Tracer;
use super::values::{at_hand, put_elapsed};
use crate::{Event, FieldValue, Running};

/// A fact that runs: its span is open, and it is counted as running, until the guard goes, on whatever way: it is
/// ended, it is dropped at a `return` or `?`, a panic passes it, its future is cancelled. Then the fact goes out, once,
/// on all its signals.
///
/// It holds nothing attached, so that it is `Send` and may live across an `.await`. What is to be under it is run by
/// [`run`](Guard::run) or [`in_scope`](Guard::in_scope); what may be said later is set through it:
///
/// ```ignore
/// let mut request = Request { method, path, later: RequestLater::default() }.begin();
/// let answer = request.run(handle(body)).await?;
/// request.outcome = Some(RequestOutcome::Answered { code: answer.status });
/// ```
#[must_use = "the fact ends when its guard goes"]
pub struct Guard<E: Event> {
    fact: E,
    emitter: Found,
    /// The context with the fact's span, where it opened one; else the one that it was begun under.
    context: Context,
    opened: bool,
    started: Started,
    /// The metrics that count it while it runs, each with the point that it was counted up at.
    running: Vec<(usize, Arc<Point>)>,
}

pub(crate) fn begin<E: Running>(fact: E, parent: Context) -> Guard<E> {
    let emitter = E::emitters().find(E::TABLE, &parent);
    let started = Started::by(emitter.shared.clock.clone());
    let start = started.start();
    let times = Times { start, end: start, elapsed: None, backwards: false };
    let mut opened = None;
    let mut running = Vec::new();
    if !parent.is_telemetry_suppressed() {
        let quietly: &mut super::values::Tell<'_> = &mut |_, _, _| {};
        at_hand(emitter.table.fields, fact.values().as_mut(), quietly, |values, _, _| {
            // What does not fit is told and counted at the end, once.
            emitter.settle_quietly(values);
            forget_later(emitter.table.fields, values);
            let mut codes = Codes::new(values.len());
            emitter.coders.code(values, codes.as_mut(), |_| {});
            let codes = codes.as_ref();
            let span = emitter.table.span.as_ref().filter(|span| span.name.is_some());
            if let (Some(tracer), Some(span)) = (&emitter.tracer, span)
                && pass(span.when, emitter.table.fields, values)
            {
                let builder = emitter.builder(span, values, codes, &times, Part::Begin);
                opened = Some(match tracer {
                    Tracer::Sdk(tracer) => parent.with_span(tracer.build_with_context(builder, &parent)),
                    Tracer::Global(tracer) => parent.with_span(tracer.build_with_context(builder, &parent)),
                });
            }
            for (number, points) in emitter.running.iter().enumerate() {
                let found = std::cell::Cell::new(None);
                points.find(emitter.table.fields, &emitter.coders, values, codes, |point| {
                    points.measure(point, Number::Int(1));
                    found.set(Some(Arc::clone(point)));
                });
                running.extend(found.into_inner().map(|point| (number, point)));
            }
        });
    }
    let is_opened = opened.is_some();
    Guard { fact, emitter, context: opened.unwrap_or(parent), opened: is_opened, started, running }
}

/// What is known at the begin only counts then.
fn forget_later(fields: &[Field<'static>], values: &mut [FieldValue<'_>]) {
    for field in fields.iter().filter(|field| !field.at_begin) {
        if let Some(value) = values.get_mut(usize::from(field.at)) {
            *value = FieldValue::Absent;
        }
    }
}

impl<E: Event> Guard<E> {
    /// Runs a future under the fact: facts and spans in it are children of the fact's span.
    pub fn run<F: Future>(&self, work: F) -> WithContext<F> {
        work.with_context(self.context.clone())
    }

    /// Does work under the fact: facts and spans in it are children of the fact's span.
    pub fn in_scope<T>(&self, work: impl FnOnce() -> T) -> T {
        let _attached = self.context.clone().attach();
        work()
    }

    /// The context with the fact's span, for whatever carries contexts.
    #[must_use]
    pub const fn context(&self) -> &Context {
        &self.context
    }

    /// The fact, as it was begun.
    #[must_use]
    pub const fn fact(&self) -> &E {
        &self.fact
    }

    /// Ends the fact. The same happens when the guard is dropped.
    pub fn end(self) {}
}

impl<E: Event> Drop for Guard<E> {
    fn drop(&mut self) {
        let Guard { fact, emitter, context, opened, started, running } = self;
        for (number, point) in running.drain(..) {
            if let Some(points) = emitter.running.get(number) {
                points.measure(&point, Number::Int(-1));
            }
        }
        if context.is_telemetry_suppressed() {
            return;
        }
        let times = Times::of(&started.elapsed().into(), &emitter.shared.clock);
        let emitter: &Emitter = emitter;
        let mut tell = |number: usize, payload, unfit: &_| emitter.unfit(number, payload, unfit);
        at_hand(emitter.table.fields, fact.values().as_mut(), &mut tell, |values, tell, whole| {
            put_elapsed(emitter.table.fields, emitter.table.elapsed, values, &times);
            if emitter.settle(values, &times, whole, tell) {
                emitter.end(values, &times, context, *opened);
            }
        });
        if *opened {
            context.span().end_with_timestamp(times.end);
        }
    }
}

impl Emitter {
    /// What is said of a fact when it ends.
    fn end(&self, values: &[FieldValue<'_>], times: &Times, context: &Context, opened: bool) {
        let mut codes = Codes::new(values.len());
        self.code(values, codes.as_mut());
        let codes = codes.as_ref();
        let own = context.span();
        match self.table.span.as_ref().filter(|_| opened) {
            Some(span) => {
                let mut attributes = Vec::with_capacity(self.span.most);
                self.span.write(values, Part::Later, |key, value| attributes.push(pair(key, value)));
                own.set_attributes(attributes);
                if let Some(status) = status(self.table, span.attributes, values) {
                    own.set_status(span_status(status));
                }
                if self.name.later {
                    own.update_name(self.name(values, codes));
                }
            }
            None => {
                if self.table.span.is_none_or(|span| span.name.is_none()) {
                    self.see_to_span(context);
                }
                self.write_onto(context, values);
            }
        }
        self.log(values, times.end, true, context.has_active_span().then(|| own.span_context()));
        self.measure(values, codes);
    }
}

/// What may be said of the fact until it ends.
impl<E: Event> Deref for Guard<E> {
    type Target = E::Later;

    fn deref(&self) -> &E::Later {
        self.fact.later()
    }
}

impl<E: Event> DerefMut for Guard<E> {
    fn deref_mut(&mut self) -> &mut E::Later {
        self.fact.later_mut()
    }
}

impl<E: Event> std::fmt::Debug for Guard<E> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Guard")
            .field("event", &E::TABLE.name)
            .field("context", &self.context)
            .finish_non_exhaustive()
    }
}
