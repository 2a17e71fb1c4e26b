//! A fact that is over.

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt, Tracer as _};

use super::clock::Times;
use super::stated::Stated;
use super::telemetry::Tracer;
use super::visitors::Part;
use crate::{Event, Moment};

pub(crate) fn record<E: Event>(fact: &E, when: &Moment) {
    let context = Context::current();
    // What exporters do on their own is no business fact: the SDK leaves out its spans and log records, too.
    if context.is_telemetry_suppressed() {
        return;
    }
    let emitter = E::emitters().find(E::TABLE, &context);
    let times = Times::of(when, &emitter.shared.clock);
    let is_now = match when {
        Moment::Now => true,
        Moment::At(_) => false,
        Moment::Over(period) => period.start.is_none(),
    };
    Stated::state(fact, &emitter, &times, true, |stated| go_out(stated, &context, &times, is_now));
}

#[inline]
fn go_out<E: Event>(stated: &Stated<'_, E>, context: &Context, times: &Times, is_now: bool) {
    let emitter = stated.emitter;
    let finish = |span: Option<&SpanContext>| {
        stated.log(times.end, is_now, span);
        stated.measure();
    };
    let opened = E::TABLE.span.as_ref().filter(|span| span.name.is_some());
    if let (Some(tracer), Some(span)) = (&emitter.tracer, opened)
        && stated.passes(span.when)
    {
        let builder = stated.builder(span, times, Part::All);
        match tracer {
            Tracer::Sdk(tracer) => end(stated, tracer.build_with_context(builder, context), times, finish),
            Tracer::Global(tracer) => end(stated, tracer.build_with_context(builder, context), times, finish),
        }
        return;
    }
    if opened.is_none() {
        emitter.see_to_span(context);
    }
    stated.write_onto(context);
    let span = context.span();
    finish(context.has_active_span().then(|| span.span_context()));
}

#[inline]
fn end<E: Event, S: opentelemetry::trace::Span>(
    stated: &Stated<'_, E>,
    mut span: S,
    times: &Times,
    finish: impl FnOnce(Option<&SpanContext>),
) {
    if let Some(status) = stated.status() {
        span.set_status(status);
    }
    finish(Some(span.span_context()));
    span.end_with_timestamp(times.end);
}
