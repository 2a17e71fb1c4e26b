//! What stands in one place of an event's values.

use std::borrow::Cow;
use std::sync::Arc;

use slo_model::{Literal, Unfit, Value};

use crate::Contexts;

/// What stands in one place of an event's values. It borrows from the event.
#[derive(Clone, Debug, Default)]
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
    /// Text that was made for the occasion.
    Owned(Arc<str>),
    /// An integer.
    Int(i64),
    /// A floating-point number.
    Double(f64),
    /// `true` or `false`.
    Bool(bool),
    /// A list. Boxed, so that every other value is small.
    List(Box<Value<'a>>),
    /// The contexts of other spans.
    Contexts(&'a Contexts),
    /// What can't stand there, and why.
    Invalid(Box<Unfit>),
}

impl<'a> FieldValue<'a> {
    /// The text, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            FieldValue::Static(text) => Some(text),
            FieldValue::Shared(text) => Some(text),
            FieldValue::Borrowed(text) => Some(text),
            FieldValue::Owned(text) => Some(text),
            _ => None,
        }
    }

    /// What the contract writes down.
    #[must_use]
    pub fn of_literal(literal: Literal<'static>) -> FieldValue<'a> {
        match literal {
            Literal::String(text) => FieldValue::Static(text),
            Literal::Int(number) => FieldValue::Int(number),
            Literal::Double(number) => FieldValue::Double(number),
            Literal::Bool(truth) => FieldValue::Bool(truth),
            list => FieldValue::List(Box::new(Value::from(list))),
        }
    }
}

impl<'a> From<Value<'a>> for FieldValue<'a> {
    fn from(value: Value<'a>) -> FieldValue<'a> {
        match value {
            Value::String(Cow::Borrowed(text)) => FieldValue::Borrowed(text),
            Value::String(Cow::Owned(text)) => FieldValue::Owned(text.into()),
            Value::Int(number) => FieldValue::Int(number),
            Value::Double(number) => FieldValue::Double(number),
            Value::Bool(truth) => FieldValue::Bool(truth),
            list => FieldValue::List(Box::new(list)),
        }
    }
}
