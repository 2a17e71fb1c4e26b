//! A contract as a whole.

use std::collections::BTreeMap;
use std::sync::Arc;

use slo_model::names::{PrometheusNaming, PrometheusWay};

#[cfg(feature = "json")]
use serde::{Deserialize, Serialize};

use super::{
    Container, ContainerId, Declaration, Domain, Event, EventId, Instrument, Leaf, Literal, Meaning,
    MeaningId, Metric, Never, Node, Places,
};
use crate::diagnostic::Reported;

/// The number of the IR's format. Another number is another format.
pub const FORMAT: u32 = 9;

/// What a contract says.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(bound(deserialize = "")))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Contract"))]
pub struct Contract<E = Never> {
    /// The format's number, [`FORMAT`].
    pub format: u32,
    /// The contract's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Who keeps it.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub owner: Option<String>,
    /// The schema URL of what it describes.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub schema_url: Option<String>,
    /// The targets that it is checked for.
    pub targets: Vec<Target>,
    /// What Prometheus's server is told.
    pub prometheus: Prometheus,
    /// What is said of the stores of logs.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Logs::is_default"))]
    pub logs: Logs,
    /// What is said of the store of traces.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Traces::is_default"))]
    pub traces: Traces,
    /// Its packages, by their names.
    pub packages: Vec<Package>,
    /// The attributes that it declares and those that it takes in, by their keys.
    pub attributes: Vec<Declared<E>>,
    /// Its resources and scopes, in the order of the text, and other roots' scopes that its events and metrics name.
    pub containers: Vec<Container<E>>,
    /// The metrics that it declares for others, or for its own events, to record.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub metrics: Vec<Metric>,
    /// The spans that it declares for others, or for its own events, to write.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub declared_spans: Vec<Declaration>,
    /// The logs that it declares so.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub declared_logs: Vec<Declaration>,
    /// The entities that it declares: what telemetry is about.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub entities: Vec<Declaration>,
    /// Its meanings and its views, in the order of the text.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub meanings: Vec<Meaning<E>>,
    /// Its events, in the order of the text.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub events: Vec<Event<E>>,
    /// The metrics that stand for themselves: those that are observed, and those that run while an event does.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub instruments: Vec<Instrument<E>>,
    /// Where all this stands.
    pub places: Places,
}

/// All that a contract says, places left out.
type Said<'c> = (
    SaidOfAll<'c>,
    &'c Vec<Package>,
    &'c Vec<Declared<Never>>,
    &'c Vec<Container>,
    (&'c Vec<Metric>, [&'c Vec<Declaration>; 3]),
    &'c Vec<Meaning>,
    &'c Vec<Event>,
    &'c Vec<Instrument>,
);

/// What it says of itself.
type SaidOfAll<'c> = (
    &'c u32,
    &'c String,
    &'c String,
    &'c Option<String>,
    &'c Option<String>,
    &'c Vec<Target>,
    &'c Prometheus,
    (&'c Logs, &'c Traces),
);

/// Whatever the places are.
impl PartialEq for Contract {
    fn eq(&self, other: &Contract) -> bool {
        self.said() == other.said()
    }
}

/// Where telemetry is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Target {
    /// OTLP: keys as they are.
    Otlp,
    /// Prometheus: keys as labels.
    Prometheus,
    /// Logs as nested JSON: keys as paths.
    Logs,
}

impl Target {
    /// Every target.
    pub const ALL: [Target; 3] = [Target::Otlp, Target::Prometheus, Target::Logs];

    /// The target's name in `slo.toml`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Target::Otlp => "otlp",
            Target::Prometheus => "prometheus",
            Target::Logs => "logs",
        }
    }
}

/// What Prometheus's server is told: what names become, and whether it scrapes the program.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Prometheus {
    /// `otlp.translation_strategy` of its configuration.
    pub translation_strategy: String,
    /// `otlp.promote_resource_attributes` of its configuration.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub promote_resource_attributes: Vec<String>,
    /// `otlp.keep_identifying_resource_attributes` of its configuration.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub keep_identifying_resource_attributes: bool,
    /// By which way the points of a scope reach it, by the scopes' full names. `default` is for those that aren't named.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "BTreeMap::is_empty"))]
    pub ways: BTreeMap<String, String>,
}

/// What is said of the stores that take nested logs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Logs {
    /// Whether each log has a store of its own, so that a name may have another type in another log.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub separate_stores: bool,
    /// The names that the store keeps for itself.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub reserved: Vec<String>,
}

/// What is said of the store that takes traces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Traces {
    /// Whether it holds keys as paths, so that one is no parent of another.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub nests: bool,
}

impl Traces {
    #[cfg(feature = "json")]
    fn is_default(&self) -> bool {
        *self == Traces::default()
    }
}

impl Logs {
    #[cfg(feature = "json")]
    fn is_default(&self) -> bool {
        *self == Logs::default()
    }
}

/// What a server does that is told nothing.
impl Default for Prometheus {
    fn default() -> Prometheus {
        Prometheus {
            translation_strategy: slo_model::names::TranslationStrategy::default().name().to_owned(),
            promote_resource_attributes: Vec::new(),
            keep_identifying_resource_attributes: false,
            ways: BTreeMap::new(),
        }
    }
}

/// What stands for the scopes for which no way is said.
pub(crate) const DEFAULT_WAY: &str = "default";

fn known_way(name: &str) -> PrometheusWay {
    PrometheusWay::ALL.into_iter().find(|way| way.name() == name).unwrap_or_default()
}

impl Prometheus {
    /// The strategy as the model has it.
    #[must_use]
    pub fn strategy(&self) -> slo_model::names::TranslationStrategy {
        let all = slo_model::names::TranslationStrategy::ALL;
        all.into_iter().find(|strategy| strategy.name() == self.translation_strategy).unwrap_or_default()
    }

    /// The way of what no scope's own way is said for, and those of the scopes that have one.
    pub fn all_ways(&self) -> impl Iterator<Item = PrometheusWay> {
        let others = self.ways.iter().filter(|(scope, _)| *scope != DEFAULT_WAY);
        std::iter::once(self.way("")).chain(others.map(|(_, way)| known_way(way)))
    }

    /// The way of a scope, by its full name.
    #[must_use]
    pub fn way(&self, scope: &str) -> PrometheusWay {
        let said = self.ways.get(scope).or_else(|| self.ways.get(DEFAULT_WAY));
        said.map_or(PrometheusWay::default(), |way| known_way(way))
    }

    /// The names on each of the ways, which differ.
    #[must_use]
    pub fn namings(&self) -> Vec<PrometheusNaming> {
        let mut ways: Vec<PrometheusWay> = self.all_ways().collect();
        ways.sort_unstable();
        ways.dedup();
        ways.into_iter().map(|way| PrometheusNaming { way, strategy: self.strategy() }).collect()
    }

    /// What the points of a scope are called in the server.
    #[must_use]
    pub fn naming(&self, scope: &str) -> PrometheusNaming {
        PrometheusNaming { way: self.way(scope), strategy: self.strategy() }
    }
}

/// A package.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Package {
    /// Its name.
    pub name: String,
    /// What its files say above it.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "String::is_empty"))]
    pub docs: String,
}

/// A key with its type and constraints.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Attribute"))]
pub struct Attribute<D = Domain> {
    /// The place of its declaration.
    pub node: Option<Node>,
    /// The package that declares it.
    pub package: Arc<str>,
    /// The key.
    pub key: String,
    /// What is said of it.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "String::is_empty"))]
    pub docs: String,
    /// Its values.
    pub domain: D,
    /// Its stability.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub stability: Option<String>,
    /// Whether it must not become a label, nor be shown unless a field says so.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub sensitive: bool,
    /// Why it should not be used any more.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub deprecated: Option<Deprecation>,
    /// The day on which it goes, as `2027-06-30`.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub until: Option<String>,
    /// Values that it may have, for people.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub examples: Vec<Literal>,
}

/// An attribute of a contract, or of a draft: shared, not copied. One whose values can't be known has the finding instead.
pub type Declared<E> = Leaf<Arc<Attribute>, Arc<Attribute<E>>>;

/// What is said of an attribute, whether its values are known or not.
pub(crate) struct Head<'a> {
    pub(crate) node: Option<Node>,
    pub(crate) package: &'a str,
    pub(crate) key: &'a str,
    pub(crate) docs: &'a str,
    pub(crate) sensitive: bool,
    pub(crate) deprecated: Option<&'a Deprecation>,
}

impl<D> Attribute<D> {
    /// What is said of it, with values.
    pub(crate) fn with<W>(self, domain: W) -> Attribute<W> {
        let Attribute {
            node,
            package,
            key,
            docs,
            domain: _,
            stability,
            sensitive,
            deprecated,
            until,
            examples,
        } = self;
        Attribute { node, package, key, docs, domain, stability, sensitive, deprecated, until, examples }
    }

    fn head(&self) -> Head<'_> {
        let Attribute {
            node,
            package,
            key,
            docs,
            domain: _,
            stability: _,
            sensitive,
            deprecated,
            until: _,
            examples: _,
        } = self;
        Head { node: *node, package, key, docs, sensitive: *sensitive, deprecated: deprecated.as_ref() }
    }
}

impl Declared<Reported> {
    /// What is said of it beside its values.
    pub(crate) fn head(&self) -> Head<'_> {
        match self {
            Leaf::Known(attribute) => attribute.head(),
            Leaf::Unknown(attribute) => attribute.head(),
        }
    }

    /// Its values, or the finding.
    pub(crate) fn read(&self) -> Result<&Domain, Reported> {
        match self {
            Leaf::Known(attribute) => Ok(&attribute.domain),
            Leaf::Unknown(attribute) => Err(attribute.domain),
        }
    }

    /// Notes where it is declared.
    pub(crate) fn stands_at(&mut self, node: Node) {
        match self {
            // What a session keeps stands there already.
            Leaf::Known(attribute) if attribute.node == Some(node) => {}
            Leaf::Known(attribute) => Arc::make_mut(attribute).node = Some(node),
            Leaf::Unknown(attribute) => Arc::make_mut(attribute).node = Some(node),
        }
    }
}

/// Why a key should not be used any more.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Deprecation {
    /// Another key took its place.
    Successor(String),
    /// There is none; this is why.
    Reason(String),
    /// It came after the version of its vocabulary that is taken in.
    NotYet {
        /// That version.
        version: String,
        /// What it is called there.
        names: Vec<String>,
    },
}

impl Deprecation {
    /// What took its place, where that is said.
    #[must_use]
    pub fn successor(&self) -> Option<&str> {
        match self {
            Deprecation::Successor(successor) => Some(successor),
            Deprecation::Reason(_) | Deprecation::NotYet { .. } => None,
        }
    }
}

impl Contract {
    /// All that the contract says, places left out.
    pub(super) fn said(&self) -> Said<'_> {
        // A new field must be named here, or this doesn't compile.
        let Contract {
            format,
            name,
            version,
            owner,
            schema_url,
            targets,
            prometheus,
            logs,
            traces,
            packages,
            attributes,
            containers,
            metrics,
            declared_spans,
            declared_logs,
            entities,
            meanings,
            events,
            instruments,
            places: _,
        } = self;
        let head = (format, name, version, owner, schema_url, targets, prometheus, (logs, traces));
        let declared = (metrics, [declared_spans, declared_logs, entities]);
        (head, packages, attributes, containers, declared, meanings, events, instruments)
    }
}

impl<E> Contract<E> {
    /// What a metric's points are called in the server.
    #[must_use]
    pub fn naming(&self, metric: &Instrument<E>) -> PrometheusNaming {
        let scope = metric.scope.known().filter(|_| !self.prometheus.ways.is_empty());
        let name = scope.map_or_else(String::new, |scope| self.container(*scope).full_name());
        self.prometheus.naming(&name)
    }

    /// The targets as the model has them.
    #[must_use]
    pub fn model_targets(&self) -> slo_model::Targets {
        let is_target = |target| self.targets.contains(&target);
        slo_model::Targets {
            prometheus: is_target(Target::Prometheus).then(|| self.prometheus.strategy()),
            logs: is_target(Target::Logs),
        }
    }

    /// A resource or a scope.
    #[must_use]
    pub fn container(&self, id: ContainerId) -> &Container<E> {
        &self.containers[id.index()]
    }

    /// A meaning or a view.
    #[must_use]
    pub fn meaning(&self, id: MeaningId) -> &Meaning<E> {
        &self.meanings[id.index()]
    }

    /// An event.
    #[must_use]
    pub fn event(&self, id: EventId) -> &Event<E> {
        &self.events[id.index()]
    }

    /// Whether a package is one of the contract's own.
    #[must_use]
    pub fn owns(&self, package: &str) -> bool {
        self.packages.binary_search_by(|own| own.name.as_str().cmp(package)).is_ok()
    }

    /// The metrics that count an event while it runs.
    pub fn running<'c>(&'c self, event: &Event<E>) -> impl Iterator<Item = &'c Instrument<E>> {
        let node = event.node;
        let counts =
            move |metric: &&Instrument<E>| metric.during.is_some_and(|id| self.event(id).node == node);
        self.instruments.iter().filter(counts)
    }

    /// The container of this full name.
    #[must_use]
    pub fn container_named(&self, full_name: &str) -> Option<&Container<E>> {
        let (package, name) = full_name.rsplit_once('.')?;
        self.containers.iter().find(|container| container.name == name && container.package == package)
    }

    /// The meaning or the view of this full name.
    #[must_use]
    pub fn meaning_named(&self, full_name: &str) -> Option<&Meaning<E>> {
        let (package, name) = full_name.rsplit_once('.')?;
        self.meanings.iter().find(|meaning| meaning.name == name && meaning.package == package)
    }

    /// The event of this full name.
    #[must_use]
    pub fn event_named(&self, full_name: &str) -> Option<&Event<E>> {
        let (package, name) = full_name.rsplit_once('.')?;
        self.events.iter().find(|event| event.name == name && event.package == package)
    }

    /// Every metric that something records: those of events, then those that stand for themselves.
    pub fn all_instruments(&self) -> impl Iterator<Item = &Instrument<E>> {
        self.events.iter().flat_map(|event| &event.metrics).chain(&self.instruments)
    }
}
