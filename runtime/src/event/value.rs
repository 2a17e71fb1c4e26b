//! What stands in one place of an event's values.

use std::fmt;
use std::sync::Arc;

use slo_model::{Literal, Unfit, Value};

use crate::SpanContexts;
use crate::value::ToValue;

/// What stands in one place of an event's values. It borrows from the event, and owns nothing.
#[derive(Clone, Copy, Debug, Default)]
pub enum FieldValue<'a> {
    /// Nothing.
    #[default]
    Absent,
    /// A meaning, by the number of its variant; what the variant carries stands in the places behind it.
    Variant(u16),
    /// A value that is listed, by its number among the members of its key.
    Member(u16),
    /// Text that is known when the program is compiled.
    Static(&'static str),
    /// Text that is shared.
    Shared(&'a Arc<str>),
    /// Text that is neither.
    Borrowed(&'a str),
    /// An integer.
    Int(i64),
    /// A floating-point number.
    Double(f64),
    /// `true` or `false`.
    Bool(bool),
    /// A list.
    List(&'a Value<'a>),
    /// What the contract writes down.
    Constant(&'static Literal<'static>),
    /// The contexts of other spans.
    Contexts(&'a SpanContexts),
    /// What must be asked for its value, since that has to be made.
    Late(&'a dyn Late),
    /// What does not fit, and was told of.
    Invalid,
}

/// A value that has to be made, as a list is.
pub trait Late {
    /// The value; `None` if there is none.
    ///
    /// # Errors
    /// Says why it is no value of an attribute.
    fn late(&self) -> Result<Option<Value<'_>>, Unfit>;
}

impl<T: ToValue> Late for T {
    fn late(&self) -> Result<Option<Value<'_>>, Unfit> {
        self.to_value()
    }
}

impl fmt::Debug for dyn Late + '_ {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.late().fmt(formatter)
    }
}

impl FieldValue<'_> {
    /// The text, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            FieldValue::Static(text) => Some(text),
            FieldValue::Shared(text) => Some(text),
            FieldValue::Borrowed(text) => Some(text),
            _ => None,
        }
    }

    /// Whether there is nothing that fits.
    #[must_use]
    pub const fn is_absent(&self) -> bool {
        matches!(self, FieldValue::Absent | FieldValue::Invalid)
    }
}

impl FieldValue<'static> {
    /// What the contract writes down.
    #[must_use]
    pub const fn of_literal(literal: &'static Literal<'static>) -> FieldValue<'static> {
        match literal {
            Literal::String(text) => FieldValue::Static(text),
            Literal::Int(number) => FieldValue::Int(*number),
            Literal::Double(number) => FieldValue::Double(*number),
            Literal::Bool(truth) => FieldValue::Bool(*truth),
            list => FieldValue::Constant(list),
        }
    }
}
