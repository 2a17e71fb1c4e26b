//! Text, numbers and booleans.

use std::borrow::Cow;

use slo_model::{Unfit, Value, ValueType};

use super::{Element, ToValue};
use crate::event::FieldValue;

impl ToValue for bool {
    const TYPE: ValueType = ValueType::Bool;

    fn to_value(&self) -> Result<Option<Value<'_>>, Unfit> {
        Ok(Some(Value::Bool(*self)))
    }

    fn to_field(&self) -> FieldValue<'_> {
        FieldValue::Bool(*self)
    }
}

impl Element for bool {}

impl ToValue for str {
    const TYPE: ValueType = ValueType::String;

    fn to_value(&self) -> Result<Option<Value<'_>>, Unfit> {
        Ok(Some(Value::String(Cow::Borrowed(self))))
    }
}

impl Element for str {}

impl ToValue for String {
    const TYPE: ValueType = ValueType::String;

    fn to_value(&self) -> Result<Option<Value<'_>>, Unfit> {
        self.as_str().to_value()
    }

    fn to_field(&self) -> FieldValue<'_> {
        FieldValue::Borrowed(self)
    }
}

impl Element for String {}

impl ToValue for f64 {
    const TYPE: ValueType = ValueType::Double;

    fn to_value(&self) -> Result<Option<Value<'_>>, Unfit> {
        Ok(Some(Value::Double(*self)))
    }

    fn to_field(&self) -> FieldValue<'_> {
        FieldValue::Double(*self)
    }
}

impl Element for f64 {}

impl ToValue for f32 {
    const TYPE: ValueType = ValueType::Double;

    /// By way of its shortest decimal text, so that `0.1_f32` is 0.1 and not 0.10000000149011612.
    fn to_value(&self) -> Result<Option<Value<'_>>, Unfit> {
        let double = self.to_string().parse().unwrap_or_else(|_| f64::from(*self));
        Ok(Some(Value::Double(double)))
    }
}

impl Element for f32 {}

macro_rules! integers {
    ($($integer:ty)*) => {$(
        impl ToValue for $integer {
            const TYPE: ValueType = ValueType::Int;

            fn to_value(&self) -> Result<Option<Value<'_>>, Unfit> {
                match i64::try_from(*self) {
                    Ok(number) => Ok(Some(Value::Int(number))),
                    Err(_) => Err(Unfit::TooLarge { value: self.to_string() }),
                }
            }

            fn to_field(&self) -> FieldValue<'_> {
                match i64::try_from(*self) {
                    Ok(number) => FieldValue::Int(number),
                    Err(_) => FieldValue::Late(self),
                }
            }
        }

        impl Element for $integer {}
    )*};
}

integers! { i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize }
