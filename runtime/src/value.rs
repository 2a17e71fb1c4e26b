//! Values of attributes, and how a type of the program's own becomes one.

pub use crate::to_value::{Element, ObjectBuilder, ToValue};
pub use slo_model::{Literal, Member, Object, Unfit, Value, ValueType};
