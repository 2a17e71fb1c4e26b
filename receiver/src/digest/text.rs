//! Values of attributes as texts.

use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value::Value};

/// Attributes as texts, sorted by their keys.
pub(super) fn texts(attributes: &[KeyValue]) -> Vec<(String, String)> {
    let mut texts: Vec<(String, String)> = attributes
        .iter()
        .map(|attribute| (attribute.key.clone(), attribute.value.as_ref().map(text).unwrap_or_default()))
        .collect();
    texts.sort();
    texts
}

/// A value as a text: texts as they are, lists as `[1, 2]`, maps as `{a: 1}`, bytes as their number.
fn text(value: &AnyValue) -> String {
    match &value.value {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::BoolValue(truth)) => truth.to_string(),
        Some(Value::IntValue(number)) => number.to_string(),
        Some(Value::DoubleValue(number)) => number.to_string(),
        Some(Value::ArrayValue(list)) => {
            let texts: Vec<String> = list.values.iter().map(text).collect();
            format!("[{}]", texts.join(", "))
        }
        Some(Value::KvlistValue(map)) => {
            let texts: Vec<String> =
                texts(&map.values).iter().map(|(key, value)| format!("{key}: {value}")).collect();
            format!("{{{}}}", texts.join(", "))
        }
        Some(Value::BytesValue(bytes)) => format!("{} bytes", bytes.len()),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry_proto::tonic::common::v1::{ArrayValue, KeyValueList};

    #[test]
    fn attributes_are_sorted_and_values_are_texts() {
        let any = |value| AnyValue { value: Some(value) };
        let pair = |key: &str, value| KeyValue {
            key: key.to_owned(),
            value: Some(any(value)),
            ..KeyValue::default()
        };
        let list = ArrayValue { values: vec![any(Value::IntValue(1)), any(Value::BoolValue(true))] };
        let map = KeyValueList { values: vec![pair("y", Value::DoubleValue(0.5))] };
        let attributes = [
            pair("map", Value::KvlistValue(map)),
            pair("list", Value::ArrayValue(list)),
            pair("bytes", Value::BytesValue(vec![0; 3])),
            KeyValue { key: "absent".to_owned(), ..KeyValue::default() },
        ];
        let shown: Vec<String> =
            texts(&attributes).iter().map(|(key, text)| format!("{key}={text}")).collect();
        assert_eq!(shown, ["absent=", "bytes=3 bytes", "list=[1, true]", "map={y: 0.5}"]);
    }
}
