//! Which values a key has.

use std::sync::Arc;

#[cfg(feature = "json")]
use serde::{Deserialize, Serialize};
use slo_model::ValueType;

use crate::text::{some_of, with_article};

/// The units of `duration(…)`.
pub(crate) const DURATIONS: [&str; 7] = ["s", "ms", "us", "ns", "min", "h", "d"];

/// What stands for the rest of an open enum of text, where nothing else is said (OpenTelemetry semantic conventions,
/// `error.type` and `http.request.method`).
const REST: &str = "_OTHER";

/// How deep objects may stand in objects.
pub(crate) const OBJECT_DEPTH: usize = 4;

/// A type of the language.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Type {
    /// One value of a scalar type. An enum is a string or an int whose [`Domain::members`] are listed.
    Scalar(Scalar),
    /// A list of a scalar type.
    Array(Scalar),
    /// Any value, where the conventions say so.
    Any,
    /// A family of keys with one part open, as `http.request.header.<name>`; the type is that of each.
    Map(Box<Type>),
    /// A moment, in this unit: an int; text for `rfc3339`.
    Timestamp(String),
    /// A length of time, in this unit: a double.
    Duration(String),
    /// Values by their names, of a log record only.
    Object(Vec<ObjectMember>),
    /// A list of such, of a log record only.
    ObjectArray(Vec<ObjectMember>),
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ObjectMember {
    /// Its name.
    pub name: String,
    /// What the contract says of it.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "String::is_empty"))]
    pub docs: String,
    /// The key of the attribute whose values it has; empty where its type is a plain one.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "String::is_empty"))]
    pub attribute: String,
    /// Whether it may be absent.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub optional: bool,
    /// Its values.
    pub domain: Domain,
}

/// A scalar type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Scalar {
    /// Text.
    String,
    /// A signed integer of 64 bits.
    Int,
    /// A floating-point number of 64 bits.
    Double,
    /// `true` or `false`.
    Bool,
    /// Bytes.
    Bytes,
}

impl Scalar {
    /// The type that the language calls by this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Scalar> {
        Some(match name {
            "string" => Scalar::String,
            "int" => Scalar::Int,
            "double" => Scalar::Double,
            "bool" => Scalar::Bool,
            "bytes" => Scalar::Bytes,
            _ => return None,
        })
    }

    /// The name by which the language calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Scalar::String => "string",
            Scalar::Int => "int",
            Scalar::Double => "double",
            Scalar::Bool => "bool",
            Scalar::Bytes => "bytes",
        }
    }
}

impl Type {
    /// The members of an object, or of each of a list of them.
    #[must_use]
    pub fn object(&self) -> Option<&[ObjectMember]> {
        match self {
            Type::Object(members) | Type::ObjectArray(members) => Some(members),
            _ => None,
        }
    }

    /// How deep objects stand in it: 0 where it is none.
    #[must_use]
    pub(crate) fn depth(&self) -> usize {
        let Some(members) = self.object() else { return 0 };
        1 + members.iter().map(|member| member.domain.value.depth()).max().unwrap_or(0)
    }

    /// The type on the wire of an attribute, which holds no bytes, no maps and no objects.
    #[must_use]
    pub fn value_type(&self) -> Option<ValueType> {
        Some(match self {
            Type::Scalar(Scalar::String) => ValueType::String,
            Type::Scalar(Scalar::Int) => ValueType::Int,
            Type::Scalar(Scalar::Double) | Type::Duration(_) => ValueType::Double,
            Type::Scalar(Scalar::Bool) => ValueType::Bool,
            Type::Array(Scalar::String) => ValueType::StringArray,
            Type::Array(Scalar::Int) => ValueType::IntArray,
            Type::Array(Scalar::Double) => ValueType::DoubleArray,
            Type::Array(Scalar::Bool) => ValueType::BoolArray,
            Type::Any => ValueType::Any,
            Type::Timestamp(unit) if unit == "rfc3339" => ValueType::String,
            Type::Timestamp(_) => ValueType::Int,
            Type::Scalar(Scalar::Bytes)
            | Type::Array(Scalar::Bytes)
            | Type::Map(_)
            | Type::Object(_)
            | Type::ObjectArray(_) => return None,
        })
    }

    /// How many nanoseconds are one of its unit, where it is a length of time.
    #[must_use]
    pub fn nanoseconds(&self) -> Option<f64> {
        let Type::Duration(unit) = self else { return None };
        Some(match unit.as_str() {
            "ns" => 1.0,
            "us" => 1e3,
            "ms" => 1e6,
            "min" => 6e10,
            "h" => 3.6e12,
            "d" => 8.64e13,
            _ => 1e9,
        })
    }

    /// Whether values have an order, so that a range says something.
    #[must_use]
    pub fn is_number(&self) -> bool {
        match self {
            Type::Scalar(scalar) | Type::Array(scalar) => matches!(scalar, Scalar::Int | Scalar::Double),
            Type::Duration(_) => true,
            Type::Timestamp(unit) => unit != "rfc3339",
            Type::Map(inner) => inner.is_number(),
            Type::Any | Type::Object(_) | Type::ObjectArray(_) => false,
        }
    }

    /// Whether values are text, so that a length says something.
    #[must_use]
    pub fn is_text(&self) -> bool {
        match self {
            Type::Scalar(scalar) | Type::Array(scalar) => matches!(scalar, Scalar::String),
            Type::Map(inner) => inner.is_text(),
            _ => false,
        }
    }
}

impl std::fmt::Display for Type {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Type::Scalar(scalar) => formatter.write_str(scalar.name()),
            Type::Array(scalar) => write!(formatter, "{}[]", scalar.name()),
            Type::Any => formatter.write_str("any"),
            Type::Map(inner) => write!(formatter, "map<{inner}>"),
            Type::Timestamp(unit) => write!(formatter, "timestamp({unit})"),
            Type::Duration(unit) => write!(formatter, "duration({unit})"),
            Type::Object(_) => formatter.write_str("object"),
            Type::ObjectArray(_) => formatter.write_str("object[]"),
        }
    }
}

/// Which values a key has: its type and its constraints.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Domain {
    /// The type.
    pub value: Type,
    /// The members of an enum, or the values of `only=` and `values=`.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<Member>>"))]
    pub members: Option<Members>,
    /// Whether the members are a list of `only=` or `values=` rather than an enum's.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub listed: bool,
    /// Whether values beyond the members occur.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub open: bool,
    /// The range of a number.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub range: Option<Range>,
    /// The numbers that are left out of the range, or of all numbers.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub except: Vec<Literal>,
    /// The greatest length of a text, in characters.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub max_length: Option<u32>,
    /// The unit, in UCUM.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub unit: Option<String>,
    /// How many distinct values there are, and what stands for the rest.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub bounded: Option<Bounded>,
    /// What stands on a label for the values beyond the members of an open enum, where it isn't `_OTHER`.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub other: Option<Literal>,
}

/// The values of what is written as text.
pub(crate) static TEXT: Domain = Domain::of(Type::Scalar(Scalar::String));

impl Domain {
    /// Every value of a type.
    #[must_use]
    pub const fn of(value: Type) -> Domain {
        Domain {
            value,
            members: None,
            listed: false,
            open: false,
            range: None,
            except: Vec::new(),
            max_length: None,
            unit: None,
            bounded: None,
            other: None,
        }
    }

    /// The values of one key of a family, of whose `map<…>` this is the domain.
    #[must_use]
    pub fn of_family(self) -> Domain {
        match self.value {
            Type::Map(inner) => Domain { value: *inner, ..self },
            _ => self,
        }
    }

    /// This one value of the domain.
    #[must_use]
    pub(crate) fn only(self, wire: &Literal) -> Domain {
        let listed = !self.is_enum();
        Domain {
            members: Some([Member::of(wire.clone())].into_iter().collect()),
            listed,
            open: false,
            bounded: None,
            other: None,
            ..self
        }
    }

    /// The least and the greatest number, where it has a range.
    #[must_use]
    pub(crate) fn ends(&self) -> Option<Range> {
        let Some(Range::Int(mut low, mut high)) = self.range else { return self.range };
        let excepted = |number: i64| self.except.contains(&Literal::Int(number));
        while low < high && excepted(low) {
            low += 1;
        }
        while low < high && excepted(high) {
            high -= 1;
        }
        Some(Range::Int(low, high))
    }

    /// Whether its members are an enum's, narrowed or not.
    #[must_use]
    pub const fn is_enum(&self) -> bool {
        self.members.is_some() && !self.listed
    }

    /// Whether it has one value only.
    #[must_use]
    pub(crate) fn is_constant(&self) -> bool {
        !self.open && self.members.as_ref().is_some_and(|members| members.len() == 1)
    }

    /// What people call the type: `enum` where there are members that the declaration lists.
    #[must_use]
    pub fn type_name(&self) -> String {
        match &self.members {
            Some(_) => format!("enum of {}", self.value),
            None => self.value.to_string(),
        }
    }

    /// What stands on a label for the values that are folded away: what `other=` says, and `_OTHER` for an open enum of
    /// text. None where nothing is folded.
    #[must_use]
    pub(crate) fn rest(&self) -> Option<Literal> {
        if let Some(bounded) = &self.bounded {
            return Some(bounded.other.clone());
        }
        if self.members.is_none() || !self.open {
            return None;
        }
        let text = matches!(self.value, Type::Scalar(Scalar::String));
        self.other.clone().or_else(|| text.then(|| Literal::String(REST.to_owned())))
    }

    /// How what stands for the rest is said, as an example that keeps the range and the length.
    pub(crate) fn rest_example(&self) -> &'static str {
        let has_it = |range: Range| match range {
            Range::Int(low, high) => low <= -1 && high >= -1,
            Range::Double(low, high) => low <= -1.0 && high >= -1.0,
        };
        match self.value {
            Type::Scalar(Scalar::Int) if self.range.is_none_or(has_it) => "other=-1",
            Type::Scalar(Scalar::String)
                if self.max_length.is_none_or(|most| most as usize >= REST.chars().count()) =>
            {
                "other=\"_OTHER\""
            }
            _ => "other=…",
        }
    }

    /// Whether two declarations give their key one type: on the wire, and with the same members where both list them.
    pub(crate) fn is_type_of(&self, other: &Domain) -> bool {
        let same = match (&self.members, &other.members) {
            (Some(left), Some(right)) => {
                left.len() == right.len()
                    && left.iter().all(|member| right.iter().any(|other| other.wire == member.wire))
            }
            (None, None) => true,
            _ => false,
        };
        self.value == other.value && same
    }

    /// The type as a message shows it beside another, an enum with its members.
    pub(crate) fn shown(&self) -> String {
        let name = with_article(&self.type_name());
        match &self.members {
            None => name,
            Some(members) => {
                let wires: Vec<String> =
                    members.iter().map(|member| member.wire.value().to_string()).collect();
                format!("{name} with {}", some_of(&wires))
            }
        }
    }
}

/// The members of an enum or a list: they exist once, whatever refers to them.
#[derive(Clone, Debug, PartialEq)]
pub struct Members(Arc<[Member]>);

impl std::ops::Deref for Members {
    type Target = [Member];

    fn deref(&self) -> &[Member] {
        &self.0
    }
}

impl<'m> IntoIterator for &'m Members {
    type Item = &'m Member;
    type IntoIter = std::slice::Iter<'m, Member>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl FromIterator<Member> for Members {
    fn from_iter<I: IntoIterator<Item = Member>>(members: I) -> Members {
        Members(members.into_iter().collect())
    }
}

impl From<Vec<Member>> for Members {
    fn from(members: Vec<Member>) -> Members {
        Members(members.into())
    }
}

/// A bound on a key's distinct values.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bounded {
    /// How many.
    pub values: u64,
    /// What stands for the rest.
    pub other: Literal,
}

/// A listed value.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Member {
    /// Its name in the contract.
    pub name: String,
    /// What stands on the wire.
    pub wire: Literal,
    /// What the contract says of it.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "String::is_empty"))]
    pub docs: String,
    /// The day on which it goes, as `2027-06-30`.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub until: Option<String>,
}

impl Member {
    /// A value that is listed by itself.
    pub(crate) fn of(wire: Literal) -> Member {
        Member { name: wire.value().to_string(), wire, docs: String::new(), until: None }
    }
}

/// The numbers that a key allows, both ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Range {
    /// Of integers.
    Int(i64, i64),
    /// Of numbers.
    Double(f64, f64),
}

impl From<Range> for slo_model::Range {
    fn from(range: Range) -> slo_model::Range {
        match range {
            Range::Int(low, high) => slo_model::Range::Int(low, high),
            Range::Double(low, high) => slo_model::Range::Double(low, high),
        }
    }
}

/// A value that a contract writes down. A list's elements have one type.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Literal {
    /// Text.
    String(String),
    /// An integer.
    Int(i64),
    /// A number.
    Double(f64),
    /// `true` or `false`.
    Bool(bool),
    /// A list of texts.
    StringArray(Vec<String>),
    /// A list of integers.
    IntArray(Vec<i64>),
    /// A list of numbers.
    DoubleArray(Vec<f64>),
    /// A list of booleans.
    BoolArray(Vec<bool>),
}

impl Literal {
    /// The literal as a value of the model.
    #[must_use]
    pub fn value(&self) -> slo_model::Value<'_> {
        use slo_model::Value;
        match self {
            Literal::String(text) => Value::String(text.as_str().into()),
            Literal::Int(number) => Value::Int(*number),
            Literal::Double(number) => Value::Double(*number),
            Literal::Bool(truth) => Value::Bool(*truth),
            Literal::StringArray(list) => {
                Value::StringArray(list.iter().map(|text| text.as_str().into()).collect())
            }
            Literal::IntArray(list) => Value::IntArray(list.clone()),
            Literal::DoubleArray(list) => Value::DoubleArray(list.clone()),
            Literal::BoolArray(list) => Value::BoolArray(list.clone()),
        }
    }

    /// A value of the model as a literal.
    #[must_use]
    pub fn from_value(value: slo_model::Value<'_>) -> Literal {
        use slo_model::Value;
        match value {
            Value::String(text) => Literal::String(text.into_owned()),
            Value::Int(number) => Literal::Int(number),
            Value::Double(number) => Literal::Double(number),
            Value::Bool(truth) => Literal::Bool(truth),
            Value::StringArray(list) => {
                Literal::StringArray(list.into_iter().map(std::borrow::Cow::into_owned).collect())
            }
            Value::IntArray(list) => Literal::IntArray(list),
            Value::DoubleArray(list) => Literal::DoubleArray(list),
            Value::BoolArray(list) => Literal::BoolArray(list),
            // No contract writes an object down.
            object @ (Value::Object(_) | Value::ObjectArray(_)) => Literal::String(object.to_string()),
        }
    }
}
