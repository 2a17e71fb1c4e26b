//! The contexts of other spans, for a span's links.

/// The span contexts that a span is linked to. With the feature `emit` it is made of `SpanContext`s.
#[derive(Clone, Debug, Default)]
pub struct SpanContexts(#[cfg(feature = "emit")] pub(crate) Vec<opentelemetry::trace::SpanContext>);

impl SpanContexts {
    /// No span context.
    #[must_use]
    pub fn none() -> SpanContexts {
        SpanContexts::default()
    }
}

#[cfg(feature = "emit")]
impl From<Vec<opentelemetry::trace::SpanContext>> for SpanContexts {
    fn from(contexts: Vec<opentelemetry::trace::SpanContext>) -> SpanContexts {
        SpanContexts(contexts)
    }
}

#[cfg(feature = "emit")]
impl FromIterator<opentelemetry::trace::SpanContext> for SpanContexts {
    fn from_iter<I: IntoIterator<Item = opentelemetry::trace::SpanContext>>(contexts: I) -> SpanContexts {
        SpanContexts(contexts.into_iter().collect())
    }
}
