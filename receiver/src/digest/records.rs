//! Log records and spans, told apart by an attribute.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::time::{Duration, SystemTime};

use opentelemetry::trace::{SpanId, TraceId};
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value::Value};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::trace::v1::Span;

use crate::Moment;
use crate::moment::time;

/// The value by which a record is told from others.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Id {
    /// An integer.
    Int(i64),
    /// A text.
    Text(Box<str>),
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Id::Int(number) => number.fmt(f),
            Id::Text(text) => text.fmt(f),
        }
    }
}

impl From<i64> for Id {
    fn from(number: i64) -> Id {
        Id::Int(number)
    }
}

impl From<&str> for Id {
    fn from(text: &str) -> Id {
        Id::Text(text.into())
    }
}

impl From<String> for Id {
    fn from(text: String) -> Id {
        Id::Text(text.into_boxed_str())
    }
}

/// The trace and the span that a record is of: a span's own, or the one that a log record was written under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// The trace, or [`TraceId::INVALID`].
    pub trace_id: TraceId,
    /// The span, or [`SpanId::INVALID`].
    pub span_id: SpanId,
}

/// An identifier that was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Seen {
    /// How often.
    pub count: u32,
    /// When it was received first.
    pub first: Moment,
    /// The time that its first record has: a log record's own, a span's end. `None` where it has none.
    pub time: Option<SystemTime>,
    /// The trace and the span of its first record, where the digest has contexts.
    pub context: Option<Context>,
}

impl Seen {
    /// How long after its own time the first record was received; `None` where it has no time, or one that is later.
    #[must_use]
    pub fn latency(&self) -> Option<Duration> {
        self.first.wall.duration_since(self.time?).ok()
    }
}

/// Log records or spans.
#[derive(Clone, Debug, Default)]
pub struct Records {
    key: Option<String>,
    has_contexts: bool,
    records: u64,
    without_id: u64,
    /// Where each identifier stands in `kept`, and in `contexts` where there are some.
    index: HashMap<Id, u32>,
    kept: Vec<Kept>,
    contexts: Vec<Context>,
    /// When requests came that brought new identifiers.
    moments: Vec<Moment>,
}

/// What is kept of an identifier: little, because there are millions.
#[derive(Clone, Copy, Debug)]
struct Kept {
    time: u64,
    count: u32,
    /// Where the moment stands.
    moment: u32,
}

/// What a log record and a span have in common.
pub(super) struct Record {
    attributes: Vec<KeyValue>,
    time: u64,
    trace_id: Vec<u8>,
    span_id: Vec<u8>,
}

impl From<LogRecord> for Record {
    fn from(record: LogRecord) -> Record {
        let LogRecord { attributes, time_unix_nano, trace_id, span_id, .. } = record;
        Record { attributes, time: time_unix_nano, trace_id, span_id }
    }
}

impl From<Span> for Record {
    fn from(span: Span) -> Record {
        let Span { attributes, end_time_unix_nano, trace_id, span_id, .. } = span;
        Record { attributes, time: end_time_unix_nano, trace_id, span_id }
    }
}

impl Record {
    fn id(&mut self, key: &str) -> Option<Id> {
        let attribute = self.attributes.iter_mut().find(|attribute| attribute.key == key)?;
        match attribute.value.take()?.value? {
            Value::IntValue(number) => Some(Id::Int(number)),
            Value::StringValue(text) => Some(Id::from(text)),
            _ => None,
        }
    }

    fn context(&self) -> Context {
        Context { trace_id: trace_id(&self.trace_id), span_id: span_id(&self.span_id) }
    }
}

/// A trace's identifier; invalid where it has another length.
pub(super) fn trace_id(bytes: &[u8]) -> TraceId {
    bytes.try_into().map_or(TraceId::INVALID, TraceId::from_bytes)
}

/// A span's identifier; invalid where it has another length.
pub(super) fn span_id(bytes: &[u8]) -> SpanId {
    bytes.try_into().map_or(SpanId::INVALID, SpanId::from_bytes)
}

impl Records {
    pub(super) fn new(key: Option<String>, has_contexts: bool) -> Records {
        Records { key, has_contexts, ..Records::default() }
    }

    /// How many came, duplicates among them.
    #[must_use]
    pub const fn records(&self) -> u64 {
        self.records
    }

    /// How many have no identifier: all, where the digest is by no attribute.
    #[must_use]
    pub const fn without_id(&self) -> u64 {
        self.without_id
    }

    /// How many identifiers came.
    #[must_use]
    pub fn distinct(&self) -> u64 {
        self.kept.len() as u64
    }

    /// How many records had an identifier that had come before.
    #[must_use]
    pub fn duplicates(&self) -> u64 {
        self.records - self.without_id - self.distinct()
    }

    /// How often an identifier came.
    #[must_use]
    pub fn count(&self, id: impl Into<Id>) -> u32 {
        self.seen(id).map_or(0, |seen| seen.count)
    }

    /// An identifier, where it came.
    #[must_use]
    pub fn seen(&self, id: impl Into<Id>) -> Option<Seen> {
        self.at(*self.index.get(&id.into())?)
    }

    /// The identifiers, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&Id, Seen)> {
        self.index.iter().filter_map(|(id, index)| Some((id, self.at(*index)?)))
    }

    fn at(&self, index: u32) -> Option<Seen> {
        let index = usize::try_from(index).ok()?;
        let kept = self.kept.get(index)?;
        let first = *self.moments.get(usize::try_from(kept.moment).ok()?)?;
        let context = self.contexts.get(index).copied();
        Some(Seen { count: kept.count, first, time: time(kept.time), context })
    }

    /// Adds records that came together, and gives about how many bytes were needed for it.
    pub(super) fn add(&mut self, records: impl Iterator<Item = Record>, moment: Moment) -> usize {
        let (mut bytes, before) = (0, self.kept.len());
        // Memory is full long before 32 bits are.
        let its_moment = u32::try_from(self.moments.len()).unwrap_or(u32::MAX);
        for mut record in records {
            self.records += 1;
            let id = self.key.as_deref().and_then(|key| record.id(key));
            let Some(id) = id else {
                self.without_id += 1;
                continue;
            };
            bytes += self.add_one(id, &record, its_moment);
        }
        if self.kept.len() > before {
            self.moments.push(moment);
            bytes += size_of::<Moment>();
        }
        bytes
    }

    fn add_one(&mut self, id: Id, record: &Record, moment: u32) -> usize {
        let next = u32::try_from(self.kept.len()).unwrap_or(u32::MAX);
        match self.index.entry(id) {
            Entry::Occupied(entry) => {
                let kept = usize::try_from(*entry.get()).ok().and_then(|index| self.kept.get_mut(index));
                if let Some(kept) = kept {
                    kept.count = kept.count.saturating_add(1);
                }
                0
            }
            Entry::Vacant(entry) => {
                let text = match entry.key() {
                    Id::Int(_) => 0,
                    Id::Text(text) => text.len(),
                };
                entry.insert(next);
                self.kept.push(Kept { time: record.time, count: 1, moment });
                if self.has_contexts {
                    self.contexts.push(record.context());
                }
                let contexts = if self.has_contexts { size_of::<Context>() } else { 0 };
                text + size_of::<(Id, u32)>() + size_of::<Kept>() + contexts
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry_proto::tonic::common::v1::AnyValue;
    use std::time::UNIX_EPOCH;

    fn record(id: Value) -> Record {
        let value = Some(AnyValue { value: Some(id) });
        let attribute = KeyValue { key: "order.id".to_owned(), value, ..KeyValue::default() };
        Record::from(LogRecord {
            attributes: vec![attribute],
            time_unix_nano: 1_000_000_000,
            trace_id: vec![1; 16],
            span_id: vec![2; 7],
            ..LogRecord::default()
        })
    }

    fn text(text: &str) -> Record {
        record(Value::StringValue(text.to_owned()))
    }

    #[test]
    fn what_came_is_told_apart_and_counted() {
        let mut records = Records::new(Some("order.id".to_owned()), true);
        let (first, second) = (Moment::now(), Moment::now());
        assert!(records.add([text("a"), text("b"), text("a")].into_iter(), first) > 0);
        let others = [text("a"), record(Value::IntValue(7)), text("7"), record(Value::BoolValue(true))];
        records.add(others.into_iter(), second);
        assert_eq!(records.add([text("b")].into_iter(), Moment::now()), 0);
        assert_eq!((records.records(), records.without_id()), (8, 1));
        assert_eq!((records.distinct(), records.duplicates()), (4, 3));
        assert_eq!(
            (records.count("a"), records.count("b"), records.count(7), records.count("c")),
            (3, 2, 1, 0)
        );
        let seen = records.seen("a").unwrap();
        assert_eq!((seen.first, seen.time), (first, Some(UNIX_EPOCH + Duration::from_secs(1))));
        assert_eq!(seen.latency(), first.wall.duration_since(seen.time.unwrap()).ok());
        assert_eq!(
            seen.context,
            Some(Context { trace_id: TraceId::from_bytes([1; 16]), span_id: SpanId::INVALID })
        );
        assert_eq!(records.seen(7).unwrap().first, second);
        let mut ids: Vec<String> = records.iter().map(|(id, _)| id.to_string()).collect();
        ids.sort();
        assert_eq!(ids, ["7", "7", "a", "b"]);
    }

    #[test]
    fn without_a_key_records_are_only_counted() {
        let mut records = Records::new(None, true);
        assert_eq!(records.add([text("a"), text("a")].into_iter(), Moment::now()), 0);
        assert_eq!((records.records(), records.without_id(), records.duplicates()), (2, 2, 0));
    }
}
