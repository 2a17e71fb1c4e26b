//! The attributes of a span or a log record.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::sync::Arc;

use opentelemetry::StringValue;
use slo_model::Value;
use slo_model::event::{Meaning as Projection, PairValue, Signal, Slot, Writer, WriterValue};

use super::shape::{at, attributes, has_constants, meaning as meaning_of, reader, slot, unset_variant};
use super::{Fields, Specialized, Variants};
use super::{Invalid, or_unset};
use crate::Meaning;
use crate::emit::attributes::{Attribute, constant, text_of, value as made};
use crate::emit::stated::Part;
use crate::event::FieldValue;

/// The signals that have attributes, as constants.
pub(crate) struct Signals;

impl Signals {
    pub(crate) const SPAN: u8 = 0;
    pub(crate) const LOG: u8 = 1;

    const fn of(signal: u8) -> Signal {
        if signal == Signals::SPAN { Signal::Span } else { Signal::Log }
    }
}

/// Text that only the caller has, made into text that signals share: once for all of them.
#[derive(Debug, Default)]
pub(crate) struct Shared(RefCell<Vec<(usize, Arc<str>)>>);

impl Shared {
    fn text(&self, at: usize, text: &str) -> Arc<str> {
        let mut shared = self.0.borrow_mut();
        match shared.iter().find(|(own, _)| *own == at) {
            Some((_, shared)) => Arc::clone(shared),
            None => {
                let own: Arc<str> = Arc::from(text);
                shared.push((at, Arc::clone(&own)));
                own
            }
        }
    }
}

/// Hands each attribute of a signal to `add`.
pub(crate) struct Attributes<'s, E, A, ADD, const SIGNAL: u8> {
    pub(crate) invalid: &'s Invalid,
    pub(crate) shared: &'s Shared,
    pub(crate) elapsed: f64,
    pub(crate) part: Part,
    pub(crate) add: ADD,
    pub(crate) of: PhantomData<(E, fn() -> A)>,
}

impl<E: Specialized, A: Attribute, ADD: FnMut(&'static str, A), const SIGNAL: u8>
    Attributes<'_, E, A, ADD, SIGNAL>
{
    const WRITERS: &'static [Writer<'static>] = attributes(E::TABLE, Signals::of(SIGNAL));

    /// The constants, which are known at the begin.
    #[inline(always)]
    pub(crate) fn constants(&mut self) {
        if const { has_constants(Self::WRITERS) } && self.part != Part::Later {
            for writer in Self::WRITERS {
                if let WriterValue::Constant(literal) = &writer.value {
                    (self.add)(writer.key, constant(literal));
                }
            }
        }
    }

    #[inline(always)]
    fn put(
        &mut self,
        writer: &Writer<'static>,
        slot: &'static Slot<'static>,
        place: usize,
        value: &FieldValue<'_>,
    ) {
        let shown = match writer.value {
            WriterValue::Text(_) => as_text(self.shared, slot, place, value).map(A::text),
            _ => attribute(self.shared, slot, place, value),
        };
        if let Some(shown) = shown {
            (self.add)(writer.key, shown);
        }
    }
}

/// A value as an attribute.
#[inline(always)]
fn attribute<A: Attribute>(
    shared: &Shared,
    slot: &'static Slot<'static>,
    place: usize,
    value: &FieldValue<'_>,
) -> Option<A> {
    match value {
        FieldValue::Borrowed(text) => Some(A::text(shared.text(place, text).into())),
        FieldValue::Late(late) => match late.late() {
            Ok(Some(Value::String(text))) => Some(A::text(shared.text(place, &text).into())),
            Ok(Some(Value::Int(number))) => Some(A::int(number)),
            Ok(Some(Value::Double(number))) => Some(A::double(number)),
            Ok(Some(Value::Bool(truth))) => Some(A::bool(truth)),
            Ok(Some(list)) => made(slot, &FieldValue::List(&list)),
            Ok(None) | Err(_) => None,
        },
        value => made(slot, value),
    }
}

/// A value as text.
#[inline(always)]
fn as_text(
    shared: &Shared,
    slot: &'static Slot<'static>,
    place: usize,
    value: &FieldValue<'_>,
) -> Option<StringValue> {
    match value {
        FieldValue::Borrowed(text) => Some(shared.text(place, text).into()),
        FieldValue::Late(late) => {
            let late = late.late().ok().flatten();
            late.map(|value| shared.text(place, &value.to_string()).into())
        }
        value => text_of(slot, value),
    }
}

impl<'a, E: Specialized, A: Attribute, ADD: FnMut(&'static str, A), const SIGNAL: u8> Fields<'a, E>
    for Attributes<'_, E, A, ADD, SIGNAL>
{
    #[inline(always)]
    fn plain<const FIELD: usize>(&mut self, value: FieldValue<'a>) {
        let Some(writer) = (const { reader(attributes(E::TABLE, Signals::of(SIGNAL)), FIELD, 0) }) else {
            return;
        };
        let Some(slot) = (const { slot(E::TABLE, FIELD) }) else { return };
        let place = const { at(E::TABLE, FIELD) };
        if !self.part.has(const { E::TABLE.fields[FIELD].at_begin }) || self.invalid.has(place) {
            return;
        }
        let value = or_unset::<FIELD>(E::TABLE, value);
        self.put(writer, slot, place, &value);
        // The same field under another name.
        if const { reader(attributes(E::TABLE, Signals::of(SIGNAL)), FIELD, 1).is_some() } {
            let mut nth = 1;
            while let Some(writer) = reader(Self::WRITERS, FIELD, nth) {
                self.put(writer, slot, place, &value);
                nth += 1;
            }
        }
    }

    #[inline(always)]
    fn meaning<const FIELD: usize, M: Meaning>(&mut self, meaning: Option<&'a M>) {
        let Some(_) = (const { reader(attributes(E::TABLE, Signals::of(SIGNAL)), FIELD, 0) }) else { return };
        if !self.part.has(const { E::TABLE.fields[FIELD].at_begin }) {
            return;
        }
        match meaning {
            Some(meaning) => meaning.visit(&mut OfVariant::<E, A, ADD, SIGNAL, FIELD>(self)),
            None => {
                if let Some(variant) = const { unset_variant(E::TABLE, FIELD) } {
                    self.unset::<FIELD>(usize::from(variant));
                }
            }
        }
    }

    #[inline(always)]
    fn elapsed<const FIELD: usize>(&mut self) {
        self.plain::<FIELD>(FieldValue::Double(self.elapsed));
    }
}

impl<E: Specialized, A: Attribute, ADD: FnMut(&'static str, A), const SIGNAL: u8>
    Attributes<'_, E, A, ADD, SIGNAL>
{
    /// What a variant without payload writes, by each of the faces that the signal lists.
    fn unset<const FIELD: usize>(&mut self, variant: usize) {
        let mut nth = 0;
        while let Some(writer) = reader(Self::WRITERS, FIELD, nth) {
            if let WriterValue::Meaning(_, face) = &writer.value
                && let Some(variant) = face.variants.get(variant)
            {
                for pair in variant.pairs(Signals::of(SIGNAL)) {
                    if let PairValue::Constant(literal) = &pair.value {
                        (self.add)(pair.key, constant(literal));
                    }
                }
            }
            nth += 1;
        }
    }

    #[inline(always)]
    fn constants_of(&mut self, face: &'static Projection<'static>, variant: usize) {
        for pair in face.variants[variant].pairs(Signals::of(SIGNAL)) {
            if let PairValue::Constant(literal) = &pair.value {
                (self.add)(pair.key, constant(literal));
            }
        }
    }

    #[inline(always)]
    fn payload_of(
        &mut self,
        face: &'static Projection<'static>,
        variant: usize,
        payload: usize,
        place: usize,
        value: &FieldValue<'_>,
    ) {
        let variant = &face.variants[variant];
        let Some(slot) = variant.payload.get(payload) else { return };
        for pair in variant.pairs(Signals::of(SIGNAL)) {
            match pair.value {
                PairValue::Payload(number) if usize::from(number) == payload => {
                    if let Some(shown) = attribute(self.shared, slot, place, value) {
                        (self.add)(pair.key, shown);
                    }
                }
                PairValue::Text(number) if usize::from(number) == payload => {
                    if let Some(text) = as_text(self.shared, slot, place, value) {
                        (self.add)(pair.key, A::text(text));
                    }
                }
                _ => {}
            }
        }
    }
}

struct OfVariant<'c, 's, E, A, ADD, const SIGNAL: u8, const FIELD: usize>(
    &'c mut Attributes<'s, E, A, ADD, SIGNAL>,
);

/// The meaning by which a writer shows a field.
const fn face(writer: Option<&'static Writer<'static>>) -> Option<&'static Projection<'static>> {
    match writer {
        Some(Writer { value: WriterValue::Meaning(_, face), .. }) => Some(face),
        _ => None,
    }
}

impl<'a, E: Specialized, A: Attribute, ADD: FnMut(&'static str, A), const SIGNAL: u8, const FIELD: usize>
    Variants<'a> for OfVariant<'_, '_, E, A, ADD, SIGNAL, FIELD>
{
    #[inline(always)]
    fn variant<const VARIANT: usize>(&mut self) {
        if let Some(face) = const { face(reader(attributes(E::TABLE, Signals::of(SIGNAL)), FIELD, 0)) } {
            self.0.constants_of(face, VARIANT);
        }
        if const { reader(attributes(E::TABLE, Signals::of(SIGNAL)), FIELD, 1).is_some() } {
            let mut nth = 1;
            while let Some(face) = face(reader(attributes(E::TABLE, Signals::of(SIGNAL)), FIELD, nth)) {
                self.0.constants_of(face, VARIANT);
                nth += 1;
            }
        }
    }

    #[inline(always)]
    fn payload<const VARIANT: usize, const PAYLOAD: usize>(&mut self, value: FieldValue<'a>) {
        let place = const { at(E::TABLE, FIELD) + 1 + PAYLOAD };
        debug_assert!(meaning_of(E::TABLE, FIELD).is_some(), "the field holds a meaning");
        if self.0.invalid.has(place) {
            return;
        }
        if let Some(face) = const { face(reader(attributes(E::TABLE, Signals::of(SIGNAL)), FIELD, 0)) } {
            self.0.payload_of(face, VARIANT, PAYLOAD, place, &value);
        }
        if const { reader(attributes(E::TABLE, Signals::of(SIGNAL)), FIELD, 1).is_some() } {
            let mut nth = 1;
            while let Some(face) = face(reader(attributes(E::TABLE, Signals::of(SIGNAL)), FIELD, nth)) {
                self.0.payload_of(face, VARIANT, PAYLOAD, place, &value);
                nth += 1;
            }
        }
    }
}
