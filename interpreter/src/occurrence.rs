//! What a program says of an occurrence of an event.

use std::time::Duration;

use slo_model::Value;

/// An occurrence of an event: the values that a program gives.
#[derive(Clone, Debug, Default)]
pub struct Occurrence<'f> {
    /// What each of the event's fields is, by their numbers. The time from begin to end and constants are not asked for.
    pub fields: Vec<Given<'f>>,
    /// The time from begin to end.
    pub elapsed: Duration,
}

/// What a program says of a field.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Given<'f> {
    /// Nothing.
    #[default]
    Absent,
    /// This value.
    Value(Value<'f>),
    /// The variant of this number, which carries these values.
    Variant(usize, Vec<Value<'f>>),
    /// The contexts of so many other spans.
    Contexts(usize),
}

impl<'f> From<Value<'f>> for Given<'f> {
    fn from(value: Value<'f>) -> Given<'f> {
        Given::Value(value)
    }
}
