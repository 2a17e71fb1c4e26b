//! Meanings, and views of them.

use super::{Expression, Name, Opt, Spread, Type};
use crate::text::{Docs, Text};
use crate::token::TokenRange;
use crate::{Place, Placed};

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
