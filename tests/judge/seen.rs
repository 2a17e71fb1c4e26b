//! What came out of OpenTelemetry's SDK, and what the interpreter says, in one form.

use std::collections::BTreeMap;

use opentelemetry::logs::AnyValue;
use opentelemetry::trace::{Status as SpanStatus, TraceContextExt as _, Tracer as _, TracerProvider as _};
use opentelemetry::{Array, Context, KeyValue, Value as SpanValue};
use slo::testing::Recorder;
use slo_interpreter::{Labels, LeftOut, Number, Occurrence, Point, Telemetry};
use slo_model::Value;
use slo_model::event::{Event, InstrumentKind, Metric, Status};

/// An occurrence's telemetry as lines, which are sorted within each signal.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Seen {
    /// What is counted up while the occurrence runs.
    running: Vec<String>,
    points: Vec<String>,
    logs: Vec<String>,
    span: Option<String>,
    /// What is written onto the span, in the order of the contract.
    span_events: Vec<String>,
    /// What was left out, by the runtime's own counters.
    counted: BTreeMap<String, u64>,
}

/// Keys and values as text that tells types apart, but for lists with nothing in them, which have none on a log record.
fn pairs<'p>(pairs: impl Iterator<Item = (&'p str, Value<'p>)>) -> String {
    let shown = |value: Value<'_>| match value {
        Value::String(_) => format!("{value:?}"),
        value if value.is_empty() => "[]".to_owned(),
        value => format!("{value:?}"),
    };
    let mut pairs: Vec<String> = pairs.map(|(key, value)| format!("{key}={}", shown(value))).collect();
    pairs.sort_unstable();
    pairs.join(", ")
}

fn labels(labels: &Labels<'_>) -> String {
    pairs(labels.iter().map(|(key, value)| (*key, value.clone())))
}

/// A span that is running, and that nothing is written onto: that can't be told from one that nobody writes onto.
const UNTOUCHED: &str = "current Unset {}";

/// The name of the span that is running.
const RUNNING: &str = "running";

/// What the interpreter says.
pub(crate) fn expected(
    event: &Event<'_>,
    running: &[Point<'_>],
    telemetry: &Telemetry<'_>,
    occurrence: &Occurrence<'_>,
) -> Seen {
    let mut points: BTreeMap<String, (f64, Option<f64>)> = BTreeMap::new();
    for point in &telemetry.points {
        let metric = event.metrics.iter().find(|metric| metric.name == point.metric).unwrap();
        let value = match point.value {
            Number::Int(number) => number as f64,
            Number::Double(number) => number,
        };
        let (total, sum) =
            points.entry(format!("{}{{{}}}", point.metric, labels(&point.labels))).or_default();
        match metric.kind {
            InstrumentKind::Gauge => *total = value,
            InstrumentKind::Histogram => {
                *total += 1.0;
                *sum = Some(sum.unwrap_or_default() + value);
            }
            InstrumentKind::Counter | InstrumentKind::UpDownCounter => *total += value,
        }
    }
    let kept = points.into_iter().filter(|(line, (value, _))| !is_unmoved(event, line, *value));
    let points = kept.map(|(line, (value, sum))| point_line(&line, value, sum)).collect();
    let logs = telemetry.logs.iter().map(|log| {
        let severity = log.severity.map_or(String::new(), |severity| format!("{severity:?}").to_uppercase());
        let text = log.severity_text.unwrap_or(&severity);
        let attributes = labels(&log.attributes);
        let name = log.name.unwrap_or("_");
        format!("{name} {severity} {text:?} {:?} {{{attributes}}}", log.body)
    });
    let logs = logs.collect();
    let span = telemetry.span.as_ref().map(|span| match &span.name {
        Some(name) => {
            let (status, attributes) = (status(span), labels(&span.attributes));
            format!(
                "{name:?} {:?} {status} {} {{{attributes}}} {:?}",
                span.kind, span.links, occurrence.elapsed
            )
        }
        None => format!("current {} {{{}}}", status(span), labels(&span.attributes)),
    });
    let span = span.filter(|span| span != UNTOUCHED);
    let mut counted: BTreeMap<String, u64> = BTreeMap::new();
    for left_out in &telemetry.left_out {
        let (counter, of) = match left_out {
            LeftOut::Unfit { field, .. } => ("slo.values.invalid", format!("slo.field={field:?}")),
            LeftOut::Folded { field } => ("slo.values.folded", format!("slo.field={field:?}")),
            LeftOut::Unlabelled { metric } => {
                ("slo.measurements.unlabelled", format!("slo.metric={metric:?}"))
            }
            LeftOut::Overflowed { metric } => {
                ("slo.measurements.overflowed", format!("slo.metric={metric:?}"))
            }
            LeftOut::Dropped => ("slo.events.dropped", String::new()),
        };
        *counted.entry(format!("{counter} {of}")).or_default() += 1;
    }
    let running = running.iter().map(|point| format!("{}{{{}}} 1", point.metric, labels(&point.labels)));
    let span_events = telemetry.span_events.iter();
    let span_events = span_events.map(|one| format!("{:?} {{{}}}", one.name, labels(&one.attributes)));
    Seen { running: running.collect(), points, logs, span, span_events: span_events.collect(), counted }
}

fn status(span: &slo_interpreter::Span<'_>) -> String {
    let status = span.status.unwrap_or(Status::Unset);
    match (status, &span.status_description) {
        (Status::Error, Some(text)) if !text.is_empty() => format!("Error {text:?}"),
        (status, _) => format!("{status:?}"),
    }
}

/// Whether a sum that grows and shrinks is where it was, which can't be seen.
fn is_unmoved(event: &Event<'_>, line: &str, value: f64) -> bool {
    let is = |metric: &&Metric<'_>| line.starts_with(&format!("{}{{", metric.name));
    let metric = event.metrics.iter().chain(event.running).find(is).unwrap();
    metric.kind == InstrumentKind::UpDownCounter && value == 0.0
}

fn point_line(line: &str, value: f64, sum: Option<f64>) -> String {
    match sum {
        Some(sum) => format!("{line} count {value} sum {sum}"),
        None => format!("{line} {value}"),
    }
}

/// What comes out of the SDK of an occurrence that is stated at both exits, of which the other one counts.
pub(crate) fn seen(
    recorder: &Recorder,
    counting: &Recorder,
    event: &Event<'_>,
    state: impl Fn(&Recorder, &mut dyn FnMut()),
) -> Seen {
    let mut totals = Totals::of(recorder);
    let (spans, logs) = (recorder.spans().len(), recorder.logs().len());
    // What is written onto the span that is running finds one.
    let current = event.span.is_some_and(|span| span.name.is_none());
    let onto = current || !event.span_events.is_empty();
    let mut running = Vec::new();
    for own in [recorder, counting] {
        let tracer = own.tracer_provider().tracer("judge");
        let opened = onto.then(|| Context::current_with_span(tracer.start(RUNNING)));
        let _attached = opened.map(Context::attach);
        state(own, &mut || {
            if std::ptr::eq(own, recorder) {
                running = totals.added(recorder, event);
            }
        });
    }
    let points = totals.added(recorder, event).into_iter().filter(|line| {
        // What counted up counts down.
        !event
            .running
            .iter()
            .any(|metric| line.starts_with(&format!("{}{{", metric.name)) && line.ends_with(" -1"))
    });
    let points = points.collect();
    let log = recorder.logs().into_iter().skip(logs).map(|(record, _)| {
        let attributes: Vec<_> =
            record.attributes_iter().map(|(key, value)| (key.as_str(), any(value))).collect();
        let severity = record.severity_number().map_or("", |severity| severity.name());
        let text = record.severity_text().unwrap_or_default();
        let body = record.body().map(|body| match any(body) {
            Value::String(text) => text.into_owned(),
            other => panic!("{other:?}"),
        });
        let name = record.event_name().unwrap_or("_");
        format!("{name} {severity} {text:?} {body:?} {{{}}}", pairs(attributes.into_iter()))
    });
    let of_event = |one: &opentelemetry::trace::Event| {
        let attributes = one.attributes.iter().map(|pair| (pair.key.as_str(), of_span(&pair.value)));
        format!("{:?} {{{}}}", one.name.as_ref(), pairs(attributes))
    };
    let mut spans: Vec<_> = recorder.spans().into_iter().skip(spans).collect();
    let span_events = spans.iter().flat_map(|span| &span.events.events).map(of_event).collect();
    // What is only there to be written onto says nothing else.
    spans.retain(|span| current || span.name != RUNNING);
    let span = spans.into_iter().map(|span| {
        let attributes = pairs(span.attributes.iter().map(|pair| (pair.key.as_str(), of_span(&pair.value))));
        let status = match span.status {
            SpanStatus::Unset => "Unset".to_owned(),
            SpanStatus::Ok => "Ok".to_owned(),
            SpanStatus::Error { description } if description.is_empty() => "Error".to_owned(),
            SpanStatus::Error { description } => format!("Error {description:?}"),
        };
        if current {
            return format!("current {status} {{{attributes}}}");
        }
        let (name, kind, links) = (&span.name, &span.span_kind, span.links.len());
        let elapsed = span.end_time.duration_since(span.start_time).unwrap();
        format!("{:?} {kind:?} {status} {links} {{{attributes}}} {elapsed:?}", name.as_ref())
    });
    let (logs, span): (Vec<_>, Vec<_>) = (log.collect(), span.collect());
    assert!(span.len() < 2, "{span:?}");
    let _ = counting.recorded();
    let mut counted = BTreeMap::new();
    for counter in [
        "slo.values.invalid",
        "slo.values.folded",
        "slo.measurements.unlabelled",
        "slo.measurements.overflowed",
        "slo.events.dropped",
    ] {
        for (of, count) in counting.own(counter) {
            let of =
                of.split(", ").filter(|pair| !pair.starts_with("slo.event=")).collect::<Vec<_>>().join(", ");
            counted.insert(format!("{counter} {of}"), count as u64);
        }
    }
    let span = span.into_iter().next().filter(|span| span != UNTOUCHED);
    Seen { running, points, logs, span, span_events, counted }
}

/// What sums that grow and shrink stood at: the SDK tells no differences of these.
struct Totals(BTreeMap<String, f64>);

impl Totals {
    fn of(recorder: &Recorder) -> Totals {
        Totals(recorder.points().iter().map(|point| (line(point), point.value)).collect())
    }

    /// What was added to points since the last look.
    fn added(&mut self, recorder: &Recorder, event: &Event<'_>) -> Vec<String> {
        let mut added = Vec::new();
        for point in recorder.points() {
            let name = line(&point);
            let is = |metric: &&Metric<'_>| metric.name == point.metric;
            let metric = event.metrics.iter().chain(event.running).find(is).unwrap();
            let is_total = metric.kind == InstrumentKind::UpDownCounter;
            let before = if is_total { self.0.insert(name.clone(), point.value) } else { None };
            let value = point.value - before.unwrap_or_default();
            if !is_unmoved(event, &name, value) {
                added.push(point_line(&name, value, point.sum));
            }
        }
        added.sort_unstable();
        added
    }
}

fn line(point: &slo::testing::Point) -> String {
    let attributes = point.attributes.iter().map(|pair: &KeyValue| (pair.key.as_str(), of_span(&pair.value)));
    format!("{}{{{}}}", point.metric, pairs(attributes))
}

fn of_span(value: &SpanValue) -> Value<'static> {
    match value {
        SpanValue::Bool(truth) => Value::Bool(*truth),
        SpanValue::I64(number) => Value::Int(*number),
        SpanValue::F64(number) => Value::Double(*number),
        SpanValue::String(text) => Value::String(text.as_str().to_owned().into()),
        SpanValue::Array(Array::Bool(list)) => Value::BoolArray(list.clone()),
        SpanValue::Array(Array::I64(list)) => Value::IntArray(list.clone()),
        SpanValue::Array(Array::F64(list)) => Value::DoubleArray(list.clone()),
        SpanValue::Array(Array::String(list)) => {
            Value::StringArray(list.iter().map(|text| text.as_str().to_owned().into()).collect())
        }
        other => panic!("{other:?}"),
    }
}

fn any(value: &AnyValue) -> Value<'static> {
    match value {
        AnyValue::Boolean(truth) => Value::Bool(*truth),
        AnyValue::Int(number) => Value::Int(*number),
        AnyValue::Double(number) => Value::Double(*number),
        AnyValue::String(text) => Value::String(text.as_str().to_owned().into()),
        AnyValue::ListAny(list) => match list.first() {
            None => Value::StringArray(Vec::new()),
            Some(_) => list_of(list.iter().map(any).collect()),
        },
        other => panic!("{other:?}"),
    }
}

/// A list of values of one type.
fn list_of(values: Vec<Value<'static>>) -> Value<'static> {
    macro_rules! all {
        ($($of:ident => $list:ident),*) => {
            match values.first() {
                $(Some(Value::$of(_)) => Value::$list(
                    values.into_iter().filter_map(|value| match value { Value::$of(one) => Some(one), _ => None }).collect(),
                ),)*
                other => panic!("{other:?}"),
            }
        };
    }
    all!(String => StringArray, Int => IntArray, Double => DoubleArray, Bool => BoolArray)
}
