//! Objects in each other, as keys with dots.

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};

use super::limits::MOST_REPEATED;

/// Attributes with a key for each value that lies in an object: `{"payment":{"method":"card"}}` becomes `payment.method`. An object whose
/// key is one of a contract's objects stays as it is, and so does an empty one, and one whose long key so many members would repeat that
/// they fill memory.
#[must_use]
pub fn flatten(attributes: Vec<KeyValue>, is_object: &dyn Fn(&str) -> bool) -> Vec<KeyValue> {
    let mut flat = Vec::with_capacity(attributes.len());
    // The values that are left, the next one last. Objects lie no deeper than their reader lets them.
    let mut left: Vec<KeyValue> = attributes;
    left.reverse();
    let mut room = MOST_REPEATED;
    while let Some(mut attribute) = left.pop() {
        match attribute.value.take() {
            Some(AnyValue { value: Some(Value::KvlistValue(members)) })
                if !members.values.is_empty()
                    && !is_object(&attribute.key)
                    && attribute.key.len().saturating_mul(members.values.len()) <= room =>
            {
                room -= attribute.key.len() * members.values.len();
                for mut member in members.values.into_iter().rev() {
                    member.key = format!("{}.{}", attribute.key, member.key);
                    left.push(member);
                }
            }
            value => flat.push(KeyValue { value, ..attribute }),
        }
    }
    flat
}
