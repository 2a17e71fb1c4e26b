//! What all parts of a plan ask: names, places, values.

use std::cell::OnceCell;

use slo_model::Container;
use slo_model::event::Meaning;

use super::container::Head;
use super::enums::Enums;
use super::objects::Objects;
use super::values::Attributes;
use super::{Arena, Package, Plan, Said};
use crate::hash::HashMap;
use crate::ir::{self, ContainerId, Contract, Event, Instrument, MeaningId, Node, Type};

/// Makes the plan of a contract, or of a part of it.
#[derive(Debug)]
pub struct Planner<'p> {
    pub(super) arena: &'p Arena<'p>,
    pub(super) contract: &'p Contract,
    pub(super) attributes: Attributes<'p>,
    pub(super) enums: Enums,
    objects: Objects,
    /// Tables that others name, by the ids of what they are of.
    meanings: Vec<OnceCell<&'p Meaning<'p>>>,
    containers: Vec<OnceCell<&'p Container<'p>>>,
    metrics: OnceCell<Metrics<'p>>,
    /// Whether what others record is in the plan, too: for judges, as no target makes anything of it.
    external: bool,
}

/// What is asked of metrics by their names, and by the events that they count.
#[derive(Debug, Default)]
pub(super) struct Metrics<'p> {
    /// What is said of a metric, wherever that is.
    pub(super) docs: HashMap<&'p str, &'p str>,
    /// The metrics that count an event while it runs, by its node.
    pub(super) running: HashMap<Node, Vec<&'p Instrument>>,
}

impl<'p> Planner<'p> {
    /// A planner of a contract's parts. Their types have no enums.
    #[must_use]
    pub fn new(arena: &'p Arena<'p>, contract: &'p Contract) -> Planner<'p> {
        Planner {
            arena,
            contract,
            attributes: Attributes::of(contract),
            enums: Enums::default(),
            objects: Objects::default(),
            meanings: vec![OnceCell::new(); contract.meanings.len()],
            containers: vec![OnceCell::new(); contract.containers.len()],
            metrics: OnceCell::new(),
            external: false,
        }
    }

    /// Takes in what others record, too.
    #[must_use]
    pub(super) fn with_external(mut self) -> Planner<'p> {
        self.external = true;
        self
    }

    /// The contract.
    #[must_use]
    pub const fn contract(&self) -> &'p Contract {
        self.contract
    }

    /// The whole plan.
    pub(super) fn plan(mut self) -> Plan<'p> {
        let contract = self.contract;
        let own = contract.packages.iter().map(|package| package.name.as_str());
        let mut others: Vec<&str> = (contract.meanings.iter().map(|meaning| meaning.package.as_str()))
            .chain(contract.containers.iter().map(|container| container.package.as_str()))
            .filter(|package| !contract.owns(package))
            .collect();
        others.sort_unstable();
        others.dedup();
        let names: Vec<&str> = own.chain(others).collect();
        let parts = Parts::of(contract, self.external);
        let (enums, listed) = self.enums_of(&names, &parts);
        self.enums = enums;
        let (objects, of_packages) = self.objects_of(&names, &parts);
        self.objects = objects;
        let packages: Vec<Package<'p>> = names
            .into_iter()
            .zip(listed)
            .zip(of_packages)
            .map(|((name, enums), objects)| {
                let own = contract.packages.iter().find(|package| package.name == name);
                let docs = match own {
                    Some(package) => package.docs.clone(),
                    None => format!("What the contract takes in of the package `{name}`."),
                };
                Package {
                    name,
                    docs,
                    enums,
                    objects,
                    containers: parts.containers(name).map(|(id, one)| self.container(id, one)).collect(),
                    meanings: parts.meanings(name).map(|(id, one)| self.meaning(id, one)).collect(),
                    events: parts.events(name).map(|event| self.event(event)).collect(),
                    observed: parts.observed(name).map(|metric| self.observed(metric)).collect(),
                }
            })
            .collect();
        Plan {
            table: self.whole(&packages),
            places: &contract.places,
            #[cfg(feature = "json")]
            contract,
            packages,
        }
    }

    /// What is asked of metrics by their names.
    pub(super) fn metrics(&self) -> &Metrics<'p> {
        self.metrics.get_or_init(|| {
            let mut metrics = Metrics::default();
            for metric in self.contract.all_instruments() {
                if !metric.docs.is_empty() {
                    metrics.docs.entry(&metric.name).or_insert(&metric.docs);
                }
                if let Some(during) = metric.during {
                    metrics.running.entry(self.contract.event(during).node).or_default().push(metric);
                }
            }
            metrics
        })
    }

    /// A place as people write it.
    pub(super) fn place(&self, node: Node) -> &'p str {
        self.arena.text(self.contract.places.shown(node))
    }

    /// The table of a meaning or a view.
    #[must_use]
    pub fn meaning_table(&self, id: MeaningId) -> &'p Meaning<'p> {
        self.meanings[id.index()]
            .get_or_init(|| self.arena.one(self.table_of_meaning(self.contract.meaning(id))))
    }

    /// The table of a resource or a scope.
    #[must_use]
    pub fn container_table(&self, id: ContainerId) -> &'p Container<'p> {
        self.containers[id.index()].get_or_init(|| {
            let container = self.contract.container(id);
            let scope_name = match container.kind {
                ir::ContainerKind::Resource => "",
                ir::ContainerKind::Scope => container.package.as_str(),
            };
            let head = Head {
                name: self.arena.text(container.full_name()),
                scope_name,
                schema_url: self.contract.schema_url.as_deref(),
                places: Some(&self.contract.places),
            };
            self.arena.one(self.arena.container(container, head))
        })
    }

    /// What people read of something that has values of this type.
    pub(super) fn said(&self, within: Node, node: Node, docs: &'p str, value: Option<&Type>) -> Said<'p> {
        let nanoseconds = value.and_then(Type::nanoseconds);
        let (enumeration, object) = (self.enums.of(within, node), self.objects.of(within, node));
        Said { node, docs, enumeration, object, nanoseconds }
    }

    /// What the attribute of a key says of itself.
    pub(super) fn docs_of(&self, key: &str) -> &'p str {
        self.attributes.get(key).map_or("", |attribute| attribute.docs.as_str())
    }
}

/// The declarations of a contract by their packages, in the order of their ids.
pub(super) struct Parts<'p> {
    containers: HashMap<&'p str, Vec<(ContainerId, &'p ir::Container)>>,
    meanings: HashMap<&'p str, Vec<(MeaningId, &'p ir::Meaning)>>,
    events: HashMap<&'p str, Vec<&'p Event>>,
    observed: HashMap<&'p str, Vec<&'p Instrument>>,
}

impl<'p> Parts<'p> {
    fn of(contract: &'p Contract, external: bool) -> Parts<'p> {
        let containers = contract.containers.iter().enumerate();
        let meanings = contract.meanings.iter().enumerate();
        let observed = contract.instruments.iter().filter(|metric| metric.observed);
        Parts {
            containers: grouped(
                containers.map(|(at, one)| (one.package.as_str(), (ContainerId::at(at), one))),
            ),
            meanings: grouped(meanings.map(|(at, one)| (one.package.as_str(), (MeaningId::at(at), one)))),
            events: grouped(
                contract
                    .events
                    .iter()
                    .filter(|event| external || !event.external)
                    .map(|event| (event.package.as_str(), event)),
            ),
            observed: grouped(observed.map(|metric| (metric.package.as_str(), metric))),
        }
    }

    pub(super) fn containers(&self, package: &str) -> impl Iterator<Item = (ContainerId, &'p ir::Container)> {
        self.containers.get(package).into_iter().flatten().copied()
    }

    pub(super) fn meanings(&self, package: &str) -> impl Iterator<Item = (MeaningId, &'p ir::Meaning)> {
        self.meanings.get(package).into_iter().flatten().copied()
    }

    pub(super) fn events(&self, package: &str) -> impl Iterator<Item = &'p Event> {
        self.events.get(package).into_iter().flatten().copied()
    }

    pub(super) fn observed(&self, package: &str) -> impl Iterator<Item = &'p Instrument> {
        self.observed.get(package).into_iter().flatten().copied()
    }
}

fn grouped<'p, T>(values: impl Iterator<Item = (&'p str, T)>) -> HashMap<&'p str, Vec<T>> {
    let mut groups: HashMap<&str, Vec<T>> = HashMap::default();
    for (package, value) in values {
        groups.entry(package).or_default().push(value);
    }
    groups
}
