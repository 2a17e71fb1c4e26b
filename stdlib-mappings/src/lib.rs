//! The standard vocabularies of the slo language, as text and as static tables that need no reading.
//!
//! The tables are generated from the text by `slo build --target tables` and checked in; the project's CI holds
//! the two together. Vocabularies of meanings are small, and text alone.

mod meanings;
mod names;
mod renames;
mod tables;
mod version;

pub use meanings::MEANINGS;
pub use version::{schema_version, versions, vocabulary};

/// The built-in vocabularies of which there are tables, in their newest versions.
pub const VOCABULARIES: &[&Vocabulary] = &[&tables::VOCABULARY];

/// A built-in vocabulary that is text alone, read where a contract names it: it holds meanings, of which a program takes one or
/// two.
#[derive(Debug)]
pub struct Meanings {
    /// Its name, which is its package's as well.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Its `slo.toml`.
    pub manifest: &'static str,
    /// Its file.
    pub file: File,
}

/// A vocabulary: packages of attributes, metrics, spans, logs and entities with one name and version.
#[derive(Debug)]
pub struct Vocabulary {
    /// Its name, which its packages' names begin with.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Who keeps it.
    pub owner: &'static str,
    /// The schema URL of what it describes.
    pub schema_url: &'static str,
    /// Its packages, sorted.
    pub packages: &'static [&'static str],
    /// Its files.
    pub files: &'static [File],
    /// Its attributes, sorted by key.
    pub attributes: &'static [Attribute],
    /// Its metrics, sorted by name.
    pub metrics: &'static [Metric],
    /// Its spans, sorted by name.
    pub spans: &'static [Declaration],
    /// Its logs, sorted by name.
    pub logs: &'static [Declaration],
    /// Its entities, sorted by name.
    pub entities: &'static [Declaration],
}

impl Vocabulary {
    /// The attribute with this key, in the logarithm of their number.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&'static Attribute> {
        let at = self.attributes.binary_search_by_key(&key, |attribute| attribute.key).ok()?;
        self.attributes.get(at)
    }

    /// The metric with this name, in the logarithm of their number.
    #[must_use]
    pub fn metric(&self, name: &str) -> Option<&'static Metric> {
        let at = self.metrics.binary_search_by_key(&name, |metric| metric.name).ok()?;
        self.metrics.get(at)
    }

    /// The span with this name, in the logarithm of their number.
    #[must_use]
    pub fn span(&self, name: &str) -> Option<&'static Declaration> {
        named(self.spans, name)
    }

    /// The log with this name, in the logarithm of their number.
    #[must_use]
    pub fn log(&self, name: &str) -> Option<&'static Declaration> {
        named(self.logs, name)
    }

    /// The entity with this name, in the logarithm of their number.
    #[must_use]
    pub fn entity(&self, name: &str) -> Option<&'static Declaration> {
        named(self.entities, name)
    }
}

fn named(sorted: &'static [Declaration], name: &str) -> Option<&'static Declaration> {
    let at = sorted.binary_search_by_key(&name, |declaration| declaration.name).ok()?;
    sorted.get(at)
}

/// A file of a vocabulary.
#[derive(Debug)]
pub struct File {
    /// Its path below the vocabulary's root.
    pub path: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// A stretch of a file of the vocabulary: the file's number and two offsets in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place(pub u16, pub u32, pub u32);

/// A key with its type.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// The key.
    pub key: &'static str,
    /// The package that declares it.
    pub package: &'static str,
    /// What is said of it.
    pub docs: &'static str,
    /// The type of its values.
    pub value: Type,
    /// The members of an enum.
    pub members: Option<&'static [Member]>,
    /// Whether values beyond the members occur.
    pub open: bool,
    /// The unit, in UCUM.
    pub unit: Option<&'static str>,
    /// Its stability.
    pub stability: Option<&'static str>,
    /// Whether it is deprecated.
    pub deprecated: Option<Deprecation>,
    /// Values that it may have.
    pub examples: &'static [Example],
    /// Where the key stands in the vocabulary's text.
    pub place: Place,
}

/// A value that an attribute may have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Example {
    /// Text.
    String(&'static str),
    /// A signed integer of 64 bits.
    Int(i64),
    /// A floating-point number of 64 bits.
    Double(f64),
    /// `true` or `false`.
    Bool(bool),
    /// A list of texts.
    StringArray(&'static [&'static str]),
    /// A list of integers.
    IntArray(&'static [i64]),
    /// A list of floating-point numbers.
    DoubleArray(&'static [f64]),
    /// A list of booleans.
    BoolArray(&'static [bool]),
}

/// A type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Text.
    String,
    /// A signed integer of 64 bits.
    Int,
    /// A floating-point number of 64 bits.
    Double,
    /// `true` or `false`.
    Bool,
    /// Bytes.
    Bytes,
    /// A list of texts.
    StringArray,
    /// A list of integers.
    IntArray,
    /// A list of floating-point numbers.
    DoubleArray,
    /// A list of booleans.
    BoolArray,
    /// Any value.
    Any,
    /// A family of keys with one part open.
    Map(&'static Type),
    /// A moment, in this unit.
    Timestamp(&'static str),
    /// A length of time, in this unit.
    Duration(&'static str),
}

/// A member of an enum.
#[derive(Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// What stands on the wire.
    pub wire: Wire,
    /// What is said of it.
    pub docs: &'static str,
}

/// What stands on the wire for a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// Text.
    String(&'static str),
    /// An integer.
    Int(i64),
}

/// Why something should not be used any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deprecation {
    /// This took its place.
    Successor(&'static str),
    /// Nothing did; this is why.
    Reason(&'static str),
    /// It came after this version of the vocabulary, which has these names for it.
    NotYet {
        /// The version.
        version: &'static str,
        /// The names.
        names: &'static [&'static str],
    },
}

/// A metric of the conventions.
#[derive(Clone, Debug)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// The package that declares it.
    pub package: &'static str,
    /// What is said of it.
    pub docs: &'static str,
    /// The instrument: `counter`, `updowncounter`, `gauge` or `histogram`.
    pub kind: &'static str,
    /// The unit, in UCUM.
    pub unit: &'static str,
    /// Its stability.
    pub stability: Option<&'static str>,
    /// Whether it is deprecated.
    pub deprecated: Option<Deprecation>,
    /// Its labels: key, requirement level, and the condition in words.
    pub labels: &'static [(&'static str, &'static str, &'static str)],
    /// What it is measured of.
    pub entities: Option<Entities>,
    /// Where the name stands in the vocabulary's text.
    pub place: Place,
}

/// A span, a log or an entity of the conventions.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// Its name.
    pub name: &'static str,
    /// The package that declares it.
    pub package: &'static str,
    /// What is said of it.
    pub docs: &'static str,
    /// A span's kind or a log's severity, where it says one.
    pub kind: Option<&'static str>,
    /// Whether what is written has no keys but these.
    pub closed: bool,
    /// Its stability.
    pub stability: Option<&'static str>,
    /// Whether it is deprecated.
    pub deprecated: Option<Deprecation>,
    /// Its keys: key, requirement level, `id` for what tells one entity from another, and the condition in words.
    pub keys: &'static [(&'static str, &'static str, &'static str)],
    /// What it is written about.
    pub entities: Option<Entities>,
    /// Where the name stands in the vocabulary's text.
    pub place: Place,
}

/// What something is about: an entity, or several of them put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entities {
    /// The entity of this name.
    Entity(&'static str),
    /// One of these.
    OneOf(&'static [Entities]),
    /// All of these together.
    AllOf(&'static [Entities]),
}
