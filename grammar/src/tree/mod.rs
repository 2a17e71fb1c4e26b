//! The syntax tree: the tokens, which lose nothing, and the items, typed, which point into the same text.

mod declaration;
mod event;
mod meaning;
mod value;

use std::sync::Arc;

use crate::text::Text;
use crate::token::{TokenRange, Tokens};
use crate::{FileId, Placed, SyntaxError};

pub use declaration::{
    Attribute, Block, Declared, Entry, Level, ListItem, Metric, Package, Policy, PolicyEntry, Refine, Spread,
    Use,
};
pub use event::{Event, EventEntry, Field, Log, Span, SpanEvent};
pub use meaning::{Lossy, Meaning, MeaningEntry, Pair, PayloadField, Projection, Variant, View};
pub use value::{Expression, Member, NamedType, ObjectMember, ObjectType, Opt, Passes, Tag, Test, Type};

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
