//! Everything that has a name: what a contract declares, takes in and records, and what built-in vocabularies have.

use std::borrow::Cow;

use serde::Serialize;
use slo_stdlib_mappings::{self as mappings, Vocabulary};

use crate::ir::{
    Attribute, Container, ContainerKind, Contract, Declaration, Event, Instrument, Meaning, Metric,
};

/// What something that has a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A key with its type.
    Attribute,
    /// A metric.
    Metric,
    /// A span that is declared for others.
    Span,
    /// A log, by its event name.
    Log,
    /// An entity: what telemetry is about.
    Entity,
    /// A meaning.
    Meaning,
    /// A view of a meaning.
    View,
    /// An event.
    Event,
    /// A resource.
    Resource,
    /// A scope.
    Scope,
}

impl Kind {
    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Attribute => "attribute",
            Kind::Metric => "metric",
            Kind::Span => "span",
            Kind::Log => "log",
            Kind::Entity => "entity",
            Kind::Meaning => "meaning",
            Kind::View => "view",
            Kind::Event => "event",
            Kind::Resource => "resource",
            Kind::Scope => "scope",
        }
    }
}

/// Something that has a name.
pub(super) struct Known<'c> {
    pub(super) kind: Kind,
    /// The name that tells it from all others of its kind.
    pub(super) name: Cow<'c, str>,
    /// Its name in its package, where that is another one.
    pub(super) bare: Option<&'c str>,
    pub(super) what: What<'c>,
}

/// What has the name.
#[derive(Clone, Copy)]
pub(super) enum What<'c> {
    Attribute(&'c Attribute),
    /// A metric that something records, by an event if one does.
    Recorded(&'c Instrument),
    Metric(&'c Metric),
    Declared(&'c Declaration),
    Meaning(&'c Meaning),
    Event(&'c Event),
    /// A log of an event.
    LogOf(&'c Event),
    Container(&'c Container),
    TableAttribute(&'static Vocabulary, &'static mappings::Attribute),
    TableMetric(&'static Vocabulary, &'static mappings::Metric),
    TableDeclared(&'static Vocabulary, &'static mappings::Declaration),
}

/// What a contract says: what has a full name, then metrics, logs, what is declared for others, and keys.
pub(super) fn of_contract(contract: &Contract) -> impl Iterator<Item = Known<'_>> {
    with_full_name(contract).chain(by_one_name(contract))
}

/// What has a package and a name in it.
pub(super) fn with_full_name(contract: &Contract) -> impl Iterator<Item = Known<'_>> {
    let containers = contract.containers.iter().map(|container| Known {
        kind: match container.kind {
            ContainerKind::Resource => Kind::Resource,
            ContainerKind::Scope => Kind::Scope,
        },
        name: container.full_name().into(),
        bare: Some(&container.name),
        what: What::Container(container),
    });
    let meanings = contract.meanings.iter().map(|meaning| Known {
        kind: if meaning.view.is_some() { Kind::View } else { Kind::Meaning },
        name: meaning.full_name().into(),
        bare: Some(&meaning.name),
        what: What::Meaning(meaning),
    });
    let events = contract.events.iter().map(|event| Known {
        kind: Kind::Event,
        name: event.full_name().into(),
        bare: Some(&event.name),
        what: What::Event(event),
    });
    containers.chain(meanings).chain(events)
}

/// What has one name, which is no package's.
fn by_one_name(contract: &Contract) -> impl Iterator<Item = Known<'_>> {
    let known = |kind, name, what| Known { kind, name: Cow::Borrowed(name), bare: None, what };
    let metrics = contract.metrics.iter().map(move |one| known(Kind::Metric, &one.name, What::Metric(one)));
    let recorded =
        contract.all_instruments().map(move |one| known(Kind::Metric, &one.name, What::Recorded(one)));
    let spans =
        contract.declared_spans.iter().map(move |one| known(Kind::Span, &one.name, What::Declared(one)));
    let held = contract.events.iter().filter_map(|event| event.span.as_ref()?.convention.as_ref());
    let held = held.map(move |one| known(Kind::Span, &one.name, What::Declared(one)));
    let logs = contract.declared_logs.iter().map(move |one| known(Kind::Log, &one.name, What::Declared(one)));
    let of_events = contract.events.iter().flat_map(move |event| {
        let names = event.logs.iter().filter_map(|log| log.name.as_deref());
        names.map(move |name| known(Kind::Log, name, What::LogOf(event)))
    });
    let entities =
        contract.entities.iter().map(move |one| known(Kind::Entity, &one.name, What::Declared(one)));
    let keys = contract
        .attributes
        .iter()
        .map(move |one| known(Kind::Attribute, one.key.as_str(), What::Attribute(one)));
    metrics.chain(recorded).chain(spans).chain(held).chain(logs).chain(of_events).chain(entities).chain(keys)
}

/// What built-in vocabularies have, taken in or not: nothing is read or allocated for it.
pub(super) fn of_tables(tables: &[&'static Vocabulary]) -> impl Iterator<Item = Known<'static>> {
    let known = |kind, name, what| Known { kind, name: Cow::Borrowed(name), bare: None, what };
    tables.iter().copied().flat_map(move |table| {
        let declared = move |kind, all: &'static [mappings::Declaration]| {
            all.iter().map(move |one| known(kind, one.name, What::TableDeclared(table, one)))
        };
        let metrics =
            table.metrics.iter().map(move |one| known(Kind::Metric, one.name, What::TableMetric(table, one)));
        let keys = table
            .attributes
            .iter()
            .map(move |one| known(Kind::Attribute, one.key, What::TableAttribute(table, one)));
        let signals = declared(Kind::Span, table.spans)
            .chain(declared(Kind::Log, table.logs))
            .chain(declared(Kind::Entity, table.entities));
        metrics.chain(signals).chain(keys)
    })
}
