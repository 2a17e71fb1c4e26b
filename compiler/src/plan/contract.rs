//! What a program needs to know of a contract as a whole.

use std::collections::{BTreeMap, BTreeSet};

use slo_model::event as tables;
use slo_model::event::{Buckets, Prometheus, Signal, Stream, Writer};
use slo_model::{Container, Key, Literal, Source};

use super::Package;
use super::planner::Planner;
use super::values::Values;
use crate::ir::{self, Domain, SignalWriter, TEXT, Type, WriterValue};

/// A key that signals show.
#[derive(Default)]
struct Shown<'p> {
    /// Whether an attribute is meant: else the name is local.
    declared: bool,
    types: Vec<&'p Type>,
}

impl<'p> Planner<'p> {
    /// What a program needs to know of the whole contract, which has these packages.
    pub(super) fn whole(&self, packages: &[Package<'p>]) -> tables::Contract<'p> {
        let contract = self.contract;
        let events = || packages.iter().flat_map(|package| &package.events).map(|event| &event.table);
        let spans = || events().filter_map(|event| event.span);
        let span_events = || events().flat_map(|event| event.span_events);
        let prometheus = &contract.prometheus;
        tables::Contract {
            name: &contract.name,
            version: &contract.version,
            streams: self.arena.list(streams(packages)),
            span_attributes: span_attributes(spans()),
            span_links: spans().any(|span| span.links.is_some()),
            span_event_attributes: span_event_attributes(span_events()),
            keys: self.arena.list(self.keys()),
            prometheus: Prometheus {
                strategy: prometheus.strategy(),
                promoted: self.arena.texts(&prometheus.promote_resource_attributes),
            },
        }
    }

    /// The keys that the contract's signals may show, with the values that they have: an attribute's as it is declared;
    /// a local name's where it has one type in the whole contract.
    fn keys(&self) -> Vec<Key<'p>> {
        let mut shown: BTreeMap<&'p str, Shown<'p>> = BTreeMap::new();
        let mut add = |key: &'p str, declared: bool, domain: Option<&'p Domain>| {
            let shown = shown.entry(key).or_default();
            shown.declared |= declared;
            if let Some(domain) = domain
                && !shown.types.contains(&&domain.value)
            {
                shown.types.push(&domain.value);
            }
        };
        for (signal, event, writers) in self.all_writers() {
            for writer in writers {
                match &*writer.value {
                    WriterValue::Meaning { face, .. } => {
                        let variants = &self.contract.meaning(*face).variants;
                        for pair in variants.iter().flat_map(|one| one.pairs(signal)) {
                            add(&pair.key, !pair.local, Some(&pair.domain));
                        }
                    }
                    WriterValue::ToString(_) => add(&writer.key, writer.shown_as.is_some(), Some(&TEXT)),
                    _ => add(&writer.key, is_declared(writer, event), writer.domain()),
                }
            }
        }
        let known = shown.into_iter().filter_map(|(key, shown)| {
            let declared = if shown.declared { self.attributes.declared(key) } else { None };
            match (declared, shown.types.as_slice()) {
                (Some(attribute), _) => {
                    let domain = &attribute.domain;
                    let place = attribute.node.map_or("", |node| self.place(node));
                    let key = self.arena.key(key, &Values::of_domain(domain), place);
                    Some(match &domain.value {
                        Type::Map(inner) => Key { value_type: inner.value_type()?, ..key },
                        _ => key,
                    })
                }
                (None, [one]) => {
                    Some(Key::new(key, one.value_type().unwrap_or(slo_model::ValueType::Any), ""))
                }
                _ => None,
            }
        });
        known.collect()
    }

    /// The writers of every signal, with the event whose fields they name.
    fn all_writers(&self) -> impl Iterator<Item = (ir::Signal, Option<&'p ir::Event>, &'p [SignalWriter])> {
        let contract = self.contract;
        let of_events = contract.events.iter().flat_map(|event| {
            let metrics = event.metrics.iter().map(|metric| (ir::Signal::Metric, metric.writers.as_slice()));
            let logs = event.logs.iter().map(|log| (ir::Signal::Log, log.writers.as_slice()));
            let span = event.span.iter().map(|span| (ir::Signal::Span, span.writers.as_slice()));
            let span_events = event.span_events.iter().map(|one| (ir::Signal::Span, one.writers.as_slice()));
            metrics
                .chain(logs)
                .chain(span)
                .chain(span_events)
                .map(move |(signal, writers)| (signal, Some(event), writers))
        });
        let by_themselves = contract.instruments.iter().map(|metric| {
            let event = metric.during.map(|id| contract.event(id));
            (ir::Signal::Metric, event, metric.writers.as_slice())
        });
        of_events.chain(by_themselves)
    }
}

/// Whether the key of a writer is an attribute's, rather than a name that is local to its list.
fn is_declared(writer: &SignalWriter, event: Option<&ir::Event>) -> bool {
    let own = match &*writer.value {
        WriterValue::Field(id) => event.is_some_and(|event| event.field(*id).key == writer.key),
        WriterValue::Observed(attribute) => *attribute == writer.key,
        WriterValue::Constant(_) => true,
        WriterValue::Meaning { .. } | WriterValue::ToString(_) => false,
    };
    writer.shown_as.is_some() || (own && writer.declaration.is_some())
}

/// The metrics of each scope, once each, with the points of all that record them.
fn streams<'p>(packages: &[Package<'p>]) -> Vec<Stream<'p>> {
    let of_events = packages.iter().flat_map(|package| &package.events).flat_map(|event| {
        let table = &event.table;
        table.metrics.iter().chain(table.running).map(|metric| (metric.scope.unwrap_or(table.scope), metric))
    });
    let observed = packages.iter().flat_map(|package| &package.observed);
    let observed = observed.map(|observed| (observed.table.scope, &observed.table.metric));
    let mut streams: BTreeMap<(&'p str, &'p str), Stream<'p>> = BTreeMap::new();
    for (scope, metric) in of_events.chain(observed) {
        let (scope, exponential) = (scope_name(scope), metric.buckets == Buckets::Exponential);
        let new = Stream { scope, metric: metric.name, points: 0, exponential };
        let stream = streams.entry((scope, metric.name)).or_insert(new);
        stream.points = stream.points.saturating_add(metric.points);
    }
    streams.into_values().collect()
}

/// The name of a scope, as far as the contract says it: its package's, where the program or the environment may give
/// another.
fn scope_name<'p>(scope: &Container<'p>) -> &'p str {
    let named =
        scope.keys.iter().find(|key| key.name == "otel.scope.name").and_then(|key| match key.source {
            Source::Static(name) => Some(name),
            _ => key.default,
        });
    match named {
        Some(Literal::String(name)) => name,
        _ => scope.scope_name,
    }
}

/// The most attributes that one span has: those of the event that opens it, and whatever else writes onto the span that is
/// running.
fn span_attributes<'p>(spans: impl Iterator<Item = tables::Span<'p>>) -> u32 {
    let mut opened = 0;
    let mut onto_current: BTreeSet<&str> = BTreeSet::new();
    for span in spans {
        if span.name.is_some() {
            opened = opened.max(most(span.attributes));
            continue;
        }
        for writer in span.attributes {
            let pairs = variants(writer).iter().flat_map(|variant| variant.pairs(Signal::Span));
            onto_current.extend(pairs.map(|pair| pair.key));
            onto_current.extend((!writer.key.is_empty()).then_some(writer.key));
        }
    }
    u32::try_from(opened + onto_current.len()).unwrap_or(u32::MAX)
}

/// The most attributes that one event on a span has.
fn span_event_attributes<'p>(span_events: impl Iterator<Item = &'p tables::SpanEvent<'p>>) -> u32 {
    u32::try_from(span_events.map(|one| most(one.attributes)).max().unwrap_or(0)).unwrap_or(u32::MAX)
}

/// The most attributes that the writers of a span, or of an event on one, write.
fn most(writers: &[Writer<'_>]) -> usize {
    let most = |writer: &Writer<'_>| match writer.value {
        tables::WriterValue::Meaning(..) => {
            variants(writer).iter().map(|variant| variant.pairs(Signal::Span).len()).max().unwrap_or(0)
        }
        _ => 1,
    };
    writers.iter().map(most).sum()
}

fn variants<'p>(writer: &Writer<'p>) -> &'p [tables::Variant<'p>] {
    match writer.value {
        tables::WriterValue::Meaning(_, face) => face.variants,
        _ => &[],
    }
}
