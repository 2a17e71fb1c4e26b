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
    /// `meaning NAME { … }`
    Meaning(Meaning),
    /// `view NAME of MEANING { … }`
    View(View),
    /// `event NAME in SCOPE { … }`
    Event(Event),
}

impl Item {
    /// The keyword that begins it.
    #[must_use]
    pub const fn keyword(&self) -> &'static str {
        match self {
            Item::Package(_) => "package",
            Item::Use(_) => "use",
            Item::Attribute(_) => "attribute",
            Item::Refine(_) => "refine",
            Item::Group(_) => "group",
            Item::Resource(_) => "resource",
            Item::Scope(_) => "scope",
            Item::Policy(_) => "policy",
            Item::Metric(_) => "metric",
            Item::Meaning(_) => "meaning",
            Item::View(_) => "view",
            Item::Event(_) => "event",
        }
    }

    /// What it declares or names.
    #[must_use]
    pub const fn name(&self) -> &Name {
        match self {
            Item::Package(package) => &package.name,
            Item::Use(name) => name,
            Item::Attribute(attribute) => &attribute.key,
            Item::Refine(refine) => &refine.key,
            Item::Group(block) | Item::Resource(block) | Item::Scope(block) => &block.name,
            Item::Policy(policy) => &policy.name,
            Item::Metric(metric) => &metric.name,
            Item::Meaning(meaning) => &meaning.name,
            Item::View(view) => &view.name,
            Item::Event(event) => &event.name,
        }
    }
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
    /// `NAME: TYPE, …`: only a group may hold it, for an event.
    Field(Box<Field>),
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

/// `metric NAME: KIND, … { … }`, at top level or in an event.
#[derive(Clone, Debug)]
pub struct Metric {
    /// The `///` lines, joined.
    pub docs: String,
    /// Its name.
    pub name: Name,
    /// The scope behind `in`.
    pub scope: Option<Name>,
    /// Its kind and what else is said of it.
    pub options: Vec<Opt>,
    /// Its labels; none where there is no list.
    pub list: Option<Vec<ListItem>>,
}

/// An item of a signal's list: a field, a key, or a constant.
#[derive(Clone, Debug)]
pub struct ListItem {
    /// The field or the key.
    pub key: Name,
    /// What follows `=`.
    pub value: Option<Placed<Expression>>,
    /// The view behind `via`.
    pub via: Option<Name>,
    /// The other name behind `as`.
    pub shown_as: Option<Name>,
    /// A convention's requirement level: a word, or `if` with the condition.
    pub level: Option<Placed<Level>>,
}

/// `meaning NAME { … }`
#[derive(Clone, Debug)]
pub struct Meaning {
    /// The `///` lines, joined.
    pub docs: String,
    /// Its name.
    pub name: Name,
    /// What stands between the braces.
    pub entries: Vec<MeaningEntry>,
}

/// `view NAME of MEANING: option, … { … }`
#[derive(Clone, Debug)]
pub struct View {
    /// The `///` lines, joined.
    pub docs: String,
    /// Its name.
    pub name: Name,
    /// The meaning.
    pub of: Name,
    /// What else is said of it.
    pub options: Vec<Opt>,
    /// What stands between the braces.
    pub entries: Vec<MeaningEntry>,
}

/// A part of a meaning or a view.
#[derive(Clone, Debug)]
pub enum MeaningEntry {
    /// `NAME(payload) "description" { … }`
    Variant(Variant),
    /// `...MEANING`
    Spread(Name),
    /// `lossy SIGNAL { A, B } "reason"`
    Lossy(Lossy),
}

/// A variant of a meaning.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The `///` lines, joined.
    pub docs: String,
    /// Its name.
    pub name: Name,
    /// What it carries.
    pub payload: Vec<PayloadField>,
    /// What it means.
    pub description: Option<Placed<String>>,
    /// How it shows.
    pub projections: Vec<Projection>,
}

/// `code: int, range=400..=499`
#[derive(Clone, Debug)]
pub struct PayloadField {
    /// Its name.
    pub name: Name,
    /// The type of its values.
    pub type_of: Placed<Type>,
    /// What else is said of it.
    pub options: Vec<Opt>,
}

/// `log warn { key = value }`, `metric none`, `all { … }`
#[derive(Clone, Debug)]
pub struct Projection {
    /// The signal, or `all`.
    pub signal: Name,
    /// A severity, a status, or `none`.
    pub word: Option<Name>,
    /// The pairs; none where there is no block.
    pub pairs: Option<Vec<Pair>>,
    /// The whole projection.
    pub place: Place,
}

/// `key = value`
#[derive(Clone, Debug)]
pub struct Pair {
    /// The key.
    pub key: Name,
    /// The value.
    pub value: Placed<Expression>,
}

/// `lossy SIGNAL { A, B } "reason"`
#[derive(Clone, Debug)]
pub struct Lossy {
    /// The signal.
    pub signal: Name,
    /// The variants.
    pub variants: Vec<Name>,
    /// Why.
    pub reason: Option<Placed<String>>,
    /// The whole item.
    pub place: Place,
}

/// `event NAME in SCOPE: option, … { … }`
#[derive(Clone, Debug)]
pub struct Event {
    /// The `///` lines, joined.
    pub docs: String,
    /// Its name.
    pub name: Name,
    /// Its scope.
    pub scope: Name,
    /// What else is said of it.
    pub options: Vec<Opt>,
    /// What stands between the braces.
    pub entries: Vec<EventEntry>,
}

/// A part of an event.
#[derive(Clone, Debug)]
pub enum EventEntry {
    /// `NAME: TYPE, …`
    Field(Field),
    /// `...GROUP`
    Spread(Name),
    /// `metric NAME: … { … }`
    Metric(Metric),
    /// `log NAME: … { … }`
    Log(Log),
    /// `span "NAME": … { … }`
    Span(Span),
}

/// `NAME: TYPE? = VALUE via VIEW, option, …`
#[derive(Clone, Debug)]
pub struct Field {
    /// The `///` lines, joined.
    pub docs: String,
    /// Its name.
    pub name: Name,
    /// The type of its values.
    pub type_of: Placed<Type>,
    /// The place of the `?`, where it may be absent.
    pub optional: Option<Place>,
    /// What follows `=`.
    pub value: Option<Placed<Expression>>,
    /// The view behind `via`.
    pub via: Option<Name>,
    /// What else is said of it.
    pub options: Vec<Opt>,
}

/// `log NAME: option, … { … }`
#[derive(Clone, Debug)]
pub struct Log {
    /// The `///` lines, joined.
    pub docs: String,
    /// Its event name.
    pub name: Name,
    /// What else is said of it.
    pub options: Vec<Opt>,
    /// Its attributes; none where there is no list.
    pub list: Option<Vec<ListItem>>,
}

/// `span "NAME": option, … { … }`, `span current { … }`
#[derive(Clone, Debug)]
pub struct Span {
    /// The `///` lines, joined.
    pub docs: String,
    /// The place of the name, or of `current`.
    pub place: Place,
    /// Its name; none for `current`.
    pub name: Option<Placed<String>>,
    /// What else is said of it.
    pub options: Vec<Opt>,
    /// Its attributes; none where there is no list.
    pub list: Option<Vec<ListItem>>,
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
    /// `to_string(code)`: a conversion of a payload
    Call(Name, Name),
    /// `(outcome == Timeout and route present)`
    Conditions(Vec<Test>),
    /// A tag's value without quotes, up to the comma: it is read by its option, or by its key's type.
    Raw(String),
}

/// A test of `when=(…)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// The field.
    pub field: Name,
    /// What passes.
    pub passes: Passes,
    /// The whole test.
    pub place: Place,
}

/// What passes a test.
#[derive(Clone, Debug, PartialEq)]
pub enum Passes {
    /// `== X`, `in [X, Y]`
    In(Vec<Placed<Expression>>),
    /// `not in [X, Y]`
    NotIn(Vec<Placed<Expression>>),
    /// `present`
    Present,
}

/// What `#[slo("…")]` says of a field.
#[derive(Clone, Debug)]
pub struct Tag {
    /// The key.
    pub key: Name,
    /// What else is said.
    pub options: Vec<Opt>,
}
