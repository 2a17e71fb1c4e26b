//! Asks each proof's own question of the records of a contract. Nothing here is shared with the compiler's checks but what
//! Prometheus calls a key and a metric.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use slo_compiler::diagnostic::Code;
use slo_model::names::{MetricKind, prometheus_label, prometheus_series};

use crate::model::{
    Attribute, Block, CONVENTION, CONVENTION_LABELS, Contract, Domain, Event, Face, Field, Holds, Instrument, Item,
    Metric, PairValue, Scalar, Signal, Test, domain_of,
};
use crate::records::{
    Map, Record, Shape, Value, World, Writer, label_values, passes, passes_all,
};

/// The codes that are held against the compiler, by their proofs.
pub const JUDGED: &[Code] = &[
    Code::Collision,
    Code::Reserved,
    Code::NestedPrefix,
    Code::Unnameable,
    Code::KeyTwice,
    Code::MetricsJoin,
    Code::MetricDiffers,
    Code::PointsJoin,
    Code::Ambiguous,
    Code::TwoBlank,
    Code::BlankOptional,
    Code::PayloadLost,
    Code::TwoLevels,
    Code::MergesNothing,
    Code::Incomplete,
    Code::PointsExceeded,
    Code::Unbounded,
    Code::NeedsBound,
    Code::ConventionUnbounded,
    Code::Sensitive,
    Code::NotCarried,
    Code::LeftOut,
    Code::ConstantCondition,
    Code::NoSeverity,
];

/// What the compiler has to find.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    pub found: BTreeSet<Code>,
    /// What the language leaves open.
    pub open: BTreeSet<Code>,
    /// Of each of these, one at least.
    pub one_of: BTreeSet<[Code; 2]>,
}

impl Verdict {
    fn find(&mut self, code: Code) {
        self.found.insert(code);
    }

    fn find_if(&mut self, condition: bool, code: Code) {
        if condition {
            self.find(code);
        }
    }

    fn leave_open_if(&mut self, condition: bool, code: Code) {
        if condition {
            self.open.insert(code);
        }
    }

    /// What is otherwise than it should be.
    pub fn disagreements(&self, reported: &BTreeSet<Code>) -> Vec<String> {
        let free = |code: &Code| self.open.contains(code) || self.one_of.iter().flatten().any(|one| one == code);
        let missing = self.found.difference(reported).map(|code| format!("{code} ({}) is missing", code.title()));
        let beyond = reported.iter().filter(|code| !self.found.contains(code) && !free(code));
        let beyond = beyond.map(|code| format!("{code} ({}) should not be there", code.title()));
        let none = self.one_of.iter().filter(|codes| !codes.iter().any(|code| reported.contains(code)));
        let none = none.map(|codes| format!("one of {codes:?} is missing"));
        missing.chain(beyond).chain(none).collect()
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}, left open {:?}, one of each {:?}", self.found, self.open, self.one_of)
    }
}

/// A signal of an event: which records it is for, and what writes into them.
struct Shown<'c> {
    signal: Signal,
    when: &'c [Test],
    writers: &'c [Writer],
}

/// An event with its records.
struct Happening<'c> {
    event: &'c Event,
    records: Vec<Record>,
}

impl Happening<'_> {
    fn passing(&self, when: &[Test]) -> Vec<&Record> {
        self.records.iter().filter(|record| passes_all(self.event, when, record)).collect()
    }
}

/// Asks for a condition, and of the signal that has it. Where no record passes, nothing else need be said.
fn conditioned(
    happening: &Happening<'_>,
    when: &[Test],
    verdict: &mut Verdict,
    ask: impl Fn(&[Test], &mut Verdict),
) {
    for test in when {
        let constant = happening.records.iter().all(|record| passes(happening.event, test, record));
        verdict.find_if(constant, Code::ConstantCondition);
    }
    if happening.passing(when).is_empty() {
        verdict.find(Code::ConstantCondition);
        let mut moot = Verdict::default();
        ask(&[], &mut moot);
        verdict.open.extend(moot.found.iter().chain(&moot.open).chain(moot.one_of.iter().flatten()));
    } else {
        ask(when, verdict);
    }
}

pub fn verdict(contract: &Contract) -> Verdict {
    let oracle = Oracle { world: World::new(contract), contract };
    let mut verdict = Verdict::default();
    for face in oracle.world.faces() {
        oracle.invertible(face, &mut verdict);
    }
    for event in &contract.events {
        let happening = Happening { event, records: oracle.world.records(event) };
        oracle.event(&happening, &mut verdict);
    }
    for observed in &contract.observed {
        let keys: Vec<BTreeSet<String>> = observed.keys.iter().map(|key| [(*key).to_owned()].into()).collect();
        oracle.disjoint(&keys, Signal::Metric, &mut verdict);
        let counts = observed.keys.iter().map(|key| Count::exactly(label_values(domain_of(key))));
        points(&counts.collect::<Vec<_>>(), observed.points, None, &mut verdict);
    }
    for running in &contract.running {
        let event = &contract.events[running.event];
        let happening = Happening { event, records: oracle.world.records(event) };
        let fields = running.fields.iter().map(|field| Item::Field { field: *field, key: None, face: None });
        let metric = Metric {
            name: running.name,
            instrument: COUNTS_UP_AND_DOWN,
            points: None,
            limit: None,
            when: Vec::new(),
            items: fields.collect(),
        };
        let mut running = Verdict::default();
        oracle.metric(&happening, &metric, &mut running);
        // Whether an event that runs counts among the records that a log leaves out is nowhere said.
        let left_out = running.found.remove(&Code::LeftOut);
        verdict.leave_open_if(left_out, Code::LeftOut);
        verdict.found.extend(running.found);
        verdict.open.extend(running.open);
    }
    oracle.metrics(&mut verdict);
    verdict.open = verdict.open.difference(&verdict.found).copied().collect();
    verdict
}

const COUNTS_UP_AND_DOWN: Instrument =
    Instrument { kind: MetricKind::UpDownCounter, unit: "", measures: false, buckets: &[] };

struct Oracle<'c> {
    world: World<'c>,
    contract: &'c Contract,
}

impl Oracle<'_> {
    fn event(&self, happening: &Happening<'_>, verdict: &mut Verdict) {
        let event = happening.event;
        for metric in &event.metrics {
            self.metric(happening, metric, verdict);
        }
        self.points_join(happening, verdict);
        if let Some(log) = &event.log {
            let writers = self.world.writers(event, log.items.as_ref());
            conditioned(happening, &log.when, verdict, |when, verdict| {
                let shown = Shown { signal: Signal::Log, when, writers: &writers };
                self.shown(happening, &shown, verdict);
                let passing = happening.passing(when);
                let severities = |record: &&Record| self.levels(&shown, record, |shape| shape.severity);
                let silent = passing.iter().any(|record| severities(record) == 0);
                verdict.find_if(log.severity.is_none() && silent, Code::NoSeverity);
                let loud = passing.iter().any(|record| severities(record) > 1);
                verdict.find_if(!log.max && loud, Code::TwoLevels);
            });
        }
        if let Some(span) = &event.span {
            let writers = self.world.writers(event, span.items.as_ref());
            conditioned(happening, &span.when, verdict, |when, verdict| {
                let shown = Shown { signal: Signal::Span, when, writers: &writers };
                self.shown(happening, &shown, verdict);
                let statuses = |record: &&Record| self.levels(&shown, record, |shape| shape.status);
                let both = happening.passing(when).iter().any(|record| statuses(record) > 1);
                verdict.find_if(!span.max && both, Code::TwoLevels);
            });
            let hole = span.hole.map(|field| &event.fields[field]).filter(|field| field.constant.is_none());
            let unbounded = |field: &Field| field.domain().is_some_and(|domain| label_values(domain).is_none());
            verdict.find_if(hole.is_some_and(unbounded), Code::Unbounded);
        }
    }

    /// How many of the meanings that a signal lists say something of this record.
    fn levels(
        &self,
        shown: &Shown<'_>,
        record: &Record,
        level: impl Fn(&Shape) -> Option<&'static str>,
    ) -> usize {
        let said = |writer: &&Writer| match writer {
            Writer::Meaning { field, face } => match &record[*field] {
                Value::Variant { variant, .. } => level(&self.world.shapes(*face)[*variant]).is_some(),
                _ => false,
            },
            _ => false,
        };
        shown.writers.iter().filter(said).count()
    }

    fn metric(&self, happening: &Happening<'_>, metric: &Metric, verdict: &mut Verdict) {
        let writers = self.world.writers(happening.event, Some(&metric.items));
        conditioned(happening, &metric.when, verdict, |when, verdict| {
            let shown = Shown { signal: Signal::Metric, when, writers: &writers };
            self.shown(happening, &shown, verdict);
            self.bounded(happening, metric, &shown, verdict);
            self.consistent(happening, &shown, verdict);
        });
    }

    /// What is asked of every signal of an event.
    fn shown(&self, happening: &Happening<'_>, shown: &Shown<'_>, verdict: &mut Verdict) {
        let Shown { signal, when, writers } = shown;
        let passing = happening.passing(when);
        self.disjoint(&self.keys(happening.event, &passing, *signal, writers), *signal, verdict);
        for writer in *writers {
            match writer {
                Writer::Meaning { field, face } => {
                    let shapes = self.world.shapes(*face);
                    let unsaid = shapes.iter().any(|shape| matches!(shape.on(*signal), Block::Unsaid));
                    verdict.find_if(unsaid, Code::Incomplete);
                    self.blank_optional(*field, shapes, *signal, &passing, verdict);
                }
                Writer::Field { field, .. } => {
                    let field = &happening.event.fields[*field];
                    let sensitive = matches!(field.holds, Holds::Attribute(Attribute { sensitive: true, .. }));
                    let hidden = *signal == Signal::Metric || !field.clear;
                    verdict.find_if(sensitive && hidden, Code::Sensitive);
                }
                Writer::Constant { .. } => {}
            }
        }
    }

    // Proof 1

    /// The keys that each writer may write.
    fn keys(&self, event: &Event, passing: &[&Record], signal: Signal, writers: &[Writer]) -> Vec<BTreeSet<String>> {
        let keys = writers.iter().map(|writer| {
            let written = |record: &&Record| self.world.written(event, writer, signal, record);
            passing.iter().flat_map(|record| written(record).into_keys()).collect()
        });
        keys.collect()
    }

    /// Whether what the writers of one container may write, by writer, stays apart under every target.
    fn disjoint(&self, keys: &[BTreeSet<String>], signal: Signal, verdict: &mut Verdict) {
        let all: BTreeSet<&str> = keys.iter().flatten().map(String::as_str).collect();
        verdict.find_if(all.len() < keys.iter().map(BTreeSet::len).sum(), Code::KeyTwice);
        match signal {
            Signal::Metric => {
                verdict.find_if(all.contains("otel.metric.overflow"), Code::Reserved);
                if self.contract.prometheus {
                    self.labels(&all, verdict);
                }
            }
            Signal::Log if self.contract.logs => {
                let under = |key: &&str, other: &&str| other.strip_prefix(*key).is_some_and(|rest| rest.starts_with('.'));
                let nests = all.iter().any(|key| all.iter().any(|other| under(key, other)));
                verdict.find_if(nests, Code::NestedPrefix);
            }
            Signal::Log | Signal::Span => {}
        }
    }

    fn labels(&self, keys: &BTreeSet<&str>, verdict: &mut Verdict) {
        let label = |key: &&str| prometheus_label(key, self.contract.strategy);
        let promoted: BTreeSet<String> = self.contract.promoted.iter().filter_map(label).collect();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for key in keys {
            let Some(label) = label(key) else {
                verdict.find(Code::Unnameable);
                continue;
            };
            let reserved = ["le", "quantile", "job", "instance", "__name__"].contains(&label.as_str())
                || label.starts_with("otel_scope_");
            verdict.find_if(reserved, Code::Reserved);
            let taken = promoted.contains(&label) || !seen.insert(label);
            // Of a label that is reserved anyway it need not be said.
            verdict.find_if(taken && !reserved, Code::Collision);
            verdict.leave_open_if(taken && reserved, Code::Collision);
        }
    }

    /// Whether two metrics become one, and whether one is two.
    fn metrics(&self, verdict: &mut Verdict) {
        let contract = self.contract;
        let recorded = contract.events.iter().flat_map(|event| &event.metrics);
        let mut metrics: Vec<(&str, Instrument)> =
            recorded.map(|metric| (metric.name, metric.instrument.clone())).collect();
        let gauge = Instrument { kind: MetricKind::Gauge, ..COUNTS_UP_AND_DOWN };
        metrics.extend(contract.observed.iter().map(|observed| (observed.name, gauge.clone())));
        metrics.extend(contract.running.iter().map(|running| (running.name, COUNTS_UP_AND_DOWN)));
        let mut two_things: BTreeSet<&str> = BTreeSet::new();
        for (at, (name, instrument)) in metrics.iter().enumerate() {
            let differs = |other: &&(&str, Instrument)| other.0 == *name && other.1 != *instrument;
            two_things.extend(metrics[at..].iter().filter(differs).map(|(name, _)| *name));
        }
        verdict.find_if(!two_things.is_empty(), Code::MetricDiffers);
        let mut owners: BTreeMap<String, &str> = BTreeMap::new();
        for (name, Instrument { kind, unit, .. }) in &metrics {
            if !contract.prometheus {
                break;
            }
            for series in prometheus_series(name, unit, *kind, contract.strategy).unwrap_or_default() {
                let own = series == "target_info";
                let owner = *owners.entry(series).or_insert(name);
                // Which series a metric of two kinds has can't be said.
                let certain = !two_things.contains(name) && !two_things.contains(owner);
                verdict.find_if(owner != *name && certain, Code::MetricsJoin);
                verdict.leave_open_if(own || owner != *name, Code::MetricsJoin);
                verdict.leave_open_if(own, Code::Reserved);
                if own && certain {
                    verdict.one_of.insert([Code::Reserved, Code::MetricsJoin]);
                }
            }
        }
        self.label_sets(verdict);
    }

    /// Whether a metric has the same labels in every event.
    fn label_sets(&self, verdict: &mut Verdict) {
        for (at, event) in self.contract.events.iter().enumerate() {
            for metric in &event.metrics {
                let names_it = |other: &&Metric| other.name == metric.name;
                for later in &self.contract.events[at + 1..] {
                    for other in later.metrics.iter().filter(names_it) {
                        // Whether labels that `when` leaves out belong to the set is nowhere said.
                        let [shown, whole] = [true, false].map(|only_passing| {
                            let ours = self.label_set(event, metric, only_passing);
                            let theirs = self.label_set(later, other, only_passing);
                            let differing = |(key, optional): &(&String, &bool), others: &BTreeMap<String, bool>| {
                                !**optional && !others.contains_key(*key)
                            };
                            ours.iter().any(|pair| differing(&pair, &theirs))
                                || theirs.iter().any(|pair| differing(&pair, &ours))
                        });
                        // Nor whose a label is that two fields give, which is a finding by itself.
                        let twice = self.gives_twice(event, metric) || self.gives_twice(later, other);
                        verdict.find_if(shown && whole && !twice, Code::MetricDiffers);
                        verdict.leave_open_if(shown || whole, Code::MetricDiffers);
                    }
                }
                let own = event.metrics.iter().filter(names_it);
                let ours = |only_passing| self.label_set(event, metric, only_passing);
                // The labels of one event's metrics may well have to agree too.
                let differ = own.into_iter().any(|other| {
                    [true, false].iter().any(|passing| self.label_set(event, other, *passing) != ours(*passing))
                });
                verdict.leave_open_if(differ, Code::MetricDiffers);
            }
        }
    }

    fn gives_twice(&self, event: &Event, metric: &Metric) -> bool {
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
                labels.extend(written.into_keys().map(|key| (key, optional)));
            }
        }
        labels
    }

    /// Whether one record counts twice in one metric, and nothing keeps the two points apart.
    fn points_join(&self, happening: &Happening<'_>, verdict: &mut Verdict) {
        let Happening { event, records } = happening;
        for (at, metric) in event.metrics.iter().enumerate() {
            for other in event.metrics[at + 1..].iter().filter(|other| other.name == metric.name) {
                let both = |record: &&Record| {
                    passes_all(event, &metric.when, record) && passes_all(event, &other.when, record)
                };
                let constants = |metric: &Metric| -> Map {
                    let constants = metric.items.iter().filter_map(|item| match item {
                        Item::Constant { key, value } => Some(((*key).to_owned(), value.text())),
                        Item::Field { .. } => None,
                    });
                    constants.collect()
                };
                let theirs = constants(other);
                let apart = constants(metric)
                    .iter()
                    .any(|(key, value)| theirs.get(key).is_some_and(|other| other != value));
                if apart {
                    continue;
                }
                if !records.iter().any(|record| both(&record)) {
                    // Two conditions that leave each other out, or one that leaves out everything.
                    let moot = [metric, other].iter().any(|metric| happening.passing(&metric.when).is_empty());
                    verdict.leave_open_if(moot, Code::PointsJoin);
                    continue;
                }
                // A label that one of the two lacks, or that two constant fields give, keeps them apart as well.
                let tuples = |metric: &Metric| -> BTreeSet<Map> {
                    let writers = self.world.writers(event, Some(&metric.items));
                    let passing = happening.passing(&metric.when);
                    passing.iter().map(|record| self.record(event, &writers, Signal::Metric, record)).collect()
                };
                let joined = !tuples(metric).is_disjoint(&tuples(other));
                verdict.find_if(joined, Code::PointsJoin);
                verdict.leave_open_if(!joined, Code::PointsJoin);
            }
        }
    }

    /// All that a signal shows of a record.
    fn record(&self, event: &Event, writers: &[Writer], signal: Signal, record: &Record) -> Map {
        writers.iter().flat_map(|writer| self.world.written(event, writer, signal, record)).collect()
    }

    // Proof 3

    fn invertible(&self, face: Face, verdict: &mut Verdict) {
        let shapes = self.world.shapes(face);
        for shape in shapes {
            let shown: BTreeSet<usize> = Signal::ALL.iter().flat_map(|signal| shape.carried(*signal)).collect();
            verdict.find_if(shown.len() < shape.payload.len(), Code::PayloadLost);
        }
        let (own, inherited) = self.world.lossy(face);
        for signal in Signal::ALL {
            let merged = |one: usize, other: usize| {
                own.iter().chain(&inherited).any(|lossy| {
                    lossy.signal == signal && lossy.variants.contains(&one) && lossy.variants.contains(&other)
                })
            };
            for (number, shape) in shapes.iter().enumerate() {
                let before = shapes[..number].iter().enumerate().filter(|(other, _)| !merged(*other, number));
                let likenesses: BTreeSet<Likeness> =
                    before.map(|(_, other)| self.likeness(other, shape, signal)).collect();
                report(&likenesses, verdict);
            }
            for lossy in own.iter().filter(|lossy| lossy.signal == signal) {
                // Of a variant that doesn't say how it shows it can't be said what it is told apart from.
                let unsaid = |number: &usize| matches!(shapes[*number].on(signal), Block::Unsaid);
                let mut open = lossy.variants.iter().any(unsaid);
                let mut idle = false;
                for one in &lossy.variants {
                    let others = lossy.variants.iter().filter(|other| *other != one);
                    let likenesses: BTreeSet<Likeness> =
                        others.map(|other| self.likeness(&shapes[*one], &shapes[*other], signal)).collect();
                    idle |= likenesses == [Likeness::Apart].into();
                    open |= likenesses.contains(&Likeness::Unsure);
                }
                verdict.find_if(idle && !open, Code::MergesNothing);
                verdict.leave_open_if(open, Code::MergesNothing);
            }
        }
    }

    fn likeness(&self, one: &Shape, other: &Shape, signal: Signal) -> Likeness {
        let kind = |shape: &Shape| match shape.on(signal) {
            Block::Unsaid => None,
            Block::None => Some(Blank::None),
            Block::Pairs(pairs) if pairs.is_empty() => Some(Blank::Empty),
            Block::Pairs(_) => Some(Blank::Shows),
        };
        let maps = |shape: &Shape| -> BTreeSet<Map> {
            let assignments = self.world.assignments(shape);
            assignments.iter().map(|payload| shape.map(signal, payload)).collect()
        };
        match (kind(one), kind(other)) {
            (None, _) | (_, None) => Likeness::Apart,
            (Some(Blank::None), Some(Blank::None | Blank::Empty)) | (Some(Blank::Empty), Some(Blank::None)) => {
                Likeness::BothBlank
            }
            (Some(Blank::Empty), Some(Blank::Empty)) if signal == Signal::Metric => Likeness::BothBlank,
            (Some(Blank::Empty), Some(Blank::Empty)) => Likeness::BothEmpty,
            _ if signal == Signal::Metric => self.tuples_meet(&maps(one), &maps(other)),
            // What is `none` has no map.
            (Some(Blank::None), _) | (_, Some(Blank::None)) => Likeness::Apart,
            _ => {
                let (ours, theirs) = (maps(one), maps(other));
                let within = |small: &Map, large: &Map| small.iter().all(|(key, value)| large.get(key) == Some(value));
                let contained =
                    ours.iter().any(|our| theirs.iter().any(|their| within(our, their) || within(their, our)));
                if contained { Likeness::Alike } else { Likeness::Apart }
            }
        }
    }

    /// Whether two variants have a tuple of labels in common, under any target.
    fn tuples_meet(&self, ours: &BTreeSet<Map>, theirs: &BTreeSet<Map>) -> Likeness {
        if !ours.is_disjoint(theirs) {
            return Likeness::Alike;
        }
        if !self.contract.prometheus {
            return Likeness::Apart;
        }
        let label = |key: &String| prometheus_label(key, self.contract.strategy).unwrap_or_default();
        let tuple = |map: &Map| -> Map {
            let labels = map.iter().filter(|(_, value)| !value.is_empty());
            labels.map(|(key, value)| (label(key), value.clone())).collect()
        };
        let tuples = |maps: &BTreeSet<Map>| -> BTreeSet<Map> { maps.iter().map(tuple).collect() };
        // What two keys that become one label show is another finding's matter.
        let joins = |map: &Map| map.keys().map(label).collect::<BTreeSet<_>>().len() < map.len();
        if ours.iter().chain(theirs).any(joins) {
            Likeness::Unsure
        } else if tuples(ours).is_disjoint(&tuples(theirs)) {
            Likeness::Apart
        } else {
            Likeness::Alike
        }
    }

    fn blank_optional(
        &self,
        field: usize,
        shapes: &[Shape],
        signal: Signal,
        passing: &[&Record],
        verdict: &mut Verdict,
    ) {
        let absent = passing.iter().any(|record| record[field] == Value::Absent);
        let blank = passing.iter().any(|record| match &record[field] {
            Value::Variant { variant, payload } => {
                let shape = &shapes[*variant];
                let map = shape.map(signal, payload);
                let empty_is_absent = signal == Signal::Metric && self.contract.prometheus;
                let shows = map.values().any(|value| !(empty_is_absent && value.is_empty()));
                !matches!(shape.on(signal), Block::Unsaid) && !shows
            }
            _ => false,
        });
        verdict.find_if(absent && blank, Code::BlankOptional);
    }

    // Proof 5

    fn bounded(&self, happening: &Happening<'_>, metric: &Metric, shown: &Shown<'_>, verdict: &mut Verdict) {
        let passing = happening.passing(shown.when);
        let count = |writer: &Writer| match writer {
            Writer::Constant { .. } => Count::exactly(Some(1)),
            Writer::Field { field, key } => {
                let count = self.field_values(happening.event, writer, *field, &passing);
                let scalar = happening.event.fields[*field].domain().map(Domain::scalar);
                let listed = metric.name == CONVENTION && CONVENTION_LABELS.contains(&key.as_str());
                match count {
                    None if listed && matches!(scalar, Some(Scalar::Text | Scalar::Int)) => Count::Unlimited,
                    count => Count::exactly(count),
                }
            }
            Writer::Meaning { field, face } => self.image(happening.event, writer, *field, *face, &passing),
        };
        let counts: Vec<Count> = shown.writers.iter().map(count).collect();
        points(&counts, metric.points, metric.limit, verdict);
    }

    /// How many values a field has as a label, its absence among them.
    fn field_values(&self, event: &Event, writer: &Writer, field: usize, passing: &[&Record]) -> Option<u64> {
        let listed: BTreeSet<Map> =
            passing.iter().map(|record| self.world.written(event, writer, Signal::Metric, record)).collect();
        let domain = event.fields[field].domain()?;
        if event.fields[field].constant.is_some() || !domain.members().is_empty() {
            return u64::try_from(listed.len()).ok();
        }
        let absent = u64::from(passing.iter().any(|record| record[field] == Value::Absent));
        Some(label_values(domain)? + absent)
    }

    /// How many tuples of labels a meaning has.
    fn image(&self, event: &Event, writer: &Writer, field: usize, face: Face, passing: &[&Record]) -> Count {
        let shapes = self.world.shapes(face);
        let numbers: BTreeSet<usize> = passing
            .iter()
            .filter_map(|record| match record[field] {
                Value::Variant { variant, .. } => Some(variant),
                _ => None,
            })
            .collect();
        // Payloads without a bound of their own, by the bound of the key that they are written to.
        let mut folded: Vec<u64> = Vec::new();
        let mut limitless = BTreeSet::new();
        for number in &numbers {
            let shape = &shapes[*number];
            let mut tuples = 1_u64;
            for payload in shape.carried(Signal::Metric) {
                let own = label_values(shape.payload[payload].domain);
                let keys = shape.pairs(Signal::Metric).iter().filter(|pair| match pair.value {
                    PairValue::Payload(number) | PairValue::PayloadText(number) => number == payload,
                    PairValue::Constant(_) => false,
                });
                let by_key = keys.map(|pair| label_values(domain_of(pair.key)));
                if own.is_none() {
                    limitless.insert(*number);
                }
                match own.or(by_key.min().flatten()) {
                    Some(values) => tuples = tuples.saturating_mul(values),
                    None => return Count::Unbounded,
                }
            }
            if limitless.contains(number) {
                folded.push(tuples);
            }
        }
        let unsaid = |number: &usize| matches!(shapes[*number].on(Signal::Metric), Block::Unsaid);
        let listed = passing.iter().filter(|record| match &record[field] {
            Value::Variant { variant, .. } => !limitless.contains(variant) && !unsaid(variant),
            _ => true,
        });
        let written = |record: &&Record| self.world.written(event, writer, Signal::Metric, record);
        let listed = listed.map(written).collect::<BTreeSet<_>>().len() as u64;
        let told_apart = numbers.iter().all(|one| {
            let apart = |other: &usize| {
                self.likeness(&shapes[*one], &shapes[*other], Signal::Metric) == Likeness::Apart
            };
            numbers.range(one + 1..).all(apart)
        });
        // What is absent or doesn't say how it shows may count for itself, whatever else shows nothing.
        let blank = |number: &usize| shapes[*number].pairs(Signal::Metric).is_empty();
        let absent = passing.iter().any(|record| record[field] == Value::Absent);
        let blurred = absent && numbers.iter().any(blank) || numbers.iter().any(unsaid);
        let most = listed + folded.iter().sum::<u64>() + u64::from(blurred);
        // Where variants are merged, what folds may be merged as well.
        let least = if told_apart { most - u64::from(blurred) } else { folded.into_iter().fold(listed, u64::max) };
        Count::Between(least, most)
    }

    // Proof 6

    fn consistent(&self, happening: &Happening<'_>, shown: &Shown<'_>, verdict: &mut Verdict) {
        let Happening { event, records } = happening;
        let log = event.log.as_ref().map(|log| (log.items.as_ref(), &log.when));
        let span = event.span.as_ref().map(|span| (span.items.as_ref(), &span.when));
        for (items, when) in log.into_iter().chain(span) {
            let fields = |writers: &[Writer]| -> BTreeSet<usize> { writers.iter().filter_map(Writer::field).collect() };
            let carried = fields(&self.world.writers(event, items));
            verdict.find_if(!fields(shown.writers).is_subset(&carried), Code::NotCarried);
            let left_out = |record: &Record| {
                passes_all(event, shown.when, record) && !passes_all(event, when, record)
            };
            verdict.find_if(records.iter().any(left_out), Code::LeftOut);
        }
    }
}

enum Blank {
    None,
    Empty,
    Shows,
}

/// How two variants look on a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    Apart,
    Alike,
    /// Both show nothing, at least one by `none`.
    BothBlank,
    /// Both have an empty block: contained in each other, and blank.
    BothEmpty,
    Unsure,
}

/// What to say of a variant that is so like those before it.
fn report(likenesses: &BTreeSet<Likeness>, verdict: &mut Verdict) {
    let alike = likenesses.contains(&Likeness::Alike);
    let blank = likenesses.contains(&Likeness::BothBlank);
    if likenesses.contains(&Likeness::BothEmpty) || alike && blank {
        // One finding is enough for one variant.
        verdict.one_of.insert([Code::Ambiguous, Code::TwoBlank]);
    } else {
        verdict.find_if(alike, Code::Ambiguous);
        verdict.find_if(blank, Code::TwoBlank);
    }
    verdict.leave_open_if(likenesses.contains(&Likeness::Unsure), Code::Ambiguous);
}

/// How many tuples a writer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    /// At least, and at most.
    Between(u64, u64),
    /// As many as the world has, which is allowed here.
    Unlimited,
    /// As many as the world has.
    Unbounded,
}

impl Count {
    fn exactly(count: Option<u64>) -> Count {
        count.map_or(Count::Unbounded, |count| Count::Between(count, count))
    }
}

/// Whether a metric has as many points as it may have.
fn points(counts: &[Count], points: Option<u64>, limit: Option<u64>, verdict: &mut Verdict) {
    const MOST: u64 = 2_000;
    verdict.find_if(counts.contains(&Count::Unbounded), Code::Unbounded);
    verdict.find_if(counts.contains(&Count::Unlimited), Code::ConventionUnbounded);
    let (mut least, mut most) = (1_u64, 1_u64);
    for count in counts {
        let (low, high) = match count {
            Count::Between(low, high) => (*low, *high),
            Count::Unlimited => (u64::MAX, u64::MAX),
            Count::Unbounded => (0, u64::MAX),
        };
        (least, most) = (least.saturating_mul(low), most.saturating_mul(high));
    }
    if let Some(points) = points {
        verdict.find_if(least > points, Code::PointsExceeded);
        verdict.leave_open_if(most > points, Code::PointsExceeded);
    } else if limit.is_none() {
        verdict.find_if(least > MOST, Code::NeedsBound);
        verdict.leave_open_if(most > MOST, Code::NeedsBound);
    }
}
