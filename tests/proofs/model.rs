//! A small contract, as the tests make it up. What it says is what `text.rs` writes down and what `oracle.rs` reads.

use slo_model::names::{MetricKind, PrometheusNaming, PrometheusWay, TranslationStrategy};

#[derive(Clone, Debug)]
pub(crate) struct Contract {
    pub(crate) prometheus: bool,
    pub(crate) logs: bool,
    /// Whether each log has a store of its own.
    pub(crate) separate_stores: bool,
    pub(crate) strategy: TranslationStrategy,
    pub(crate) promoted: Vec<&'static str>,
    /// On which way points reach the server; without `prometheus` it is `otlp`.
    pub(crate) way: PrometheusWay,
    pub(crate) meanings: Vec<Meaning>,
    pub(crate) views: Vec<View>,
    pub(crate) events: Vec<Event>,
    /// Observed gauges, with the attributes that are their labels.
    pub(crate) observed: Vec<Observed>,
    /// Metrics that run while an event does.
    pub(crate) running: Vec<Running>,
}

impl Contract {
    /// What Prometheus makes of names.
    pub(crate) fn naming(&self) -> PrometheusNaming {
        PrometheusNaming { way: self.way, strategy: self.strategy }
    }
}

// Values

/// The values that something has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Domain {
    Bool,
    /// Every integer.
    Int,
    /// `range=`
    Ints(i64, i64),
    /// `range=` without those of `except=`.
    Holes(i64, i64, &'static [i64]),
    /// `only=` over integers.
    OnlyInts(&'static [i64]),
    /// Every text.
    Text,
    /// `only=` over texts.
    Only(&'static [&'static str]),
    /// `bounded=`, with `_OTHER` for the rest.
    Bounded(u64),
    /// `values=`
    Lines,
    Enum(&'static [Member]),
    /// An enum with values beyond its members.
    Open(&'static [Member]),
    /// `duration(s)`
    Duration,
}

/// The lines of `lines.txt`.
pub(crate) const LINES: [&str; 3] = ["one", "two", "three"];

/// What stands for the rest of a bounded key, and of an open enum.
pub(crate) const OTHER: &str = "_OTHER";

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) wire: &'static str,
}

/// What two values need in common to stand under one local key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scalar {
    Text,
    Int,
    Bool,
    Double,
}

impl Domain {
    pub(crate) fn scalar(self) -> Scalar {
        match self {
            Domain::Bool => Scalar::Bool,
            Domain::Int | Domain::Ints(..) | Domain::Holes(..) | Domain::OnlyInts(_) => Scalar::Int,
            Domain::Duration => Scalar::Double,
            _ => Scalar::Text,
        }
    }

    /// The members of an enum, and the truths of a bool, as texts on the wire.
    pub(crate) fn members(self) -> Vec<&'static str> {
        match self {
            Domain::Bool => vec!["false", "true"],
            Domain::Enum(members) | Domain::Open(members) => {
                members.iter().map(|member| member.wire).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// A value that the contract writes down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Literal {
    Text(&'static str),
    Int(i64),
    Bool(bool),
    Member(Member),
}

impl Literal {
    /// The value as text, by which two signals are compared.
    pub(crate) fn text(self) -> String {
        match self {
            Literal::Text(text) => text.to_owned(),
            Literal::Int(number) => number.to_string(),
            Literal::Bool(truth) => truth.to_string(),
            Literal::Member(member) => member.wire.to_owned(),
        }
    }
}

/// An attribute that every contract declares.
#[derive(Debug, PartialEq)]
pub(crate) struct Attribute {
    pub(crate) key: &'static str,
    pub(crate) domain: Domain,
    pub(crate) sensitive: bool,
}

const fn attribute(key: &'static str, domain: Domain) -> Attribute {
    Attribute { key, domain, sensitive: false }
}

pub(crate) const COLOURS: &[Member] = &[
    Member { name: "red", wire: "red" },
    Member { name: "blue", wire: "B" },
    Member { name: "blank", wire: "" },
];
const RESTED: &[Member] = &[Member { name: "red", wire: "red" }, Member { name: "rest", wire: OTHER }];

pub(crate) static ATTRIBUTES: &[Attribute] = &[
    // Keys of meanings and of lists: they join under Prometheus, nest in logs, or are reserved.
    attribute("k.x", Domain::Text),
    attribute("k.x.y", Domain::Text),
    attribute("k.x_y", Domain::Text),
    attribute("k.colour", Domain::Enum(COLOURS)),
    attribute("k.number", Domain::Int),
    attribute("k.truth", Domain::Bool),
    attribute("k.rough", Domain::Bounded(2)),
    attribute("otel.scope.place", Domain::Text),
    attribute("otel.metric.overflow", Domain::Bool),
    attribute("scope.place", Domain::Text),
    // Keys of fields alone.
    attribute(
        "f.open",
        Domain::Open(&[Member { name: "red", wire: "red" }, Member { name: "blue", wire: "B" }]),
    ),
    attribute("f.rested", Domain::Open(RESTED)),
    attribute("f.rest", Domain::Open(&[Member { name: "rest", wire: OTHER }])),
    attribute("f.line", Domain::Lines),
    attribute("f.any", Domain::Text),
    attribute("f.count", Domain::Int),
    attribute("f.port", Domain::OnlyInts(&[80, 443])),
    Attribute { key: "f.secret", domain: Domain::Only(&["u", "v"]), sensitive: true },
];

pub(crate) fn attribute_of(key: &str) -> Option<&'static Attribute> {
    ATTRIBUTES.iter().find(|attribute| attribute.key == key)
}

/// Names that no attribute has, and what stands under them.
pub(crate) const LOCALS: [(&str, Scalar); 25] = [
    // Fields are called so, those first that no meaning writes.
    ("w", Scalar::Text),
    ("t", Scalar::Text),
    ("l", Scalar::Int),
    ("f", Scalar::Bool),
    ("s", Scalar::Text),
    ("u", Scalar::Text),
    ("v", Scalar::Text),
    ("p", Scalar::Text),
    ("k", Scalar::Text),
    ("k_x", Scalar::Text),
    ("k_x_y", Scalar::Text),
    ("n", Scalar::Int),
    ("m", Scalar::Int),
    ("q", Scalar::Int),
    ("b", Scalar::Bool),
    ("r", Scalar::Bool),
    ("g", Scalar::Text),
    ("h", Scalar::Int),
    ("j", Scalar::Bool),
    ("job", Scalar::Text),
    ("le", Scalar::Text),
    ("otel_scope_place", Scalar::Text),
    ("名前", Scalar::Text),
    ("__x", Scalar::Text),
    ("body", Scalar::Text),
];

/// What a key holds, declared or local.
pub(crate) fn domain_of(key: &str) -> Domain {
    match attribute_of(key) {
        Some(attribute) => attribute.domain,
        None => match LOCALS.iter().find(|(name, _)| *name == key) {
            Some((_, Scalar::Int)) => Domain::Int,
            Some((_, Scalar::Bool)) => Domain::Bool,
            _ => Domain::Text,
        },
    }
}

/// The scopes that every contract declares.
pub(crate) const SCOPES: [&str; 2] = ["Shop", "Store"];

/// The metric that every contract declares as a convention, and the keys that it lists: neither has a bound.
pub(crate) const CONVENTION: &str = "shop.visits";
pub(crate) const CONVENTION_UNIT: &str = "{visit}";
pub(crate) const CONVENTION_LABELS: [&str; 2] = ["f.any", "f.count"];

// Meanings

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Signal {
    Metric,
    Log,
    Span,
}

impl Signal {
    pub(crate) const ALL: [Signal; 3] = [Signal::Metric, Signal::Log, Signal::Span];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Signal::Metric => "metric",
            Signal::Log => "log",
            Signal::Span => "span",
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Meaning {
    pub(crate) name: String,
    /// The meaning whose variants are taken in, before its own.
    pub(crate) spread: Option<usize>,
    pub(crate) variants: Vec<Variant>,
    pub(crate) lossy: Vec<Lossy>,
}

#[derive(Clone, Debug)]
pub(crate) struct Variant {
    pub(crate) name: String,
    pub(crate) payload: Vec<Payload>,
    pub(crate) all: Option<Vec<Pair>>,
    /// What stands in the block of each signal.
    pub(crate) blocks: [Block; 3],
    pub(crate) severity: Option<&'static str>,
    pub(crate) status: Option<&'static str>,
}

#[derive(Clone, Debug)]
pub(crate) struct Payload {
    pub(crate) name: &'static str,
    /// Written as the attribute's key where it is an attribute's.
    pub(crate) attribute: Option<&'static str>,
    pub(crate) domain: Domain,
}

#[derive(Clone, Debug)]
pub(crate) enum Block {
    Unsaid,
    None,
    Pairs(Vec<Pair>),
}

#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) key: &'static str,
    pub(crate) value: PairValue,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum PairValue {
    Constant(Literal),
    Payload(usize),
    /// `to_string(…)`
    PayloadText(usize),
}

/// Variants that are merged on purpose.
#[derive(Clone, Debug)]
pub(crate) struct Lossy {
    pub(crate) signal: Signal,
    pub(crate) variants: Vec<usize>,
}

#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) name: String,
    pub(crate) of: usize,
    pub(crate) changes: Vec<Change>,
    pub(crate) lossy: Vec<Lossy>,
}

/// What a view says otherwise of one variant.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) variant: usize,
    /// `Unsaid` is what stays.
    pub(crate) blocks: [Block; 3],
    pub(crate) severity: Option<&'static str>,
    pub(crate) status: Option<&'static str>,
}

// Events

#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) scope: &'static str,
    pub(crate) fields: Vec<Field>,
    pub(crate) metrics: Vec<Metric>,
    pub(crate) logs: Vec<Log>,
    pub(crate) span: Option<Span>,
    pub(crate) span_events: Vec<SpanEvent>,
}

#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) holds: Holds,
    /// Fewer values than its attribute has.
    pub(crate) narrowed: Option<Domain>,
    pub(crate) optional: bool,
    pub(crate) constant: Option<Literal>,
    /// Whether something sensitive may be shown.
    pub(crate) clear: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Holds {
    /// A meaning, by its number, and the face by which it shows where a list says no other.
    Meaning {
        meaning: usize,
        face: Face,
    },
    Attribute(&'static Attribute),
    Plain(Domain),
}

/// How a meaning shows: as it says itself, or by a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    Own(usize),
    View(usize),
}

impl Field {
    /// What it holds, unless that is a meaning.
    pub(crate) fn domain(&self) -> Option<Domain> {
        match self.holds {
            Holds::Meaning { .. } => None,
            Holds::Attribute(attribute) => self.narrowed.or(Some(attribute.domain)),
            Holds::Plain(domain) => Some(domain),
        }
    }

    pub(crate) fn sensitive(&self) -> bool {
        matches!(self.holds, Holds::Attribute(Attribute { sensitive: true, .. }))
    }

    /// The key under which it shows.
    pub(crate) fn key(&self) -> &str {
        match self.holds {
            Holds::Attribute(attribute) => attribute.key,
            _ => &self.name,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) enum Item {
    Field { field: usize, key: Option<&'static str>, face: Option<Face> },
    Constant { key: &'static str, value: Literal },
}

#[derive(Clone, Debug)]
pub(crate) struct Metric {
    pub(crate) name: &'static str,
    pub(crate) instrument: Instrument,
    pub(crate) points: Option<u64>,
    pub(crate) limit: Option<u64>,
    pub(crate) when: Vec<Test>,
    pub(crate) items: Vec<Item>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Instrument {
    pub(crate) kind: MetricKind,
    pub(crate) unit: &'static str,
    /// Whether it measures the field `elapsed`, rather than counting by one.
    pub(crate) measures: bool,
    pub(crate) buckets: &'static [f64],
}

#[derive(Clone, Debug)]
pub(crate) struct Log {
    /// The field in its body.
    pub(crate) hole: Option<usize>,
    pub(crate) severity: Option<&'static str>,
    pub(crate) max: bool,
    pub(crate) when: Vec<Test>,
    /// None is every field.
    pub(crate) items: Option<Vec<Item>>,
}

/// What is declared of the span that an event's is one of.
#[derive(Clone, Debug)]
pub(crate) struct Promise {
    /// Its kind, or nothing.
    pub(crate) kind: &'static str,
    /// The keys that every record has.
    pub(crate) required: Vec<&'static str>,
    /// The keys that it lists beside these.
    pub(crate) listed: Vec<&'static str>,
    pub(crate) closed: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub(crate) of: Option<Promise>,
    /// The field in its name.
    pub(crate) hole: Option<usize>,
    pub(crate) max: bool,
    pub(crate) when: Vec<Test>,
    /// None is every field.
    pub(crate) items: Option<Vec<Item>>,
}

#[derive(Clone, Debug)]
pub(crate) struct SpanEvent {
    pub(crate) when: Vec<Test>,
    /// None is every field.
    pub(crate) items: Option<Vec<Item>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Test {
    pub(crate) field: usize,
    pub(crate) passes: Passes,
}

/// What passes a test: variants of the field's meaning by their numbers, or members of its domain.
#[derive(Clone, Debug)]
pub(crate) enum Passes {
    Is(usize),
    In(Vec<usize>),
    NotIn(Vec<usize>),
    Present,
}

#[derive(Clone, Debug)]
pub(crate) struct Observed {
    pub(crate) name: &'static str,
    pub(crate) keys: Vec<&'static str>,
    pub(crate) points: Option<u64>,
}

#[derive(Clone, Debug)]
pub(crate) struct Running {
    pub(crate) name: &'static str,
    pub(crate) event: usize,
    pub(crate) fields: Vec<usize>,
}
