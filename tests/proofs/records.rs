//! Lists what can happen under a contract: every record of an event, and what each signal shows of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::proofs::model::{
    Block, Contract, Domain, Event, Face, Field, Holds, Item, LINES, Lossy, Meaning, OTHER, Pair, PairValue,
    Passes, Payload, Signal, Test, View,
};

/// Keys with their values as text.
pub(crate) type Map = BTreeMap<String, String>;

/// What a field is in one record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Value {
    Absent,
    Plain(String),
    Variant { variant: usize, payload: Vec<String> },
}

/// The values of an event's fields, in their order.
pub(crate) type Record = Vec<Value>;

/// A variant as one face shows it.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) payload: Vec<Payload>,
    pub(crate) shown: [Block; 3],
    pub(crate) severity: Option<&'static str>,
    pub(crate) status: Option<&'static str>,
}

impl Shape {
    pub(crate) fn on(&self, signal: Signal) -> &Block {
        &self.shown[signal as usize]
    }

    pub(crate) fn pairs(&self, signal: Signal) -> &[Pair] {
        match self.on(signal) {
            Block::Pairs(pairs) => pairs,
            Block::Unsaid | Block::None => &[],
        }
    }

    /// What a signal shows of it where it carries these values.
    pub(crate) fn map(&self, signal: Signal, payload: &[String]) -> Map {
        let value = |value: &PairValue| match value {
            PairValue::Constant(literal) => literal.text(),
            PairValue::Payload(number) | PairValue::PayloadText(number) => payload[*number].clone(),
        };
        self.pairs(signal).iter().map(|pair| (pair.key.to_owned(), value(&pair.value))).collect()
    }

    /// The payloads that a signal shows, by their numbers.
    pub(crate) fn carried(&self, signal: Signal) -> BTreeSet<usize> {
        let numbers = self.pairs(signal).iter().filter_map(|pair| match pair.value {
            PairValue::Constant(_) => None,
            PairValue::Payload(number) | PairValue::PayloadText(number) => Some(number),
        });
        numbers.collect()
    }
}

/// What puts keys into a signal's record.
#[derive(Clone, Debug)]
pub(crate) enum Writer {
    Field { field: usize, key: String },
    Meaning { field: usize, face: Face },
    Constant { key: String, value: String },
}

impl Writer {
    pub(crate) fn field(&self) -> Option<usize> {
        match self {
            Writer::Field { field, .. } | Writer::Meaning { field, .. } => Some(*field),
            Writer::Constant { .. } => None,
        }
    }
}

/// A contract with its faces, and the texts that matter in it.
pub(crate) struct World<'c> {
    pub(crate) contract: &'c Contract,
    own: Vec<Vec<Shape>>,
    views: Vec<Vec<Shape>>,
    /// What an unlimited text may be: all that the contract says somewhere, and some that it doesn't.
    texts: BTreeSet<String>,
}

impl<'c> World<'c> {
    pub(crate) fn new(contract: &'c Contract) -> World<'c> {
        let own: Vec<_> = (0..contract.meanings.len()).map(|meaning| own_shapes(contract, meaning)).collect();
        let views: Vec<_> = contract.views.iter().map(|view| view_shapes(view, &own[view.of])).collect();
        let mut texts: BTreeSet<String> = ["", "~1", "~2", "-7"].map(str::to_owned).into();
        for shape in own.iter().chain(&views).flatten() {
            for pair in Signal::ALL.iter().flat_map(|signal| shape.pairs(*signal)) {
                if let PairValue::Constant(literal) = pair.value {
                    texts.insert(literal.text());
                }
            }
            // Of a long range, the ends.
            let domains = shape.payload.iter().map(|payload| payload.domain);
            let listed = domains.filter(|domain| is_small(*domain) || matches!(domain, Domain::Ints(..)));
            texts.extend(listed.flat_map(samples));
        }
        World { contract, own, views, texts }
    }

    /// Every meaning and every view.
    pub(crate) fn faces(&self) -> Vec<Face> {
        let meanings = (0..self.contract.meanings.len()).map(Face::Own);
        meanings.chain((0..self.contract.views.len()).map(Face::View)).collect()
    }

    /// The values of a payload: all of them, or all that matter.
    pub(crate) fn values(&self, domain: Domain) -> Vec<String> {
        let numbers = || self.texts.iter().filter_map(|text| text.parse::<i64>().ok());
        match domain {
            Domain::Int => numbers().map(|number| number.to_string()).collect(),
            Domain::Ints(low, high) if !is_small(domain) => {
                let within: BTreeSet<i64> = numbers().chain([low, high]).collect();
                within.range(low..=high).map(i64::to_string).collect()
            }
            Domain::Text | Domain::Bounded(_) | Domain::Open(_) => self.texts.iter().cloned().collect(),
            _ => samples(domain),
        }
    }

    pub(crate) fn shapes(&self, face: Face) -> &[Shape] {
        match face {
            Face::Own(meaning) => &self.own[meaning],
            Face::View(view) => &self.views[view],
        }
    }

    /// What a face merges by its own words, and what it inherits.
    pub(crate) fn lossy(&self, face: Face) -> (Vec<Lossy>, Vec<Lossy>) {
        let meaning = |number: usize| -> &Meaning { &self.contract.meanings[number] };
        let both = |(own, inherited): (Vec<Lossy>, Vec<Lossy>)| [own, inherited].concat();
        match face {
            Face::Own(number) => {
                let own = meaning(number);
                // Its own variants stand behind those that it takes in, which keep their numbers.
                let inherited =
                    own.spread.map(|other| both(self.lossy(Face::Own(other)))).unwrap_or_default();
                (own.lossy.clone(), inherited)
            }
            Face::View(number) => {
                let view = &self.contract.views[number];
                (view.lossy.clone(), both(self.lossy(Face::Own(view.of))))
            }
        }
    }

    /// Every assignment of a shape's payloads.
    pub(crate) fn assignments(&self, shape: &Shape) -> Vec<Vec<String>> {
        product(shape.payload.iter().map(|payload| self.values(payload.domain)))
    }

    /// Every record of an event.
    pub(crate) fn records(&self, event: &Event) -> Vec<Record> {
        product(event.fields.iter().map(|field| self.field_values(field)))
    }

    /// What a field may be.
    pub(crate) fn field_values(&self, field: &Field) -> Vec<Value> {
        let mut values: Vec<Value> = match (field.constant, field.holds) {
            (Some(constant), _) => vec![Value::Plain(constant.text())],
            (None, Holds::Meaning { meaning, .. }) => self.variant_values(meaning),
            (None, _) => plain(field.domain().map(samples).unwrap_or_default()),
        };
        values.extend(field.optional.then_some(Value::Absent));
        values
    }

    fn variant_values(&self, meaning: usize) -> Vec<Value> {
        let values = self.own[meaning].iter().enumerate().flat_map(|(variant, shape)| {
            self.assignments(shape).into_iter().map(move |payload| Value::Variant { variant, payload })
        });
        values.collect()
    }

    /// What writes into a signal: the items of its list, or every field.
    pub(crate) fn writers(&self, event: &Event, items: Option<&Vec<Item>>) -> Vec<Writer> {
        let whole = || {
            let fields = 0..event.fields.len();
            fields.map(|field| Item::Field { field, key: None, face: None }).collect()
        };
        let items: Vec<Item> = items.cloned().unwrap_or_else(whole);
        let writers = items.into_iter().map(|item| match item {
            Item::Constant { key, value } => Writer::Constant { key: key.to_owned(), value: value.text() },
            Item::Field { field, key, face } => match event.fields[field].holds {
                Holds::Meaning { face: own, .. } => Writer::Meaning { field, face: face.unwrap_or(own) },
                _ => {
                    let key = key.unwrap_or(event.fields[field].key()).to_owned();
                    Writer::Field { field, key }
                }
            },
        });
        writers.collect()
    }

    /// What a writer puts into a signal's record.
    pub(crate) fn written(&self, event: &Event, writer: &Writer, signal: Signal, record: &Record) -> Map {
        let pair = |key: &String, value: &String| Map::from([(key.clone(), value.clone())]);
        match writer {
            Writer::Constant { key, value } => pair(key, value),
            Writer::Field { field, key } => match &record[*field] {
                Value::Plain(value) => match event.fields[*field].domain() {
                    Some(domain) if signal == Signal::Metric => pair(key, &folded(domain, value.clone())),
                    _ => pair(key, value),
                },
                _ => Map::new(),
            },
            Writer::Meaning { field, face } => match &record[*field] {
                Value::Variant { variant, payload } => self.shapes(*face)[*variant].map(signal, payload),
                _ => Map::new(),
            },
        }
    }
}

fn own_shapes(contract: &Contract, meaning: usize) -> Vec<Shape> {
    let shapes = contract.variants(meaning).into_iter().map(|variant| {
        let shown = variant.blocks.clone().map(|block| match (block, &variant.all) {
            (Block::Unsaid, Some(pairs)) => Block::Pairs(pairs.clone()),
            (block, _) => block,
        });
        let (severity, status) = (variant.severity, variant.status);
        Shape { payload: variant.payload.clone(), shown, severity, status }
    });
    shapes.collect()
}

fn view_shapes(view: &View, own: &[Shape]) -> Vec<Shape> {
    let mut shapes = own.to_vec();
    for change in &view.changes {
        let shape = &mut shapes[change.variant];
        for (shown, block) in shape.shown.iter_mut().zip(&change.blocks) {
            if !matches!(block, Block::Unsaid) {
                *shown = block.clone();
            }
        }
        shape.severity = change.severity.or(shape.severity);
        shape.status = change.status.or(shape.status);
    }
    shapes
}

fn plain(values: Vec<String>) -> Vec<Value> {
    values.into_iter().map(Value::Plain).collect()
}

/// Whether `samples` are all values.
fn is_small(domain: Domain) -> bool {
    match domain {
        Domain::Ints(low, high) => high - low < 64,
        Domain::Int | Domain::Text | Domain::Bounded(_) | Domain::Open(_) | Domain::Duration => false,
        _ => true,
    }
}

/// The values of a field: all of them where they are few, else as many as make a difference.
pub(crate) fn samples(domain: Domain) -> Vec<String> {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    match domain {
        Domain::Bool => texts(&["false", "true"]),
        Domain::Int => texts(&["1", "-7"]),
        Domain::Ints(low, high) if is_small(domain) => {
            (low..=high).map(|number| number.to_string()).collect()
        }
        Domain::Ints(low, high) => vec![low.to_string(), high.to_string()],
        Domain::Holes(low, high, except) => {
            let left = (low..=high).filter(|number| !except.contains(number));
            left.map(|number| number.to_string()).collect()
        }
        Domain::OnlyInts(only) => only.iter().map(i64::to_string).collect(),
        Domain::Only(only) => texts(only),
        Domain::Lines => texts(&LINES),
        Domain::Text | Domain::Bounded(_) => texts(&["x", "~1"]),
        Domain::Enum(_) => texts(&domain.members()),
        Domain::Open(_) => texts(&[domain.members(), vec!["~rest"]].concat()),
        Domain::Duration => texts(&["0.5"]),
    }
}

/// How many values a label of this domain has. None where that has no bound.
pub(crate) fn label_values(domain: Domain) -> Option<u64> {
    match domain {
        Domain::Int | Domain::Text | Domain::Duration => None,
        Domain::Ints(low, high) => u64::try_from(high - low + 1).ok().filter(|values| *values <= 1_000),
        Domain::Bounded(values) => Some(values + 1),
        _ => {
            let labels: BTreeSet<String> =
                samples(domain).into_iter().map(|value| folded(domain, value)).collect();
            u64::try_from(labels.len()).ok()
        }
    }
}

/// The label of a value: what is beyond an open enum's members folds.
pub(crate) fn folded(domain: Domain, value: String) -> String {
    match domain {
        Domain::Open(_) if !domain.members().contains(&value.as_str()) => OTHER.to_owned(),
        _ => value,
    }
}

/// Every choice of one from each.
fn product<T: Clone>(sets: impl Iterator<Item = Vec<T>>) -> Vec<Vec<T>> {
    sets.fold(vec![Vec::new()], |chosen, set| {
        let more = chosen.iter().flat_map(|begun| {
            set.iter().map(|one| begun.iter().cloned().chain([one.clone()]).collect::<Vec<T>>())
        });
        more.collect()
    })
}

/// Whether a record passes a test.
pub(crate) fn passes(event: &Event, test: &Test, record: &Record) -> bool {
    let members = event.fields[test.field].domain().map(Domain::members).unwrap_or_default();
    let value = &record[test.field];
    let is = |number: &usize| match value {
        Value::Absent => false,
        Value::Plain(text) => members[*number] == text,
        Value::Variant { variant, .. } => variant == number,
    };
    match &test.passes {
        Passes::Is(number) => is(number),
        Passes::In(numbers) => numbers.iter().any(is),
        Passes::NotIn(numbers) => !numbers.iter().any(is),
        Passes::Present => *value != Value::Absent,
    }
}

pub(crate) fn passes_all(event: &Event, when: &[Test], record: &Record) -> bool {
    when.iter().all(|test| passes(event, test, record))
}
