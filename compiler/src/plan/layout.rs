//! How the values of an event are laid out: which of its fields the program gives, which number each has, and when it is
//! known.

use crate::hash::HashSet;

use super::{Attributes, Values};
use crate::ir::{
    Contract, Event, Field, FieldId, FieldValue, Literal, Meaning, SignalWriter, Type, WriterValue,
};

/// The values of an event.
#[derive(Clone, Debug)]
pub struct Layout<'c> {
    /// The event.
    pub event: &'c Event,
    /// Its fields that have a value of their own, by their numbers. A constant stands wherever it is written, and has
    /// a number only where a metric measures it.
    pub fields: Vec<LaidOut<'c>>,
    /// How many values there are: one for each field, and behind a meaning's one for each payload of a variant.
    pub values: usize,
    /// Durations of which each might be the time from begin to end, where there are several and none is `elapsed`.
    pub ambiguous: Vec<&'c Field>,
    /// By the fields of the event.
    numbers: Vec<Option<usize>>,
}

/// A field with its place among the values.
#[derive(Clone, Debug)]
pub struct LaidOut<'c> {
    /// The field.
    pub field: &'c Field,
    /// What it holds.
    pub holds: Holds<'c>,
    /// Where its value comes from.
    pub given: Given<'c>,
    /// The number of its first value.
    pub at: usize,
    /// How many values it takes.
    pub places: usize,
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub enum Holds<'c> {
    /// A plain value.
    Plain(Values<'c>),
    /// A meaning.
    Meaning(&'c Meaning),
    /// The contexts of other spans.
    Contexts,
}

/// Where the value of a field comes from.
#[derive(Clone, Copy, Debug)]
pub enum Given<'c> {
    /// The program says it when the event begins.
    Begin,
    /// The program may say it until the event ends.
    Later,
    /// It is the time from begin to end, of which so many nanoseconds are one unit.
    Elapsed(f64),
    /// The contract says it.
    Constant(&'c Literal),
}

/// Why nothing can begin an event: it can be stated only when it is over.
#[derive(Clone, Copy, Debug)]
pub enum Hindrance<'c> {
    /// Nothing says what this meaning is if nobody sets it before the end.
    Unsaid(&'c Field),
    /// Each of these may be the time from begin to end.
    Ambiguous(&'c Field, &'c Field),
    /// It goes out nowhere when a value does not fit, and a span that is open can't be taken back.
    DropsInvalid,
    /// Whether its span is opened depends on this field, which is known when the event ends.
    SpanWaits(&'c Field),
}

impl<'c> Layout<'c> {
    /// The layout of an event.
    #[must_use]
    pub fn of(contract: &'c Contract, attributes: &Attributes<'c>, event: &'c Event) -> Layout<'c> {
        let durations: Vec<&Field> = event.fields.iter().filter(|field| may_be_elapsed(field)).collect();
        let elapsed = match durations.as_slice() {
            [one] => Some(*one),
            several => several.iter().find(|field| field.name == "elapsed").copied(),
        };
        let ambiguous = if elapsed.is_some() { Vec::new() } else { durations };
        let measured: HashSet<FieldId> = event.metrics.iter().filter_map(|metric| metric.value).collect();
        let mut layout = Layout {
            event,
            fields: Vec::new(),
            values: 0,
            ambiguous,
            numbers: vec![None; event.fields.len()],
        };
        for (id, field) in event.fields_by_id() {
            let given = match &field.constant {
                Some(constant) => {
                    if !measured.contains(&id) {
                        continue;
                    }
                    Given::Constant(constant)
                }
                None if elapsed.is_some_and(|elapsed| elapsed.name == field.name) => {
                    Given::Elapsed(nanoseconds(field))
                }
                None if field.optional || field.unset.is_some() => Given::Later,
                None => Given::Begin,
            };
            layout.add(contract, attributes, id, given);
        }
        layout
    }

    fn add(&mut self, contract: &'c Contract, attributes: &Attributes<'c>, id: FieldId, given: Given<'c>) {
        let field = self.event.field(id);
        let meaning = match &field.value {
            Some(FieldValue::Meaning { meaning, .. }) => Some(contract.meaning(*meaning)),
            _ => None,
        };
        let holds = match (&field.value, meaning) {
            (_, Some(meaning)) => Holds::Meaning(meaning),
            (Some(FieldValue::Contexts), _) => Holds::Contexts,
            (Some(FieldValue::Plain(domain)), _) => {
                let key = field.declaration.is_some().then_some(field.key.as_str());
                Holds::Plain(attributes.values(key, Some(domain)))
            }
            _ => Holds::Plain(attributes.values(None, None)),
        };
        let places = 1 + meaning.map_or(0, payloads);
        self.numbers[id.index()] = Some(self.fields.len());
        self.fields.push(LaidOut { field, holds, given, at: self.values, places });
        self.values += places;
    }

    /// The number of a field.
    #[must_use]
    pub fn number(&self, field: FieldId) -> Option<usize> {
        self.numbers[field.index()]
    }

    /// A field, where it has a number.
    #[must_use]
    pub fn field(&self, field: FieldId) -> Option<&LaidOut<'c>> {
        self.fields.get(self.number(field)?)
    }

    /// What a field always is.
    #[must_use]
    pub fn constant(&self, field: FieldId) -> Option<&'c Literal> {
        self.event.field(field).constant.as_ref()
    }

    /// Why nothing can begin the event; empty where it may run.
    #[must_use]
    pub fn hindrances(&self) -> Vec<Hindrance<'c>> {
        let unsaid = self.event.fields.iter().filter(|field| {
            let meaning = matches!(field.value, Some(FieldValue::Meaning { .. }));
            meaning && !field.optional && field.unset.is_none()
        });
        let mut hindrances: Vec<Hindrance<'c>> = unsaid.map(Hindrance::Unsaid).collect();
        if let [one, other, ..] = self.ambiguous.as_slice() {
            hindrances.push(Hindrance::Ambiguous(one, other));
        }
        if self.event.drop_invalid {
            hindrances.push(Hindrance::DropsInvalid);
        }
        // The span that is running already is written onto when the event ends.
        let opened = self.event.span.as_ref().filter(|span| span.name.is_some());
        let tests = opened.and_then(|span| span.when.as_ref()).map_or(&[][..], |when| when.tests.as_slice());
        let waits = tests.iter().filter_map(|test| self.field(test.field)).find(|field| {
            // A meaning that nobody sets later was named already.
            matches!(field.given, Given::Later | Given::Elapsed(_))
        });
        hindrances.extend(waits.map(|waits| Hindrance::SpanWaits(waits.field)));
        hindrances
    }
}

/// Whether a field may be the time from the event's begin to its end.
fn may_be_elapsed(field: &Field) -> bool {
    let duration =
        matches!(&field.value, Some(FieldValue::Plain(domain)) if matches!(domain.value, Type::Duration(_)));
    duration && field.constant.is_none() && !field.optional && field.unset.is_none()
}

/// How many nanoseconds are one of a duration's unit.
fn nanoseconds(field: &Field) -> f64 {
    let unit = match &field.value {
        Some(FieldValue::Plain(domain)) => match &domain.value {
            Type::Duration(unit) => unit.as_str(),
            _ => "",
        },
        _ => "",
    };
    match unit {
        "ns" => 1.0,
        "us" => 1e3,
        "ms" => 1e6,
        "min" => 6e10,
        "h" => 3.6e12,
        "d" => 8.64e13,
        _ => 1e9,
    }
}

/// The most payloads that a variant of a meaning has.
#[must_use]
pub fn payloads(meaning: &Meaning) -> usize {
    meaning.variants.iter().map(|variant| variant.payload.len()).max().unwrap_or(0)
}

/// The labels of an observed metric that the program gives, with the keys of their attributes.
pub fn observed_labels(writers: &[SignalWriter]) -> impl Iterator<Item = (&SignalWriter, &str)> {
    writers.iter().filter_map(|writer| match &writer.value {
        Some(WriterValue::Observed(attribute)) => Some((writer, attribute.as_str())),
        _ => None,
    })
}
