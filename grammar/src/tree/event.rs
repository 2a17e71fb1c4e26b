//! Events, with their fields and signals.

use super::{Expression, ListItem, Metric, Name, Opt, Spread, Type};
use crate::text::{Docs, Text};
use crate::token::TokenRange;
use crate::{Place, Placed};

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
