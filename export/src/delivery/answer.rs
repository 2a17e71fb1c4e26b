//! The outcome of something that was sent.

use std::time::Duration;

/// The outcome of a batch that an exporter sent once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The receiver has it, but for so many of its records, which it rejected (OTLP specification, "Partial Success").
    Taken {
        /// How many records it rejected: never more than were sent.
        rejected: u64,
        /// What the receiver said of it; empty where it said nothing.
        why: String,
    },
    /// The receiver has nothing of it: it said so, or could not be reached at all.
    Refused {
        /// What was said, or what failed.
        why: String,
        /// Whether it may be sent again.
        retry: Retry,
    },
    /// It was sent, or may have been, and no answer came: whether the receiver has it isn't known.
    Unanswered {
        /// What failed.
        why: String,
        /// Whether it may be sent again.
        retry: Retry,
    },
}

impl Answer {
    /// No answer came, or none that says anything: it may be sent again.
    pub(crate) const fn lost(why: String) -> Answer {
        Answer::Unanswered { why, retry: Retry::After(None) }
    }
}

/// Whether something that was refused, or not answered, may be sent again (OTLP specification, "Failures").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retry {
    /// It would be refused again, or the receiver has it, as far as it says.
    Never,
    /// It may, after so long where the receiver says how long, else after a pause of the sender's own.
    After(Option<Duration>),
}
