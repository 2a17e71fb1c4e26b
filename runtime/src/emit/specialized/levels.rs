//! The severity of a log record and the status of a span.

use std::marker::PhantomData;

use slo_model::event::{Event, Level, Meaning as Projection, Severity, Signal, Status};

use super::shape::unset_variant;
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
        for level in of_signal(E::TABLE, self.signal).iter().filter(|level| usize::from(level.field) == field)
        {
            let face: &'static Projection<'static> = level.meaning;
            if let Some(variant) = face.variants.get(variant) {
                self.severity = self.severity.max(variant.severity);
                self.status = self.status.max(variant.status);
            }
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

/// The meanings that give the first log its severity, or the span its status.
const fn of_signal(table: &'static Event<'static>, signal: Signal) -> &'static [Level<'static>] {
    match (signal, &table.span, table.logs) {
        (Signal::Span, Some(span), _) => span.levels,
        (Signal::Log, _, [log, ..]) => log.levels,
        _ => &[],
    }
}

/// The greatest severity on the first log and the greatest status on the span that a variant gives by any of the faces there.
const fn levels(
    table: &'static Event<'static>,
    field: usize,
    variant: usize,
) -> (Option<Severity>, Option<Status>) {
    let (mut severity, mut status) = (None, None);
    let of_log = of_signal(table, Signal::Log);
    let mut index = 0;
    while index < of_log.len() {
        if of_log[index].field as usize == field
            && let Some(own) = of_log[index].meaning.variants[variant].severity
        {
            let greater = match severity {
                None => true,
                Some(other) => own as u8 > other as u8,
            };
            if greater {
                severity = Some(own);
            }
        }
        index += 1;
    }
    let of_span = of_signal(table, Signal::Span);
    let mut index = 0;
    while index < of_span.len() {
        if of_span[index].field as usize == field
            && let Some(own) = of_span[index].meaning.variants[variant].status
        {
            let greater = match status {
                None => true,
                Some(other) => own as u8 > other as u8,
            };
            if greater {
                status = Some(own);
            }
        }
        index += 1;
    }
    (severity, status)
}
