//! Values that a contract or a tag writes down, read by the type of their key.

use slo_grammar::{Expression, Place, Placed, parse_value, quote};
use slo_model::Unfit;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Domain, Literal, Member, Scalar, Type};
use crate::text::{article, list, nearest};

/// Reads a value. That it keeps its key's constraints is for the checks to see; here it only gets its type.
pub(crate) fn literal(
    key: &str,
    value: &Placed<Expression>,
    domain: &Domain,
) -> Result<Literal, Box<Diagnostic>> {
    Reader { key, domain }.value(value).map_err(|diagnostic| Box::new(diagnostic.about(key)))
}

/// Reads a value of a key that has no type of its own.
pub(crate) fn any_literal(key: &str, value: &Placed<Expression>) -> Result<Literal, Box<Diagnostic>> {
    any(key, value).map_err(|diagnostic| Box::new(diagnostic.about(key)))
}

struct Reader<'r> {
    key: &'r str,
    domain: &'r Domain,
}

type Read<T> = Result<T, Diagnostic>;

impl Reader<'_> {
    fn value(&self, value: &Placed<Expression>) -> Read<Literal> {
        match &self.domain.value {
            Type::Scalar(scalar) => self.scalar(*scalar, value),
            Type::Array(scalar) => self.array(*scalar, value),
            Type::Any => any(self.key, value),
            Type::Duration(_) => self.scalar(Scalar::Double, value),
            Type::Timestamp(unit) if unit == "rfc3339" => self.scalar(Scalar::String, value),
            Type::Timestamp(_) => self.scalar(Scalar::Int, value),
            Type::Object(_) | Type::ObjectArray(_) => Err(self
                .wrong(value.place, "an object is nothing that a contract writes down")
                .help("write its members as constants of the list, each under a name")),
            Type::Map(_) => Err(self
                .wrong(value.place, "a family of keys has no value of its own")
                .help(format!("name one of the family, such as `{}.name`", self.key))),
        }
    }

    fn scalar(&self, scalar: Scalar, value: &Placed<Expression>) -> Read<Literal> {
        if let Some(members) = &self.domain.members
            && let Expression::Key(_) | Expression::Raw(_) = &value.value
        {
            return self.member(members, scalar, value);
        }
        if let Expression::Raw(raw) = &value.value {
            return self.raw(scalar, raw, value.place);
        }
        match (scalar, &value.value) {
            (Scalar::String, Expression::String(text)) => Ok(Literal::String(text.as_str().to_owned())),
            (Scalar::String, Expression::Key(word)) => Err(Diagnostic::new(
                Code::Type,
                value.place,
                format!("`{}` is a string, and text is quoted", self.key),
            )
            .help(format!("write {}", quote(word)))
            .fix(value.place, quote(word))),
            (Scalar::Int, Expression::Number { digits, unit }) if unit.is_empty() && is_integer(digits) => {
                digits.parse().map(Literal::Int).map_err(|_| {
                    Diagnostic::new(
                        Code::Type,
                        value.place,
                        format!("`{}` does not fit a signed integer of 64 bits", shown(digits)),
                    )
                    .help(match digits.starts_with('-') {
                        true => "the least is -9_223_372_036_854_775_808",
                        false => "the greatest is 9_223_372_036_854_775_807",
                    })
                })
            }
            (Scalar::Double, Expression::Number { digits, unit }) if unit.is_empty() => {
                match digits.parse::<f64>() {
                    Ok(number) if number.is_finite() => Ok(Literal::Double(number)),
                    _ => Err(Diagnostic::new(
                        Code::Type,
                        value.place,
                        format!("`{}` does not fit a double", shown(digits)),
                    )
                    .help("the greatest is about 1.8e308, of either sign")),
                }
            }
            (Scalar::Int | Scalar::Double, Expression::Number { digits, unit }) if !unit.is_empty() => {
                Err(self
                    .wrong(value.place, "a number stands here without a unit")
                    .help(without(digits, unit)))
            }
            (Scalar::Bool, Expression::Key(word)) if word == "true" => Ok(Literal::Bool(true)),
            (Scalar::Bool, Expression::Key(word)) if word == "false" => Ok(Literal::Bool(false)),
            (Scalar::Bytes, _) => {
                let help = "take it out: only the program has bytes";
                Err(self.wrong(value.place, "bytes can't be written down").help(help))
            }
            (scalar, other) => {
                let found = kind_of(other);
                Err(self.wrong(value.place, &format!("found {found}")).help(instead(scalar, other)))
            }
        }
    }

    /// A bare word is a member's name; a tag's raw text may be the name or what stands on the wire.
    fn member(&self, members: &[Member], scalar: Scalar, value: &Placed<Expression>) -> Read<Literal> {
        let (word, raw) = match &value.value {
            Expression::Key(word) => (word, false),
            Expression::Raw(word) => (word, true),
            _ => return Err(self.wrong(value.place, "found something else")),
        };
        let by_name = members.iter().find(|member| member.name == *word);
        if !raw {
            return by_name
                .map(|member| member.wire.clone())
                .ok_or_else(|| self.no_member(members, word, value.place));
        }
        let by_wire = members.iter().find(|member| member.wire.value().to_string() == *word);
        match (by_name, by_wire) {
            (Some(name), Some(wire)) if name.wire != wire.wire => Err(Diagnostic::new(
                Code::NotAMember,
                value.place,
                format!("`{word}` is a member's name and another member's value on the wire"),
            )
            .help(format!("quote it for the value on the wire, `{}`", quote(word)))),
            (Some(member), _) | (None, Some(member)) => Ok(member.wire.clone()),
            (None, None) if self.domain.open => self.raw(scalar, word, value.place),
            (None, None) => Err(self.no_member(members, word, value.place)),
        }
    }

    fn no_member(&self, members: &[Member], word: &str, place: Place) -> Diagnostic {
        let names: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
        let help = match nearest(word, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if self.domain.open => format!("quote a value beyond the members: {}", quote(word)),
            None if names.len() > 12 => {
                format!("it has {} members, such as {}", names.len(), list(&names[..3]))
            }
            None => format!("its members are {}", list(&names)),
        };
        Diagnostic::new(Code::NotAMember, place, format!("`{word}` is no member of `{}`", self.key))
            .help(help)
    }

    fn raw(&self, scalar: Scalar, raw: &str, place: Place) -> Read<Literal> {
        let key = slo_model::Key::new("", value_type(scalar), "");
        // Digits may be grouped in a tag as in a file.
        let grouped = matches!(scalar, Scalar::Int | Scalar::Double)
            && raw.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        let text = if grouped { raw.replace('_', "") } else { raw.to_owned() };
        key.parse(&text).map(Literal::from_value).map_err(|unfit| {
            let message = match unfit {
                Unfit::Type { found, .. } => return self.wrong(place, &format!("found {found}")),
                other => other.to_string(),
            };
            Diagnostic::new(Code::Type, place, message)
        })
    }

    fn array(&self, scalar: Scalar, value: &Placed<Expression>) -> Read<Literal> {
        let Expression::List(elements) = &value.value else {
            let help = match kind_of(&value.value) {
                "a range" | "a condition" | "a conversion" => "write its values between `[` and `]`",
                _ => "put the value between `[` and `]`",
            };
            return Err(self.wrong(value.place, "a list is written `[a, b]`").help(help));
        };
        let elements =
            elements.iter().map(|element| self.scalar(scalar, element)).collect::<Read<Vec<_>>>()?;
        Ok(match scalar {
            Scalar::Int => Literal::IntArray(
                elements
                    .into_iter()
                    .filter_map(|element| match element {
                        Literal::Int(number) => Some(number),
                        _ => None,
                    })
                    .collect(),
            ),
            Scalar::Double => Literal::DoubleArray(
                elements
                    .into_iter()
                    .filter_map(|element| match element {
                        Literal::Double(number) => Some(number),
                        _ => None,
                    })
                    .collect(),
            ),
            Scalar::Bool => Literal::BoolArray(
                elements
                    .into_iter()
                    .filter_map(|element| match element {
                        Literal::Bool(truth) => Some(truth),
                        _ => None,
                    })
                    .collect(),
            ),
            Scalar::String | Scalar::Bytes => Literal::StringArray(
                elements
                    .into_iter()
                    .filter_map(|element| match element {
                        Literal::String(text) => Some(text),
                        _ => None,
                    })
                    .collect(),
            ),
        })
    }

    fn wrong(&self, place: Place, found: &str) -> Diagnostic {
        let name = self.domain.type_name();
        Diagnostic::new(Code::Type, place, format!("`{}` is {} {name}: {found}", self.key, article(&name)))
    }
}

/// The model's type of one value of a scalar type.
const fn value_type(scalar: Scalar) -> slo_model::ValueType {
    match scalar {
        Scalar::Int => slo_model::ValueType::Int,
        Scalar::Double => slo_model::ValueType::Double,
        Scalar::Bool => slo_model::ValueType::Bool,
        Scalar::String | Scalar::Bytes => slo_model::ValueType::String,
    }
}

/// A value without a type to go by.
fn any(key: &str, value: &Placed<Expression>) -> Read<Literal> {
    let no_value = |message: String| Diagnostic::new(Code::Type, value.place, message);
    let scalar = match &value.value {
        Expression::Range(..)
        | Expression::Call(..)
        | Expression::Combination(..)
        | Expression::Conditions(_) => {
            return Err(no_value(format!("{} is no value", kind_of(&value.value)))
                .help("write a text in quotes, a number, `true`, `false` or a list"));
        }
        Expression::Number { digits, unit } if !unit.is_empty() => {
            return Err(no_value(format!(
                "`{digits}{unit}` is no value: a number stands here without a unit"
            ))
            .help(without(digits, unit)));
        }
        Expression::Number { digits, .. } if is_integer(digits) => Scalar::Int,
        Expression::Number { .. } => Scalar::Double,
        Expression::Key(word) if word == "true" || word == "false" => Scalar::Bool,
        Expression::List(elements) => {
            let first = elements.first().map(|element| any(key, element)).transpose()?;
            let scalar = match first {
                Some(Literal::Int(_)) => Scalar::Int,
                Some(Literal::Double(_)) => Scalar::Double,
                Some(Literal::Bool(_)) => Scalar::Bool,
                _ => Scalar::String,
            };
            let is_other = |element: &&Placed<Expression>| match one_of_list(&element.value) {
                Some(Scalar::Int) if scalar == Scalar::Double => false,
                other => other.is_some_and(|other| other != scalar),
            };
            if let (Some(first), Some(other)) = (elements.first(), elements.iter().find(is_other)) {
                return Err(Diagnostic::new(
                    Code::Type,
                    other.place,
                    format!("a list holds values of one type: found {}", kind_of(&other.value)),
                )
                .and(first.place, kind_of(&first.value))
                .help(match (scalar, one_of_list(&other.value)) {
                    (Scalar::Int, Some(Scalar::Double)) => {
                        "write each with a fraction, such as `1.0`, or none".to_owned()
                    }
                    _ => instead(scalar, &other.value),
                }));
            }
            return Reader { key, domain: &Domain::of(Type::Array(scalar)) }.value(value);
        }
        _ => Scalar::String,
    };
    Reader { key, domain: &Domain::of(Type::Scalar(scalar)) }.value(value)
}

/// The type of a list of which this is the first value. None where it is in none.
fn one_of_list(value: &Expression) -> Option<Scalar> {
    Some(match value {
        Expression::Number { digits, .. } if is_integer(digits) => Scalar::Int,
        Expression::Number { .. } => Scalar::Double,
        Expression::Key(word) if word == "true" || word == "false" => Scalar::Bool,
        Expression::String(_) | Expression::Raw(_) => Scalar::String,
        _ => return None,
    })
}

/// What to write instead of a value of another type.
fn instead(scalar: Scalar, found: &Expression) -> String {
    match (scalar, found) {
        (Scalar::String, Expression::Number { digits, unit }) => {
            format!("write {}", quote(&format!("{digits}{unit}")))
        }
        (Scalar::String | Scalar::Bytes, _) => "write a text in quotes".to_owned(),
        (Scalar::Bool, _) => "write `true` or `false`".to_owned(),
        (Scalar::Int, Expression::String(text)) if text.parse::<i64>().is_ok() => format!("write `{text}`"),
        (Scalar::Int, _) => "write a whole number".to_owned(),
        (Scalar::Double, Expression::String(text)) if text.parse::<f64>().is_ok() => {
            format!("write `{text}`")
        }
        (Scalar::Double, _) => "write a number".to_owned(),
    }
}

/// How a number with a unit stands without it.
fn without(digits: &str, unit: &str) -> String {
    format!("take `{unit}` out: `{digits}`")
}

/// A number's digits as a message shows them.
fn shown(digits: &str) -> String {
    const SHOWN: usize = 40;
    match digits.get(..SHOWN) {
        Some(start) if digits.len() > SHOWN => format!("{start}…"),
        _ => digits.to_owned(),
    }
}

fn is_integer(digits: &str) -> bool {
    digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn kind_of(value: &Expression) -> &'static str {
    match value {
        Expression::Key(_) => "a word",
        Expression::String(_) => "a text in quotes",
        Expression::Number { digits, .. } if !is_integer(digits) => "a number with a fraction",
        Expression::Number { .. } => "a number",
        Expression::Range(..) => "a range",
        Expression::List(_) => "a list",
        Expression::Call(..) => "a conversion",
        Expression::Combination(..) => "names put together",
        Expression::Conditions(_) => "a condition",
        Expression::Raw(_) => "text",
    }
}

/// A tag's raw text read as a file writes a value, for options such as `range=`.
pub(crate) fn unraw(value: &Placed<Expression>) -> Result<Placed<Expression>, slo_grammar::SyntaxError> {
    match &value.value {
        Expression::Raw(raw) => parse_value(value.place, raw),
        _ => Ok(value.clone()),
    }
}
