//! What is kept of requests that are taken.

/// What is kept of requests that are taken.
///
/// ```
/// # use slo_receiver::Keep;
/// let whole_requests = Keep::everything();
/// let how_often_each_order_came = Keep::digest_by("order.id").with_contexts();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keep(pub(crate) What);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Everything,
    Digest {
        /// The key of the attribute by which log records and spans are told apart.
        id: Option<String>,
        contexts: bool,
    },
}

impl Default for Keep {
    fn default() -> Keep {
        Keep::digest()
    }
}

impl Keep {
    /// Whole requests: [`Receiver::everything`](crate::Receiver::everything).
    #[must_use]
    pub const fn everything() -> Keep {
        Keep(What::Everything)
    }

    /// How many log records and spans came, and the last point of each series of a metric:
    /// [`Receiver::digest`](crate::Receiver::digest).
    #[must_use]
    pub const fn digest() -> Keep {
        Keep(What::Digest { id: None, contexts: false })
    }

    /// A digest that has also how often each value of this attribute came, on log records and on spans. Values are integers or
    /// texts.
    #[must_use]
    pub fn digest_by(key: impl Into<String>) -> Keep {
        Keep(What::Digest { id: Some(key.into()), contexts: false })
    }

    /// A digest's identifiers come with the trace and the span of the first record that had them.
    #[must_use]
    pub fn with_contexts(mut self) -> Keep {
        if let What::Digest { contexts, .. } = &mut self.0 {
            *contexts = true;
        }
        self
    }
}
