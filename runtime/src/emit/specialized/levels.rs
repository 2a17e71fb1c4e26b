//! The severity of a log record and the status of a span.

use std::marker::PhantomData;

use slo_model::event::{Meaning as Projection, Severity, Signal, Status, WriterValue};

use super::shape::{attributes, reader, unset_variant};
use super::{Fields, Specialized, Variants};
use crate::Meaning;
use crate::event::FieldValue;

/// The greatest severity that meanings give on a log, or the greatest status that they give on a span.
pub(crate) struct Levels<E> {
    pub(crate) signal: Signal,
    pub(crate) severity: Option<Severity>,
    pub(crate) status: Option<Status>,
    of: PhantomData<E>,
}

impl<E: Specialized> Levels<E> {
    #[inline(always)]
    pub(crate) fn of(event: &E, signal: Signal) -> Levels<E> {
        let mut levels = Levels { signal, severity: None, status: None, of: PhantomData };
        event.visit(&mut levels);
        levels
    }

    #[inline(always)]
    fn take(&mut self, field: usize, variant: usize) {
        let writers = attributes(E::TABLE, self.signal);
        let mut nth = 0;
        while let Some(writer) = reader(writers, field, nth) {
            if let WriterValue::Meaning(_, face) = &writer.value {
                let face: &'static Projection<'static> = face;
                if let Some(variant) = face.variants.get(variant) {
                    self.severity = self.severity.max(variant.severity);
                    self.status = self.status.max(variant.status);
                }
            }
            nth += 1;
        }
    }
}

impl<'a, E: Specialized> Fields<'a, E> for Levels<E> {
    #[inline(always)]
    fn plain<const FIELD: usize>(&mut self, _: FieldValue<'a>) {}

    #[inline(always)]
    fn meaning<const FIELD: usize, M: Meaning>(&mut self, meaning: Option<&'a M>) {
        match (meaning, const { unset_variant(E::TABLE, FIELD) }) {
            (Some(meaning), _) => meaning.visit(&mut OfVariant::<E, FIELD>(self)),
            (None, Some(variant)) => self.take(FIELD, usize::from(variant)),
            (None, None) => {}
        }
    }

    #[inline(always)]
    fn elapsed<const FIELD: usize>(&mut self) {}
}

struct OfVariant<'l, E, const FIELD: usize>(&'l mut Levels<E>);

impl<'a, E: Specialized, const FIELD: usize> Variants<'a> for OfVariant<'_, E, FIELD> {
    #[inline(always)]
    fn variant<const VARIANT: usize>(&mut self) {
        let (severity, status) = const { levels(E::TABLE, FIELD, VARIANT) };
        match self.0.signal {
            Signal::Log => self.0.severity = self.0.severity.max(severity),
            Signal::Span | Signal::Metric => self.0.status = self.0.status.max(status),
        }
    }

    #[inline(always)]
    fn payload<const VARIANT: usize, const PAYLOAD: usize>(&mut self, _: FieldValue<'a>) {}
}

/// The greatest severity on the log and the greatest status on the span that a variant gives by any of the faces there.
const fn levels(
    table: &'static slo_model::event::Event<'static>,
    field: usize,
    variant: usize,
) -> (Option<Severity>, Option<Status>) {
    let (mut severity, mut status) = (None, None);
    let mut nth = 0;
    while let Some(writer) = reader(attributes(table, Signal::Log), field, nth) {
        if let WriterValue::Meaning(_, face) = writer.value
            && let Some(own) = face.variants[variant].severity
        {
            let greater = match severity {
                None => true,
                Some(other) => own as u8 > other as u8,
            };
            if greater {
                severity = Some(own);
            }
        }
        nth += 1;
    }
    let mut nth = 0;
    while let Some(writer) = reader(attributes(table, Signal::Span), field, nth) {
        if let WriterValue::Meaning(_, face) = writer.value
            && let Some(own) = face.variants[variant].status
        {
            let greater = match status {
                None => true,
                Some(other) => own as u8 > other as u8,
            };
            if greater {
                status = Some(own);
            }
        }
        nth += 1;
    }
    (severity, status)
}
