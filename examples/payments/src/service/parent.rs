//! Under which span a request was sent.

use axum::http::HeaderMap;
use opentelemetry::{Context, global};
use opentelemetry_http::HeaderExtractor;

/// The context that the request's headers carry, by the program's propagators.
pub(super) fn parent(headers: &HeaderMap) -> Context {
    global::get_text_map_propagator(|propagator| propagator.extract(&HeaderExtractor(headers)))
}
