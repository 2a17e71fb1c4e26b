//! Metrics that a callback of the program gives.

use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::metrics::AsyncInstrument;
use opentelemetry::{Context, KeyValue};
use slo_model::Unfit;
use slo_model::event::{FieldKind, InstrumentKind, NumberType, Observed as Table, WriterValue};

use super::day::is_past;
use super::instrument::Number;
use super::labels::{Coders, Codes};
use super::own_metrics::{EVENT, of_field};
use super::plan::{Check, checks};
use super::points::attributes;
use super::problem::{Problem, ProblemKind};
use super::row::ready;
use super::seen::{Made, Seen};
use super::telemetry::{Current, Shared, Telemetry, installed};
use super::views::made;
use crate::Observed;
use crate::event::FieldValue;
use crate::event::OVERFLOW;

/// The receiver of an observed metric's measurements, as a callback is given it.
pub struct Observer<'o, O> {
    state: &'o State,
    take: &'o mut dyn FnMut(Number, &[KeyValue]),
    observed: PhantomData<fn(&O)>,
}

impl<O: Observed> Observer<'_, O> {
    /// Gives a point. Of two with the same labels the last counts.
    pub fn add(&mut self, point: &O) {
        let mut values = point.values();
        self.state.add(values.as_mut(), self.take);
    }
}

/// What an observed metric is measured with.
struct State {
    table: &'static Table<'static>,
    shared: Arc<Shared>,
    checks: Box<[Check]>,
    coders: Coders,
    distinct: Option<Seen<Box<[KeyValue]>, ()>>,
    of_fields: Box<[[KeyValue; 2]]>,
    told: Box<[AtomicBool]>,
    panicked: AtomicBool,
}

pub(crate) fn observe<O: Observed>(callback: impl Fn(&mut Observer<'_, O>) + Send + Sync + 'static) {
    let context = Context::current();
    let telemetry = match (context.get::<Current>(), installed()) {
        (Some(Current(telemetry)), _) | (None, Some(telemetry)) => telemetry,
        (None, None) => Telemetry::of_globals(),
    };
    let give = move |state: &State, take: &mut dyn FnMut(Number, &[KeyValue])| {
        let mut points = Observer { state, take, observed: PhantomData };
        let given = catch_unwind(AssertUnwindSafe(|| callback(&mut points)));
        if let Err(panic) = given {
            state.panicked(panic.as_ref());
        }
    };
    State::register(O::TABLE, telemetry, Box::new(give));
}

type Give = Box<dyn Fn(&State, &mut dyn FnMut(Number, &[KeyValue])) + Send + Sync>;

impl State {
    fn register(table: &'static Table<'static>, telemetry: &Telemetry, give: Give) {
        let shared = Arc::clone(telemetry.shared());
        let metric = &table.metric;
        let tell = |kind, what, why| shared.tell(&Problem { kind, of: metric.name, what, why });
        let (scope, wrong) = telemetry.scope(table.scope);
        if let Some(why) = wrong {
            tell(ProblemKind::Scope, table.scope.name, why);
        }
        if let Some(day) = metric.until.filter(|day| is_past(day, shared.clock.now())) {
            tell(ProblemKind::Past, metric.name, format!("on {day}"));
        }
        let meter = telemetry.meter(scope);
        let state = State {
            table,
            shared: Arc::clone(&shared),
            checks: checks(table.fields),
            coders: Coders::of(table.fields, metric.labels.iter(), std::iter::empty()),
            distinct: metric.limit.map(|limit| Seen::new(usize::try_from(limit).unwrap_or(usize::MAX))),
            of_fields: table.fields.iter().map(|field| of_field(metric.name, field.name)).collect(),
            told: table.fields.iter().map(|_| AtomicBool::new(false)).collect(),
            panicked: AtomicBool::new(false),
        };
        macro_rules! build {
            ($method:ident, $number:ty, $convert:expr) => {
                drop(
                    meter
                        .$method(metric.name)
                        .with_description(metric.description)
                        .with_unit(metric.unit)
                        .with_callback(move |observer: &dyn AsyncInstrument<$number>| {
                            let convert: fn(Number) -> $number = $convert;
                            give(&state, &mut |number, attributes| {
                                observer.observe(convert(number), attributes)
                            });
                        })
                        .build(),
                )
            };
        }
        use InstrumentKind as Kind;
        use NumberType::{Double, Int};
        let ((), untold) = made(metric, || match (metric.kind, metric.number) {
            (Kind::Counter, Int) => build!(u64_observable_counter, u64, Number::unsigned),
            (Kind::Counter, Double) => build!(f64_observable_counter, f64, Number::double),
            (Kind::UpDownCounter, Int) => build!(i64_observable_up_down_counter, i64, Number::int),
            (Kind::UpDownCounter, Double) => build!(f64_observable_up_down_counter, f64, Number::double),
            // A histogram can't be observed: the compiler refuses it.
            (Kind::Gauge | Kind::Histogram, Int) => build!(i64_observable_gauge, i64, Number::int),
            (Kind::Gauge | Kind::Histogram, Double) => build!(f64_observable_gauge, f64, Number::double),
        });
        if let Some(untold) = untold {
            tell(ProblemKind::WithoutView, metric.name, untold.to_owned());
        }
    }

    fn add(&self, values: &mut [FieldValue<'_>], take: &mut dyn FnMut(Number, &[KeyValue])) {
        let mut tell = |number: usize, _, unfit: &_| self.unfit(number, unfit);
        ready(self.table.fields, &self.checks, values, &mut tell, |values, _| self.take(values, take));
    }

    fn unfit(&self, number: usize, unfit: &Unfit) {
        let (Some(attributes), Some(told), Some(field)) =
            (self.of_fields.get(number), self.told.get(number), self.table.fields.get(number))
        else {
            return;
        };
        self.shared.own.invalid.add(1, attributes);
        if !told.swap(true, Ordering::Relaxed) {
            let (of, what, why) = (self.table.metric.name, field.name, unfit.to_string());
            self.shared.tell(&Problem { kind: ProblemKind::Invalid, of, what, why });
        }
    }

    fn take(&self, values: &[FieldValue<'_>], take: &mut dyn FnMut(Number, &[KeyValue])) {
        let (table, own) = (self.table, &self.shared.own);
        let mut codes = Codes::new(values.len());
        self.coders.code(values, codes.as_mut(), |field| {
            if let Some(attributes) = self.of_fields.get(field) {
                own.folded.add(1, attributes);
            }
        });
        let codes = codes.as_ref();
        // A label that does not fit and for which nothing stands leaves its point out.
        let unlabelled = table.metric.labels.iter().any(|writer| match writer.value {
            WriterValue::Field(number) | WriterValue::Text(number) => {
                table.fields.get(usize::from(number)).is_some_and(|field| {
                    let at = usize::from(field.at);
                    matches!(values.get(at), Some(FieldValue::Invalid))
                        && !codes.get(at).is_some_and(|code| code.is_rest())
                })
            }
            WriterValue::Meaning(..) | WriterValue::Constant(_) => false,
        });
        let number = table.metric.value.and_then(|number| {
            let field = table.fields.get(usize::from(number))?;
            match (&field.kind, values.get(usize::from(field.at))?) {
                (FieldKind::Plain { .. }, FieldValue::Int(number)) => Some(Number::Int(*number)),
                (FieldKind::Plain { .. }, FieldValue::Double(number)) => Some(Number::Double(*number)),
                _ => None,
            }
        });
        let Some(number) = number else { return };
        if unlabelled {
            own.unlabelled.add(1, &[KeyValue::new(super::own_metrics::METRIC, table.metric.name)]);
            return;
        }
        let labels = attributes(table.fields, &table.metric, &self.coders, values, codes);
        let room = match &self.distinct {
            None => Some(()),
            Some(distinct) => distinct.get_or_add(&*labels, |_| Made::New(labels.clone(), ()), |()| ()),
        };
        if room.is_some() {
            take(number, &labels);
        } else {
            own.overflowed.add(1, &[KeyValue::new(super::own_metrics::METRIC, table.metric.name)]);
            take(number, &[KeyValue::new(OVERFLOW, true)]);
        }
    }

    fn panicked(&self, panic: &(dyn std::any::Any + Send)) {
        let of = self.table.metric.name;
        self.shared.own.panicked.add(1, &[KeyValue::new(EVENT, of)]);
        if !self.panicked.swap(true, Ordering::Relaxed) {
            let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let why = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
            self.shared.tell(&Problem { kind: ProblemKind::Panicked, of, what: "", why });
        }
    }
}

impl<O> std::fmt::Debug for Observer<'_, O> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Points")
            .field("metric", &self.state.table.metric.name)
            .finish_non_exhaustive()
    }
}
