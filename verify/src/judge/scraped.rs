//! Metrics of Prometheus endpoints, as the contract's own: their names and labels are found again, whichever exporter wrote them.

use std::collections::BTreeMap;
use std::collections::HashMap;

use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::metrics::v1::exemplar::Value as Measured;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Number;
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, Exemplar, Gauge, Histogram, HistogramDataPoint, Metric, NumberDataPoint, Sum,
    Summary, SummaryDataPoint,
};
use opentelemetry_proto::tonic::resource::v1::Resource;
use slo_model::event::{InstrumentKind, NumberType, Signal};

use super::attributes::shown;
use super::typed;
use super::verifier::Verifier;
use super::whose::Origin;
use crate::input::{Family, FamilyType, Sample, Scrape};
use crate::tables::series;
use crate::tables::{Instrument, Tables};

/// The label that holds a scope's name.
const SCOPE_NAME: &str = "otel_scope_name";

/// The family that holds a program's resource.
const RESOURCE: &str = "target_info";

/// Samples of one family, by what makes them one metric.
struct Metrics<'s> {
    scope: Option<&'s str>,
    samples: Vec<&'s Sample>,
}

impl Verifier<'_> {
    /// Takes what an endpoint said.
    pub fn scrape(&mut self, scrape: &Scrape) {
        let labels = scrape.families.iter().find(|family| family.name == RESOURCE || family.name == "target");
        let labels =
            labels.and_then(|family| family.samples.first()).map_or(&[][..], |sample| &sample.labels);
        for family in &scrape.families {
            if family.name == RESOURCE || family.name == "target" || family.name == "otel_scope_info" {
                continue;
            }
            for metrics in by_scope(family) {
                let (contract, spelling, metric) = match self.meant(family, &metrics, labels, scrape.when) {
                    Some(meant) => meant,
                    None => {
                        for _ in &metrics.samples {
                            self.foreign.take(metrics.scope.unwrap_or_default(), Signal::Metric, false);
                        }
                        continue;
                    }
                };
                let spelled = format!("scraped as `{}`, a name by {}", shown(&family.name), maker(spelling));
                self.take_scraped(contract, labels, metrics.scope, &metric, &spelled);
            }
        }
    }

    /// Judges a metric of a scrape.
    fn take_scraped(
        &mut self,
        contract: usize,
        labels: &[(String, String)],
        scope: Option<&str>,
        metric: &Metric,
        spelled: &str,
    ) {
        let Some(tables) = self.contracts.get(contract) else { return };
        let resource = resource(tables, labels);
        let scopes = match scope {
            Some(name) => tables.scopes_named(name).to_vec(),
            None => (0..tables.scopes.len()).collect(),
        };
        let origin = Origin::of_text(&resource, "scrape", None).with_note(spelled);
        let name = scope.unwrap_or_default();
        let is_own = self.metric(&origin, contract, &scopes, name, metric);
        for _ in super::metric::points(metric) {
            self.foreign.take(name, Signal::Metric, is_own);
        }
    }

    /// The metric of a contract that samples are of.
    fn meant(
        &self,
        family: &Family,
        metrics: &Metrics<'_>,
        resource: &[(String, String)],
        when: Option<u64>,
    ) -> Option<(usize, series::Spelling<'_>, Metric)> {
        let known = self.contracts.iter().enumerate().filter_map(|(contract, tables)| {
            let spellings = tables.families.named(&family.name);
            // The first of those whose kind is the family's, as two metrics may share a spelling.
            let instruments = spellings.iter().filter_map(|spelling| {
                let writers = tables.metrics.get(spelling.metric)?;
                let is_of_scope = |one: &&Instrument<'_>| {
                    metrics.scope.is_none_or(|scope| {
                        crate::tables::scope_name(one.scope).is_none_or(|own| own == scope)
                    })
                };
                let first = writers.iter().find(is_of_scope)?;
                Some((*spelling, first, writers.as_slice()))
            });
            let best = instruments.min_by_key(|(_, first, _)| !is_of_kind(family, first))?;
            Some((contract, tables, best))
        });
        let of_service = |tables: &Tables<'_>| {
            let name =
                resource.iter().find(|(label, _)| label == "service_name").map(|(_, name)| name.as_str());
            tables.resources.iter().any(|held| {
                name.is_some_and(|name| {
                    let attributes = [text("service.name", name)];
                    super::origin::fits(held.table, &attributes).is_some()
                })
            })
        };
        let (contract, _, (spelling, first, writers)) =
            known.min_by_key(|(contract, tables, _)| (!of_service(tables), *contract))?;
        Some((contract, spelling, metric(spelling, first, writers, family, metrics, when)))
    }
}

/// The samples of a family, by the scopes that their labels name.
fn by_scope(family: &Family) -> Vec<Metrics<'_>> {
    let mut all: Vec<Metrics<'_>> = Vec::new();
    for sample in &family.samples {
        let scope =
            sample.labels.iter().find(|(label, _)| label == SCOPE_NAME).map(|(_, name)| name.as_str());
        match all.iter_mut().find(|one| one.scope == scope) {
            Some(one) => one.samples.push(sample),
            None => all.push(Metrics { scope, samples: vec![sample] }),
        }
    }
    all
}

fn is_of_kind(family: &Family, instrument: &Instrument<'_>) -> bool {
    match (family.family_type, instrument.metric.kind) {
        (None | Some(FamilyType::Unknown), _) => true,
        (Some(FamilyType::Counter), kind) => kind == InstrumentKind::Counter,
        (Some(FamilyType::Gauge), kind) => {
            matches!(kind, InstrumentKind::Gauge | InstrumentKind::UpDownCounter)
        }
        (Some(FamilyType::Histogram), kind) => kind == InstrumentKind::Histogram,
        (Some(_), _) => false,
    }
}

fn text(key: &str, value: &str) -> KeyValue {
    let value = Some(AnyValue { value: Some(Any::StringValue(value.to_owned())) });
    KeyValue { key: key.to_owned(), value, ..KeyValue::default() }
}

/// Labels that servers and exporters put beside a metric's own.
fn is_added(label: &str) -> bool {
    matches!(label, "job" | "instance" | "le" | "quantile")
        || label.starts_with("otel_scope_")
        || label.starts_with("__")
}

/// The labels of a sample under the keys that the contract has.
fn attributes(writers: &[Instrument<'_>], keys: &HashMap<String, &str>, sample: &Sample) -> Vec<KeyValue> {
    let own = sample.labels.iter().filter(|(label, value)| !is_added(label) && !value.is_empty());
    own.map(|(label, value)| {
        let key = keys.get(label).copied().unwrap_or(label);
        let shape = writers.iter().map(|writer| &writer.shape).find(|shape| shape.number(key).is_some());
        let any =
            shape.map_or_else(|| Any::StringValue(value.clone()), |shape| typed::value(shape, key, value));
        KeyValue { key: key.to_owned(), value: Some(AnyValue { value: Some(any) }), ..KeyValue::default() }
    })
    .collect()
}

/// Samples as a metric of OTLP, with what the text can't say taken from the contract.
fn metric(
    spelling: series::Spelling<'_>,
    first: &Instrument<'_>,
    writers: &[Instrument<'_>],
    family: &Family,
    metrics: &Metrics<'_>,
    when: Option<u64>,
) -> Metric {
    let mut keys: HashMap<String, &str> = HashMap::new();
    for key in writers.iter().flat_map(|writer| writer.shape.entries.iter().map(|entry| entry.key)) {
        for label in series::labels(key) {
            keys.entry(label).or_insert(key);
        }
    }
    let is_whole = first.metric.number == NumberType::Int;
    let time = |sample: &Sample| {
        let own = sample
            .timestamp
            .and_then(|time| u64::try_from(time).ok())
            .map(|time| time.saturating_mul(1_000_000));
        own.or(when).unwrap_or(0)
    };
    let number = |sample: &&Sample| NumberDataPoint {
        attributes: attributes(writers, &keys, sample),
        time_unix_nano: time(sample),
        #[allow(clippy::cast_possible_truncation, reason = "it is whole, and text has no other number")]
        value: Some(match is_whole && sample.value.fract() == 0.0 && sample.value.abs() < 9e15 {
            true => Number::AsInt(sample.value as i64),
            false => Number::AsDouble(sample.value),
        }),
        exemplars: sample.exemplar.iter().filter_map(exemplar).collect(),
        ..NumberDataPoint::default()
    };
    let is_created = |sample: &&&Sample| sample.name.ends_with("_created") && sample.name != family.name;
    let samples = || metrics.samples.iter().filter(|sample| !is_created(sample));
    let cumulative = AggregationTemporality::Cumulative as i32;
    let sum = |is_monotonic| {
        Data::Sum(Sum {
            data_points: samples().map(number).collect(),
            aggregation_temporality: cumulative,
            is_monotonic,
        })
    };
    let kind = match family.family_type {
        None | Some(FamilyType::Unknown) => None,
        Some(kind) => Some(kind),
    };
    let data = match (kind, first.metric.kind) {
        (Some(FamilyType::Histogram), _) | (None, InstrumentKind::Histogram) => Data::Histogram(Histogram {
            data_points: histogram(writers, &keys, metrics, &time),
            aggregation_temporality: cumulative,
        }),
        (Some(FamilyType::Counter), _) | (None, InstrumentKind::Counter) => sum(true),
        // A sum that may fall is a gauge in Prometheus.
        (Some(FamilyType::Gauge) | None, InstrumentKind::UpDownCounter) => sum(false),
        (Some(FamilyType::Summary), _) => Data::Summary(Summary {
            data_points: samples()
                .map(|sample| SummaryDataPoint {
                    attributes: attributes(writers, &keys, sample),
                    time_unix_nano: time(sample),
                    ..SummaryDataPoint::default()
                })
                .collect(),
        }),
        (Some(_) | None, _) => Data::Gauge(Gauge { data_points: samples().map(number).collect() }),
    };
    Metric {
        name: spelling.metric.to_owned(),
        unit: first.metric.unit.to_owned(),
        data: Some(data),
        ..Metric::default()
    }
}

/// An exemplar, where it names a span (OpenTelemetry, "Prometheus and OpenMetrics Compatibility", "Exemplars": the labels `trace_id` and
/// `span_id`, in hexadecimal digits).
fn exemplar(came: &crate::input::prometheus::Exemplar) -> Option<Exemplar> {
    let id = |key: &str, length: usize| {
        let (_, text) = came.labels.iter().find(|(label, _)| label == key)?;
        let digit = |one: &[u8]| u8::from_str_radix(std::str::from_utf8(one).ok()?, 16).ok();
        (text.len() == length * 2).then_some(())?;
        text.as_bytes().chunks(2).map(digit).collect::<Option<Vec<u8>>>()
    };
    Some(Exemplar {
        time_unix_nano: came
            .timestamp
            .and_then(|time| u64::try_from(time).ok())
            .unwrap_or(0)
            .saturating_mul(1_000_000),
        trace_id: id("trace_id", 16)?,
        span_id: id("span_id", 8)?,
        value: Some(Measured::AsDouble(came.value)),
        ..Exemplar::default()
    })
}

/// Who makes a name, as messages have it.
fn maker(spelling: series::Spelling<'_>) -> String {
    match spelling.way.source() {
        Some(source) => format!("the rules of {source}"),
        None => "Prometheus's rules".to_owned(),
    }
}

/// The points of a histogram: its series with the same labels but for `le`.
fn histogram(
    writers: &[Instrument<'_>],
    keys: &HashMap<String, &str>,
    metrics: &Metrics<'_>,
    time: &dyn Fn(&Sample) -> u64,
) -> Vec<HistogramDataPoint> {
    // The bounds of a point with what is below each.
    type Buckets = Vec<(f64, f64)>;
    let mut points: BTreeMap<Vec<&(String, String)>, (HistogramDataPoint, Buckets)> = BTreeMap::new();
    for sample in &metrics.samples {
        let mut labels: Vec<&(String, String)> =
            sample.labels.iter().filter(|(label, _)| label != "le").collect();
        labels.sort_unstable();
        let (point, buckets) = points.entry(labels).or_insert_with(|| {
            let point = HistogramDataPoint {
                attributes: attributes(writers, keys, sample),
                time_unix_nano: time(sample),
                ..HistogramDataPoint::default()
            };
            (point, Vec::new())
        });
        let bound =
            sample.labels.iter().find(|(label, _)| label == "le").and_then(|(_, bound)| bound.parse().ok());
        match bound {
            Some(bound) => {
                point.exemplars.extend(sample.exemplar.iter().filter_map(exemplar));
                buckets.push((bound, sample.value));
            }
            None if sample.name.ends_with("_sum") => point.sum = Some(sample.value),
            None if sample.name.ends_with("_count") => point.count = count(sample.value),
            None => {}
        }
    }
    let of_point = |(mut point, mut buckets): (HistogramDataPoint, Buckets)| {
        buckets.sort_by(|one, other| one.0.total_cmp(&other.0));
        let mut before = 0.0;
        for (bound, total) in &buckets {
            if bound.is_finite() {
                point.explicit_bounds.push(*bound);
            }
            point.bucket_counts.push(count(total - before));
            before = *total;
        }
        point
    };
    points.into_values().map(of_point).collect()
}

/// A number of observations.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what is no count is none")]
fn count(value: f64) -> u64 {
    if value.is_finite() && value > 0.0 { value as u64 } else { 0 }
}

/// The resource that labels of `target_info` are of, as far as the contract's keys tell.
pub(super) fn resource(tables: &Tables<'_>, labels: &[(String, String)]) -> Resource {
    let keys = tables.resources.iter().flat_map(|held| held.table.keys.iter().map(|key| key.name));
    let mut known: HashMap<String, &str> = HashMap::new();
    for key in keys.chain(["service.name", "service.version", "telemetry.sdk.language"]) {
        for label in series::labels(key) {
            known.entry(label).or_insert(key);
        }
    }
    let attributes = labels.iter().filter_map(|(label, value)| Some(text(known.get(label)?, value)));
    Resource { attributes: attributes.collect(), ..Resource::default() }
}
