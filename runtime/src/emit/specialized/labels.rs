//! The number of a metric's point, and what is measured.

use std::marker::PhantomData;

use super::shape::{
    at, field_plain, field_size, is_coded, is_field_coded, meaning as meaning_of, payload_stride, plain,
    reader, shows_payload, size, slot, stride, unset_variant,
};
use super::{Fields, Specialized, Variants};
use super::{Invalid, or_unset};
use crate::Meaning;
use crate::emit::instrument::Number;
use crate::emit::labels::{Code, Plain};
use crate::emit::values::member;
use crate::event::FieldValue;
use slo_model::Literal;
use slo_model::event::{Meaning as Projection, Slot};

/// Works out the number of a metric's point, where it has one, and what is measured.
pub(crate) struct Labels<'s, E, const METRIC: usize> {
    pub(crate) invalid: &'s Invalid,
    pub(crate) codes: &'s [Code],
    pub(crate) elapsed: f64,
    /// The number of the point.
    pub(crate) number: usize,
    /// Whether a label's value does not fit, and nothing stands for it.
    pub(crate) is_unlabelled: bool,
    /// What is measured.
    pub(crate) measured: Option<Number>,
    pub(crate) of: PhantomData<E>,
}

impl<E: Specialized, const METRIC: usize> Labels<'_, E, METRIC> {
    #[inline(always)]
    fn add(&mut self, code: Code, size: u32, stride: usize) {
        if code.is_none() {
            self.is_unlabelled = true;
        } else {
            self.number += code.number(size) as usize * stride;
        }
    }
}

/// The number of a value.
#[inline(always)]
pub(super) fn code(
    invalid: &Invalid,
    codes: &[Code],
    slot: &'static Slot<'static>,
    place: usize,
    (is_coded, way): (bool, Option<(Plain, u32)>),
    value: &FieldValue<'_>,
) -> Code {
    if is_coded {
        return codes.get(place).copied().unwrap_or(Code::ABSENT);
    }
    match way {
        Some((way, _)) if !invalid.has(place) => match (way, value) {
            (Plain::Members, FieldValue::Member(_) | FieldValue::Absent) => way.code(slot, value),
            // A text's number was looked up.
            (Plain::Members, FieldValue::Static(_) | FieldValue::Shared(_) | FieldValue::Borrowed(_))
                if codes.get(place).is_some_and(|code| *code != Code::ABSENT) =>
            {
                codes.get(place).copied().unwrap_or(Code::NONE)
            }
            (Plain::Members, value) => {
                member(slot, value).map_or(Code::NONE, |member| way.code(slot, &member))
            }
            _ => way.code(slot, value),
        },
        _ => Code::NONE,
    }
}

/// A value as a measured number.
#[inline(always)]
fn measured(slot: &Slot<'static>, value: &FieldValue<'_>) -> Option<Number> {
    match value {
        FieldValue::Int(number) => Some(match slot.key.value_type {
            slo_model::ValueType::Double => Number::Double(*number as f64),
            _ => Number::Int(*number),
        }),
        FieldValue::Double(number) => Some(Number::Double(*number)),
        FieldValue::Member(number) => match slot.key.members?.get(usize::from(*number))?.wire {
            Literal::Int(number) => Some(Number::Int(number)),
            Literal::Double(number) => Some(Number::Double(number)),
            _ => None,
        },
        FieldValue::Late(late) => match late.late().ok()?? {
            slo_model::Value::Int(number) => Some(Number::Int(number)),
            slo_model::Value::Double(number) => Some(Number::Double(number)),
            _ => None,
        },
        _ => None,
    }
}

impl<'a, E: Specialized, const METRIC: usize> Fields<'a, E> for Labels<'_, E, METRIC> {
    #[inline(always)]
    fn plain<const FIELD: usize>(&mut self, value: FieldValue<'a>) {
        let Some(slot) = (const { slot(E::TABLE, FIELD) }) else { return };
        let place = const { at(E::TABLE, FIELD) };
        if const { matches!(E::TABLE.metrics[METRIC].value, Some(value) if value as usize == FIELD) }
            && !self.invalid.has(place)
        {
            self.measured = measured(slot, &or_unset::<FIELD>(E::TABLE, value));
        }
        if const { reader(E::TABLE.metrics[METRIC].labels, FIELD, 0).is_some() } {
            let value = or_unset::<FIELD>(E::TABLE, value);
            let way = const { (is_field_coded(E::TABLE, FIELD), field_plain(E::TABLE, FIELD)) };
            let code = code(self.invalid, self.codes, slot, place, way, &value);
            self.add(
                code,
                const { field_size(E::TABLE, FIELD) as u32 },
                const { stride(E::TABLE.fields, &E::TABLE.metrics[METRIC], FIELD) },
            );
        }
    }

    #[inline(always)]
    fn meaning<const FIELD: usize, M: Meaning>(&mut self, meaning: Option<&'a M>) {
        if const { reader(E::TABLE.metrics[METRIC].labels, FIELD, 0).is_none() } {
            return;
        }
        match (meaning, const { unset_variant(E::TABLE, FIELD) }) {
            (Some(meaning), _) => meaning.visit(&mut OfVariant::<E, METRIC, FIELD>(self)),
            (None, Some(variant)) => {
                self.number += (usize::from(variant) + 1)
                    * const { stride(E::TABLE.fields, &E::TABLE.metrics[METRIC], FIELD) };
            }
            (None, None) => {}
        }
    }

    #[inline(always)]
    fn elapsed<const FIELD: usize>(&mut self) {
        self.plain::<FIELD>(FieldValue::Double(self.elapsed));
    }
}

struct OfVariant<'l, 's, E, const METRIC: usize, const FIELD: usize>(&'l mut Labels<'s, E, METRIC>);

/// The slot of a payload.
const fn payload_slot(
    meaning: Option<&'static Projection<'static>>,
    variant: usize,
    payload: usize,
) -> Option<&'static Slot<'static>> {
    match meaning {
        Some(meaning) => Some(&meaning.variants[variant].payload[payload]),
        None => None,
    }
}

impl<'a, E: Specialized, const METRIC: usize, const FIELD: usize> Variants<'a>
    for OfVariant<'_, '_, E, METRIC, FIELD>
{
    #[inline(always)]
    fn variant<const VARIANT: usize>(&mut self) {
        self.0.number += const { (VARIANT + 1) * stride(E::TABLE.fields, &E::TABLE.metrics[METRIC], FIELD) };
    }

    #[inline(always)]
    fn payload<const VARIANT: usize, const PAYLOAD: usize>(&mut self, value: FieldValue<'a>) {
        if const { !shows_payload(&E::TABLE.metrics[METRIC], FIELD, VARIANT, PAYLOAD) } {
            return;
        }
        let Some(slot) = (const { payload_slot(meaning_of(E::TABLE, FIELD), VARIANT, PAYLOAD) }) else {
            return;
        };
        let place = const { at(E::TABLE, FIELD) + 1 + PAYLOAD };
        let way = const {
            match payload_slot(meaning_of(E::TABLE, FIELD), VARIANT, PAYLOAD) {
                Some(slot) => (is_coded(slot), plain(slot)),
                None => (false, None),
            }
        };
        let code = code(self.0.invalid, self.0.codes, slot, place, way, &value);
        let stride = const {
            let metric = &E::TABLE.metrics[METRIC];
            let inner = match meaning_of(E::TABLE, FIELD) {
                Some(meaning) => payload_stride(metric, FIELD, meaning, PAYLOAD),
                None => 0,
            };
            inner.saturating_mul(stride(E::TABLE.fields, metric, FIELD))
        };
        let size = const {
            match payload_slot(meaning_of(E::TABLE, FIELD), VARIANT, PAYLOAD) {
                Some(slot) => size(slot) as u32,
                None => 0,
            }
        };
        self.0.add(code, size, stride);
    }
}
