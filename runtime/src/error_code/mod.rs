//! The codes of the vocabulary `std.error`, and what errors of libraries have which.

mod database;
mod http;
#[cfg(feature = "reqwest")]
mod reqwest;
mod rpc;
#[cfg(feature = "sqlx")]
mod sqlx;
mod system;
#[cfg(feature = "tokio")]
mod tokio;

use std::borrow::Cow;
use std::fmt;

use slo_model::{Literal, Member, Unfit, Value, ValueType};

use crate::event::FieldValue;
use crate::value::{Element, ToValue};

macro_rules! codes {
    ($($name:ident = $wire:literal, $docs:literal;)*) => {
        /// The code of an error, the same on all signals: the attribute `error.code` of the vocabulary `std.error`, whatever contract
        /// uses it.
        ///
        /// ```
        /// use std::io;
        ///
        /// use slo::ErrorCode;
        ///
        /// let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        /// assert_eq!(ErrorCode::from(&refused).wire(), "OS_CONNECTION_REFUSED");
        /// assert_eq!(ErrorCode::of_sqlstate("23505"), ErrorCode::DbUniqueViolation);
        /// ```
        ///
        /// An error of another library gets its code by `impl From<ItsError> for ErrorCode` where that type is the program's own, and
        /// by a function where it isn't.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode {
            $(#[doc = $docs] $name,)*
        }

        impl ErrorCode {
            /// All of them, in the order of the vocabulary.
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$name,)*];

            const MEMBERS: &'static [Member<'static>] =
                &[$(Member { name: $wire, wire: Literal::String($wire) },)*];

            /// What stands on the wire, as `DB_UNIQUE_VIOLATION`.
            #[must_use]
            pub const fn wire(&self) -> &'static str {
                match self {
                    $(ErrorCode::$name => $wire,)*
                }
            }
        }
    };
}

slo_model::error_codes!(codes);

impl ErrorCode {
    /// The code that stands on the wire as `wire`, if there is one.
    #[must_use]
    pub fn from_wire(wire: &str) -> Option<ErrorCode> {
        ErrorCode::ALL.iter().copied().find(|code| code.wire() == wire)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.wire())
    }
}

impl ToValue for ErrorCode {
    const TYPE: ValueType = ValueType::String;
    const MEMBERS: Option<&'static [Member<'static>]> = Some(ErrorCode::MEMBERS);

    fn to_value(&self) -> Result<Option<Value<'_>>, Unfit> {
        Ok(Some(Value::String(Cow::Borrowed(self.wire()))))
    }

    fn to_field(&self) -> FieldValue<'_> {
        FieldValue::Member(*self as u16)
    }
}

impl Element for ErrorCode {}
