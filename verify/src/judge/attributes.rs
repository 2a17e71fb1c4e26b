//! The keys of a record, and what stands under them.

use opentelemetry_proto::tonic::common::v1::KeyValue;
use slo_compiler::diagnostic::{Code, Severity};
use slo_compiler::text::nearest;
use slo_interpreter::slot;
use slo_model::event::{Signal, Slot};
use slo_model::{Key, Source, Unfit, Value, ValueType};

use super::habits;
use super::meanings;
use super::subject::Subject;
use super::values::{Meant, Values};
use crate::tables::shape::{Entry, Shape, Use};
use crate::tally::{Faults, Words};
use crate::value::Came;

/// What came under a key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum State<'v> {
    /// Nothing.
    Absent,
    /// The key without a value.
    Empty,
    /// Something of which a fault was told, or nothing can be said.
    Unclear,
    /// A value.
    Value(Value<'v>),
}

/// The attributes of a record, by the numbers of the shape's keys.
#[derive(Debug, Default)]
pub(crate) struct Attributes<'v> {
    pub(crate) states: Vec<State<'v>>,
    /// How many keys of the shape came.
    came: usize,
    pub(crate) unknown: Vec<&'v str>,
}

impl<'v> Attributes<'v> {
    /// Sorts a list by the keys of a shape. A key that comes twice is judged by neither value.
    pub(crate) fn sort(
        shape: &Shape<'_>,
        list: &'v [KeyValue],
        subject: &Subject<'_>,
        faults: &mut dyn Faults,
    ) -> Attributes<'v> {
        let states = shape.entries.iter().map(|_| State::Absent).collect();
        let mut sorted = Attributes { states, came: 0, unknown: Vec::new() };
        for (pair, place) in list.iter().zip(0..) {
            let key = pair.key.as_str();
            let Some(state) = shape.number_at(place, key).and_then(|number| sorted.states.get_mut(number))
            else {
                sorted.unknown.push(key);
                continue;
            };
            let came = Came::of(pair.value.as_ref());
            if *state != State::Absent {
                let before = match &*state {
                    State::Value(value) => shown(&value.to_string()),
                    State::Absent | State::Empty | State::Unclear => "nothing".to_owned(),
                };
                subject.fault(faults, Code::TelemetryKeyTwice, key, &|| {
                    let after = shown(&came.to_string());
                    Words::new(format!("`{key}` came twice on {}: {before} and {after}", subject.shown()))
                        .help("set it once: which of the two a backend shows depends on the backend")
                });
                *state = State::Unclear;
                continue;
            }
            sorted.came += 1;
            *state = match came {
                Came::Value(value) => State::Value(value),
                Came::Empty => State::Empty,
                Came::Bytes(_) | Came::Mixed => {
                    subject.fault(faults, Code::TelemetryType, key, &|| {
                        let wanted = wanted(shape, key);
                        let words = Words::new(format!(
                            "`{key}` of {} is {}, and the contract says {wanted}",
                            subject.shown(),
                            came.with_article()
                        ));
                        words.help_maybe(habits::of_kind(&came))
                    });
                    State::Unclear
                }
            };
        }
        sorted
    }

    /// Leaves a key out of the judgement, whatever came.
    pub(crate) fn forgive(&mut self, shape: &Shape<'_>, key: &str) {
        if let Some(state) = shape.number(key).and_then(|number| self.states.get_mut(number)) {
            *state = State::Unclear;
        }
    }

    fn state(&self, number: usize) -> &State<'v> {
        self.states.get(number).unwrap_or(&State::Absent)
    }
}

/// Judges the attributes of a record, and gives what they say of the event's fields.
pub(crate) fn judge<'v>(
    shape: &Shape<'_>,
    attributes: &mut Attributes<'v>,
    subject: &Subject<'_>,
    faults: &mut dyn Faults,
) -> Values<'v> {
    let mut values = Values::with_room(attributes.came);
    let mut unfit = Vec::new();
    for (number, entry) in shape.entries.iter().enumerate() {
        match attributes.state(number) {
            State::Value(value) => {
                if entry.uses.iter().any(|one| matches!(one, Use::Meaning(_))) {
                    continue;
                }
                match plain(entry, value, shape, attributes, subject) {
                    Ok(Some((field, value))) => values.set(field, value),
                    Ok(None) => {}
                    Err(why) => {
                        wrong(entry.key, value, &why, subject, faults);
                        unfit.push(number);
                    }
                }
            }
            State::Absent if entry.required => missing(shape, entry, attributes, subject, faults),
            State::Absent => {
                if let [Use::Field { field, .. }] = entry.uses.as_slice() {
                    values.set_absent(*field);
                }
            }
            State::Empty | State::Unclear => {}
        }
    }
    for number in unfit {
        if let Some(state) = attributes.states.get_mut(number) {
            *state = State::Unclear;
        }
    }
    meanings::judge(shape, attributes, subject, &mut values, faults);
    for (number, entry) in shape.entries.iter().enumerate() {
        if *attributes.state(number) == State::Empty {
            empty(entry, is_missed(shape, entry, &values), subject, faults);
        }
    }
    if !attributes.unknown.is_empty() {
        unknown(shape, attributes, &values, subject, faults);
    }
    values
}

/// Whether a record needs a key: each does, or a meaning isn't known for the lack of it.
fn is_missed(shape: &Shape<'_>, entry: &Entry<'_>, values: &Values<'_>) -> bool {
    let is_unclear = |one: &Use<'_>| match one {
        Use::Meaning(number) => shape
            .meanings
            .get(*number)
            .is_some_and(|asked| values.meaning(asked.field) == Some(&Meant::Unclear)),
        Use::Constant(_) | Use::Field { .. } | Use::Key(_) => false,
    };
    entry.required || entry.uses.iter().any(is_unclear)
}

/// The field that a value is of, as the field has it; none for a constant.
fn plain<'v>(
    entry: &Entry<'_>,
    value: &Value<'v>,
    shape: &Shape<'_>,
    attributes: &Attributes<'v>,
    subject: &Subject<'_>,
) -> Result<Option<(u16, Value<'v>)>, Unfit> {
    let mut first = None;
    for one in &entry.uses {
        let read = match one {
            Use::Constant(literal) => constant(*literal, value).map(|()| None),
            Use::Field { field, slot, as_text } => {
                fitting(slot, *as_text, subject.signal, value).map(|value| value.map(|value| (*field, value)))
            }
            Use::Key(key) => of_container(key, value, attributes, shape).map(|()| None),
            Use::Meaning(_) => continue,
        };
        match read {
            Ok(read) => return Ok(read),
            Err(why) => first = first.or(Some(why)),
        }
    }
    first.map_or(Ok(None), Err)
}

/// Whether a value is one that a resource or a scope says.
fn of_container(
    key: &Key<'_>,
    value: &Value<'_>,
    attributes: &Attributes<'_>,
    shape: &Shape<'_>,
) -> Result<(), Unfit> {
    if let Source::Static(literal) = key.source {
        return constant(literal, value);
    }
    key.check(value)?;
    let (Some(template), Value::String(text)) = (key.matches, value) else { return Ok(()) };
    let value_of = |name: &str| match shape.number(name).map(|number| attributes.state(number)) {
        Some(State::Value(Value::String(text))) => Some(text.as_ref()),
        _ => None,
    };
    if template.matches(text, value_of) {
        return Ok(());
    }
    Err(Unfit::Matches { value: text.to_string(), template: template.to_string(), keys: Vec::new() })
}

/// Whether a value is a constant.
pub(crate) fn constant(literal: slo_model::Literal<'_>, value: &Value<'_>) -> Result<(), Unfit> {
    let own = Value::from(literal);
    if is_same(&own, value) {
        return Ok(());
    }
    if !value.value_type().fits(own.value_type()) {
        return Err(Unfit::Type { expected: own.value_type(), found: value.value_type().with_article() });
    }
    Err(Unfit::Members { value: value.to_string(), members: vec![own.to_string()] })
}

/// Whether two values are one: a whole double may come as an integer, as JavaScript writes it.
pub(crate) fn is_same(own: &Value<'_>, came: &Value<'_>) -> bool {
    match (own, came) {
        (Value::Double(own), Value::Int(came)) => *own == *came as f64,
        (own, came) => own == came,
    }
}

/// The value as a field or payload has it. On labels what stands for the rest says nothing of the field.
pub(crate) fn fitting<'v>(
    slot: &Slot<'_>,
    as_text: bool,
    signal: Signal,
    value: &Value<'v>,
) -> Result<Option<Value<'v>>, Unfit> {
    if signal == Signal::Metric
        && let Some(rest) = slot::rest(slot)
        && (rest == *value || as_text && Value::String(rest.to_string().into()) == *value)
    {
        return Ok(None);
    }
    let value = match value {
        Value::String(text) if as_text => slot.key.parse(text)?.into_owned(),
        other if as_text => {
            let found = other.value_type().with_article();
            return Err(Unfit::Type { expected: ValueType::String, found });
        }
        // A list without elements has no type of its own.
        Value::StringArray(list) if list.is_empty() && slot.key.value_type != ValueType::StringArray => {
            match slot.key.value_type {
                ValueType::IntArray => Value::IntArray(Vec::new()),
                ValueType::DoubleArray => Value::DoubleArray(Vec::new()),
                ValueType::BoolArray => Value::BoolArray(Vec::new()),
                ValueType::ObjectArray => Value::ObjectArray(Vec::new()),
                _ => value.clone(),
            }
        }
        Value::IntArray(list) if slot.key.value_type == ValueType::DoubleArray => {
            Value::DoubleArray(list.iter().map(|number| *number as f64).collect())
        }
        value => value.clone(),
    };
    // What a label shows of an open enum are the members alone, where something stands for the others.
    if signal == Signal::Metric
        && slot.other.is_some()
        && value.value_type().fits(slot.key.value_type)
        && let Some(members) = slot.key.members
        && !members.iter().any(|member| Value::from(member.wire) == value)
    {
        let members = members.iter().map(|member| Value::from(member.wire).to_string());
        let members = members.chain(slot.other.map(|other| Value::from(other).to_string())).collect();
        return Err(Unfit::Members { value: value.to_string(), members });
    }
    slot::fit(slot, value).map(Some)
}

/// Tells of a value that doesn't fit.
pub(crate) fn wrong(
    key: &str,
    value: &Value<'_>,
    why: &Unfit,
    subject: &Subject<'_>,
    faults: &mut dyn Faults,
) {
    match why {
        Unfit::Type { expected, found } => {
            subject.fault(faults, Code::TelemetryType, key, &|| {
                let message =
                    format!("`{key}` of {} is {found}, and the contract says `{expected}`", subject.shown());
                Words::new(message).help_maybe(habits::of_type(*expected, value))
            });
        }
        why => {
            subject.fault(faults, Code::TelemetryValue, key, &|| {
                Words::new(format!("`{key}` of {}: {why}", subject.shown()))
                    .help_maybe(habits::of_value(value))
            });
        }
    }
}

fn empty(entry: &Entry<'_>, is_missed: bool, subject: &Subject<'_>, faults: &mut dyn Faults) {
    let severity =
        if is_missed || subject.signal == Signal::Metric { Severity::Error } else { Severity::Note };
    subject.fault_of(faults, Code::TelemetryEmpty, severity, entry.key, &|| {
        let words = Words::new(format!(
            "`{}` of {} came without a value: `None`, `null` or an empty value was set",
            entry.key,
            subject.shown()
        ));
        match subject.signal {
            Signal::Metric => {
                words.help("leave the label out: with an empty value the point is another series")
            }
            _ => words.help("leave the key out where there is no value"),
        }
    });
}

fn missing(
    shape: &Shape<'_>,
    entry: &Entry<'_>,
    attributes: &Attributes<'_>,
    subject: &Subject<'_>,
    faults: &mut dyn Faults,
) {
    subject.fault(faults, Code::TelemetryKeyMissing, entry.key, &|| {
        let words = Words::new(format!("{} lacks `{}`", subject.shown(), entry.key));
        words.help_maybe(instead(shape, entry.key, attributes))
    });
}

/// What came instead of a key that is missing, where that can be told.
pub(crate) fn instead(shape: &Shape<'_>, key: &str, attributes: &Attributes<'_>) -> Option<String> {
    if let Some(near) = near(key, attributes) {
        return Some(format!("`{near}` came, which the contract doesn't have: is that it?"));
    }
    if attributes.unknown.contains(&"exception.message") && shape.number("exception.message").is_none() {
        return Some(
            "`exception.message` came: the bridge puts an error there (otelslog's and otelzap's errors, the error fields of `tracing`, pino's `err`)"
                .to_owned(),
        );
    }
    None
}

/// A key that came, that the contract doesn't have, and whose name is near.
fn near<'a>(key: &str, attributes: &Attributes<'a>) -> Option<&'a str> {
    let folded = |key: &str| key.to_lowercase().replace(['.', '-'], "_");
    let same = attributes.unknown.iter().find(|other| folded(other) == folded(key));
    same.copied().or_else(|| nearest(key, attributes.unknown.iter().copied()))
}

fn unknown(
    shape: &Shape<'_>,
    attributes: &Attributes<'_>,
    values: &Values<'_>,
    subject: &Subject<'_>,
    faults: &mut dyn Faults,
) {
    let strict = subject.closed || subject.signal == Signal::Metric;
    for key in &attributes.unknown {
        if !strict && habits::is_added(key) {
            continue;
        }
        // It was named already, with the key that is missing.
        let missing = shape.entries.iter().zip(&attributes.states);
        let mut missing =
            missing.filter(|(entry, state)| **state == State::Absent && is_missed(shape, entry, values));
        if missing.any(|(entry, _)| near(entry.key, attributes) == Some(key)) {
            continue;
        }
        let severity = if strict { Severity::Error } else { Severity::Note };
        subject.fault_of(faults, Code::TelemetryKey, severity, key, &|| {
            let words =
                Words::new(format!("{} has `{}`, which the contract doesn't", subject.shown(), shown(key)));
            let near = nearest(key, shape.entries.iter().map(|entry| entry.key));
            match near {
                Some(near) => words.help(format!("`{near}` has a name that is near")),
                None if strict && subject.signal == Signal::Metric => words
                    .help("take it away, or add it to the metric's list: each of its values makes series"),
                None if strict => words.help("take it away, or `closed`"),
                None => words.help("add it to the event where it is meant to be there"),
            }
        });
    }
}

fn wanted(shape: &Shape<'_>, key: &str) -> String {
    let entry = shape.number(key).and_then(|number| shape.entries.get(number));
    let one = entry.and_then(|entry| entry.uses.first());
    match one {
        Some(Use::Field { as_text: true, .. }) => "`string`".to_owned(),
        Some(Use::Field { slot, .. }) => format!("`{}`", slot.key.value_type),
        Some(Use::Key(key)) => format!("`{}`", key.value_type),
        Some(Use::Constant(literal)) => format!("`{}`", Value::from(*literal)),
        Some(Use::Meaning(_)) | None => "another type".to_owned(),
    }
}

/// How much of a text from outside a message quotes, in characters.
const SHOWN: usize = 80;

/// A text from outside as messages have it.
pub(crate) fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).flat_map(char::escape_debug).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}
