//! Images on a metric.

use super::build::{constant, double, int, meaning, only, payload, range, text, to_string, truth, variant};
use crate::ir::draft::{Bounded, Domain, Leaf, Literal, Meaning, Signal};
use crate::measure::image::image;

fn bounded(values: u64, other: &str) -> Domain {
    Domain { bounded: Some(Bounded { values, other: Literal::String(other.to_owned()) }), ..text() }
}

fn count(face: &Meaning) -> u64 {
    image(face, &|_| true).tuples()
}

#[test]
fn constants_count_once_and_blanks_are_one_tuple() {
    let face = meaning(
        "Outcome",
        vec![
            variant("A").shows(Signal::Metric, [("status", constant("ok"))]),
            variant("B").shows(Signal::Metric, [("status", constant("ok"))]),
            variant("C").shows(Signal::Metric, [("status", constant("late"))]),
            variant("D").shows_nothing(Signal::Metric),
            variant("E"),
        ],
    )
    .merges(Signal::Metric, &["A", "B"]);
    assert_eq!(count(&face), 3);
    assert_eq!(image(&face, &|name| name != "C").tuples(), 2);
    assert_eq!(image(&face, &|_| false).tuples(), 0);
}

#[test]
fn a_payload_counts_by_itself_and_once() {
    let face = meaning(
        "Outcome",
        vec![
            variant("A").carries("code", range(400, 499)).carries("retried", truth()).shows(
                Signal::Metric,
                [("code", to_string("code")), ("again", payload("code")), ("retried", payload("retried"))],
            ),
            variant("B")
                .carries("route", bounded(200, "_OTHER"))
                .shows(Signal::Metric, [("route", payload("route"))]),
        ],
    );
    assert_eq!(count(&face), 200 + 201);
}

#[test]
fn a_payload_without_a_bound_counts_by_its_key() {
    let mut plain = variant("A")
        .carries("route", text())
        .shows(Signal::Metric, [("http.route", payload("route")), ("host", payload("route"))]);
    for (key, values) in [("http.route", 200), ("host", 10)] {
        plain.pair_mut(Signal::Metric, key).unwrap().domain = Leaf::Known(bounded(values, "_OTHER"));
    }
    // Of the route 200 values and the rest, of the host 10 that the route may have folded.
    assert_eq!(count(&meaning("Outcome", vec![plain.clone()])), 211);
    plain.pair_mut(Signal::Metric, "host").unwrap().domain = Leaf::Known(text());
    let face = meaning("Outcome", vec![plain]);
    let image = image(&face, &|_| true);
    let unbounded: Vec<_> =
        image.unbounded.iter().map(|one| (one.pair.key.as_str(), one.payload.name.as_str())).collect();
    assert_eq!(unbounded, [("host", "route")]);
}

#[test]
fn what_is_no_label_has_no_bound() {
    let mut never =
        variant("A").carries("size", double(0.0, 1.0)).shows(Signal::Metric, [("size", payload("size"))]);
    never.pair_mut(Signal::Metric, "size").unwrap().domain = Leaf::Known(bounded(5, "_OTHER"));
    let unknown = variant("B").carries("name", None).shows(Signal::Metric, [("name", payload("name"))]);
    let face = meaning("Outcome", vec![never, unknown]);
    let image = image(&face, &|_| true);
    assert_eq!((image.tuples(), image.unbounded.len()), (0, 1));
}

#[test]
fn merged_payloads_share_their_tuples() {
    let of = |name: &str, low, high| {
        variant(name).carries("code", range(low, high)).shows(Signal::Metric, [("code", payload("code"))])
    };
    let face = meaning(
        "Outcome",
        vec![
            of("A", 0, 99),
            of("B", 50, 149),
            of("C", 1_000, 1_009),
            variant("D").shows(Signal::Metric, [("code", constant(120))]),
        ],
    )
    .merges(Signal::Metric, &["A", "B"])
    .merges(Signal::Metric, &["B", "D"]);
    assert_eq!(count(&face), 150 + 10);
}

#[test]
fn many_merged_tuples_are_added_up() {
    let of = |name: &str| {
        variant(name)
            .carries("code", range(1, 1_000))
            .carries("kind", only(&["a", "b", "c", "d", "e", "f"]))
            .shows(Signal::Metric, [("code", payload("code")), ("kind", payload("kind"))])
    };
    let face = meaning("Outcome", vec![of("A"), of("B")]).merges(Signal::Metric, &["A", "B"]);
    assert_eq!(count(&face), 12_000);
}

#[test]
fn products_saturate() {
    let keys = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let wide = keys.iter().fold(variant("A"), |variant, key| variant.carries(key, range(1, 1_000)));
    let wide = wide.shows(Signal::Metric, keys.map(|key| (key, payload(key))));
    assert_eq!(count(&meaning("Outcome", vec![wide])), u64::MAX);
    let free = variant("A").carries("n", int()).shows(Signal::Metric, [("n", payload("n"))]);
    assert_eq!(image(&meaning("Outcome", vec![free]), &|_| true).unbounded.len(), 1);
}
