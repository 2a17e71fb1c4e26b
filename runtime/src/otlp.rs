//! To the messages of OTLP.

use opentelemetry_proto::tonic::common::v1::{
    AnyValue, ArrayValue, InstrumentationScope, KeyValue, KeyValueList, any_value,
};
use slo_model::{Object, Value};

use crate::resource::{Attributes, Kind, Resource, Scope};

impl Attributes<'_, Resource> {
    /// The resource as OTLP sends it.
    #[must_use]
    pub fn to_otlp(&self) -> opentelemetry_proto::tonic::resource::v1::Resource {
        opentelemetry_proto::tonic::resource::v1::Resource {
            attributes: self.messages(),
            ..Default::default()
        }
    }
}

impl Attributes<'_, Scope> {
    /// The scope as OTLP sends it.
    #[must_use]
    pub fn to_otlp(&self) -> InstrumentationScope {
        InstrumentationScope {
            name: self.name().to_owned(),
            version: self.version().unwrap_or_default().to_owned(),
            attributes: self.messages(),
            ..Default::default()
        }
    }
}

impl<K: Kind> Attributes<'_, K> {
    fn messages(&self) -> Vec<KeyValue> {
        self.attributes()
            .map(|(key, value)| KeyValue {
                key: key.to_owned(),
                value: Some(any_value(value)),
                ..Default::default()
            })
            .collect()
    }
}

fn any_value(value: &Value<'_>) -> AnyValue {
    match value {
        Value::String(value) => text(value),
        Value::Int(number) => int(number),
        Value::Double(number) => double(number),
        Value::Bool(truth) => bool(truth),
        Value::StringArray(list) => array(list, |element| text(element)),
        Value::IntArray(list) => array(list, int),
        Value::DoubleArray(list) => array(list, double),
        Value::BoolArray(list) => array(list, bool),
        Value::Object(members) => object(members),
        Value::ObjectArray(list) => array(list, object),
    }
}

fn object(members: &Object<'_>) -> AnyValue {
    let values = members.iter().map(|(name, value)| KeyValue {
        key: name.clone().into_owned(),
        value: Some(any_value(value)),
        ..KeyValue::default()
    });
    any(any_value::Value::KvlistValue(KeyValueList { values: values.collect() }))
}

fn text(text: &str) -> AnyValue {
    any(any_value::Value::StringValue(text.to_owned()))
}

fn int(number: &i64) -> AnyValue {
    any(any_value::Value::IntValue(*number))
}

fn double(number: &f64) -> AnyValue {
    any(any_value::Value::DoubleValue(*number))
}

fn bool(truth: &bool) -> AnyValue {
    any(any_value::Value::BoolValue(*truth))
}

fn array<T>(list: &[T], element: impl Fn(&T) -> AnyValue) -> AnyValue {
    any(any_value::Value::ArrayValue(ArrayValue { values: list.iter().map(element).collect() }))
}

fn any(value: any_value::Value) -> AnyValue {
    AnyValue { value: Some(value) }
}
