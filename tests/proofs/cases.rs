//! Tiny contracts by hand, whose verdicts anyone can see, so that the oracle itself is held to something.

use std::collections::BTreeSet;

use slo_compiler::diagnostic::Code;
use slo_model::names::{MetricKind, PrometheusWay, TranslationStrategy};

use crate::proofs::model::{
    Block, Contract, Domain, Event, Face, Field, Holds, Instrument, Item, Literal, Log, Lossy, Meaning,
    Metric, Pair, PairValue, Passes, Payload, Signal, Test, Variant,
};
use crate::proofs::oracle::verdict;

fn constant(key: &'static str, value: &'static str) -> Pair {
    Pair { key, value: PairValue::Constant(Literal::Text(value)) }
}

fn carrying(key: &'static str) -> Pair {
    Pair { key, value: PairValue::PayloadText(0) }
}

/// A variant that shows the same pairs on a metric and on a log.
fn variant(name: &str, pairs: &[Pair]) -> Variant {
    let pairs = Block::Pairs(pairs.to_vec());
    let blocks = [pairs.clone(), pairs, Block::Unsaid];
    Variant {
        name: name.to_owned(),
        payload: Vec::new(),
        all: None,
        blocks,
        severity: Some("info"),
        status: None,
    }
}

fn with_code(domain: Domain, variant: Variant) -> Variant {
    Variant { payload: vec![Payload { name: "code", attribute: None, domain }], ..variant }
}

fn hidden(variant: Variant) -> Variant {
    Variant { blocks: [Block::None, Block::None, Block::Unsaid], severity: None, ..variant }
}

fn outcome() -> Field {
    let holds = Holds::Meaning { meaning: 0, face: Face::Own(0) };
    Field { name: "outcome".to_owned(), holds, narrowed: None, optional: false, constant: None, clear: false }
}

fn plain(name: &str, domain: Domain) -> Field {
    Field {
        name: name.to_owned(),
        holds: Holds::Plain(domain),
        narrowed: None,
        optional: false,
        constant: None,
        clear: false,
    }
}

fn item(field: usize) -> Item {
    Item::Field { field, key: None, face: None }
}

fn metric(items: &[Item]) -> Metric {
    let instrument = Instrument { kind: MetricKind::Counter, unit: "", measures: false, buckets: &[] };
    Metric {
        name: "work.done",
        instrument,
        points: None,
        limit: None,
        when: Vec::new(),
        items: items.to_vec(),
    }
}

/// A contract of one meaning and one event, which counts in these metrics and is logged with every field.
fn contract(variants: &[Variant], fields: &[Field], metrics: &[Metric]) -> Contract {
    let outcome =
        Meaning { name: "Outcome".to_owned(), spread: None, variants: variants.to_vec(), lossy: Vec::new() };
    let log = Log { hole: None, severity: Some("info"), max: false, when: Vec::new(), items: None };
    let event = Event {
        name: "Work".to_owned(),
        scope: "Shop",
        fields: fields.to_vec(),
        metrics: metrics.to_vec(),
        logs: vec![log],
        span: None,
        span_events: Vec::new(),
    };
    Contract {
        prometheus: true,
        logs: true,
        strategy: TranslationStrategy::default(),
        promoted: Vec::new(),
        way: PrometheusWay::Otlp,
        separate_stores: false,
        meanings: if variants.is_empty() { Vec::new() } else { vec![outcome] },
        views: Vec::new(),
        events: vec![event],
        observed: Vec::new(),
        running: Vec::new(),
    }
}

/// A contract with these variants, which a metric and the log list.
fn meaning(variants: &[Variant]) -> Contract {
    contract(variants, &[outcome()], &[metric(&[item(0)])])
}

#[track_caller]
fn assert_found(contract: &Contract, codes: &[Code]) {
    let verdict = verdict(contract);
    assert_eq!(verdict.found, codes.iter().copied().collect::<BTreeSet<_>>(), "{}", contract.text());
    assert!(verdict.one_of.is_empty(), "{verdict}");
}

#[test]
fn variants_are_told_apart_by_key_or_value() {
    assert_found(&meaning(&[variant("A", &[constant("s", "x")]), variant("B", &[constant("s", "y")])]), &[]);
    assert_found(&meaning(&[variant("A", &[constant("s", "x")]), variant("B", &[constant("t", "x")])]), &[]);
    let alike = [variant("A", &[constant("s", "x")]), variant("B", &[constant("s", "x")])];
    assert_found(&meaning(&alike), &[Code::Ambiguous]);
}

#[test]
fn more_keys_tell_apart_on_a_metric_alone() {
    let more = [variant("A", &[constant("s", "x")]), variant("B", &[constant("s", "x"), constant("t", "y")])];
    assert_found(&meaning(&more), &[Code::Ambiguous]);
    let metric_alone = more.map(|variant| {
        let [metric, ..] = variant.blocks;
        Variant { blocks: [metric, Block::Unsaid, Block::Unsaid], ..variant }
    });
    assert_found(&meaning(&metric_alone), &[Code::Incomplete]);
}

#[test]
fn payloads_that_overlap_are_alike() {
    let codes = |low, high| with_code(Domain::Ints(low, high), variant("A", &[carrying("s")]));
    assert_found(&meaning(&[codes(0, 3), codes(4, 6)]), &[]);
    assert_found(&meaning(&[codes(0, 3), codes(3, 6)]), &[Code::Ambiguous]);
    assert_found(&meaning(&[codes(0, 3), variant("B", &[constant("s", "3")])]), &[Code::Ambiguous]);
    assert_found(&meaning(&[codes(0, 3), variant("B", &[constant("s", "03")])]), &[]);
    assert_found(
        &meaning(&[with_code(Domain::Bool, variant("A", &[constant("s", "x")]))]),
        &[Code::PayloadLost],
    );
}

#[test]
fn an_empty_label_is_none_under_prometheus() {
    let empty = [variant("A", &[constant("s", "x")]), variant("B", &[constant("s", "x"), constant("t", "")])];
    let mut contract = meaning(&empty);
    contract.events[0].logs.clear();
    contract.meanings[0].variants[1].blocks[1] = Block::Unsaid;
    assert_found(&contract, &[Code::Ambiguous]);
    contract.prometheus = false;
    assert_found(&contract, &[]);
}

#[test]
fn one_variant_may_show_nothing() {
    let shown = variant("A", &[constant("s", "x")]);
    let one = [shown.clone(), hidden(variant("B", &[]))];
    assert_found(&meaning(&one), &[]);
    let two = [shown, hidden(variant("B", &[])), hidden(variant("C", &[]))];
    assert_found(&meaning(&two), &[Code::TwoBlank]);
    let mut optional = meaning(&one);
    optional.events[0].fields[0].optional = true;
    assert_found(&optional, &[Code::BlankOptional]);
    let present = Test { field: 0, passes: Passes::Present };
    optional.events[0].metrics[0].when = vec![present.clone()];
    assert_found(&optional, &[Code::BlankOptional]);
    optional.events[0].logs[0].when = vec![present];
    assert_found(&optional, &[]);
}

#[test]
fn what_is_merged_on_purpose_is_alike() {
    let merged = |values: [&'static str; 2]| {
        let [one, other] = values.map(|value| variant("A", &[constant("s", value)]));
        let mut contract = meaning(&[one, other]);
        contract.events[0].logs.clear();
        for variant in &mut contract.meanings[0].variants {
            variant.blocks[1] = Block::Unsaid;
        }
        contract.meanings[0].lossy = vec![Lossy { signal: Signal::Metric, variants: vec![0, 1] }];
        contract
    };
    assert_found(&merged(["x", "x"]), &[]);
    assert_found(&merged(["x", "y"]), &[Code::MergesNothing]);
}

#[test]
fn keys_meet_in_a_container() {
    let with_field = |name| {
        let variants = [variant("A", &[constant("k.x", "x")])];
        contract(&variants, &[outcome(), plain(name, Domain::Bool)], &[metric(&[item(0), item(1)])])
    };
    assert_found(&with_field("t"), &[]);
    assert_found(&with_field("k_x"), &[Code::Collision]);
    assert_found(&with_field("k.x"), &[Code::KeyTwice]);
    assert_found(&with_field("k"), &[Code::NestedPrefix]);
    assert_found(&with_field("job"), &[Code::Reserved]);
    let mut promoted = with_field("t");
    promoted.promoted = vec!["k-x"];
    assert_found(&promoted, &[Code::Collision]);
    let mut kept = with_field("k_x");
    kept.strategy = TranslationStrategy::NoTranslation;
    assert_found(&kept, &[]);
}

#[test]
fn points_are_counted() {
    let with_points = |points| {
        let fields =
            [plain("f", Domain::Bool), plain("l", Domain::Ints(1, 100)), plain("w", Domain::Bounded(10))];
        let metric = Metric { points: Some(points), ..metric(&[item(0), item(1), item(2)]) };
        contract(&[], &fields, &[metric])
    };
    assert_found(&with_points(2_200), &[]);
    assert_found(&with_points(2_199), &[Code::PointsExceeded]);
    let mut unsaid = with_points(1);
    unsaid.events[0].metrics[0].points = None;
    assert_found(&unsaid, &[Code::NeedsBound]);
    unsaid.events[0].fields[0].optional = true;
    unsaid.events[0].metrics[0].points = Some(3_299);
    assert_found(&unsaid, &[Code::PointsExceeded]);
    unsaid.events[0].fields[2] = plain("w", Domain::Text);
    assert_found(&unsaid, &[Code::Unbounded]);
}

#[test]
fn a_condition_leaves_records_out() {
    let variants = ["x", "y", "z"].map(|value| variant(value, &[constant("s", value)]));
    let with = |passes, points| {
        let when = vec![Test { field: 0, passes }];
        contract(&variants, &[outcome()], &[Metric { when, points: Some(points), ..metric(&[item(0)]) }])
    };
    assert_found(&with(Passes::In(vec![0, 2]), 2), &[]);
    assert_found(&with(Passes::NotIn(vec![0]), 1), &[Code::PointsExceeded]);
    assert_found(&with(Passes::In(vec![0, 1, 2]), 3), &[Code::ConstantCondition]);
    assert_found(&with(Passes::NotIn(vec![0, 1, 2]), 3), &[Code::ConstantCondition]);
    let mut logged = with(Passes::Is(0), 3);
    logged.events[0].logs[0].when = vec![Test { field: 0, passes: Passes::NotIn(vec![0]) }];
    assert_found(&logged, &[Code::LeftOut]);
}

#[test]
fn a_metric_carries_what_the_log_does() {
    let fields = [outcome(), plain("f", Domain::Bool)];
    let mut contract =
        contract(&[variant("A", &[constant("s", "x")])], &fields, &[metric(&[item(0), item(1)])]);
    contract.events[0].logs[0].items = Some(vec![item(0)]);
    assert_found(&contract, &[Code::NotCarried]);
}

#[test]
fn a_log_has_a_severity() {
    let loud = variant("A", &[constant("s", "x")]);
    let silent = Variant { severity: None, ..variant("B", &[constant("s", "y")]) };
    let mut contract = meaning(&[loud, silent]);
    assert_found(&contract, &[]);
    contract.events[0].logs[0].severity = None;
    assert_found(&contract, &[Code::NoSeverity]);
    contract.events[0].logs[0].when = vec![Test { field: 0, passes: Passes::Is(0) }];
    assert_found(&contract, &[Code::LeftOut]);
}

#[test]
fn the_logs_of_an_event_share_its_records() {
    let fields = [plain("f", Domain::Bool)];
    let mut contract = contract(&[], &fields, &[metric(&[item(0)])]);
    let only = |member| vec![Test { field: 0, passes: Passes::Is(member) }];
    let log = contract.events[0].logs[0].clone();
    let mut logs = |whens: [Vec<Test>; 2]| {
        contract.events[0].logs = whens.map(|when| Log { when, ..log.clone() }).into();
        contract.clone()
    };
    assert_found(&logs([only(0), only(1)]), &[]);
    assert_found(&logs([only(0), only(0)]), &[Code::LeftOut, Code::TwoLogs]);
    assert_found(&logs([only(1), Vec::new()]), &[Code::TwoLogs]);
}

#[test]
fn a_meaning_that_is_not_listed_gives_its_severity() {
    let loud = variant("A", &[constant("s", "x")]);
    let silent = Variant { severity: None, ..variant("B", &[constant("s", "y")]) };
    let mut contract = contract(&[loud, silent], &[outcome()], &[]);
    contract.events[0].logs[0].items = Some(Vec::new());
    assert_found(&contract, &[]);
    contract.events[0].logs[0].severity = None;
    assert_found(&contract, &[Code::NoSeverity]);
    contract.events[0].logs[0].when = vec![Test { field: 0, passes: Passes::Is(0) }];
    assert_found(&contract, &[]);
}

#[test]
fn one_metric_counts_a_record_once() {
    let side = |value| Item::Constant { key: "side", value: Literal::Text(value) };
    let two = |one, other| {
        let metrics = [metric(&[item(0), side(one)]), metric(&[item(0), side(other)])];
        contract(&[], &[plain("f", Domain::Bool)], &metrics)
    };
    assert_found(&two("left", "right"), &[]);
    assert_found(&two("left", "left"), &[Code::PointsJoin]);
    let mut apart = two("left", "left");
    for (number, metric) in apart.events[0].metrics.iter_mut().enumerate() {
        metric.when = vec![Test { field: 0, passes: Passes::Is(number) }];
    }
    assert_found(&apart, &[]);
}

#[test]
fn metrics_become_one() {
    let named = |name| Metric { name, ..metric(&[]) };
    let two = |one, other| contract(&[], &[plain("f", Domain::Bool)], &[named(one), named(other)]);
    assert_found(&two("m", "m.x"), &[]);
    assert_found(&two("m", "m_total"), &[Code::MetricsJoin]);
    assert_found(&two("m.x", "m_x"), &[Code::MetricsJoin]);
}
