//! Attributes of OTLP, as the inverse functions read them.

use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use slo::value::Value;

pub(crate) type Pairs = Vec<(String, Value<'static>)>;

pub(crate) fn pairs(attributes: &[KeyValue]) -> Pairs {
    let value =
        |value: &Option<AnyValue>| match value.as_ref().and_then(|value| value.value.as_ref()).unwrap() {
            Any::StringValue(text) => Value::String(text.clone().into()),
            Any::IntValue(number) => Value::Int(*number),
            Any::DoubleValue(number) => Value::Double(*number),
            Any::BoolValue(truth) => Value::Bool(*truth),
            other => panic!("a value of another kind: {other:?}"),
        };
    attributes.iter().map(|pair| (pair.key.clone(), value(&pair.value))).collect()
}
