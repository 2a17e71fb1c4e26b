//! A metric by its name: who declares it, and everything that records it.

use serde::Serialize;
use slo_stdlib_mappings::Vocabulary;

use crate::ir::{Contract, Entities, ListedKey, Metric, Node};

use super::attribute::{Deprecated, place_in_table};
use super::{InstrumentSheet, Place};

/// A metric.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MetricSheet {
    /// Its name.
    pub name: String,
    /// What a vocabulary, or the contract itself, declares of it.
    pub declared: Vec<MetricDeclaration>,
    /// Everything that records it.
    pub recorded: Vec<InstrumentSheet>,
}

/// A declaration of a metric for others to record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MetricDeclaration {
    /// The package that declares it.
    pub package: String,
    /// Where it is declared.
    pub place: Option<Place>,
    /// What is said of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub docs: String,
    /// `counter`, `updowncounter`, `gauge` or `histogram`.
    pub instrument: String,
    /// Its unit, in UCUM.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Its stability.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stability: Option<String>,
    /// Why it should not be used any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deprecated: Option<Deprecated>,
    /// What it is measured of, as the contract writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entities: Option<String>,
    /// The labels that it lists.
    pub labels: Vec<ConventionLabel>,
}

/// A label or a key that a declaration lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConventionLabel {
    /// The key.
    pub key: String,
    /// `required`, `recommended`, `opt_in` or `if`; of what tells one entity from another, `id`.
    pub level: String,
    /// When it is asked for, in words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub condition: String,
}

impl From<&ListedKey> for ConventionLabel {
    fn from(listed: &ListedKey) -> ConventionLabel {
        ConventionLabel {
            key: listed.key.clone(),
            level: listed.level.clone(),
            condition: listed.condition.clone(),
        }
    }
}

impl MetricSheet {
    /// The metric of this name, if something of the contract records it or the contract declares it.
    pub(in crate::show) fn of(contract: &Contract, name: &str) -> Option<MetricSheet> {
        let of_events = contract.events.iter().flat_map(|event| {
            let metrics = event.metrics.iter().filter(|metric| metric.name == name);
            metrics.map(move |metric| (metric, Some(event)))
        });
        let by_themselves = contract.instruments.iter().filter(|metric| metric.name == name);
        let all: Vec<_> = of_events.chain(by_themselves.map(|metric| (metric, None))).collect();
        let own = contract.metrics.iter().filter(|metric| metric.name == name);
        let mut declared: Vec<MetricDeclaration> = Vec::new();
        for metric in own.chain(all.iter().filter_map(|(metric, _)| metric.convention.as_ref())) {
            let declaration = MetricDeclaration::of(contract, metric);
            if !declared.iter().any(|known| known.package == declaration.package) {
                declared.push(declaration);
            }
        }
        let recorded: Vec<InstrumentSheet> =
            all.iter().map(|(metric, event)| InstrumentSheet::of(contract, metric, *event)).collect();
        let known = !recorded.is_empty() || !declared.is_empty();
        known.then(|| MetricSheet { name: name.to_owned(), declared, recorded })
    }

    /// A metric of a built-in vocabulary that nothing of the contract records.
    pub(in crate::show) fn of_table(table: &Vocabulary, metric: &slo_stdlib_mappings::Metric) -> MetricSheet {
        let declared = Metric::of_table(metric, Node(u32::MAX));
        let declaration = MetricDeclaration::at(&declared, place_in_table(table, metric.place));
        MetricSheet { name: metric.name.to_owned(), declared: vec![declaration], recorded: Vec::new() }
    }
}

impl MetricDeclaration {
    fn of(contract: &Contract, metric: &Metric) -> MetricDeclaration {
        MetricDeclaration::at(metric, Place::of(&contract.places, metric.node))
    }

    fn at(metric: &Metric, place: Option<Place>) -> MetricDeclaration {
        MetricDeclaration {
            package: metric.package.clone(),
            place,
            docs: metric.docs.clone(),
            instrument: metric.kind.clone(),
            unit: metric.unit.clone(),
            stability: metric.stability.clone(),
            deprecated: metric.deprecated.as_ref().map(Deprecated::from),
            entities: metric.entities.as_ref().map(Entities::to_string),
            labels: metric.labels.iter().map(ConventionLabel::from).collect(),
        }
    }
}
