//! The numbers of values that may give way to what stands for the rest.

use std::marker::PhantomData;

use slo_model::Value;

use super::shape::{at, is_coded, is_payload_coded, meaning, slot};
use super::{Fields, Specialized, Variants};
use super::{Invalid, or_unset};
use crate::Meaning;
use crate::emit::emitter::Emitter;
use crate::emit::labels::Code;
use crate::event::FieldValue;

/// Looks up the number of each value that may give way to what stands for the rest, once for all labels and the span's
/// name.
pub(crate) struct Coding<'s, E> {
    pub(crate) emitter: &'s Emitter,
    pub(crate) invalid: &'s Invalid,
    pub(crate) elapsed: f64,
    pub(crate) codes: &'s mut [Code],
    /// Whether what gives way is counted.
    pub(crate) counts: bool,
    pub(crate) of: PhantomData<E>,
}

impl<E: Specialized> Coding<'_, E> {
    #[inline]
    fn code(&mut self, place: usize, variant: usize, field: usize, value: &FieldValue<'_>) {
        let made;
        let value = match value {
            _ if self.invalid.has(place) => &FieldValue::Invalid,
            FieldValue::Late(late) => {
                made = late.late().ok().flatten();
                &match &made {
                    Some(Value::String(text)) => FieldValue::Borrowed(text),
                    Some(Value::Int(number)) => FieldValue::Int(*number),
                    Some(Value::Bool(truth)) => FieldValue::Bool(*truth),
                    _ => FieldValue::Absent,
                }
            }
            value => value,
        };
        let Some((code, gave_way)) = self.emitter.coders.code_at(place, variant, value) else { return };
        if gave_way && self.counts {
            self.emitter.folded(field);
        }
        if let Some(own) = self.codes.get_mut(place) {
            *own = code;
        }
    }
}

impl<'a, E: Specialized> Fields<'a, E> for Coding<'_, E> {
    #[inline(always)]
    fn plain<const FIELD: usize>(&mut self, value: FieldValue<'a>) {
        if const {
            match slot(E::TABLE, FIELD) {
                Some(slot) => is_coded(slot),
                None => false,
            }
        } {
            let value = or_unset::<FIELD>(E::TABLE, value);
            self.code(const { at(E::TABLE, FIELD) }, 0, FIELD, &value);
        }
    }

    #[inline(always)]
    fn meaning<const FIELD: usize, M: Meaning>(&mut self, meaning: Option<&'a M>) {
        if let Some(meaning) = meaning {
            meaning.visit(&mut OfVariant::<E, FIELD>(self));
        }
    }

    #[inline(always)]
    fn elapsed<const FIELD: usize>(&mut self) {
        self.plain::<FIELD>(FieldValue::Double(self.elapsed));
    }
}

struct OfVariant<'c, 's, E, const FIELD: usize>(&'c mut Coding<'s, E>);

impl<'a, E: Specialized, const FIELD: usize> Variants<'a> for OfVariant<'_, '_, E, FIELD> {
    #[inline(always)]
    fn variant<const VARIANT: usize>(&mut self) {}

    #[inline(always)]
    fn payload<const VARIANT: usize, const PAYLOAD: usize>(&mut self, value: FieldValue<'a>) {
        if const {
            match meaning(E::TABLE, FIELD) {
                Some(meaning) => is_payload_coded(meaning, PAYLOAD),
                None => false,
            }
        } {
            self.0.code(const { at(E::TABLE, FIELD) + 1 + PAYLOAD }, VARIANT, FIELD, &value);
        }
    }
}
