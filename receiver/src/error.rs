//! What the receiver can't do.

use std::{fmt, io};

/// What the receiver can't do.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// It can't open its sockets, or start its thread.
    Socket(io::Error),
    /// It kept as much as it may, and refused the rest: what it has is not all that was sent.
    Full {
        /// The limit, in bytes.
        limit: usize,
    },
    /// A request that it kept can't be read again.
    Unreadable(prost::DecodeError),
    /// It was started to keep something else.
    KeepsOther {
        /// What it would have to keep.
        asked: &'static str,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Socket(error) => write!(f, "the receiver can't listen: {error}"),
            Error::Full { limit } => write!(
                f,
                "the receiver refused what would not fit into {limit} bytes; give it more with `keep_at_most`"
            ),
            Error::Unreadable(error) => write!(f, "a request that was kept can't be read again: {error}"),
            Error::KeepsOther { asked } => {
                write!(f, "the receiver doesn't keep that; start it with `{asked}`")
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Socket(error) => Some(error),
            Error::Unreadable(error) => Some(error),
            _ => None,
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        Error::Socket(error)
    }
}

impl From<prost::DecodeError> for Error {
    fn from(error: prost::DecodeError) -> Error {
        Error::Unreadable(error)
    }
}
