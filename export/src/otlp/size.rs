//! How large records are on the wire, at most: a batch is sent in parts that a receiver takes.
//!
//! Protobuf writes a number in ten bytes at most, and before each text, list and message its length, in five.

use opentelemetry::logs::AnyValue;
use opentelemetry::{Array, InstrumentationScope, KeyValue, Value};
use opentelemetry_sdk::trace::SpanData;

use crate::records::processors::LogItem;

/// Times, identifiers, numbers and the messages around a record; more than there are.
const RECORD: usize = 256;
/// What stands around a key and its value.
const ATTRIBUTE: usize = 32;

/// The batch in parts of at most so many bytes. A record that is larger on its own is a part of its own.
pub(super) fn split<T>(batch: Vec<T>, most: usize, size: impl Fn(&T) -> usize) -> Vec<Vec<T>> {
    let mut parts = Vec::new();
    let mut part = Vec::new();
    let mut length = 0_usize;
    for record in batch {
        let own = size(&record);
        if !part.is_empty() && length.saturating_add(own) > most {
            parts.push(std::mem::take(&mut part));
            length = 0;
        }
        length = length.saturating_add(own);
        part.push(record);
    }
    parts.push(part);
    parts
}

pub(super) fn log(item: &LogItem) -> usize {
    let (record, of_scope) = &**item;
    let attributes: usize =
        record.attributes_iter().map(|(key, value)| ATTRIBUTE + key.as_str().len() + any(value)).sum();
    RECORD
        + scope(of_scope)
        + record.body().map_or(0, any)
        + record.event_name().map_or(0, str::len)
        + record.severity_text().map_or(0, str::len)
        + record.target().map_or(0, |target| target.len())
        + attributes
}

pub(super) fn span(span: &SpanData) -> usize {
    let events = span.events.events.iter();
    let events: usize = events.map(|event| RECORD + event.name.len() + all(&event.attributes)).sum();
    let links = span.links.links.iter();
    let links: usize = links
        .map(|link| RECORD + link.span_context.trace_state().header().len() + all(&link.attributes))
        .sum();
    let status = match &span.status {
        opentelemetry::trace::Status::Error { description } => description.len(),
        _ => 0,
    };
    RECORD
        + scope(&span.instrumentation_scope)
        + span.name.len()
        + status
        + span.span_context.trace_state().header().len()
        + all(&span.attributes)
        + events
        + links
}

fn scope(scope: &InstrumentationScope) -> usize {
    RECORD
        + scope.name().len()
        + scope.version().map_or(0, str::len)
        + scope.schema_url().map_or(0, str::len)
        + scope.attributes().map(attribute).sum::<usize>()
}

fn all(attributes: &[KeyValue]) -> usize {
    attributes.iter().map(attribute).sum()
}

fn attribute(attribute: &KeyValue) -> usize {
    let value = match &attribute.value {
        Value::String(text) => text.as_str().len(),
        Value::Array(Array::String(texts)) => texts.iter().map(|text| ATTRIBUTE + text.as_str().len()).sum(),
        Value::Array(Array::Bool(values)) => values.len() * ATTRIBUTE,
        Value::Array(Array::I64(values)) => values.len() * ATTRIBUTE,
        Value::Array(Array::F64(values)) => values.len() * ATTRIBUTE,
        other => other.as_str().len(),
    };
    ATTRIBUTE + attribute.key.as_str().len() + value
}

fn any(value: &AnyValue) -> usize {
    match value {
        AnyValue::String(text) => ATTRIBUTE + text.as_str().len(),
        AnyValue::Bytes(bytes) => ATTRIBUTE + bytes.len(),
        AnyValue::ListAny(values) => ATTRIBUTE + values.iter().map(any).sum::<usize>(),
        AnyValue::Map(map) => {
            let of =
                |(key, value): (&opentelemetry::Key, &AnyValue)| ATTRIBUTE + key.as_str().len() + any(value);
            ATTRIBUTE + map.iter().map(of).sum::<usize>()
        }
        _ => ATTRIBUTE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_as_large_as_they_may_be_and_hold_everything_in_order() {
        let parts = split(vec![3, 4, 5, 20, 1, 1], 8, |record| *record);
        assert_eq!(parts, [vec![3, 4], vec![5], vec![20], vec![1, 1]]);
        assert_eq!(split(vec![1], 0, |record| *record), [vec![1]]);
    }
}
