//! A fact that is over.

use std::borrow::Cow;

use opentelemetry::Context;
use opentelemetry::trace::{Link, SpanBuilder, SpanContext, SpanKind as Kind, TraceContextExt, Tracer as _};
use slo_model::event::{FieldKind, Span, SpanKind};

use super::attributes::pair;
use super::clock::Times;
use super::conditions::pass;
use super::emitter::Emitter;
use super::labels::{Code, Codes};
use super::levels::{span_status, status};
use super::plan::Part;
use super::telemetry::Tracer;
use super::values::{at_hand, put_elapsed};
use crate::{Event, FieldValue, Moment};

pub(crate) fn record<E: Event>(fact: &E, when: &Moment) {
    let context = Context::current();
    let emitter = E::emitters().find(E::TABLE, &context);
    emitter.record(fact.values().as_mut(), when, &context);
}

impl Emitter {
    fn record(&self, values: &mut [FieldValue<'_>], when: &Moment, context: &Context) {
        // What exporters do on their own is no business fact: the SDK leaves out its spans and log records, too.
        if context.is_telemetry_suppressed() {
            return;
        }
        let mut tell = |number: usize, payload, unfit: &_| self.unfit(number, payload, unfit);
        at_hand(self.table.fields, values, &mut tell, |values, tell, whole| {
            let times = Times::of(when, &self.shared.clock);
            put_elapsed(self.table.fields, self.table.elapsed, values, &times);
            if self.settle(values, &times, whole, tell) {
                self.go_out(values, when, &times, context);
            }
        });
    }

    fn go_out(&self, values: &[FieldValue<'_>], when: &Moment, times: &Times, context: &Context) {
        let mut codes = Codes::new(values.len());
        self.code(values, codes.as_mut());
        let codes = codes.as_ref();
        let opened = self.table.span.as_ref().filter(|span| span.name.is_some());
        match (&self.tracer, opened) {
            (Some(tracer), Some(span)) if pass(span.when, self.table.fields, values) => {
                let builder = self.builder(span, values, codes, times, Part::All);
                match tracer {
                    Tracer::Sdk(tracer) => {
                        let span = tracer.build_with_context(builder, context);
                        self.finish(span, values, codes, times, when);
                    }
                    Tracer::Global(tracer) => {
                        let span = tracer.build_with_context(builder, context);
                        self.finish(span, values, codes, times, when);
                    }
                }
            }
            _ => {
                if opened.is_none() {
                    self.see_to_span(context);
                }
                self.write_onto(context, values);
                let span = context.span();
                self.rest_of(
                    values,
                    codes,
                    times,
                    when,
                    context.has_active_span().then(|| span.span_context()),
                );
            }
        }
    }

    fn finish<S: opentelemetry::trace::Span>(
        &self,
        mut span: S,
        values: &[FieldValue<'_>],
        codes: &[Code],
        times: &Times,
        when: &Moment,
    ) {
        if let Some(table) = &self.table.span
            && let Some(status) = status(self.table, table.attributes, values)
        {
            span.set_status(span_status(status));
        }
        self.rest_of(values, codes, times, when, Some(span.span_context()));
        span.end_with_timestamp(times.end);
    }

    fn rest_of(
        &self,
        values: &[FieldValue<'_>],
        codes: &[Code],
        times: &Times,
        when: &Moment,
        span: Option<&SpanContext>,
    ) {
        let is_now =
            matches!(when, Moment::Now) || matches!(when, Moment::Over(period) if period.start.is_none());
        self.log(values, times.end, is_now, span);
        self.measure(values, codes);
    }

    /// The span to open, with the attributes of the fields of this part.
    pub(crate) fn builder(
        &self,
        span: &Span<'static>,
        values: &[FieldValue<'_>],
        codes: &[Code],
        times: &Times,
        part: Part,
    ) -> SpanBuilder {
        let mut attributes = Vec::with_capacity(self.span.most);
        self.span.write(values, part, |key, value| attributes.push(pair(key, value)));
        let name = self.name(values, codes);
        SpanBuilder {
            span_kind: Some(kind(span.kind)),
            start_time: Some(times.start),
            attributes: Some(attributes),
            links: self.links(span, values),
            ..SpanBuilder::from_name(name)
        }
    }

    pub(crate) fn name(&self, values: &[FieldValue<'_>], codes: &[Code]) -> Cow<'static, str> {
        self.name.text(values, |at| self.rest(values, codes, at))
    }

    fn links(&self, span: &Span<'static>, values: &[FieldValue<'_>]) -> Option<Vec<Link>> {
        let field = self.table.fields.get(usize::from(span.links?))?;
        match (&field.kind, values.get(usize::from(field.at))?) {
            (FieldKind::Contexts, FieldValue::Contexts(contexts)) => {
                let valid = contexts.0.iter().filter(|context| context.is_valid());
                Some(valid.map(|context| Link::with_context(context.clone())).collect())
            }
            _ => None,
        }
    }

    /// Writes onto the span that is running, where the event does so.
    pub(crate) fn write_onto(&self, context: &Context, values: &[FieldValue<'_>]) {
        let Some(span) = self.table.span.as_ref().filter(|span| span.name.is_none()) else { return };
        if !context.has_active_span() || !pass(span.when, self.table.fields, values) {
            return;
        }
        let running = context.span();
        let mut attributes = Vec::with_capacity(self.span.most);
        self.span.write(values, Part::All, |key, value| attributes.push(pair(key, value)));
        running.set_attributes(attributes);
        if let Some(status) = status(self.table, span.attributes, values) {
            running.set_status(span_status(status));
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
