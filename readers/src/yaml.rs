//! YAML as values that know where they stand.

use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Budget, Error, Location, Options, Spanned};

use crate::limits;
use crate::query::shown;

/// A value with its place.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) data: Data,
    pub(crate) range: Range<usize>,
}

/// A value; of what rules are not made of nothing is kept.
#[derive(Debug)]
pub(crate) enum Data {
    Other,
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

impl Node {
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        match &self.data {
            Data::Map(entries) => entries.iter().find(|(own, _)| own == key).map(|(_, node)| node),
            _ => None,
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn list(&self) -> Option<&[Node]> {
        match &self.data {
            Data::List(nodes) => Some(nodes),
            _ => None,
        }
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        let entries = match &self.data {
            Data::Map(entries) => entries.as_slice(),
            _ => &[],
        };
        entries.iter().map(|(key, _)| key.as_str())
    }
}

/// The documents of a text, or where and why it is no YAML.
pub(crate) fn parse(text: &str) -> Result<Vec<Node>, (usize, String)> {
    let mut budget = Budget::default();
    budget.max_total_scalar_bytes = usize::try_from(limits::FILE_BYTES).unwrap_or(usize::MAX);
    budget.max_nodes = limits::VALUES;
    budget.max_events = 4 * limits::VALUES;
    budget.max_depth = limits::NESTING;
    budget.flow_nesting_limit = limits::NESTING;
    let mut options = Options::default();
    options.budget = Some(budget);
    let documents: Vec<Spanned<Raw>> =
        serde_saphyr::from_multiple_with_options(text, options).map_err(|error| problem(&error, text))?;
    Ok(documents.into_iter().map(|raw| placed(raw, text)).collect())
}

fn problem(error: &Error, text: &str) -> (usize, String) {
    let error = error.without_snippet();
    let start = error.location().map_or(0, |location| range(location, text).start);
    if matches!(error, Error::Budget { .. }) {
        let why =
            format!("it has more than {} values, or nests deeper than {}", limits::VALUES, limits::NESTING);
        return (start, why);
    }
    let words = error.to_string();
    let end = words.rfind(" at line ").unwrap_or(words.len());
    (start, format!("it is no YAML: {}", shown(words.get(..end).unwrap_or(&words))))
}

/// Where a value stands, in bytes of the text.
fn range(location: Location, text: &str) -> Range<usize> {
    let span = location.span();
    let small = |number: Option<u64>| number.and_then(|number| usize::try_from(number).ok());
    let start = small(span.byte_offset()).unwrap_or(0).min(text.len());
    let start = text.floor_char_boundary(start);
    let end = start.saturating_add(small(span.byte_len()).unwrap_or(0)).min(text.len());
    start..text.ceil_char_boundary(end)
}

fn placed(raw: Spanned<Raw>, text: &str) -> Node {
    let range = range(raw.referenced, text);
    let data = match raw.value {
        Raw::Other => Data::Other,
        Raw::Text(value) => Data::Text(value),
        Raw::List(values) => Data::List(values.into_iter().map(|value| placed(value, text)).collect()),
        Raw::Map(entries) => {
            Data::Map(entries.into_iter().map(|(key, value)| (key, placed(value, text))).collect())
        }
    };
    Node { data, range }
}

/// A value as the library gives it.
enum Raw {
    Other,
    Text(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(String, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Raw, E> {
        Ok(Raw::Other)
    }

    fn visit_none<E: de::Error>(self) -> Result<Raw, E> {
        Ok(Raw::Other)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Raw, E> {
        Ok(Raw::Other)
    }

    // An expression may be a number: `expr: 1`.
    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_string()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_string()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_string()))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Raw, E> {
        Ok(Raw::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = access.next_element()? {
            values.push(value);
        }
        Ok(Raw::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = access.next_key::<Raw>()? {
            match key {
                Raw::Text(key) => entries.push((key, access.next_value()?)),
                _ => {
                    access.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Raw::Map(entries))
    }
}
