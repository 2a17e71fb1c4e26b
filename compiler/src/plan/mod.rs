//! The plan of a contract: what it says as values of the model's types, and beside each where it stands and what people read of
//! it. It is all that targets know of a contract, and the last that knows the IR.

mod arena;
mod container;
mod contract;
mod convert;
mod enums;
mod event;
#[cfg(feature = "json")]
mod json;
mod meaning;
mod objects;
mod planner;
mod signal;
mod values;

#[cfg(feature = "json")]
use serde::Serialize;
use slo_model::event as tables;
use slo_model::{Literal, Member};

use crate::CheckedContract;
#[cfg(feature = "json")]
use crate::ir::Contract;
use crate::ir::{Node, Places};

pub use arena::Arena;
pub use container::Head;
pub use planner::Planner;

/// What a contract says.
#[derive(Debug)]
#[cfg_attr(feature = "json", derive(Serialize))]
pub struct Plan<'p> {
    /// What a program needs to know of it as a whole.
    #[cfg_attr(feature = "json", serde(serialize_with = "json::table"))]
    pub table: tables::Contract<'p>,
    /// Where its nodes stand.
    #[cfg_attr(feature = "json", serde(skip))]
    pub places: &'p Places,
    #[cfg(feature = "json")]
    #[serde(skip)]
    contract: &'p Contract,
    /// Its packages, and behind them those of other roots whose meanings or scopes it takes in.
    pub packages: Vec<Package<'p>>,
}

/// What a package says.
#[derive(Debug)]
#[cfg_attr(feature = "json", derive(Serialize))]
pub struct Package<'p> {
    /// Its name.
    pub name: &'p str,
    /// What is said of it.
    pub docs: String,
    /// Types for values that are listed.
    pub enums: Vec<Enum<'p>>,
    /// Types for objects that log records hold.
    #[cfg_attr(feature = "json", serde(skip_serializing_if = "Vec::is_empty"))]
    pub objects: Vec<Object<'p>>,
    /// Its resources and scopes.
    pub containers: Vec<Container<'p>>,
    /// Its meanings and views.
    pub meanings: Vec<Meaning<'p>>,
    /// Its events.
    pub events: Vec<Event<'p>>,
    /// Its observed metrics.
    pub observed: Vec<Observed<'p>>,
}

/// A type for values that are listed.
#[derive(Debug)]
#[cfg_attr(feature = "json", derive(Serialize))]
pub struct Enum<'p> {
    /// What it is called, as a path of names: the key of the attribute that declares it, or `Event.field`.
    pub path: String,
    /// What is said of it.
    pub docs: String,
    /// Its members.
    #[cfg_attr(feature = "json", serde(serialize_with = "json::table"))]
    pub members: &'p [Member<'p>],
    /// What is said of each of them.
    pub docs_of_members: Vec<&'p str>,
    /// Whether there are other values besides.
    pub open: bool,
    /// Whether the values are integers rather than texts.
    pub is_int: bool,
}

/// An enum, by the numbers of its package and of itself in there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(Serialize))]
pub struct EnumId {
    /// The package.
    pub package: usize,
    /// The number among its enums.
    pub number: usize,
}

/// A type for an object.
#[derive(Debug)]
#[cfg_attr(feature = "json", derive(Serialize))]
pub struct Object<'p> {
    /// What it is called, as a path of names: `Event.field`, `Event.field.member`.
    pub path: String,
    /// What is said of it.
    pub docs: String,
    /// Its members.
    pub fields: Vec<ObjectField<'p>>,
}

/// A member of an object.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "json", derive(Serialize))]
pub struct ObjectField<'p> {
    /// Its name.
    pub name: &'p str,
    /// What is said of it.
    pub docs: &'p str,
    /// Whether it may be absent.
    pub optional: bool,
    /// The type of its values.
    #[cfg_attr(feature = "json", serde(serialize_with = "json::table"))]
    pub value_type: slo_model::ValueType,
    /// How many nanoseconds are one of its unit, where its values are lengths of time.
    pub nanoseconds: Option<f64>,
    /// The object that it is, or that each of its list is.
    pub object: Option<ObjectId>,
}

/// An object, by the numbers of its package and of itself in there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(Serialize))]
pub struct ObjectId {
    /// The package.
    pub package: usize,
    /// The number among its objects.
    pub number: usize,
}

/// What people read of something that has values, and what its type is.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "json", derive(Serialize))]
pub struct Said<'p> {
    /// Where it stands.
    #[cfg_attr(feature = "json", serde(skip))]
    pub node: Node,
    /// What is said of it.
    pub docs: &'p str,
    /// The enum that its values are of.
    pub enumeration: Option<EnumId>,
    /// The object that its values are, or that each of a list is.
    #[cfg_attr(feature = "json", serde(skip_serializing_if = "Option::is_none"))]
    pub object: Option<ObjectId>,
    /// How many nanoseconds are one of its unit, where its values are lengths of time.
    pub nanoseconds: Option<f64>,
}

/// A resource or a scope.
#[derive(Debug)]
#[cfg_attr(feature = "json", derive(Serialize))]
pub struct Container<'p> {
    /// What it says.
    #[cfg_attr(feature = "json", serde(serialize_with = "json::named"))]
    pub table: &'p slo_model::Container<'p>,
    /// What is said of it.
    pub docs: &'p str,
    /// Where it stands.
    #[cfg_attr(feature = "json", serde(skip))]
    pub node: Node,
    /// What is said of each of its keys.
    pub keys: Vec<Said<'p>>,
}

/// A meaning or a view.
#[derive(Debug)]
#[cfg_attr(feature = "json", derive(Serialize))]
pub struct Meaning<'p> {
    /// What it says.
    #[cfg_attr(feature = "json", serde(serialize_with = "json::named"))]
    pub table: &'p tables::Meaning<'p>,
    /// What is said of it.
    pub docs: &'p str,
    /// Where it stands.
    #[cfg_attr(feature = "json", serde(skip))]
    pub node: Node,
    /// The full name of the meaning that it is a view of.
    pub view_of: Option<&'p str>,
    /// What is said of its variants.
    pub variants: Vec<Variant<'p>>,
}

/// What people read of a variant.
#[derive(Debug)]
#[cfg_attr(feature = "json", derive(Serialize))]
pub struct Variant<'p> {
    /// Where it stands.
    #[cfg_attr(feature = "json", serde(skip))]
    pub node: Node,
    /// What it means.
    pub docs: &'p str,
    /// What is said of what it carries.
    pub payload: Vec<Said<'p>>,
}

/// An event.
#[derive(Debug)]
#[cfg_attr(feature = "json", derive(Serialize))]
pub struct Event<'p> {
    /// What it says.
    #[cfg_attr(feature = "json", serde(serialize_with = "json::table"))]
    pub table: tables::Event<'p>,
    /// What is said of it.
    pub docs: &'p str,
    /// Where it stands.
    #[cfg_attr(feature = "json", serde(skip))]
    pub node: Node,
    /// Whether a library or another program records it. Such events are in the plan for judges alone.
    #[cfg_attr(feature = "json", serde(skip))]
    pub external: bool,
    /// What is said of its fields.
    pub fields: Vec<Field<'p>>,
    /// Where the metrics stand that it counts in.
    #[cfg_attr(feature = "json", serde(skip))]
    pub metrics: Vec<Metric<'p>>,
    /// Where those stand that count it while it runs.
    #[cfg_attr(feature = "json", serde(skip))]
    pub running: Vec<Metric<'p>>,
    /// Where its logs stand.
    #[cfg_attr(feature = "json", serde(skip))]
    pub logs: Vec<Record>,
    /// Where its span stands.
    #[cfg_attr(feature = "json", serde(skip))]
    pub span: Option<Record>,
    /// Where the events stand that it writes onto a span.
    #[cfg_attr(feature = "json", serde(skip))]
    pub span_events: Vec<Record>,
    /// Why nothing can begin it; empty where it may run.
    pub hindrances: Vec<Hindrance>,
    /// Whether what goes out is compiled for it, where the language can.
    pub specialized: bool,
}

/// Where a metric stands.
#[derive(Clone, Copy, Debug)]
pub struct Metric<'p> {
    /// The metric itself.
    pub node: Node,
    /// What says its unit.
    pub unit: Node,
    /// What says which field it measures.
    pub value: Node,
    /// The full name of its scope.
    pub scope: &'p str,
}

/// Where a log, a span or an event on a span stands, and what its table leaves out as no program asks for it.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    /// The record itself.
    pub node: Node,
    /// Whether it has no keys but the contract's.
    pub closed: bool,
    /// Whether every span has its keys, and it is none of its own.
    pub every: bool,
    /// Whether it is written only where the service's configuration asks for it.
    pub opt_in: bool,
}

/// What people read of a field.
#[derive(Debug)]
#[cfg_attr(feature = "json", derive(Serialize))]
pub struct Field<'p> {
    /// What is said of it.
    pub said: Said<'p>,
    /// Where its value comes from.
    pub given: Given<'p>,
}

/// Where the value of a field comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize))]
pub enum Given<'p> {
    /// The program says it when the event begins.
    Begin,
    /// The program may say it until the event ends.
    Later,
    /// It is the time from begin to end.
    Elapsed,
    /// The contract says it: a metric measures it.
    Constant(#[cfg_attr(feature = "json", serde(serialize_with = "json::table"))] Literal<'p>),
}

/// Why nothing can begin an event: it can be recorded only when it is over. Fields have their numbers.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "json", derive(Serialize))]
pub enum Hindrance {
    /// Nothing says what this meaning is if nobody sets it before the end.
    Unsaid(usize),
    /// Each of these may be the time from begin to end.
    Ambiguous(usize, usize),
    /// It goes out nowhere when a value does not fit, and a span that is open can't be taken back.
    DropsInvalid,
    /// Whether its span is opened depends on this field, which is known when the event ends.
    SpanWaits(usize),
}

/// An observed metric.
#[derive(Debug)]
#[cfg_attr(feature = "json", derive(Serialize))]
pub struct Observed<'p> {
    /// What it says.
    #[cfg_attr(feature = "json", serde(serialize_with = "json::table"))]
    pub table: tables::Observed<'p>,
    /// What is said of it.
    pub docs: &'p str,
    /// Where it stands.
    #[cfg_attr(feature = "json", serde(skip))]
    pub metric: Metric<'p>,
    /// What is said of its labels.
    pub labels: Vec<Said<'p>>,
}

impl<'p> Plan<'p> {
    /// The plan of a contract.
    #[must_use]
    pub fn of(arena: &'p Arena<'p>, contract: &'p CheckedContract) -> Plan<'p> {
        Planner::new(arena, contract.contract()).plan()
    }

    /// The plan of a contract with what others record, for a judge of telemetry: no target makes anything of that.
    #[must_use]
    pub fn with_external(arena: &'p Arena<'p>, contract: &'p CheckedContract) -> Plan<'p> {
        Planner::new(arena, contract.contract()).with_external().plan()
    }

    /// A hash of all that the contract says: worked out anew each time.
    #[cfg(feature = "json")]
    #[must_use]
    pub fn hash(&self) -> String {
        self.contract.hash()
    }

    /// Its events.
    pub fn events(&self) -> impl Iterator<Item = &Event<'p>> {
        self.packages.iter().flat_map(|package| &package.events)
    }

    /// Its metrics, as often as something records them: those of events, those that count what runs, those that are observed.
    pub fn metrics(&self) -> impl Iterator<Item = (&tables::Metric<'p>, &Metric<'p>)> {
        let of_events = self.events().flat_map(|event| {
            let running = event.table.running.iter().zip(&event.running);
            event.table.metrics.iter().zip(&event.metrics).chain(running)
        });
        let observed = self.packages.iter().flat_map(|package| &package.observed);
        of_events.chain(observed.map(|observed| (&observed.table.metric, &observed.metric)))
    }
}
