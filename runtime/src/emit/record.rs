//! An event that is over.

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt, Tracer as _};

use slo_model::event::Signal;

use super::accounting::OmissionReason;
use super::clock::Times;
use super::emitters::Emitters;
use super::stated::{Form, GoOut, Part, Stated};
use super::telemetry::Tracer;
use crate::Moment;

#[inline(always)]
pub(crate) fn record<F: Form>(form: &F, emitters: &'static Emitters, when: &Moment) {
    let context = Context::current();
    // What exporters do on their own is no business event: the SDK leaves out its spans and log records, too.
    let emitter = emitters.find(form.table(), &context);
    if context.is_telemetry_suppressed() {
        return emitter.suppressed();
    }
    // Acknowledged when it has left; where the accounting is closed, it is counted as late.
    let Ok(_inside) = emitter.enter() else { return };
    let times = Times::of(when, &emitter.shared.clock);
    let is_now = match when {
        Moment::Now => true,
        Moment::At(_) => false,
        Moment::Over(period) => period.start.is_none(),
    };
    form.state(&emitter, &times, true, Over { context: &context, times: &times, is_now });
}

/// An event that is over.
struct Over<'o> {
    context: &'o Context,
    times: &'o Times,
    is_now: bool,
}

impl GoOut for Over<'_> {
    #[inline(always)]
    fn go_out(self, stated: &impl Stated) {
        go_out(stated, self.context, self.times, self.is_now);
    }
}

#[inline(always)]
fn go_out(stated: &impl Stated, context: &Context, times: &Times, is_now: bool) {
    let emitter = stated.emitter();
    let finish = |span: Option<&SpanContext>| {
        stated.log(times.end, is_now, span);
        stated.measure(times.end, span);
    };
    let opened = stated.table().span.as_ref().filter(|span| span.name.is_some());
    if let (Some(tracer), Some(span)) = (&emitter.tracer, opened) {
        if stated.passes(span.when) {
            let builder = stated.builder(span, times, Part::All);
            match tracer {
                Tracer::Sdk(tracer) => {
                    end(stated, tracer.build_with_context(builder, context), times, finish)
                }
                Tracer::Global(tracer) => {
                    end(stated, tracer.build_with_context(builder, context), times, finish)
                }
            }
            return;
        }
        emitter.omit(Signal::Span, OmissionReason::When);
    }
    if opened.is_none() {
        emitter.see_to_span(context);
    }
    stated.write_onto(context);
    let span = context.span();
    stated.write_span_events(&span, times.end);
    finish(context.has_active_span().then(|| span.span_context()));
}

#[inline(always)]
fn end<S: opentelemetry::trace::Span>(
    stated: &impl Stated,
    mut span: S,
    times: &Times,
    finish: impl FnOnce(Option<&SpanContext>),
) {
    if let Some(status) = stated.status() {
        span.set_status(status);
    }
    if !stated.table().span_events.is_empty() && span.is_recording() {
        stated.span_events(|name, attributes| span.add_event_with_timestamp(name, times.end, attributes));
    }
    finish(Some(span.span_context()));
    stated.emitter().hand_over();
    span.end_with_timestamp(times.end);
    stated.emitter().handed_over(Signal::Span, || not_taken(span.span_context()));
}

/// Why no processor takes a span.
pub(crate) fn not_taken(span: &SpanContext) -> OmissionReason {
    if span.is_sampled() { OmissionReason::NotTaken } else { OmissionReason::SampledOut }
}
