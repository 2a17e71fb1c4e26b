//! What a program needs to know of a contract as a whole, as a table.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;

use super::code::{KeyOf, list, text};
use super::tables::Tables;
use crate::ir::{
    Buckets, Contract, Domain, Event, Instrument, MeaningId, Pair, Signal, SignalWriter, Source, Span, Type,
    Variant, WriterValue,
};

/// What the SDK must be told of a metric.
struct Stream {
    points: u32,
    exponential: bool,
}

/// A key that signals show.
#[derive(Default)]
struct Shown {
    /// Whether an attribute is meant: else the name is local.
    declared: bool,
    types: Vec<Type>,
}

impl Tables<'_> {
    /// The whole contract as an expression of type `Contract<'static>`.
    #[must_use]
    pub fn contract(&self) -> TokenStream {
        let paths = self.paths;
        let spans = || self.contract.events.iter().filter_map(|event| event.span.as_ref());
        let code = format!(
            "{} {{ name: {}, version: {}, streams: {}, span_attributes: {}, span_links: {}, keys: {}, prometheus: {} }}",
            paths.table("Contract"),
            text(&self.contract.name),
            text(&self.contract.version),
            self.streams(),
            self.span_attributes(spans()),
            spans().any(|span| span.links.is_some()),
            self.keys(),
            self.prometheus()
        );
        (self.read)(&code)
    }

    /// What names are called under Prometheus.
    fn prometheus(&self) -> String {
        let said = &self.contract.prometheus;
        format!(
            "{} {{ strategy: {}::{:?}, promoted: {} }}",
            self.paths.table("Prometheus"),
            self.paths.table("TranslationStrategy"),
            said.strategy(),
            list(&said.promote_resource_attributes, |key| text(key))
        )
    }

    /// The metrics of each scope, once each, with the points of all that record them.
    fn streams(&self) -> String {
        let mut streams: BTreeMap<(String, &str), Stream> = BTreeMap::new();
        for metric in self.contract.all_instruments() {
            let scope = self.scope_name(metric);
            let stream = streams
                .entry((scope, &metric.name))
                .or_insert(Stream { points: 0, exponential: metric.buckets == Some(Buckets::Exponential) });
            stream.points = stream.points.saturating_add(self.points(metric));
        }
        let streams: Vec<_> = streams.into_iter().collect();
        list(&streams, |((scope, metric), stream)| {
            format!(
                "{} {{ scope: {}, metric: {}, points: {}, exponential: {} }}",
                self.paths.table("Stream"),
                text(scope),
                text(metric),
                stream.points,
                stream.exponential
            )
        })
    }

    /// The name of a metric's scope, as far as the contract says it: its package's, where the program or the
    /// environment may give another.
    fn scope_name(&self, metric: &Instrument) -> String {
        let container = metric.scope.map(|scope| self.contract.container(scope));
        let named = container.and_then(|container| {
            let writer = container.writers.iter().find(|writer| writer.key == "otel.scope.name")?;
            match &writer.source {
                Some(Source::Static(name)) => Some(name.value().to_string()),
                _ => writer.default.as_ref().map(|name| name.value().to_string()),
            }
        });
        named.unwrap_or_else(|| container.map_or(String::new(), |container| container.package.clone()))
    }

    /// The most attributes that one span has: those of the event that opens it, and whatever else writes onto the span
    /// that is running.
    fn span_attributes<'s>(&self, spans: impl Iterator<Item = &'s Span>) -> usize {
        let mut opened = 0;
        let mut onto_current: BTreeSet<&str> = BTreeSet::new();
        for span in spans {
            if span.name.is_some() {
                let own = span.writers.iter().map(|writer| self.most_pairs(writer)).sum();
                opened = opened.max(own);
            } else {
                onto_current
                    .extend(span.writers.iter().flat_map(|writer| self.keys_of(writer, Signal::Span)));
            }
        }
        opened + onto_current.len()
    }

    /// The most pairs that a writer writes onto one span.
    fn most_pairs(&self, writer: &SignalWriter) -> usize {
        match &writer.value {
            Some(WriterValue::Meaning { face, .. }) => {
                let variants = &self.contract.meaning(*face).variants;
                variants.iter().map(|variant| variant.pairs(Signal::Span).len()).max().unwrap_or(0)
            }
            _ => 1,
        }
    }

    /// Every key that a writer may write.
    fn keys_of<'w>(&'w self, writer: &'w SignalWriter, signal: Signal) -> Vec<&'w str> {
        match &writer.value {
            Some(WriterValue::Meaning { face, .. }) => {
                self.pairs_of(*face, signal).map(|pair| pair.key.as_str()).collect()
            }
            _ => vec![&writer.key],
        }
    }

    fn pairs_of(&self, face: MeaningId, signal: Signal) -> impl Iterator<Item = &Pair> {
        self.contract.meaning(face).variants.iter().flat_map(move |variant: &Variant| variant.pairs(signal))
    }

    /// The keys that the contract's signals may show, with the values that they have: an attribute's as it is declared;
    /// a local name's where it has one type in the whole contract.
    fn keys(&self) -> String {
        let mut shown: BTreeMap<&str, Shown> = BTreeMap::new();
        let mut add = |key, declared: bool, domain: Option<&Domain>| {
            let shown = shown.entry(key).or_default();
            shown.declared |= declared;
            if let Some(domain) = domain
                && !shown.types.contains(&domain.value)
            {
                shown.types.push(domain.value.clone());
            }
        };
        for Written { signal, event, writers } in all_writers(self.contract) {
            for writer in writers {
                if let Some(WriterValue::Meaning { face, .. }) = &writer.value {
                    for pair in self.pairs_of(*face, signal) {
                        add(pair.key.as_str(), !pair.local, pair.domain.as_ref());
                    }
                } else if writer.value.is_some() {
                    add(writer.key.as_str(), is_declared(writer, event), writer.domain.as_ref());
                }
            }
        }
        let known: Vec<String> = shown
            .into_iter()
            .filter_map(|(key, shown)| {
                let declared = if shown.declared { self.attributes.declared(key) } else { None };
                let (place, domain) = match (declared, shown.types.as_slice()) {
                    (Some((attribute, domain)), _) => (attribute.node, domain),
                    (None, [one]) => (None, Domain::of(one.clone())),
                    _ => return None,
                };
                let place = place.map(|node| self.contract.places.shown(node)).unwrap_or_default();
                Some(self.paths.key(&KeyOf::of_domain(key, Some(&domain), &place)))
            })
            .collect();
        list(&known, String::clone)
    }
}

/// The writers of a signal, with the event whose fields they name.
struct Written<'c> {
    signal: Signal,
    event: Option<&'c Event>,
    writers: &'c [SignalWriter],
}

/// The writers of every signal of a contract.
fn all_writers(contract: &Contract) -> impl Iterator<Item = Written<'_>> {
    let of_events = contract.events.iter().flat_map(|event| {
        let metrics = event.metrics.iter().map(|metric| (Signal::Metric, &metric.writers));
        let log = event.log.iter().map(|log| (Signal::Log, &log.writers));
        let span = event.span.iter().map(|span| (Signal::Span, &span.writers));
        let all = metrics.chain(log).chain(span);
        all.map(move |(signal, writers)| Written { signal, event: Some(event), writers })
    });
    let by_themselves = contract.instruments.iter().map(|metric| Written {
        signal: Signal::Metric,
        event: metric.during.map(|id| contract.event(id)),
        writers: &metric.writers,
    });
    of_events.chain(by_themselves)
}

/// Whether the key of a writer is an attribute's, rather than a name that is local to its list.
fn is_declared(writer: &SignalWriter, event: Option<&Event>) -> bool {
    let own = match &writer.value {
        Some(WriterValue::Field(id)) => event.is_some_and(|event| event.field(*id).key == writer.key),
        Some(WriterValue::Observed(attribute)) => *attribute == writer.key,
        Some(WriterValue::Constant(_)) => true,
        Some(WriterValue::Meaning { .. }) | None => false,
    };
    writer.shown_as.is_some() || (own && writer.declaration.is_some())
}
