//! Makes contracts up. They are well formed but for what the proofs are about: any other finding would hide these.

use proptest::collection::vec;
use proptest::prelude::*;
use slo_model::names::{MetricKind, PrometheusWay, TranslationStrategy};

use crate::proofs::model::{
    ATTRIBUTES, Block, CONVENTION, CONVENTION_LABELS, CONVENTION_UNIT, Change, Contract, Domain, Event, Face,
    Field, Holds, Instrument, Item, LOCALS, Literal, Log, Lossy, Meaning, Metric, Observed, Pair, PairValue,
    Passes, Payload, Promise, Running, SCOPES, Scalar, Signal, Span, SpanEvent, Test, Variant, View,
    attribute_of, domain_of,
};
use crate::proofs::records::{World, label_values};

/// The records of an event that are listed at most.
const MOST_RECORDS: usize = 1_000;

pub(crate) fn contracts() -> impl Strategy<Value = Contract> {
    // A list for each part, so that what shrinks in one leaves the others alone.
    let rolls = vec(0..1_000_u32, 0..200).prop_map(|rolls| Dice { rolls: rolls.into_iter() });
    vec(rolls, 7).prop_map(contract)
}

/// Numbers to choose by. Fewer and smaller ones make a simpler contract, so that a failure shrinks.
#[derive(Clone, Debug)]
struct Dice {
    rolls: std::vec::IntoIter<u32>,
}

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.rolls.next().unwrap_or(0) as usize % sides
    }

    /// True once in so many times.
    fn once_in(&mut self, sides: usize) -> bool {
        self.below(sides) == sides - 1
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// At least one of these, in their order.
    fn some(&mut self, of: usize) -> Vec<usize> {
        let first = self.below(of);
        (0..of).filter(|one| *one == first || self.once_in(3)).collect()
    }
}

fn contract(lists: Vec<Dice>) -> Contract {
    let mut lists = lists.into_iter();
    let mut next = || lists.next().unwrap_or(Dice { rolls: Vec::new().into_iter() });
    let mut dice = next();
    let mut contract = Contract {
        prometheus: !dice.once_in(5),
        logs: !dice.once_in(4),
        strategy: dice.pick(&TranslationStrategy::ALL),
        promoted: promoted(&mut dice),
        way: PrometheusWay::Otlp,
        separate_stores: false,
        meanings: Vec::new(),
        views: Vec::new(),
        events: Vec::new(),
        observed: Vec::new(),
        running: Vec::new(),
    };
    let (meanings, views, events) = (1 + dice.below(2), dice.below(2), 1 + dice.below(2));
    if contract.prometheus && dice.once_in(2) {
        contract.way = dice.pick(&PrometheusWay::ALL);
    }
    contract.separate_stores = dice.once_in(3);
    for number in 0..2 {
        let mut dice = next();
        if number < meanings {
            let meaning = meaning(&mut dice, number);
            contract.meanings.push(meaning);
        }
    }
    let mut dice = next();
    if views > 0 {
        let view = view(&mut dice, &contract);
        contract.views.push(view);
    }
    for number in 0..2 {
        let mut dice = next();
        if number < events {
            let event = event(&mut dice, &contract, number);
            contract.events.push(event);
        }
    }
    instruments(&mut next(), &mut contract);
    contract
}

fn promoted(dice: &mut Dice) -> Vec<&'static str> {
    let lists: [&[&str]; 6] = [&["k.x"], &["k_x"], &["s"], &["k.colour"], &["k.x", "k_x"], &["k.x", "名前"]];
    if dice.once_in(6) { dice.pick(&lists).to_vec() } else { Vec::new() }
}

// Meanings

const MAIN: [&str; 7] = ["s", "k.x", "k.colour", "n", "k_x", "k.x.y", "k.truth"];
const OTHER_MAIN: [&str; 3] = ["u", "m", "k.number"];

fn meaning(dice: &mut Dice, number: usize) -> Meaning {
    let spread = (number > 0 && dice.once_in(8)).then_some(0);
    // The key that tells the variants apart, on each signal.
    let keys = Signal::ALL.map(|_| {
        let clashing = number == 0 || dice.once_in(4);
        dice.pick(if clashing { &MAIN } else { OTHER_MAIN.as_slice() })
    });
    let mut variants: Vec<Variant> = Vec::new();
    for place in 0..=dice.below(4) {
        let name = ["Ada", "Bea", "Cleo", "Dora", "Emma", "Fay", "Gina", "Hope"][number * 4 + place];
        let variant = variant(dice, name, number, place, keys, variants.last());
        variants.push(variant);
    }
    let mut meaning = Meaning { name: format!("Outcome{number}"), spread, variants, lossy: Vec::new() };
    if spread.is_none() && meaning.variants.len() > 1 {
        meaning.lossy = lossy(dice, &mut meaning.variants);
    }
    meaning
}

/// Merges variants, mostly such as are alike.
fn lossy(dice: &mut Dice, variants: &mut [Variant]) -> Vec<Lossy> {
    let mut all = Vec::new();
    for signal in Signal::ALL {
        if !dice.once_in(8) {
            continue;
        }
        let merged = dice.some(variants.len());
        let block = variants[merged[0]].blocks[signal as usize].clone();
        for other in &merged[1..] {
            if !carries(&block) && !dice.once_in(4) && variants[*other].payload.is_empty() {
                variants[*other].blocks[signal as usize] = block.clone();
                if matches!(block, Block::None) {
                    silence(&mut variants[*other], signal);
                }
            }
        }
        if merged.len() > 1 {
            all.push(Lossy { signal, variants: merged });
        }
    }
    all
}

/// What doesn't show on a signal gives it no level.
fn silence(variant: &mut Variant, signal: Signal) {
    match signal {
        Signal::Metric => {}
        Signal::Log => variant.severity = None,
        Signal::Span => variant.status = None,
    }
}

fn carries(block: &Block) -> bool {
    match block {
        Block::Pairs(pairs) => pairs.iter().any(|pair| !matches!(pair.value, PairValue::Constant(_))),
        Block::Unsaid | Block::None => false,
    }
}

fn variant(
    dice: &mut Dice,
    name: &str,
    number: usize,
    place: usize,
    keys: [&'static str; 3],
    before: Option<&Variant>,
) -> Variant {
    let mut payload = Vec::new();
    for name in if number == 0 { ["code", "part"] } else { ["rest", "size"] } {
        if !dice.once_in(3) {
            break;
        }
        payload.push(payload_of(dice, name));
    }
    let mut blocks = keys.map(|key| block(dice, key, place, &payload));
    if let Some(before) = before.filter(|before| !before.blocks.iter().any(carries) && dice.once_in(20)) {
        blocks = before.blocks.clone();
    }
    let all = dice.once_in(8).then(|| pairs(dice, keys[0], place, &payload));
    if all.is_some() {
        blocks = blocks.map(|block| if dice.once_in(3) { block } else { Block::Unsaid });
    }
    let silent = |block: &Block| matches!(block, Block::None);
    let severity = (!silent(&blocks[1]) && dice.once_in(2))
        .then(|| dice.pick(&["info", "warn", "error", "unspecified"]));
    let status = (!silent(&blocks[2]) && dice.once_in(3)).then(|| dice.pick(&["error", "ok"]));
    Variant { name: name.to_owned(), payload, all, blocks, severity, status }
}

fn payload_of(dice: &mut Dice, name: &'static str) -> Payload {
    let low = dice.pick(&[0, 1, 2]);
    let domain = match dice.below(16) {
        0..=4 => Domain::Ints(low, low + dice.pick(&[0, 1, 2])),
        5 => Domain::Holes(0, 3, dice.pick(&[&[0], &[1, 3], &[0, 1, 2]])),
        6 | 7 => Domain::Bool,
        8 | 9 => Domain::Only(&["x", "y"]),
        10 | 11 => Domain::Only(&["1", "z"]),
        12 => return Payload { name, attribute: Some("k.colour"), domain: domain_of("k.colour") },
        13 => Domain::Ints(0, 4_000),
        14 => Domain::Int,
        _ => Domain::Text,
    };
    Payload { name, attribute: None, domain }
}

fn block(dice: &mut Dice, key: &'static str, place: usize, payload: &[Payload]) -> Block {
    match dice.below(40) {
        39 => Block::Unsaid,
        36..=38 => Block::None,
        35 => Block::Pairs(Vec::new()),
        30..=34 => {
            let chosen = dice.below(SHOWN.len());
            let key = SHOWN[chosen];
            let place = dice.below(4);
            Block::Pairs(pairs(dice, key, place, payload))
        }
        _ => Block::Pairs(pairs(dice, key, place, payload)),
    }
}

/// The keys of meanings, those first that make no trouble.
const SHOWN: [&str; 15] = [
    "t",
    "k.x",
    "k.colour",
    "k.truth",
    "s",
    "b",
    "k.rough",
    "k_x",
    "k.x_y",
    "k.x.y",
    "k_x_y",
    "k",
    "job",
    "otel.scope.place",
    "otel.metric.overflow",
];

/// The keys that payloads are written to, but for those that make no trouble.
const CARRIERS: [&str; 7] = ["b", "k.colour", "k.rough", "k.number", "k.truth", "s", "k_x"];

/// A pair that tells this variant from the others, and mostly one for each payload.
fn pairs(dice: &mut Dice, key: &'static str, place: usize, payload: &[Payload]) -> Vec<Pair> {
    let constants = constants(key);
    let value = PairValue::Constant(constants[place % constants.len()]);
    let mut pairs = vec![Pair { key, value }];
    for (number, carried) in payload.iter().enumerate() {
        let fits = |key: &&&str| payload_value(key, number, carried).is_some();
        let own =
            if ["code", "part"].contains(&payload[number].name) { ["p", "q", "r"] } else { ["g", "h", "j"] };
        let keys: Vec<&str> = own.iter().chain(&own).chain(&CARRIERS).filter(fits).copied().collect();
        let key = dice.pick(&keys);
        let value = payload_value(key, number, carried);
        if let Some(value) = value.filter(|_| !dice.once_in(8)) {
            // In the place of the constant, or beside it.
            pairs.retain(|pair| pair.key != key);
            pairs.push(Pair { key, value });
        }
    }
    if dice.once_in(12) {
        let key = dice.pick(&SHOWN);
        if !pairs.iter().any(|pair| pair.key == key) {
            pairs.push(Pair { key, value: PairValue::Constant(dice.pick(&self::constants(key))) });
        }
    }
    pairs
}

/// Constants that fit a key.
fn constants(key: &str) -> Vec<Literal> {
    match domain_of(key) {
        Domain::Int => [0, 1, 2, 3].map(Literal::Int).into(),
        Domain::Bool => [true, false].map(Literal::Bool).into(),
        Domain::Enum(members) => members.iter().map(|member| Literal::Member(*member)).collect(),
        _ => ["x", "y", "z", "1", ""].map(Literal::Text).into(),
    }
}

/// How a payload stands under a key, if it fits.
fn payload_value(key: &str, number: usize, payload: &Payload) -> Option<PairValue> {
    match domain_of(key) {
        Domain::Enum(_) => (payload.attribute == Some(key)).then_some(PairValue::Payload(number)),
        domain if domain.scalar() == payload.domain.scalar() => Some(PairValue::Payload(number)),
        domain if domain.scalar() == Scalar::Text => Some(PairValue::PayloadText(number)),
        _ => None,
    }
}

fn view(dice: &mut Dice, contract: &Contract) -> View {
    let of = dice.below(contract.meanings.len());
    let variants = contract.variants(of);
    let (signal, key) = (dice.below(3), dice.pick(&["v", "s", "k.x", "k.colour", "n"]));
    let mut changes = Vec::new();
    for number in dice.some(variants.len()) {
        let Variant { payload, severity, status, .. } = variants[number];
        let leveled = [false, severity.is_some(), status.is_some()][signal];
        let mut change = Change {
            variant: number,
            blocks: [Block::Unsaid, Block::Unsaid, Block::Unsaid],
            severity: None,
            status: None,
        };
        match dice.below(8) {
            0..=4 => change.blocks[signal] = Block::Pairs(pairs(dice, key, number, payload)),
            5 if !leveled => change.blocks[signal] = Block::None,
            6 if !matches!(variants[number].blocks[1], Block::None) => change.severity = Some("warn"),
            _ if !matches!(variants[number].blocks[2], Block::None) => change.status = Some("error"),
            _ => change.blocks[0] = Block::Pairs(pairs(dice, key, number, payload)),
        }
        changes.push(change);
    }
    let merged = dice.some(variants.len());
    let lossy = (merged.len() > 1 && dice.once_in(3))
        .then(|| Lossy { signal: Signal::ALL[signal], variants: merged });
    View { name: "Side".to_owned(), of, changes, lossy: lossy.into_iter().collect() }
}

// Events

fn event(dice: &mut Dice, contract: &Contract, number: usize) -> Event {
    let before = contract.events.last().filter(|_| dice.once_in(3));
    let fields = before.map_or_else(|| fields(dice, contract), |event| event.fields.clone());
    let scope = SCOPES[usize::from(number > 0 && dice.once_in(6))];
    let mut event = Event {
        name: format!("Event{number}"),
        scope,
        fields,
        metrics: Vec::new(),
        logs: Vec::new(),
        span: None,
        span_events: Vec::new(),
    };
    if let Some(metric) = before.and_then(|before| before.metrics.first()) {
        let mut metric = metric.clone();
        if dice.once_in(3) {
            metric.items.pop();
        }
        event.metrics.push(metric);
    }
    for place in 0..dice.below(3) {
        let metric = metric(dice, contract, &mut event, number * 2 + place);
        event.metrics.push(metric);
    }
    for _ in 0..dice.pick(&[0, 1, 1, 1, 2, 1, 3, 1]) {
        let log = Log {
            hole: hole(dice, &event),
            severity: (!dice.once_in(6)).then_some("info"),
            max: !dice.once_in(3),
            when: when(dice, contract, &event),
            items: record_items(dice, contract, &event),
        };
        event.logs.push(log);
    }
    if !dice.once_in(3) || event.logs.is_empty() && event.metrics.is_empty() {
        event.span = Some(Span {
            of: promise(dice, contract, &event),
            hole: hole(dice, &event),
            max: !dice.once_in(3),
            when: when(dice, contract, &event),
            items: record_items(dice, contract, &event),
        });
    }
    if dice.once_in(5) {
        let when = when(dice, contract, &event);
        event.span_events.push(SpanEvent { when, items: record_items(dice, contract, &event) });
    }
    event
}

fn fields(dice: &mut Dice, contract: &Contract) -> Vec<Field> {
    let world = World::new(contract);
    let mut fields: Vec<Field> = Vec::new();
    let mut records = 1;
    let mut add = |field: Field, clashing: bool| {
        let values = world.field_values(&field).len();
        let taken = |other: &Field| other.name == field.name || !clashing && other.key() == field.key();
        if records * values <= MOST_RECORDS && !fields.iter().any(taken) {
            records *= values;
            fields.push(field);
        }
    };
    for number in 0..dice.pick(&[1, 1, 2, 1, 0]) {
        let meanings = contract.meanings.len();
        let again = dice.once_in(6);
        if number >= meanings && !again {
            continue;
        }
        let meaning = if again { dice.below(meanings) } else { number };
        let faces = faces(contract, meaning);
        let holds = Holds::Meaning { meaning, face: dice.pick(&faces) };
        let field = Field {
            name: format!("outcome{number}"),
            holds,
            narrowed: None,
            optional: dice.once_in(5),
            constant: None,
            clear: false,
        };
        add(field, false);
    }
    if dice.once_in(2) {
        let holds = Holds::Plain(Domain::Duration);
        let field = Field {
            name: "elapsed".to_owned(),
            holds,
            narrowed: None,
            optional: false,
            constant: None,
            clear: false,
        };
        add(field, false);
    }
    for number in 0..dice.below(4) {
        let field = plain_field(dice, number);
        add(field, dice.once_in(6));
    }
    fields
}

/// How a meaning may show.
fn faces(contract: &Contract, meaning: usize) -> Vec<Face> {
    let views = contract.views.iter().enumerate().filter(|(_, view)| view.of == meaning);
    [Face::Own(meaning)].into_iter().chain(views.map(|(number, _)| Face::View(number))).collect()
}

fn plain_field(dice: &mut Dice, number: usize) -> Field {
    let optional = dice.once_in(4);
    let holds = match dice.below(5) {
        0..=2 => {
            let keys = [
                "k.colour", "f.open", "f.rested", "f.rest", "f.line", "f.port", "k.rough", "k.truth",
                "f.any", "f.count", "f.secret",
            ];
            let key = dice.pick(&keys);
            Holds::Attribute(attribute_of(key).unwrap_or(&ATTRIBUTES[0]))
        }
        _ => Holds::Plain(dice.pick(&[
            Domain::Bool,
            Domain::Ints(0, 3),
            Domain::Holes(0, 9, &[1, 2, 3]),
            Domain::Bounded(20),
            Domain::Only(&["x", "y"]),
            Domain::Only(&["x", ""]),
            Domain::Ints(0, 999),
            Domain::Bounded(400),
            Domain::Ints(0, 1_000),
            Domain::Text,
        ])),
    };
    let narrowed = match holds {
        Holds::Attribute(attribute) if dice.once_in(4) => narrowed(dice, attribute.domain),
        _ => None,
    };
    let domain = match holds {
        Holds::Attribute(attribute) => narrowed.unwrap_or(attribute.domain),
        Holds::Plain(domain) => domain,
        Holds::Meaning { .. } => Domain::Bool,
    };
    let name = match holds {
        // Another event's log may show the name as something else.
        Holds::Plain(_) if dice.once_in(2) => "w".to_owned(),
        Holds::Plain(domain) => local(dice, domain.scalar()).to_owned(),
        _ => format!("field{number}"),
    };
    let constant = match domain {
        Domain::Bool | Domain::Text | Domain::Enum(_) if narrowed.is_none() && dice.once_in(4) => {
            let constants = match domain {
                Domain::Enum(members) => members.iter().map(|member| Literal::Member(*member)).collect(),
                Domain::Bool => vec![Literal::Bool(true), Literal::Bool(false)],
                _ => vec![Literal::Text("x"), Literal::Text("y")],
            };
            Some(dice.pick(&constants))
        }
        _ => None,
    };
    let clear = !dice.once_in(3) && is_secret(holds);
    Field { name, holds, narrowed, optional: optional && constant.is_none(), constant, clear }
}

/// Fewer values than these, where that can be said.
fn narrowed(dice: &mut Dice, domain: Domain) -> Option<Domain> {
    match domain {
        Domain::Text => {
            Some(dice.pick(&[Domain::Only(&["x", "y"]), Domain::Bounded(20), Domain::Bounded(400)]))
        }
        Domain::Int => {
            Some(dice.pick(&[Domain::Ints(0, 3), Domain::Ints(0, 1_000), Domain::OnlyInts(&[80])]))
        }
        Domain::Enum(members) => Some(Domain::Enum(&members[..dice.pick(&[2, 1])])),
        _ => None,
    }
}

fn is_secret(holds: Holds) -> bool {
    matches!(holds, Holds::Attribute(attribute) if attribute.sensitive)
}

/// A name without a declaration, mostly one that makes no trouble.
fn local(dice: &mut Dice, scalar: Scalar) -> &'static str {
    let names: Vec<&str> =
        LOCALS.iter().filter(|(_, other)| *other == scalar).map(|(name, _)| *name).collect();
    let few = if dice.once_in(3) { names.len() } else { names.len().min(2) };
    dice.pick(&names[..few])
}

fn instrument(dice: &mut Dice, event: &Event) -> Instrument {
    const BUCKETS: [&[f64]; 2] = [&[0.1, 1.0], &[0.5]];
    let measures = event.fields.iter().any(|field| field.name == "elapsed") && !dice.once_in(3);
    let kinds: &[MetricKind] = if measures {
        &[MetricKind::Histogram, MetricKind::ExponentialHistogram, MetricKind::Gauge, MetricKind::Counter]
    } else {
        &[MetricKind::Counter, MetricKind::UpDownCounter]
    };
    let kind = dice.pick(kinds);
    let unit = if measures { "s" } else { dice.pick(&["{piece}", "", "1"]) };
    let buckets = if kind == MetricKind::Histogram { dice.pick(&BUCKETS) } else { &[] };
    Instrument { kind, unit, measures, buckets }
}

fn metric(dice: &mut Dice, contract: &Contract, event: &mut Event, number: usize) -> Metric {
    if let Some(before) = event.metrics.last_mut().filter(|_| dice.once_in(3)) {
        return twin(dice, before);
    }
    let name = match dice.below(6) {
        0..=1 => ["work.done", "work.begun", "work.left", "work.lost"][number],
        2 => CONVENTION,
        _ => dice.pick(&["m.x", "m_x", "m", "m_total", "m.x.total", "target.info", "target", "_m"]),
    };
    let recorded = contract.events.iter().flat_map(|event| &event.metrics).chain(&event.metrics);
    let same = recorded.filter(|other| other.name == name).map(|other| other.instrument.clone()).next();
    let instrument = match same {
        _ if name == CONVENTION => {
            Instrument { kind: MetricKind::Counter, unit: CONVENTION_UNIT, measures: false, buckets: &[] }
        }
        Some(same) if !same.measures && !dice.once_in(3) => same,
        _ => instrument(dice, event),
    };
    let (points, limit) = match dice.below(10) {
        5 => (Some(dice.pick(&[1, 2, 3, 4, 6, 8, 12, 20, 400, 1_000])), None),
        6 => (Some(dice.pick(&[2_000, 5_000, 100_000])), None),
        7..=9 => (None, Some(dice.pick(&[1, 100, 2_000, 5_000]))),
        _ => (None, None),
    };
    let when = when(dice, contract, event);
    Metric { name, instrument, points, limit, when, items: labels(dice, contract, event, name) }
}

/// The same metric once more, mostly with a constant that keeps the points apart.
fn twin(dice: &mut Dice, metric: &mut Metric) -> Metric {
    let mut twin = metric.clone();
    let is_constant = |item: &Item| matches!(item, Item::Constant { key: "side", .. });
    metric.items.retain(|item| !is_constant(item));
    twin.items.retain(|item| !is_constant(item));
    let values = dice.pick(&[["left", "right"], ["left", "left"]]);
    for (one, value) in [&mut *metric, &mut twin].into_iter().zip(values) {
        if !dice.once_in(8) {
            one.items.push(Item::Constant { key: "side", value: Literal::Text(value) });
        }
    }
    twin
}

fn labels(dice: &mut Dice, contract: &Contract, event: &Event, metric: &str) -> Vec<Item> {
    let mut items = Vec::new();
    // A metric's label has one type too: names that are shown as something else are for logs and spans.
    let of_its_type = |field: &Field| {
        field.domain().is_none_or(|domain| {
            domain.scalar() == domain_of(field.key()).scalar() || field.name == "elapsed"
        })
    };
    for (number, field) in event.fields.iter().enumerate().filter(|(_, field)| of_its_type(field)) {
        let bounded =
            field.constant.is_some() || field.domain().is_none_or(|domain| label_values(domain).is_some());
        let listed = metric == CONVENTION && CONVENTION_LABELS.contains(&field.key());
        let sound = (bounded || listed) && !is_secret(field.holds);
        if if sound { dice.once_in(2) } else { dice.once_in(7) } {
            items.push(item(dice, contract, event, number));
        }
    }
    if dice.once_in(10) {
        items.extend(once_more(dice, contract, event, &items));
    }
    items.extend(constant(dice, event));
    items
}

/// A field that is listed already, under another name or by another view.
fn once_more(dice: &mut Dice, contract: &Contract, event: &Event, items: &[Item]) -> Option<Item> {
    let fields: Vec<usize> = items
        .iter()
        .filter_map(|item| match item {
            Item::Field { field, .. } => Some(*field),
            Item::Constant { .. } => None,
        })
        .collect();
    let field = *fields.get(dice.below(fields.len().max(1)))?;
    Some(match (event.fields[field].holds, event.fields[field].domain()) {
        (Holds::Meaning { meaning, .. }, _) => {
            Item::Field { field, key: None, face: Some(dice.pick(&faces(contract, meaning))) }
        }
        (_, Some(Domain::Duration) | None) => return None,
        (_, Some(domain)) => Item::Field { field, key: Some(local(dice, domain.scalar())), face: None },
    })
}

/// What is declared of an event's span, if something is: mostly keys that it may write.
fn promise(dice: &mut Dice, contract: &Contract, event: &Event) -> Option<Promise> {
    if !dice.once_in(3) {
        return None;
    }
    let mut keys: Vec<&'static str> = event
        .fields
        .iter()
        .filter_map(|field| match field.holds {
            Holds::Attribute(attribute) => Some(attribute.key),
            _ => None,
        })
        .collect();
    for field in &event.fields {
        let Holds::Meaning { meaning, .. } = field.holds else { continue };
        for variant in contract.variants(meaning) {
            let all = variant.all.iter().flatten();
            let blocks = variant.blocks.iter().filter_map(|block| match block {
                Block::Pairs(pairs) => Some(pairs),
                _ => None,
            });
            let pairs = all.chain(blocks.flatten());
            keys.extend(pairs.map(|pair| pair.key).filter(|key| attribute_of(key).is_some()));
        }
    }
    if dice.once_in(6) {
        keys.push(ATTRIBUTES[dice.below(ATTRIBUTES.len())].key);
    }
    keys.sort_unstable();
    keys.dedup();
    let (required, listed) = keys.into_iter().partition(|_| dice.once_in(3));
    let kind = dice.pick(&["", "internal", "internal", "internal", "internal", "server"]);
    Some(Promise { kind, required, listed, closed: dice.once_in(4) })
}

/// The list of a log or a span: none, or most of the fields.
fn record_items(dice: &mut Dice, contract: &Contract, event: &Event) -> Option<Vec<Item>> {
    if !dice.once_in(3) {
        return None;
    }
    let mut items = Vec::new();
    for number in 0..event.fields.len() {
        if !dice.once_in(6) {
            items.push(item(dice, contract, event, number));
        }
    }
    items.extend(constant(dice, event));
    Some(items)
}

fn item(dice: &mut Dice, contract: &Contract, event: &Event, number: usize) -> Item {
    let field = &event.fields[number];
    match field.domain() {
        None => {
            let Holds::Meaning { meaning, .. } = field.holds else {
                return Item::Field { field: number, key: None, face: None };
            };
            let face = dice.once_in(4).then(|| dice.pick(&faces(contract, meaning)));
            Item::Field { field: number, key: None, face }
        }
        Some(domain) => {
            let key = (domain != Domain::Duration && dice.once_in(8)).then(|| local(dice, domain.scalar()));
            Item::Field { field: number, key, face: None }
        }
    }
}

/// A constant that isn't named like a field, which would be a finding by itself.
fn constant(dice: &mut Dice, event: &Event) -> Option<Item> {
    let key = dice
        .once_in(8)
        .then(|| dice.pick(&["s", "t", "k.x", "k_x", "k.x_y", "job", "名前", "__x", "body"]))?;
    let is_field = event.fields.iter().any(|field| field.name == key);
    let value = Literal::Text(dice.pick(&["x", "x", "x", ""]));
    (!is_field).then_some(Item::Constant { key, value })
}

fn when(dice: &mut Dice, contract: &Contract, event: &Event) -> Vec<Test> {
    let mut tests = Vec::new();
    for _ in 0..dice.pick(&[0, 0, 0, 0, 0, 0, 1, 1, 2]) {
        if event.fields.is_empty() {
            break;
        }
        let field = dice.below(event.fields.len());
        tests.extend(test(dice, contract, event, field));
    }
    tests
}

fn test(dice: &mut Dice, contract: &Contract, event: &Event, number: usize) -> Option<Test> {
    let field = &event.fields[number];
    let members = match (field.holds, field.domain()) {
        (Holds::Meaning { meaning, .. }, _) => contract.variants(meaning).len(),
        (_, domain) => domain.map_or(0, |domain| domain.members().len()),
    };
    let passes = match dice.below(4) {
        0 if members > 0 => Passes::Is(dice.below(members)),
        1 if members > 0 => Passes::In(dice.some(members)),
        2 if members > 0 => Passes::NotIn(dice.some(members)),
        _ if field.optional => Passes::Present,
        _ => return None,
    };
    Some(Test { field: number, passes })
}

fn hole(dice: &mut Dice, event: &Event) -> Option<usize> {
    let fits = |field: &Field| {
        let domain = field.domain().filter(|domain| *domain != Domain::Duration);
        domain.is_some()
    };
    let fields: Vec<usize> = (0..event.fields.len()).filter(|field| fits(&event.fields[*field])).collect();
    (!fields.is_empty() && dice.once_in(4)).then(|| dice.pick(&fields))
}

// Metrics at top level

fn instruments(dice: &mut Dice, contract: &mut Contract) {
    if dice.once_in(5) {
        let name = dice.pick(&[
            "tank.level",
            "m.total",
            "m_bucket",
            "m_sum",
            "work_done_total",
            "m_created",
            "work.done",
        ]);
        let mut keys = Vec::new();
        for key in ["k.colour", "f.line", "k.rough", "f.port", "f.any", "k.x", "k.x_y", "k.x.y"] {
            if dice.once_in(if label_values(domain_of(key)).is_some() { 2 } else { 12 }) {
                keys.push(key);
            }
        }
        let points = dice.once_in(3).then(|| dice.pick(&[4, 12, 50]));
        contract.observed.push(Observed { name, keys, points });
    }
    if dice.once_in(6) {
        let name = dice.pick(&["work.running", "m.x.y", "m_seconds"]);
        let event = dice.below(contract.events.len());
        // What may be set while the event runs is no label here.
        let label = |field: &Field| {
            let domain = field.domain().filter(|_| field.constant.is_none());
            domain.and_then(label_values).is_some() && !field.optional && !is_secret(field.holds)
        };
        let fields = &contract.events[event].fields;
        let fields = (0..fields.len()).filter(|number| label(&fields[*number]) && dice.once_in(2)).collect();
        contract.running.push(Running { name, event, fields });
    }
}
