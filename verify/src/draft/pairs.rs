//! Logs and the spans that they name, and what both say alike.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use opentelemetry_proto::tonic::common::v1::KeyValue;

use super::seen::Logs;
use crate::value::Came;

/// How many spans are kept for the logs that name them, and how many logs wait.
const MOST_WAITING: usize = 50_000;

/// How many keys of a record are compared.
const MOST_COMPARED: usize = 32;

/// How many keys have numbers.
const MOST_KEYS: usize = 10_000;

/// How many pairs of keys are counted for one kind of log.
const MOST_PAIRS: usize = 4_096;

/// The first number of what varies in a text and stands under no key.
pub(super) const VARYING: u32 = u32::MAX - 64;

type Id = (Vec<u8>, Vec<u8>);

/// What a record says: the numbers of its keys, with hashes of what stands there.
pub(super) type Said = Vec<(u32, u64)>;

/// Spans and logs that wait for each other.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    numbers: HashMap<String, u32>,
    spans: HashMap<Id, (usize, Said)>,
    order: VecDeque<Id>,
    waiting: HashMap<Id, Vec<(usize, Said)>>,
    waiting_order: VecDeque<Id>,
}

/// A hash of a value's text.
pub(super) fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

fn id(trace: &[u8], span: &[u8]) -> Option<Id> {
    (trace.len() == 16 && span.len() == 8).then(|| (trace.to_vec(), span.to_vec()))
}

impl Pairs {
    /// The number of a key.
    pub(super) fn number(&self, key: &str) -> Option<u32> {
        self.numbers.get(key).copied()
    }

    /// What a record says.
    pub(super) fn said(&mut self, attributes: &[KeyValue]) -> Said {
        let mut said = Said::new();
        for pair in attributes.iter().take(MOST_COMPARED) {
            let Came::Value(value) = Came::of(pair.value.as_ref()) else { continue };
            let number = match self.numbers.get(&pair.key) {
                Some(number) => *number,
                None if self.numbers.len() < MOST_KEYS => {
                    let number = u32::try_from(self.numbers.len()).unwrap_or(0);
                    self.numbers.insert(pair.key.clone(), number);
                    number
                }
                None => continue,
            };
            said.push((number, hash(&value.to_string())));
        }
        said
    }

    pub(super) fn span(&mut self, kind: usize, ids: (&[u8], &[u8]), said: Said, logs: &mut [Logs]) {
        let Some(own) = id(ids.0, ids.1) else { return };
        for (log, of_log) in self.waiting.remove(&own).into_iter().flatten() {
            if let Some(log) = logs.get_mut(log) {
                pair(log, kind, &of_log, &said);
            }
        }
        self.order.push_back(own.clone());
        self.spans.insert(own, (kind, said));
        if self.order.len() > MOST_WAITING
            && let Some(first) = self.order.pop_front()
        {
            self.spans.remove(&first);
        }
    }

    pub(super) fn log(&mut self, kind: usize, ids: (&[u8], &[u8]), said: Said, logs: &mut [Logs]) {
        let Some(own) = id(ids.0, ids.1) else { return };
        if let Some((span, of_span)) = self.spans.get(&own) {
            if let Some(log) = logs.get_mut(kind) {
                pair(log, *span, &said, of_span);
            }
            return;
        }
        self.waiting_order.push_back(own.clone());
        self.waiting.entry(own).or_default().push((kind, said));
        if self.waiting_order.len() > MOST_WAITING
            && let Some(first) = self.waiting_order.pop_front()
        {
            self.waiting.remove(&first);
        }
    }
}

fn pair(log: &mut Logs, span: usize, of_log: &Said, of_span: &Said) {
    *log.spans.entry(span).or_default() += 1;
    for (key, value) in of_log {
        for (other, on_span) in of_span {
            let has_room = log.equal.len() < MOST_PAIRS;
            if !has_room && !log.equal.contains_key(&(*key, *other)) {
                continue;
            }
            let (count, differs) = log.equal.entry((*key, *other)).or_default();
            *count += 1;
            *differs |= value != on_span;
        }
    }
}
