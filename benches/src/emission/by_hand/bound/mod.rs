//! As well as it can be: what does not change from call to call is made once.

mod routes;

use std::sync::OnceLock;
use std::time::{Instant, SystemTime};

use opentelemetry::logs::{LogRecord as _, Logger as _, LoggerProvider as _};
use opentelemetry::metrics::{BoundHistogram, Counter, Histogram, MeterProvider as _};
use opentelemetry::trace::{
    Span as _, SpanBuilder, SpanContext, SpanKind, Status, TraceContextExt as _, Tracer as _,
    TracerProvider as _,
};
use opentelemetry::{Context, KeyValue, StringValue};
use opentelemetry_sdk::logs::SdkLogger;
use opentelemetry_sdk::trace::SdkTracer;

use super::texts::{BODY, BUCKETS, LOG, in_log, in_span, status};
use crate::emission::{Attempt, Form, Outcome, Over, Providers, scope};
use routes::{OfRoute, Routes};

/// As well as it can be: instruments are bound at first use, and texts are borrowed or shared.
#[derive(Debug)]
pub struct Bound {
    tracer: SdkTracer,
    logger: SdkLogger,
    attempts: Counter<u64>,
    duration: Histogram<f64>,
    durations: [OnceLock<BoundHistogram<f64>>; Outcome::ALL.len()],
    routes: Routes,
}

impl Bound {
    /// Makes its instruments.
    #[must_use]
    pub fn new(providers: &Providers) -> Bound {
        let meter = providers.meter.meter_with_scope(scope());
        Bound {
            tracer: providers.tracer.tracer_with_scope(scope()),
            logger: providers.logger.logger_with_scope(scope()),
            attempts: meter.u64_counter("payment.attempts").with_unit("{attempt}").build(),
            duration: meter
                .f64_histogram("payment.duration")
                .with_unit("s")
                .with_boundaries(BUCKETS.to_vec())
                .build(),
            durations: Default::default(),
            routes: Routes::new(),
        }
    }

    fn span(&self, of_route: &OfRoute, start: SystemTime, attributes: Vec<KeyValue>) -> SpanBuilder {
        SpanBuilder {
            span_kind: Some(SpanKind::Server),
            start_time: Some(start),
            attributes: Some(attributes),
            ..self.tracer.span_builder(of_route.span_name)
        }
    }

    fn log(&self, attempt: &Attempt, end: &End, route: StringValue, span: &SpanContext) {
        let (severity, key, value) = in_log(end.outcome);
        if !self.logger.event_enabled(severity, "fin.pay", Some(LOG)) {
            return;
        }
        let mut record = self.logger.create_log_record();
        record.set_event_name(LOG);
        record.set_timestamp(end.time);
        if end.is_now {
            record.set_observed_timestamp(end.time);
        }
        record.set_severity_number(severity);
        record.set_severity_text(severity.name());
        record.set_body(BODY.into());
        record.set_trace_context(span.trace_id(), span.span_id(), Some(span.trace_flags()));
        record.add_attribute(key, value);
        record.add_attribute("payment.method", attempt.method.as_str());
        record.add_attribute("payment.amount", attempt.amount);
        record.add_attribute("http.route", route);
        record.add_attribute("elapsed", end.elapsed);
        self.logger.emit(record);
    }

    fn measure(&self, attempt: &Attempt, end: &End, of_route: &OfRoute) {
        of_route.attempts(&self.attempts, end.outcome, attempt.method).add(1);
        let duration = self.durations[end.outcome as usize]
            .get_or_init(|| self.duration.bind(&[KeyValue::new("status", status(end.outcome))]));
        duration.record(end.elapsed);
    }
}

/// How and when an attempt ended.
struct End {
    outcome: Outcome,
    elapsed: f64,
    time: SystemTime,
    /// The record is made at that time, and the clock need not be asked again.
    is_now: bool,
}

impl Form for Bound {
    fn record(&self, attempt: &Attempt, outcome: Outcome, over: Over) {
        let time = over.start + over.elapsed;
        let end = End { outcome, elapsed: over.elapsed.as_secs_f64(), time, is_now: false };
        let (of_route, route) = self.routes.find(&attempt.route);
        let (key, value) = in_span(outcome);
        let attributes = vec![
            KeyValue::new(key, value),
            KeyValue::new("payment.method", attempt.method.as_str()),
            KeyValue::new("payment.amount", attempt.amount),
            KeyValue::new("http.route", route.clone()),
        ];
        let mut span = self.tracer.build(self.span(of_route, over.start, attributes));
        if outcome == Outcome::Timeout {
            span.set_status(Status::error(""));
        }
        self.log(attempt, &end, route, span.span_context());
        self.measure(attempt, &end, of_route);
        span.end_with_timestamp(time);
    }

    fn guard(&self, attempt: &Attempt, work: &mut dyn FnMut() -> Outcome) {
        let (start, begun) = (SystemTime::now(), Instant::now());
        let (of_route, route) = self.routes.find(&attempt.route);
        // The outcome comes later, and needs no second allocation then.
        let mut attributes = Vec::with_capacity(4);
        attributes.push(KeyValue::new("payment.method", attempt.method.as_str()));
        attributes.push(KeyValue::new("payment.amount", attempt.amount));
        attributes.push(KeyValue::new("http.route", route.clone()));
        let span = self.tracer.build(self.span(of_route, start, attributes));
        let context = Context::current_with_span(span);
        let attached = context.clone().attach();
        let outcome = work();
        drop(attached);

        let elapsed = begun.elapsed();
        let time = start + elapsed;
        let end = End { outcome, elapsed: elapsed.as_secs_f64(), time, is_now: true };
        let span = context.span();
        let (key, value) = in_span(outcome);
        span.set_attribute(KeyValue::new(key, value));
        if outcome == Outcome::Timeout {
            span.set_status(Status::error(""));
        }
        self.log(attempt, &end, route, span.span_context());
        self.measure(attempt, &end, of_route);
        span.end_with_timestamp(time);
    }
}
