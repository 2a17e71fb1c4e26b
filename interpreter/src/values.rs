//! What an occurrence's values are when it goes out: what nobody set is put in, and what doesn't fit is left out.

use slo_model::event::{Event, FieldKind, Slot};
use slo_model::{Literal, Unfit, Value};

use crate::slot::{fit, rest};
use crate::{Given, LeftOut, Occurrence};

/// A value when the occurrence goes out.
#[derive(Clone, Debug)]
pub(crate) enum Settled<'f> {
    /// There is none.
    Absent,
    /// There is one that doesn't fit.
    Unfit,
    /// It is this.
    Value(Value<'f>),
    /// It is the variant of this number, which carries these.
    Variant(usize, Vec<Settled<'f>>),
    /// They are the contexts of so many spans.
    Contexts(usize),
}

impl Settled<'_> {
    pub(crate) const fn is_absent(&self) -> bool {
        matches!(self, Settled::Absent | Settled::Unfit)
    }
}

/// The values of an occurrence by the numbers of their fields, and which were left out.
pub(crate) fn settle<'f>(event: &Event<'f>, occurrence: &Occurrence<'f>) -> (Vec<Settled<'f>>, Vec<LeftOut>) {
    let mut left_out = Vec::new();
    let values = event.fields.iter().enumerate().map(|(number, field)| {
        let mut unfit = |payload: &str, why: Unfit| {
            left_out.push(LeftOut::Unfit { field: field.name.to_owned(), payload: payload.to_owned(), why });
            Settled::Unfit
        };
        let elapsed = event.elapsed.filter(|elapsed| usize::from(elapsed.field) == number);
        let given = match elapsed {
            Some(elapsed) => {
                Given::Value(Value::Double(occurrence.elapsed.as_nanos() as f64 / elapsed.nanoseconds))
            }
            None => occurrence.fields.get(number).cloned().unwrap_or_default(),
        };
        match (&field.kind, given) {
            (FieldKind::Plain { slot, unset }, given) => match (given, unset) {
                (Given::Value(value), _) => {
                    fit(slot, value).map_or_else(|why| unfit("", why), Settled::Value)
                }
                (_, Some(unset)) => Settled::Value(Value::from(*unset)),
                (_, None) => Settled::Absent,
            },
            (FieldKind::Meaning { meaning, .. }, Given::Variant(number, payload)) => {
                let slots = meaning.variants.get(number).map_or(&[][..], |variant| variant.payload);
                let payload = slots.iter().zip(payload).map(|(slot, value)| {
                    fit(slot, value).map_or_else(|why| unfit(slot.key.name, why), Settled::Value)
                });
                Settled::Variant(number, payload.collect())
            }
            (FieldKind::Meaning { unset, .. }, _) => match unset {
                Some(variant) => Settled::Variant(usize::from(*variant), Vec::new()),
                None => Settled::Absent,
            },
            (FieldKind::Contexts, Given::Contexts(count)) => Settled::Contexts(count),
            (FieldKind::Contexts, _) => Settled::Absent,
        }
    });
    (values.collect(), left_out)
}

/// The numbers of values that a label or a span's name tells apart, in the order in which they came first.
#[derive(Debug)]
pub(crate) struct Seen(Vec<((usize, usize, usize), Value<'static>)>);

impl Seen {
    pub(crate) const fn new() -> Seen {
        Seen(Vec::new())
    }

    /// What stands for a value on a label or in a span's name: itself, or what stands for the rest. `place` is the number of
    /// the field, and of the variant and of what it carries.
    pub(crate) fn fold<'v>(
        &mut self,
        place: (usize, usize, usize),
        slot: &Slot<'v>,
        value: &Value<'v>,
    ) -> (Value<'v>, bool) {
        let is = |literal: &Literal<'_>| Value::from(*literal) == *value;
        if rest(slot).is_some_and(|rest| rest == *value) {
            return (value.clone(), false);
        }
        let rest = match (slot.bounded, slot.other) {
            (Some(bounded), _) => {
                let known = self.0.iter().any(|(other, seen)| *other == place && seen == value);
                let count = self.0.iter().filter(|(other, _)| *other == place).count();
                if known {
                    return (value.clone(), false);
                }
                if count < bounded.values as usize {
                    self.0.push((place, value.clone().into_owned()));
                    return (value.clone(), false);
                }
                bounded.other
            }
            (None, Some(other)) => {
                let members = slot.key.members.unwrap_or_default();
                if members.iter().any(|member| is(&member.wire)) {
                    return (value.clone(), false);
                }
                other
            }
            (None, None) => return (value.clone(), false),
        };
        (Value::from(rest), true)
    }
}

/// The numbers by which tests know a value: of its variant, of its member, or of a truth.
pub(crate) fn number(kind: &FieldKind<'_>, value: &Settled<'_>) -> Option<usize> {
    match (kind, value) {
        (_, Settled::Variant(number, _)) => Some(*number),
        (_, Settled::Value(Value::Bool(truth))) => Some(usize::from(*truth)),
        (FieldKind::Plain { slot, .. }, Settled::Value(value)) => {
            slot.key.members?.iter().position(|member| Value::from(member.wire) == *value)
        }
        _ => None,
    }
}
