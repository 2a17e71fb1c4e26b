//! Values that a contract writes down.

use std::fmt;

use serde::{Serialize, Serializer};
use slo_grammar::quote;

use crate::ir::Literal;

/// A value that a contract writes down: in JSON a string, a number, a boolean or a list of these.
#[derive(Clone, Debug, PartialEq)]
pub struct Constant(pub Literal);

impl From<&Literal> for Constant {
    fn from(literal: &Literal) -> Constant {
        Constant(literal.clone())
    }
}

impl Serialize for Constant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Literal::String(text) => text.serialize(serializer),
            Literal::Int(number) => number.serialize(serializer),
            Literal::Double(number) => number.serialize(serializer),
            Literal::Bool(truth) => truth.serialize(serializer),
            Literal::StringArray(list) => list.serialize(serializer),
            Literal::IntArray(list) => list.serialize(serializer),
            Literal::DoubleArray(list) => list.serialize(serializer),
            Literal::BoolArray(list) => list.serialize(serializer),
        }
    }
}

/// Shows the value as the language writes it.
impl fmt::Display for Constant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Literal::String(text) => formatter.write_str(&quote(text)),
            Literal::StringArray(list) => {
                let quoted: Vec<String> = list.iter().map(|text| quote(text)).collect();
                write!(formatter, "[{}]", quoted.join(", "))
            }
            Literal::IntArray(_) | Literal::DoubleArray(_) | Literal::BoolArray(_) => {
                write!(formatter, "[{}]", self.0.value())
            }
            Literal::Int(_) | Literal::Double(_) | Literal::Bool(_) => {
                write!(formatter, "{}", self.0.value())
            }
        }
    }
}
