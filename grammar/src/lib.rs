//! The grammar, the lossless syntax tree and the parser of the slo language.
//!
//! - [`parse`] reads one file, [`parse_all`] many of them on all cores;
//! - [`parse_tag`] reads what `#[slo("…")]` says of a field, with the same grammar of options;
//! - [`format()`] prints a file in the one style of the language;
//! - [`parse_value`] reads one value, for a tag's raw text whose option says how it is meant.
//!
//! A file is split into items first, and each is parsed by itself, so that a mistake in one hides none in
//! another. No type of pest leaves this crate.

extern crate alloc;

mod around;
mod error;
mod expected;
mod format;
mod lex;
pub mod limits;
mod literal;
mod parse;
mod place;
mod read;
mod rules;
mod split;
mod text;
mod token;
mod tree;

pub use around::{Around, Construct};
pub use error::{SyntaxError, SyntaxErrorKind};
pub use format::format;
pub use literal::{TemplateError, TemplatePart, quote, template_parts};
pub use parse::{parse, parse_all, parse_tag, parse_value};
pub use place::{FileId, Place, Placed};
pub use text::{Docs, Text};
pub use token::{DECLARATIONS, LATER_DECLARATIONS, TokenKind, TokenRange, Tokens};
pub use tree::{
    Attribute, Block, Declared, Entry, Event, EventEntry, Expression, Field, Item, Level, ListItem, Log,
    Lossy, Meaning, MeaningEntry, Member, Metric, Name, NamedType, ObjectMember, ObjectType, Opt, Package,
    Pair, Passes, PayloadField, Policy, PolicyEntry, Projection, Refine, Span, SpanEvent, Spread, SyntaxTree,
    Tag, Test, Type, Unread, Use, Variant, View,
};
