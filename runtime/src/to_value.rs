//! How values of Rust become values of attributes.

mod lists;
mod objects;
mod pointers;
mod scalars;

use slo_model::{Member, Unfit, Value, ValueType};

use crate::event::FieldValue;

pub use objects::ObjectBuilder;

/// A type whose values are values of attributes.
///
/// Implemented for text, numbers, booleans, lists of these, and for pointers to and [`Option`]s of all of them. An
/// enum of the program's own implements it as generated ones do:
///
/// ```
/// use slo::value::{Element, Literal, Member, ToValue, Unfit, Value, ValueType};
///
/// enum Tier {
///     Frontend,
///     Backend,
/// }
///
/// impl ToValue for Tier {
///     const TYPE: ValueType = ValueType::String;
///     const MEMBERS: Option<&'static [Member<'static>]> = Some(&[
///         Member { name: "frontend", wire: Literal::String("frontend") },
///         Member { name: "backend", wire: Literal::String("back-end") },
///     ]);
///
///     fn to_value(&self) -> Result<Option<Value<'_>>, Unfit> {
///         let wire = match self {
///             Tier::Frontend => "frontend",
///             Tier::Backend => "back-end",
///         };
///         Ok(Some(Value::String(wire.into())))
///     }
/// }
///
/// // Lists of it too.
/// impl Element for Tier {}
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no value of an attribute",
    label = "not text, a number, a boolean, or a list of one of these",
    note = "write the conversion down, to one of these or by `impl slo::value::ToValue for {Self}`"
)]
pub trait ToValue {
    /// The type of its values.
    const TYPE: ValueType;

    /// All values that there are, where they can be listed.
    const MEMBERS: Option<&'static [Member<'static>]> = None;

    /// The value; `None` if there is none.
    ///
    /// # Errors
    /// Says why the value can't stand in an attribute at all, whatever its key.
    fn to_value(&self) -> Result<Option<Value<'_>>, Unfit>;

    /// The value for a field of an event. What is static, shared or small says so; anything else is asked for its
    /// value when it is needed.
    fn to_field(&self) -> FieldValue<'_>
    where
        Self: Sized,
    {
        FieldValue::Late(self)
    }
}

/// A type of which an attribute may hold a list.
///
/// Neither an [`Option`] nor a list is an element:
///
/// ```compile_fail,E0277
/// fn listed<T: slo::value::ToValue>() {}
/// listed::<Vec<Option<String>>>();
/// ```
///
/// ```compile_fail,E0277
/// # fn listed<T: slo::value::ToValue>() {}
/// listed::<Vec<Vec<String>>>();
/// ```
#[diagnostic::on_unimplemented(
    message = "an attribute can't be a list of `{Self}`",
    label = "not text, a number or a boolean",
    note = "the elements of a list are all there, and are no lists themselves",
    note = "a type of your own that implements `slo::value::ToValue` may have `impl slo::value::Element for {Self} {{}}`"
)]
pub trait Element: ToValue {
    /// The type of a list of it.
    const ARRAY: ValueType = array_of(Self::TYPE);
}

const fn array_of(element: ValueType) -> ValueType {
    match element {
        ValueType::String => ValueType::StringArray,
        ValueType::Int => ValueType::IntArray,
        ValueType::Double => ValueType::DoubleArray,
        ValueType::Bool => ValueType::BoolArray,
        ValueType::Object => ValueType::ObjectArray,
        other => other,
    }
}

/// A value is its own value.
impl ToValue for Value<'_> {
    const TYPE: ValueType = ValueType::Any;

    fn to_value(&self) -> Result<Option<Value<'_>>, Unfit> {
        Ok(Some(self.clone()))
    }
}

#[cfg(test)]
mod tests;
