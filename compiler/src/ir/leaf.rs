//! The parts of a contract that can't be known while it is a draft.

use std::ops::Deref;
use std::sync::Arc;

#[cfg(feature = "json")]
use serde::Serialize;

use super::Attribute;
use crate::diagnostic::Reported;

/// What the contract says, or why that can't be known. In a contract that was made of its draft nothing is unknown.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize), serde(untagged))]
pub enum Leaf<T, E = Never> {
    /// What it says.
    Known(T),
    /// The finding that reported that it can't be known.
    Unknown(E),
}

/// What there is none of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(Serialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Never {}

/// What has no value.
pub trait Impossible {
    /// Nobody has one to call this with.
    fn never(&self) -> !;
}

impl Impossible for Never {
    fn never(&self) -> ! {
        match *self {}
    }
}

impl Impossible for Arc<Attribute<Never>> {
    fn never(&self) -> ! {
        self.domain.never()
    }
}

impl<T, E> Leaf<T, E> {
    /// What the contract says, where that is known.
    #[must_use]
    pub const fn known(&self) -> Option<&T> {
        match self {
            Leaf::Known(value) => Some(value),
            Leaf::Unknown(_) => None,
        }
    }
}

impl<T> Leaf<T, Reported> {
    /// What the contract says, or the finding.
    pub(crate) const fn read(&self) -> Result<&T, Reported> {
        match self {
            Leaf::Known(value) => Ok(value),
            Leaf::Unknown(reported) => Err(*reported),
        }
    }
}

impl<T, E: Impossible> Deref for Leaf<T, E> {
    type Target = T;

    fn deref(&self) -> &T {
        match self {
            Leaf::Known(value) => value,
            Leaf::Unknown(unknown) => unknown.never(),
        }
    }
}

impl<T, E> From<Result<T, E>> for Leaf<T, E> {
    fn from(read: Result<T, E>) -> Leaf<T, E> {
        match read {
            Ok(value) => Leaf::Known(value),
            Err(reported) => Leaf::Unknown(reported),
        }
    }
}

#[cfg(feature = "schema")]
mod schema {
    use std::borrow::Cow;

    use schemars::{JsonSchema, Schema, SchemaGenerator};

    use super::Leaf;

    /// A leaf is what is known.
    impl<T: JsonSchema, E> JsonSchema for Leaf<T, E> {
        fn inline_schema() -> bool {
            T::inline_schema()
        }

        fn schema_name() -> Cow<'static, str> {
            T::schema_name()
        }

        fn schema_id() -> Cow<'static, str> {
            T::schema_id()
        }

        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            T::json_schema(generator)
        }
    }
}
