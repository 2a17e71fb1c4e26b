//! The platform's team: one span a request, by a middleware that every service has.

use std::error::Error;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use opentelemetry::global;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::field::Empty;
use tracing::level_filters::LevelFilter;
use tracing::{Instrument, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

use crate::service::parent::parent;

/// The provider. Spans go out in batches, at the interval of `OTEL_BSP_SCHEDULE_DELAY`.
pub(super) fn set_up(otlp: &str) -> Result<SdkTracerProvider, Box<dyn Error>> {
    global::set_text_map_propagator(TraceContextPropagator::new());
    let exporter = SpanExporter::builder().with_tonic().with_endpoint(otlp).build()?;
    // The name of the deployment, with the version that it had when it was given (row 5).
    let resource = Resource::builder().with_service_name("payment-svc-v2").build();
    Ok(SdkTracerProvider::builder().with_resource(resource).with_batch_exporter(exporter).build())
}

/// What takes `tracing`'s spans.
pub(super) fn layer<S>(provider: &SdkTracerProvider) -> impl Layer<S> + use<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    tracing_opentelemetry::layer().with_tracer(provider.tracer("payments")).with_filter(own())
}

/// What this program says itself: what exporters say would be exported again, and again.
pub(super) fn own() -> Targets {
    Targets::new().with_target(env!("CARGO_CRATE_NAME"), LevelFilter::INFO)
}

/// The middleware.
pub(super) async fn trace(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("unknown", MatchedPath::as_str);
    let span = tracing::info_span!(
        "request",
        otel.name = format!("{} {route}", request.method()),
        otel.kind = "server",
        otel.status_code = Empty,
        http.status_code = Empty,
    );
    // It fails where the span is not sampled or the layer is missing: then it has no parent, as it has no span.
    _ = span.set_parent(parent(request.headers()));
    let answer = next.run(request).instrument(span.clone()).await;
    let status = answer.status();
    span.record("http.status_code", i64::from(status.as_u16()));
    if status.is_client_error() || status.is_server_error() {
        // Whatever isn't a success is an error of the span (row 13).
        span.record("otel.status_code", "ERROR");
    }
    answer
}
