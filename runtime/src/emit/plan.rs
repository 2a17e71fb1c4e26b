//! What is done for each event, worked out once: which values are looked at, and what each signal's record is made of.

use slo_model::Literal;
use slo_model::event::{Event, Field, FieldKind, Slot, TextPart, Variant};

use super::shape::may_misfit;
use crate::event::FieldValue;

/// What is looked at before an event goes out.
#[derive(Debug)]
pub(crate) enum Check {
    /// What a place holds where nobody set it.
    Unset { at: usize, value: Unset },
    /// Whether a field's value fits.
    Fit { at: usize, field: usize, slot: &'static Slot<'static> },
    /// Whether what a variant carries fits, by the number of the variant.
    Payload { at: usize, field: usize, slots: Box<[Carried]> },
}

/// What a variant carries that may not fit: the place of each with its slot.
type Carried = Box<[(usize, &'static Slot<'static>)]>;

/// What a place holds where nobody set it.
#[derive(Debug)]
pub(crate) enum Unset {
    Variant(u16),
    Value(&'static Literal<'static>),
}

impl Unset {
    pub(crate) const fn value(&self) -> FieldValue<'static> {
        match self {
            Unset::Variant(number) => FieldValue::Variant(*number),
            Unset::Value(literal) => FieldValue::of_literal(literal),
        }
    }
}

/// What is looked at of these fields.
pub(crate) fn checks(fields: &'static [Field<'static>]) -> Box<[Check]> {
    let mut checks = Vec::new();
    for (number, field) in fields.iter().enumerate() {
        let at = usize::from(field.at);
        match &field.kind {
            FieldKind::Plain { slot, unset } => {
                if let Some(unset) = unset {
                    checks.push(Check::Unset { at, value: Unset::Value(unset) });
                }
                if may_misfit(slot) {
                    checks.push(Check::Fit { at, field: number, slot });
                }
            }
            FieldKind::Meaning { meaning, unset } => {
                if let Some(variant) = unset {
                    checks.push(Check::Unset { at, value: Unset::Variant(*variant) });
                }
                let slots: Box<[Carried]> = meaning
                    .variants
                    .iter()
                    .map(|variant| {
                        let places = (at + 1..).zip(variant.payload);
                        places.filter(|(_, slot)| may_misfit(slot)).collect()
                    })
                    .collect();
                if slots.iter().any(|slots| !slots.is_empty()) {
                    checks.push(Check::Payload { at, field: number, slots });
                }
            }
            FieldKind::Contexts => {}
        }
    }
    checks.into()
}

/// A text whose holes are values.
#[derive(Debug, Default)]
pub(crate) struct TextPlan {
    /// The text, where it has no hole.
    pub(crate) known: Option<&'static str>,
    pub(crate) parts: Box<[TextOp]>,
    /// Whether a hole stands at an end, with which blanks may go.
    pub(crate) trims: bool,
    /// Whether a hole is for something that is known later than at the begin.
    pub(crate) later: bool,
}

#[derive(Debug)]
pub(crate) enum TextOp {
    Text(&'static str),
    Value { at: usize, slot: &'static Slot<'static> },
}

impl TextPlan {
    /// A text whose holes are fields.
    pub(crate) fn of(event: &Event<'static>, parts: &'static [TextPart<'static>]) -> TextPlan {
        let mut later = false;
        let plan = TextPlan::made(parts, |number| {
            let field = event.fields.get(usize::from(number))?;
            let FieldKind::Plain { slot, .. } = &field.kind else { return None };
            later |= !field.at_begin;
            Some((usize::from(field.at), slot))
        });
        TextPlan { later, ..plan }
    }

    /// A text whose holes are what a variant carries, of a meaning whose number stands at this place.
    pub(crate) fn of_variant(
        at: usize,
        variant: &'static Variant<'static>,
        parts: &'static [TextPart<'static>],
    ) -> TextPlan {
        TextPlan::made(parts, |number| {
            let number = usize::from(number);
            Some((at + 1 + number, variant.payload.get(number)?))
        })
    }

    fn made(
        parts: &'static [TextPart<'static>],
        mut place: impl FnMut(u16) -> Option<(usize, &'static Slot<'static>)>,
    ) -> TextPlan {
        let mut op = |part: &'static TextPart<'static>| match part {
            TextPart::Text(text) => Some(TextOp::Text(text)),
            TextPart::Value(number) => {
                let (at, slot) = place(*number)?;
                Some(TextOp::Value { at, slot })
            }
        };
        let ops: Box<[TextOp]> = parts.iter().filter_map(&mut op).collect();
        let is_hole = |op: Option<&TextOp>| matches!(op, Some(TextOp::Value { .. }));
        let trims = is_hole(ops.first()) || is_hole(ops.last());
        let known = match &*ops {
            [] => Some(""),
            [TextOp::Text(text)] => Some(*text),
            _ => None,
        };
        TextPlan { known, parts: ops, trims, later: false }
    }
}
