//! Looking up in what OpenTelemetry's SDK has.

use std::borrow::Cow;

use opentelemetry::{Array, KeyValue, Value as Given};
use slo_model::Value;

use crate::decode::Lookup;

impl Lookup for [KeyValue] {
    fn value(&self, key: &str) -> Option<Value<'_>> {
        value(&self.iter().find(|attribute| attribute.key.as_str() == key)?.value)
    }
}

#[cfg(feature = "emit")]
impl Lookup for opentelemetry_sdk::trace::SpanData {
    fn value(&self, key: &str) -> Option<Value<'_>> {
        self.attributes.value(key)
    }
}

#[cfg(feature = "emit")]
impl Lookup for opentelemetry::trace::Event {
    fn value(&self, key: &str) -> Option<Value<'_>> {
        self.attributes.value(key)
    }
}

#[cfg(feature = "emit")]
impl Lookup for opentelemetry_sdk::logs::SdkLogRecord {
    fn value(&self, key: &str) -> Option<Value<'_>> {
        any(&self.attributes_iter().find(|(own, _)| own.as_str() == key)?.1)
    }
}

/// The value as contracts have it; none of a kind that no contract has.
fn value(given: &Given) -> Option<Value<'_>> {
    Some(match given {
        Given::String(text) => Value::String(Cow::Borrowed(text.as_str())),
        Given::I64(number) => Value::Int(*number),
        Given::F64(number) => Value::Double(*number),
        Given::Bool(truth) => Value::Bool(*truth),
        Given::Array(Array::String(texts)) => {
            Value::StringArray(texts.iter().map(|text| Cow::Borrowed(text.as_str())).collect())
        }
        Given::Array(Array::I64(numbers)) => Value::IntArray(numbers.clone()),
        Given::Array(Array::F64(numbers)) => Value::DoubleArray(numbers.clone()),
        Given::Array(Array::Bool(truths)) => Value::BoolArray(truths.clone()),
        _ => return None,
    })
}

#[cfg(feature = "emit")]
fn any(given: &opentelemetry::logs::AnyValue) -> Option<Value<'_>> {
    use opentelemetry::logs::AnyValue;

    Some(match given {
        AnyValue::String(text) => Value::String(Cow::Borrowed(text.as_str())),
        AnyValue::Int(number) => Value::Int(*number),
        AnyValue::Double(number) => Value::Double(*number),
        AnyValue::Boolean(truth) => Value::Bool(*truth),
        AnyValue::ListAny(list) => return super::list(list.iter().map(any)),
        AnyValue::Map(members) => {
            let members =
                members.iter().map(|(name, value)| Some((Cow::Borrowed(name.as_str()), any(value)?)));
            super::object(members.collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_those_of_one_type() {
        let attributes = [
            KeyValue::new("zones", Given::Array(Array::String(vec!["a".into(), "b".into()]))),
            KeyValue::new("ports", Given::Array(Array::I64(vec![1, 2]))),
            KeyValue::new("attempts", 3),
        ];
        let looked_up = |key: &str| attributes.as_slice().value(key);
        assert_eq!(looked_up("zones"), Some(Value::StringArray(vec!["a".into(), "b".into()])));
        assert_eq!(looked_up("ports"), Some(Value::IntArray(vec![1, 2])));
        assert_eq!(looked_up("attempts"), Some(Value::Int(3)));
        assert_eq!(looked_up("nothing"), None);
    }

    #[cfg(feature = "emit")]
    #[test]
    fn a_log_record_has_lists_as_values_of_any_type() {
        use opentelemetry::logs::{AnyValue, LogRecord, Logger, LoggerProvider};

        let logger = opentelemetry_sdk::logs::SdkLoggerProvider::builder().build().logger("a");
        let mut record = logger.create_log_record();
        record.add_attribute("zones", AnyValue::ListAny(Box::new(vec!["a".into(), "b".into()])));
        record.add_attribute("mixed", AnyValue::ListAny(Box::new(vec!["a".into(), 1.into()])));
        record.add_attribute("raw", AnyValue::Bytes(Box::new(vec![1])));
        assert_eq!(record.value("zones"), Some(Value::StringArray(vec!["a".into(), "b".into()])));
        assert_eq!((record.value("mixed"), record.value("raw")), (None, None));
    }
}
