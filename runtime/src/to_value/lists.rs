//! Lists.

use slo_model::{Member, Unfit, Value, ValueType};

use super::{Element, ToValue};

impl<T: Element> ToValue for [T] {
    const TYPE: ValueType = T::ARRAY;
    const MEMBERS: Option<&'static [Member<'static>]> = T::MEMBERS;

    fn to_value(&self) -> Result<Option<Value<'_>>, Unfit> {
        let mut list = List::new(T::ARRAY, self.len())?;
        for element in self {
            list.push(element.to_value()?.ok_or(Unfit::Missing)?)?;
        }
        Ok(Some(list.0))
    }
}

impl<T: Element> ToValue for Vec<T> {
    const TYPE: ValueType = T::ARRAY;
    const MEMBERS: Option<&'static [Member<'static>]> = T::MEMBERS;

    fn to_value(&self) -> Result<Option<Value<'_>>, Unfit> {
        self.as_slice().to_value()
    }
}

impl<T: Element, const N: usize> ToValue for [T; N] {
    const TYPE: ValueType = T::ARRAY;
    const MEMBERS: Option<&'static [Member<'static>]> = T::MEMBERS;

    fn to_value(&self) -> Result<Option<Value<'_>>, Unfit> {
        self.as_slice().to_value()
    }
}

/// A list that is being filled. Not generic, so that it is compiled once.
struct List<'a>(Value<'a>);

impl<'a> List<'a> {
    fn new(array: ValueType, length: usize) -> Result<List<'a>, Unfit> {
        Ok(List(match array {
            ValueType::StringArray => Value::StringArray(Vec::with_capacity(length)),
            ValueType::IntArray => Value::IntArray(Vec::with_capacity(length)),
            ValueType::DoubleArray => Value::DoubleArray(Vec::with_capacity(length)),
            ValueType::BoolArray => Value::BoolArray(Vec::with_capacity(length)),
            ValueType::ObjectArray => Value::ObjectArray(Vec::with_capacity(length)),
            other => {
                let found = format!("a list of `{other}`");
                return Err(Unfit::Type { expected: other, found });
            }
        }))
    }

    fn push(&mut self, element: Value<'a>) -> Result<(), Unfit> {
        match (&mut self.0, element) {
            (Value::StringArray(list), Value::String(text)) => list.push(text),
            (Value::IntArray(list), Value::Int(number)) => list.push(number),
            (Value::DoubleArray(list), Value::Double(number)) => list.push(number),
            (Value::BoolArray(list), Value::Bool(truth)) => list.push(truth),
            (Value::ObjectArray(list), Value::Object(object)) => list.push(object),
            (list, other) => {
                let expected = list.value_type().element();
                return Err(Unfit::Type { expected, found: other.value_type().with_article() });
            }
        }
        Ok(())
    }
}
