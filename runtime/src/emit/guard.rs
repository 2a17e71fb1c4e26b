//! An event that runs.

use std::future::Future;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::SystemTime;

use opentelemetry::Context;
use opentelemetry::trace::{FutureExt, SpanRef, TraceContextExt, Tracer as _, WithContext};
use slo_model::event::Signal;

use super::accounting::{OmissionReason, hand_over_late};
use super::clock::{Tick, Times};
use super::emitters::{Emitters, Found};
use super::instrument::Number;
use super::points::Point;
use super::record::not_taken;
use super::stated::{Form, GoOut, Part, Stated};
use super::telemetry::Tracer;
use crate::{Event, Running};

/// An event that runs: its span is open, and `while=` metrics count it, until the guard is dropped or ended. Then the
/// event goes out, once, on all its signals.
///
/// It holds nothing attached, so that it is `Send` and may live across an `.await`. What is to be under it is run by
/// [`run`](Guard::run) or [`in_scope`](Guard::in_scope); what may be said later is set through it:
///
/// ```ignore
/// let mut request = Request { method, path, later: RequestLater::default() }.begin();
/// let answer = request.run(handle(body)).await?;
/// request.outcome = Some(RequestOutcome::Answered { code: answer.status });
/// ```
#[must_use = "the event ends when its guard goes"]
pub struct Guard<E: Event> {
    event: E,
    open: Open,
}

/// What is the same for every event that runs.
pub struct Open {
    emitter: Found,
    /// The context with the event's span, where it opened one; else the one that it was begun under.
    context: Context,
    opened: bool,
    start: SystemTime,
    begun: Tick,
    /// The metrics that count it while it runs, each with the point that it was counted up at.
    running: Vec<(usize, Arc<Point>)>,
}

#[inline(always)]
pub(crate) fn begin<E: Running>(event: E, parent: Context) -> Guard<E> {
    let open = event.__open(parent);
    Guard { event, open }
}

impl Open {
    #[inline(always)]
    pub(crate) fn new<F: Form>(form: &F, emitters: &'static Emitters, parent: Context) -> Open {
        let emitter = emitters.find(form.table(), &parent);
        let clock = &emitter.shared.clock;
        let (start, begun) = (clock.now(), clock.tick());
        let times = Times { start, end: start, elapsed: None, backwards: false };
        let (mut opened, mut running) = (None, Vec::new());
        // What does not fit is told and counted at the end, once.
        if !parent.is_telemetry_suppressed() {
            let begin = Begin { parent: &parent, times: &times, opened: &mut opened, running: &mut running };
            form.state(&emitter, &times, false, begin);
        }
        let is_opened = opened.is_some();
        Open { emitter, context: opened.unwrap_or(parent), opened: is_opened, start, begun, running }
    }

    #[inline(always)]
    pub(crate) fn end<F: Form>(&mut self, form: &F) {
        let Open { emitter, context, opened, start, begun, running } = self;
        for (number, point) in running.drain(..) {
            if let Some(points) = emitter.running.get(number) {
                points.measure(&point, Number::Int(-1), None);
            }
        }
        if context.is_telemetry_suppressed() {
            return emitter.suppressed();
        }
        let own = context.span();
        let Ok(_inside) = emitter.enter() else {
            // Its span would end by itself, and be counted once more, as one by hand.
            if *opened {
                hand_over_late(|| own.end());
            }
            return;
        };
        let times = Times::since(*start, emitter.shared.clock.since(*begun));
        form.state(emitter, &times, true, End { context, own: &own, opened: *opened, times: &times });
        if *opened {
            emitter.hand_over();
            own.end_with_timestamp(times.end);
            emitter.handed_over(Signal::Span, || not_taken(own.span_context()));
        }
    }
}

struct Begin<'b> {
    parent: &'b Context,
    times: &'b Times,
    opened: &'b mut Option<Context>,
    running: &'b mut Vec<(usize, Arc<Point>)>,
}

impl GoOut for Begin<'_> {
    #[inline(always)]
    fn go_out(self, stated: &impl Stated) {
        let Begin { parent, times, opened, running } = self;
        let span = stated.table().span.as_ref().filter(|span| span.name.is_some());
        if let (Some(tracer), Some(span)) = (&stated.emitter().tracer, span)
            && stated.passes(span.when)
        {
            let builder = stated.builder(span, times, Part::Begin);
            *opened = Some(match tracer {
                Tracer::Sdk(tracer) => parent.with_span(tracer.build_with_context(builder, parent)),
                Tracer::Global(tracer) => parent.with_span(tracer.build_with_context(builder, parent)),
            });
        }
        stated.run(|number, point| running.push((number, point)));
    }
}

struct End<'e> {
    context: &'e Context,
    own: &'e SpanRef<'e>,
    opened: bool,
    times: &'e Times,
}

impl GoOut for End<'_> {
    #[inline(always)]
    fn go_out(self, stated: &impl Stated) {
        let End { context, own, opened, times } = self;
        let emitter = stated.emitter();
        match &stated.table().span {
            Some(span) if opened => {
                stated.each_span_attribute(span, Part::Later, |pair| own.set_attribute(pair));
                if let Some(status) = stated.status() {
                    own.set_status(status);
                }
                if emitter.name.later {
                    own.update_name(stated.name());
                }
            }
            span => {
                if span.is_none_or(|span| span.name.is_none()) {
                    emitter.see_to_span(context);
                } else if emitter.tracer.is_some() {
                    emitter.omit(Signal::Span, OmissionReason::When);
                }
                stated.write_onto(context);
            }
        }
        stated.write_span_events(own, times.end);
        let span = context.has_active_span().then(|| own.span_context());
        stated.log(times.end, true, span);
        stated.measure(times.end, span);
    }
}

impl<E: Event> Guard<E> {
    /// Runs a future under the event: events and spans in it are children of the event's span.
    pub fn run<F: Future>(&self, work: F) -> WithContext<F> {
        work.with_context(self.open.context.clone())
    }

    /// Does work under the event: events and spans in it are children of the event's span.
    pub fn in_scope<T>(&self, work: impl FnOnce() -> T) -> T {
        let _attached = self.open.context.clone().attach();
        work()
    }

    /// The context with the event's span, for whatever carries contexts.
    #[must_use]
    pub const fn context(&self) -> &Context {
        &self.open.context
    }

    /// The event, with the values that it began with.
    #[must_use]
    pub const fn event(&self) -> &E {
        &self.event
    }

    /// Ends the event. The same happens when the guard is dropped.
    pub fn end(self) {}
}

impl<E: Event> Drop for Guard<E> {
    fn drop(&mut self) {
        self.event.__close(&mut self.open);
    }
}

/// What may be set of the event until it ends.
impl<E: Event> Deref for Guard<E> {
    type Target = E::Later;

    fn deref(&self) -> &E::Later {
        self.event.later()
    }
}

impl<E: Event> DerefMut for Guard<E> {
    fn deref_mut(&mut self) -> &mut E::Later {
        self.event.later_mut()
    }
}

impl std::fmt::Debug for Open {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Open").finish_non_exhaustive()
    }
}

impl<E: Event> std::fmt::Debug for Guard<E> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Guard")
            .field("event", &E::TABLE.name)
            .field("context", &self.open.context)
            .finish_non_exhaustive()
    }
}
