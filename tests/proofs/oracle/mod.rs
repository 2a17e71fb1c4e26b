//! Asks each proof's own question of the records of a contract. Nothing here is shared with the compiler's checks but what
//! Prometheus calls a key and a metric.

mod keys;
mod metrics;
mod points;
mod variants;
mod verdict;

use std::collections::BTreeSet;

use slo_compiler::diagnostic::Code;
use slo_model::names::MetricKind;

use crate::proofs::model::{
    Block, Contract, Domain, Event, Field, Instrument, Item, Log, Metric, OTHER, Promise, SCOPES, Signal,
    Test, domain_of,
};
use crate::proofs::records::{Record, Shape, Value, World, Writer, folded, label_values, passes, passes_all};
use points::{Count, List};
pub(crate) use verdict::{JUDGED, Verdict};

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
        // A test alone may leave a field fewer values than the event has.
        verdict.open.extend([Code::TellsNothing, Code::BlankOptional]);
        verdict.open.extend(moot.found.iter().chain(&moot.open).chain(moot.one_of.iter().flatten()));
    } else {
        ask(when, verdict);
    }
}

pub(crate) fn verdict(contract: &Contract) -> Verdict {
    let oracle = Oracle { world: World::new(contract), contract };
    let mut verdict = Verdict::default();
    for face in oracle.world.faces() {
        oracle.invertible(face, &mut verdict);
    }
    let happening = |event| Happening { event, records: oracle.world.records(event) };
    let happenings: Vec<Happening<'_>> = contract.events.iter().map(happening).collect();
    for happening in &happenings {
        oracle.event(happening, &mut verdict);
    }
    oracle.store(&happenings, &mut verdict);
    let recorded = happenings
        .iter()
        .flat_map(|happening| happening.event.metrics.iter().map(move |metric| (happening, metric)));
    let mut lists: Vec<List> = recorded.map(|(happening, metric)| oracle.list(happening, metric)).collect();
    for observed in &contract.observed {
        let keys: Vec<BTreeSet<String>> =
            observed.keys.iter().map(|key| [(*key).to_owned()].into()).collect();
        oracle.disjoint(&keys, Signal::Metric, &mut verdict);
        let counts = observed.keys.iter().map(|key| Count::exactly(label_values(domain_of(key))));
        lists.push(List {
            metric: observed.name,
            scope: SCOPES[0],
            unlimited: false,
            count: Count::product(&counts.collect::<Vec<_>>()),
            points: observed.points,
            limit: None,
            shown: BTreeSet::new(),
            moot: false,
            open: false,
        });
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
        oracle.metric(&happening, &metric, &mut verdict);
        lists.push(oracle.list(&happening, &metric));
    }
    oracle.bounded(&lists, &mut verdict);
    oracle.metrics(&mut verdict);
    verdict.open = verdict.open.difference(&verdict.found).copied().collect();
    verdict
}

/// Whether a field is several values, and a label shows one for all of them.
fn tells_nothing(field: &Field, number: usize, passing: &[&Record]) -> bool {
    let Some(domain @ Domain::Open(_)) = field.domain() else { return false };
    let values = passing.iter().filter_map(|record| match &record[number] {
        Value::Plain(value) => Some(value),
        _ => None,
    });
    let values: BTreeSet<&String> = values.collect();
    let rest = |value: &&&String| folded(domain, (**value).clone()) == OTHER;
    values.iter().all(|value| rest(&value)) && values.iter().any(|value| *value != OTHER)
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
        for (number, log) in event.logs.iter().enumerate() {
            let twice = |other: &Log| {
                let both = |record: &&Record| passes_all(event, &other.when, record);
                happening.passing(&log.when).iter().any(both)
            };
            verdict.find_if(event.logs[..number].iter().any(twice), Code::TwoLogs);
            let writers = self.world.writers(event, log.items.as_ref());
            // Where neither the log nor what it lists says a severity, all meanings of the event are asked.
            let says = |writer: &Writer| match writer {
                Writer::Meaning { face, .. } => {
                    self.world.shapes(*face).iter().any(|shape| shape.severity.is_some())
                }
                _ => false,
            };
            let levels = match log.severity.is_some() || writers.iter().any(says) {
                true => self.world.writers(event, log.items.as_ref()),
                false => self.world.writers(event, None),
            };
            let hole = log.hole.map(|field| &event.fields[field]);
            verdict.find_if(hole.is_some_and(|field| field.sensitive() && !field.clear), Code::Sensitive);
            conditioned(happening, &log.when, verdict, |when, verdict| {
                let shown = Shown { signal: Signal::Log, when, writers: &writers };
                self.shown(happening, &shown, verdict);
                let passing = happening.passing(when);
                let severities = |record: &&Record| self.levels(&levels, record, |shape| shape.severity);
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
                let statuses = |record: &&Record| self.levels(&writers, record, |shape| shape.status);
                let passing = happening.passing(when);
                let both = passing.iter().any(|record| statuses(record) > 1);
                verdict.find_if(!span.max && both, Code::TwoLevels);
                let hole = span.hole.filter(|hole| tells_nothing(&event.fields[*hole], *hole, &passing));
                verdict.find_if(hole.is_some(), Code::TellsNothing);
            });
            if let Some(promise) = &span.of {
                self.promised(happening, promise, &span.when, &writers, verdict);
            }
            let hole = span.hole.map(|field| &event.fields[field]);
            let unbounded = |field: &Field| {
                let domain = field.domain().filter(|_| field.constant.is_none());
                domain.is_some_and(|domain| label_values(domain).is_none())
            };
            verdict.find_if(hole.is_some_and(unbounded), Code::Unbounded);
            verdict.find_if(hole.is_some_and(Field::sensitive), Code::Sensitive);
        }
        for one in &event.span_events {
            let writers = self.world.writers(event, one.items.as_ref());
            conditioned(happening, &one.when, verdict, |when, verdict| {
                self.shown(happening, &Shown { signal: Signal::Span, when, writers: &writers }, verdict);
            });
        }
    }

    /// Whether the records of a span are what is declared of it.
    fn promised(
        &self,
        happening: &Happening<'_>,
        promise: &Promise,
        when: &[Test],
        writers: &[Writer],
        verdict: &mut Verdict,
    ) {
        // Every span here is an internal one.
        verdict.find_if(!["", "internal"].contains(&promise.kind), Code::Convention);
        let passing = happening.passing(when);
        for record in &passing {
            let written =
                |writer| self.world.written(happening.event, writer, Signal::Span, record).into_keys();
            let keys: BTreeSet<String> = writers.iter().flat_map(written).collect();
            let lacks = promise.required.iter().any(|key| !keys.contains(*key));
            verdict.find_if(lacks, Code::RequiredLabel);
            let is_listed =
                |key: &String| promise.required.iter().chain(&promise.listed).any(|listed| listed == key);
            let beyond = keys.iter().any(|key| !is_listed(key));
            verdict.find_if(promise.closed && beyond, Code::Convention);
        }
        // What is never written has no keys, and lacks none.
        verdict.leave_open_if(passing.is_empty(), Code::RequiredLabel);
        verdict.leave_open_if(passing.is_empty(), Code::Convention);
    }

    /// How many of these meanings say something of this record.
    fn levels(
        &self,
        writers: &[Writer],
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
        writers.iter().filter(said).count()
    }

    fn metric(&self, happening: &Happening<'_>, metric: &Metric, verdict: &mut Verdict) {
        let writers = self.world.writers(happening.event, Some(&metric.items));
        conditioned(happening, &metric.when, verdict, |when, verdict| {
            let shown = Shown { signal: Signal::Metric, when, writers: &writers };
            self.shown(happening, &shown, verdict);
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
                Writer::Field { field: number, .. } => {
                    let field = &happening.event.fields[*number];
                    let hidden = *signal == Signal::Metric || !field.clear;
                    verdict.find_if(field.sensitive() && hidden, Code::Sensitive);
                    let label = *signal == Signal::Metric;
                    verdict.find_if(label && tells_nothing(field, *number, &passing), Code::TellsNothing);
                }
                Writer::Constant { .. } => {}
            }
        }
    }

    // Proof 6

    fn consistent(&self, happening: &Happening<'_>, shown: &Shown<'_>, verdict: &mut Verdict) {
        let Happening { event, records } = happening;
        let logs = event.logs.iter().map(|log| (log.items.as_ref(), &log.when));
        let span = event.span.iter().map(|span| (span.items.as_ref(), &span.when));
        for others in [logs.collect::<Vec<_>>(), span.collect()] {
            let left_out = |record: &Record| {
                passes_all(event, shown.when, record)
                    && !others.iter().any(|(_, when)| passes_all(event, when, record))
            };
            verdict.find_if(!others.is_empty() && records.iter().any(left_out), Code::LeftOut);
            for (items, when) in others {
                // What is never written is no condition's matter: whether it is asked of it is left open.
                let both = |record: &Record| {
                    passes_all(event, shown.when, record) && passes_all(event, when, record)
                };
                let meet = records.iter().any(both);
                // A constant is told by the contract already.
                let fields = |writers: &[Writer]| -> BTreeSet<usize> {
                    let fields = writers.iter().filter_map(Writer::field);
                    fields.filter(|field| event.fields[*field].constant.is_none()).collect()
                };
                let carried = fields(&self.world.writers(event, items));
                let lacks = !fields(shown.writers).is_subset(&carried);
                verdict.find_if(lacks && meet, Code::NotCarried);
                verdict.leave_open_if(
                    lacks && !meet && (shown.when.is_empty() || when.is_empty()),
                    Code::NotCarried,
                );
            }
        }
    }
}
