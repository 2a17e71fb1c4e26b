//! Looking up in the messages of OTLP.

use std::borrow::Cow;

use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use slo_model::Value;

use crate::decode::Lookup;

impl Lookup for [KeyValue] {
    fn value(&self, key: &str) -> Option<Value<'_>> {
        any(self.iter().find(|attribute| attribute.key == key)?.value.as_ref()?)
    }
}

impl Lookup for opentelemetry_proto::tonic::logs::v1::LogRecord {
    fn value(&self, key: &str) -> Option<Value<'_>> {
        self.attributes.value(key)
    }
}

impl Lookup for opentelemetry_proto::tonic::trace::v1::Span {
    fn value(&self, key: &str) -> Option<Value<'_>> {
        self.attributes.value(key)
    }
}

impl Lookup for opentelemetry_proto::tonic::trace::v1::span::Event {
    fn value(&self, key: &str) -> Option<Value<'_>> {
        self.attributes.value(key)
    }
}

/// The value as contracts have it; none of a kind that no contract has.
fn any(given: &AnyValue) -> Option<Value<'_>> {
    use any_value::Value as Given;

    Some(match given.value.as_ref()? {
        Given::StringValue(text) => Value::String(Cow::Borrowed(text)),
        Given::IntValue(number) => Value::Int(*number),
        Given::DoubleValue(number) => Value::Double(*number),
        Given::BoolValue(truth) => Value::Bool(*truth),
        Given::ArrayValue(list) => return super::list(list.values.iter().map(any)),
        Given::KvlistValue(members) => {
            let members = members.values.iter();
            let members =
                members.map(|one| Some((Cow::Borrowed(one.key.as_str()), any(one.value.as_ref()?)?)));
            super::object(members.collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use opentelemetry_proto::tonic::common::v1::ArrayValue;

    use super::*;

    fn given(value: any_value::Value) -> AnyValue {
        AnyValue { value: Some(value) }
    }

    #[test]
    fn values_are_found_by_their_keys() {
        let list = [1, 2].map(|number| given(any_value::Value::IntValue(number)));
        let attribute = |key: &str, value| KeyValue {
            key: key.to_owned(),
            value: Some(given(value)),
            ..KeyValue::default()
        };
        let attributes = vec![
            attribute("route", any_value::Value::StringValue("/pay".to_owned())),
            attribute("ports", any_value::Value::ArrayValue(ArrayValue { values: list.to_vec() })),
            attribute("raw", any_value::Value::BytesValue(vec![1])),
            KeyValue { key: "empty".to_owned(), ..KeyValue::default() },
        ];
        assert_eq!(attributes.value("route"), Some(Value::String("/pay".into())));
        assert_eq!(attributes.value("ports"), Some(Value::IntArray(vec![1, 2])));
        assert_eq!((attributes.value("raw"), attributes.value("empty")), (None, None));
    }
}
