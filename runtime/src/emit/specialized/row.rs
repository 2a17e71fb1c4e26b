//! All values of an event in a row, for what needs several at once: texts, conditions, labels without a number.

use std::marker::PhantomData;

use super::shape::at;
use super::{Fields, Specialized, Variants};
use crate::Meaning;
use crate::event::FieldValue;

/// All values of an event, each in its place; on the stack where they are few.
pub(crate) struct Row<'a, E> {
    few: [FieldValue<'a>; FEW],
    many: Vec<FieldValue<'a>>,
    elapsed: f64,
    of: PhantomData<E>,
}

/// How many values stand on the stack.
const FEW: usize = 16;

impl<'a, E: Specialized> Row<'a, E> {
    pub(crate) fn of(event: &'a E, elapsed: f64) -> Row<'a, E> {
        let many = if E::TABLE.values > FEW { vec![FieldValue::Absent; E::TABLE.values] } else { Vec::new() };
        let mut row = Row { few: [FieldValue::Absent; FEW], many, elapsed, of: PhantomData };
        event.visit(&mut row);
        row
    }

    pub(crate) fn as_mut(&mut self) -> &mut [FieldValue<'a>] {
        if self.many.is_empty() {
            self.few.get_mut(..E::TABLE.values).unwrap_or_default()
        } else {
            &mut self.many
        }
    }

    fn put(&mut self, at: usize, value: FieldValue<'a>) {
        if let Some(place) = self.as_mut().get_mut(at) {
            *place = value;
        }
    }
}

impl<'a, E: Specialized> Fields<'a, E> for Row<'a, E> {
    #[inline]
    fn plain<const FIELD: usize>(&mut self, value: FieldValue<'a>) {
        self.put(const { at(E::TABLE, FIELD) }, value);
    }

    #[inline]
    fn meaning<const FIELD: usize, M: Meaning>(&mut self, meaning: Option<&'a M>) {
        if let Some(meaning) = meaning {
            meaning.visit(&mut OfVariant::<E, FIELD>(self));
        }
    }

    #[inline]
    fn elapsed<const FIELD: usize>(&mut self) {
        self.plain::<FIELD>(FieldValue::Double(self.elapsed));
    }
}

struct OfVariant<'r, 'a, E, const FIELD: usize>(&'r mut Row<'a, E>);

impl<'a, E: Specialized, const FIELD: usize> Variants<'a> for OfVariant<'_, 'a, E, FIELD> {
    #[inline]
    fn variant<const VARIANT: usize>(&mut self) {
        // A contract has fewer variants than numbers of 16 bits: their tables' numbers are of that size.
        self.0.put(const { at(E::TABLE, FIELD) }, FieldValue::Variant(VARIANT as u16));
    }

    #[inline]
    fn payload<const VARIANT: usize, const PAYLOAD: usize>(&mut self, value: FieldValue<'a>) {
        self.0.put(const { at(E::TABLE, FIELD) + 1 + PAYLOAD }, value);
    }
}
