//! Which number a value has among those that a label may show, within the field's bound.
//!
//! A number is what tells the points of a metric apart; the value itself is only looked at when a point is seen for the
//! first time. Where every value has a number by itself, as a member and a boolean have, nothing is kept; a [`Coder`]
//! is for values that may give way to what stands for the rest.

use std::sync::Arc;

use slo_model::event::{Field, FieldKind, Meaning, PairValue, Signal, Slot, Writer, WriterValue};
use slo_model::{Literal, Member, ValueType};

use super::seen::{Made, Seen};
use super::shape::{is_coded, payloads, plain};
use crate::event::FieldValue;

/// The number of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Code(u32);

impl Code {
    /// The number of what is absent.
    pub(crate) const ABSENT: Code = Code(0);
    /// No number: the value doesn't fit, and nothing stands for it.
    pub(crate) const NONE: Code = Code(u32::MAX);
    /// What stands for the rest.
    const REST: Code = Code(u32::MAX - 1);

    pub(crate) const fn is_none(self) -> bool {
        self.0 == Code::NONE.0
    }

    pub(crate) const fn is_rest(self) -> bool {
        self.0 == Code::REST.0
    }

    /// The number; what stands for the rest has the last one.
    pub(crate) const fn number(self, size: u32) -> u32 {
        if self.is_rest() { size.saturating_sub(1) } else { self.0 }
    }

    /// The number of a listed value.
    pub(crate) const fn of_member(member: u16) -> Code {
        Code(member as u32 + 1)
    }

    fn of(number: u64) -> Code {
        // Numbers are members', or within a bound of 32 bits; the last few are taken.
        u32::try_from(number + 1).ok().filter(|code| *code < Code::REST.0).map_or(Code::NONE, Code)
    }
}

/// How a value has a number by itself.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Plain {
    /// The member's number.
    Members,
    /// `false`, `true`.
    Bool,
    /// The distance from the lower end.
    Range(i64),
}

impl Plain {
    #[inline]
    pub(crate) fn code(self, slot: &Slot<'static>, value: &FieldValue<'_>) -> Code {
        match (self, value) {
            (_, FieldValue::Absent) => Code::ABSENT,
            (Plain::Members, FieldValue::Member(number)) => Code(u32::from(*number) + 1),
            (Plain::Bool, FieldValue::Bool(truth)) => Code(u32::from(*truth) + 1),
            (Plain::Range(low), FieldValue::Int(number)) if *number >= low => Code::of(number.abs_diff(low)),
            (Plain::Range(low), FieldValue::Member(member)) => match wire(slot, *member) {
                Some(Literal::Int(number)) if number >= low => Code::of(number.abs_diff(low)),
                _ => Code::NONE,
            },
            _ => Code::NONE,
        }
    }
}

/// The number of a listed value that comes as text or as an integer, as one of `unset=` and of a struct's own type does.
fn listed(slot: &Slot<'static>, value: &FieldValue<'_>) -> Option<Code> {
    let is = |member: &Member<'_>| match (member.wire, value) {
        (Literal::String(wire), value) => value.text() == Some(wire),
        (Literal::Int(wire), FieldValue::Int(number)) => wire == *number,
        _ => false,
    };
    let number = slot.key.members.filter(|_| !matches!(value, FieldValue::Member(_)))?.iter().position(is)?;
    u16::try_from(number).ok().map(Code::of_member)
}

/// How values get their numbers of which some give way to what stands for the rest.
#[derive(Debug)]
struct Coder {
    way: Way,
    /// What stands for values that are folded; where nothing does, a value that doesn't fit has no number.
    rest: Option<Literal<'static>>,
    /// How many numbers there are, the one for what is absent and the one for the rest included.
    size: u32,
}

#[derive(Debug)]
enum Way {
    Plain(Plain),
    /// The first so many texts.
    Texts(Seen<Arc<str>, Code>),
    /// The first so many integers.
    Ints(Seen<i64, Code>),
}

impl Coder {
    /// None where there is no bound: each metric numbers its own values then, within its limit.
    fn of(slot: &Slot<'static>) -> Option<Coder> {
        if let Some(bounded) = slot.bounded {
            let bound = usize::try_from(bounded.values).unwrap_or(usize::MAX);
            let way = match slot.key.value_type {
                ValueType::Int => Way::Ints(Seen::new(bound)),
                _ => Way::Texts(Seen::new(bound)),
            };
            return Some(Coder { way, rest: Some(bounded.other), size: bounded.values.saturating_add(2) });
        }
        let (plain, size) = plain(slot)?;
        Some(Coder { way: Way::Plain(plain), rest: slot.other, size: size.saturating_add(1) })
    }

    fn code(&self, slot: &Slot<'static>, value: &FieldValue<'_>) -> Code {
        let rest = if self.rest.is_some() { Code::REST } else { Code::NONE };
        match (&self.way, value) {
            (_, FieldValue::Absent) => Code::ABSENT,
            (_, FieldValue::Invalid) => rest,
            (Way::Plain(plain), value) => match listed(slot, value).unwrap_or(plain.code(slot, value)) {
                code if code.is_none() => rest,
                code => code,
            },
            (Way::Texts(seen), FieldValue::Member(member)) => match wire(slot, *member) {
                Some(Literal::String(text)) => self.first_texts(seen, text),
                _ => rest,
            },
            (Way::Texts(seen), value) => value.text().map_or(rest, |text| self.first_texts(seen, text)),
            (Way::Ints(seen), FieldValue::Int(number)) => self.first_ints(seen, *number),
            (Way::Ints(seen), FieldValue::Member(member)) => match wire(slot, *member) {
                Some(Literal::Int(number)) => self.first_ints(seen, number),
                _ => rest,
            },
            (Way::Ints(_), _) => rest,
        }
    }

    /// What stands for the rest is one value, whether the program says it or another one gives way to it.
    fn first(&self, value: Literal<'_>, count: usize) -> Option<Code> {
        (self.rest != Some(value)).then(|| Code::of(count as u64))
    }

    fn first_texts(&self, seen: &Seen<Arc<str>, Code>, text: &str) -> Code {
        let make = |count: usize| match self.first(Literal::String(text), count) {
            Some(code) => Made::New(Arc::from(text), code),
            None => Made::Alias(Arc::from(text), Code::REST),
        };
        seen.get_or_add(text, make, |code| *code).unwrap_or(Code::REST)
    }

    fn first_ints(&self, seen: &Seen<i64, Code>, number: i64) -> Code {
        let make = |count: usize| match self.first(Literal::Int(number), count) {
            Some(code) => Made::New(number, code),
            None => Made::Alias(number, Code::REST),
        };
        seen.get_or_add(&number, make, |code| *code).unwrap_or(Code::REST)
    }

    /// Whether a value gave way, rather than being itself what stands for the rest. What doesn't fit is counted as that.
    fn gave_way(&self, value: &FieldValue<'_>, code: Code) -> bool {
        code.is_rest()
            && match (self.rest, value) {
                (_, FieldValue::Invalid) => false,
                (Some(Literal::String(rest)), value) => value.text() != Some(rest),
                (Some(Literal::Int(rest)), FieldValue::Int(number)) => rest != *number,
                _ => true,
            }
    }
}

fn wire(slot: &Slot<'static>, member: u16) -> Option<Literal<'static>> {
    Some(slot.key.members?.get(usize::from(member))?.wire)
}

/// The places of an event's values whose numbers are looked up for each event, since a label or a span's name shows what
/// stands for the rest in them. A field has one set of seen values, whatever shows it.
#[derive(Debug)]
pub(crate) struct Coders {
    coded: Box<[Coded]>,
}

#[derive(Debug)]
struct Coded {
    at: usize,
    field: usize,
    kind: CodedKind,
}

#[derive(Debug)]
enum CodedKind {
    Field {
        slot: &'static Slot<'static>,
        coder: Coder,
    },
    /// A payload: by the variant that carries it, whose number stands in another place.
    Payload {
        variant_at: usize,
        by_variant: Box<[Option<(&'static Slot<'static>, Coder)>]>,
    },
}

impl Coders {
    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.coded.is_empty()
    }

    /// Those of the places that these writers of labels, and the holes of a span's name, read.
    pub(crate) fn of<'w>(
        fields: &'static [Field<'static>],
        labels: impl Iterator<Item = &'w Writer<'static>>,
        holes: impl Iterator<Item = u16>,
    ) -> Coders {
        let mut coded: Vec<Coded> = Vec::new();
        let mut add = |one: Coded| {
            if !coded.iter().any(|other| other.at == one.at) {
                coded.push(one);
            }
        };
        let of_field = |number: u16, add: &mut dyn FnMut(Coded)| {
            let field = usize::from(number);
            if let Some(Field { at, kind: FieldKind::Plain { slot, .. }, .. }) = fields.get(field)
                && is_coded(slot)
                && let Some(coder) = Coder::of(slot)
            {
                add(Coded { at: usize::from(*at), field, kind: CodedKind::Field { slot, coder } });
            }
        };
        holes.for_each(|number| of_field(number, &mut add));
        let labels: Vec<&Writer<'static>> = labels.collect();
        for writer in &labels {
            match writer.value {
                WriterValue::Field(number) | WriterValue::Text(number) => of_field(number, &mut add),
                WriterValue::Meaning(number, _) => {
                    let field = usize::from(number);
                    if let Some(Field { at, kind: FieldKind::Meaning { meaning, .. }, .. }) =
                        fields.get(field)
                    {
                        // By the meaning itself, and by each of its views that is listed.
                        let faces = labels.iter().filter_map(|other| match other.value {
                            WriterValue::Meaning(of, face) if of == number => Some(face),
                            _ => None,
                        });
                        let faces: Vec<&Meaning<'static>> = faces.collect();
                        of_payloads(meaning, &faces, usize::from(*at), field, &mut add);
                    }
                }
                WriterValue::Constant(_) => {}
            }
        }
        Coders { coded: coded.into() }
    }

    /// The number of the value in a place, and whether the value gave way; for a payload, of the variant of this number. None
    /// where no label and no name shows the place.
    pub(crate) fn code_at(&self, at: usize, variant: usize, value: &FieldValue<'_>) -> Option<(Code, bool)> {
        let (slot, coder) = match &self.coded.iter().find(|coded| coded.at == at)?.kind {
            CodedKind::Field { slot, coder } => (slot, coder),
            CodedKind::Payload { by_variant, .. } => {
                let (slot, coder) = by_variant.get(variant)?.as_ref()?;
                (slot, coder)
            }
        };
        let code = coder.code(slot, value);
        Some((code, coder.gave_way(value, code)))
    }

    /// Gives each of the places its number; `folded` is told of each field of which a value gave way.
    pub(crate) fn code(&self, values: &[FieldValue<'_>], codes: &mut [Code], mut folded: impl FnMut(usize)) {
        for Coded { at, field, kind } in &self.coded {
            let (Some(value), Some(code)) = (values.get(*at), codes.get_mut(*at)) else { continue };
            let by = match kind {
                CodedKind::Field { slot, coder } => Some((*slot, coder)),
                CodedKind::Payload { variant_at, by_variant } => {
                    let found = values.get(*variant_at).and_then(|variant| of_variant(by_variant, variant));
                    found.map(|(slot, coder)| (*slot, coder))
                }
            };
            *code = by.map_or(Code::ABSENT, |(slot, coder)| coder.code(slot, value));
            if by.is_some_and(|(_, coder)| coder.gave_way(value, *code)) {
                folded(*field);
            }
        }
    }

    /// What stands for the rest in a place, where its value gave way to that.
    pub(crate) fn rest(&self, at: usize, values: &[FieldValue<'_>]) -> Option<Literal<'static>> {
        match &self.coded.iter().find(|coded| coded.at == at)?.kind {
            CodedKind::Field { coder, .. } => coder.rest,
            CodedKind::Payload { variant_at, by_variant } => {
                of_variant(by_variant, values.get(*variant_at)?)?.1.rest
            }
        }
    }

    /// How many numbers a place has, where they are looked up here.
    pub(crate) fn size(&self, at: usize) -> Option<u32> {
        match &self.coded.iter().find(|coded| coded.at == at)?.kind {
            CodedKind::Field { coder, .. } => Some(coder.size),
            CodedKind::Payload { by_variant, .. } => {
                by_variant.iter().flatten().map(|(_, coder)| coder.size).max()
            }
        }
    }
}

fn of_variant<'c>(
    by_variant: &'c [Option<(&'static Slot<'static>, Coder)>],
    variant: &FieldValue<'_>,
) -> Option<&'c (&'static Slot<'static>, Coder)> {
    match variant {
        FieldValue::Variant(variant) => by_variant.get(usize::from(*variant))?.as_ref(),
        _ => None,
    }
}

/// The payloads of a meaning that may give way to what stands for the rest: those that one of these faces shows on a metric.
fn of_payloads(
    meaning: &'static Meaning<'static>,
    faces: &[&Meaning<'static>],
    at: usize,
    field: usize,
    add: &mut dyn FnMut(Coded),
) {
    for payload in 0..payloads(meaning) {
        let shown: Vec<_> = faces.iter().map(|face| shown_by(face, payload)).collect();
        let is_shown = |variant: usize| shown.iter().any(|by| by.get(variant) == Some(&true));
        let slots = || {
            let variants = meaning.variants.iter().enumerate();
            variants.map(|(number, variant)| variant.payload.get(payload).filter(|_| is_shown(number)))
        };
        if slots().flatten().any(is_coded) {
            let by_variant =
                slots().map(|slot| slot.and_then(|slot| Some((slot, Coder::of(slot)?)))).collect();
            let kind = CodedKind::Payload { variant_at: at, by_variant };
            add(Coded { at: at + 1 + payload, field, kind });
        }
    }
}

/// Which variants show their payload of this number on metrics.
pub(super) fn shown_by(face: &Meaning<'_>, payload: usize) -> Box<[bool]> {
    let shows = |pair: &slo_model::event::Pair<'_>| match pair.value {
        PairValue::Payload(number) | PairValue::Text(number) => usize::from(number) == payload,
        PairValue::Constant(_) => false,
    };
    face.variants.iter().map(|variant| variant.pairs(Signal::Metric).iter().any(shows)).collect()
}

/// The numbers of an event's places, on the stack where they are few.
pub(crate) struct Codes {
    few: [Code; Codes::FEW],
    many: Vec<Code>,
    count: usize,
}

impl Codes {
    const FEW: usize = 24;

    #[inline]
    pub(crate) fn new(count: usize) -> Codes {
        let many = if count > Codes::FEW { vec![Code::ABSENT; count] } else { Vec::new() };
        Codes { few: [Code::ABSENT; Codes::FEW], many, count }
    }

    pub(crate) fn as_mut(&mut self) -> &mut [Code] {
        if self.many.is_empty() { self.few.get_mut(..self.count).unwrap_or_default() } else { &mut self.many }
    }

    pub(crate) fn as_ref(&self) -> &[Code] {
        if self.many.is_empty() { self.few.get(..self.count).unwrap_or_default() } else { &self.many }
    }
}
