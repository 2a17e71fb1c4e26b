//! Expressions of tables as text: on one line for rustc, or as prettyplease lays them out for people. Tables are most of what
//! is generated, and a round through tokens, syn and prettyplease takes several times as long as writing them down.
#![cfg_attr(not(feature = "rust"), allow(dead_code, reason = "the derive writes on one line"))]

/// How wide a line is, what stands on it behind any indentation, and how wide a struct is that stands on one.
const LINE: usize = 89;
const LEAST: usize = 60;
const STRUCT: usize = 34;

/// What does not fit on any line.
const BROKEN: usize = 1 << 32;

/// An expression of a table.
pub(super) enum Expression {
    /// A literal or a path.
    Word(String),
    /// A reference to an array.
    List(Vec<Expression>),
    /// A function or a variant with its arguments.
    Call(String, Vec<Expression>),
    /// A struct with its fields, and what the others are taken from.
    Struct(String, Vec<(&'static str, Expression)>, Option<Box<Expression>>),
}

use Expression::{Call, List, Struct, Word};

impl Expression {
    /// Writes the expression on one line.
    pub(super) fn flat(&self, text: &mut String) {
        match self {
            Word(word) => text.push_str(word),
            List(values) => {
                text.push_str("&[");
                separated(values, text);
                text.push(']');
            }
            Call(path, values) => {
                text.push_str(path);
                text.push('(');
                separated(values, text);
                text.push(')');
            }
            Struct(path, fields, rest) => {
                text.push_str(path);
                text.push_str(" { ");
                for (number, (name, value)) in fields.iter().enumerate() {
                    text.push_str(if number == 0 { "" } else { ", " });
                    text.push_str(name);
                    text.push_str(": ");
                    value.flat(text);
                }
                if let Some(rest) = rest {
                    text.push_str(", ..");
                    rest.flat(text);
                }
                text.push_str(" }");
            }
        }
    }

    /// The bytes that it takes on one line; [`BROKEN`] or more where it stands on several wherever it is.
    fn width(&self) -> usize {
        match self {
            Word(word) => word.len(),
            List(values) => 3 + widths(values),
            Call(path, values) => path.len() + 2 + widths(values),
            Struct(path, fields, rest) => {
                let fields = fields.iter().map(|(name, value)| name.len() + 4 + value.width());
                let rest = rest.as_ref().map_or(0, |rest| 4 + rest.width());
                let width = path.len() + 1 + fields.sum::<usize>() + rest + 1;
                if width > STRUCT { BROKEN } else { width + 1 }
            }
        }
    }

    /// Writes the expression behind what stands on the last line of the text, with as much indentation; so many bytes stand
    /// behind it.
    pub(super) fn lay_out(&self, text: &mut String, indent: usize, behind: usize) {
        let line = text.get(text.rfind('\n').map_or(0, |end| end + 1)..).unwrap_or_default();
        let blank = line.len() - line.trim_start().len();
        if line.len() + self.width() + behind <= LINE.max(blank + LEAST) {
            return self.flat(text);
        }
        let inner = indent + 4;
        match self {
            Word(word) => text.push_str(word),
            List(values) if values.is_empty() => text.push_str("&[]"),
            List(values) if values.iter().all(is_plain) => {
                text.push_str("&[");
                new_line(text, inner);
                let mut line = inner;
                for (number, value) in values.iter().enumerate() {
                    let last = number + 1 == values.len();
                    if number > 0 && line + 1 + value.width() + usize::from(!last) > LINE.max(inner + LEAST) {
                        new_line(text, inner);
                        line = inner;
                    } else if number > 0 {
                        text.push(' ');
                        line += 1;
                    }
                    value.flat(text);
                    text.push(',');
                    line += value.width() + 1;
                }
                new_line(text, indent);
                text.push(']');
            }
            List(values) => {
                text.push_str("&[");
                lines(values, text, indent);
                text.push(']');
            }
            Call(path, values) => {
                text.push_str(path);
                text.push('(');
                match values.as_slice() {
                    [one @ Struct(..)] => one.lay_out(text, indent, behind + 1),
                    values => lines(values, text, indent),
                }
                text.push(')');
            }
            Struct(path, fields, rest) => {
                text.push_str(path);
                text.push_str(" {");
                for (number, (name, value)) in fields.iter().enumerate() {
                    new_line(text, inner);
                    text.push_str(name);
                    text.push_str(": ");
                    let last = number + 1 == fields.len() && rest.is_none();
                    value.lay_out(text, inner, usize::from(!last));
                    text.push(',');
                }
                if let Some(rest) = rest {
                    new_line(text, inner);
                    text.push_str("..");
                    rest.lay_out(text, inner, 0);
                }
                new_line(text, indent);
                text.push('}');
            }
        }
    }
}

/// Whether it is a number without a sign, or a truth: several stand on a line.
fn is_plain(value: &Expression) -> bool {
    let plain =
        |word: &String| word == "true" || word == "false" || word.bytes().all(|byte| byte.is_ascii_digit());
    matches!(value, Word(word) if plain(word))
}

fn separated(values: &[Expression], text: &mut String) {
    for (number, value) in values.iter().enumerate() {
        text.push_str(if number == 0 { "" } else { ", " });
        value.flat(text);
    }
}

fn widths(values: &[Expression]) -> usize {
    values.iter().map(|value| value.width() + 2).sum::<usize>().saturating_sub(2)
}

/// A line for each.
fn lines(values: &[Expression], text: &mut String, indent: usize) {
    for (number, value) in values.iter().enumerate() {
        new_line(text, indent + 4);
        value.lay_out(text, indent + 4, usize::from(number + 1 < values.len()));
        text.push(',');
    }
    new_line(text, indent);
}

fn new_line(text: &mut String, indent: usize) {
    text.push('\n');
    text.extend(std::iter::repeat_n(' ', indent));
}
