//! What stands at top level, but for meanings and events, and the lines of it.

use super::{Expression, Field, Name, Opt, Type};
use crate::Placed;
use crate::text::{Docs, Text};
use crate::token::TokenRange;

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

/// How far a declaration asks for a key: a word, a condition, or both.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// `required`, `recommended`, `opt_in`, `id`
    pub word: Option<Name>,
    /// What follows `if`, in words.
    pub condition: Option<Placed<Text>>,
}
