//! The members of a line, as a log record.

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::logs::v1::LogRecord;

use super::Line;
use super::names::{NAMES, Role, numbered_level, role};
use super::time;
use crate::input::nested::flatten;

/// A record of the members. What has no role, or doesn't fit its role, is an attribute.
pub(super) fn line(members: Vec<KeyValue>) -> Line {
    let members = opened(members);
    // For each name of the table the member that has it; of two with one name the last, as readers of JSON have it.
    let mut named = [None; NAMES.len()];
    for (at, member) in members.iter().enumerate() {
        if let Some(slot) = role(&member.key).and_then(|(name, _)| named.get_mut(name)) {
            *slot = Some(at);
        }
    }
    let mut line = Line {
        resource: Vec::new(),
        resource_schema: String::new(),
        scope: InstrumentationScope::default(),
        scope_schema: String::new(),
        record: LogRecord::default(),
    };
    let mut members: Vec<Option<KeyValue>> = members.into_iter().map(Some).collect();
    let mut filled: Vec<Role> = Vec::new();
    for ((_, role), at) in NAMES.iter().zip(named) {
        let Some(slot) = at.and_then(|at| members.get_mut(at)) else { continue };
        if filled.contains(role) {
            continue;
        }
        let value = slot.as_ref().and_then(|member| member.value.as_ref()?.value.as_ref());
        if value.is_some_and(|value| line.fill(*role, value)) {
            *slot = None;
            filled.push(*role);
        }
    }
    line.record.attributes = members.into_iter().flatten().collect();
    line
}

/// The members with those that stand in containers of attributes beside them.
fn opened(members: Vec<KeyValue>) -> Vec<KeyValue> {
    let mut open = Vec::with_capacity(members.len());
    for mut member in members {
        let is_container = matches!(role(&member.key), Some((_, Role::Attributes)));
        match member.value.take() {
            Some(AnyValue { value: Some(Value::KvlistValue(inner)) }) if is_container => {
                open.extend(inner.values)
            }
            // logback's list of pairs.
            Some(AnyValue { value: Some(Value::ArrayValue(inner)) })
                if is_container && inner.values.iter().all(is_object) =>
            {
                open.extend(inner.values.into_iter().flat_map(|value| match value.value {
                    Some(Value::KvlistValue(pairs)) => pairs.values,
                    _ => Vec::new(),
                }));
            }
            value => open.push(KeyValue { value, ..member }),
        }
    }
    open
}

fn is_object(value: &AnyValue) -> bool {
    matches!(value.value, Some(Value::KvlistValue(_)))
}

impl Line {
    /// Whether the value fits the role. Then the record has it.
    fn fill(&mut self, role: Role, value: &Value) -> bool {
        let record = &mut self.record;
        match (role, value) {
            (Role::Time | Role::ObservedTime, value) => {
                let time = match value {
                    Value::StringValue(text) => time::of_text(text),
                    Value::IntValue(number) => time::of_int(*number),
                    Value::DoubleValue(number) => time::of_double(*number),
                    _ => None,
                };
                let Some(time) = time else { return false };
                match role {
                    Role::Time => record.time_unix_nano = time,
                    _ => record.observed_time_unix_nano = time,
                }
            }
            (Role::Severity, Value::StringValue(text)) => text.clone_into(&mut record.severity_text),
            (Role::Severity, Value::IntValue(level)) => match numbered_level(*level) {
                Some(number) if record.severity_number == 0 => record.severity_number = number,
                _ => return false,
            },
            (Role::SeverityNumber, value) => match int(value).and_then(|number| i32::try_from(number).ok()) {
                Some(number) => record.severity_number = number,
                None => return false,
            },
            (Role::Body, value) => record.body = Some(AnyValue { value: Some(value.clone()) }),
            (Role::EventName, Value::StringValue(text)) => text.clone_into(&mut record.event_name),
            (Role::TraceId, Value::StringValue(text)) => match id(text, 16) {
                Some(id) => record.trace_id = id,
                None => return false,
            },
            (Role::SpanId, Value::StringValue(text)) => match id(text, 8) {
                Some(id) => record.span_id = id,
                None => return false,
            },
            (Role::TraceFlags, value) => match flags(value) {
                Some(flags) => record.flags = flags,
                None => return false,
            },
            (Role::Resource, Value::KvlistValue(members)) => {
                let mut members = flatten(members.values.clone(), &|_| false);
                self.resource.append(&mut members);
            }
            (Role::ServiceName, value) => {
                let name = match value {
                    Value::KvlistValue(members) => {
                        // ECS: an object with the resource's service.
                        let service = KeyValue {
                            key: "service".to_owned(),
                            value: Some(AnyValue { value: Some(Value::KvlistValue(members.clone())) }),
                            ..KeyValue::default()
                        };
                        self.resource.extend(flatten(vec![service], &|_| false));
                        return true;
                    }
                    Value::StringValue(_) => value.clone(),
                    _ => return false,
                };
                if self.resource.iter().any(|attribute| attribute.key == "service.name") {
                    return false;
                }
                let value = Some(AnyValue { value: Some(name) });
                self.resource.push(KeyValue { key: "service.name".to_owned(), value, ..KeyValue::default() });
            }
            (Role::Scope, Value::StringValue(name)) => text_into(name, &mut self.scope.name),
            (Role::Scope, Value::KvlistValue(members)) => {
                for member in &members.values {
                    let value = member.value.as_ref().and_then(|value| value.value.as_ref());
                    match (member.key.as_str(), value) {
                        ("name", Some(Value::StringValue(name))) => text_into(name, &mut self.scope.name),
                        ("version", Some(Value::StringValue(version))) => {
                            text_into(version, &mut self.scope.version)
                        }
                        ("schema_url", Some(Value::StringValue(url))) => {
                            text_into(url, &mut self.scope_schema)
                        }
                        ("attributes", Some(Value::KvlistValue(attributes))) => {
                            self.scope.attributes = flatten(attributes.values.clone(), &|_| false);
                        }
                        _ => self.scope.attributes.push(member.clone()),
                    }
                }
            }
            (Role::Dropped, value) => match int(value).and_then(|number| u32::try_from(number).ok()) {
                Some(number) => record.dropped_attributes_count = number,
                None => return false,
            },
            _ => return false,
        }
        true
    }
}

fn text_into(text: &str, into: &mut String) {
    text.clone_into(into);
}

fn int(value: &Value) -> Option<i64> {
    match value {
        Value::IntValue(number) => Some(*number),
        Value::StringValue(text) => text.parse().ok(),
        _ => None,
    }
}

/// As a number, as two hexadecimal digits, or whether it is sampled.
fn flags(value: &Value) -> Option<u32> {
    match value {
        Value::BoolValue(is_sampled) => Some((*is_sampled).into()),
        Value::IntValue(flags) => u32::try_from(*flags).ok(),
        Value::StringValue(text) => match text.to_ascii_lowercase().as_str() {
            "true" => Some(1),
            "false" => Some(0),
            text if text.len() <= 2 => u32::from_str_radix(text, 16).ok(),
            _ => None,
        },
        _ => None,
    }
}

/// An id of so many bytes in hexadecimal digits. `0`, which some write where there is none, is none.
fn id(text: &str, length: usize) -> Option<Vec<u8>> {
    if matches!(text, "" | "0") {
        return Some(Vec::new());
    }
    if text.len() != 2 * length {
        return None;
    }
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let pair = |pair: &[u8]| match pair {
        [high, low] => u8::try_from(digit(high)? << 4 | digit(low)?).ok(),
        _ => None,
    };
    text.as_bytes().chunks(2).map(pair).collect()
}
