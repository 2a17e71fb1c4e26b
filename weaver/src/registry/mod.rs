//! A registry whose references are resolved.

use std::sync::Arc;

use crate::definition::{
    About, Association, Instrument, Level, Manifest, Role, SignalLevel, SpanKind, Type, Visibility,
};
use crate::left::Left;
use crate::place::{Place, Placed};
use crate::value::Value;

/// A registry.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    /// What it says of itself, where it has a manifest.
    pub manifest: Option<Manifest>,
    /// Its attributes, by key: its own, and those of other registries that it refers to.
    pub attributes: Vec<Attribute>,
    /// Its attribute groups, by id, with those that only define attributes.
    pub groups: Vec<AttributeGroup>,
    /// Its metrics, by name and id.
    pub metrics: Vec<Metric>,
    /// Its spans, by name and id.
    pub spans: Vec<Span>,
    /// Its events, by name and id.
    pub events: Vec<Event>,
    /// Its entities, by name and id.
    pub entities: Vec<Entity>,
    /// What is not carried over, by place.
    pub left: Vec<Left>,
}

/// A key with its type.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// The key.
    pub key: Placed<String>,
    /// Its type.
    pub value: Placed<Type>,
    /// What is said of it.
    pub about: About,
    /// Its examples, as they are written: one, or a list of them.
    pub examples: Option<Placed<Value>>,
    /// The level that signals ask for it by where they say none.
    pub level: Option<Placed<Level>>,
    /// The registry that it comes from, where that is another one.
    pub origin: Option<Arc<str>>,
    /// Where it stands.
    pub place: Place,
}

/// How a signal has an attribute: what is said here, and otherwise than by the attribute itself.
#[derive(Clone, Debug)]
pub struct Use {
    /// The attribute's key.
    pub key: String,
    /// How much the signal asks for it.
    pub level: Level,
    /// What is said of it here.
    pub about: About,
    /// Its examples here.
    pub examples: Option<Placed<Value>>,
    /// Whether samplers look at it, so that it is set when the span starts.
    pub sampling_relevant: Option<Placed<bool>>,
    /// What it is to an entity.
    pub role: Option<Placed<Role>>,
    /// A word for tables of documents.
    pub tag: Option<Placed<String>>,
    /// Where it is listed, or the attribute's own place where the signal inherits it.
    pub place: Place,
}

/// What signals and attribute groups have in common.
#[derive(Clone, Debug)]
pub struct Signal {
    /// What it is called; of a refinement the name that it gives itself.
    pub name: Placed<String>,
    /// What others refer to it by.
    pub id: String,
    /// What is said of it.
    pub about: About,
    /// How much it is asked for.
    pub level: Option<Placed<SignalLevel>>,
    /// The id of what it refines.
    pub refines: Option<Placed<String>>,
    /// The attributes that it has.
    pub uses: Vec<Use>,
    /// The entities that it goes with.
    pub associations: Option<Association>,
    /// The registry that it comes from, where that is another one.
    pub origin: Option<Arc<str>>,
    /// Where it stands.
    pub place: Place,
}

/// A group of attributes.
#[derive(Clone, Debug)]
pub struct AttributeGroup {
    /// What it has in common with signals.
    pub signal: Signal,
    /// Who sees it.
    pub visibility: Visibility,
    /// What tables of documents call it.
    pub display_name: Option<Placed<String>>,
}

/// A metric.
#[derive(Clone, Debug)]
pub struct Metric {
    /// What it has in common with other signals.
    pub signal: Signal,
    /// The name on the wire: of a refinement that of the metric that it refines.
    pub metric: String,
    /// Its instrument.
    pub instrument: Placed<Instrument>,
    /// Its unit, in UCUM.
    pub unit: Placed<String>,
}

impl Metric {
    /// The type of its numbers, where it is said: `int` or `double`.
    #[must_use]
    pub fn value_type(&self) -> Option<&str> {
        match self.signal.about.annotation(&["code_generation", "metric_value_type"]) {
            Some(Value::Text(name)) => Some(name),
            _ => None,
        }
    }
}

/// A span.
#[derive(Clone, Debug)]
pub struct Span {
    /// What it has in common with other signals.
    pub signal: Signal,
    /// Its kind.
    pub kind: Placed<SpanKind>,
    /// How its name is made, in words.
    pub name_note: Option<Placed<String>>,
    /// The events that stand on it, by id.
    pub events: Vec<Placed<String>>,
}

/// An event.
#[derive(Clone, Debug)]
pub struct Event {
    /// What it has in common with other signals.
    pub signal: Signal,
    /// The name on the wire: of a refinement that of the event that it refines.
    pub event: String,
    /// What its body is.
    pub body: Option<Placed<Value>>,
}

/// An entity.
#[derive(Clone, Debug)]
pub struct Entity {
    /// What it has in common with signals.
    pub signal: Signal,
}
