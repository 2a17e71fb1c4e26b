//! What the receiver does with a request.

use std::time::Duration;

use crate::Refusal;

/// What the receiver does with a request that it could read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reaction {
    /// Takes it, and says so.
    Take,
    /// Takes it at once, and says so after so long: slowly, or too late for a sender that has stopped waiting.
    TakeLate(Duration),
    /// Takes it but for its last so many records, and says so: a partial success. 0 takes everything, and warns.
    RejectLast(u64),
    /// Takes nothing, and says why.
    Refuse(Refusal),
    /// Takes it, and the answer is lost.
    TakeUnanswered(Silence),
    /// Takes nothing, and says nothing.
    DropUnanswered(Silence),
}

/// How an answer stays away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// The request's stream is reset, with `INTERNAL_ERROR`, and the others of its connection go on. HTTP/1.1 has no
    /// streams: there the connection is closed.
    Reset,
    /// The connection is closed, with everything that is under way on it.
    Close,
    /// The connection stays open, and nothing comes.
    Forever,
}
