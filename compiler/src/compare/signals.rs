//! What each signal writes: its records as boxes of values, event by event.

use std::collections::{BTreeMap, BTreeSet};

use slo_grammar::Place;

use super::past::Past;
use super::values::{Values, tag_of};
use crate::ir::{
    Contract, Domain, Event, FieldId, FieldValue, Instrument, Leaf, LevelWriter, Literal, Log, MeaningId,
    Node, ObjectMember, PairValue, Severity, Signal, SignalWriter, Span, SpanEvent, Status, TextPart, Type,
    Variant, When, WriterValue,
};
use crate::measure::records::Records;

/// What a record has values under.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Key {
    /// An attribute or a label.
    Name(String),
    /// A log record's severity.
    Severity,
    /// A span's status.
    Status,
    /// A span's kind.
    SpanKind,
    /// The scope.
    Scope,
    /// A value in a span's name, by its number.
    Hole(usize),
}

impl Key {
    /// As a sentence names it: of a metric, a key is a label.
    pub(super) fn words(&self, signal: Signal) -> String {
        match (self, signal) {
            (Key::Name(key), Signal::Metric) => format!("the label `{key}`"),
            (Key::Name(key), _) => format!("the key `{key}`"),
            (Key::Severity, _) => "the severity".to_owned(),
            (Key::Status, _) => "the status".to_owned(),
            (Key::SpanKind, _) => "the kind".to_owned(),
            (Key::Scope, _) => "the scope".to_owned(),
            (Key::Hole(number), _) => format!("value {} in the name", number + 1),
        }
    }

    /// By which it is told from others.
    pub(super) fn name(&self) -> String {
        match self {
            Key::Name(key) => key.clone(),
            Key::Severity => "severity".to_owned(),
            Key::Status => "status".to_owned(),
            Key::SpanKind => "kind".to_owned(),
            Key::Scope => "scope".to_owned(),
            Key::Hole(number) => number.to_string(),
        }
    }
}

/// What may stand under keys together.
pub(super) type Written<'c> = Vec<(Key, Values<'c>)>;

/// A box of what is written: several values of a key are all of its own.
pub(super) type Product<'c> = Vec<Vec<Written<'c>>>;

/// One of the records of a signal, as one event, or one callback, writes it.
#[derive(Clone)]
pub(super) struct Source<'c> {
    pub(super) place: Place,
    pub(super) until: Option<&'c str>,
    pub(super) product: Product<'c>,
    pub(super) places: BTreeMap<Key, Place>,
    /// Where variants write these values.
    pub(super) values: BTreeMap<(Key, String), Place>,
    pub(super) instrument: Option<&'c Instrument>,
    pub(super) log: Option<&'c Log>,
}

impl Source<'_> {
    /// Without the keys that were to go by now, and are gone. One that is there still is compared as if it stayed.
    pub(super) fn leave(&mut self, past: &Past<'_>, new: &[Source<'_>]) {
        if !past.has_keys() {
            return;
        }
        let names = names(new);
        // What an object has goes with it.
        let written = self.product.iter().flatten().flatten();
        let objects = written.filter(|(_, values)| matches!(values, Values::Object(_)));
        let objects: Vec<String> = objects
            .filter_map(|(key, _)| match key {
                Key::Name(name) if past.has_key(name) && !names.contains(name) => Some(format!("{name}.")),
                _ => None,
            })
            .collect();
        let goes = |name: &String| {
            past.has_key(name) && !names.contains(name)
                || objects.iter().any(|object| name.starts_with(object.as_str()))
        };
        let stays = |key: &Key| !matches!(key, Key::Name(name) if goes(name));
        for written in self.product.iter_mut().flatten() {
            written.retain(|(key, _)| stays(key));
        }
    }
}

/// What a reader knows records by: the signal, and a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Id {
    /// A metric's points.
    Metric(String),
    /// A log's records.
    Log(String),
    /// A log without a name, by its text.
    LogText(String),
    /// A span, by its name.
    Span(String),
    /// What is written onto the span that is running.
    Current,
    /// What every span has.
    Every,
    /// An event on spans.
    SpanEvent(String),
}

impl Id {
    pub(super) const fn signal(&self) -> Signal {
        match self {
            Id::Metric(_) => Signal::Metric,
            Id::Log(_) | Id::LogText(_) => Signal::Log,
            Id::Span(_) | Id::Current | Id::Every | Id::SpanEvent(_) => Signal::Span,
        }
    }

    pub(super) fn words(&self) -> String {
        match self {
            Id::Metric(name) => format!("the metric `{name}`"),
            Id::Log(name) => format!("the log `{name}`"),
            Id::LogText(text) => format!("the log \"{text}\""),
            Id::Span(name) => format!("the span \"{name}\""),
            Id::Current => "what is written onto the running span".to_owned(),
            Id::Every => "what every span has".to_owned(),
            Id::SpanEvent(name) => format!("the span event \"{name}\""),
        }
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Id::Metric(name) | Id::Log(name) | Id::Span(name) | Id::SpanEvent(name) => name,
            Id::LogText(text) => text,
            Id::Current => "current",
            Id::Every => "every",
        }
    }
}

/// The names under which some records have values.
pub(super) fn names(sources: &[Source<'_>]) -> BTreeSet<String> {
    let written = sources.iter().flat_map(|source| source.product.iter().flatten().flatten());
    let names = written.filter_map(|(key, _)| match key {
        Key::Name(name) => Some(name.clone()),
        _ => None,
    });
    names.collect()
}

/// What was to go by now, and what the new contract has.
#[derive(Clone, Copy)]
pub(super) struct Going<'p> {
    pub(super) past: &'p Past<'p>,
    pub(super) new: &'p BTreeMap<Id, Vec<Source<'p>>>,
}

/// All records of a contract; without those of what was to go by now, and its values, where such is given.
pub(super) fn of<'c>(contract: &'c Contract, going: Option<Going<'_>>) -> BTreeMap<Id, Vec<Source<'c>>> {
    let past = going.map(|going| going.past);
    let mut all: BTreeMap<Id, Vec<Source<'c>>> = BTreeMap::new();
    let mut add = |id, mut source: Source<'c>| {
        if past.is_some_and(|past| past.is(source.until)) {
            return;
        }
        if let Some(Going { past, new }) = going {
            source.leave(past, new.get(&id).map(Vec::as_slice).unwrap_or_default());
        }
        all.entry(id).or_default().push(source);
    };
    for event in &contract.events {
        for metric in &event.metrics {
            add(Id::Metric(metric.name.clone()), of_metric(contract, past, Some(event), metric));
        }
        for log in &event.logs {
            let text = || log.body.as_ref().map_or_else(|| event.full_name(), |text| text.written(|_| ""));
            let id = log.name.clone().map_or_else(|| Id::LogText(text()), Id::Log);
            add(id, of_log(contract, past, event, log));
        }
        if let Some(span) = &event.span {
            let id = match &span.name {
                Some(name) => Id::Span(name.written(|_| "")),
                None if span.every => Id::Every,
                None => Id::Current,
            };
            add(id, of_span(contract, past, event, span));
        }
        for one in &event.span_events {
            add(Id::SpanEvent(one.name.written(|_| "")), of_span_event(contract, past, event, one));
        }
    }
    for metric in &contract.instruments {
        let event = metric.during.map(|id| contract.event(id));
        add(Id::Metric(metric.name.clone()), of_metric(contract, past, event, metric));
    }
    all
}

/// A signal of an event while it is read.
struct Reader<'p, 'c> {
    contract: &'c Contract,
    past: Option<&'p Past<'p>>,
    event: Option<&'c Event>,
    signal: Signal,
    records: Records<'c>,
    /// What each field writes.
    fields: BTreeMap<FieldId, Uses<'c>>,
    product: Product<'c>,
    places: BTreeMap<Key, Place>,
    values: BTreeMap<(Key, String), Place>,
}

/// What is made of a field.
#[derive(Default)]
struct Uses<'c> {
    keys: Vec<(Key, Option<&'c Domain>, bool)>,
    faces: Vec<MeaningId>,
    level: Option<MeaningId>,
}

impl<'p, 'c> Reader<'p, 'c> {
    fn new(
        contract: &'c Contract,
        past: Option<&'p Past<'p>>,
        event: Option<&'c Event>,
        signal: Signal,
        when: Option<&'c When>,
    ) -> Reader<'p, 'c> {
        let records = Records::of(when);
        let (fields, product, places) = (BTreeMap::new(), Vec::new(), BTreeMap::new());
        let values = BTreeMap::new();
        Reader { contract, past, event, signal, records, fields, product, places, values }
    }

    fn at(&mut self, key: &Key, node: Node) {
        if !self.places.contains_key(key) {
            self.places.insert(key.clone(), self.contract.places.place(node));
        }
    }

    fn word(&mut self, key: Key, word: impl Into<String>, node: Node) {
        self.at(&key, node);
        self.product.push(vec![vec![(key, Values::Word(word.into()))]]);
    }

    fn scope(&mut self, scope: crate::ir::ContainerId, node: Node) {
        let container = self.contract.container(scope);
        let said = container.writers.iter().find(|writer| writer.key == "otel.scope.name");
        let name = said.and_then(|writer| match &*writer.source {
            crate::ir::Source::Static(Literal::String(text)) => Some(text.clone()),
            _ => None,
        });
        self.word(Key::Scope, name.unwrap_or_else(|| container.full_name()), node);
    }

    fn writers(&mut self, writers: &'c [SignalWriter]) {
        for writer in writers {
            let key = Key::Name(writer.key.clone());
            match &*writer.value {
                WriterValue::Meaning { field, face } => {
                    let view = self.contract.meaning(*face).view.as_ref();
                    let until = view.and_then(|view| view.until.as_deref());
                    if self.past.is_some_and(|past| past.is(until)) {
                        continue;
                    }
                    self.fields.entry(*field).or_default().faces.push(*face);
                }
                _ if writer.key.is_empty() => {}
                WriterValue::Field(field) => {
                    self.at(&key, writer.node);
                    self.fields.entry(*field).or_default().keys.push((key, writer.domain(), false));
                }
                WriterValue::ToString(field) => {
                    self.at(&key, writer.node);
                    self.fields.entry(*field).or_default().keys.push((key, writer.domain(), true));
                }
                WriterValue::Constant(value) => {
                    self.at(&key, writer.node);
                    let domain =
                        writer.shown_as.as_ref().map(|shown| &*shown.domain).or_else(|| writer.domain());
                    self.product.push(vec![vec![(key, constant(value, domain))]]);
                }
                WriterValue::Observed(_) => {
                    self.at(&key, writer.node);
                    let Some(domain) = writer.domain() else { continue };
                    let values = Values::of(domain, self.past).folded(true);
                    let mut boxes = vec![vec![(key, values)]];
                    boxes.extend(writer.optional.then(Vec::new));
                    self.product.push(boxes);
                }
            }
        }
    }

    fn finish(
        mut self,
        place: Node,
        until: Option<&'c str>,
        instrument: Option<&'c Instrument>,
        otherwise: Option<&'static str>,
    ) -> Source<'c> {
        let level = match self.signal {
            Signal::Log => Key::Severity,
            _ => Key::Status,
        };
        let mut given = false;
        for (id, uses) in std::mem::take(&mut self.fields) {
            let Some(event) = self.event else { continue };
            let field = event.field(id);
            let mut boxes: Vec<Written<'c>> = Vec::new();
            given |= uses.level.is_some();
            match &*field.value {
                FieldValue::Meaning { meaning, .. } => {
                    let variants = &self.contract.meaning(*meaning).variants;
                    for (number, variant) in variants.iter().enumerate() {
                        let is_past = self.past.is_some_and(|past| past.is(variant.until.as_deref()));
                        if !is_past && self.records.has_variant(id, variant) {
                            boxes.push(self.variant(&uses, number, &level, otherwise));
                        }
                    }
                }
                FieldValue::Plain(own) => {
                    let mut one: Written<'c> = Vec::new();
                    for (key, domain, as_text) in &uses.keys {
                        let domain = domain.unwrap_or(own);
                        match (&field.constant, domain.value.object()) {
                            (Some(value), _) if *as_text => {
                                let tag = "string".to_owned();
                                one.push((key.clone(), Values::Constant { value, tag }));
                            }
                            (Some(value), _) => one.push((key.clone(), constant(value, Some(domain)))),
                            (None, Some(members)) => {
                                let Key::Name(name) = key else { continue };
                                of_object(self.past, name, (&domain.value, members), false, &mut one);
                            }
                            (None, None) => {
                                let tests = self.records.tests(id).to_vec();
                                let folds = self.signal == Signal::Metric;
                                let values = Values::of(domain, self.past).read_as_text(*as_text);
                                let values = values.passing(&tests).folded(folds);
                                one.push((key.clone(), values));
                            }
                        }
                    }
                    boxes.push(one);
                }
                FieldValue::Contexts => continue,
            }
            if self.records.may_be_absent(event, id) {
                let default = otherwise.filter(|_| uses.level.is_some());
                boxes
                    .push(Vec::from_iter(default.map(|word| (level.clone(), Values::Word(word.to_owned())))));
            }
            self.product.push(boxes);
        }
        if let Some(word) = otherwise.filter(|_| !given) {
            self.word(level, word, place);
        }
        let place = self.contract.places.place(place);
        let Reader { product, places, values, .. } = self;
        Source { place, until, product, places, values, instrument, log: None }
    }

    /// Of several meanings that give a level the greatest holds: those that may be it, and none where none of them gives one.
    fn greatest<T: Copy + Ord>(
        &self,
        levels: &'c [Leaf<LevelWriter>],
        given: impl Fn(&Variant) -> Option<T>,
    ) -> BTreeSet<Option<T>> {
        let mut faces: BTreeMap<FieldId, Vec<MeaningId>> = BTreeMap::new();
        for level in levels {
            faces.entry(level.field).or_default().push(level.face);
        }
        let mut all = BTreeSet::from([None]);
        for (id, faces) in faces {
            let Some(event) = self.event else { continue };
            let FieldValue::Meaning { meaning, .. } = &*event.field(id).value else { continue };
            let variants = self.contract.meaning(*meaning).variants.iter().enumerate();
            let is_there = |variant: &Variant| {
                let is_past = self.past.is_some_and(|past| past.is(variant.until.as_deref()));
                !is_past && self.records.has_variant(id, variant)
            };
            let of_variant = |number: usize| {
                let shown = faces.iter().filter_map(|face| self.contract.meaning(*face).variants.get(number));
                shown.filter_map(&given).max()
            };
            let there = variants.filter(|(_, variant)| is_there(variant));
            let mut own: BTreeSet<Option<T>> = there.map(|(number, _)| of_variant(number)).collect();
            own.extend(self.records.may_be_absent(event, id).then_some(None));
            all = all.iter().flat_map(|one| own.iter().map(|other| (*one).max(*other))).collect();
        }
        all
    }

    /// Words of the record itself, each of which may stand under a key; none where it is absent.
    fn several(&mut self, key: Key, words: BTreeSet<Option<&'static str>>, node: Node) {
        self.at(&key, node);
        let written = |word: &str| (key.clone(), Values::Word(word.to_owned()));
        self.product.push(words.into_iter().map(|word| word.map(written).into_iter().collect()).collect());
    }

    /// What a variant writes by all faces by which it shows.
    fn variant(
        &mut self,
        uses: &Uses<'c>,
        number: usize,
        level: &Key,
        otherwise: Option<&'static str>,
    ) -> Written<'c> {
        let mut written = Vec::new();
        let contract = self.contract;
        let of = |face: MeaningId| -> Option<&'c Variant> { contract.meaning(face).variants.get(number) };
        for variant in uses.faces.iter().filter_map(|face| of(*face)) {
            for pair in variant.pairs(self.signal) {
                let key = Key::Name(pair.key.clone());
                self.at(&key, pair.node);
                let values = match &*pair.value {
                    PairValue::Constant(value) => {
                        let place = self.contract.places.place(pair.node);
                        self.values.entry((key.clone(), value.value().to_string())).or_insert(place);
                        constant(value, Some(&*pair.domain))
                    }
                    PairValue::Payload(id) => {
                        let domain = &*variant.payload(*id).domain;
                        let folds = self.signal == Signal::Metric;
                        Values::of(domain, self.past).folded(folds)
                    }
                    PairValue::ToString(id) => {
                        let domain = &*variant.payload(*id).domain;
                        Values::of(domain, self.past).read_as_text(true)
                    }
                };
                written.push((key, values));
            }
        }
        if let Some(variant) = uses.level.and_then(of) {
            let word = match self.signal {
                Signal::Log => variant.severity.map(|severity| severity.name()),
                _ => variant.status.map(|status| status.name()),
            };
            if let Some(word) = word.or(otherwise) {
                self.at(level, variant.node);
                let place = self.contract.places.place(variant.node);
                self.values.entry((level.clone(), word.to_owned())).or_insert(place);
                written.push((level.clone(), Values::Word(word.to_owned())));
            }
        }
        written
    }
}

/// A value that is written down, with the type of its key.
fn constant<'c>(value: &'c Literal, domain: Option<&'c Domain>) -> Values<'c> {
    let own = value.value().value_type().to_string();
    let said = domain.map(tag_of).filter(|tag| tag.split(' ').next() == Some(own.as_str()));
    Values::Constant { value, tag: said.unwrap_or(own) }
}

/// What an object writes, by itself and under the names of its members; `lacks` where it may be absent.
fn of_object<'c>(
    past: Option<&Past<'_>>,
    key: &str,
    (value, members): (&Type, &'c [ObjectMember]),
    lacks: bool,
    written: &mut Written<'c>,
) {
    let name = match value {
        Type::ObjectArray(_) => "object[]",
        _ => "object",
    };
    if lacks {
        written.push((Key::Name(key.to_owned()), Values::Nothing));
    }
    written.push((Key::Name(key.to_owned()), Values::Object(name)));
    for member in members {
        let own = format!("{key}.{}", member.name);
        let (value, lacks) = (&member.domain.value, lacks || member.optional);
        match value.object() {
            Some(inner) => of_object(past, &own, (value, inner), lacks, written),
            None => {
                let key = Key::Name(own);
                if lacks {
                    written.push((key.clone(), Values::Nothing));
                }
                written.push((key, Values::of(&member.domain, past)));
            }
        }
    }
}

fn of_metric<'c>(
    contract: &'c Contract,
    past: Option<&Past<'_>>,
    event: Option<&'c Event>,
    metric: &'c Instrument,
) -> Source<'c> {
    let mut reader = Reader::new(contract, past, event, Signal::Metric, metric.when.as_ref());
    reader.scope(*metric.scope, metric.node);
    reader.writers(&metric.writers);
    reader.finish(metric.node, metric.until.as_deref(), Some(metric), None)
}

fn of_log<'c>(contract: &'c Contract, past: Option<&Past<'_>>, event: &'c Event, log: &'c Log) -> Source<'c> {
    let mut reader = Reader::new(contract, past, Some(event), Signal::Log, log.when.as_ref());
    reader.scope(*log.scope, log.node);
    reader.writers(&log.writers);
    let mut otherwise = log.severity.map(|severity| severity.name());
    if let [level] = log.levels.as_slice() {
        reader.fields.entry(level.field).or_default().level = Some(level.face);
    } else if !log.levels.is_empty() {
        let greatest = reader.greatest(&log.levels, |variant| variant.severity);
        let words = greatest.into_iter().map(|one| one.map(Severity::name).or(otherwise));
        reader.several(Key::Severity, words.collect(), log.node);
        otherwise = None;
    }
    Source { log: Some(log), ..reader.finish(log.node, log.until.as_deref(), None, otherwise) }
}

fn of_span<'c>(
    contract: &'c Contract,
    past: Option<&Past<'_>>,
    event: &'c Event,
    span: &'c Span,
) -> Source<'c> {
    let mut reader = Reader::new(contract, past, Some(event), Signal::Span, span.when.as_ref());
    if let Some(scope) = &span.scope {
        reader.scope(**scope, span.node);
    }
    if let Some(name) = &span.name {
        reader.word(Key::SpanKind, span.kind.name(), span.kind_node.unwrap_or(span.node));
        holes(&mut reader, event, &name.parts, span.node);
    }
    reader.writers(&span.writers);
    if let [level] = span.levels.as_slice() {
        reader.fields.entry(level.field).or_default().level = Some(level.face);
    } else if !span.levels.is_empty() {
        let greatest = reader.greatest(&span.levels, |variant| variant.status);
        reader.several(
            Key::Status,
            greatest.into_iter().map(|one| one.map(Status::name)).collect(),
            span.node,
        );
    }
    reader.finish(span.node, None, None, None)
}

fn of_span_event<'c>(
    contract: &'c Contract,
    past: Option<&Past<'_>>,
    event: &'c Event,
    one: &'c SpanEvent,
) -> Source<'c> {
    let mut reader = Reader::new(contract, past, Some(event), Signal::Span, one.when.as_ref());
    holes(&mut reader, event, &one.name.parts, one.node);
    reader.writers(&one.writers);
    reader.finish(one.node, None, None, None)
}

/// The values in a name.
fn holes<'c>(reader: &mut Reader<'_, 'c>, event: &'c Event, parts: &[TextPart], node: Node) {
    let fields = parts.iter().filter_map(|part| match part {
        TextPart::Value(field) => Some(*field),
        TextPart::Known(_) => None,
    });
    for (number, field) in fields.enumerate() {
        let FieldValue::Plain(domain) = &*event.field(field).value else { continue };
        let key = Key::Hole(number);
        reader.at(&key, node);
        reader.fields.entry(field).or_default().keys.push((key, Some(domain), true));
    }
}
