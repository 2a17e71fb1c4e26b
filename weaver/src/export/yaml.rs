//! YAML as it is written: blocks, texts in quotes unless they are plain names, and lines of a long text as they are.

use std::fmt;

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Yaml {
    Null,
    Boolean(bool),
    Integer(i64),
    Number(f64),
    Text(String),
    List(Vec<Yaml>),
    Map(Vec<(String, Yaml)>),
}

impl Yaml {
    pub(super) fn text(text: &str) -> Yaml {
        Yaml::Text(text.to_owned())
    }

    /// Writes the value behind a key or a dash, and ends its line.
    fn put(&self, formatter: &mut fmt::Formatter<'_>, indent: usize, after_dash: bool) -> fmt::Result {
        match self {
            Yaml::List(values) if values.is_empty() => writeln!(formatter, " []"),
            Yaml::Map(entries) if entries.is_empty() => writeln!(formatter, " {{}}"),
            Yaml::List(values) if values.iter().all(Yaml::is_short) => {
                formatter.write_str(" [")?;
                for (number, value) in values.iter().enumerate() {
                    formatter.write_str(if number == 0 { "" } else { ", " })?;
                    value.scalar(formatter)?;
                }
                formatter.write_str("]\n")
            }
            Yaml::List(values) => {
                formatter.write_str("\n")?;
                for value in values {
                    write!(formatter, "{}-", " ".repeat(indent))?;
                    value.put(formatter, indent + 2, true)?;
                }
                Ok(())
            }
            Yaml::Map(entries) => {
                for (number, (key, value)) in entries.iter().enumerate() {
                    if number == 0 && after_dash {
                        formatter.write_str(" ")?;
                    } else {
                        if number == 0 {
                            formatter.write_str("\n")?;
                        }
                        formatter.write_str(&" ".repeat(indent))?;
                    }
                    text(formatter, key)?;
                    formatter.write_str(":")?;
                    value.put(formatter, indent + 2, false)?;
                }
                Ok(())
            }
            Yaml::Text(lines) if is_block(lines) => {
                // What ends the last line is said by the sign.
                let (body, sign) = match lines.strip_suffix('\n') {
                    Some(body) => (body, "|"),
                    None => (lines.as_str(), "|-"),
                };
                writeln!(formatter, " {sign}")?;
                for line in body.split('\n') {
                    if line.is_empty() {
                        formatter.write_str("\n")?;
                    } else {
                        writeln!(formatter, "{}{line}", " ".repeat(indent))?;
                    }
                }
                Ok(())
            }
            scalar => {
                formatter.write_str(" ")?;
                scalar.scalar(formatter)?;
                formatter.write_str("\n")
            }
        }
    }

    /// Whether it fits into a list on one line.
    fn is_short(&self) -> bool {
        match self {
            Yaml::Null | Yaml::Boolean(_) | Yaml::Integer(_) | Yaml::Number(_) => true,
            Yaml::Text(text) => text.len() <= 60 && !text.contains('\n'),
            Yaml::List(values) => {
                values.iter().all(|value| !matches!(value, Yaml::List(_)) && value.is_short())
            }
            Yaml::Map(_) => false,
        }
    }

    fn scalar(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Yaml::Null => formatter.write_str("null"),
            Yaml::Boolean(value) => write!(formatter, "{value}"),
            Yaml::Integer(value) => write!(formatter, "{value}"),
            // A number that is no integer stays one.
            Yaml::Number(value) => write!(formatter, "{value:?}"),
            Yaml::Text(value) => text(formatter, value),
            Yaml::List(values) => {
                formatter.write_str("[")?;
                for (number, value) in values.iter().enumerate() {
                    formatter.write_str(if number == 0 { "" } else { ", " })?;
                    value.scalar(formatter)?;
                }
                formatter.write_str("]")
            }
            Yaml::Map(_) => formatter.write_str("{}"),
        }
    }
}

/// Whether a text is written line by line: it has several, and each is as it looks.
fn is_block(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    body.contains('\n')
        && !body.starts_with([' ', '\n'])
        && !body.ends_with('\n')
        && body.split('\n').all(|line| !line.ends_with([' ', '\t']) && !line.chars().any(is_odd))
}

/// Characters that are escaped.
fn is_odd(one: char) -> bool {
    one.is_control()
        || matches!(one, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
        || matches!(one, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
}

/// A text on one line: plain where nothing else could be meant, in quotes otherwise.
fn text(formatter: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    // What other readers take for a boolean, or for nothing.
    const WORDS: [&str; 12] =
        ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf", "infinity"];
    let is_name = text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|one| one.is_ascii_alphanumeric() || "._/-".contains(one))
        && !WORDS.contains(&text.to_ascii_lowercase().as_str());
    if is_name {
        return formatter.write_str(text);
    }
    formatter.write_str("\"")?;
    for one in text.chars() {
        match one {
            '"' => formatter.write_str("\\\"")?,
            '\\' => formatter.write_str("\\\\")?,
            '\n' => formatter.write_str("\\n")?,
            '\t' => formatter.write_str("\\t")?,
            one if is_odd(one) && (one as u32) <= 0xffff => write!(formatter, "\\u{:04X}", one as u32)?,
            one if is_odd(one) => write!(formatter, "\\U{:08X}", one as u32)?,
            one => write!(formatter, "{one}")?,
        }
    }
    formatter.write_str("\"")
}

/// A whole file.
impl fmt::Display for Yaml {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Yaml::Map(entries) = self else {
            return self.put(formatter, 0, true);
        };
        for (key, value) in entries {
            text(formatter, key)?;
            formatter.write_str(":")?;
            value.put(formatter, 2, false)?;
        }
        Ok(())
    }
}
