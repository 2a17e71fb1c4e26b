//! Objects, which log records hold.

use std::borrow::Cow;

use slo_model::{Object, Unfit, Value};

use super::ToValue;
use crate::event::InUnit;

/// An object that is being filled.
///
/// ```
/// use slo::value::{ObjectBuilder, ToValue, Unfit, Value, ValueType};
///
/// struct Order {
///     id: String,
///     items: Vec<u32>,
/// }
///
/// impl ToValue for Order {
///     const TYPE: ValueType = ValueType::Object;
///
///     fn to_value(&self) -> Result<Option<Value<'_>>, Unfit> {
///         let mut object = ObjectBuilder::default();
///         object.value("id", &self.id)?;
///         object.value("items", &self.items)?;
///         Ok(Some(object.finish()))
///     }
/// }
///
/// let order = Order { id: "a-1".to_owned(), items: vec![3] };
/// assert_eq!(order.to_value().unwrap().unwrap().to_string(), "{id: a-1, items: 3}");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ObjectBuilder<'a>(Object<'a>);

impl<'a> ObjectBuilder<'a> {
    /// Adds a member, where there is a value.
    ///
    /// # Errors
    /// Says which member can't stand in a log record, and why.
    pub fn value<T: ToValue + ?Sized>(&mut self, name: &'static str, value: &'a T) -> Result<(), Unfit> {
        let value = value.to_value().map_err(|why| of_member(name, why))?;
        self.0.extend(value.map(|value| (Cow::Borrowed(name), value)));
        Ok(())
    }

    /// Adds a length of time, in a unit of so many nanoseconds.
    ///
    /// # Errors
    /// Says which member can't stand in a log record, and why.
    pub fn duration<T: InUnit>(
        &mut self,
        name: &'static str,
        value: &'a T,
        nanoseconds: f64,
    ) -> Result<(), Unfit> {
        let value = match value.in_unit(nanoseconds) {
            crate::event::FieldValue::Double(number) => Some(Value::Double(number)),
            crate::event::FieldValue::Late(late) => late.late().map_err(|why| of_member(name, why))?,
            _ => None,
        };
        self.0.extend(value.map(|value| (Cow::Borrowed(name), value)));
        Ok(())
    }

    /// The object.
    #[must_use]
    pub fn finish(self) -> Value<'a> {
        Value::Object(self.0)
    }
}

fn of_member(name: &str, why: Unfit) -> Unfit {
    Unfit::Member { name: name.to_owned(), why: Box::new(why) }
}
