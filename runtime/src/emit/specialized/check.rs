//! What fits, and what does not.

use std::marker::PhantomData;

use slo_model::Unfit;
use slo_model::event::Slot;

use super::or_unset;
use super::shape::{at, is_listed, may_misfit, meaning, slot};
use super::{Fields, Specialized, Variants};
use crate::Meaning;
use crate::emit::emitter::Emitter;
use crate::emit::labels::Code;
use crate::emit::values::{allowed_member, fit_any, fits_at_once};
use crate::event::FieldValue;

/// The places whose values do not fit.
#[derive(Debug, Default)]
pub(crate) struct Invalid {
    few: u128,
    many: Vec<usize>,
}

impl Invalid {
    #[inline]
    pub(crate) fn has(&self, at: usize) -> bool {
        if at < 128 { self.few >> at & 1 == 1 } else { self.many.contains(&at) }
    }

    fn add(&mut self, at: usize) {
        if at < 128 {
            self.few |= 1 << at;
        } else {
            self.many.push(at);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.few == 0 && self.many.is_empty()
    }
}

/// Looks at each value, and tells of those that do not fit.
pub(crate) struct Check<'s, E> {
    pub(crate) emitter: &'s Emitter,
    pub(crate) elapsed: f64,
    pub(crate) invalid: Invalid,
    /// Where the numbers of listed texts are kept, so that nobody looks for them again.
    pub(crate) codes: &'s mut [Code],
    /// Whether what does not fit is told of, and counted.
    pub(crate) tells: bool,
    pub(crate) event: PhantomData<E>,
}

impl<E: Specialized> Check<'_, E> {
    #[cold]
    fn unfit(&mut self, at: usize, field: usize, payload: &'static str, unfit: &Unfit) {
        self.invalid.add(at);
        if self.tells {
            self.emitter.unfit(field, payload, unfit);
        }
    }

    #[inline(always)]
    fn look(
        &mut self,
        slot: &'static Slot<'static>,
        place: usize,
        field: usize,
        payload: &'static str,
        value: &FieldValue<'_>,
    ) {
        if fits_at_once(slot, value) {
            return;
        }
        if let Err(unfit) = fit_any(slot, value) {
            self.unfit(place, field, payload, &unfit);
        }
    }
}

impl<'a, E: Specialized> Fields<'a, E> for Check<'_, E> {
    #[inline(always)]
    fn plain<const FIELD: usize>(&mut self, value: FieldValue<'a>) {
        let value = or_unset::<FIELD>(E::TABLE, value);
        let Some(slot) = (const { slot(E::TABLE, FIELD) }) else { return };
        let place = const { at(E::TABLE, FIELD) };
        if const { is_listed(E::TABLE, FIELD) }
            && let Some(text) = value.text()
            && let Some(member) = allowed_member(slot, text)
        {
            if let Some(code) = self.codes.get_mut(place) {
                *code = Code::of_member(member);
            }
            return;
        }
        if const {
            match super::shape::slot(E::TABLE, FIELD) {
                Some(slot) => may_misfit(slot),
                None => false,
            }
        } || matches!(value, FieldValue::Late(_))
        {
            self.look(slot, place, FIELD, "", &value);
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

struct OfVariant<'c, 's, E, const FIELD: usize>(&'c mut Check<'s, E>);

impl<'a, E: Specialized, const FIELD: usize> Variants<'a> for OfVariant<'_, '_, E, FIELD> {
    #[inline(always)]
    fn variant<const VARIANT: usize>(&mut self) {}

    #[inline(always)]
    fn payload<const VARIANT: usize, const PAYLOAD: usize>(&mut self, value: FieldValue<'a>) {
        let Some(meaning) = (const { meaning(E::TABLE, FIELD) }) else { return };
        let Some(slot) = meaning.variants.get(VARIANT).and_then(|variant| variant.payload.get(PAYLOAD))
        else {
            return;
        };
        if may_misfit(slot) || matches!(value, FieldValue::Late(_)) {
            self.0.look(slot, const { at(E::TABLE, FIELD) + 1 + PAYLOAD }, FIELD, slot.key.name, &value);
        }
    }
}
