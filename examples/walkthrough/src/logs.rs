//! Logs and spans that are written by hand, with `tracing`.

use opentelemetry::trace::TracerProvider;
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use slo_export::Pipeline;
use tracing_subscriber::{Layer, filter::LevelFilter, layer::SubscriberExt, util::SubscriberInitExt};

use crate::contracts::CONTRACT;

/// Sends what is written with `tracing` the way of the contract's events.
pub(crate) fn start(pipeline: &Pipeline) {
    let spans = tracing_opentelemetry::layer().with_tracer(pipeline.tracer_provider().tracer("payments"));
    let bridge = OpenTelemetryTracingBridge::new(pipeline.logger_provider());
    tracing_subscriber::registry()
        .with(LevelFilter::INFO)
        .with(spans.with_filter(slo::tracing::without_exporters()))
        .with(bridge.with_filter(slo::tracing::without_exporters()))
        .with(slo::tracing::layer(&CONTRACT))
        .init();
}
