//! The names by which a contract's metrics and keys are known in Prometheus.

use std::collections::HashMap;

use slo_model::event::{Buckets, InstrumentKind};
use slo_model::names::{MetricKind, PrometheusNaming, PrometheusWay, TranslationStrategy};

use super::Instrument;

/// The metrics of a contract by the names of their families, as each way to Prometheus makes them.
#[derive(Debug, Default)]
pub(crate) struct Families<'p> {
    by_name: HashMap<String, Vec<Spelling<'p>>>,
}

/// A metric's name as a way makes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spelling<'p> {
    /// The metric's name in the contract.
    pub(crate) metric: &'p str,
    /// The way whose rules make the name; of several the first one.
    pub(crate) way: PrometheusWay,
}

const STRATEGIES: [TranslationStrategy; 4] = [
    TranslationStrategy::UnderscoreEscapingWithSuffixes,
    TranslationStrategy::UnderscoreEscapingWithoutSuffixes,
    TranslationStrategy::NoUtf8EscapingWithSuffixes,
    TranslationStrategy::NoTranslation,
];

/// All ways on which a server scrapes a text, each with the strategies that it knows.
fn namings() -> impl Iterator<Item = PrometheusNaming> {
    // What says the least of itself comes last, so that a name is told to be an exporter's.
    let ways = [
        PrometheusWay::Go,
        PrometheusWay::Java,
        PrometheusWay::Python,
        PrometheusWay::JavaScript,
        PrometheusWay::Rust,
        PrometheusWay::Collector,
        PrometheusWay::Slo,
        PrometheusWay::Client,
        PrometheusWay::ClientOpenMetrics,
    ];
    ways.into_iter().flat_map(|way| {
        let strategies = if way.uses_strategy() { &STRATEGIES[..] } else { &STRATEGIES[..1] };
        strategies.iter().map(move |strategy| PrometheusNaming { way, strategy: *strategy })
    })
}

pub(crate) fn kind(instrument: &Instrument<'_>) -> MetricKind {
    match (instrument.metric.kind, instrument.metric.buckets) {
        (InstrumentKind::Counter, _) => MetricKind::Counter,
        (InstrumentKind::UpDownCounter, _) => MetricKind::UpDownCounter,
        (InstrumentKind::Gauge, _) => MetricKind::Gauge,
        (InstrumentKind::Histogram, Buckets::Exponential) => MetricKind::ExponentialHistogram,
        (InstrumentKind::Histogram, _) => MetricKind::Histogram,
    }
}

impl<'p> Families<'p> {
    pub(crate) fn add(&mut self, instrument: &Instrument<'p>) {
        let metric = instrument.metric;
        for naming in namings() {
            let Some(name) = naming.metric(metric.name, metric.unit, kind(instrument)) else { continue };
            // `# TYPE` of OpenMetrics leaves the ending out that a counter's sample has.
            let family = name.strip_suffix("_total").filter(|rest| !rest.is_empty()).map(str::to_owned);
            for name in [Some(name), family].into_iter().flatten() {
                let known = self.by_name.entry(name).or_default();
                if !known.iter().any(|one| one.metric == metric.name) {
                    known.push(Spelling { metric: metric.name, way: naming.way });
                }
            }
        }
    }

    /// The metrics that a family may be.
    pub(crate) fn named(&self, family: &str) -> &[Spelling<'p>] {
        self.by_name.get(family).map_or(&[], Vec::as_slice)
    }
}

/// The labels that a key may be.
pub(crate) fn labels(key: &str) -> Vec<String> {
    let mut labels: Vec<String> = namings().filter_map(|naming| naming.label(key)).collect();
    labels.sort_unstable();
    labels.dedup();
    labels
}
