//! How types of the program take the values of made-up occurrences.

use std::time::Duration;

use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};
use slo_interpreter::Given;
use slo_model::Value;

/// A type of the program that takes what is given.
pub(crate) trait Read {
    fn read(given: &Given<'_>) -> Self;
}

macro_rules! read {
    ($($of:ty: $given:pat => $value:expr;)*) => {$(
        impl Read for $of {
            fn read(given: &Given<'_>) -> $of {
                match given {
                    $given => $value,
                    other => panic!("{other:?}"),
                }
            }
        }
    )*};
}

fn own(text: &str) -> slo::Text {
    slo::Text::from(text.to_owned())
}

read! {
    slo::Text: Given::Value(Value::String(text)) => own(text);
    i64: Given::Value(Value::Int(number)) => *number;
    f64: Given::Value(Value::Double(number)) => *number;
    bool: Given::Value(Value::Bool(truth)) => *truth;
    Vec<slo::Text>: Given::Value(Value::StringArray(list)) => list.iter().map(|text| own(text)).collect();
    Vec<i64>: Given::Value(Value::IntArray(list)) => list.clone();
    Vec<f64>: Given::Value(Value::DoubleArray(list)) => list.clone();
    Vec<bool>: Given::Value(Value::BoolArray(list)) => list.clone();
    Value<'static>: Given::Value(value) => value.clone().into_owned();
    slo::SpanContexts: Given::Contexts(count) => (1..=*count).map(context).collect();
}

/// A length of time that takes what is given, a number of units of so many nanoseconds.
pub(crate) trait Lasts {
    fn read(given: &Given<'_>, nanoseconds: f64) -> Self;
}

impl Lasts for Duration {
    fn read(given: &Given<'_>, nanoseconds: f64) -> Duration {
        Duration::from_secs_f64(f64::read(given) * nanoseconds / 1e9)
    }
}

impl Lasts for Option<Duration> {
    fn read(given: &Given<'_>, nanoseconds: f64) -> Option<Duration> {
        (*given != Given::Absent).then(|| Lasts::read(given, nanoseconds))
    }
}

impl<T: Read> Read for Option<T> {
    fn read(given: &Given<'_>) -> Option<T> {
        (*given != Given::Absent).then(|| T::read(given))
    }
}

fn context(number: usize) -> SpanContext {
    let (trace, span) = (TraceId::from(number as u128), SpanId::from(number as u64));
    SpanContext::new(trace, span, TraceFlags::SAMPLED, true, TraceState::default())
}
