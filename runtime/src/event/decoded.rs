//! From what a signal shows back to the meaning.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::marker::PhantomData;

use slo_model::event::{Meaning as Table, Pair, PairValue, Shown, Signal, Variant};
use slo_model::names::{TranslationStrategy, prometheus_label};
use slo_model::{Literal, Value, ValueType};

use super::Meaning;

/// The label of the point that stands for all tuples beyond a limit (metrics SDK specification, "Cardinality limits").
pub(crate) const OVERFLOW: &str = "otel.metric.overflow";

/// A source of values by their keys: the labels of a point, the fields of a log record or the attributes of a span.
pub trait Lookup {
    /// The value under a key.
    fn value(&self, key: &str) -> Option<Value<'_>>;
}

impl Lookup for HashMap<String, Value<'_>> {
    fn value(&self, key: &str) -> Option<Value<'_>> {
        self.get(key).cloned()
    }
}

impl Lookup for BTreeMap<String, Value<'_>> {
    fn value(&self, key: &str) -> Option<Value<'_>> {
        self.get(key).cloned()
    }
}

impl<K: AsRef<str>> Lookup for [(K, Value<'_>)] {
    fn value(&self, key: &str) -> Option<Value<'_>> {
        self.iter().find(|(own, _)| own.as_ref() == key).map(|(_, value)| value.clone())
    }
}

impl<T> Lookup for Vec<T>
where
    [T]: Lookup,
{
    fn value(&self, key: &str) -> Option<Value<'_>> {
        self.as_slice().value(key)
    }
}

/// The labels of a Prometheus series, with the translation strategy by which the server named them.
#[derive(Clone, Debug)]
pub struct PrometheusLabels<'l> {
    labels: &'l [(String, String)],
    strategy: TranslationStrategy,
}

impl<'l> PrometheusLabels<'l> {
    /// The labels, and the strategy by which the server named them.
    #[must_use]
    pub fn new(labels: &'l [(String, String)], strategy: TranslationStrategy) -> PrometheusLabels<'l> {
        PrometheusLabels { labels, strategy }
    }
}

impl Lookup for PrometheusLabels<'_> {
    fn value(&self, key: &str) -> Option<Value<'_>> {
        let name = prometheus_label(key, self.strategy)?;
        let (_, text) = self.labels.iter().find(|(label, _)| *label == name)?;
        (!text.is_empty()).then(|| Value::String(Cow::Borrowed(text)))
    }
}

/// The result of decoding a meaning from one signal.
pub enum Decoded<M> {
    /// This variant, with what the signal shows of its payload.
    Variant(DecodedVariant<M>),
    /// One of these variants: the contract merges them on this signal, and says why.
    Merged(Vec<&'static str>),
    /// More than one variant, which no contract would let one record show: several events wrote onto it.
    Ambiguous(Vec<&'static str>),
    /// Nothing of the meaning stands in the record, and no variant is shown by that: the event said none.
    Absent,
    /// No variant: the record shows something that the meaning doesn't say.
    Unknown,
    /// The point of a metric that stands for all that is beyond its limit.
    Overflow,
}

impl<M: Meaning> Decoded<M> {
    /// The meaning as a value of its type; none where the signal doesn't show all of it.
    #[must_use]
    pub fn known(&self) -> Option<M> {
        match self {
            Decoded::Variant(seen) => seen.known(),
            _ => None,
        }
    }
}

/// A variant of a meaning with the payload that the signal shows. A signal need not show all of its payload.
pub struct DecodedVariant<M> {
    /// The variant's name.
    pub name: &'static str,
    variant: u16,
    payload: Vec<(&'static str, Option<Value<'static>>)>,
    meaning: PhantomData<fn() -> M>,
}

// These hold no `M`: that it can be copied, compared and shown does not depend on it, as derives would have it.

impl<M> Clone for DecodedVariant<M> {
    fn clone(&self) -> DecodedVariant<M> {
        DecodedVariant {
            name: self.name,
            variant: self.variant,
            payload: self.payload.clone(),
            meaning: PhantomData,
        }
    }
}

impl<M> PartialEq for DecodedVariant<M> {
    fn eq(&self, other: &DecodedVariant<M>) -> bool {
        self.variant == other.variant && self.payload == other.payload
    }
}

impl<M> std::fmt::Debug for DecodedVariant<M> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = formatter.debug_struct(self.name);
        for (name, value) in &self.payload {
            shown.field(name, value);
        }
        shown.finish()
    }
}

impl<M> Clone for Decoded<M> {
    fn clone(&self) -> Decoded<M> {
        match self {
            Decoded::Variant(seen) => Decoded::Variant(seen.clone()),
            Decoded::Merged(names) => Decoded::Merged(names.clone()),
            Decoded::Ambiguous(names) => Decoded::Ambiguous(names.clone()),
            Decoded::Absent => Decoded::Absent,
            Decoded::Unknown => Decoded::Unknown,
            Decoded::Overflow => Decoded::Overflow,
        }
    }
}

impl<M> PartialEq for Decoded<M> {
    fn eq(&self, other: &Decoded<M>) -> bool {
        match (self, other) {
            (Decoded::Variant(left), Decoded::Variant(right)) => left == right,
            (Decoded::Merged(left), Decoded::Merged(right))
            | (Decoded::Ambiguous(left), Decoded::Ambiguous(right)) => left == right,
            (Decoded::Absent, Decoded::Absent)
            | (Decoded::Unknown, Decoded::Unknown)
            | (Decoded::Overflow, Decoded::Overflow) => true,
            _ => false,
        }
    }
}

impl<M> std::fmt::Debug for Decoded<M> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Decoded::Variant(seen) => formatter.debug_tuple("Variant").field(seen).finish(),
            Decoded::Merged(names) => formatter.debug_tuple("Merged").field(names).finish(),
            Decoded::Ambiguous(names) => formatter.debug_tuple("Ambiguous").field(names).finish(),
            Decoded::Absent => formatter.write_str("Absent"),
            Decoded::Unknown => formatter.write_str("Unknown"),
            Decoded::Overflow => formatter.write_str("Overflow"),
        }
    }
}

impl<M: Meaning> DecodedVariant<M> {
    /// The value of a payload; none where the signal doesn't show it.
    #[must_use]
    pub fn payload(&self, name: &str) -> Option<&Value<'static>> {
        self.payload.iter().find(|(own, _)| *own == name).and_then(|(_, value)| value.as_ref())
    }

    /// The meaning, where the signal shows all of it.
    #[must_use]
    pub fn known(&self) -> Option<M> {
        let payload: Vec<_> = self.payload.iter().map(|(_, value)| value.clone()).collect();
        M::from_parts(self.variant, &payload)
    }
}

/// What a record shows of a meaning. On a metric an absent label is a value, so that all keys of the meaning count; on a
/// log record and a span a variant is there where all that it writes is.
pub(crate) fn recover<M: Meaning>(
    table: &'static Table<'static>,
    signal: Signal,
    record: &impl Lookup,
) -> Decoded<M> {
    let truth = |value: Value<'_>| value == Value::Bool(true) || value == Value::String("true".into());
    if signal == Signal::Metric && record.value(OVERFLOW).is_some_and(truth) {
        return Decoded::Overflow;
    }
    let shown: Vec<&str> =
        keys(table, signal).into_iter().filter(|key| record.value(key).is_some()).collect();
    let mut found: Vec<(u16, DecodedVariant<M>)> = Vec::new();
    for (number, variant) in (0_u16..).zip(table.variants) {
        let fits = match (variant.shown(signal), signal) {
            (Shown::Unsaid, _) => false,
            // `none` is the record in which no key of the meaning stands.
            (Shown::None, _) => shown.is_empty(),
            (Shown::Pairs(pairs), Signal::Metric) => {
                shown.iter().all(|key| pairs.iter().any(|pair| pair.key == *key))
            }
            (Shown::Pairs(_), _) => true,
        };
        if fits && let Some(payload) = payload(variant, variant.pairs(signal), record) {
            found.push((
                number,
                DecodedVariant { name: variant.name, variant: number, payload, meaning: PhantomData },
            ));
        }
    }
    let numbers: Vec<u16> = found.iter().map(|(number, _)| *number).collect();
    let names = || {
        numbers.iter().filter_map(|number| table.variants.get(usize::from(*number))).map(|v| v.name).collect()
    };
    let merged = |number: &u16| {
        table.lossy.iter().any(|lossy| lossy.signal == signal && lossy.variants.contains(number))
    };
    match found.pop() {
        None if shown.is_empty() => Decoded::Absent,
        None => Decoded::Unknown,
        Some((_, seen)) if found.is_empty() => Decoded::Variant(seen),
        Some(_) if numbers.iter().all(merged) => Decoded::Merged(names()),
        Some(_) => Decoded::Ambiguous(names()),
    }
}

/// Every key that a variant writes on a signal.
fn keys(table: &Table<'static>, signal: Signal) -> Vec<&'static str> {
    let mut keys: Vec<&'static str> = Vec::new();
    for pair in table.variants.iter().flat_map(|variant| variant.pairs(signal)) {
        if !keys.contains(&pair.key) {
            keys.push(pair.key);
        }
    }
    keys
}

/// What the record shows of a variant's payload; none where it doesn't show the variant.
fn payload(
    variant: &Variant<'static>,
    pairs: &[Pair<'static>],
    record: &impl Lookup,
) -> Option<Vec<(&'static str, Option<Value<'static>>)>> {
    let mut payload: Vec<(&'static str, Option<Value<'static>>)> =
        variant.payload.iter().map(|slot| (slot.key.name, None)).collect();
    for pair in pairs {
        let value = record.value(pair.key)?;
        let number = match pair.value {
            PairValue::Constant(constant) if is_same(&constant, &value) => continue,
            PairValue::Constant(_) => return None,
            PairValue::Payload(number) | PairValue::Text(number) => usize::from(number),
        };
        let slot = variant.payload.get(number)?;
        // Text, as Prometheus has all values, is read by the payload's type.
        let value = match &value {
            Value::String(text) if slot.key.value_type != ValueType::String => {
                slot.key.parse(text).ok()?.into_owned()
            }
            Value::Int(whole) if slot.key.value_type == ValueType::Double => Value::Double(*whole as f64),
            value => value.clone().into_owned(),
        };
        let folded = [slot.other, slot.bounded.map(|bounded| bounded.other)].into_iter().flatten();
        let rest = folded.into_iter().any(|other| is_same(&other, &value));
        let allowed = |only: &[u16]| {
            let members = slot.key.members.unwrap_or_default();
            only.iter()
                .filter_map(|number| members.get(usize::from(*number)))
                .any(|member| is_same(&member.wire, &value))
        };
        if !rest && (slot.key.check(&value).is_err() || !slot.only.is_none_or(allowed)) {
            return None;
        }
        match &mut payload.get_mut(number)?.1 {
            Some(first) if *first != value => return None,
            place => *place = Some(value),
        }
    }
    Some(payload)
}

/// Whether a record's value is the contract's, compared as text where one of them is text: a metric's labels are text to
/// Prometheus.
fn is_same(literal: &Literal<'_>, value: &Value<'_>) -> bool {
    let own = Value::from(*literal);
    own == *value || matches!(value, Value::String(_)) && own.to_string() == value.to_string()
}
