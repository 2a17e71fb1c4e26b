//! An index is made of a contract.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use super::{
    At, FORMAT, Head, Index, IndexAttribute, IndexField, IndexLabel, IndexMetric, IndexRecord, IndexResource,
};
use crate::ir::{
    Container, ContainerKind, Contract, Domain, FieldId, Instrument, Literal, MeaningId, Node, ObjectMember,
    Signal, SignalWriter, Source, Type, When, WriterValue,
};
use crate::measure::records::Records;

impl Index {
    /// What others must know of a contract, with the line of each thing. What it stands on is said by its manifest.
    #[must_use]
    pub fn of(contract: &Contract) -> Index {
        Index::made(&Making { contract, with_lines: true })
    }

    /// The same without lines: in a run places say where things are.
    #[must_use]
    pub(crate) fn without_lines(contract: &Contract) -> Index {
        Index::made(&Making { contract, with_lines: false })
    }

    fn made(contract: &Making<'_>) -> Index {
        let head = Head {
            name: contract.name.clone(),
            version: contract.version.clone(),
            owner: contract.owner.clone(),
            stands_on: BTreeMap::new(),
            targets: contract.targets.clone(),
            translation_strategy: contract.prometheus.translation_strategy.clone(),
            ways: contract.prometheus.ways.clone(),
            log_store: contract.logs.clone(),
            trace_store: contract.traces,
        };
        let events = contract.events.iter();
        let logs = events.clone().flat_map(|event| {
            event.logs.iter().map(|log| {
                let name = log.name.as_deref().unwrap_or("_");
                record(contract, name, log.node, Signal::Log, log.when.as_ref(), &log.writers)
            })
        });
        let spans = events.flat_map(|event| {
            let span = event.span.iter().map(|span| {
                record(contract, &event.name, span.node, Signal::Span, span.when.as_ref(), &span.writers)
            });
            let events = event.span_events.iter().map(|one| {
                let name = one.name.written(|id| &event.field(id).name);
                record(contract, &name, one.node, Signal::Span, one.when.as_ref(), &one.writers)
            });
            span.chain(events)
        });
        Index {
            format: FORMAT,
            head,
            attributes: attributes(contract),
            metrics: metrics(contract),
            logs: logs.collect(),
            spans: spans.collect(),
            resources: resources(contract),
        }
    }
}

/// A contract of which an index is made.
struct Making<'c> {
    contract: &'c Contract,
    with_lines: bool,
}

impl Deref for Making<'_> {
    type Target = Contract;

    fn deref(&self) -> &Contract {
        self.contract
    }
}

fn at(contract: &Making<'_>, node: Node) -> At {
    let line = if contract.with_lines { contract.places.shown(node) } else { String::new() };
    At { line, place: contract.places.place(node) }
}

fn attributes(contract: &Making<'_>) -> Vec<IndexAttribute> {
    let own = contract.attributes.iter().filter(|attribute| contract.owns(&attribute.package));
    let made = own.filter_map(|attribute| {
        Some(IndexAttribute {
            key: attribute.key.clone(),
            value: attribute.domain.value.to_string(),
            values: closed(&attribute.domain).map(|values| values.into_iter().collect()),
            at: at(contract, attribute.node?),
        })
    });
    made.collect()
}

/// The values of a domain, where these are all.
fn closed(domain: &Domain) -> Option<BTreeSet<String>> {
    let members = domain.members.as_ref().filter(|_| !domain.open && domain.bounded.is_none())?;
    Some(members.iter().map(|member| member.wire.value().to_string()).collect())
}

/// The type on the wire: what may be anything is of no one type.
fn wire(value: &Type) -> Option<String> {
    let value = value.value_type().filter(|_| *value != Type::Any)?;
    Some(value.to_string())
}

/// Where one metric is recorded several times, it is what all of them write.
fn metrics(contract: &Making<'_>) -> Vec<IndexMetric> {
    let mut made: Vec<(IndexMetric, BTreeMap<String, Label>)> = Vec::new();
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for metric in contract.all_instruments() {
        let labels = labels(contract, metric);
        match known.get(metric.name.as_str()).and_then(|number| made.get_mut(*number)) {
            Some((_, all)) => join(all, labels),
            None => {
                known.insert(&metric.name, made.len());
                let scope = contract.container(*metric.scope).full_name();
                let first = IndexMetric {
                    name: metric.name.clone(),
                    scope,
                    kind: *metric.kind,
                    unit: metric.unit.clone(),
                    number: *metric.number,
                    buckets: metric.buckets().cloned(),
                    labels: Vec::new(),
                    at: at(contract, metric.node),
                };
                made.push((first, labels));
            }
        }
    }
    let made = made.into_iter().map(|(metric, labels)| {
        let labels = labels.into_iter().map(|(key, label)| IndexLabel {
            key,
            value: label.value,
            optional: label.optional,
            // One value alone is a constant, which keeps points apart on purpose.
            values: label.values.filter(|values| values.len() > 1).map(|values| values.into_iter().collect()),
        });
        IndexMetric { labels: labels.collect(), ..metric }
    });
    made.collect()
}

/// A label as one place writes it.
struct Label {
    value: Option<String>,
    optional: bool,
    values: Option<BTreeSet<String>>,
}

fn join(all: &mut BTreeMap<String, Label>, other: BTreeMap<String, Label>) {
    for (key, label) in all.iter_mut() {
        label.optional |= !other.contains_key(key);
    }
    for (key, label) in other {
        match all.get_mut(&key) {
            Some(first) => {
                first.optional |= label.optional;
                first.value = first.value.take().or(label.value);
                first.values = match (first.values.take(), label.values) {
                    (Some(one), Some(other)) => Some(one.into_iter().chain(other).collect()),
                    _ => None,
                };
            }
            None => {
                all.insert(key, Label { optional: true, ..label });
            }
        }
    }
}

/// The labels that a metric may have. Of a declared key, the values are those of its declaration: that one recorder has fewer is
/// no other vocabulary.
fn labels(contract: &Making<'_>, metric: &Instrument) -> BTreeMap<String, Label> {
    let records = Records::of(metric.when.as_ref());
    let mut labels: BTreeMap<String, Label> = BTreeMap::new();
    for writer in &metric.writers {
        match &*writer.value {
            WriterValue::Meaning { field, face } => {
                for (key, label) in of_meaning(contract, &records, *field, *face) {
                    labels
                        .entry(key)
                        .or_insert(Label { optional: label.optional || writer.optional, ..label });
                }
            }
            _ if writer.key.is_empty() => {}
            value => {
                let domain = written(writer);
                let is_local = writer.declaration.is_none() && writer.shown_as.is_none();
                let values = match value {
                    _ if !is_local => declared(contract, &writer.key),
                    WriterValue::Constant(literal) => Some([literal.value().to_string()].into()),
                    _ => domain.and_then(closed),
                };
                let value = match writer.is_text() {
                    true => Some("string".to_owned()),
                    false => domain.and_then(|domain| wire(&domain.value)),
                };
                let constant = || match &*writer.value {
                    WriterValue::Constant(literal) => Some(literal.value().value_type().to_string()),
                    _ => None,
                };
                let label = Label { value: value.or_else(constant), optional: writer.optional, values };
                labels.entry(writer.key.clone()).or_insert(label);
            }
        }
    }
    // What the metric's declaration lists and doesn't require may be there with others.
    for label in metric.convention.iter().flat_map(|convention| &convention.labels) {
        if label.level != "required" {
            labels.entry(label.key.clone()).and_modify(|label| label.optional = true).or_insert(Label {
                value: None,
                optional: true,
                values: None,
            });
        }
    }
    labels
}

/// What a writer may write: under another key that key's values, but for what another program writes in a type of its own.
fn written(writer: &SignalWriter) -> Option<&Domain> {
    let own = writer.domain();
    let shown = writer.shown_as.as_ref().map(|shown| &*shown.domain);
    let is_of_key = |shown: &&Domain| {
        own.is_none_or(|own| shown.value == Type::Any || own.value.value_type() == shown.value.value_type())
    };
    shown.filter(is_of_key).or(own)
}

/// The values of a declared key, where these are all.
fn declared(contract: &Making<'_>, key: &str) -> Option<BTreeSet<String>> {
    let start = contract.attributes.partition_point(|attribute| attribute.key.as_str() < key);
    let attribute = contract.attributes.get(start).filter(|attribute| attribute.key == key)?;
    closed(&attribute.domain)
}

/// What the variants of a meaning write, which are there in turn.
fn of_meaning(
    contract: &Making<'_>,
    records: &Records<'_>,
    field: FieldId,
    face: MeaningId,
) -> BTreeMap<String, Label> {
    let mut labels: BTreeMap<String, (Label, usize)> = BTreeMap::new();
    let variants = contract.meaning(face).variants.iter();
    let variants: Vec<_> = variants.filter(|variant| records.has_variant(field, variant)).collect();
    for variant in &variants {
        for pair in variant.pairs(Signal::Metric) {
            let values = match &*pair.value {
                _ if !pair.local => declared(contract, &pair.key),
                crate::ir::PairValue::Constant(literal) => Some([literal.value().to_string()].into()),
                crate::ir::PairValue::Payload(id) | crate::ir::PairValue::ToString(id) => {
                    closed(&variant.payload(*id).domain)
                }
            };
            let label = Label { value: wire(&pair.domain.value), optional: false, values };
            match labels.get_mut(&pair.key) {
                None => {
                    labels.insert(pair.key.clone(), (label, 1));
                }
                Some((first, count)) => {
                    *count += 1;
                    first.values = match (first.values.take(), label.values) {
                        (Some(one), Some(other)) => Some(one.into_iter().chain(other).collect()),
                        _ => None,
                    };
                }
            }
        }
    }
    let of_all = |(key, (label, count)): (String, (Label, usize))| {
        (key, Label { optional: count < variants.len(), ..label })
    };
    labels.into_iter().map(of_all).collect()
}

fn record(
    contract: &Making<'_>,
    name: &str,
    node: Node,
    signal: Signal,
    when: Option<&When>,
    writers: &[SignalWriter],
) -> IndexRecord {
    let records = Records::of(when);
    let mut fields: BTreeMap<String, IndexField> = BTreeMap::new();
    let mut add = |key: &str, value: Option<String>, node: Node| {
        if let Some(value) = value {
            let field = || IndexField { key: key.to_owned(), value, at: at(contract, node) };
            fields.entry(key.to_owned()).or_insert_with(field);
        }
    };
    for writer in writers {
        match &*writer.value {
            WriterValue::Meaning { field, face } => {
                let variants = contract.meaning(*face).variants.iter();
                for variant in variants.filter(|variant| records.has_variant(*field, variant)) {
                    for pair in variant.pairs(signal) {
                        add(&pair.key, wire(&pair.domain.value), pair.node);
                    }
                }
            }
            _ if writer.key.is_empty() => {}
            _ if writer.is_text() => add(&writer.key, Some("string".to_owned()), writer.node),
            value => {
                let domain = written(writer);
                match (domain.map(|domain| &domain.value), value) {
                    (Some(value), _) if let Some(members) = value.object() => {
                        members_of(&writer.key, members, &mut |key, value| add(key, value, writer.node));
                    }
                    (Some(value), _) => add(&writer.key, wire(value), writer.node),
                    (None, WriterValue::Constant(literal)) => {
                        add(&writer.key, Some(literal.value().value_type().to_string()), writer.node);
                    }
                    (None, _) => {}
                }
            }
        }
    }
    IndexRecord { name: name.to_owned(), fields: fields.into_values().collect(), at: at(contract, node) }
}

/// What the members of an object write: each has the keys of what it stands in before its own.
fn members_of(key: &str, members: &[ObjectMember], add: &mut dyn FnMut(&str, Option<String>)) {
    for member in members {
        let own = format!("{key}.{}", member.name);
        match member.domain.value.object() {
            Some(inner) => members_of(&own, inner, add),
            None => add(&own, wire(&member.domain.value)),
        }
    }
}

fn resources(contract: &Making<'_>) -> Vec<IndexResource> {
    let own = |container: &&Container| {
        container.kind == ContainerKind::Resource && contract.owns(&container.package)
    };
    let constant = |container: &Container, key: &str| -> Option<Option<String>> {
        let writer = container.writers.iter().find(|writer| writer.key == key)?;
        Some(match &*writer.source {
            Source::Static(Literal::String(text)) => Some(text.clone()),
            _ => None,
        })
    };
    let scopes = |resource: &Container| {
        let is_of =
            |scope: &&Container| scope.of.is_some_and(|of| contract.container(of).node == resource.node);
        contract.containers.iter().filter(is_of).map(Container::full_name).collect()
    };
    let made = contract.containers.iter().filter(own).map(|container| IndexResource {
        name: container.full_name(),
        service_name: constant(container, "service.name").flatten(),
        service_namespace: constant(container, "service.namespace").unwrap_or(Some(String::new())),
        scopes: scopes(container),
        at: at(contract, container.node),
    });
    made.collect()
}
