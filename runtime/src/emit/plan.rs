//! What is done for each fact, worked out once: which values are looked at, and what each signal's record is made of.

use slo_model::event::{
    Event, Field, FieldKind, Meaning, PairValue, Signal, Slot, TextPart, Writer, WriterValue,
};
use slo_model::{Literal, ValueType};

use super::attributes::{Attribute, constant, text_of, value};
use crate::FieldValue;

/// What is looked at before a fact goes out.
#[derive(Debug)]
pub(crate) enum Check {
    /// What a place holds where nobody set it.
    Unset { at: usize, value: Unset },
    /// Whether a field's value fits.
    Fit { at: usize, field: usize, slot: &'static Slot<'static> },
    /// Whether what a variant carries fits, by the number of the variant.
    Payload { at: usize, field: usize, slots: Box<[Box<[(usize, &'static Slot<'static>)]>]> },
}

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
                let slots: Box<[Box<[_]>]> = meaning
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

/// Whether a value of the Rust type may not fit: the type alone says that of text without a bound, and of booleans.
fn may_misfit(slot: &Slot<'static>) -> bool {
    let key = &slot.key;
    let free = key.members.is_none() && key.range.is_none() && key.max_length.is_none();
    !(free && matches!(key.value_type, ValueType::String | ValueType::Bool | ValueType::Int))
}

/// What writes one attribute, or the several of a meaning.
#[derive(Debug)]
pub(crate) struct Op {
    key: &'static str,
    /// Whether it is known at the begin.
    at_begin: bool,
    kind: OpKind,
}

#[derive(Debug)]
enum OpKind {
    Constant(Literal<'static>),
    Value {
        at: usize,
        slot: &'static Slot<'static>,
    },
    /// By the number of the variant.
    Meaning {
        at: usize,
        variants: Box<[Box<[PairOp]>]>,
    },
}

/// What writes one attribute of a variant.
#[derive(Debug)]
struct PairOp {
    key: &'static str,
    kind: PairKind,
}

#[derive(Debug)]
enum PairKind {
    Constant(Literal<'static>),
    Value { at: usize, slot: &'static Slot<'static> },
    Text { at: usize, slot: &'static Slot<'static> },
}

/// Which of an event's attributes are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    All,
    /// Constants, and what is known at the begin.
    Begin,
    /// What is known later.
    Later,
}

/// The attributes of a signal's record.
#[derive(Debug, Default)]
pub(crate) struct Attributes {
    ops: Box<[Op]>,
    /// The most that there are.
    pub(crate) most: usize,
}

impl Attributes {
    pub(crate) fn of(
        event: &Event<'static>,
        signal: Signal,
        writers: &'static [Writer<'static>],
    ) -> Attributes {
        let ops: Box<[Op]> = writers.iter().filter_map(|writer| op(event, signal, writer)).collect();
        let most = ops
            .iter()
            .map(|op| match &op.kind {
                OpKind::Meaning { variants, .. } => {
                    variants.iter().map(|pairs| pairs.len()).max().unwrap_or(0)
                }
                OpKind::Constant(_) | OpKind::Value { .. } => 1,
            })
            .sum();
        Attributes { ops, most }
    }

    /// Hands each pair of this part to `add`.
    pub(crate) fn write<A: Attribute>(
        &self,
        values: &[FieldValue<'_>],
        part: Part,
        mut add: impl FnMut(&'static str, A),
    ) {
        for op in &self.ops {
            match part {
                Part::Begin if !op.at_begin => continue,
                Part::Later if op.at_begin => continue,
                _ => {}
            }
            match &op.kind {
                OpKind::Constant(literal) => add(op.key, constant(literal)),
                OpKind::Value { at, slot } => {
                    if let Some(held) = values.get(*at)
                        && let Some(attribute) = value(slot, held)
                    {
                        add(op.key, attribute);
                    }
                }
                OpKind::Meaning { at, variants } => {
                    let Some(FieldValue::Variant(variant)) = values.get(*at) else { continue };
                    for pair in variants.get(usize::from(*variant)).into_iter().flatten() {
                        let attribute = match &pair.kind {
                            PairKind::Constant(literal) => Some(constant(literal)),
                            PairKind::Value { at, slot } => {
                                values.get(*at).and_then(|held| value(slot, held))
                            }
                            PairKind::Text { at, slot } => {
                                values.get(*at).and_then(|held| text_of(slot, held)).map(A::text)
                            }
                        };
                        if let Some(attribute) = attribute {
                            add(pair.key, attribute);
                        }
                    }
                }
            }
        }
    }
}

fn op(event: &Event<'static>, signal: Signal, writer: &'static Writer<'static>) -> Option<Op> {
    let field = |number: u16| event.fields.get(usize::from(number));
    let (at_begin, kind) = match &writer.value {
        WriterValue::Constant(literal) => (true, OpKind::Constant(*literal)),
        WriterValue::Field(number) => {
            let field = field(*number)?;
            let FieldKind::Plain { slot, .. } = &field.kind else { return None };
            // A field of a table that is static is so itself.
            (field.at_begin, OpKind::Value { at: usize::from(field.at), slot })
        }
        WriterValue::Meaning(number, face) => {
            let field = field(*number)?;
            let at = usize::from(field.at);
            let face: &'static Meaning<'static> = face;
            let variants = face
                .variants
                .iter()
                .map(|variant| {
                    let carried = |number: u16| {
                        let number = usize::from(number);
                        Some((at + 1 + number, variant.payload.get(number)?))
                    };
                    let pairs = variant.pairs(signal).iter().filter_map(|pair| {
                        let kind = match pair.value {
                            PairValue::Constant(literal) => PairKind::Constant(literal),
                            PairValue::Payload(number) => {
                                let (at, slot) = carried(number)?;
                                PairKind::Value { at, slot }
                            }
                            PairValue::Text(number) => {
                                let (at, slot) = carried(number)?;
                                PairKind::Text { at, slot }
                            }
                        };
                        Some(PairOp { key: pair.key, kind })
                    });
                    pairs.collect()
                })
                .collect();
            (field.at_begin, OpKind::Meaning { at, variants })
        }
    };
    Some(Op { key: writer.key, at_begin, kind })
}

/// A text whose holes are fields.
#[derive(Debug, Default)]
pub(crate) struct TextPlan {
    /// The text, where it has no hole.
    pub(crate) known: Option<&'static str>,
    pub(crate) parts: Box<[TextOp]>,
    /// Whether there may be blanks at an end that must go.
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
    pub(crate) fn of(event: &Event<'static>, parts: &'static [TextPart<'static>]) -> TextPlan {
        let mut later = false;
        let mut op = |part: &'static TextPart<'static>| match part {
            TextPart::Text(text) => Some(TextOp::Text(text)),
            TextPart::Field(number) => {
                let field = event.fields.get(usize::from(*number))?;
                let FieldKind::Plain { slot, .. } = &field.kind else { return None };
                later |= !field.at_begin;
                Some(TextOp::Value { at: usize::from(field.at), slot })
            }
        };
        let ops: Box<[TextOp]> = parts.iter().filter_map(&mut op).collect();
        let blank = |op: Option<&TextOp>, end: fn(&str) -> bool| match op {
            Some(TextOp::Text(text)) => end(text),
            // What stands there may be empty, and what is beside it then stands at the end.
            Some(TextOp::Value { .. }) | None => true,
        };
        let trims = blank(ops.first(), |text| text.starts_with(char::is_whitespace))
            || blank(ops.last(), |text| text.ends_with(char::is_whitespace));
        let known = match &*ops {
            [] => Some(""),
            [TextOp::Text(text)] => Some(text.trim()),
            _ => None,
        };
        TextPlan { known, parts: ops, trims, later }
    }
}
