//! An event whose values are read by its table.

use std::sync::OnceLock;

use opentelemetry::logs::AnyValue;
use opentelemetry::{KeyValue, Value};
use slo_model::event::{Event as Table, Log, Severity, Signal, Span, Status};

use super::accounting::OmissionReason;
use super::attributes::{attributes, pair};
use super::clock::Times;
use super::emitter::{Emitter, LogPlan, number};
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
        let add = |key, value: Value| add(pair(key, value));
        attributes(self.table, self.values, Signal::Span, span.attributes, part, add);
    }

    #[inline]
    fn each_log_attribute(
        &self,
        _: usize,
        log: &'static Log<'static>,
        add: impl FnMut(&'static str, AnyValue),
    ) {
        attributes(self.table, self.values, Signal::Log, log.attributes, Part::All, add);
    }

    #[inline]
    fn severity(&self, _: usize, log: &LogPlan) -> Option<Severity> {
        log.levels.greatest(self.values, |variant| variant.severity)
    }

    #[inline]
    fn span_status(&self) -> Option<Status> {
        self.emitter.span_levels.greatest(self.values, |variant| variant.status)
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
