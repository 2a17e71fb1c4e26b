//! An attribute's value as text.

use std::borrow::Cow;
use std::fmt::Write;

use opentelemetry::{Array, Value};

/// The text that Prometheus's server makes of a value that comes over OTLP: whole numbers in decimals, `true` or `false`,
/// other numbers as JavaScript writes them, lists as JSON.
///
/// Source: OpenTelemetry Collector, `pcommon.Value.AsString`, which the server calls. A list with a number that isn't
/// finite, which JSON has no text for, is an empty text there, and so it is here.
pub(super) fn text(value: &Value) -> Cow<'_, str> {
    Cow::Owned(match value {
        Value::String(text) => return Cow::Borrowed(text.as_str()),
        Value::Bool(truth) => truth.to_string(),
        Value::I64(number) => number.to_string(),
        Value::F64(number) => double(*number),
        Value::Array(Array::Bool(list)) => json(list, |truth| truth.to_string()),
        Value::Array(Array::I64(list)) => json(list, |number| number.to_string()),
        Value::Array(Array::F64(list)) if list.iter().any(|number| !number.is_finite()) => String::new(),
        Value::Array(Array::F64(list)) => json(list, |number| double(*number)),
        Value::Array(Array::String(list)) => json(list, |text| quoted(text.as_str())),
        // The SDK's enums may grow.
        other => other.to_string(),
    })
}

/// A number as ECMAScript writes it (ECMA-262, `Number::toString`): with an exponent from 1e21 on and below 1e-6.
fn double(number: f64) -> String {
    let size = number.abs();
    if number.is_nan() {
        "NaN".to_owned()
    } else if number.is_infinite() {
        if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
    } else if size != 0.0 && size < 1e-6 {
        format!("{number:e}")
    } else if size >= 1e21 {
        format!("{number:e}").replace('e', "e+")
    } else {
        number.to_string()
    }
}

fn json<T>(list: &[T], element: impl Fn(&T) -> String) -> String {
    format!("[{}]", list.iter().map(element).collect::<Vec<_>>().join(","))
}

/// A text as Go's `encoding/json` writes it without escaping for HTML.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\0'..='\u{1f}' | '\u{2028}' | '\u{2029}' => {
                // Writing to a text can't fail.
                _ = write!(quoted, "\\u{:04x}", u32::from(character));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry::StringValue;

    #[test]
    fn values_are_the_texts_that_a_server_makes_of_them() {
        let cases: [(Value, &str); 16] = [
            ("a\nb".into(), "a\nb"),
            (true.into(), "true"),
            (i64::MIN.into(), "-9223372036854775808"),
            (0.1.into(), "0.1"),
            (1.0.into(), "1"),
            ((-0.0).into(), "-0"),
            (1e20.into(), "100000000000000000000"),
            (1e21.into(), "1e+21"),
            (1e-6.into(), "0.000001"),
            (1.5e-7.into(), "1.5e-7"),
            (f64::NAN.into(), "NaN"),
            (f64::NEG_INFINITY.into(), "-Infinity"),
            (Value::Array(Array::I64(vec![1, -2])), "[1,-2]"),
            (Value::Array(Array::F64(vec![1.0, 2.5])), "[1,2.5]"),
            (Value::Array(Array::F64(vec![f64::NAN])), ""),
            (Value::Array(Array::Bool(vec![])), "[]"),
        ];
        for (value, expected) in cases {
            assert_eq!(text(&value), expected, "{value:?}");
        }
        let list = ["<a>", "\"\\\n\u{1}\u{8}\u{2028}"].map(StringValue::from).to_vec();
        let expected = r#"["<a>","\"\\\n\u0001\b\u2028"]"#;
        assert_eq!(text(&Value::Array(Array::String(list))), expected);
    }
}
