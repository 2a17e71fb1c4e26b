//! The standard vocabularies of the slo language, as text and as static tables that need no reading.
//!
//! The tables are generated from the text by `slo build --target tables` and checked in; the project's CI holds
//! the two together.

mod tables;

/// The built-in vocabularies.
pub const VOCABULARIES: &[&Vocabulary] = &[&tables::VOCABULARY];

/// A vocabulary: packages of attributes and metrics with one name and version.
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
#[derive(Debug)]
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
    /// Where the key stands in the vocabulary's text.
    pub place: Place,
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
#[derive(Debug)]
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
}

/// A metric of the conventions.
#[derive(Debug)]
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
    /// Its labels: key, requirement level, and the condition of `if`.
    pub labels: &'static [(&'static str, &'static str, &'static str)],
    /// Where the name stands in the vocabulary's text.
    pub place: Place,
}
