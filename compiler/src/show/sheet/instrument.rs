//! A metric as an event counts in it, or as it stands for itself.

use serde::{Serialize, Serializer};

use crate::ir::{Buckets, Contract, Event, FieldId, Instrument, Shown, Signal, SignalWriter, WriterValue};
use crate::measure::{Count, Factor, Points, points, recorders, series, together};
use crate::show::prometheus;

use super::{Condition, Constant, Place, Values, is_false};

/// A metric as one thing records it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InstrumentSheet {
    /// Its name.
    pub name: String,
    /// Where it is declared.
    pub place: Option<Place>,
    /// What the contract says of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub docs: String,
    /// The full name of the event that counts in it. None where it stands for itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// The full name of its scope.
    pub scope: String,
    /// `counter`, `updowncounter`, `gauge` or `histogram`.
    pub instrument: &'static str,
    /// Its unit, in UCUM.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// `int` or `double`.
    pub number: &'static str,
    /// What it measures.
    pub value: Measured,
    /// A histogram's buckets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buckets: Option<BucketBounds>,
    /// Which records it counts; all where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// The day on which it goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The package whose declaration of this metric it follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub convention: Option<String>,
    /// Its labels, an entry for each key.
    pub labels: Vec<Label>,
    /// How many points it may have.
    pub points: PointsSheet,
    /// The points of all lists that record the metric, each once, where there are others.
    #[serde(serialize_with = "some_count", skip_serializing_if = "Option::is_none")]
    pub points_together: Option<Count>,
    /// The most points that `points=` states, which the compiler proves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points_stated: Option<u32>,
    /// The most points that `limit=` states, which the program sees to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// How many series Prometheus keeps of it at most.
    pub series: SeriesSheet,
    /// What Prometheus calls it. None where Prometheus is no target of the contract.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prometheus: Option<PrometheusNames>,
}

/// What a metric measures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measured {
    /// It counts by one.
    One,
    /// This field.
    Field(String),
    /// What a callback of the program gives.
    Observed,
    /// How many instances of the event of this full name are running.
    Running(String),
}

/// A histogram's buckets: in JSON a list of their upper bounds, or `"exponential"`.
#[derive(Clone, Debug, PartialEq)]
pub enum BucketBounds {
    /// Buckets with these upper bounds, and one beyond the last.
    Explicit(Vec<f64>),
    /// Buckets that follow the values.
    Exponential,
}

impl Serialize for BucketBounds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            BucketBounds::Explicit(bounds) => bounds.serialize(serializer),
            BucketBounds::Exponential => serializer.serialize_str("exponential"),
        }
    }
}

/// A label.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Label {
    /// The key.
    pub key: String,
    /// Where its value comes from.
    pub from: LabelSource,
    /// Which values it has; none for a meaning's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<Values>,
    /// Whether it may be absent.
    #[serde(skip_serializing_if = "is_false")]
    pub optional: bool,
    /// The label that Prometheus makes of the key. None where it makes none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prometheus: Option<String>,
    /// Where it is listed.
    pub place: Option<Place>,
}

/// Where a label's value comes from.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelSource {
    /// A field of the event.
    Field(String),
    /// A field of the event, as text.
    ToString(String),
    /// A field of the event that holds a meaning.
    Meaning {
        /// The field.
        field: String,
        /// The full name of the view, or of the meaning, by which it shows.
        face: String,
    },
    /// It is always this.
    Constant(Constant),
    /// The callback of the program.
    Observed,
}

/// How many points a metric may have: proof 5's own count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PointsSheet {
    /// What they are the product of, a factor for each writer but constants.
    pub factors: Vec<FactorSheet>,
    /// The product: in JSON a number, or `"unlimited"`.
    #[serde(serialize_with = "count")]
    pub total: Count,
}

/// What one writer multiplies a metric's points by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FactorSheet {
    /// The field, or the key where it is observed.
    pub name: String,
    /// Its distinct tuples: in JSON a number, or `"unlimited"`.
    #[serde(serialize_with = "count")]
    pub count: Count,
}

/// How many series Prometheus keeps of a metric at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SeriesSheet {
    /// The points: no more than the limit, and one for all that is past it.
    #[serde(serialize_with = "count")]
    pub points: Count,
    /// How many series there are of each point.
    #[serde(serialize_with = "count")]
    pub of_each: Count,
    /// The product.
    #[serde(serialize_with = "count")]
    pub total: Count,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn some_count<S: Serializer>(counted: &Option<Count>, serializer: S) -> Result<S::Ok, S::Error> {
    match counted {
        Some(counted) => count(counted, serializer),
        None => serializer.serialize_none(),
    }
}

fn count<S: Serializer>(count: &Count, serializer: S) -> Result<S::Ok, S::Error> {
    match count {
        Count::Finite(count) => serializer.serialize_u64(*count),
        Count::Unlimited => serializer.serialize_str("unlimited"),
    }
}

/// What Prometheus calls a metric.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PrometheusNames {
    /// The way on which the points reach the server, as `slo.toml` has it.
    pub way: String,
    /// The strategy by which names are made on this way. None where another exporter makes them by its own rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strategy: Option<String>,
    /// The metric's name. None where the server refuses the metric.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// The names of its series.
    pub series: Vec<String>,
    /// The bounds of its buckets that the label `le` has in two forms, by the way in which they came.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bounds: Vec<BoundNames>,
    /// What the server puts on every series from the resource.
    pub promoted: Vec<PrometheusLabel>,
}

/// What the label `le` has for a bound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BoundNames {
    /// Where it came by OTLP.
    pub otlp: String,
    /// Where it was scraped.
    pub scraped: String,
}

/// What Prometheus calls a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PrometheusLabel {
    /// The key.
    pub key: String,
    /// The label. None where the server refuses it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

impl InstrumentSheet {
    /// A metric of an event, or one that stands for itself.
    pub(in crate::show) fn of(
        contract: &Contract,
        instrument: &Instrument,
        event: Option<&Event>,
    ) -> InstrumentSheet {
        let seen = event.or_else(|| Some(contract.event(instrument.during?)));
        let name = |field| seen.map_or(String::new(), |event| event.field(field).name.clone());
        let points = counted(contract, instrument);
        let limit = instrument.limit.map(|limit| limit.points);
        let value = match (instrument.value, instrument.during) {
            (Some(field), _) => Measured::Field(name(field)),
            (None, Some(event)) => Measured::Running(contract.event(event).full_name()),
            (None, None) if instrument.observed => Measured::Observed,
            (None, None) => Measured::One,
        };
        InstrumentSheet {
            name: instrument.name.clone(),
            place: Place::of(&contract.places, instrument.node),
            docs: instrument.docs.clone(),
            event: event.map(Event::full_name),
            scope: contract.container(*instrument.scope).full_name(),
            instrument: instrument.kind.name(),
            unit: instrument.unit.clone(),
            number: instrument.number.name(),
            value,
            buckets: instrument.buckets().map(|buckets| match buckets {
                Buckets::Explicit(bounds) => BucketBounds::Explicit(bounds.clone()),
                Buckets::Exponential => BucketBounds::Exponential,
            }),
            when: instrument.when.as_ref().zip(seen).map(|(when, event)| Condition::of(when, event)),
            until: instrument.until.clone(),
            convention: instrument.convention.as_ref().map(|metric| metric.package.clone()),
            labels: instrument
                .writers
                .iter()
                .flat_map(|writer| labels(contract, (instrument, seen), writer))
                .collect(),
            series: series_of(instrument, points.total, limit),
            points,
            points_together: all_points(contract, &instrument.name),
            points_stated: instrument.points.map(|points| points.points),
            limit,
            prometheus: prometheus::names(contract, instrument),
        }
    }
}

/// The points of all lists of a metric, where there are several.
fn all_points(contract: &Contract, name: &str) -> Option<Count> {
    let all: Vec<_> = recorders(contract).filter(|one| one.instrument.name == name).collect();
    (all.len() > 1).then(|| together(contract, &all))
}

/// Proof 5's count.
fn counted(contract: &Contract, instrument: &Instrument) -> PointsSheet {
    let Points { factors, total } = points(contract, instrument);
    let factors = factors.into_iter().map(|Factor { name, count }| FactorSheet { name, count });
    PointsSheet { factors: factors.collect(), total }
}

fn series_of(instrument: &Instrument, points: Count, limit: Option<u32>) -> SeriesSheet {
    let points = match limit.map(u64::from) {
        // Whatever is past the limit goes to one point more.
        Some(limit) if points.exceeds(limit) => Count::Finite(limit.saturating_add(1)),
        _ => points,
    };
    let of_each = series(instrument, Count::Finite(1));
    SeriesSheet { points, of_each, total: series(instrument, points) }
}

/// A writer's labels: a meaning brings several.
fn labels(
    contract: &Contract,
    (metric, event): (&Instrument, Option<&Event>),
    writer: &SignalWriter,
) -> Vec<Label> {
    let name = |field: &FieldId| event.map_or(String::new(), |event| event.field(*field).name.clone());
    let from = match &*writer.value {
        WriterValue::Field(field) => LabelSource::Field(name(field)),
        WriterValue::ToString(field) => LabelSource::ToString(name(field)),
        WriterValue::Meaning { field, face } => {
            LabelSource::Meaning { field: name(field), face: contract.meaning(*face).full_name() }
        }
        WriterValue::Constant(literal) => LabelSource::Constant(literal.into()),
        WriterValue::Observed(_) => LabelSource::Observed,
    };
    keys(contract, writer, Signal::Metric)
        .into_iter()
        .map(|key| Label {
            from: from.clone(),
            values: writer.domain().map(Values::from),
            optional: writer.optional,
            prometheus: prometheus::label(contract, metric, &key),
            place: Place::of(&contract.places, writer.node),
            key,
        })
        .collect()
}

/// The keys that a writer writes on a signal: its own, or all those of a meaning's variants.
pub(super) fn keys(contract: &Contract, writer: &SignalWriter, signal: Signal) -> Vec<String> {
    let WriterValue::Meaning { face, .. } = &*writer.value else { return vec![writer.key.clone()] };
    let mut keys: Vec<String> = Vec::new();
    let mut known = crate::hash::HashSet::default();
    for variant in &contract.meaning(*face).variants {
        let Some(Shown::Pairs(pairs)) = variant.projection(signal).map(|projection| &projection.shown) else {
            continue;
        };
        for pair in pairs {
            if known.insert(&pair.key) {
                keys.push(pair.key.clone());
            }
        }
    }
    keys
}
