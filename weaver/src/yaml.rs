//! YAML as values that know where they stand.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Budget, DuplicateKeyPolicy, Error, Location, MergeKeyPolicy, Options, Spanned};

use crate::limits;
use crate::place::{Place, Placed, shown};
use crate::problem::{Kind, Problem};

/// A value with its place.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) data: Data,
    pub(crate) place: Place,
}

/// A value of YAML.
#[derive(Clone, Debug)]
pub(crate) enum Data {
    Null,
    Boolean(bool),
    Integer(i64),
    Number(f64),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Placed<String>, Node)>),
}

impl Data {
    /// What it is, as a message says it.
    pub(crate) const fn what(&self) -> &'static str {
        match self {
            Data::Null => "nothing",
            Data::Boolean(_) => "a boolean",
            Data::Integer(_) => "an integer",
            Data::Number(_) => "a number",
            Data::Text(_) => "a text",
            Data::List(_) => "a list",
            Data::Map(_) => "a map",
        }
    }
}

/// Reads a text; one that holds nothing is no value.
pub(crate) fn parse(text: &str, file: &Arc<str>) -> Result<Node, Vec<Problem>> {
    let raw: Spanned<Raw> =
        serde_saphyr::from_str_with_options(text, options()).map_err(|error| vec![problem(&error, file)])?;
    let mut problems = Vec::new();
    let node = placed(raw, file, &mut problems);
    if problems.is_empty() { Ok(node) } else { Err(problems) }
}

fn options() -> Options {
    let mut budget = Budget::default();
    budget.max_total_scalar_bytes = limits::TEXT_BYTES;
    budget.max_nodes = limits::VALUES;
    budget.max_events = 4 * limits::VALUES;
    budget.max_depth = limits::NESTING;
    budget.flow_nesting_limit = limits::NESTING;
    // Keys that stand twice are forwarded, so that both places are told.
    let mut options = Options::default();
    options.budget = Some(budget);
    options.duplicate_keys = DuplicateKeyPolicy::PassThrough;
    options.merge_keys = MergeKeyPolicy::AsOrdinary;
    options.strict_booleans = true;
    options
}

/// The library's error in words for whoever keeps the registry.
fn problem(error: &Error, file: &Arc<str>) -> Problem {
    let error = error.without_snippet();
    let place = error.location().map_or_else(|| Place::start(file), |location| place(location, file));
    // What an alias repeats has an error of its own inside.
    let error = match error {
        Error::AliasError { error, .. } => error.without_snippet(),
        other => other,
    };
    match error {
        Error::Budget { .. } => Problem::new(
            Kind::Limit,
            place,
            format!(
                "the file has more than {} values or {} bytes of text, with what aliases repeat, or nests deeper than {}",
                limits::VALUES,
                limits::TEXT_BYTES,
                limits::NESTING
            ),
            "split the file, and write out what an alias repeats",
        ),
        Error::MultipleDocuments { .. } => Problem::new(
            Kind::Syntax,
            place,
            "the file has more than one document",
            "put what comes after `---` into a file of its own",
        ),
        Error::RecursiveReferencesRequireWeakTypes { .. } => {
            Problem::new(Kind::Syntax, place, "an alias repeats what it stands in", "write out what it means")
        }
        other => {
            let text = other.to_string();
            if text.contains("recursion limit") {
                return Problem::new(
                    Kind::Limit,
                    place,
                    format!("values nest deeper than {}", limits::NESTING),
                    "a registry nests a few levels: see to who wrote the file",
                );
            }
            let end = text.rfind(" at line ").unwrap_or(text.len());
            let message = shown(text.get(..end).unwrap_or(&text));
            Problem::new(Kind::Syntax, place, format!("the file is no YAML: {message}"), "mend the file")
        }
    }
}

fn place(location: Location, file: &Arc<str>) -> Place {
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    Place { file: Arc::clone(file), line: small(location.line()), column: small(location.column()) }
}

fn placed(raw: Spanned<Raw>, file: &Arc<str>, problems: &mut Vec<Problem>) -> Node {
    let at = place(raw.referenced, file);
    let data = match raw.value {
        Raw::Null => Data::Null,
        Raw::Boolean(value) => Data::Boolean(value),
        Raw::Integer(value) => Data::Integer(value),
        Raw::Number(value) => Data::Number(value),
        Raw::Text(value) => Data::Text(value),
        Raw::List(values) => {
            Data::List(values.into_iter().map(|value| placed(value, file, problems)).collect())
        }
        Raw::Map(entries) => Data::Map(map(entries, file, problems)),
    };
    Node { data, place: at }
}

fn map(
    entries: Vec<(Spanned<String>, Spanned<Raw>)>,
    file: &Arc<str>,
    problems: &mut Vec<Problem>,
) -> Vec<(Placed<String>, Node)> {
    let mut first: HashMap<String, Place> = HashMap::with_capacity(entries.len());
    let mut placed_entries = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        let key = Placed { place: place(key.referenced, file), value: key.value };
        if let Some(before) = first.get(&key.value) {
            if problems.len() < limits::PROBLEMS {
                let message = format!("the key `{}` stands twice", shown(&key.value));
                problems.push(
                    Problem::new(Kind::Duplicate, key.place, message, "take one of them out")
                        .with(before.clone(), "it stands here already"),
                );
            }
            continue;
        }
        first.insert(key.value.clone(), key.place.clone());
        placed_entries.push((key, placed(value, file, problems)));
    }
    placed_entries
}

/// A value as the library gives it.
enum Raw {
    Null,
    Boolean(bool),
    Integer(i64),
    Number(f64),
    Text(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<String>, Spanned<Raw>)>),
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
        Ok(Raw::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Boolean(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Integer(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Raw, E> {
        i64::try_from(value)
            .map(Raw::Integer)
            .map_err(|_| E::custom("an integer of more than 64 bits with a sign"))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Number(value))
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
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }
}
