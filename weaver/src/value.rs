//! Data without places, as annotations and examples have it.

use crate::yaml::{Data, Node};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// A number that is no integer.
    Number(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// A map, in the order in which it is written.
    Map(Vec<(String, Value)>),
}

impl Value {
    pub(crate) fn of(node: Node) -> Value {
        match node.data {
            Data::Null => Value::Null,
            Data::Boolean(value) => Value::Boolean(value),
            Data::Integer(value) => Value::Integer(value),
            Data::Number(value) => Value::Number(value),
            Data::Text(value) => Value::Text(value),
            Data::List(values) => Value::List(values.into_iter().map(Value::of).collect()),
            Data::Map(entries) => {
                Value::Map(entries.into_iter().map(|(key, value)| (key.value, Value::of(value))).collect())
            }
        }
    }

    /// The value of a key of a map.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Value::Map(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// What both say: of maps each key, of anything else what the second says.
    pub(crate) fn merged(self, over: Value) -> Value {
        match (self, over) {
            (Value::Map(mut below), Value::Map(above)) => {
                for (key, value) in above {
                    match below.iter_mut().find(|(name, _)| *name == key) {
                        Some((_, old)) => *old = std::mem::replace(old, Value::Null).merged(value),
                        None => below.push((key, value)),
                    }
                }
                Value::Map(below)
            }
            (_, over) => over,
        }
    }
}
