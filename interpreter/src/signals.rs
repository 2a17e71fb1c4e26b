//! What the values become on each signal.

use std::collections::BTreeMap;
use std::time::Duration;

use slo_model::event::{
    Event, FieldKind, Level, Metric, NumberType, PairValue, Passes, Severity, Signal, SpanKind, Status, Test,
    TextPart, Variant, Writer, WriterValue,
};
use slo_model::{Unfit, Value};

use crate::slot::rest;
use crate::values::{Seen, Settled, number, settle};
use crate::{Given, Occurrence};

/// The label of the point that takes what is past a limit, alone (metrics SDK specification, "Cardinality limits").
const OVERFLOW: &str = "otel.metric.overflow";

/// The labels of a point, or the attributes of a record.
pub type Labels<'v> = BTreeMap<&'v str, Value<'v>>;

/// What an occurrence becomes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Telemetry<'v> {
    /// What it measures, in the order of its metrics.
    pub points: Vec<Point<'v>>,
    /// Its log records, in the order of the contract.
    pub logs: Vec<Log<'v>>,
    /// Its span.
    pub span: Option<Span<'v>>,
    /// What it writes onto its span, or else onto the one that is running.
    pub span_events: Vec<SpanEvent<'v>>,
    /// What could not be said as it was meant.
    pub left_out: Vec<LeftOut>,
}

/// A measurement.
#[derive(Clone, Debug, PartialEq)]
pub struct Point<'v> {
    /// The metric's name.
    pub metric: &'v str,
    /// The labels.
    pub labels: Labels<'v>,
    /// What is measured.
    pub value: Number,
}

/// A number of a metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// An integer.
    Int(i64),
    /// A floating-point number.
    Double(f64),
}

/// A log record.
#[derive(Clone, Debug, PartialEq)]
pub struct Log<'v> {
    /// Its event name; none where it has none.
    pub name: Option<&'v str>,
    /// Its severity; none where it is unspecified.
    pub severity: Option<Severity>,
    /// The text of its severity, where the contract says one; else it has that of OpenTelemetry, if it has a severity.
    pub severity_text: Option<&'v str>,
    /// Its body.
    pub body: Option<String>,
    /// Its attributes.
    pub attributes: Labels<'v>,
}

/// A span.
#[derive(Clone, Debug, PartialEq)]
pub struct Span<'v> {
    /// Its name. None where it is the span that is running.
    pub name: Option<String>,
    /// Its kind.
    pub kind: SpanKind,
    /// Its status, where a meaning gives one.
    pub status: Option<Status>,
    /// The description of the status, where the meaning that gives that has one.
    pub status_description: Option<String>,
    /// How many spans it links to.
    pub links: usize,
    /// Its attributes.
    pub attributes: Labels<'v>,
}

/// An event on a span.
#[derive(Clone, Debug, PartialEq)]
pub struct SpanEvent<'v> {
    /// Its name.
    pub name: String,
    /// Its attributes.
    pub attributes: Labels<'v>,
}

/// What could not be said as it was meant.
#[derive(Clone, Debug, PartialEq)]
pub enum LeftOut {
    /// A value doesn't fit.
    Unfit {
        /// The field.
        field: String,
        /// What the field's variant carries, if it is that.
        payload: String,
        /// Why.
        why: Unfit,
    },
    /// A value gave way to what stands for the rest, on labels and in the span's name.
    Folded {
        /// The field.
        field: String,
    },
    /// A label that doesn't fit, and for which nothing stands: the metric has no point of it.
    Unlabelled {
        /// The metric.
        metric: String,
    },
    /// The metric has no room for another point.
    Overflowed {
        /// The metric.
        metric: String,
    },
    /// The occurrence goes out on no signal.
    Dropped,
}

/// Runs the plan of an event.
#[derive(Debug)]
pub struct Interpreter<'p> {
    event: &'p Event<'p>,
    seen: Seen,
    /// The points of metrics with a limit, by the metrics' numbers, those that run behind the others.
    points: Vec<(usize, Labels<'p>)>,
}

impl<'p> Interpreter<'p> {
    /// An interpreter that has seen no occurrence.
    #[must_use]
    pub const fn new(event: &'p Event<'p>) -> Interpreter<'p> {
        Interpreter { event, seen: Seen::new(), points: Vec::new() }
    }

    /// An occurrence begins: what it counts up until it ends. Its span is opened under the name that is known now, so that what
    /// nobody has set yet is what `unset=` says.
    pub fn begin(&mut self, occurrence: &Occurrence<'p>) -> Vec<Point<'p>> {
        let event = self.event;
        let given = event.fields.iter().zip(&occurrence.fields);
        let known = given.map(|(field, given)| if field.at_begin { given.clone() } else { Given::Absent });
        let (values, _) = settle(event, &Occurrence { fields: known.collect(), elapsed: Duration::ZERO });
        let folded = self.folded(&values, &mut Vec::new());
        self.points(event.running, event.metrics.len(), &values, &folded, &mut Vec::new())
    }

    /// What an occurrence becomes that is over.
    pub fn record(&mut self, occurrence: &Occurrence<'p>) -> Telemetry<'p> {
        let event = self.event;
        let (values, mut left_out) = settle(event, occurrence);
        if event.drop_invalid && !left_out.is_empty() {
            left_out.push(LeftOut::Dropped);
            return Telemetry { left_out, ..Telemetry::default() };
        }
        let folded = self.folded(&values, &mut left_out);
        let points = self.points(event.metrics, 0, &values, &folded, &mut left_out);
        let logs = event.logs.iter().filter(|log| self.passes(log.when, &values)).map(|log| {
            let (severity, text) = self.level(log.levels, &values, Signal::Log, |variant| variant.severity);
            let own = || (!log.body.is_empty()).then(|| self.text(log.body, &values));
            Log {
                name: log.name,
                severity: severity.or(log.severity).filter(|severity| *severity != Severity::Unspecified),
                severity_text: log.severity_text,
                body: text.or_else(own),
                attributes: self.attributes(log.attributes, Signal::Log, &values),
            }
        });
        let span = event.span.filter(|span| self.passes(span.when, &values)).map(|span| {
            let (status, text) = self.level(span.levels, &values, Signal::Span, |variant| variant.status);
            Span {
                name: span.name.map(|name| self.text(name, &folded)),
                kind: span.kind,
                status,
                status_description: text,
                links: match span.links.and_then(|field| values.get(usize::from(field))) {
                    Some(Settled::Contexts(count)) => *count,
                    _ => 0,
                },
                attributes: self.attributes(span.attributes, Signal::Span, &values),
            }
        });
        let span_events = event.span_events.iter().filter(|one| self.passes(one.when, &values));
        let span_events = span_events.map(|one| SpanEvent {
            name: self.text(one.name, &folded),
            attributes: self.attributes(one.attributes, Signal::Span, &values),
        });
        Telemetry { points, logs: logs.collect(), span, span_events: span_events.collect(), left_out }
    }

    /// The values as labels and the span's name show them: within their bounds, and of an open enum only what it lists.
    fn folded(&mut self, values: &[Settled<'p>], left_out: &mut Vec<LeftOut>) -> Vec<Settled<'p>> {
        let event = self.event;
        let mut folded = Vec::new();
        for (number, (field, value)) in event.fields.iter().zip(values).enumerate() {
            let mut fold = |variant, payload, slot, value: &Settled<'p>| match value {
                Settled::Value(value) => {
                    if !is_shown(event, number, variant, payload) {
                        return Settled::Absent;
                    }
                    let (value, gave_way) = self.seen.fold((number, variant, payload), slot, value);
                    if gave_way {
                        left_out.push(LeftOut::Folded { field: field.name.to_owned() });
                    }
                    Settled::Value(value)
                }
                Settled::Unfit => rest(slot).map_or(Settled::Unfit, Settled::Value),
                other => other.clone(),
            };
            folded.push(match (&field.kind, value) {
                (FieldKind::Plain { slot, .. }, value) => fold(0, 0, slot, value),
                (FieldKind::Meaning { meaning, .. }, Settled::Variant(variant, payload)) => {
                    let slots = meaning.variants.get(*variant).map_or(&[][..], |variant| variant.payload);
                    let payload = slots.iter().zip(payload).enumerate();
                    let payload = payload.map(|(at, (slot, value))| fold(*variant, at, slot, value));
                    Settled::Variant(*variant, payload.collect())
                }
                (_, other) => other.clone(),
            });
        }
        folded
    }

    /// The points of these metrics, the first of which has this number.
    fn points(
        &mut self,
        metrics: &'p [Metric<'p>],
        first: usize,
        values: &[Settled<'p>],
        folded: &[Settled<'p>],
        left_out: &mut Vec<LeftOut>,
    ) -> Vec<Point<'p>> {
        let each = metrics.iter().enumerate();
        each.filter_map(|(at, metric)| self.point(first + at, metric, values, folded, left_out)).collect()
    }

    /// The point of a metric, if it has one of this occurrence.
    fn point(
        &mut self,
        at: usize,
        metric: &'p Metric<'p>,
        values: &[Settled<'p>],
        folded: &[Settled<'p>],
        left_out: &mut Vec<LeftOut>,
    ) -> Option<Point<'p>> {
        if !self.passes(metric.when, values) {
            return None;
        }
        let measured = metric.value.map(|field| values.get(usize::from(field)));
        let value = match (measured, metric.number) {
            (None, _) => Number::Int(1),
            (Some(Some(Settled::Value(Value::Int(number)))), NumberType::Int) => Number::Int(*number),
            (Some(Some(Settled::Value(Value::Int(number)))), NumberType::Double) => {
                Number::Double(*number as f64)
            }
            (Some(Some(Settled::Value(Value::Double(number)))), _) => Number::Double(*number),
            // What is not there is not measured.
            _ => return None,
        };
        let Some(mut labels) = pairs(metric.labels, Signal::Metric, folded) else {
            left_out.push(LeftOut::Unlabelled { metric: metric.name.to_owned() });
            return None;
        };
        if let Some(limit) = metric.limit {
            let known = self.points.iter().any(|(other, seen)| *other == at && *seen == labels);
            let count = self.points.iter().filter(|(other, _)| *other == at).count();
            if !known && count < limit as usize {
                self.points.push((at, labels.clone()));
            } else if !known {
                labels = Labels::from([(OVERFLOW, Value::Bool(true))]);
                left_out.push(LeftOut::Overflowed { metric: metric.name.to_owned() });
            }
        }
        Some(Point { metric: metric.name, labels, value })
    }

    /// Whether the values pass all tests. What is absent passes `not in` alone.
    fn passes(&self, tests: &[Test<'_>], values: &[Settled<'_>]) -> bool {
        tests.iter().all(|test| {
            let field = usize::from(test.field);
            let (Some(declared), Some(value)) = (self.event.fields.get(field), values.get(field)) else {
                return false;
            };
            let is_one_of =
                |numbers: &[u16], others: &[slo_model::Literal<'_>]| match number(&declared.kind, value) {
                    Some(number) => numbers.iter().any(|one| usize::from(*one) == number),
                    None => others
                        .iter()
                        .any(|other| matches!(value, Settled::Value(value) if Value::from(*other) == *value)),
                };
            match test.passes {
                Passes::Present => !value.is_absent(),
                Passes::In(numbers, others) => !value.is_absent() && is_one_of(numbers, others),
                Passes::NotIn(numbers, others) => value.is_absent() || !is_one_of(numbers, others),
            }
        })
    }

    /// The greatest level that these meanings give, and the text that comes with it: of several variants that give it that of the
    /// first that has one.
    fn level<T: Copy + Ord>(
        &self,
        levels: &[Level<'p>],
        values: &[Settled<'_>],
        signal: Signal,
        level: impl Fn(&Variant<'p>) -> Option<T>,
    ) -> (Option<T>, Option<String>) {
        let variants = levels.iter().filter_map(|one| match values.get(usize::from(one.field)) {
            Some(Settled::Variant(number, payload)) => Some((one.meaning.variants.get(*number)?, payload)),
            _ => None,
        });
        let given: Vec<_> = variants.filter_map(|(one, payload)| Some((level(one)?, one, payload))).collect();
        let greatest = given.iter().map(|(level, ..)| *level).max();
        let mut with_text =
            given.iter().filter(|(own, one, _)| Some(*own) == greatest && !one.text(signal).is_empty());
        let text = with_text.next().map(|(_, one, payload)| self.text(one.text(signal), payload));
        (greatest, text)
    }

    /// The text of a body, a name or a description. What is absent is empty; where a hole at an end is empty, the blanks go with
    /// it that the text then would begin or end with.
    fn text(&self, parts: &[TextPart<'_>], values: &[Settled<'_>]) -> String {
        let part = |part: &TextPart<'_>| match part {
            TextPart::Text(text) => Filled { is_hole: false, text: (*text).to_owned() },
            TextPart::Value(field) => {
                let text = match values.get(usize::from(*field)) {
                    Some(Settled::Value(value)) => value.to_string(),
                    _ => String::new(),
                };
                Filled { is_hole: true, text }
            }
        };
        let mut filled: Vec<Filled> = parts.iter().map(part).collect();
        without_blanks(filled.iter_mut(), str::trim_start);
        without_blanks(filled.iter_mut().rev(), str::trim_end);
        filled.into_iter().map(|part| part.text).collect()
    }

    /// The attributes of a log record or a span, which have nothing of what doesn't fit.
    fn attributes(&self, writers: &[Writer<'p>], signal: Signal, values: &[Settled<'p>]) -> Labels<'p> {
        let known: Vec<Settled<'p>> = values.iter().map(without_unfit).collect();
        pairs(writers, signal, &known).unwrap_or_default()
    }
}

/// A part of a text with what stands there.
struct Filled {
    is_hole: bool,
    text: String,
}

/// Takes blanks away from one end on, where a hole that is empty stands at that end.
fn without_blanks<'t>(mut parts: impl Iterator<Item = &'t mut Filled>, trim: impl Fn(&str) -> &str) {
    if !parts.next().is_some_and(|part| part.is_hole && part.text.is_empty()) {
        return;
    }
    for part in parts {
        if !part.is_hole {
            part.text = trim(&part.text).to_owned();
        }
        if !part.text.is_empty() {
            return;
        }
    }
}

/// Whether a label or the span's name shows a field, or what its variant carries.
fn is_shown(event: &Event<'_>, field: usize, variant: usize, payload: usize) -> bool {
    let metrics = event.metrics.iter().chain(event.running);
    let on_label = metrics.flat_map(|metric| metric.labels).any(|label| match label.value {
        WriterValue::Field(number) | WriterValue::Text(number) => usize::from(number) == field,
        WriterValue::Meaning(number, face) => {
            let variant = face.variants.get(variant).filter(|_| usize::from(number) == field);
            let pairs = variant.map_or(&[][..], |variant| variant.pairs(Signal::Metric));
            pairs.iter().any(|pair| match pair.value {
                PairValue::Payload(number) | PairValue::Text(number) => usize::from(number) == payload,
                PairValue::Constant(_) => false,
            })
        }
        WriterValue::Constant(_) => false,
    });
    let names = event.span.and_then(|span| span.name).into_iter();
    let mut parts = names.chain(event.span_events.iter().map(|one| one.name)).flatten();
    on_label || parts.any(|part| matches!(part, TextPart::Value(number) if usize::from(*number) == field))
}

fn without_unfit<'v>(value: &Settled<'v>) -> Settled<'v> {
    match value {
        Settled::Unfit => Settled::Absent,
        Settled::Variant(number, payload) => {
            Settled::Variant(*number, payload.iter().map(without_unfit).collect())
        }
        other => other.clone(),
    }
}

/// What the writers of a list write. None where one would write what doesn't fit.
fn pairs<'v>(writers: &[Writer<'v>], signal: Signal, values: &[Settled<'v>]) -> Option<Labels<'v>> {
    let mut pairs = Labels::new();
    let mut write = |key: &'v str, value: &Settled<'v>, as_text: bool| {
        match value {
            Settled::Unfit => return false,
            Settled::Value(value) if as_text => {
                pairs.insert(key, Value::String(value.to_string().into()));
            }
            Settled::Value(value) => {
                pairs.insert(key, value.clone());
            }
            Settled::Absent | Settled::Variant(..) | Settled::Contexts(_) => {}
        }
        true
    };
    let all = writers.iter().all(|writer| match writer.value {
        WriterValue::Constant(literal) => write(writer.key, &Settled::Value(literal.into()), false),
        WriterValue::Field(field) | WriterValue::Text(field) => {
            let as_text = matches!(writer.value, WriterValue::Text(_));
            values.get(usize::from(field)).is_none_or(|value| write(writer.key, value, as_text))
        }
        WriterValue::Meaning(field, face) => {
            let Some(Settled::Variant(number, payload)) = values.get(usize::from(field)) else { return true };
            let variant = face.variants.get(*number);
            variant.map_or(&[][..], |variant| variant.pairs(signal)).iter().all(|pair| match pair.value {
                PairValue::Constant(literal) => write(pair.key, &Settled::Value(literal.into()), false),
                PairValue::Payload(number) | PairValue::Text(number) => {
                    let as_text = matches!(pair.value, PairValue::Text(_));
                    payload.get(usize::from(number)).is_none_or(|value| write(pair.key, value, as_text))
                }
            })
        }
    });
    all.then_some(pairs)
}
