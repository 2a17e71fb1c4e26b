//! The syntax tree: the leaves, which lose nothing, and the items, typed, which point into the same text.

use std::sync::Arc;

use crate::{FileId, Place, Placed, SyntaxError};

/// One file as it was read.
#[derive(Clone, Debug)]
pub struct SyntaxTree {
    /// The file's number.
    pub file: FileId,
    /// The file's text.
    pub text: Arc<str>,
    /// The text cut into leaves: every byte belongs to exactly one.
    pub leaves: Vec<Leaf>,
    /// The items that could be read, in the order of the text.
    pub items: Vec<Item>,
    /// One error for each item that could not, in the order of the text.
    pub errors: Vec<SyntaxError>,
    /// What those items would have declared, so that nobody asks for it in vain.
    pub unread: Vec<Unread>,
}

/// A declaration that could not be read, as far as it can be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Its first word, which need not be a keyword.
    pub keyword: String,
    /// What follows it: the key or the name.
    pub name: String,
}

/// A token, a comment or a blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// What it is.
    pub kind: LeafKind,
    /// Its first byte.
    pub start: u32,
    /// The byte behind its last one.
    pub end: u32,
}

/// The kinds of leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LeafKind {
    /// Spaces, tabs, newlines and the byte order mark.
    Blank,
    /// `// …` up to the line's end.
    Comment,
    /// `/// …` or `//! …` up to the line's end.
    Doc,
    /// A word with a meaning of its own at its place.
    Keyword,
    /// A name.
    Word,
    /// A key, with its dots and quoted parts.
    Key,
    /// A text in quotes.
    String,
    /// A number with its unit.
    Number,
    /// A brace, a comma and their like.
    Punctuation,
    /// An item that could not be read, as a whole.
    Unread,
}

/// A name with dots, such as a key or a package: what counts is the joined text.
pub type Name = Placed<String>;

/// A declaration.
#[derive(Clone, Debug)]
pub enum Item {
    /// `package fin.pay`
    Package(Package),
    /// `use std.otel`
    Use(Name),
    /// `attribute KEY: TYPE, …`
    Attribute(Attribute),
    /// `refine KEY: …`
    Refine(Refine),
    /// `group NAME { … }`
    Group(Block),
    /// `resource NAME { … }`
    Resource(Block),
    /// `scope NAME { … }`
    Scope(Block),
    /// `policy NAME { … }`
    Policy(Policy),
    /// `metric NAME: KIND, … { … }`
    Metric(Metric),
}

/// `package fin.pay`, with the docs of the file above it.
#[derive(Clone, Debug)]
pub struct Package {
    /// The `//!` lines, joined.
    pub docs: String,
    /// The package's name.
    pub name: Name,
}

/// `attribute KEY: TYPE, …`
#[derive(Clone, Debug)]
pub struct Attribute {
    /// The `///` lines, joined.
    pub docs: String,
    /// The key.
    pub key: Name,
    /// The type of its values.
    pub type_of: Placed<Type>,
    /// What else is said of it.
    pub options: Vec<Opt>,
}

/// `refine KEY: …`
#[derive(Clone, Debug)]
pub struct Refine {
    /// The `///` lines, joined.
    pub docs: String,
    /// The key that is narrowed.
    pub key: Name,
    /// How.
    pub options: Vec<Opt>,
}

/// A group, a resource or a scope.
#[derive(Clone, Debug)]
pub struct Block {
    /// The `///` lines, joined.
    pub docs: String,
    /// Its name.
    pub name: Name,
    /// The header's options.
    pub options: Vec<Opt>,
    /// What stands between the braces.
    pub entries: Vec<Entry>,
}

/// A line of a block.
#[derive(Clone, Debug)]
pub enum Entry {
    /// `KEY: option, …`
    Key {
        /// The `///` lines, joined.
        docs: String,
        /// The key.
        key: Name,
        /// What is said of it.
        options: Vec<Opt>,
    },
    /// `...GROUP`
    Spread(Name),
}

/// `policy NAME { … }`
#[derive(Clone, Debug)]
pub struct Policy {
    /// The `///` lines, joined.
    pub docs: String,
    /// Its name.
    pub name: Name,
    /// What stands between the braces.
    pub entries: Vec<PolicyEntry>,
}

/// A line of a policy.
#[derive(Clone, Debug)]
pub enum PolicyEntry {
    /// `RULE: SEVERITY, option, …`
    Rule {
        /// The rule's name.
        name: Name,
        /// Its severity and options.
        options: Vec<Opt>,
    },
    /// `allow CODE: KEY, "reason"`
    Allow {
        /// The code of the finding that is accepted.
        code: Name,
        /// The key or name that the finding is about.
        name: Name,
        /// Why it is accepted.
        reason: Placed<String>,
    },
}

/// `metric NAME: KIND, … { … }`
#[derive(Clone, Debug)]
pub struct Metric {
    /// The `///` lines, joined.
    pub docs: String,
    /// Its name.
    pub name: Name,
    /// Its kind and what else is said of it.
    pub options: Vec<Opt>,
    /// Its labels.
    pub labels: Vec<Label>,
}

/// A label of a metric, as a vocabulary lists it.
#[derive(Clone, Debug)]
pub struct Label {
    /// The key.
    pub key: Name,
    /// Its requirement level: a word, or `if` with the condition.
    pub level: Option<Placed<Level>>,
}

/// How far a convention asks for a label.
#[derive(Clone, Debug, PartialEq)]
pub enum Level {
    /// `required`, `recommended`, `opt_in`
    Word(String),
    /// `if "condition"`
    If(String),
}

/// A type as it is written.
#[derive(Clone, Debug)]
pub enum Type {
    /// `enum { … }`
    Enum(Vec<Member>),
    /// `map<TYPE>`
    Map(NamedType),
    /// `timestamp(UNIT)`
    Timestamp(Name),
    /// `duration(UNIT)`
    Duration(Name),
    /// `string`, `int[]`, `http.route`
    Named(NamedType),
}

/// A type by its name.
#[derive(Clone, Debug)]
pub struct NamedType {
    /// The name.
    pub name: Name,
    /// Whether `[]` follows it.
    pub array: bool,
}

/// A member of an enum.
#[derive(Clone, Debug)]
pub struct Member {
    /// The `///` lines, joined.
    pub docs: String,
    /// Its name.
    pub name: Name,
    /// What stands on the wire, where that isn't the name.
    pub wire: Option<Placed<Expression>>,
}

/// An option: `required`, `env=SERVICE_VERSION`, or a text that stands by itself.
#[derive(Clone, Debug)]
pub struct Opt {
    /// Its name; for a text that stands by itself, an empty one at the text's place.
    pub name: Name,
    /// What follows `=`, or the text.
    pub value: Option<Placed<Expression>>,
    /// The whole option.
    pub place: Place,
}

/// A value as it is written.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// `backend`, `service.name`
    Key(String),
    /// `"text"`, with its escapes resolved
    String(String),
    /// `5_000`, `30d`
    Number {
        /// The digits without `_`.
        digits: String,
        /// The unit, or nothing.
        unit: String,
    },
    /// `0..=5`: two numbers
    Range(Box<Placed<Expression>>, Box<Placed<Expression>>),
    /// `[a, b]`
    List(Vec<Placed<Expression>>),
    /// A tag's value without quotes, up to the comma: it is read by its option, or by its key's type.
    Raw(String),
}

/// What `#[slo("…")]` says of a field.
#[derive(Clone, Debug)]
pub struct Tag {
    /// The key.
    pub key: Name,
    /// What else is said.
    pub options: Vec<Opt>,
}
