//! What points to a value, or may hold one.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use slo_model::{Member, Unfit, Value, ValueType};

use super::{Element, ToValue};
use crate::event::FieldValue;

macro_rules! pointers {
    ($($pointer:ty)*) => {$(
        impl<T: ToValue + ?Sized> ToValue for $pointer {
            const TYPE: ValueType = T::TYPE;
            const MEMBERS: Option<&'static [Member<'static>]> = T::MEMBERS;

            fn to_value(&self) -> Result<Option<Value<'_>>, Unfit> {
                T::to_value(self)
            }
        }

        impl<T: Element + ?Sized> Element for $pointer {}
    )*};
}

pointers! { &T Box<T> Rc<T> Arc<T> }

impl<T: ToValue + ToOwned + ?Sized> ToValue for Cow<'_, T> {
    const TYPE: ValueType = T::TYPE;
    const MEMBERS: Option<&'static [Member<'static>]> = T::MEMBERS;

    fn to_value(&self) -> Result<Option<Value<'_>>, Unfit> {
        T::to_value(self)
    }
}

impl<T: Element + ToOwned + ?Sized> Element for Cow<'_, T> {}

impl<T: ToValue> ToValue for Option<T> {
    const TYPE: ValueType = T::TYPE;
    const MEMBERS: Option<&'static [Member<'static>]> = T::MEMBERS;

    fn to_value(&self) -> Result<Option<Value<'_>>, Unfit> {
        match self {
            Some(value) => value.to_value(),
            None => Ok(None),
        }
    }

    fn to_field(&self) -> FieldValue<'_> {
        self.as_ref().map_or(FieldValue::Absent, T::to_field)
    }
}
