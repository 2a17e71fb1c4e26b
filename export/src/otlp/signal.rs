//! How requests of the three signals differ.

use slo_model::event::Signal;

/// Where requests go beneath a base URL (OTLP specification, "OTLP/HTTP Request").
pub(super) fn http_path(signal: Signal) -> &'static str {
    match signal {
        Signal::Log => "v1/logs",
        Signal::Metric => "v1/metrics",
        Signal::Span => "v1/traces",
    }
}

/// The method that takes requests (opentelemetry-proto, `collector/*/v1/*_service.proto`).
#[cfg(feature = "otlp-grpc")]
pub(super) fn grpc_path(signal: Signal) -> &'static str {
    match signal {
        Signal::Log => "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
        Signal::Metric => "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
        Signal::Span => "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
    }
}
