//! What exporters and the SDK say of their own work.

use tracing_core::Metadata;
use tracing_subscriber::filter::FilterFn;

/// The crates whose events and spans are about the export of telemetry: OpenTelemetry's own (each whose name begins with
/// `opentelemetry`), this one, and what OpenTelemetry's OTLP exporters send with. A target belongs to a crate that it
/// names before its first `::`; `-` counts as `_`.
pub const EXPORTERS: &[&str] = &[
    "opentelemetry",
    "tracing_opentelemetry",
    "slo",
    "h2",
    "hyper",
    "hyper_util",
    "reqwest",
    "rustls",
    "tonic",
    "tower",
];

/// Whether the target is that of one of [`EXPORTERS`].
pub(super) fn is_exporter(target: &str) -> bool {
    let name = target.split("::").next().unwrap_or_default();
    let is = |exporter: &str| {
        name.len() == exporter.len()
            && name
                .bytes()
                .zip(exporter.bytes())
                .all(|(own, other)| own == other || own == b'-' && other == b'_')
    };
    name.starts_with("opentelemetry") || EXPORTERS.iter().any(|exporter| is(exporter))
}

/// A filter that keeps from a layer what [`EXPORTERS`] say, for the layers that hand events and spans to OpenTelemetry:
/// `OpenTelemetryTracingBridge::new(&logs).with_filter(slo::tracing::without_exporters())`.
///
/// An exporter's own thread suppresses telemetry, but the connections that it opens are driven by other tasks, and what
/// these say would be exported, and again what they say of that.
#[must_use]
pub fn without_exporters() -> FilterFn<fn(&Metadata<'_>) -> bool> {
    FilterFn::new(|metadata| !is_exporter(metadata.target()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_belongs_to_the_crate_that_it_begins_with() {
        for target in
            ["opentelemetry_sdk", "opentelemetry-otlp", "h2::codec::framed_write", "hyper-util", "slo"]
        {
            assert!(is_exporter(target), "{target}");
        }
        for target in ["tower_http::trace", "h2o", "slow::down", "", "payments::hyper"] {
            assert!(!is_exporter(target), "{target}");
        }
    }
}
