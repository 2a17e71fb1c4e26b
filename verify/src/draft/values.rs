//! What was seen under a key.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use slo_model::Value;

use crate::value::Came;

/// How many values of a key are told apart.
const MOST_VALUES: usize = 64;

/// How long a value is that is told apart, in bytes.
const LONGEST: usize = 128;

/// How many members of objects are told apart, each below its object.
const MOST_MEMBERS: usize = 64;

/// How often values of each kind were seen.
#[derive(Clone, Debug, Default)]
pub(super) struct Kinds {
    pub(super) string: u64,
    pub(super) int: u64,
    pub(super) double: u64,
    pub(super) bool: u64,
    pub(super) strings: u64,
    pub(super) ints: u64,
    pub(super) doubles: u64,
    pub(super) bools: u64,
    pub(super) empty_lists: u64,
    pub(super) object: u64,
    pub(super) objects: u64,
    /// Keys without a value.
    pub(super) empty: u64,
    /// Bytes, and lists of values of several kinds.
    pub(super) other: u64,
}

/// How often a value was seen, and on records of which level.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Count {
    pub(super) count: u64,
    /// The levels of the records, by their bits: the status of a span.
    pub(super) levels: u8,
}

/// What was seen under a key.
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    /// How many records had the key.
    pub(super) records: u64,
    pub(super) kinds: Kinds,
    /// The values that are told apart.
    pub(super) told: BTreeMap<String, Count>,
    /// Whether there were more, or longer ones.
    pub(super) has_more: bool,
    /// The least and the greatest number.
    pub(super) ints: Option<(i64, i64)>,
    pub(super) doubles: Option<(f64, f64)>,
    /// The length of the longest text, in characters.
    pub(super) longest: usize,
    /// The members of objects.
    pub(super) members: BTreeMap<String, Values>,
    /// How many objects were seen, also in lists.
    pub(super) objects: u64,
    /// Whether a number was none, or an object had more members than are told apart.
    pub(super) is_odd: bool,
}

impl Values {
    pub(super) fn take(&mut self, value: Option<&AnyValue>, level: u8) {
        self.records += 1;
        match Came::of(value) {
            Came::Empty => self.kinds.empty += 1,
            Came::Bytes(_) | Came::Mixed => self.kinds.other += 1,
            Came::Value(value) => self.value(&value, level),
        }
    }

    fn value(&mut self, value: &Value<'_>, level: u8) {
        match value {
            Value::String(text) => {
                self.kinds.string += 1;
                self.text(text, level);
            }
            Value::Int(number) => {
                self.kinds.int += 1;
                self.int(*number);
                self.tell(&number.to_string(), level);
            }
            Value::Double(number) => {
                self.kinds.double += 1;
                self.double(*number);
            }
            Value::Bool(truth) => {
                self.kinds.bool += 1;
                self.tell(&truth.to_string(), level);
            }
            Value::StringArray(list) if list.is_empty() => self.kinds.empty_lists += 1,
            Value::StringArray(list) => {
                self.kinds.strings += 1;
                list.iter().for_each(|text| self.longest = self.longest.max(text.chars().count()));
            }
            Value::IntArray(list) => {
                self.kinds.ints += 1;
                list.iter().for_each(|number| self.int(*number));
            }
            Value::DoubleArray(list) => {
                self.kinds.doubles += 1;
                list.iter().for_each(|number| self.double(*number));
            }
            Value::BoolArray(_) => self.kinds.bools += 1,
            Value::Object(object) => {
                self.kinds.object += 1;
                self.object(object);
            }
            Value::ObjectArray(list) => {
                self.kinds.objects += 1;
                list.iter().for_each(|object| self.object(object));
            }
        }
    }

    fn object(&mut self, object: &slo_model::Object<'_>) {
        self.objects += 1;
        for (name, value) in object {
            let has_room = self.members.len() < MOST_MEMBERS;
            let member = match self.members.get_mut(name.as_ref()) {
                Some(member) => member,
                None if has_room => self.members.entry(name.to_string()).or_default(),
                None => {
                    self.is_odd = true;
                    continue;
                }
            };
            member.records += 1;
            member.value(value, 0);
        }
    }

    fn int(&mut self, number: i64) {
        let (least, most) = self.ints.unwrap_or((number, number));
        self.ints = Some((least.min(number), most.max(number)));
    }

    fn double(&mut self, number: f64) {
        self.is_odd |= !number.is_finite();
        let (least, most) = self.doubles.unwrap_or((number, number));
        self.doubles = Some((least.min(number), most.max(number)));
    }

    fn text(&mut self, text: &str, level: u8) {
        self.longest = self.longest.max(text.chars().count());
        self.tell(text, level);
    }

    fn tell(&mut self, text: &str, level: u8) {
        if let Some(told) = self.told.get_mut(text) {
            told.count += 1;
            told.levels |= level;
        } else if text.len() <= LONGEST && self.told.len() < MOST_VALUES {
            self.told.insert(text.to_owned(), Count { count: 1, levels: level });
        } else {
            self.has_more = true;
        }
    }

    /// Takes in what was seen elsewhere.
    pub(super) fn merge(&mut self, other: &Values) {
        self.records += other.records;
        let (own, from) = (&mut self.kinds, &other.kinds);
        own.string += from.string;
        own.int += from.int;
        own.double += from.double;
        own.bool += from.bool;
        own.strings += from.strings;
        own.ints += from.ints;
        own.doubles += from.doubles;
        own.bools += from.bools;
        own.empty_lists += from.empty_lists;
        own.object += from.object;
        own.objects += from.objects;
        own.empty += from.empty;
        own.other += from.other;
        for (text, count) in &other.told {
            if self.told.len() < MOST_VALUES || self.told.contains_key(text) {
                let told = self.told.entry(text.clone()).or_default();
                told.count += count.count;
                told.levels |= count.levels;
            } else {
                self.has_more = true;
            }
        }
        self.has_more |= other.has_more;
        self.is_odd |= other.is_odd;
        if let Some((least, most)) = other.ints {
            self.int(least);
            self.int(most);
        }
        if let Some((least, most)) = other.doubles {
            self.double(least);
            self.double(most);
        }
        self.longest = self.longest.max(other.longest);
        self.objects += other.objects;
        for (name, member) in &other.members {
            if self.members.len() < MOST_MEMBERS || self.members.contains_key(name) {
                self.members.entry(name.clone()).or_default().merge(member);
            } else {
                self.is_odd = true;
            }
        }
    }
}

/// How many keys of a kind of record are told apart.
const MOST_KEYS: usize = 256;

/// What was seen under the keys of a kind of record.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys {
    /// How many records there were.
    pub(super) records: u64,
    pub(super) keys: BTreeMap<String, Values>,
    /// Keys past those that are told apart.
    pub(super) beyond: u64,
}

impl Keys {
    pub(super) fn take(&mut self, attributes: &[KeyValue], level: u8) {
        self.records += 1;
        for pair in attributes {
            let has_room = self.keys.len() < MOST_KEYS;
            let values = match self.keys.get_mut(&pair.key) {
                Some(values) => values,
                None if has_room => self.keys.entry(pair.key.clone()).or_default(),
                None => {
                    self.beyond += 1;
                    continue;
                }
            };
            values.take(pair.value.as_ref(), level);
        }
    }

    /// Takes in what was seen elsewhere.
    pub(super) fn merge(&mut self, other: &Keys) {
        self.records += other.records;
        self.beyond += other.beyond;
        for (key, values) in &other.keys {
            if self.keys.len() < MOST_KEYS || self.keys.contains_key(key) {
                self.keys.entry(key.clone()).or_default().merge(values);
            } else {
                self.beyond += values.records;
            }
        }
    }
}
