//! The values of an event, each in its place.

use slo_model::Value;

use super::{FieldValue, InUnit, Late, Meaning};
use crate::value::ToValue;

/// Takes the values of an event, each in the place that its table has for it. What nobody puts in is absent.
#[derive(Debug)]
pub struct Values<'v, 'a>(pub(crate) &'v mut [FieldValue<'a>]);

impl<'a> Values<'_, 'a> {
    /// Puts a value into a place.
    #[inline]
    pub fn put(&mut self, at: usize, value: FieldValue<'a>) {
        if let Some(place) = self.0.get_mut(at) {
            *place = value;
        }
    }

    /// Puts a value of Rust into a place.
    #[inline]
    pub fn value<T: ToValue>(&mut self, at: usize, value: &'a T) {
        self.put(at, value.to_field());
    }

    /// Puts a value into a place whose type may number its members otherwise than the place's key: such a one goes by its
    /// text.
    #[inline]
    pub fn own<T: ToValue>(&mut self, at: usize, value: &'a T) {
        let late: &'a dyn Late = match value.to_field() {
            FieldValue::Member(_) => value,
            FieldValue::Late(late) => late,
            known => return self.put(at, known),
        };
        self.put(at, FieldValue::now(late));
    }

    /// Puts a length of time into a place, as the number of units of so many nanoseconds.
    #[inline]
    pub fn duration<T: InUnit>(&mut self, at: usize, value: &T, nanoseconds: f64) {
        self.put(at, value.in_unit(nanoseconds));
    }

    /// Puts a meaning into a place, and what its variant carries into those behind it.
    #[inline]
    pub fn meaning<M: Meaning>(&mut self, at: usize, meaning: Option<&'a M>) {
        if let Some(meaning) = meaning {
            meaning.values(at, self);
        }
    }
}

impl<'a> FieldValue<'a> {
    /// What has to be asked for its value, as what that is, where nothing has to be kept for it.
    pub(crate) fn now(late: &'a dyn Late) -> FieldValue<'a> {
        match late.late() {
            Ok(None) => FieldValue::Absent,
            Ok(Some(Value::String(std::borrow::Cow::Borrowed(text)))) => FieldValue::Borrowed(text),
            Ok(Some(Value::Int(number))) => FieldValue::Int(number),
            Ok(Some(Value::Double(number))) => FieldValue::Double(number),
            Ok(Some(Value::Bool(truth))) => FieldValue::Bool(truth),
            _ => FieldValue::Late(late),
        }
    }
}
