//! Which number a value has among those that a label may show, within the field's bound.
//!
//! A number is what tells the points of a metric apart; the value itself is only looked at when a point is seen for
//! the first time.

use std::sync::Arc;

use slo_model::event::{Field, FieldKind, Meaning, Slot, Writer, WriterValue};
use slo_model::{Literal, Range, ValueType};

use super::seen::{Made, Seen};
use crate::FieldValue;

/// The largest range whose values have numbers of their own (as many as the check of a metric's points counts).
const LARGEST_RANGE: u64 = 1_000;

/// The number of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Code(u32);

impl Code {
    /// The number of what is absent.
    pub(crate) const ABSENT: Code = Code(0);
    /// No number: the value doesn't fit, and nothing stands for it.
    const NONE: Code = Code(u32::MAX);
    /// No number yet: there is no bound by which to give one.
    const UNBOUNDED: Code = Code(u32::MAX - 1);
    /// What stands for the rest.
    const REST: Code = Code(u32::MAX - 2);

    pub(crate) const fn is_none(self) -> bool {
        self.0 == Code::NONE.0
    }

    pub(crate) const fn is_unbounded(self) -> bool {
        self.0 == Code::UNBOUNDED.0
    }

    pub(crate) const fn is_rest(self) -> bool {
        self.0 == Code::REST.0
    }

    /// The number; what stands for the rest has the last one.
    pub(crate) const fn number(self, size: u32) -> u32 {
        if self.is_rest() { size.saturating_sub(1) } else { self.0 }
    }

    fn of(number: u64) -> Code {
        // Numbers are members', variants', or within a bound of 32 bits; the last few are taken.
        u32::try_from(number + 1).ok().filter(|code| *code < Code::REST.0).map_or(Code::NONE, Code)
    }
}

/// How the values of a field or a payload get their numbers.
#[derive(Debug)]
pub(crate) struct Coder {
    way: Way,
    /// What stands for values that are folded.
    pub(crate) rest: Option<Literal<'static>>,
    /// How many numbers there are, the one for what is absent and the one for the rest included; none where there is
    /// no bound.
    pub(crate) size: Option<u32>,
}

#[derive(Debug)]
enum Way {
    /// The member's number.
    Members,
    Bool,
    /// The distance from the lower end.
    Range(i64),
    /// The first so many texts.
    Texts(Seen<Arc<str>, u32>),
    /// The first so many integers.
    Ints(Seen<i64, u32>),
    /// There is no bound: each metric numbers its own, within its limit.
    Unbounded,
}

impl Coder {
    pub(crate) fn of(slot: &Slot<'static>) -> Coder {
        let key = &slot.key;
        if let Some(bounded) = slot.bounded {
            let bound = usize::try_from(bounded.values).unwrap_or(usize::MAX);
            let way = match key.value_type {
                ValueType::Int => Way::Ints(Seen::new(bound)),
                _ => Way::Texts(Seen::new(bound)),
            };
            let size = bounded.values.saturating_add(2);
            return Coder { way, rest: Some(bounded.other), size: Some(size) };
        }
        let (way, count) = match (key.members, key.range) {
            (Some(members), _) if !key.open || slot.other.is_some() => (Way::Members, members.len() as u64),
            (_, Some(Range::Int(low, high))) if low <= high && high.abs_diff(low) < LARGEST_RANGE => {
                (Way::Range(low), high.abs_diff(low) + 1)
            }
            _ if key.value_type == ValueType::Bool => (Way::Bool, 2),
            _ => return Coder { way: Way::Unbounded, rest: None, size: None },
        };
        let size = u32::try_from(count + 2).ok();
        Coder { way, rest: slot.other, size }
    }

    /// The value's number, and whether the value gave way to what stands for the rest.
    pub(crate) fn code(&self, slot: &Slot<'static>, value: &FieldValue<'_>) -> Code {
        let rest = if self.rest.is_some() { Code::REST } else { Code::NONE };
        if let FieldValue::Absent = value {
            return Code::ABSENT;
        }
        if let FieldValue::Invalid(_) = value {
            return rest;
        }
        match (&self.way, value) {
            (Way::Members, FieldValue::Member(number)) => Code::of(u64::from(*number)),
            (Way::Members, _) => rest,
            (Way::Bool, FieldValue::Bool(truth)) => Code::of(u64::from(*truth)),
            (Way::Range(low), FieldValue::Int(number)) if number >= low => Code::of(number.abs_diff(*low)),
            (Way::Range(low), FieldValue::Member(member)) => match wire(slot, *member) {
                Some(Literal::Int(number)) if number >= *low => Code::of(number.abs_diff(*low)),
                _ => Code::NONE,
            },
            (Way::Texts(seen), value) => match (value, value.text()) {
                (_, Some(text)) => first_texts(seen, text),
                (FieldValue::Member(member), _) => match wire(slot, *member) {
                    Some(Literal::String(text)) => first_texts(seen, text),
                    _ => rest,
                },
                _ => rest,
            },
            (Way::Ints(seen), FieldValue::Int(number)) => first_ints(seen, *number),
            (Way::Ints(seen), FieldValue::Member(member)) => match wire(slot, *member) {
                Some(Literal::Int(number)) => first_ints(seen, number),
                _ => rest,
            },
            (Way::Unbounded, _) => Code::UNBOUNDED,
            _ => Code::NONE,
        }
    }
}

fn wire(slot: &Slot<'static>, member: u16) -> Option<Literal<'static>> {
    Some(slot.key.members?.get(usize::from(member))?.wire)
}

fn first_texts(seen: &Seen<Arc<str>, u32>, text: &str) -> Code {
    let make = |count: usize| Made::New(Arc::from(text), u32::try_from(count).unwrap_or(u32::MAX));
    seen.get_or_add(text, make, |number| Code::of(u64::from(*number))).unwrap_or(Code::REST)
}

fn first_ints(seen: &Seen<i64, u32>, number: i64) -> Code {
    let make = |count: usize| Made::New(number, u32::try_from(count).unwrap_or(u32::MAX));
    seen.get_or_add(&number, make, |number| Code::of(u64::from(*number))).unwrap_or(Code::REST)
}

/// How each place of an event's values gets its number, where a label or a span's name shows it.
#[derive(Debug)]
pub(crate) struct Coders {
    places: Box<[Place]>,
}

#[derive(Debug)]
enum Place {
    /// No label shows it.
    Unused,
    /// A field: its slot.
    Field { slot: &'static Slot<'static>, coder: Coder, field: usize },
    /// A payload: by the variant that carries it, whose number stands in another place.
    Payload { variant_at: usize, by_variant: Box<[Option<(&'static Slot<'static>, Coder)>]>, field: usize },
}

impl Coders {
    /// Those of the places that these writers of labels, and the holes of a span's name, read.
    pub(crate) fn of<'w>(
        event_fields: &'static [Field<'static>],
        places: usize,
        labels: impl Iterator<Item = &'w Writer<'static>>,
        holes: impl Iterator<Item = u16>,
    ) -> Coders {
        let mut found: Vec<Place> = (0..places).map(|_| Place::Unused).collect();
        let mut plain = |number: u16| {
            let number = usize::from(number);
            let Some(field) = event_fields.get(number) else { return };
            if let FieldKind::Plain { slot, .. } = &field.kind
                && let Some(place @ Place::Unused) = found.get_mut(usize::from(field.at))
            {
                *place = Place::Field { slot, coder: Coder::of(slot), field: number };
            }
        };
        holes.for_each(&mut plain);
        let mut meanings = Vec::new();
        for writer in labels {
            match writer.value {
                WriterValue::Field(number) => plain(number),
                WriterValue::Meaning(number, _) => meanings.push(usize::from(number)),
                WriterValue::Constant(_) => {}
            }
        }
        for number in meanings {
            let Some(Field { kind: FieldKind::Meaning { meaning, .. }, at, .. }) = event_fields.get(number)
            else {
                continue;
            };
            let variant_at = usize::from(*at);
            for payload in 0..payloads(meaning) {
                let by_variant = meaning
                    .variants
                    .iter()
                    .map(|variant| variant.payload.get(payload).map(|slot| (slot, Coder::of(slot))))
                    .collect();
                if let Some(place @ Place::Unused) = found.get_mut(variant_at + 1 + payload) {
                    *place = Place::Payload { variant_at, by_variant, field: number };
                }
            }
        }
        Coders { places: found.into() }
    }

    /// Gives each place that a label or a span's name shows its number; `folded` is told of each field of which a value
    /// gave way to what stands for the rest.
    pub(crate) fn code(&self, values: &[FieldValue<'_>], codes: &mut [Code], mut folded: impl FnMut(usize)) {
        for ((place, value), code) in self.places.iter().zip(values).zip(codes) {
            let (number, field) = match place {
                Place::Unused => continue,
                Place::Field { slot, coder, field } => (coder.code(slot, value), *field),
                Place::Payload { variant_at, by_variant, field } => {
                    let coder = match values.get(*variant_at) {
                        Some(FieldValue::Variant(variant)) => by_variant.get(usize::from(*variant)),
                        _ => None,
                    };
                    match coder {
                        Some(Some((slot, coder))) => (coder.code(slot, value), *field),
                        _ => (Code::ABSENT, *field),
                    }
                }
            };
            if number.is_rest() {
                folded(field);
            }
            *code = number;
        }
    }

    /// What stands for the rest in a place, where its value gave way to that.
    pub(crate) fn rest(&self, at: usize, values: &[FieldValue<'_>]) -> Option<Literal<'static>> {
        match self.places.get(at)? {
            Place::Unused => None,
            Place::Field { coder, .. } => coder.rest,
            Place::Payload { variant_at, by_variant, .. } => match values.get(*variant_at)? {
                FieldValue::Variant(variant) => by_variant.get(usize::from(*variant))?.as_ref()?.1.rest,
                _ => None,
            },
        }
    }

    /// How many numbers a place has; none where there is no bound.
    pub(crate) fn size(&self, at: usize) -> Option<u32> {
        match self.places.get(at)? {
            Place::Unused => Some(1),
            Place::Field { coder, .. } => coder.size,
            Place::Payload { by_variant, .. } => {
                by_variant.iter().flatten().try_fold(1, |most, (_, coder)| Some(coder.size?.max(most)))
            }
        }
    }
}

/// The most payloads that a variant has.
pub(crate) fn payloads(meaning: &Meaning<'static>) -> usize {
    meaning.variants.iter().map(|variant| variant.payload.len()).max().unwrap_or(0)
}

/// The numbers of an event's places, on the stack where they are few.
pub(crate) struct Codes {
    few: [Code; Codes::FEW],
    many: Vec<Code>,
    count: usize,
}

impl Codes {
    const FEW: usize = 24;

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
