//! Under which span a request was sent.

use axum::http::HeaderMap;
use opentelemetry::propagation::Extractor;
use opentelemetry::{Context, global};

struct Headers<'h>(&'h HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(axum::http::HeaderName::as_str).collect()
    }
}

/// The context that the request's headers carry, by the program's propagators.
pub(super) fn parent(headers: &HeaderMap) -> Context {
    global::get_text_map_propagator(|propagator| propagator.extract(&Headers(headers)))
}
