//! An event's instruments, and how its values go out by them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use opentelemetry::logs::{AnyValue, LogRecord, Logger};
use opentelemetry::metrics::Counter;
use opentelemetry::trace::{SpanContext, TraceContextExt};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::logs::SdkLogger;
use slo_model::event::{Event, FieldKind, Log, Meaning, Metric, Signal, Writer, WriterValue};
use slo_model::{Literal, Unfit};

use super::clock::Times;
use super::conditions::pass;
use super::day::is_past;
use super::instrument::Number;
use super::labels::{Code, Coders};
use super::levels::{log_severity, severity};
use super::own_metrics::{EVENT, OwnMetrics, of_field, of_metric};
use super::plan::{Attributes, Check, Part, TextPlan, checks};
use super::points::{Points, Went, coders};
use super::problem::{Problem, ProblemKind};
use super::telemetry::{Shared, Telemetry, Tracer};
use super::values::{Tell, settle};
use super::views::made;
use crate::FieldValue;

/// An event's instruments.
pub(crate) struct Emitter {
    pub(crate) table: &'static Event<'static>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) coders: Coders,
    pub(crate) metrics: Box<[Points]>,
    pub(crate) running: Box<[Points]>,
    pub(crate) tracer: Option<Tracer>,
    logger: Option<SdkLogger>,
    checks: Box<[Check]>,
    /// The span's attributes, and its name.
    pub(crate) span: Attributes,
    pub(crate) name: TextPlan,
    /// The log record's attributes, and its body.
    log: Attributes,
    body: TextPlan,
    fields: Box<[Counted<[KeyValue; 2]>]>,
    of_metrics: Box<[Counted<[KeyValue; 2]>]>,
    whole: Counted<[KeyValue; 1]>,
    without_span: AtomicBool,
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
    pub(crate) fn new(table: &'static Event<'static>, telemetry: &Telemetry) -> Emitter {
        let shared = Arc::clone(telemetry.shared());
        let tell = |kind, what, why: String| shared.tell(&Problem { kind, of: table.name, what, why });
        let (scope, wrong) = telemetry.scope(table.scope);
        if let Some(why) = wrong {
            tell(ProblemKind::Scope, table.scope.name, why);
        }
        let coders = coders(table);
        let measures = !table.metrics.is_empty() || !table.running.is_empty();
        let meter = measures.then(|| telemetry.meter(scope.clone()));
        let points = |metrics: &'static [Metric<'static>]| -> Box<[Points]> {
            let make = |meter: &opentelemetry::metrics::Meter, metric| {
                let (points, untold) = made(metric, || Points::new(meter, table.fields, metric, &coders));
                if let Some(untold) = untold {
                    tell(ProblemKind::WithoutView, metric.name, untold.to_owned());
                }
                points
            };
            meter
                .iter()
                .flat_map(|meter| metrics.iter().map(move |metric| (meter, metric)))
                .map(|(meter, metric)| make(meter, metric))
                .collect()
        };
        let (metrics, running) = (points(table.metrics), points(table.running));
        let logger = table.log.and_then(|_| telemetry.logger(scope.clone()));
        if table.log.is_some() && logger.is_none() && telemetry.is_of_globals() {
            tell(ProblemKind::WithoutLogs, "", String::new());
        }
        let today = shared.clock.now();
        for (what, day) in ends(table) {
            if is_past(day, today) {
                tell(ProblemKind::Past, what, format!("on {day}"));
            }
        }
        let opens_span = table.span.is_some_and(|span| span.name.is_some());
        let tracer = if opens_span { telemetry.tracer(scope) } else { None };
        let of_signal =
            |signal, writers: Option<_>| Attributes::of(table, signal, writers.unwrap_or_default());
        let fields =
            table.fields.iter().map(|field| Counted::new(of_field(table.name, field.name))).collect();
        let of_metrics =
            table.metrics.iter().map(|metric| Counted::new(of_metric(table.name, metric.name))).collect();
        Emitter {
            table,
            coders,
            metrics,
            running,
            tracer,
            logger,
            checks: checks(table.fields),
            span: of_signal(Signal::Span, table.span.map(|span| span.attributes)),
            name: TextPlan::of(table, table.span.and_then(|span| span.name).unwrap_or_default()),
            log: of_signal(Signal::Log, table.log.map(|log| log.attributes)),
            body: TextPlan::of(table, table.log.map_or(&[], |log| log.body)),
            fields,
            of_metrics,
            whole: Counted::new([KeyValue::new(EVENT, table.name)]),
            without_span: AtomicBool::new(false),
            shared,
        }
    }

    fn own(&self) -> &OwnMetrics {
        &self.shared.own
    }

    fn tell(&self, kind: ProblemKind, what: &'static str, why: impl FnOnce() -> String) {
        self.shared.tell(&Problem { kind, of: self.table.name, what, why: why() });
    }

    /// Puts in what nobody set, and sees to what doesn't fit. `whole` says whether all was well before. Whether the fact goes
    /// out.
    pub(crate) fn settle(
        &self,
        values: &mut [FieldValue<'_>],
        times: &Times,
        whole: bool,
        tell: &mut Tell<'_>,
    ) -> bool {
        if times.backwards {
            self.whole.count(&self.own().backwards);
            if self.whole.first() {
                self.tell(ProblemKind::Backwards, "", String::new);
            }
        }
        let whole = settle(&self.checks, values, tell) && whole;
        if whole || !self.table.drop_invalid {
            return true;
        }
        self.whole.count(&self.own().dropped);
        if self.whole.first() {
            self.tell(ProblemKind::Dropped, "", || "a value does not fit".to_owned());
        }
        false
    }

    /// The same where nothing is told: it is told at the end.
    pub(crate) fn settle_quietly(&self, values: &mut [FieldValue<'_>]) {
        settle(&self.checks, values, &mut |_, _, _| {});
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

    /// Gives each label its number, and counts what gives way to what stands for the rest.
    pub(crate) fn code(&self, values: &[FieldValue<'_>], codes: &mut [Code]) {
        self.coders.code(values, codes, |field| {
            if let Some(field) = self.fields.get(field) {
                field.count(&self.own().folded);
            }
        });
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

    /// Measures what its metrics measure.
    pub(crate) fn measure(&self, values: &[FieldValue<'_>], codes: &[Code]) {
        let table = self.table;
        for (points, counted) in self.metrics.iter().zip(&self.of_metrics) {
            let metric = points.metric;
            if !pass(metric.when, table.fields, values) {
                continue;
            }
            let Some(number) = self.number(metric, values) else { continue };
            let went =
                points.find(table.fields, &self.coders, values, codes, |point| points.measure(point, number));
            match went {
                Went::ToPoint => {}
                Went::ToOverflow => counted.count(&self.own().overflowed),
                Went::Nowhere => counted.count(&self.own().unlabelled),
            }
        }
    }

    /// What a metric measures; none where that is absent or does not fit.
    fn number(&self, metric: &Metric<'static>, values: &[FieldValue<'_>]) -> Option<Number> {
        let Some(number) = metric.value else { return Some(Number::Int(1)) };
        let field = self.table.fields.get(usize::from(number))?;
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

    /// Writes the log record, under the span that the fact opened or the one that was running.
    pub(crate) fn log(
        &self,
        values: &[FieldValue<'_>],
        time: SystemTime,
        is_now: bool,
        span: Option<&SpanContext>,
    ) {
        let (Some(log), Some(logger)) = (&self.table.log, &self.logger) else { return };
        if !pass(log.when, self.table.fields, values) {
            return;
        }
        let severity = severity(self.table, log.severity, log.attributes, values).map(log_severity);
        let level = severity.map_or(opentelemetry::logs::Severity::Info, |(severity, _)| severity);
        if !logger.event_enabled(level, self.table.scope.scope_name, Some(log.name)) {
            return;
        }
        let mut record = logger.create_log_record();
        record.set_event_name(log.name);
        record.set_timestamp(time);
        if is_now {
            record.set_observed_timestamp(time);
        }
        if let Some((severity, name)) = severity {
            record.set_severity_number(severity);
            record.set_severity_text(name);
        }
        if !log.body.is_empty() {
            record.set_body(self.body.text(values, |_| None).into());
        }
        if let Some(span) = span.filter(|span| span.is_valid()) {
            record.set_trace_context(span.trace_id(), span.span_id(), Some(span.trace_flags()));
        }
        self.log.write(values, Part::All, |key, value: AnyValue| {
            record.add_attribute(key, value);
        });
        logger.emit(record);
    }

    /// In debug builds: tells once that a fact's log record belongs to no trace.
    pub(crate) fn see_to_span(&self, context: &Context) {
        if cfg!(debug_assertions)
            && self.table.log.is_some()
            && !context.has_active_span()
            && !self.without_span.swap(true, Ordering::Relaxed)
        {
            self.tell(ProblemKind::WithoutSpan, "", String::new);
        }
    }
}

/// The days on which something of an event goes.
fn ends(table: &'static Event<'static>) -> Vec<(&'static str, &'static str)> {
    let of_metrics =
        table.metrics.iter().chain(table.running).filter_map(|metric| Some((metric.name, metric.until?)));
    let of_log = table.log.iter().filter_map(|log: &Log<'static>| Some((log.name, log.until?)));
    let lists = table.metrics.iter().map(|metric| metric.labels);
    let lists = lists
        .chain(table.log.iter().map(|log| log.attributes))
        .chain(table.span.iter().map(|span| span.attributes));
    let face = |writer: &Writer<'static>| match writer.value {
        WriterValue::Meaning(_, face) => Some(face),
        _ => None,
    };
    let faces = lists.flatten().filter_map(face);
    let of_faces = faces.filter_map(|face: &'static Meaning<'static>| Some((face.name, face.until?)));
    let mut ends: Vec<_> = of_metrics.chain(of_log).chain(of_faces).collect();
    ends.dedup();
    ends
}
