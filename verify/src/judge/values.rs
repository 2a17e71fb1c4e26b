//! What a record says of the fields of its event.

use std::borrow::Cow;

use slo_model::Value;
use smallvec::SmallVec;

/// What is known of a meaning.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Meant {
    /// A fault was found, and nothing can be said.
    Unclear,
    /// It shows nothing.
    Absent,
    /// It is one of these variants.
    Variants(SmallVec<[u16; 4]>),
}

/// What a record says of the fields of its event, by their numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Values<'v> {
    values: Vec<(u16, Value<'v>)>,
    meanings: Vec<(u16, Meant)>,
    /// What variants carry: the number of the field, of the variant, of the payload.
    payloads: Vec<((u16, u16, u16), Value<'v>)>,
    /// Fields that the record would show if they had a value.
    absent: Vec<u16>,
}

impl<'v> Values<'v> {
    /// Nothing yet, with room for so many values.
    pub(crate) fn with_room(count: usize) -> Values<'v> {
        Values { values: Vec::with_capacity(count), ..Values::default() }
    }

    pub(crate) fn set_absent(&mut self, field: u16) {
        self.absent.push(field);
    }

    /// Whether the record says that a field has no value.
    pub(crate) fn is_absent(&self, field: u16) -> bool {
        self.absent.contains(&field)
    }

    /// Whether the record says anything of a field.
    pub(crate) fn says(&self, field: u16) -> bool {
        self.meaning(field).is_some() || self.get(field).is_some() || self.is_absent(field)
    }

    pub(crate) fn set(&mut self, field: u16, value: Value<'v>) {
        self.values.push((field, value));
    }

    pub(crate) fn set_meaning(&mut self, field: u16, meant: Meant) {
        self.meanings.push((field, meant));
    }

    pub(crate) fn set_payload(&mut self, place: (u16, u16, u16), value: Value<'v>) {
        self.payloads.push((place, value));
    }

    /// The value of a field; none where the record doesn't say.
    pub(crate) fn get(&self, field: u16) -> Option<&Value<'v>> {
        self.values.iter().find(|(own, _)| *own == field).map(|(_, value)| value)
    }

    /// What is known of the meaning in a field; none where the record isn't to show it.
    pub(crate) fn meaning(&self, field: u16) -> Option<&Meant> {
        self.meanings.iter().find(|(own, _)| *own == field).map(|(_, meant)| meant)
    }

    /// The value of a payload.
    pub(crate) fn payload(&self, place: (u16, u16, u16)) -> Option<&Value<'v>> {
        self.payloads.iter().find(|(own, _)| *own == place).map(|(_, value)| value)
    }

    pub(crate) fn fields(&self) -> impl ExactSizeIterator<Item = &(u16, Value<'v>)> {
        self.values.iter()
    }

    pub(crate) fn meanings(&self) -> impl ExactSizeIterator<Item = &(u16, Meant)> {
        self.meanings.iter()
    }

    /// The text of a value.
    pub(crate) fn text<'t>(value: &'t Value<'_>) -> Cow<'t, str> {
        match value {
            Value::String(text) => Cow::Borrowed(text),
            other => Cow::Owned(other.to_string()),
        }
    }

    pub(crate) fn payloads(&self) -> impl ExactSizeIterator<Item = &((u16, u16, u16), Value<'v>)> {
        self.payloads.iter()
    }

    /// The fields that the record says have no value.
    pub(crate) fn absent(&self) -> &[u16] {
        &self.absent
    }
}
