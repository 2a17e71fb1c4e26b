//! The contexts of other spans, for a span's links.

/// The contexts of other spans, for a span's links. With the feature `emit` it is made of `SpanContext`s.
#[derive(Clone, Debug, Default)]
pub struct Contexts(#[cfg(feature = "emit")] pub(crate) Vec<opentelemetry::trace::SpanContext>);

impl Contexts {
    /// No context.
    #[must_use]
    pub fn none() -> Contexts {
        Contexts::default()
    }
}

#[cfg(feature = "emit")]
impl From<Vec<opentelemetry::trace::SpanContext>> for Contexts {
    fn from(contexts: Vec<opentelemetry::trace::SpanContext>) -> Contexts {
        Contexts(contexts)
    }
}

#[cfg(feature = "emit")]
impl FromIterator<opentelemetry::trace::SpanContext> for Contexts {
    fn from_iter<I: IntoIterator<Item = opentelemetry::trace::SpanContext>>(contexts: I) -> Contexts {
        Contexts(contexts.into_iter().collect())
    }
}
