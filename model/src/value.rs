//! Values of attributes, as OpenTelemetry has them, and their types.

use crate::table::packed::packed;
use std::borrow::Cow;
use std::fmt;

packed! {
    /// The type of an attribute's value on the wire.
    ///
    /// These are the types that an OpenTelemetry attribute of a resource or a scope may have (specification,
    /// "Common specification concepts", section "Attribute"). An enum is a string or an integer with members, a
    /// duration is a double, a timestamp an integer or a string.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum ValueType {
        /// Text.
        String,
        /// A signed integer of 64 bits.
        Int,
        /// A floating-point number of 64 bits.
        Double,
        /// `true` or `false`.
        Bool,
        /// A list of texts.
        StringArray,
        /// A list of integers.
        IntArray,
        /// A list of floating-point numbers.
        DoubleArray,
        /// A list of booleans.
        BoolArray,
        /// Any of the others, but an object.
        Any,
        /// Values by their names, of a log record only.
        Object,
        /// A list of objects, of a log record only.
        ObjectArray,
    }
}

impl ValueType {
    /// Whether a value of type `self` may stand where one of type `wanted` is asked for. An integer becomes a double;
    /// one that a double can't hold exactly is refused when it comes.
    #[must_use]
    pub const fn fits(self, wanted: ValueType) -> bool {
        self as u8 == wanted as u8
            || (matches!(wanted, ValueType::Any) && !self.is_object())
            || matches!(self, ValueType::Any)
            || (matches!(self, ValueType::Int) && matches!(wanted, ValueType::Double))
    }

    /// Whether it is an object, or a list of objects.
    #[must_use]
    pub const fn is_object(self) -> bool {
        matches!(self, ValueType::Object | ValueType::ObjectArray)
    }

    /// The type's name with its article, as messages have it.
    #[must_use]
    pub fn with_article(self) -> String {
        let name = self.name();
        let article = if name.starts_with(['a', 'i', 'o']) { "an" } else { "a" };
        format!("{article} `{name}`")
    }

    /// The type's name as a contract spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            ValueType::String => "string",
            ValueType::Int => "int",
            ValueType::Double => "double",
            ValueType::Bool => "bool",
            ValueType::StringArray => "string[]",
            ValueType::IntArray => "int[]",
            ValueType::DoubleArray => "double[]",
            ValueType::BoolArray => "bool[]",
            ValueType::Any => "any",
            ValueType::Object => "object",
            ValueType::ObjectArray => "object[]",
        }
    }

    /// The type of one element of a list; a type that is no list is its own.
    #[must_use]
    pub const fn element(self) -> ValueType {
        match self {
            ValueType::StringArray => ValueType::String,
            ValueType::IntArray => ValueType::Int,
            ValueType::DoubleArray => ValueType::Double,
            ValueType::BoolArray => ValueType::Bool,
            ValueType::ObjectArray => ValueType::Object,
            other => other,
        }
    }
}

impl fmt::Display for ValueType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

packed! {
    /// A value that is known when the program is compiled. It borrows and is [`Copy`], so that tables of keys are
    /// constants.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub enum Literal<'a> {
        /// Text.
        String(value: &'a str),
        /// An integer.
        Int(value: i64),
        /// A floating-point number.
        Double(value: f64),
        /// `true` or `false`.
        Bool(value: bool),
        /// A list of texts.
        StringArray(value: &'a [&'a str]),
        /// A list of integers.
        IntArray(value: &'a [i64]),
        /// A list of floating-point numbers.
        DoubleArray(value: &'a [f64]),
        /// A list of booleans.
        BoolArray(value: &'a [bool]),
    }
}

/// A value as a program, the environment or a contract gives it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Text.
    String(Cow<'a, str>),
    /// An integer.
    Int(i64),
    /// A floating-point number.
    Double(f64),
    /// `true` or `false`.
    Bool(bool),
    /// A list of texts.
    StringArray(Vec<Cow<'a, str>>),
    /// A list of integers.
    IntArray(Vec<i64>),
    /// A list of floating-point numbers.
    DoubleArray(Vec<f64>),
    /// A list of booleans.
    BoolArray(Vec<bool>),
    /// Values by their names.
    Object(Object<'a>),
    /// A list of objects.
    ObjectArray(Vec<Object<'a>>),
}

/// Values by their names, each name once, in the order in which they were given.
pub type Object<'a> = Vec<(Cow<'a, str>, Value<'a>)>;

impl Value<'_> {
    /// The value's type; never [`ValueType::Any`].
    #[must_use]
    pub fn value_type(&self) -> ValueType {
        match self {
            Value::String(_) => ValueType::String,
            Value::Int(_) => ValueType::Int,
            Value::Double(_) => ValueType::Double,
            Value::Bool(_) => ValueType::Bool,
            Value::StringArray(_) => ValueType::StringArray,
            Value::IntArray(_) => ValueType::IntArray,
            Value::DoubleArray(_) => ValueType::DoubleArray,
            Value::BoolArray(_) => ValueType::BoolArray,
            Value::Object(_) => ValueType::Object,
            Value::ObjectArray(_) => ValueType::ObjectArray,
        }
    }

    /// Whether the value says nothing: an empty text or an empty list. Where a value is wanted, these count as
    /// missing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Value::String(text) => text.is_empty(),
            Value::StringArray(list) => list.is_empty(),
            Value::IntArray(list) => list.is_empty(),
            Value::DoubleArray(list) => list.is_empty(),
            Value::BoolArray(list) => list.is_empty(),
            Value::Object(object) => object.is_empty(),
            Value::ObjectArray(list) => list.is_empty(),
            Value::Int(_) | Value::Double(_) | Value::Bool(_) => false,
        }
    }

    /// The value with nothing borrowed.
    #[must_use]
    pub fn into_owned(self) -> Value<'static> {
        fn owned(object: Object<'_>) -> Object<'static> {
            let members = object.into_iter();
            members.map(|(name, value)| (Cow::Owned(name.into_owned()), value.into_owned())).collect()
        }
        match self {
            Value::Object(object) => Value::Object(owned(object)),
            Value::ObjectArray(list) => Value::ObjectArray(list.into_iter().map(owned).collect()),
            Value::String(text) => Value::String(Cow::Owned(text.into_owned())),
            Value::StringArray(list) => {
                Value::StringArray(list.into_iter().map(|text| Cow::Owned(text.into_owned())).collect())
            }
            Value::Int(number) => Value::Int(number),
            Value::Double(number) => Value::Double(number),
            Value::Bool(truth) => Value::Bool(truth),
            Value::IntArray(list) => Value::IntArray(list),
            Value::DoubleArray(list) => Value::DoubleArray(list),
            Value::BoolArray(list) => Value::BoolArray(list),
        }
    }
}

impl<'a> From<Literal<'a>> for Value<'a> {
    fn from(literal: Literal<'a>) -> Value<'a> {
        match literal {
            Literal::String(text) => Value::String(Cow::Borrowed(text)),
            Literal::Int(number) => Value::Int(number),
            Literal::Double(number) => Value::Double(number),
            Literal::Bool(truth) => Value::Bool(truth),
            Literal::StringArray(list) => {
                Value::StringArray(list.iter().map(|text| Cow::Borrowed(*text)).collect())
            }
            Literal::IntArray(list) => Value::IntArray(list.to_vec()),
            Literal::DoubleArray(list) => Value::DoubleArray(list.to_vec()),
            Literal::BoolArray(list) => Value::BoolArray(list.to_vec()),
        }
    }
}

/// Shows a value as people write it: text as it is, a list with `, ` between its elements, an object in braces.
impl fmt::Display for Value<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn list<T: fmt::Display>(formatter: &mut fmt::Formatter<'_>, elements: &[T]) -> fmt::Result {
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    formatter.write_str(", ")?;
                }
                write!(formatter, "{element}")?;
            }
            Ok(())
        }
        fn object(formatter: &mut fmt::Formatter<'_>, members: &Object<'_>) -> fmt::Result {
            formatter.write_str("{")?;
            for (index, (name, value)) in members.iter().enumerate() {
                if index > 0 {
                    formatter.write_str(", ")?;
                }
                write!(formatter, "{name}: {value}")?;
            }
            formatter.write_str("}")
        }
        match self {
            Value::Object(members) => object(formatter, members),
            Value::ObjectArray(objects) => {
                for (index, one) in objects.iter().enumerate() {
                    if index > 0 {
                        formatter.write_str(", ")?;
                    }
                    object(formatter, one)?;
                }
                Ok(())
            }
            Value::String(text) => formatter.write_str(text),
            Value::Int(number) => write!(formatter, "{number}"),
            // `{:?}` keeps the point of `2.0`, so that a double never reads like an integer.
            Value::Double(number) => write!(formatter, "{number:?}"),
            Value::Bool(truth) => write!(formatter, "{truth}"),
            Value::StringArray(elements) => list(formatter, elements),
            Value::IntArray(elements) => list(formatter, elements),
            Value::DoubleArray(elements) => list(formatter, elements),
            Value::BoolArray(elements) => list(formatter, elements),
        }
    }
}
