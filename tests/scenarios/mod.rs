//! Gaps that fleets have, by their numbers: each is first shown with ordinary, uncoordinated instrumentation, and then closed
//! with a contract, on the real SDK, tokio, axum and exporters. The contract of all of them is in `slo/`.

mod ordinary;
mod ordinary_service;
mod service;

mod row02_split_states;
mod row03_timestamps;
mod row04_lost_context;
mod row05_service_names;
mod row06_error_grains;
mod row09_two_counts;
mod row11_unflushed_logs;
mod row12_hidden_causes;
mod row13_four_scales;

use crate::generated::scenarios as contracts;
use opentelemetry::logs::AnyValue;
use opentelemetry_sdk::logs::SdkLogRecord;
use slo::value::Value;

/// A log record's attributes, as they are read back.
fn fields(record: &SdkLogRecord) -> Vec<(String, Value<'static>)> {
    record
        .attributes_iter()
        .filter_map(|(key, value)| {
            let value = match value {
                AnyValue::String(text) => Value::String(text.as_str().to_owned().into()),
                AnyValue::Int(number) => Value::Int(*number),
                AnyValue::Double(number) => Value::Double(*number),
                AnyValue::Boolean(truth) => Value::Bool(*truth),
                _ => return None,
            };
            Some((key.as_str().to_owned(), value))
        })
        .collect()
}

/// A span's or a point's attributes, as they are read back.
fn attributes<'a>(
    pairs: impl IntoIterator<Item = &'a opentelemetry::KeyValue>,
) -> Vec<(String, Value<'static>)> {
    pairs
        .into_iter()
        .filter_map(|pair| {
            let value = match &pair.value {
                opentelemetry::Value::String(text) => Value::String(text.as_str().to_owned().into()),
                opentelemetry::Value::I64(number) => Value::Int(*number),
                opentelemetry::Value::F64(number) => Value::Double(*number),
                opentelemetry::Value::Bool(truth) => Value::Bool(*truth),
                _ => return None,
            };
            Some((pair.key.as_str().to_owned(), value))
        })
        .collect()
}

/// The text of an attribute.
fn text(pairs: &[(String, Value<'static>)], key: &str) -> Option<String> {
    pairs.iter().find(|(own, _)| own == key).map(|(_, value)| value.to_string())
}
