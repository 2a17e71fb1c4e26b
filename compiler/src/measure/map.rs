//! What a variant shows on a signal: keys with constants, and with what its payloads may be.

use crate::hash::HashMap;

use slo_model::names::PrometheusNaming;

use super::distinct::{Distinct, distinct};
use super::set::Set;
use super::texts::{EMPTY, Text, Texts, of_number};
use crate::ir::{
    Contract, Domain, Leaf, Literal, Pair, PairValue, Payload, PayloadId, Scalar, Signal, Target, Type,
    Variant,
};

/// How two maps are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// As the labels of a metric's point: a label that is absent is a value of its own.
    Point,
    /// As labels under Prometheus, where an empty label counts as absent.
    PrometheusPoint,
    /// As the attributes of a log record or a span, which are found by some of them.
    Record,
}

impl Reading {
    /// How a signal's maps are compared. On metrics Prometheus joins all that OTLP joins, and more.
    pub(crate) fn of<E>(contract: &Contract<E>, signal: Signal) -> Reading {
        match signal {
            Signal::Metric if contract.targets.contains(&Target::Prometheus) => Reading::PrometheusPoint,
            Signal::Metric => Reading::Point,
            Signal::Log | Signal::Span => Reading::Record,
        }
    }
}

/// The number of a key.
pub(crate) type Key = u32;

/// The number of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SetNumber(u32);

/// What stands under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Cell {
    /// Always this.
    Constant(Text),
    /// The variable of this number.
    Variable(u32),
    /// What can't be known.
    Unknown,
}

/// A set of numbers by their last eight bits: one that is not within another holds a number that the other lacks.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sketch([u64; 4]);

impl Sketch {
    fn of(numbers: impl Iterator<Item = u32>) -> Sketch {
        let mut all = Sketch::default();
        for number in numbers {
            all.0[(number / 64 % 4) as usize] |= 1 << (number % 64);
        }
        all
    }

    /// Whether all of it may be in another.
    pub(crate) fn within(&self, other: &Sketch) -> bool {
        let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
        (a & !e) | (b & !f) | (c & !g) | (d & !h) == 0
    }
}

/// What a variant shows on a signal.
#[derive(Debug)]
pub(crate) struct Map {
    /// By key, each once.
    pub(crate) cells: Vec<(Key, Cell)>,
    /// The texts that each variable may have, in the order in which the cells name them. None where that can't be
    /// known.
    pub(crate) variables: Vec<Option<SetNumber>>,
    /// The keys that it may show.
    pub(crate) may: Sketch,
    /// The keys that it always shows.
    pub(crate) must: Sketch,
    /// The keys with their constants.
    pub(crate) constants: Sketch,
}

impl Map {
    /// The texts that a cell's variable may have.
    pub(crate) fn set<'s>(&self, cell: Cell, space: &'s Space<'_>) -> Option<&'s Set> {
        let Cell::Variable(number) = cell else { return None };
        space.set((*self.variables.get(number as usize)?)?)
    }

    /// Whether a cell never holds the empty text.
    pub(crate) fn always_shows(&self, cell: Cell, space: &Space<'_>) -> bool {
        match cell {
            Cell::Constant(text) => text != EMPTY,
            Cell::Variable(_) => self.set(cell, space).is_some_and(|set| !set.contains(EMPTY, &space.texts)),
            Cell::Unknown => false,
        }
    }

    /// Whether something of it can't be known.
    pub(crate) fn is_unknown(&self) -> bool {
        self.variables.contains(&None) || self.cells.iter().any(|(_, cell)| *cell == Cell::Unknown)
    }
}

/// The keys, texts and sets of a meaning by their numbers.
pub(crate) struct Space<'m> {
    pub(crate) texts: Texts<'m>,
    /// How Prometheus names the labels of keys.
    naming: PrometheusNaming,
    keys: HashMap<&'m str, Key>,
    /// The keys as Prometheus's labels: those that become one are one.
    labels: HashMap<&'m str, Key>,
    by_label: HashMap<String, Key>,
    numbers: HashMap<Set, SetNumber>,
    sets: Vec<Set>,
    /// The set of each payload that was asked for, by where its domain stands: signals ask for the same ones.
    of_payloads: HashMap<*const Domain, Option<Set>>,
}

impl<'m> Space<'m> {
    pub(crate) fn new(naming: PrometheusNaming) -> Space<'m> {
        Space {
            texts: Texts::new(),
            naming,
            keys: HashMap::default(),
            labels: HashMap::default(),
            by_label: HashMap::default(),
            numbers: HashMap::default(),
            sets: Vec::new(),
            of_payloads: HashMap::default(),
        }
    }

    /// The set of this number.
    pub(crate) fn set(&self, number: SetNumber) -> Option<&Set> {
        self.sets.get(number.0 as usize)
    }

    /// What a variant shows on a signal, and the payloads whose variables it has.
    pub(crate) fn map<E>(
        &mut self,
        variant: &'m Variant<E>,
        signal: Signal,
        reading: Reading,
    ) -> (Map, Vec<PayloadId>) {
        let pairs = variant.pairs(signal);
        let mut keyed: Vec<(Key, &'m Pair<E>)> =
            pairs.iter().map(|pair| (self.key(&pair.key, reading), pair)).collect();
        // Of a key that stands twice the first counts: that was reported.
        crate::sort::by_key(&mut keyed, |(key, _)| *key);
        keyed.dedup_by_key(|(key, _)| *key);
        let mut payloads: Vec<PayloadId> = Vec::new();
        let mut cells = Vec::with_capacity(keyed.len());
        for (key, pair) in keyed {
            let cell = match &pair.value {
                Leaf::Unknown(_) => Cell::Unknown,
                Leaf::Known(PairValue::Constant(literal)) => Cell::Constant(self.constant(literal, pair)),
                Leaf::Known(PairValue::Payload(id) | PairValue::ToString(id)) => {
                    let known = payloads.iter().position(|known| known == id);
                    let number = known.unwrap_or_else(|| {
                        payloads.push(*id);
                        payloads.len() - 1
                    });
                    Cell::Variable(number as u32)
                }
            };
            if reading != Reading::PrometheusPoint || cell != Cell::Constant(EMPTY) {
                cells.push((key, cell));
            }
        }
        let variables: Vec<Option<SetNumber>> =
            payloads.iter().map(|id| self.variable(variant, *id, pairs, reading)).collect();
        let (may, must, constants) = Default::default();
        let mut map = Map { cells, variables, may, must, constants };
        map.may = Sketch::of(map.cells.iter().map(|(key, _)| *key));
        let always = |cell| reading != Reading::PrometheusPoint || map.always_shows(cell, self);
        map.must = Sketch::of(map.cells.iter().filter(|(_, cell)| always(*cell)).map(|(key, _)| *key));
        map.constants = Sketch::of(map.cells.iter().filter_map(|(key, cell)| match cell {
            Cell::Constant(text) => Some(key.wrapping_mul(167).wrapping_add(text.number())),
            Cell::Variable(_) | Cell::Unknown => None,
        }));
        (map, payloads)
    }

    /// The number of a key.
    pub(crate) fn key(&mut self, key: &'m str, reading: Reading) -> Key {
        if reading != Reading::PrometheusPoint {
            let next = self.keys.len() as Key;
            return *self.keys.entry(key).or_insert(next);
        }
        if let Some(number) = self.labels.get(key) {
            return *number;
        }
        // A key that has no label was reported, and is told from others by itself.
        let label = self.naming.label(key).unwrap_or_else(|| key.to_owned());
        let next = self.by_label.len() as Key;
        let number = *self.by_label.entry(label).or_insert(next);
        self.labels.insert(key, number);
        number
    }

    fn constant<E>(&mut self, literal: &'m Literal, pair: &Pair<E>) -> Text {
        let double =
            |domain: &Domain| matches!(domain.value, Type::Scalar(Scalar::Double) | Type::Duration(_));
        match literal {
            Literal::Int(number) if pair.domain.known().is_some_and(double) => {
                self.texts.text(of_number(*number as f64))
            }
            _ => self.texts.literal(literal),
        }
    }

    fn variable<E>(
        &mut self,
        variant: &'m Variant<E>,
        id: PayloadId,
        pairs: &'m [Pair<E>],
        reading: Reading,
    ) -> Option<SetNumber> {
        let payload = variant.payload(id);
        let domain: &'m Domain = payload.domain.known()?;
        let known = self.of_payloads.entry(std::ptr::from_ref(domain));
        let mut set = known.or_insert_with(|| Set::of(domain, &mut self.texts)).clone()?;
        if reading != Reading::Record {
            for rest in folded(payload, id, pairs) {
                set = set.and(&rest, &mut self.texts);
            }
        }
        if let Some(number) = self.numbers.get(&set) {
            return Some(*number);
        }
        let number = SetNumber(self.sets.len() as u32);
        self.sets.push(set.clone());
        self.numbers.insert(set, number);
        Some(number)
    }
}

/// What stands on labels for the values of a payload that are folded away: by its own domain, or, where that has no
/// bound, by those of its keys.
fn folded<E>(payload: &Payload<E>, id: PayloadId, pairs: &[Pair<E>]) -> Vec<Literal> {
    let Some(domain) = payload.domain.known() else { return Vec::new() };
    let keys = pairs.iter().filter(|pair| pair.payload() == Some(id));
    let mut of_keys: Vec<Literal> = keys.filter_map(|pair| pair.domain.known()?.rest()).collect();
    // Asked last: to count a list takes longer than all else here.
    if !of_keys.is_empty() && distinct(domain) != Distinct::Unbounded {
        of_keys.clear();
    }
    domain.rest().into_iter().chain(of_keys).collect()
}
