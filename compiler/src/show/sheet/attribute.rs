//! A key: what is declared of it, and everything that writes it.

use serde::Serialize;
use slo_stdlib_mappings::Vocabulary;

use crate::ir::{Attribute, Contract, Deprecation};

use super::{Constant, Place, Values, is_false};

/// A key.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AttributeSheet {
    /// The key.
    pub name: String,
    /// What is declared of it: nothing of a key that is local to a signal or stands for another.
    pub declared: Vec<AttributeDeclaration>,
    /// Everything that writes it.
    pub uses: Vec<Use>,
}

/// A declaration of a key.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AttributeDeclaration {
    /// The package that declares it.
    pub package: String,
    /// Where it is declared.
    pub place: Option<Place>,
    /// What is said of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub docs: String,
    /// Its values.
    pub values: Values,
    /// Its stability.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stability: Option<String>,
    /// Whether it must not become a label, nor be shown unless a field says so.
    #[serde(skip_serializing_if = "is_false")]
    pub sensitive: bool,
    /// Why it should not be used any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deprecated: Option<Deprecated>,
    /// The day on which it goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Values that it may have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Constant>,
}

/// Why something should not be used any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Deprecated {
    /// Another name took its place.
    Successor(String),
    /// None did; this is why, where a reason is given.
    Reason(String),
    /// It came after this version of its vocabulary, which has these names for it.
    NotYet {
        /// That version.
        version: String,
        /// The names.
        names: Vec<String>,
    },
}

impl From<&Deprecation> for Deprecated {
    fn from(deprecation: &Deprecation) -> Deprecated {
        match deprecation {
            Deprecation::Successor(key) => Deprecated::Successor(key.clone()),
            Deprecation::Reason(reason) => Deprecated::Reason(reason.clone()),
            Deprecation::NotYet { version, names } => {
                Deprecated::NotYet { version: version.clone(), names: names.clone() }
            }
        }
    }
}

impl From<slo_stdlib_mappings::Deprecation> for Deprecated {
    fn from(deprecation: slo_stdlib_mappings::Deprecation) -> Deprecated {
        Deprecated::from(&Deprecation::from(deprecation))
    }
}

/// Something that writes a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Use {
    /// What it belongs to: `resource`, `scope`, `event`, `metric` (one that stands for itself), `meaning`, `view`.
    #[serde(rename = "in")]
    pub owner_kind: &'static str,
    /// Its full name; a metric's name.
    pub name: String,
    /// The part of it that writes the key, such as `field route`, `span "POST {route}"` or `Timeout on the log`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub part: String,
    /// The key under which it shows there: another than the one that was asked for, where the part renames it. None
    /// where it shows by itself, as a metric's value or in a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What is written: the field, the constant or the source, as the contract writes it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// Where.
    pub place: Option<Place>,
}

impl AttributeSheet {
    /// The key, if the contract declares it, takes it in, or writes it.
    pub(in crate::show) fn of(contract: &Contract, key: &str) -> Option<AttributeSheet> {
        let attributes = contract.attributes.iter().filter(|attribute| attribute.key == key);
        let declared: Vec<AttributeDeclaration> =
            attributes.map(|attribute| AttributeDeclaration::of(contract, attribute)).collect();
        let uses = super::uses::of(contract, key);
        let known = !declared.is_empty() || !uses.is_empty();
        known.then(|| AttributeSheet { name: key.to_owned(), declared, uses })
    }

    /// Everything that writes the key.
    pub(in crate::show) fn uses_of(contract: &Contract, key: &str) -> Vec<Use> {
        super::uses::of(contract, key)
    }

    /// A key of a built-in vocabulary that nothing of the contract writes.
    pub(in crate::show) fn of_table(
        contract: &Contract,
        table: &Vocabulary,
        attribute: &slo_stdlib_mappings::Attribute,
    ) -> AttributeSheet {
        let mut declaration = AttributeDeclaration::of(contract, &attribute.into());
        declaration.place = place_in_table(table, attribute.place);
        AttributeSheet { name: attribute.key.to_owned(), declared: vec![declaration], uses: Vec::new() }
    }
}

impl AttributeDeclaration {
    fn of(contract: &Contract, attribute: &Attribute) -> AttributeDeclaration {
        AttributeDeclaration {
            package: attribute.package.to_string(),
            place: attribute.node.and_then(|node| Place::of(&contract.places, node)),
            docs: attribute.docs.clone(),
            values: Values::from(&attribute.domain),
            stability: attribute.stability.clone(),
            sensitive: attribute.sensitive,
            deprecated: attribute.deprecated.as_ref().map(Deprecated::from),
            until: attribute.until.clone(),
            examples: attribute.examples.iter().map(Constant::from).collect(),
        }
    }
}

/// A place in a table's text, by the path that places in built-in vocabularies have.
pub(in crate::show) fn place_in_table(
    table: &Vocabulary,
    place: slo_stdlib_mappings::Place,
) -> Option<Place> {
    let slo_stdlib_mappings::Place(file, start, _) = place;
    let file = table.files.get(file as usize)?;
    let before = file.text.as_bytes().get(..start as usize)?;
    let line = before.iter().filter(|byte| **byte == b'\n').count() as u32 + 1;
    Some(Place { file: format!("{}/{}", table.name, file.path), line })
}
