//! A value, and how long its text lives.

use std::borrow::Cow;

use slo_model::{Key, Unfit, Value, ValueType};

/// A value, and how long its text lives.
///
/// What is known when the program is compiled must reach the SDK without being copied, and the SDK borrows nothing
/// that lives shorter than `'static`: hence two cases.
#[derive(Clone, Debug)]
pub(crate) enum Held<'a> {
    /// Constants, and what the environment or a detector gave, which is owned.
    Static(Value<'static>),
    /// What the program gave, still in the program's struct.
    Given(Value<'a>),
}

impl<'a> Held<'a> {
    pub(crate) fn value(&self) -> &Value<'_> {
        match self {
            Held::Static(value) => value,
            Held::Given(value) => value,
        }
    }

    pub(crate) fn into_static(self) -> Value<'static> {
        match self {
            Held::Static(value) => value,
            Held::Given(value) => value.into_owned(),
        }
    }

    pub(crate) fn into_text(self) -> Cow<'static, str> {
        match self.into_static() {
            Value::String(text) => text,
            other => Cow::Owned(other.to_string()),
        }
    }

    /// The value as the key wants it, if it fits.
    pub(crate) fn fitted(self, key: &Key<'_>) -> Result<Held<'a>, Unfit> {
        key.check(self.value())?;
        match (key.value_type, self.value()) {
            // On the wire a key has one type.
            (ValueType::Double, Value::Int(number)) => {
                double(*number).map(|n| Held::Static(Value::Double(n)))
            }
            _ => Ok(self),
        }
    }
}

/// An integer as a double, if nothing is lost.
pub(crate) fn double(number: i64) -> Result<f64, Unfit> {
    let double = number as f64;
    if double as i128 == i128::from(number) {
        Ok(double)
    } else {
        let found = format!("`{number}`, which a `double` holds only nearly");
        Err(Unfit::Type { expected: ValueType::Double, found })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_integer_for_a_double_becomes_one_if_nothing_is_lost() {
        let key = Key::new("ratio", ValueType::Double, "");
        let fitted = |number| Held::Static(Value::Int(number)).fitted(&key).map(Held::into_static);
        assert_eq!(fitted(3).unwrap(), Value::Double(3.0));
        assert_eq!(fitted(i64::MIN).unwrap(), Value::Double(-9_223_372_036_854_775_808.0));
        assert_eq!(
            fitted(9_007_199_254_740_993).unwrap_err().to_string(),
            "expected `double`, found `9007199254740993`, which a `double` holds only nearly"
        );
        assert!(fitted(i64::MAX).is_err());
    }
}
