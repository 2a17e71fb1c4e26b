//! An event whose values are read by its table.

use std::sync::OnceLock;

use opentelemetry::logs::AnyValue;
use opentelemetry::{KeyValue, Value};
use slo_model::event::{
    Event as Table, FieldKind, Log, PairValue, Severity, Signal, Span, Status, Variant, Writer, WriterValue,
};

use super::accounting::OmissionReason;
use super::attributes::{Attribute, constant, pair, text_of, value};
use super::clock::Times;
use super::emitter::{Emitter, Levels, number};
use super::exemplars::Under;
use super::guard::Open;
use super::labels::{Code, Codes};
use super::row::{Row, ready};
use super::stated::{Form, GoOut, Part, Stated};
use crate::event::{FieldValue, Values, in_units};
use crate::{Event, Moment};

/// An event's table, and what puts its values into their places.
struct FromTable<'f, 'a> {
    table: &'static Table<'static>,
    fill: &'f dyn Fn(&mut Values<'_, 'a>),
}

/// States an event that is over.
pub(crate) fn record<E: Event>(event: &E, when: &Moment) {
    let form = FromTable { table: E::TABLE, fill: &|values| event.values(values) };
    super::record::record(&form, E::emitters(), when);
}

/// Begins one.
pub(crate) fn open<E: Event>(event: &E, parent: opentelemetry::Context) -> Open {
    let form = FromTable { table: E::TABLE, fill: &|values| event.values(values) };
    Open::new(&form, E::emitters(), parent)
}

/// Ends one.
pub(crate) fn close<E: Event>(event: &E, open: &mut Open) {
    open.end(&FromTable { table: E::TABLE, fill: &|values| event.values(values) });
}

/// An event's values, each at hand, and which numbers labels have for them.
struct Read<'s> {
    table: &'static Table<'static>,
    emitter: &'s Emitter,
    values: &'s [FieldValue<'s>],
    codes: &'s [Code],
}

impl Form for FromTable<'_, '_> {
    fn table(&self) -> &'static Table<'static> {
        self.table
    }

    #[inline]
    fn state(&self, emitter: &Emitter, times: &Times, tells: bool, go_out: impl GoOut) {
        let FromTable { table, fill } = *self;
        let mut row = Row::new(table.values);
        let values = row.as_mut();
        fill(&mut Values(values));
        if let (Some(elapsed), Some(time)) = (&table.elapsed, times.elapsed)
            && let Some(field) = table.fields.get(usize::from(elapsed.field))
            && let Some(place) = values.get_mut(usize::from(field.at))
        {
            *place = FieldValue::Double(in_units(time, elapsed.nanoseconds));
        }
        if tells && times.backwards {
            emitter.backwards();
        }
        let mut tell = |field: usize, payload: &'static str, unfit: &slo_model::Unfit| {
            if tells {
                emitter.unfit(field, payload, unfit);
            }
        };
        ready(table.fields, &emitter.checks, values, &mut tell, |values, whole| {
            if table.drop_invalid && !whole {
                return if tells {
                    emitter.dropped()
                };
            }
            if emitter.coders.is_empty() {
                return go_out.go_out(&Read { table, emitter, values, codes: &[] });
            }
            let mut codes = Codes::new(table.values);
            emitter.coders.code(values, codes.as_mut(), |field| {
                if tells {
                    emitter.folded(field);
                }
            });
            go_out.go_out(&Read { table, emitter, values, codes: codes.as_ref() });
        });
    }
}

impl Read<'_> {
    /// The variant that a writer shows, with the place of its number.
    #[inline]
    fn variant(
        &self,
        number: u16,
        variants: &'static [Variant<'static>],
    ) -> Option<(usize, &'static Variant<'static>)> {
        let at = usize::from(self.table.fields.get(usize::from(number))?.at);
        match self.values.get(at)? {
            FieldValue::Variant(variant) => Some((at, variants.get(usize::from(*variant))?)),
            _ => None,
        }
    }

    /// Hands each attribute of a span or a log record to `add`.
    #[inline]
    fn attributes<A: Attribute>(
        &self,
        signal: Signal,
        writers: &'static [Writer<'static>],
        part: Part,
        mut add: impl FnMut(&'static str, A),
    ) {
        for writer in writers {
            match &writer.value {
                WriterValue::Constant(literal) => {
                    if part != Part::Later {
                        add(writer.key, constant(literal));
                    }
                }
                WriterValue::Field(number) => {
                    if let Some(field) = self.table.fields.get(usize::from(*number))
                        && part.has(field.at_begin)
                        && let FieldKind::Plain { slot, .. } = &field.kind
                        && let Some(held) = self.values.get(usize::from(field.at))
                        && let Some(shown) = value(slot, held)
                    {
                        add(writer.key, shown);
                    }
                }
                WriterValue::Meaning(number, face) => {
                    let at_begin =
                        self.table.fields.get(usize::from(*number)).is_some_and(|field| field.at_begin);
                    if part.has(at_begin)
                        && let Some((at, variant)) = self.variant(*number, face.variants)
                    {
                        for pair in variant.pairs(signal) {
                            if let Some(shown) = self.shown(at, variant, &pair.value) {
                                add(pair.key, shown);
                            }
                        }
                    }
                }
            }
        }
    }

    /// What a pair of a variant shows.
    #[inline]
    fn shown<A: Attribute>(
        &self,
        at: usize,
        variant: &'static Variant<'static>,
        shown: &PairValue<'static>,
    ) -> Option<A> {
        let carried = |number: u16| {
            let number = usize::from(number);
            Some((variant.payload.get(number)?, self.values.get(at + 1 + number)?))
        };
        match shown {
            PairValue::Constant(literal) => Some(constant(literal)),
            PairValue::Payload(number) => carried(*number).and_then(|(slot, held)| value(slot, held)),
            PairValue::Text(number) => {
                carried(*number).and_then(|(slot, held)| text_of(slot, held)).map(A::text)
            }
        }
    }

    /// The greatest of what the variants of these meanings give.
    #[inline]
    fn greatest<L: Ord>(
        &self,
        levels: &Levels,
        of: impl Fn(&'static Variant<'static>) -> Option<L>,
    ) -> Option<L> {
        let given = levels.iter().filter_map(|(number, face)| of(self.variant(*number, face.variants)?.1));
        given.max()
    }
}

impl Stated for Read<'_> {
    #[inline]
    fn table(&self) -> &'static Table<'static> {
        self.table
    }

    #[inline]
    fn emitter(&self) -> &Emitter {
        self.emitter
    }

    #[inline]
    fn with_row<T>(&self, work: impl FnOnce(&[FieldValue<'_>], &[Code]) -> T) -> T {
        work(self.values, self.codes)
    }

    #[inline]
    fn most_span_attributes(&self) -> usize {
        self.emitter.most_span_attributes
    }

    #[inline]
    fn each_span_attribute(&self, span: &'static Span<'static>, part: Part, mut add: impl FnMut(KeyValue)) {
        self.attributes::<Value>(Signal::Span, span.attributes, part, |key, value| add(pair(key, value)));
    }

    #[inline]
    fn each_log_attribute(&self, log: &'static Log<'static>, add: impl FnMut(&'static str, AnyValue)) {
        self.attributes(Signal::Log, log.attributes, Part::All, add);
    }

    #[inline]
    fn severity(&self) -> Option<Severity> {
        self.greatest(&self.emitter.log_levels, |variant| variant.severity)
    }

    #[inline]
    fn span_status(&self) -> Option<Status> {
        self.greatest(&self.emitter.span_levels, |variant| variant.status)
    }

    #[inline]
    fn name_place(&self) -> Option<&OnceLock<&'static str>> {
        self.emitter.names.as_ref()?.place(self.values, self.codes).ok()
    }

    #[inline]
    fn measure_under(&self, under: Option<&Under<'_>>) {
        let emitter = self.emitter;
        for (at, points) in emitter.metrics.iter().enumerate() {
            let omit = |why| emitter.omit(Signal::Metric, why);
            if !self.passes(points.metric.when) {
                omit(OmissionReason::When);
                continue;
            }
            let Some(number) = number(self.table.fields, points.metric, self.values) else {
                omit(OmissionReason::Absent);
                continue;
            };
            let went = points.find(self.table.fields, &emitter.coders, self.values, self.codes, |point| {
                points.measure(point, number, under);
            });
            emitter.went(at, went);
        }
    }
}
