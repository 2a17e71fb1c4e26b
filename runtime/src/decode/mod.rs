//! Decoding of telemetry: from the labels of a point, the fields of a log record or the attributes of a span back to the variant of a
//! meaning.
//!
//! Each meaning and each view of a contract has a [`Projection`] onto the three signals; its functions `from_metric`, `from_log`
//! and `from_span` take whatever has values under keys, a [`Lookup`]:
//!
//! | from | is looked up in |
//! |---|---|
//! | the SDK (feature `sdk`, with `emit` its records) | `SdkLogRecord`, `SpanData`, the attributes of a point: a list of `opentelemetry::KeyValue` |
//! | OTLP (feature `otlp`) | its `LogRecord`, `Span`, and a list of its `KeyValue`, as points have |
//! | Prometheus | [`PrometheusLabels`] |
//! | anything else | lists and maps of keys with a [`Value`](crate::value::Value) |

#[cfg(feature = "otlp")]
mod otlp;
#[cfg(feature = "sdk")]
mod sdk;

pub use crate::event::{Decoded, DecodedVariant, Lookup, Projection, PrometheusLabels};
pub use slo_model::names::TranslationStrategy;

/// A list of values of one type; none where they are of several, or of none that a list has. An empty one is one of texts.
#[cfg(any(feature = "otlp", feature = "emit"))]
fn list<'l>(
    values: impl Iterator<Item = Option<crate::value::Value<'l>>>,
) -> Option<crate::value::Value<'l>> {
    use crate::value::Value;

    let values: Vec<Value<'l>> = values.collect::<Option<_>>()?;
    macro_rules! all {
        ($one:ident) => {
            values
                .into_iter()
                .map(|value| match value {
                    Value::$one(value) => Some(value),
                    _ => None,
                })
                .collect::<Option<Vec<_>>>()
        };
    }
    match values.first() {
        None | Some(Value::String(_)) => all!(String).map(Value::StringArray),
        Some(Value::Int(_)) => all!(Int).map(Value::IntArray),
        Some(Value::Double(_)) => all!(Double).map(Value::DoubleArray),
        Some(Value::Bool(_)) => all!(Bool).map(Value::BoolArray),
        Some(Value::Object(_)) => all!(Object).map(Value::ObjectArray),
        Some(_) => None,
    }
}

/// An object, its members in the order of their names: records have them in none.
#[cfg(any(feature = "emit", feature = "otlp"))]
fn object(mut members: crate::value::Object<'_>) -> crate::value::Value<'_> {
    members.sort_by(|(one, _), (other, _)| one.cmp(other));
    crate::value::Value::Object(members)
}
