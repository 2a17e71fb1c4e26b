//! An event for which what goes out is compiled: a field at a time, with what the contract says of it in constants.
//!
//! It costs rustc a multiple of what the rest of an event costs, and saves instructions for each record: it is for the events
//! that the contract calls `specialized`.

mod attributes;
mod check;
mod codes;
mod labels;
mod levels;
mod name;
mod row;
pub(crate) mod shape;

use std::marker::PhantomData;
use std::sync::OnceLock;

use opentelemetry::logs::AnyValue;
use opentelemetry::{KeyValue, Value};
use slo_model::Literal;
use slo_model::event::{Event as Table, Log, Severity, Signal, Span, Status};

use super::accounting::OmissionReason;
use super::attributes::{attributes as attributes_of, pair};
use super::clock::Times;
use super::emitter::{Emitter, LogPlan, number};
use super::exemplars::Under;
use super::guard::Open;
use super::instrument::Number;
use super::labels::{Code, Codes};
use super::points::{Went, attributes as labels_of};
use super::row::ready;
use super::stated::{Form, GoOut, Part, Stated};
use crate::event::{FieldValue, in_units};

use attributes::{Attributes, Shared, Signals};
use check::{Check, Invalid};
use codes::Coding;
use labels::Labels;
use levels::Levels;
use name::Name;
use row::Row;
use shape::{any_coded, any_looked_up, is_dense, is_name_dense, most, needs_row, unset};

use crate::Moment;
use crate::event::{Fields, Metrics, Specialized, Variants};

/// States a specialized event that is over.
#[inline(always)]
pub fn record<E: Specialized>(event: &E, when: &Moment) {
    super::record::record(&FromEvent(event), E::emitters(), when);
}

/// Begins one.
#[inline(always)]
pub fn open<E: Specialized>(event: &E, parent: opentelemetry::Context) -> Open {
    Open::new(&FromEvent(event), E::emitters(), parent)
}

/// Ends one.
#[inline(always)]
pub fn close<E: Specialized>(event: &E, open: &mut Open) {
    open.end(&FromEvent(event));
}

/// An event whose going out is compiled for it.
pub(crate) struct FromEvent<'f, E>(pub(crate) &'f E);

/// An event, with what is known of its values: which do not fit, and which numbers labels have for them.
struct Compiled<'f, E: Specialized> {
    event: &'f E,
    emitter: &'f Emitter,
    /// The time that it took, in the unit of its field.
    elapsed: f64,
    invalid: &'f Invalid,
    shared: &'f Shared,
    codes: &'f [Code],
    /// All values in a row, where something of each record needs that.
    row: Option<&'f [FieldValue<'f>]>,
}

impl<E: Specialized> Form for FromEvent<'_, E> {
    fn table(&self) -> &'static Table<'static> {
        E::TABLE
    }

    #[inline(always)]
    fn state(&self, emitter: &Emitter, times: &Times, tells: bool, go_out: impl GoOut) {
        let FromEvent(event) = *self;
        let elapsed = match (const { E::TABLE.elapsed }, times.elapsed) {
            (Some(elapsed), Some(time)) => in_units(time, elapsed.nanoseconds),
            _ => 0.0,
        };
        if tells && times.backwards {
            emitter.backwards();
        }
        let shared = Shared::default();
        let mut numbers;
        let codes: &mut [Code] = if const { any_looked_up(E::TABLE) } {
            numbers = Codes::new(E::TABLE.values);
            numbers.as_mut()
        } else {
            &mut []
        };
        let mut check =
            Check { emitter, elapsed, invalid: Invalid::default(), codes, tells, event: PhantomData };
        event.visit(&mut check);
        let Check { invalid, codes, .. } = check;
        if const { E::TABLE.drop_invalid } && !invalid.is_empty() {
            return if tells {
                emitter.dropped()
            };
        }
        let invalid = &invalid;
        if const { any_coded(E::TABLE) } {
            let codes = &mut *codes;
            event.visit(&mut Coding::<E> {
                emitter,
                invalid,
                elapsed,
                codes,
                counts: tells,
                of: PhantomData,
            });
        }
        let stated = Compiled { event, emitter, elapsed, invalid, shared: &shared, codes, row: None };
        if const { needs_row(E::TABLE) } {
            stated.with_made_row(|values| go_out.go_out(&Compiled { row: Some(values), ..stated }));
        } else {
            go_out.go_out(&stated);
        }
    }
}

impl<E: Specialized> Compiled<'_, E> {
    fn with_made_row<T>(&self, work: impl FnOnce(&[FieldValue<'_>]) -> T) -> T {
        let mut row = Row::of(self.event, self.elapsed);
        ready(E::TABLE.fields, &self.emitter.checks, row.as_mut(), &mut |_, _, _| {}, |values, _| {
            work(values)
        })
    }

    /// Hands each attribute of a span or a log record to `add`.
    #[inline(always)]
    fn attributes<A: super::attributes::Attribute, const SIGNAL: u8>(
        &self,
        part: Part,
        add: impl FnMut(&'static str, A),
    ) {
        let (invalid, shared, elapsed) = (self.invalid, self.shared, self.elapsed);
        let mut attributes =
            Attributes::<E, A, _, SIGNAL> { invalid, shared, elapsed, part, add, of: PhantomData };
        attributes.constants();
        self.event.visit(&mut attributes);
    }
}

impl<E: Specialized> Stated for Compiled<'_, E> {
    #[inline(always)]
    fn table(&self) -> &'static Table<'static> {
        E::TABLE
    }

    #[inline(always)]
    fn emitter(&self) -> &Emitter {
        self.emitter
    }

    #[inline(always)]
    fn with_row<T>(&self, work: impl FnOnce(&[FieldValue<'_>], &[Code]) -> T) -> T {
        match self.row {
            Some(values) => work(values, self.codes),
            None => self.with_made_row(|values| work(values, self.codes)),
        }
    }

    #[inline(always)]
    fn most_span_attributes(&self) -> usize {
        const {
            match &E::TABLE.span {
                Some(span) => most(Signal::Span, span.attributes),
                None => 0,
            }
        }
    }

    #[inline(always)]
    fn each_span_attribute(&self, _: &'static Span<'static>, part: Part, mut add: impl FnMut(KeyValue)) {
        self.attributes::<Value, { Signals::SPAN }>(part, |key, value| add(pair(key, value)));
    }

    #[inline(always)]
    fn each_log_attribute(
        &self,
        number: usize,
        log: &'static Log<'static>,
        add: impl FnMut(&'static str, AnyValue),
    ) {
        if number == 0 {
            return self.attributes::<AnyValue, { Signals::LOG }>(Part::All, add);
        }
        self.with_row(|values, _| {
            attributes_of(E::TABLE, values, Signal::Log, log.attributes, Part::All, add);
        });
    }

    #[inline(always)]
    fn severity(&self, number: usize, log: &LogPlan) -> Option<Severity> {
        if number == 0 {
            return Levels::of(self.event, Signal::Log).severity;
        }
        self.with_row(|values, _| log.levels.greatest(values, |variant| variant.severity))
    }

    #[inline(always)]
    fn span_status(&self) -> Option<Status> {
        Levels::of(self.event, Signal::Span).status
    }

    #[inline(always)]
    fn name_place(&self) -> Option<&OnceLock<&'static str>> {
        if !const { is_name_dense(E::TABLE) } {
            return None;
        }
        let (invalid, codes, elapsed) = (self.invalid, self.codes, self.elapsed);
        let mut number = Name::<E> { invalid, codes, elapsed, number: Some(0), of: PhantomData };
        self.event.visit(&mut number);
        self.emitter.names.as_ref()?.at(number.number?)
    }

    #[inline(always)]
    fn measure_under(&self, under: Option<&Under<'_>>) {
        match under {
            Some(_) => E::metrics(&mut Measure::<E, true>(self, under)),
            None => E::metrics(&mut Measure::<E, false>(self, None)),
        }
    }
}

/// Keeps exemplars or does not: a program without them is spared even the question.
struct Measure<'m, 'f, E: Specialized, const EXEMPLARS: bool>(&'m Compiled<'f, E>, Option<&'m Under<'m>>);

impl<E: Specialized, const EXEMPLARS: bool> Metrics<E> for Measure<'_, '_, E, EXEMPLARS> {
    #[inline(always)]
    fn metric<const METRIC: usize>(&mut self) {
        let Measure(stated, under) = self;
        let under = if EXEMPLARS { *under } else { None };
        let table: &'static Table<'static> = E::TABLE;
        let Some(metric) = table.metrics.get(METRIC) else { return };
        let Some(points) = stated.emitter.metrics.get(METRIC) else { return };
        let omit = |why| stated.emitter.omit(Signal::Metric, why);
        if !stated.passes(metric.when) {
            return omit(OmissionReason::When);
        }
        if const { !is_dense(E::TABLE.fields, &E::TABLE.metrics[METRIC]) } {
            stated.with_row(|values, codes| {
                let Some(number) = number(table.fields, metric, values) else {
                    return omit(OmissionReason::Absent);
                };
                let coders = &stated.emitter.coders;
                let went = points
                    .find(table.fields, coders, values, codes, |point| points.measure(point, number, under));
                stated.emitter.went(METRIC, went);
            });
            return;
        }
        let mut labels = Labels::<E, METRIC> {
            invalid: stated.invalid,
            codes: stated.codes,
            elapsed: stated.elapsed,
            number: 0,
            is_unlabelled: false,
            measured: None,
            of: PhantomData,
        };
        stated.event.visit(&mut labels);
        let Labels { number, is_unlabelled, measured, .. } = labels;
        let measured = if metric.value.is_none() { Some(Number::Int(1)) } else { measured };
        let Some(measured) = measured else { return omit(OmissionReason::Absent) };
        if is_unlabelled {
            stated.emitter.went(METRIC, Went::Nowhere);
            return;
        }
        let Some(place) = points.at(number) else { return };
        let point = match place.get() {
            Some(point) => point,
            None => place.get_or_init(|| {
                points.point(stated.with_row(|values, codes| {
                    labels_of(table.fields, metric, &stated.emitter.coders, values, codes)
                }))
            }),
        };
        points.measure(point, measured, under);
    }
}

/// The value, or what it is where nobody set it.
#[inline(always)]
fn or_unset<'a, const FIELD: usize>(table: &'static Table<'static>, value: FieldValue<'a>) -> FieldValue<'a> {
    match (value, unset(table, FIELD)) {
        (FieldValue::Absent, Some(literal)) => of_literal(literal),
        (value, _) => value,
    }
}

#[inline(always)]
fn of_literal<'a>(literal: &'static Literal<'static>) -> FieldValue<'a> {
    FieldValue::of_literal(literal)
}
