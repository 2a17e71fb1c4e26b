//! What a program should know of, though nothing is wrong with its values.

use std::fmt;

use slo_model::Unfit;

use crate::resource::Origin;
use crate::shown::Shown;

/// A notice about a value that was found and is no violation: overridden, repeated, discarded or omitted. Nothing is
/// left out in silence: what isn't in the result stands here or among the violations.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Notice {
    /// No detector gives the value of an `auto` key.
    Undetected {
        /// The key.
        key: &'static str,
        /// Where the contract declares it.
        place: &'static str,
    },
    /// The environment has another value for a declared key than the one that counts.
    Overridden {
        /// The key.
        key: String,
        /// The variable with the value that doesn't count.
        variable: &'static str,
        /// Where the value that counts came from.
        by: Origin,
    },
    /// `OTEL_RESOURCE_ATTRIBUTES` holds a key more than once. The last one counts.
    Repeated {
        /// The key.
        key: String,
        /// How often it stands there.
        times: usize,
    },
    /// A key that nobody declared is left out.
    Omission {
        /// The key.
        key: String,
        /// Where it came from.
        origin: Origin,
        /// Why it is left out.
        reason: Omission,
    },
    /// More keys came that nobody declared than are looked at.
    TooMany {
        /// The first few of those that are left out.
        keys: Vec<String>,
        /// How many are left out.
        count: usize,
    },
    /// `OTEL_RESOURCE_ATTRIBUTES` is longer than is read.
    TooLong {
        /// How many entries at its end are left out.
        count: usize,
    },
    /// `OTEL_RESOURCE_ATTRIBUTES` can't be read, and is discarded as a whole.
    Discarded {
        /// Why it can't be read.
        reason: String,
    },
}

/// The reason why an undeclared key is omitted from a resource.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Omission {
    /// The contract lets in no key that it doesn't declare.
    Closed,
    /// Prometheus makes one label of it and of this declared key.
    SameLabel(&'static str),
    /// One of it and this declared key is the beginning of the other, so that nested JSON can't hold both.
    Nested(&'static str),
    /// It is longer than 255 bytes.
    TooLong,
    /// It is empty.
    Empty,
    /// Its value can't stand in an attribute.
    Unfit(Unfit),
}

impl Notice {
    /// The key that the notice is about, if it is about one.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        match self {
            Notice::Undetected { key, .. } => Some(key),
            Notice::Overridden { key, .. } | Notice::Repeated { key, .. } | Notice::Omission { key, .. } => {
                Some(key)
            }
            Notice::TooMany { .. } | Notice::TooLong { .. } | Notice::Discarded { .. } => None,
        }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Notice::Undetected { key, place: "" } => write!(formatter, "`{key}`: nothing detects it"),
            Notice::Undetected { key, place } => write!(formatter, "`{key}` ({place}): nothing detects it"),
            Notice::Overridden { key, variable, by } => {
                write!(
                    formatter,
                    "`{}`: the value in `{variable}` is not used, {by} goes before it",
                    Shown(key)
                )
            }
            Notice::Repeated { key, times } => {
                let key = Shown(key);
                write!(
                    formatter,
                    "`{key}`: `OTEL_RESOURCE_ATTRIBUTES` holds it {times} times, the last one counts"
                )
            }
            Notice::Omission { key, origin, reason } => {
                write!(formatter, "`{}` from {origin} is left out: {reason}", Shown(key))
            }
            Notice::TooMany { keys, count } => {
                write!(formatter, "{count} more keys that the contract does not declare are left out: ")?;
                for (index, key) in keys.iter().enumerate() {
                    let separator = if index == 0 { "" } else { ", " };
                    write!(formatter, "{separator}`{}`", Shown(key))?;
                }
                if *count > keys.len() {
                    write!(formatter, " and {} more", count - keys.len())?;
                }
                Ok(())
            }
            Notice::TooLong { count } => {
                write!(
                    formatter,
                    "`OTEL_RESOURCE_ATTRIBUTES` is too long: its last {count} entries are left out"
                )
            }
            Notice::Discarded { reason } => {
                write!(formatter, "`OTEL_RESOURCE_ATTRIBUTES` is discarded as a whole: {reason}")
            }
        }
    }
}

impl fmt::Display for Omission {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Omission::Closed => formatter.write_str("the contract lets in no key that it does not declare"),
            Omission::SameLabel(key) => write!(formatter, "Prometheus makes one label of it and `{key}`"),
            Omission::Nested(key) => write!(formatter, "nested JSON can't hold both it and `{key}`"),
            Omission::TooLong => formatter.write_str("the key is longer than 255 bytes"),
            Omission::Empty => formatter.write_str("the key is empty"),
            Omission::Unfit(unfit) => unfit.fmt(formatter),
        }
    }
}
