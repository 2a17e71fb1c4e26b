//! An event's instruments, and how its values go out by them.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::metrics::Counter;
use opentelemetry::trace::TraceContextExt;
use opentelemetry::{Context, InstrumentationScope, KeyValue};
use opentelemetry_sdk::logs::SdkLogger;
use slo_model::event::{
    Event, Field, FieldKind, InstrumentKind, Log, Meaning, Metric, Signal, Writer, WriterValue,
};
use slo_model::{Container, Literal, Unfit};

use super::accounting::{Closed, Entered, EventCounts, OmissionReason, hand_over, was_taken};
use super::day::is_past;
use super::instrument::Number;
use super::labels::{Code, Coders};
use super::levels::Levels;
use super::own_metrics::{EVENT, OwnMetrics, of_field, of_metric};
use super::plan::{Check, TextPlan, checks};
use super::points::{Dense, Points, Went, coders, holes};
use super::problem::{Problem, ProblemKind};
use super::shape::most;
use super::specialized::shape::{is_dense, is_name_dense, name_stride, stride};
use super::telemetry::{Shared, Telemetry, Tracer};
use super::views::made;
use crate::event::FieldValue;

/// An event's instruments.
pub(crate) struct Emitter {
    pub(crate) table: &'static Event<'static>,
    pub(crate) shared: Arc<Shared>,
    /// What is counted of its events, where the program has exporters.
    counts: Option<Arc<EventCounts>>,
    /// Whether its measurements under sampled spans are kept.
    pub(crate) keeps_exemplars: bool,
    pub(crate) coders: Coders,
    pub(crate) metrics: Box<[Points]>,
    pub(crate) running: Box<[Points]>,
    pub(crate) tracer: Option<Tracer>,
    pub(crate) logs: Box<[LogPlan]>,
    pub(crate) checks: Box<[Check]>,
    /// The span's name.
    pub(crate) name: TextPlan,
    /// The names of the events on a span.
    pub(crate) span_event_names: Box<[TextPlan]>,
    /// The most attributes that the span has.
    pub(crate) most_span_attributes: usize,
    pub(crate) span_levels: Levels,
    /// The names that were made, by their numbers, where there are few.
    pub(crate) names: Option<Dense<&'static str>>,
    fields: Box<[Counted<[KeyValue; 2]>]>,
    of_metrics: Box<[Counted<[KeyValue; 2]>]>,
    whole: Counted<[KeyValue; 1]>,
    without_span: AtomicBool,
}

/// A log record that an event becomes.
pub(crate) struct LogPlan {
    pub(crate) table: &'static Log<'static>,
    /// None where no logger takes it.
    pub(crate) logger: Option<SdkLogger>,
    pub(crate) levels: Levels,
    /// Its body, where no meaning gives one.
    pub(crate) body: TextPlan,
}

/// Under what something is counted, and whether it was told.
struct Counted<A> {
    attributes: A,
    told: AtomicBool,
}

impl<A: AsRef<[KeyValue]>> Counted<A> {
    fn new(attributes: A) -> Counted<A> {
        Counted { attributes, told: AtomicBool::new(false) }
    }

    fn count(&self, counter: &Counter<u64>) {
        counter.add(1, self.attributes.as_ref());
    }

    fn first(&self) -> bool {
        !self.told.load(Ordering::Relaxed) && !self.told.swap(true, Ordering::Relaxed)
    }
}

impl Emitter {
    /// Makes the instruments, and tells what is wrong with them.
    pub(crate) fn new(table: &'static Event<'static>, telemetry: &Telemetry, specialized: bool) -> Emitter {
        let shared = Arc::clone(telemetry.shared());
        let tell = |kind, what, why: String| shared.tell(&Problem { kind, of: table.name, what, why });
        let (scope, wrong) = telemetry.scope(table.scope);
        if let Some(why) = wrong {
            tell(ProblemKind::Scope, table.scope.name, why);
        }
        let coders = coders(table);
        // A signal may say another scope than the event's: each is made, and told of, once.
        let others: RefCell<Vec<(&str, InstrumentationScope)>> = RefCell::default();
        let of_signal = |other: Option<&'static Container<'static>>| {
            let Some(other) = other else { return scope.clone() };
            let mut others = others.borrow_mut();
            if let Some((_, made)) = others.iter().find(|(name, _)| *name == other.name) {
                return made.clone();
            }
            let (made, wrong) = telemetry.scope(other);
            if let Some(why) = wrong {
                tell(ProblemKind::Scope, other.name, why);
            }
            others.push((other.name, made.clone()));
            made
        };
        // What runs has no exemplars: it is not over yet.
        let exemplars = |metric: &Metric<'static>, runs: bool| {
            let kept = !runs && matches!(metric.kind, InstrumentKind::Counter | InstrumentKind::Histogram);
            shared
                .exemplars
                .as_ref()
                .filter(|_| kept)
                .map(|exemplars| (Arc::clone(exemplars), of_signal(metric.scope).name().to_owned()))
        };
        // A specialized event knows the number of a point.
        let numbers = |metric: &'static Metric<'static>, runs: bool| {
            (specialized && !runs && is_dense(table.fields, metric))
                .then(|| stride(table.fields, metric, table.fields.len()))
        };
        let points = |metrics: &'static [Metric<'static>], runs: bool| -> Box<[Points]> {
            let make = |metric: &'static Metric<'static>| {
                let meter = &telemetry.meter(of_signal(metric.scope));
                let exemplars = exemplars(metric, runs);
                let (points, untold) = made(metric, || {
                    Points::new(meter, table.fields, metric, &coders, numbers(metric, runs), exemplars)
                });
                if let Some(untold) = untold {
                    tell(ProblemKind::WithoutView, metric.name, untold.to_owned());
                }
                points
            };
            metrics.iter().map(make).collect()
        };
        let (metrics, running) = (points(table.metrics, false), points(table.running, true));
        let log = |log: &'static Log<'static>| LogPlan {
            table: log,
            logger: telemetry.logger(of_signal(log.scope)),
            levels: Levels::of(table, Signal::Log, log.levels),
            body: TextPlan::of(table, log.body),
        };
        let logs: Box<[LogPlan]> = table.logs.iter().map(log).collect();
        let taken = logs.iter().filter(|log| log.logger.is_some()).count() as u64;
        if !logs.is_empty() && taken == 0 && telemetry.is_of_globals() {
            tell(ProblemKind::WithoutLogs, "", String::new());
        }
        let today = shared.clock.now();
        for (what, day) in ends(table) {
            if is_past(day, today) {
                tell(ProblemKind::Past, what, format!("on {day}"));
            }
        }
        let opens_span = table.span.is_some_and(|span| span.name.is_some());
        let span_scope = of_signal(table.span.and_then(|span| span.scope));
        let tracer = if opens_span { telemetry.tracer(span_scope) } else { None };
        let counts = shared.accounting.as_ref().map(|accounting| {
            let metrics = if telemetry.measures() { table.metrics.len() as u64 } else { 0 };
            EventCounts::new(accounting, [taken, u64::from(tracer.is_some()), metrics])
        });
        let fields =
            table.fields.iter().map(|field| Counted::new(of_field(table.name, field.name))).collect();
        let of_metrics =
            table.metrics.iter().map(|metric| Counted::new(of_metric(table.name, metric.name))).collect();
        let span_attributes = table.span.map_or(&[][..], |span| span.attributes);
        Emitter {
            table,
            most_span_attributes: most(Signal::Span, span_attributes),
            span_levels: Levels::of(table, Signal::Span, table.span.map_or(&[], |span| span.levels)),
            names: match specialized {
                true => is_name_dense(table).then(|| Dense::numbered(name_stride(table, table.fields.len()))),
                false => Dense::of(holes(table, &coders), None),
            },
            coders,
            metrics,
            running,
            tracer,
            logs,
            checks: checks(table.fields),
            name: TextPlan::of(table, table.span.and_then(|span| span.name).unwrap_or_default()),
            span_event_names: table.span_events.iter().map(|one| TextPlan::of(table, one.name)).collect(),
            fields,
            of_metrics,
            whole: Counted::new([KeyValue::new(EVENT, table.name)]),
            without_span: AtomicBool::new(false),
            counts,
            keeps_exemplars: shared.exemplars.is_some(),
            shared,
        }
    }

    /// Lets an event in that is to be recorded now. It is inside for as long as what this returns is kept.
    #[inline]
    pub(crate) fn enter(&self) -> Result<Option<Entered<'_>>, Closed> {
        self.counts.as_ref().map(|counts| counts.enter()).transpose()
    }

    /// Counts a record that an event does not have on a signal.
    #[inline]
    pub(crate) fn omit(&self, signal: Signal, why: OmissionReason) {
        if let Some(counts) = &self.counts {
            counts.omit(signal, why);
        }
    }

    /// Counts an event that was recorded where telemetry is suppressed.
    #[cold]
    pub(crate) fn suppressed(&self) {
        if let (Some(counts), Ok(Some(_inside))) = (&self.counts, self.enter()) {
            counts.omit_whole(OmissionReason::Suppressed);
        }
    }

    /// A record of an event is handed to the SDK next.
    #[inline]
    pub(crate) fn hand_over(&self) {
        if self.counts.is_some() {
            hand_over();
        }
    }

    /// A record of an event was handed to the SDK. Counts where the SDK did not take it, for the reason that `why` says.
    #[inline]
    pub(crate) fn handed_over(&self, signal: Signal, why: impl FnOnce() -> OmissionReason) {
        if let Some(counts) = &self.counts
            && !was_taken()
        {
            counts.omit(signal, why());
        }
    }

    fn own(&self) -> &OwnMetrics {
        &self.shared.own
    }

    fn tell(&self, kind: ProblemKind, what: &'static str, why: impl FnOnce() -> String) {
        self.shared.tell(&Problem { kind, of: self.table.name, what, why: why() });
    }

    /// Counts an event whose end comes before its start.
    #[cold]
    pub(crate) fn backwards(&self) {
        self.whole.count(&self.own().backwards);
        if self.whole.first() {
            self.tell(ProblemKind::Backwards, "", String::new);
        }
    }

    /// Counts an event that goes out on no signal.
    #[cold]
    pub(crate) fn dropped(&self) {
        if let Some(counts) = &self.counts {
            counts.omit_whole(OmissionReason::Invalid);
        }
        self.whole.count(&self.own().dropped);
        if self.whole.first() {
            self.tell(ProblemKind::Dropped, "", || "a value does not fit".to_owned());
        }
    }

    /// Counts a measurement that did not go to a point of its own.
    pub(crate) fn went(&self, metric: usize, went: Went) {
        let Some(counted) = self.of_metrics.get(metric) else { return };
        match went {
            Went::ToPoint => {}
            Went::ToOverflow => counted.count(&self.own().overflowed),
            Went::Nowhere => {
                self.omit(Signal::Metric, OmissionReason::Invalid);
                counted.count(&self.own().unlabelled);
            }
        }
    }

    /// Counts a value that does not fit, and tells of it the first time.
    pub(crate) fn unfit(&self, number: usize, payload: &'static str, unfit: &Unfit) {
        let (Some(counted), Some(field)) = (self.fields.get(number), self.table.fields.get(number)) else {
            return;
        };
        counted.count(&self.own().invalid);
        if counted.first() {
            let what = if payload.is_empty() { field.name } else { payload };
            self.tell(ProblemKind::Invalid, what, || unfit.to_string());
        }
    }

    /// Counts a value that gave way to what stands for the rest.
    pub(crate) fn folded(&self, field: usize) {
        if let Some(field) = self.fields.get(field) {
            field.count(&self.own().folded);
        }
    }

    /// What stands in a text for the value of a place, where that gave way.
    pub(crate) fn rest(
        &self,
        values: &[FieldValue<'_>],
        codes: &[Code],
        at: usize,
    ) -> Option<Literal<'static>> {
        codes.get(at).filter(|code| code.is_rest()).and_then(|_| self.coders.rest(at, values))
    }

    /// In debug builds: tells once that an event that opens no span belongs to no trace.
    pub(crate) fn see_to_span(&self, context: &Context) {
        if cfg!(debug_assertions)
            && !context.has_active_span()
            && !self.without_span.swap(true, Ordering::Relaxed)
        {
            self.tell(ProblemKind::WithoutSpan, "", String::new);
        }
    }
}

/// What a metric measures; none where that is absent or does not fit.
pub(crate) fn number(
    fields: &'static [Field<'static>],
    metric: &Metric<'static>,
    values: &[FieldValue<'_>],
) -> Option<Number> {
    let Some(number) = metric.value else { return Some(Number::Int(1)) };
    let field = fields.get(usize::from(number))?;
    match values.get(usize::from(field.at))? {
        FieldValue::Int(number) => Some(Number::Int(*number)),
        FieldValue::Double(number) => Some(Number::Double(*number)),
        FieldValue::Member(member) => {
            let FieldKind::Plain { slot, .. } = &field.kind else { return None };
            match slot.key.members?.get(usize::from(*member))?.wire {
                Literal::Int(number) => Some(Number::Int(number)),
                Literal::Double(number) => Some(Number::Double(number)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The days on which something of an event goes.
fn ends(table: &'static Event<'static>) -> Vec<(&'static str, &'static str)> {
    let of_metrics =
        table.metrics.iter().chain(table.running).filter_map(|metric| Some((metric.name, metric.until?)));
    let of_logs = table.logs.iter().filter_map(|log| Some((log.name.unwrap_or(table.name), log.until?)));
    let lists = table.metrics.iter().map(|metric| metric.labels);
    let lists = lists
        .chain(table.logs.iter().map(|log| log.attributes))
        .chain(table.span.iter().map(|span| span.attributes))
        .chain(table.span_events.iter().map(|one| one.attributes));
    let face = |writer: &Writer<'static>| match writer.value {
        WriterValue::Meaning(_, face) => Some(face),
        _ => None,
    };
    let faces = lists.flatten().filter_map(face);
    let of_faces = faces.filter_map(|face: &'static Meaning<'static>| Some((face.name, face.until?)));
    let mut ends: Vec<_> = of_metrics.chain(of_logs).chain(of_faces).collect();
    ends.dedup();
    ends
}
