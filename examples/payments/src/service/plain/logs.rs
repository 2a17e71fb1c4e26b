//! The logs team: what is searched when something went wrong.

use std::error::Error;

use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_otlp::{LogExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::SdkLoggerProvider;
use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::registry::LookupSpan;

/// The provider. Records go out in batches, at the interval of `OTEL_BLRP_SCHEDULE_DELAY`.
pub(super) fn set_up(otlp: &str) -> Result<SdkLoggerProvider, Box<dyn Error>> {
    let exporter = LogExporter::builder().with_tonic().with_endpoint(otlp).build()?;
    // The name of the index (row 5).
    let resource = Resource::builder().with_service_name("payment").build();
    Ok(SdkLoggerProvider::builder().with_resource(resource).with_batch_exporter(exporter).build())
}

/// What takes `tracing`'s events. The bridge gives them the trace of the span that they are in, and no time but the one at
/// which the SDK saw them: the clock is read again when the span ends (row 3).
pub(super) fn layer<S>(provider: &SdkLoggerProvider) -> impl Layer<S> + use<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    OpenTelemetryTracingBridge::new(provider).with_filter(super::traces::own())
}
