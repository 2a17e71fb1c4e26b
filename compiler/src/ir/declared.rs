//! What is declared for others to write: metrics, spans and logs, and the entities that these are about.

#[cfg(feature = "json")]
use serde::{Deserialize, Serialize};

use super::{Deprecation, Node};

/// A metric as a vocabulary declares it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Metric {
    /// The place of its declaration.
    pub node: Node,
    /// The package that declares it.
    pub package: String,
    /// Its name.
    pub name: String,
    /// What is said of it.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "String::is_empty"))]
    pub docs: String,
    /// The instrument: `counter`, `updowncounter`, `gauge`, `histogram`.
    pub kind: String,
    /// The unit, in UCUM.
    pub unit: String,
    /// Its stability.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub stability: Option<String>,
    /// Why it should not be used any more.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub deprecated: Option<Deprecation>,
    /// Its labels.
    pub labels: Vec<ListedKey>,
    /// What it is measured of.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub entities: Option<Entities>,
}

/// A span, a log or an entity as a vocabulary declares it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Declaration {
    /// The place of its declaration.
    pub node: Node,
    /// The package that declares it.
    pub package: String,
    /// Its name.
    pub name: String,
    /// What is said of it.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "String::is_empty"))]
    pub docs: String,
    /// A span's kind or a log's severity, where it says one; an entity has none.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub kind: Option<String>,
    /// Whether what is written has no keys but these.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub closed: bool,
    /// Its stability.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub stability: Option<String>,
    /// Why it should not be used any more.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub deprecated: Option<Deprecation>,
    /// Its keys, in the order of the text.
    pub keys: Vec<ListedKey>,
    /// What it is written about.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub entities: Option<Entities>,
}

/// A key that a declaration lists.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ListedKey {
    /// The key.
    pub key: String,
    /// `required`, `recommended`, `opt_in` or `if`; of what tells one entity from another, `id`.
    pub level: String,
    /// When it is asked for, in words.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "String::is_empty"))]
    pub condition: String,
}

impl ListedKey {
    /// Whether every record has the key.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.level == "required"
    }

    /// Whether a key is this one, or one of the family that this one declares.
    #[must_use]
    pub fn lists(&self, key: &str) -> bool {
        key.strip_prefix(self.key.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

/// What something is about: an entity, or several of them put together.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Entities {
    /// The entity of this name.
    Entity(String),
    /// One of these.
    OneOf(Vec<Entities>),
    /// All of these together.
    AllOf(Vec<Entities>),
}

impl Entities {
    /// Whether it names this entity.
    #[must_use]
    pub fn names(&self, name: &str) -> bool {
        match self {
            Entities::Entity(entity) => entity == name,
            Entities::OneOf(parts) | Entities::AllOf(parts) => parts.iter().any(|part| part.names(name)),
        }
    }
}

impl std::fmt::Display for Entities {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (word, parts) = match self {
            Entities::Entity(name) => return formatter.write_str(name),
            Entities::OneOf(parts) => ("one_of", parts),
            Entities::AllOf(parts) => ("all_of", parts),
        };
        write!(formatter, "{word}(")?;
        for (number, part) in parts.iter().enumerate() {
            let comma = if number == 0 { "" } else { ", " };
            write!(formatter, "{comma}{part}")?;
        }
        formatter.write_str(")")
    }
}
