//! A service with everything: events, spans and logs by hand, `tracing-opentelemetry` and
//! `opentelemetry-appender-tracing`, on the SDK's own providers.
#![allow(dead_code, clippy::unwrap_used, reason = "each test reads a part of it")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use opentelemetry::trace::TracerProvider;
use opentelemetry::{Context, InstrumentationScope};
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{LogProcessor, LoggerProviderBuilder, SdkLogRecord, SdkLoggerProvider};
use opentelemetry_sdk::trace::{SdkTracerProvider, Span, SpanData, SpanProcessor, TracerProviderBuilder};
use slo::Telemetry;
use tracing::Dispatch;
use tracing::dispatcher::with_default;
use tracing_subscriber::layer::{Layer, SubscriberExt};

use crate::events::CONTRACT;

/// What came to a provider's end.
#[derive(Debug)]
pub(crate) struct Kept<T>(pub(crate) Arc<Mutex<Vec<T>>>);

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Kept<T> {
        Kept(Arc::clone(&self.0))
    }
}

impl<T> Default for Kept<T> {
    fn default() -> Kept<T> {
        Kept(Arc::default())
    }
}

impl SpanProcessor for Kept<SpanData> {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        self.0.lock().unwrap().push(span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

impl LogProcessor for Kept<SdkLogRecord> {
    fn emit(&self, record: &mut SdkLogRecord, _: &InstrumentationScope) {
        self.0.lock().unwrap().push(record.clone());
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// A layer that keeps the names of all events but those of the SDK, which logs where it is told to.
#[derive(Clone, Default)]
pub(crate) struct Raised(pub(crate) Arc<Mutex<Vec<String>>>);

impl<S: tracing::Subscriber> Layer<S> for Raised {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        self.0.lock().unwrap().push(event.metadata().name().to_owned());
    }
}

/// A service with everything: events, spans and logs by hand, the bridges of both, and our layer.
pub(crate) struct Service {
    pub(crate) spans: Kept<SpanData>,
    pub(crate) logs: Kept<SdkLogRecord>,
    pub(crate) raised: Raised,
    pub(crate) told: Arc<Mutex<Vec<String>>>,
    pub(crate) traces: SdkTracerProvider,
    pub(crate) log_provider: SdkLoggerProvider,
    pub(crate) telemetry: Telemetry,
    pub(crate) dispatch: Dispatch,
}

impl Service {
    pub(crate) fn new() -> Service {
        Service::with(true, |traces| traces, |logs| logs)
    }

    pub(crate) fn with(
        context_activation: bool,
        traces: impl FnOnce(TracerProviderBuilder) -> TracerProviderBuilder,
        logs: impl FnOnce(LoggerProviderBuilder) -> LoggerProviderBuilder,
    ) -> Service {
        let (kept_spans, kept_logs, raised) = (Kept::default(), Kept::default(), Raised::default());
        let told: Arc<Mutex<Vec<String>>> = Arc::default();
        let traces =
            traces(SdkTracerProvider::builder().with_span_processor(Kept::clone(&kept_spans))).build();
        let log_provider =
            logs(SdkLoggerProvider::builder().with_log_processor(Kept::clone(&kept_logs))).build();
        let tell = Arc::clone(&told);
        let telemetry = Telemetry::builder()
            .traces(traces.clone())
            .logs(log_provider.clone())
            .on_problem(move |problem| tell.lock().unwrap().push(problem.to_string()))
            .build();
        let spans = tracing_opentelemetry::layer()
            .with_tracer(traces.tracer("by hand"))
            .with_context_activation(context_activation)
            .with_filter(slo::tracing::without_exporters());
        let appender =
            OpenTelemetryTracingBridge::new(&log_provider).with_filter(slo::tracing::without_exporters());
        let subscriber = tracing_subscriber::registry()
            .with(spans)
            .with(appender)
            .with(slo::tracing::layer(&CONTRACT))
            .with(raised.clone().with_filter(slo::tracing::without_exporters()));
        let dispatch = Dispatch::new(subscriber);
        Service {
            spans: kept_spans,
            logs: kept_logs,
            raised,
            told,
            traces,
            log_provider,
            telemetry,
            dispatch,
        }
    }

    /// Does work in the service.
    pub(crate) fn run<T>(&self, work: impl FnOnce() -> T) -> T {
        with_default(&self.dispatch, || self.telemetry.in_scope(work))
    }

    /// The only span of a name.
    pub(crate) fn span(&self, name: &str) -> SpanData {
        let spans = self.spans.0.lock().unwrap();
        let mut spans = spans.iter().filter(|span| span.name == name);
        let span = spans.next().unwrap().clone();
        assert!(spans.next().is_none(), "{name} ended twice");
        span
    }

    /// The only log record of a name.
    pub(crate) fn log(&self, name: &str) -> SdkLogRecord {
        let logs = self.logs.0.lock().unwrap();
        let mut logs = logs.iter().filter(|log| log.event_name() == Some(name));
        let log = logs.next().unwrap().clone();
        assert!(logs.next().is_none(), "{name} was logged twice");
        log
    }

    /// How many spans ended and how many records were logged.
    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.spans.0.lock().unwrap().len(), self.logs.0.lock().unwrap().len())
    }
}
