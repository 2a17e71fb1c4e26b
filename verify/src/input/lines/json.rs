//! An object of JSON, as attributes: in their order, each as often as it stands there.

use std::cell::Cell;
use std::fmt;

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, KeyValue, KeyValueList};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::input::limits::DEEPEST;
use crate::input::refusal::{Problem, Wrong};

/// The members of the object.
pub(super) fn members(text: &str) -> Result<Vec<KeyValue>, Problem> {
    let is_too_deep = Cell::new(false);
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = Json { deep: 0, is_too_deep: &is_too_deep }.deserialize(&mut reader);
    match read.and_then(|value| reader.end().map(|()| value)) {
        Ok(AnyValue { value: Some(Value::KvlistValue(members)) }) => Ok(members.values),
        Ok(_) => Err(Problem::new(Wrong::UnknownForm, "JSON that is no object")),
        Err(_) if is_too_deep.get() => Err(Problem::new(Wrong::TooDeep, "")),
        Err(error) if error.is_eof() => Err(Problem::new(Wrong::Truncated, error.to_string())),
        Err(error) => Err(Problem::new(Wrong::Malformed, error.to_string())),
    }
}

#[derive(Clone, Copy)]
struct Json<'a> {
    deep: usize,
    is_too_deep: &'a Cell<bool>,
}

impl Json<'_> {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        if self.deep >= DEEPEST {
            self.is_too_deep.set(true);
            return Err(E::custom("nested too deep"));
        }
        Ok(Json { deep: self.deep + 1, ..self })
    }
}

fn some<E>(value: Value) -> Result<AnyValue, E> {
    Ok(AnyValue { value: Some(value) })
}

impl<'de> DeserializeSeed<'de> for Json<'_> {
    type Value = AnyValue;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<AnyValue, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Json<'_> {
    type Value = AnyValue;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<AnyValue, E> {
        Ok(AnyValue::default())
    }

    fn visit_bool<E>(self, value: bool) -> Result<AnyValue, E> {
        some(Value::BoolValue(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<AnyValue, E> {
        some(Value::IntValue(value))
    }

    #[allow(clippy::cast_precision_loss, reason = "a number beyond int is a double")]
    fn visit_u64<E>(self, value: u64) -> Result<AnyValue, E> {
        some(i64::try_from(value).map_or(Value::DoubleValue(value as f64), Value::IntValue))
    }

    fn visit_f64<E>(self, value: f64) -> Result<AnyValue, E> {
        some(Value::DoubleValue(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<AnyValue, E> {
        some(Value::StringValue(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<AnyValue, A::Error> {
        let inner = self.deeper()?;
        let mut values = Vec::new();
        while let Some(value) = elements.next_element_seed(inner)? {
            values.push(value);
        }
        some(Value::ArrayValue(ArrayValue { values }))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<AnyValue, A::Error> {
        let inner = self.deeper()?;
        let mut values = Vec::new();
        while let Some(key) = members.next_key()? {
            let value = Some(members.next_value_seed(inner)?);
            values.push(KeyValue { key, value, ..KeyValue::default() });
        }
        some(Value::KvlistValue(KeyValueList { values }))
    }
}
