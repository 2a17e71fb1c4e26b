//! What texts and values are in a language: whatever a contract says stays a text.

use std::fmt::Write;

use minijinja::value::ValueKind;
use minijinja::{Error, ErrorKind, Value};

use crate::text::is_hostile;

/// A language that there are filters for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Go,
    Java,
    Python,
    TypeScript,
}

impl Language {
    pub(super) const ALL: [Language; 4] =
        [Language::Go, Language::Java, Language::Python, Language::TypeScript];

    /// The word that its filters begin with.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Language::Go => "go",
            Language::Java => "java",
            Language::Python => "python",
            Language::TypeScript => "typescript",
        }
    }

    pub(super) fn named(name: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|language| language.name() == name)
    }

    /// A text as a literal on one line.
    pub(super) fn string(self, text: &str) -> String {
        let mut literal = String::with_capacity(text.len() + 2);
        literal.push('"');
        for character in text.chars() {
            match character {
                '"' => literal.push_str("\\\""),
                '\\' => literal.push_str("\\\\"),
                '\n' => literal.push_str("\\n"),
                '\r' => literal.push_str("\\r"),
                '\t' => literal.push_str("\\t"),
                other if other.is_ascii() && !other.is_ascii_control() => literal.push(other),
                // javac reads a file in the machine's own encoding, where nobody says another.
                other if self == Language::Java || is_hostile(other) => self.escape(other, &mut literal),
                other => literal.push(other),
            }
        }
        literal.push('"');
        literal
    }

    fn escape(self, character: char, literal: &mut String) {
        let number = u32::from(character);
        // Writing to a text never fails.
        let _ = match self {
            // An escape by number in Unicode is read before the text is cut into tokens, and would end the literal's line.
            Language::Java if number < 0x80 => write!(literal, "\\{number:03o}"),
            Language::Java | Language::TypeScript => {
                let mut units = [0; 2];
                character
                    .encode_utf16(&mut units)
                    .iter()
                    .try_for_each(|unit| write!(literal, "\\u{unit:04x}"))
            }
            Language::Go | Language::Python if number < 0x80 => write!(literal, "\\x{number:02x}"),
            Language::Go | Language::Python if number < 0x1_0000 => write!(literal, "\\u{number:04x}"),
            Language::Go | Language::Python => write!(literal, "\\U{number:08x}"),
        };
    }

    fn int(self, number: i64) -> String {
        match self {
            Language::Go => format!("int64({number})"),
            Language::Java => format!("{number}L"),
            Language::Python => number.to_string(),
            // Beyond 2^53 a number is another one.
            Language::TypeScript if number.unsigned_abs() > (1 << 53) => format!("{number}n"),
            Language::TypeScript => number.to_string(),
        }
    }

    fn double(self, number: f64) -> String {
        match self {
            Language::Go => format!("float64({number:?})"),
            Language::Java => format!("{number:?}d"),
            Language::Python | Language::TypeScript => format!("{number:?}"),
        }
    }

    fn truth(self, truth: bool) -> &'static str {
        match (self, truth) {
            (Language::Python, true) => "True",
            (Language::Python, false) => "False",
            (_, true) => "true",
            (_, false) => "false",
        }
    }

    fn list(self, variant: &str, elements: &[String]) -> String {
        let all = elements.join(", ");
        match self {
            Language::Go => {
                let element = match variant {
                    "StringArray" => "string",
                    "IntArray" => "int64",
                    "DoubleArray" => "float64",
                    _ => "bool",
                };
                format!("[]{element}{{{all}}}")
            }
            Language::Java => format!("java.util.List.of({all})"),
            Language::Python => match elements {
                [one] => format!("({one},)"),
                _ => format!("({all})"),
            },
            Language::TypeScript => format!("[{all}]"),
        }
    }

    /// A constant of a plan, which is an object of its kind and its value, as `{"String": {"value": "ok"}}`.
    pub(super) fn value(self, literal: &Value) -> Result<String, Error> {
        let no_literal = || {
            let message = "this is no constant of a plan, such as `{\"String\": {\"value\": \"ok\"}}`";
            Error::new(ErrorKind::InvalidOperation, message)
        };
        if literal.kind() != ValueKind::Map {
            return Err(no_literal());
        }
        let kind = literal.try_iter()?.next().ok_or_else(no_literal)?;
        let value = literal.get_item(&kind)?.get_attr("value")?;
        let kind = kind.as_str().ok_or_else(no_literal)?.to_owned();
        let one = |value: &Value| -> Result<String, Error> {
            Ok(match kind.trim_end_matches("Array") {
                "String" => self.string(value.as_str().ok_or_else(no_literal)?),
                "Int" => self.int(value.as_i64().ok_or_else(no_literal)?),
                "Double" => self.double(f64::try_from(value.clone()).map_err(|_| no_literal())?),
                "Bool" => self.truth(value.is_true()).to_owned(),
                _ => return Err(no_literal()),
            })
        };
        if !kind.ends_with("Array") {
            return one(&value);
        }
        let elements = value.try_iter()?.map(|element| one(&element)).collect::<Result<Vec<_>, _>>()?;
        Ok(self.list(&kind, &elements))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a\"b\\u0041\n\r\t\0\u{7f}\u{2028}\u{feff}\u{202e}ö😀${x}%s'`";

    #[test]
    fn a_text_stays_a_text_in_each_language() {
        let literals = Language::ALL.map(|language| language.string(HOSTILE));
        insta::assert_snapshot!(literals.join("\n"), @r#"
        "a\"b\\u0041\n\r\t\x00\x7f\u2028\ufeff\u202eö😀${x}%s'`"
        "a\"b\\u0041\n\r\t\000\177\u2028\ufeff\u202e\u00f6\ud83d\ude00${x}%s'`"
        "a\"b\\u0041\n\r\t\x00\x7f\u2028\ufeff\u202eö😀${x}%s'`"
        "a\"b\\u0041\n\r\t\u0000\u007f\u2028\ufeff\u202eö😀${x}%s'`"
        "#);
    }

    #[test]
    fn constants_are_values_of_the_language() {
        let value =
            |kind: &str, value: Value| Value::from_iter([(kind, Value::from_iter([("value", value)]))]);
        for (literal, expected) in [
            (value("String", "a\"".into()), ["\"a\\\"\"", "\"a\\\"\"", "\"a\\\"\"", "\"a\\\"\""]),
            (
                value("Int", i64::MIN.into()),
                [
                    "int64(-9223372036854775808)",
                    "-9223372036854775808L",
                    "-9223372036854775808",
                    "-9223372036854775808n",
                ],
            ),
            (value("Double", 5.0.into()), ["float64(5.0)", "5.0d", "5.0", "5.0"]),
            (value("Bool", true.into()), ["true", "true", "True", "true"]),
            (
                value("IntArray", vec![1i64].into()),
                ["[]int64{int64(1)}", "java.util.List.of(1L)", "(1,)", "[1]"],
            ),
        ] {
            let all = Language::ALL.map(|language| language.value(&literal).unwrap());
            assert_eq!(all, expected);
        }
        assert!(Language::Go.value(&Value::from("ok")).is_err());
    }
}
