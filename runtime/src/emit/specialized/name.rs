//! The number of a span's name, where its holes have few values.

use std::marker::PhantomData;

use super::labels::code;
use super::shape::{at, field_plain, field_size, is_field_coded, is_hole, name_stride, slot};
use super::{Fields, Specialized};
use super::{Invalid, or_unset};
use crate::Meaning;
use crate::emit::labels::Code;
use crate::event::FieldValue;

/// Works out the number of a span's name.
pub(crate) struct Name<'s, E> {
    pub(crate) invalid: &'s Invalid,
    pub(crate) codes: &'s [Code],
    pub(crate) elapsed: f64,
    /// The number; none where a value does not fit: the name is made then.
    pub(crate) number: Option<usize>,
    pub(crate) of: PhantomData<E>,
}

impl<'a, E: Specialized> Fields<'a, E> for Name<'_, E> {
    #[inline(always)]
    fn plain<const FIELD: usize>(&mut self, value: FieldValue<'a>) {
        if const { !is_hole(E::TABLE, FIELD) } {
            return;
        }
        let Some(slot) = (const { slot(E::TABLE, FIELD) }) else { return };
        let way = const { (is_field_coded(E::TABLE, FIELD), field_plain(E::TABLE, FIELD)) };
        let value = or_unset::<FIELD>(E::TABLE, value);
        let code = code(self.invalid, self.codes, slot, const { at(E::TABLE, FIELD) }, way, &value);
        if code.is_none() {
            self.number = None;
        } else if let Some(number) = &mut self.number {
            *number += code.number(const { field_size(E::TABLE, FIELD) as u32 }) as usize
                * const { name_stride(E::TABLE, FIELD) };
        }
    }

    #[inline(always)]
    fn meaning<const FIELD: usize, M: Meaning>(&mut self, _: Option<&'a M>) {}

    #[inline(always)]
    fn elapsed<const FIELD: usize>(&mut self) {
        self.plain::<FIELD>(FieldValue::Double(self.elapsed));
    }
}
