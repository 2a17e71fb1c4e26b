//! Proof 1, between metrics: none becomes another, and none is two.

use std::collections::{BTreeMap, BTreeSet};

use slo_compiler::diagnostic::Code;
use slo_model::names::{MetricKind, PrometheusNaming, PrometheusWay, prometheus_label};

use super::{COUNTS_UP_AND_DOWN, Happening, Oracle, Verdict};
use crate::proofs::model::{CONVENTION, CONVENTION_LABELS, Event, Instrument, Item, Metric, Signal, Test};
use crate::proofs::records::{Map, Record, Writer, passes_all};

impl Oracle<'_> {
    /// Whether two metrics become one, and whether one is two.
    pub(super) fn metrics(&self, verdict: &mut Verdict) {
        let contract = self.contract;
        let recorded = contract.events.iter().flat_map(|event| &event.metrics);
        let mut metrics: Vec<(&str, Instrument)> =
            recorded.map(|metric| (metric.name, metric.instrument.clone())).collect();
        let gauge = Instrument { kind: MetricKind::Gauge, ..COUNTS_UP_AND_DOWN };
        metrics.extend(contract.observed.iter().map(|observed| (observed.name, gauge.clone())));
        metrics.extend(contract.running.iter().map(|running| (running.name, COUNTS_UP_AND_DOWN)));
        if contract.prometheus {
            let labels = contract.promoted.iter().map(|key| prometheus_label(key, contract.strategy));
            let named: Vec<String> = labels.flatten().collect();
            verdict.find_if(named.len() < contract.promoted.len(), Code::Unnameable);
            let differing: BTreeSet<&String> = named.iter().collect();
            verdict.find_if(differing.len() < named.len(), Code::Collision);
        }
        let mut two_things: BTreeSet<&str> = BTreeSet::new();
        for (at, (name, instrument)) in metrics.iter().enumerate() {
            let differs = |other: &&(&str, Instrument)| other.0 == *name && other.1 != *instrument;
            two_things.extend(metrics[at..].iter().filter(differs).map(|(name, _)| *name));
        }
        verdict.find_if(!two_things.is_empty(), Code::MetricDiffers);
        let is_client = [PrometheusWay::Client, PrometheusWay::ClientOpenMetrics].contains(&contract.way);
        let mut owners: BTreeMap<String, &str> = BTreeMap::new();
        for (name, Instrument { kind, unit, .. }) in &metrics {
            if !contract.prometheus {
                break;
            }
            for series in contract.naming().series(name, unit, *kind).unwrap_or_default() {
                let own = series == "target_info" && !is_client;
                let owner = *owners.entry(series).or_insert(name);
                // Which series a metric of two kinds has can't be said.
                let certain = !two_things.contains(name) && !two_things.contains(owner);
                verdict.find_if(owner != *name && certain, Code::MetricsJoin);
                verdict.leave_open_if(owner != *name, Code::MetricsJoin);
                verdict.find_if(own && certain, Code::Reserved);
                verdict.leave_open_if(own, Code::Reserved);
            }
        }
        if contract.way != PrometheusWay::Otlp {
            in_text(&metrics, &two_things, contract.naming(), verdict);
        }
        self.in_events(verdict);
        if contract.prometheus {
            self.empty_or_absent(verdict);
        }
    }

    /// Whether a metric has the same labels in every event, and in one scope.
    fn in_events(&self, verdict: &mut Verdict) {
        let events = self.contract.events.iter();
        let recorded: Vec<(&Event, &Metric)> =
            events.flat_map(|event| event.metrics.iter().map(move |metric| (event, metric))).collect();
        for (at, (event, metric)) in recorded.iter().enumerate() {
            for (later, other) in recorded[at + 1..].iter().filter(|(_, other)| other.name == metric.name) {
                // Whether labels that `when` leaves out belong to the set is nowhere said.
                let [shown, whole] = [true, false].map(|only_passing| {
                    let ours = self.label_set(event, metric, only_passing);
                    let theirs = self.label_set(later, other, only_passing);
                    lacks(&ours, &theirs) || lacks(&theirs, &ours)
                });
                // Nor whose a label is that two fields give, which is a finding by itself.
                let twice = self.gives_twice(event, metric) || self.gives_twice(later, other);
                verdict.find_if(shown && whole && !twice, Code::MetricDiffers);
                verdict.leave_open_if(shown || whole || twice, Code::MetricDiffers);
                // Prometheus doesn't show the scope.
                let joined = event.scope != later.scope && !constants_differ((event, metric), (later, other));
                verdict.find_if(self.contract.prometheus && joined, Code::MetricDiffers);
            }
        }
    }

    /// Whether a label of a field or a constant is empty in one record of a metric and absent in another one that shows the
    /// same else. To Prometheus these are one point.
    fn empty_or_absent(&self, verdict: &mut Verdict) {
        let contract = self.contract;
        let recorded =
            contract.events.iter().flat_map(|event| event.metrics.iter().map(move |one| (event, one)));
        let lists: Vec<List<'_>> = recorded.map(|(event, metric)| self.label_list(event, metric)).collect();
        // What else is recorded under a metric's name makes it two metrics.
        let others = contract.observed.iter().map(|observed| observed.name);
        let others: Vec<&str> = others.chain(contract.running.iter().map(|running| running.name)).collect();
        verdict.leave_open_if(lists.iter().any(|list| others.contains(&list.name)), Code::BlankOptional);
        for one in &lists {
            for other in lists.iter().filter(|other| other.name == one.name) {
                for (name, optional) in &one.plain {
                    let empty = |map: &Map| map.get(name).is_some_and(String::is_empty);
                    let absent = |map: &Map| !map.contains_key(name);
                    // That two lists differ by a label that is never left out is another finding.
                    let unlisted = !optional && !other.plain.contains_key(name);
                    if other.of_meanings.contains(name) || unlisted || !one.maps.iter().any(empty) {
                        continue;
                    }
                    // What isn't listed, since it is any text, may be the same.
                    verdict.leave_open_if(other.maps.iter().any(absent), Code::BlankOptional);
                    let without: BTreeSet<Map> =
                        other.maps.iter().filter(|map| absent(map)).map(shown).collect();
                    let same =
                        one.maps.iter().filter(|map| empty(map)).any(|map| without.contains(&shown(map)));
                    verdict.find_if(same && !one.twice && !other.twice, Code::BlankOptional);
                }
            }
        }
    }

    /// What a metric's labels may be.
    fn label_list<'c>(&self, event: &'c Event, metric: &'c Metric) -> List<'c> {
        let naming = self.contract.naming();
        let label = |key: &str| naming.label(key).unwrap_or_else(|| key.to_owned());
        let writers = self.world.writers(event, Some(&metric.items));
        let records = self.world.records(event);
        let passing: Vec<&Record> =
            records.iter().filter(|record| passes_all(event, &metric.when, record)).collect();
        let mut list = List { name: metric.name, ..List::default() };
        let mut maps: Vec<Map> = vec![Map::new(); passing.len()];
        for writer in &writers {
            for (map, record) in maps.iter_mut().zip(&passing) {
                for (key, value) in self.world.written(event, writer, Signal::Metric, record) {
                    match writer {
                        Writer::Meaning { .. } => drop(list.of_meanings.insert(label(&key))),
                        _ => {
                            let optional = writer.field().is_some_and(|field| event.fields[field].optional);
                            list.plain.insert(label(&key), optional || may_lack(metric, &key));
                        }
                    }
                    list.twice |= map.insert(label(&key), value).is_some();
                }
            }
        }
        list.maps = maps.into_iter().collect();
        list
    }

    pub(super) fn gives_twice(&self, event: &Event, metric: &Metric) -> bool {
        let (records, writers) = (self.world.records(event), self.world.writers(event, Some(&metric.items)));
        let keys = self.keys(event, &records.iter().collect::<Vec<_>>(), Signal::Metric, &writers);
        let all: BTreeSet<&String> = keys.iter().flatten().collect();
        all.len() < keys.iter().map(BTreeSet::len).sum()
    }

    /// The labels that a metric may have, and whether each comes from an optional field.
    fn label_set(&self, event: &Event, metric: &Metric, only_passing: bool) -> BTreeMap<String, bool> {
        let when: &[Test] = if only_passing { &metric.when } else { &[] };
        let records = self.world.records(event);
        let writers = self.world.writers(event, Some(&metric.items));
        let mut labels = BTreeMap::new();
        for record in records.iter().filter(|record| passes_all(event, when, record)) {
            for writer in &writers {
                let optional = writer.field().is_some_and(|field| event.fields[field].optional);
                let written = self.world.written(event, writer, Signal::Metric, record);
                labels.extend(written.into_keys().map(|key| {
                    let optional = optional || may_lack(metric, &key);
                    (key, optional)
                }));
            }
        }
        labels
    }

    /// Whether one record counts twice in one metric, and nothing keeps the two points apart.
    pub(super) fn points_join(&self, happening: &Happening<'_>, verdict: &mut Verdict) {
        let Happening { event, records } = happening;
        for (at, metric) in event.metrics.iter().enumerate() {
            for other in event.metrics[at + 1..].iter().filter(|other| other.name == metric.name) {
                let both = |record: &&Record| {
                    passes_all(event, &metric.when, record) && passes_all(event, &other.when, record)
                };
                if constants_differ((event, metric), (event, other)) {
                    continue;
                }
                if !records.iter().any(|record| both(&record)) {
                    // Two conditions that leave each other out, or one that leaves out everything.
                    let moot =
                        [metric, other].iter().any(|metric| happening.passing(&metric.when).is_empty());
                    verdict.leave_open_if(moot, Code::PointsJoin);
                    continue;
                }
                verdict.find(Code::PointsJoin);
            }
        }
    }
}

/// The labels of one list of a metric.
#[derive(Default)]
struct List<'c> {
    name: &'c str,
    /// Those of fields and constants, and whether they may be left out.
    plain: BTreeMap<String, bool>,
    of_meanings: BTreeSet<String>,
    maps: BTreeSet<Map>,
    /// Whether two writers write one label.
    twice: bool,
}

/// What is left of labels at a Prometheus server.
fn shown(map: &Map) -> Map {
    map.iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// Whether OpenMetrics text can hold the metrics: their forms, and a name for each family and its samples.
fn in_text(
    metrics: &[(&str, Instrument)],
    two_things: &BTreeSet<&str>,
    naming: PrometheusNaming,
    verdict: &mut Verdict,
) {
    let is_open_metrics = [PrometheusWay::Slo, PrometheusWay::ClientOpenMetrics].contains(&naming.way);
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    for (name, Instrument { kind, unit, .. }) in metrics {
        let series = naming.series(name, unit, *kind).unwrap_or_default();
        let Some(one) = series.first() else { continue };
        let metric = naming.metric(name, unit, *kind).unwrap_or_default();
        let names: Vec<String> = match kind {
            MetricKind::ExponentialHistogram => {
                verdict.find(Code::Unwritable);
                // What is not in the text joins nothing; that its name would join another's may be told all the same.
                verdict.open.insert(Code::MetricsJoin);
                continue;
            }
            _ if !is_open_metrics => match naming.way {
                PrometheusWay::Python | PrometheusWay::Client => continue,
                PrometheusWay::Java if *kind == MetricKind::Counter => {
                    vec![metric.strip_suffix("_total").unwrap().to_owned()]
                }
                PrometheusWay::Go | PrometheusWay::Collector if *kind == MetricKind::Histogram => {
                    let parts = ["bucket", "count", "sum"].map(|part| format!("{metric}_{part}"));
                    [metric].into_iter().chain(parts).collect()
                }
                _ => vec![metric],
            },
            MetricKind::Counter => match one.rsplit_once("_total") {
                Some((family, "")) if !family.is_empty() => {
                    ["", "_total", "_created"].map(|end| format!("{family}{end}")).into()
                }
                _ => series,
            },
            MetricKind::Gauge | MetricKind::UpDownCounter => series,
            MetricKind::Histogram => {
                let family = one.rsplit_once('_').map_or("", |(family, _)| family);
                ["", "_bucket", "_count", "_sum", "_created"].map(|end| format!("{family}{end}")).into()
            }
        };
        let own = names.iter().any(|name| match is_open_metrics {
            true => ["target", "target_info"].contains(&name.as_str()) || name.starts_with('_'),
            false => name == "target_info" || (naming.way == PrometheusWay::Java && name == "target"),
        });
        let taken = names.into_iter().any(|taken| *owners.entry(taken).or_insert(name) != *name);
        // What a metric of two kinds is called can't be said.
        let certain = two_things.is_empty();
        verdict.find_if(own && certain, Code::Reserved);
        verdict.leave_open_if(own, Code::Reserved);
        verdict.find_if(taken && certain, Code::MetricsJoin);
        verdict.leave_open_if(taken, Code::MetricsJoin);
    }
}

/// Whether the declaration of a metric lets recorders leave out a label: it lists these as recommended.
fn may_lack(metric: &Metric, key: &str) -> bool {
    metric.name == CONVENTION && CONVENTION_LABELS.contains(&key)
}

/// Whether one of two sets of labels has one that the other lacks and that isn't optional.
fn lacks(labels: &BTreeMap<String, bool>, others: &BTreeMap<String, bool>) -> bool {
    labels.iter().any(|(key, optional)| !optional && !others.contains_key(key))
}

/// Whether two metrics give one label two constants, by their lists or by constant fields.
fn constants_differ(one: (&Event, &Metric), other: (&Event, &Metric)) -> bool {
    let constants = |(event, metric): (&Event, &Metric)| -> Map {
        let constants = metric.items.iter().filter_map(|item| match item {
            Item::Constant { key, value } => Some(((*key).to_owned(), value.text())),
            Item::Field { field, key, .. } => {
                let field = &event.fields[*field];
                Some((key.unwrap_or(field.key()).to_owned(), field.constant?.text()))
            }
        });
        constants.collect()
    };
    let theirs = constants(other);
    constants(one).iter().any(|(key, value)| theirs.get(key).is_some_and(|other| other != value))
}
