//! As people write it: each call makes its attributes anew, and a route is a `String`.

use std::time::{Duration, Instant, SystemTime};

use opentelemetry::logs::{LogRecord as _, Logger as _, LoggerProvider as _};
use opentelemetry::metrics::{Counter, Histogram, MeterProvider as _};
use opentelemetry::trace::{
    Span as _, SpanBuilder, SpanContext, SpanKind, Status, TraceContextExt as _, Tracer as _,
    TracerProvider as _,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::logs::SdkLogger;
use opentelemetry_sdk::trace::SdkTracer;

use super::texts::{BODY, BUCKETS, LOG, in_log, in_span, status};
use crate::emission::{Attempt, Form, Outcome, Over, Providers, scope};

/// As people write it. Nothing bounds the routes but the SDK's limit of a metric's points.
#[derive(Debug)]
pub struct Unbound {
    tracer: SdkTracer,
    logger: SdkLogger,
    attempts: Counter<u64>,
    duration: Histogram<f64>,
}

impl Unbound {
    /// Makes its instruments.
    #[must_use]
    pub fn new(providers: &Providers) -> Unbound {
        let meter = providers.meter.meter_with_scope(scope());
        Unbound {
            tracer: providers.tracer.tracer_with_scope(scope()),
            logger: providers.logger.logger_with_scope(scope()),
            attempts: meter.u64_counter("payment.attempts").with_unit("{attempt}").build(),
            duration: meter
                .f64_histogram("payment.duration")
                .with_unit("s")
                .with_boundaries(BUCKETS.to_vec())
                .build(),
        }
    }

    fn span(&self, route: &str, start: SystemTime, attributes: Vec<KeyValue>) -> SpanBuilder {
        self.tracer
            .span_builder(format!("POST {route}"))
            .with_kind(SpanKind::Server)
            .with_start_time(start)
            .with_attributes(attributes)
    }

    fn log(
        &self,
        attempt: &Attempt,
        outcome: Outcome,
        route: &str,
        (elapsed, end): (Duration, SystemTime),
        span: Option<&SpanContext>,
    ) {
        let (severity, key, value) = in_log(outcome);
        let mut record = self.logger.create_log_record();
        record.set_event_name(LOG);
        record.set_timestamp(end);
        record.set_severity_number(severity);
        record.set_severity_text(severity.name());
        record.set_body(BODY.into());
        if let Some(span) = span {
            record.set_trace_context(span.trace_id(), span.span_id(), Some(span.trace_flags()));
        }
        record.add_attribute(key, value);
        record.add_attribute("payment.method", attempt.method.as_str());
        record.add_attribute("payment.amount", attempt.amount);
        record.add_attribute("http.route", route.to_owned());
        record.add_attribute("elapsed", elapsed.as_secs_f64());
        self.logger.emit(record);
    }

    fn measure(&self, attempt: &Attempt, outcome: Outcome, route: &str, elapsed: Duration) {
        let status = KeyValue::new("status", status(outcome));
        self.duration.record(elapsed.as_secs_f64(), std::slice::from_ref(&status));
        self.attempts.add(
            1,
            &[
                status,
                KeyValue::new("payment.method", attempt.method.as_str()),
                KeyValue::new("path", route.to_owned()),
            ],
        );
    }
}

impl Form for Unbound {
    fn record(&self, attempt: &Attempt, outcome: Outcome, over: Over) {
        let route = attempt.route.as_str().to_owned();
        let end = over.start + over.elapsed;
        let (key, value) = in_span(outcome);
        let attributes = vec![
            KeyValue::new(key, value),
            KeyValue::new("payment.method", attempt.method.as_str()),
            KeyValue::new("payment.amount", attempt.amount),
            KeyValue::new("http.route", route.clone()),
        ];
        let mut span = self.span(&route, over.start, attributes).start(&self.tracer);
        if outcome == Outcome::Timeout {
            span.set_status(Status::error(""));
        }
        self.log(attempt, outcome, &route, (over.elapsed, end), Some(span.span_context()));
        self.measure(attempt, outcome, &route, over.elapsed);
        span.end_with_timestamp(end);
    }

    fn guard(&self, attempt: &Attempt, work: &mut dyn FnMut() -> Outcome) {
        let (start, begun) = (SystemTime::now(), Instant::now());
        let route = attempt.route.as_str().to_owned();
        let attributes = vec![
            KeyValue::new("payment.method", attempt.method.as_str()),
            KeyValue::new("payment.amount", attempt.amount),
            KeyValue::new("http.route", route.clone()),
        ];
        let span = self.span(&route, start, attributes).start(&self.tracer);
        let context = Context::current_with_span(span);
        let attached = context.clone().attach();
        let outcome = work();

        let elapsed = begun.elapsed();
        let end = start + elapsed;
        let span = context.span();
        let (key, value) = in_span(outcome);
        span.set_attribute(KeyValue::new(key, value));
        if outcome == Outcome::Timeout {
            span.set_status(Status::error(""));
        }
        // The SDK finds the span's ids in the context that is attached.
        self.log(attempt, outcome, &route, (elapsed, end), None);
        self.measure(attempt, outcome, &route, elapsed);
        span.end_with_timestamp(end);
        drop(attached);
    }
}
