//! The syntax tree: the tokens, which lose nothing, and the items, typed, which point into the same text.

use std::sync::Arc;

use crate::text::{Docs, Text};
use crate::token::{TokenRange, Tokens};
use crate::{FileId, Place, Placed, SyntaxError};

/// One file as it was read.
#[derive(Clone, Debug)]
pub struct SyntaxTree {
    /// The file's number.
    pub file: FileId,
    /// The file's text.
    pub text: Arc<str>,
    /// The text cut into tokens; between two of them stand blanks and comments.
    pub tokens: Tokens,
    /// The items that could be read, in the order of the text. What could not be read of one is among its broken
    /// parts.
    pub items: Vec<Item>,
    /// What is wrong with the text, in its order: at most one error for each item or entry, and so many for the file.
    pub errors: Vec<SyntaxError>,
    /// What could not be read would have declared, so that nobody asks for it in vain.
    pub unread: Vec<Unread>,
}

impl SyntaxTree {
    /// The items that could be read as a whole.
    pub fn whole_items(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| item.broken().is_empty())
    }
}

/// A declaration that could not be read, or not as a whole, as far as it can be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Its first word, which need not be a keyword.
    pub keyword: Text,
    /// What follows it: the key or the name.
    pub name: Text,
    /// All that could not be read.
    pub tokens: TokenRange,
}

/// A name with dots, such as a key or a package: what counts is the joined text.
pub type Name = Placed<Text>;

/// A declaration.
#[derive(Clone, Debug)]
pub enum Item {
    /// `package fin.pay`
    Package(Package),
    /// `use std.otel`
    Use(Use),
    /// `attribute KEY: TYPE, …`
    Attribute(Box<Attribute>),
    /// `refine KEY: …`
    Refine(Box<Refine>),
    /// `group NAME { … }`
    Group(Box<Block>),
    /// `resource NAME { … }`
    Resource(Box<Block>),
    /// `scope NAME { … }`
    Scope(Box<Block>),
    /// `policy NAME { … }`
    Policy(Box<Policy>),
    /// `metric NAME: KIND, … { … }`
    Metric(Box<Metric>),
    /// `span NAME: KIND, … { … }`
    Span(Box<Declared>),
    /// `log NAME: SEVERITY, … { … }`
    Log(Box<Declared>),
    /// `entity NAME: … { … }`
    Entity(Box<Declared>),
    /// `meaning NAME { … }`
    Meaning(Box<Meaning>),
    /// `view NAME of MEANING { … }`
    View(Box<View>),
    /// `event NAME in SCOPE { … }`
    Event(Box<Event>),
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
            Item::Span(_) => "span",
            Item::Log(_) => "log",
            Item::Entity(_) => "entity",
            Item::Meaning(_) => "meaning",
            Item::View(_) => "view",
            Item::Event(_) => "event",
        }
    }

    /// Its tokens, docs included.
    #[must_use]
    pub fn tokens(&self) -> TokenRange {
        match self {
            Item::Package(package) => package.tokens,
            Item::Use(used) => used.tokens,
            Item::Attribute(attribute) => attribute.tokens,
            Item::Refine(refine) => refine.tokens,
            Item::Group(block) | Item::Resource(block) | Item::Scope(block) => block.tokens,
            Item::Policy(policy) => policy.tokens,
            Item::Metric(metric) => metric.tokens,
            Item::Span(declared) | Item::Log(declared) | Item::Entity(declared) => declared.tokens,
            Item::Meaning(meaning) => meaning.tokens,
            Item::View(view) => view.tokens,
            Item::Event(event) => event.tokens,
        }
    }

    /// What could not be read of it.
    #[must_use]
    pub fn broken(&self) -> &[TokenRange] {
        match self {
            Item::Group(block) | Item::Resource(block) | Item::Scope(block) => &block.broken,
            Item::Policy(policy) => &policy.broken,
            Item::Meaning(meaning) => &meaning.broken,
            Item::View(view) => &view.broken,
            Item::Event(event) => &event.broken,
            Item::Package(_)
            | Item::Use(_)
            | Item::Attribute(_)
            | Item::Refine(_)
            | Item::Metric(_)
            | Item::Span(_)
            | Item::Log(_)
            | Item::Entity(_) => &[],
        }
    }

    /// What it declares or names.
    #[must_use]
    pub fn name(&self) -> &Name {
        match self {
            Item::Package(package) => &package.name,
            Item::Use(used) => &used.name,
            Item::Attribute(attribute) => &attribute.key,
            Item::Refine(refine) => &refine.key,
            Item::Group(block) | Item::Resource(block) | Item::Scope(block) => &block.name,
            Item::Policy(policy) => &policy.name,
            Item::Metric(metric) => &metric.name,
            Item::Span(declared) | Item::Log(declared) | Item::Entity(declared) => &declared.name,
            Item::Meaning(meaning) => &meaning.name,
            Item::View(view) => &view.name,
            Item::Event(event) => &event.name,
        }
    }
}

/// `use std.otel`
#[derive(Clone, Debug)]
pub struct Use {
    /// The package.
    pub name: Name,
    /// Its tokens.
    pub tokens: TokenRange,
}

/// `...GROUP`, `...MEANING`
#[derive(Clone, Debug)]
pub struct Spread {
    /// What is taken in.
    pub name: Name,
    /// Its tokens, docs included.
    pub tokens: TokenRange,
}

/// `package fin.pay`, with the docs of the file above it.
#[derive(Clone, Debug)]
pub struct Package {
    /// The `//!` lines.
    pub docs: Docs,
    /// The package's name.
    pub name: Name,
    /// Its tokens, docs included.
    pub tokens: TokenRange,
}

/// `attribute KEY: TYPE, …`
#[derive(Clone, Debug)]
pub struct Attribute {
    /// The `///` lines.
    pub docs: Docs,
    /// The key.
    pub key: Name,
    /// The type of its values.
    pub type_of: Placed<Type>,
    /// What else is said of it.
    pub options: Vec<Opt>,
    /// Its tokens, docs included.
    pub tokens: TokenRange,
}

/// `refine KEY: …`
#[derive(Clone, Debug)]
pub struct Refine {
    /// The `///` lines.
    pub docs: Docs,
    /// The key that is narrowed.
    pub key: Name,
    /// How.
    pub options: Vec<Opt>,
    /// Its tokens, docs included.
    pub tokens: TokenRange,
}

/// A group, a resource or a scope.
#[derive(Clone, Debug)]
pub struct Block {
    /// The `///` lines.
    pub docs: Docs,
    /// Its name.
    pub name: Name,
    /// The resource that a scope is of, where it says one.
    pub of: Option<Name>,
    /// The header's options.
    pub options: Vec<Opt>,
    /// What stands between the braces.
    pub entries: Vec<Entry>,
    /// The entries that could not be read.
    pub broken: Vec<TokenRange>,
    /// Its tokens, docs included.
    pub tokens: TokenRange,
}

/// A line of a block.
#[derive(Clone, Debug)]
pub enum Entry {
    /// `KEY: option, …`
    Key {
        /// The `///` lines.
        docs: Docs,
        /// The key.
        key: Name,
        /// What is said of it.
        options: Vec<Opt>,
        /// Its tokens, docs included.
        tokens: TokenRange,
    },
    /// `...GROUP`
    Spread(Spread),
    /// `NAME: TYPE, …`: only a group may hold it, for an event.
    Field(Box<Field>),
}

/// `policy NAME { … }`
#[derive(Clone, Debug)]
pub struct Policy {
    /// The `///` lines.
    pub docs: Docs,
    /// Its name.
    pub name: Name,
    /// What stands between the braces.
    pub entries: Vec<PolicyEntry>,
    /// The entries that could not be read.
    pub broken: Vec<TokenRange>,
    /// Its tokens, docs included.
    pub tokens: TokenRange,
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
        /// Its tokens, docs included.
        tokens: TokenRange,
    },
    /// `allow CODE: NAME, …, NUMBER, "reason"`
    Allow {
        /// The code of the finding that is accepted.
        code: Name,
        /// The keys and names that the finding is about.
        names: Vec<Name>,
        /// How many there may be of what the finding counts.
        number: Option<Placed<Expression>>,
        /// Why it is accepted.
        reason: Placed<Text>,
        /// Its tokens, docs included.
        tokens: TokenRange,
    },
}

/// `metric NAME: KIND, … { … }`, at top level or in an event.
#[derive(Clone, Debug)]
pub struct Metric {
    /// The `///` lines.
    pub docs: Docs,
    /// Its name.
    pub name: Name,
    /// The scope behind `in`.
    pub scope: Option<Name>,
    /// Its kind and what else is said of it.
    pub options: Vec<Opt>,
    /// Its labels; none where there is no list.
    pub list: Option<Vec<ListItem>>,
    /// Its tokens, docs included.
    pub tokens: TokenRange,
}

/// A span, a log or an entity that is declared for others: `span NAME: KIND, … { … }`.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The `///` lines.
    pub docs: Docs,
    /// Its name.
    pub name: Name,
    /// A span's kind, a log's severity, and what else is said of it.
    pub options: Vec<Opt>,
    /// The keys that it lists; none where there is no list.
    pub list: Option<Vec<ListItem>>,
    /// Its tokens, docs included.
    pub tokens: TokenRange,
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
    /// What a declaration asks of the key.
    pub level: Option<Placed<Level>>,
    /// Its tokens.
    pub tokens: TokenRange,
}

/// `meaning NAME { … }`
#[derive(Clone, Debug)]
pub struct Meaning {
    /// The `///` lines.
    pub docs: Docs,
    /// Its name.
    pub name: Name,
    /// What stands between the braces.
    pub entries: Vec<MeaningEntry>,
    /// The entries that could not be read.
    pub broken: Vec<TokenRange>,
    /// Its tokens, docs included.
    pub tokens: TokenRange,
}

/// `view NAME of MEANING: option, … { … }`
#[derive(Clone, Debug)]
pub struct View {
    /// The `///` lines.
    pub docs: Docs,
    /// Its name.
    pub name: Name,
    /// The meaning.
    pub of: Name,
    /// What else is said of it.
    pub options: Vec<Opt>,
    /// What stands between the braces.
    pub entries: Vec<MeaningEntry>,
    /// The entries that could not be read.
    pub broken: Vec<TokenRange>,
    /// Its tokens, docs included.
    pub tokens: TokenRange,
}

/// A part of a meaning or a view.
#[derive(Clone, Debug)]
pub enum MeaningEntry {
    /// `NAME(payload) "description" { … }`
    Variant(Variant),
    /// `...MEANING`
    Spread(Spread),
    /// `lossy SIGNAL { A, B } "reason"`
    Lossy(Lossy),
}

/// A variant of a meaning.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The `///` lines.
    pub docs: Docs,
    /// Its name.
    pub name: Name,
    /// What it carries.
    pub payload: Vec<PayloadField>,
    /// What it means.
    pub description: Option<Placed<Text>>,
    /// What else is said of it.
    pub options: Vec<Opt>,
    /// How it shows.
    pub projections: Vec<Projection>,
    /// Its tokens, docs included.
    pub tokens: TokenRange,
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
    /// Its tokens.
    pub tokens: TokenRange,
}

/// `log warn "text" { key = value }`, `metric none`, `all { … }`
#[derive(Clone, Debug)]
pub struct Projection {
    /// The signal, or `all`.
    pub signal: Name,
    /// A severity, a status, or `none`.
    pub word: Option<Name>,
    /// The body of a log record or the description of a status.
    pub text: Option<Placed<Text>>,
    /// The pairs; none where there is no block.
    pub pairs: Option<Vec<Pair>>,
    /// The whole projection.
    pub place: Place,
    /// Its tokens.
    pub tokens: TokenRange,
}

/// `key = value`
#[derive(Clone, Debug)]
pub struct Pair {
    /// The key.
    pub key: Name,
    /// The value.
    pub value: Placed<Expression>,
    /// Its tokens.
    pub tokens: TokenRange,
}

/// `lossy SIGNAL { A, B } "reason"`
#[derive(Clone, Debug)]
pub struct Lossy {
    /// The signal.
    pub signal: Name,
    /// The variants.
    pub variants: Vec<Name>,
    /// Why.
    pub reason: Option<Placed<Text>>,
    /// The whole item.
    pub place: Place,
    /// Its tokens.
    pub tokens: TokenRange,
}

/// `event NAME in SCOPE: option, … { … }`
#[derive(Clone, Debug)]
pub struct Event {
    /// The `///` lines.
    pub docs: Docs,
    /// Its name.
    pub name: Name,
    /// Its scope; an external one may have none.
    pub scope: Option<Name>,
    /// What else is said of it.
    pub options: Vec<Opt>,
    /// What stands between the braces.
    pub entries: Vec<EventEntry>,
    /// The entries that could not be read.
    pub broken: Vec<TokenRange>,
    /// Its tokens, docs included.
    pub tokens: TokenRange,
}

/// A part of an event.
#[derive(Clone, Debug)]
pub enum EventEntry {
    /// `NAME: TYPE, …`
    Field(Field),
    /// `...GROUP`
    Spread(Spread),
    /// `metric NAME: … { … }`
    Metric(Metric),
    /// `log NAME: … { … }`
    Log(Log),
    /// `span "NAME": … { … }`
    Span(Span),
    /// `span event "NAME": … { … }`
    SpanEvent(SpanEvent),
}

/// `NAME: TYPE? = VALUE via VIEW, option, …`
#[derive(Clone, Debug)]
pub struct Field {
    /// The `///` lines.
    pub docs: Docs,
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
    /// Its tokens, docs included.
    pub tokens: TokenRange,
}

/// `log NAME: option, … { … }`, `log _: option, … { … }`
#[derive(Clone, Debug)]
pub struct Log {
    /// The `///` lines.
    pub docs: Docs,
    /// The place of its name, or of `_`.
    pub place: Place,
    /// Its event name; none where it has none.
    pub name: Option<Name>,
    /// The scope after `in`, where it is another than the event's.
    pub scope: Option<Name>,
    /// What else is said of it.
    pub options: Vec<Opt>,
    /// Its attributes; none where there is no list.
    pub list: Option<Vec<ListItem>>,
    /// Its tokens, docs included.
    pub tokens: TokenRange,
}

/// `span "NAME": option, … { … }`, `span current { … }`, `span every { … }`
#[derive(Clone, Debug)]
pub struct Span {
    /// The `///` lines.
    pub docs: Docs,
    /// The place of the name, of `current` or of `every`.
    pub place: Place,
    /// Its name; none for `current` and `every`.
    pub name: Option<Placed<Text>>,
    /// Whether it is `every`.
    pub every: bool,
    /// The declared span that it is one of.
    pub of: Option<Name>,
    /// The scope after `in`, where it is another than the event's.
    pub scope: Option<Name>,
    /// What else is said of it.
    pub options: Vec<Opt>,
    /// Its attributes; none where there is no list.
    pub list: Option<Vec<ListItem>>,
    /// Its tokens, docs included.
    pub tokens: TokenRange,
}

/// `span event "NAME": option, … { … }`
#[derive(Clone, Debug)]
pub struct SpanEvent {
    /// The `///` lines.
    pub docs: Docs,
    /// Its name.
    pub name: Placed<Text>,
    /// The scope after `in`, which it may not have.
    pub scope: Option<Name>,
    /// What else is said of it.
    pub options: Vec<Opt>,
    /// Its attributes; none where there is no list.
    pub list: Option<Vec<ListItem>>,
    /// Its tokens, docs included.
    pub tokens: TokenRange,
}

/// How far a declaration asks for a key: a word, a condition, or both.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// `required`, `recommended`, `opt_in`, `id`
    pub word: Option<Name>,
    /// What follows `if`, in words.
    pub condition: Option<Placed<Text>>,
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
    /// `object { NAME: TYPE, … }`, `object { … }[]`
    Object(ObjectType),
    /// `string`, `int[]`, `http.route`
    Named(NamedType),
}

/// An object as a type.
#[derive(Clone, Debug)]
pub struct ObjectType {
    /// Its members.
    pub members: Vec<ObjectMember>,
    /// Whether `[]` follows it.
    pub array: bool,
}

/// `NAME: TYPE?`
#[derive(Clone, Debug)]
pub struct ObjectMember {
    /// The `///` lines.
    pub docs: Docs,
    /// Its name.
    pub name: Name,
    /// The type of its values.
    pub type_of: Placed<Type>,
    /// Whether it may be absent.
    pub optional: bool,
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
    /// The `///` lines.
    pub docs: Docs,
    /// Its name.
    pub name: Name,
    /// What stands on the wire, where that isn't the name.
    pub wire: Option<Box<Placed<Expression>>>,
    /// What else is said of it: one option, since a comma stands before the next member.
    pub options: Vec<Opt>,
    /// Its tokens, docs included.
    pub tokens: TokenRange,
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
    /// Its tokens.
    pub tokens: TokenRange,
}

/// A value as it is written.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// `backend`, `service.name`
    Key(Text),
    /// `"text"`, with its escapes resolved
    String(Text),
    /// `5_000`, `30d`
    Number {
        /// The digits without `_`.
        digits: Text,
        /// The unit, or nothing.
        unit: Text,
    },
    /// `0..=5`: two numbers
    Range(Box<Placed<Expression>>, Box<Placed<Expression>>),
    /// `[a, b]`
    List(Vec<Placed<Expression>>),
    /// `to_string(code)`: a conversion of a payload
    Call(Name, Name),
    /// `one_of(a, all_of(b, c))`: names that are put together
    Combination(Name, Vec<Placed<Expression>>),
    /// `(outcome == Timeout and route present)`
    Conditions(Vec<Test>),
    /// A tag's value without quotes, up to the comma: it is read by its option, or by its key's type.
    Raw(Text),
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
    /// Its tokens.
    pub tokens: TokenRange,
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
