//! What attributes and signals have in common.

use crate::fields::{Fields, Found};
use crate::limits;
use crate::place::{Placed, shown};
use crate::problem::{Kind, Problem};
use crate::value::Value;
use crate::yaml::{Data, Node};

/// How stable something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stability {
    /// It stays as it is.
    Stable,
    /// It is about to be stable.
    ReleaseCandidate,
    /// It is tried by many.
    Beta,
    /// It is tried by few.
    Alpha,
    /// It may change at any time.
    Development,
}

impl Stability {
    /// Its word, the same in both formats.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Stability::Stable => "stable",
            Stability::ReleaseCandidate => "release_candidate",
            Stability::Beta => "beta",
            Stability::Alpha => "alpha",
            Stability::Development => "development",
        }
    }
}

/// Why something should not be used any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deprecated {
    /// It has another name.
    Renamed {
        /// The name.
        to: String,
        /// What is said of it.
        note: Option<String>,
    },
    /// Nothing took its place.
    Obsoleted {
        /// What is said of it.
        note: Option<String>,
    },
    /// It is more than that.
    Uncategorized {
        /// What is said of it.
        note: Option<String>,
    },
    /// A text in the older form.
    Unspecified {
        /// The text.
        note: String,
    },
}

impl Deprecated {
    /// What is said of it.
    #[must_use]
    pub fn note(&self) -> Option<&str> {
        match self {
            Deprecated::Renamed { note, .. }
            | Deprecated::Obsoleted { note }
            | Deprecated::Uncategorized { note } => note.as_deref(),
            Deprecated::Unspecified { note } => Some(note),
        }
    }

    /// What the newer form, which needs a note of all but a renaming, has where nothing is said: Weaver 0.25.1 gives it what
    /// says none in the older form.
    #[must_use]
    pub const fn stand_in(&self) -> Option<&'static str> {
        match self {
            Deprecated::Renamed { .. } => None,
            Deprecated::Obsoleted { .. } => Some("Obsoleted."),
            Deprecated::Uncategorized { .. } => Some("Uncategorized."),
            Deprecated::Unspecified { .. } => Some("Unspecified."),
        }
    }

    /// Without a note that says nothing.
    fn without_stand_in(mut self) -> Deprecated {
        let stand_in = self.stand_in();
        if let Deprecated::Obsoleted { note } | Deprecated::Uncategorized { note } = &mut self {
            note.take_if(|note| Some(note.as_str()) == stand_in);
        }
        self
    }
}

/// The instrument of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Instrument {
    /// It only grows.
    Counter,
    /// It grows and shrinks.
    UpDownCounter,
    /// The value of now.
    Gauge,
    /// A distribution.
    Histogram,
}

impl Instrument {
    /// Its word, the same in both formats.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Instrument::Counter => "counter",
            Instrument::UpDownCounter => "updowncounter",
            Instrument::Gauge => "gauge",
            Instrument::Histogram => "histogram",
        }
    }
}

/// The kind of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SpanKind {
    /// Within a process.
    Internal,
    /// A request that goes out.
    Client,
    /// A request that comes in.
    Server,
    /// Something is put into a queue.
    Producer,
    /// Something is taken from a queue.
    Consumer,
}

impl SpanKind {
    /// Its word, the same in both formats.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            SpanKind::Internal => "internal",
            SpanKind::Client => "client",
            SpanKind::Server => "server",
            SpanKind::Producer => "producer",
            SpanKind::Consumer => "consumer",
        }
    }
}

/// With which entities a signal goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Association {
    /// This entity.
    Entity(Placed<String>),
    /// At least one of these.
    OneOf(Vec<Association>),
    /// All of these.
    AllOf(Vec<Association>),
}

impl Association {
    /// The entities that it names.
    #[must_use]
    pub fn entities(&self) -> Vec<&Placed<String>> {
        match self {
            Association::Entity(name) => vec![name],
            Association::OneOf(all) | Association::AllOf(all) => {
                all.iter().flat_map(Association::entities).collect()
            }
        }
    }
}

/// What is said of an attribute, a member of an enum, a group or a signal.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct About {
    /// What it is.
    pub brief: Option<Placed<String>>,
    /// More about it.
    pub note: Option<Placed<String>>,
    /// How stable it is.
    pub stability: Option<Placed<Stability>>,
    /// Whether it should not be used any more.
    pub deprecated: Option<Placed<Deprecated>>,
    /// What tools are told of it.
    pub annotations: Option<Placed<Value>>,
}

impl About {
    /// A value of the annotations, by the names that lead there.
    #[must_use]
    pub fn annotation(&self, names: &[&str]) -> Option<&Value> {
        let annotations = &self.annotations.as_ref()?.value;
        names.iter().try_fold(annotations, |value, name| value.get(name))
    }

    pub(crate) fn of(fields: &mut Fields<'_>) -> About {
        About {
            brief: fields.text("brief"),
            note: fields.text("note"),
            stability: stability(fields),
            deprecated: deprecated(fields),
            annotations: annotations(fields),
        }
    }

    /// Whether its registry keeps it from those that depend on it.
    pub(crate) fn is_private(&self) -> bool {
        self.annotation(&["dependency_resolution", "exclude"]) == Some(&Value::Boolean(true))
    }
}

fn annotations(fields: &mut Fields<'_>) -> Option<Placed<Value>> {
    let node = fields.node("annotations")?;
    if !matches!(node.data, Data::Map(_)) {
        let message =
            format!("`annotations` of {} is {}, where a map is expected", fields.owner, node.data.what());
        fields.found.problem(Problem::new(Kind::Field, node.place, message, "write `name: value` for each"));
        return None;
    }
    Some(Placed { place: node.place.clone(), value: Value::of(node) })
}

pub(super) fn stability(fields: &mut Fields<'_>) -> Option<Placed<Stability>> {
    const WORDS: [(&str, Option<Stability>); 7] = [
        ("stable", Some(Stability::Stable)),
        ("development", Some(Stability::Development)),
        ("release_candidate", Some(Stability::ReleaseCandidate)),
        ("beta", Some(Stability::Beta)),
        ("alpha", Some(Stability::Alpha)),
        // What `development` was called once.
        ("experimental", Some(Stability::Development)),
        ("deprecated", None),
    ];
    let word = fields.word("stability", &WORDS)?;
    if word.value.is_none() {
        let what = format!("`stability: deprecated` of {}", fields.owner);
        fields.found.left(word.place.clone(), what, "that is no stability any more: `deprecated` says it");
    }
    Some(Placed { value: word.value?, place: word.place })
}

fn deprecated(fields: &mut Fields<'_>) -> Option<Placed<Deprecated>> {
    #[derive(Clone, Copy)]
    enum Reason {
        Renamed,
        Obsoleted,
        Uncategorized,
        Unspecified,
    }
    let node = fields.node("deprecated")?;
    let place = node.place.clone();
    if let Data::Text(note) = node.data {
        return Some(Placed { value: Deprecated::Unspecified { note }, place });
    }
    let owner = format!("`deprecated` of {}", fields.owner);
    let mut fields = Fields::of(node, owner, fields.found)?;
    let words = [
        ("renamed", Reason::Renamed),
        ("obsoleted", Reason::Obsoleted),
        ("uncategorized", Reason::Uncategorized),
        ("unspecified", Reason::Unspecified),
    ];
    if !fields.has("reason") {
        fields.missing("reason");
    }
    let reason = fields.word("reason", &words);
    let note = fields.text("note").map(|note| note.value);
    let to = fields.any_name("renamed_to");
    let value = reason.and_then(|reason| match reason.value {
        Reason::Renamed => match to {
            Some(to) => Some(Deprecated::Renamed { to: to.value, note }),
            None => {
                fields.missing("renamed_to");
                None
            }
        },
        Reason::Obsoleted => Some(Deprecated::Obsoleted { note }),
        Reason::Uncategorized => Some(Deprecated::Uncategorized { note }),
        Reason::Unspecified => Some(Deprecated::Unspecified { note: note.unwrap_or_default() }),
    });
    fields.end();
    Some(Placed { value: value?.without_stand_in(), place })
}

/// The entities that a signal goes with. A list says that it goes with one of them.
pub(crate) fn associations(fields: &mut Fields<'_>) -> Option<Association> {
    let owner = fields.owner.clone();
    let mut all = Vec::new();
    for node in fields.list("entity_associations") {
        all.extend(association(node, &owner, 0, fields.found));
    }
    match all.len() {
        0 => None,
        1 => all.pop(),
        _ => Some(Association::OneOf(all)),
    }
}

fn association(node: Node, owner: &str, depth: usize, found: &mut Found) -> Option<Association> {
    if depth > limits::ASSOCIATIONS {
        let message = format!("the entities of {owner} nest deeper than {}", limits::ASSOCIATIONS);
        found.problem(Problem::new(Kind::Limit, node.place, message, "say it with fewer levels"));
        return None;
    }
    let place = node.place.clone();
    if let Data::Text(value) = node.data {
        if value.trim().is_empty() {
            let message = format!("an entity of {owner} has an empty name");
            found.problem(Problem::new(Kind::Field, place, message, "name the entity"));
            return None;
        }
        return Some(Association::Entity(Placed { value, place }));
    }
    let mut fields = Fields::of(node, format!("an entity of {owner}"), found)?;
    let name = if fields.has("all_of") { "all_of" } else { "one_of" };
    if !fields.has(name) {
        fields.missing("one_of");
        return None;
    }
    let nodes = fields.list(name);
    if nodes.is_empty() {
        let message = format!("`{}` of {owner} names no entity", shown(name));
        fields.found.problem(Problem::new(Kind::Field, place, message, "name entities, or take it out"));
    }
    let all =
        nodes.into_iter().filter_map(|node| association(node, owner, depth + 1, fields.found)).collect();
    fields.end();
    Some(if name == "all_of" { Association::AllOf(all) } else { Association::OneOf(all) })
}

pub(crate) fn instrument(fields: &mut Fields<'_>) -> Option<Placed<Instrument>> {
    let words = [
        ("counter", Instrument::Counter),
        ("updowncounter", Instrument::UpDownCounter),
        ("gauge", Instrument::Gauge),
        ("histogram", Instrument::Histogram),
    ];
    fields.word("instrument", &words)
}

/// The kind of a span, which it has to say.
pub(crate) fn span_kind(fields: &mut Fields<'_>, name: &str) -> Option<Placed<SpanKind>> {
    if !fields.has(name) {
        fields.missing(name);
    }
    let words = [
        ("internal", SpanKind::Internal),
        ("client", SpanKind::Client),
        ("server", SpanKind::Server),
        ("producer", SpanKind::Producer),
        ("consumer", SpanKind::Consumer),
    ];
    fields.word(name, &words)
}
