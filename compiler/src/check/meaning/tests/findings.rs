//! What a person reads.

use super::build::{
    constant, contract, double, int, meaning, only, payload, range, reported, text, text_of, to_string,
    variant,
};
use crate::check::meaning::check;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Domain, Leaf, Literal, Meaning, Scalar, Shown, Signal, Target, Type, Variant};

fn findings(targets: &[Target], meanings: Vec<Meaning>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    check(&contract(targets, meanings), &mut diagnostics);
    diagnostics
}

fn found(face: Meaning) -> Vec<Diagnostic> {
    findings(&[Target::Otlp], vec![face])
}

fn codes(diagnostics: &[Diagnostic]) -> Vec<Code> {
    diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

fn status(name: &str, status: &str) -> Variant {
    variant(name).shows(Signal::Metric, [("status", constant(status))])
}

#[test]
fn two_constants_are_one_point() {
    let diagnostics = found(meaning(
        "PaymentOutcome",
        vec![status("Timeout", "timeout"), status("GatewayDown", "timeout")],
    ));
    let [diagnostic] = diagnostics.as_slice() else { panic!("{diagnostics:?}") };
    assert_eq!(diagnostic.code, Code::Ambiguous);
    assert_eq!(
        diagnostic.message,
        "`Timeout` and `GatewayDown` of `PaymentOutcome` can't be told apart on a metric"
    );
    assert_eq!(diagnostic.notes, ["`Timeout` and `GatewayDown` both show `{ status=\"timeout\" }`"]);
    assert_eq!(
        diagnostic.names,
        ["pay.PaymentOutcome", "PaymentOutcome.Timeout", "PaymentOutcome.GatewayDown", "metric"]
    );
    assert_eq!(
        diagnostic.help.as_deref(),
        Some(
            "give one of them a key or a value of its own, or merge them on purpose: \
             `lossy metric { Timeout, GatewayDown } \"why\"`"
        )
    );
    assert_eq!(diagnostic.labels.len(), 2);
}

#[test]
fn what_is_merged_on_purpose_is_no_finding() {
    let variants = || vec![status("A", "x"), status("B", "x"), status("C", "y")];
    assert!(found(meaning("M", variants()).merges(Signal::Metric, &["A", "B"])).is_empty());
    let idle = found(meaning("M", variants()).merges(Signal::Metric, &["A", "B", "C"]));
    assert_eq!(codes(&idle), [Code::MergesNothing]);
    assert_eq!(idle[0].message, "`C` of `M` is told apart from all that `lossy metric` merges it with");
    let none = found(meaning("M", variants()).merges(Signal::Metric, &["A", "C"]));
    assert_eq!(codes(&none), [Code::Ambiguous, Code::MergesNothing]);
    assert_eq!(none[1].message, "a `lossy metric` of `M` merges nothing: its variants are told apart");
    let other = found(meaning("M", variants()).merges(Signal::Log, &["A", "B"]));
    assert_eq!(codes(&other), [Code::Ambiguous]);
    // A view that tells apart what its meaning merges is no mistake.
    let merging = meaning("M", variants()).merges(Signal::Metric, &["A", "B"]);
    let mut view = merging.view("V");
    view.variants[1] = status("B", "z");
    assert!(findings(&[Target::Otlp], vec![merging, view]).is_empty());
}

#[test]
fn an_overlap_of_payloads_is_shown_by_a_value() {
    let of = |name: &str, low, high| {
        variant(name)
            .carries("code", range(low, high))
            .shows(Signal::Log, [("error.type", to_string("code"))])
    };
    let diagnostics = found(meaning("M", vec![of("Client", 400, 499), of("Server", 450, 599)]));
    assert_eq!(codes(&diagnostics), [Code::Ambiguous]);
    assert_eq!(
        diagnostics[0].notes,
        ["`Client` with `code` 450 and `Server` with `code` 450 both show `{ error.type=\"450\" }`"]
    );
    assert!(found(meaning("M", vec![of("Client", 400, 499), of("Server", 500, 599)])).is_empty());
}

#[test]
fn a_record_that_contains_another_is_found_by_both() {
    let diagnostics = found(meaning(
        "M",
        vec![
            variant("A").carries("code", range(400, 499)).shows(Signal::Log, [("code", payload("code"))]),
            variant("B").shows(Signal::Log, [("code", constant(450)), ("by", constant("gate"))]),
        ],
    ));
    assert_eq!(codes(&diagnostics), [Code::Ambiguous]);
    assert_eq!(
        diagnostics[0].notes,
        ["`A` with `code` 450 shows `{ code=450 }`, `B` shows `{ code=450, by=\"gate\" }`: \
          whoever looks for `A` finds this record of `B` too"]
    );
}

#[test]
fn an_empty_map_is_in_every_one() {
    let empty: [(&str, _); 0] = [];
    let diagnostics = found(meaning(
        "M",
        vec![
            variant("A").shows(Signal::Span, empty),
            variant("B").shows(Signal::Span, [("status", constant("x"))]),
        ],
    ));
    assert_eq!(codes(&diagnostics), [Code::Ambiguous]);
    assert_eq!(
        diagnostics[0].notes,
        ["`A` shows nothing, `B` shows `{ status=\"x\" }`: whoever looks for `A` finds this span of `B` too"]
    );
}

#[test]
fn an_empty_label_is_absent_under_prometheus() {
    let face = || {
        meaning(
            "M",
            vec![
                status("A", "x"),
                variant("B").shows(Signal::Metric, [("status", constant("x")), ("kind", constant(""))]),
                variant("C").carries("name", text()).shows(Signal::Metric, [("kind", payload("name"))]),
                variant("D").shows_nothing(Signal::Metric),
            ],
        )
    };
    assert!(findings(&[Target::Otlp], vec![face()]).is_empty());
    let diagnostics = findings(&[Target::Otlp, Target::Prometheus], vec![face()]);
    assert_eq!(codes(&diagnostics), [Code::Ambiguous; 2]);
    assert_eq!(
        diagnostics[0].notes,
        ["`A` shows `{ status=\"x\" }`, `B` shows `{ status=\"x\", kind=\"\" }`, \
          and Prometheus takes an empty label for an absent one"]
    );
    assert_eq!(
        diagnostics[1].notes,
        ["`C` with `name` \"\" shows `{ kind=\"\" }`, `D` shows nothing, \
          and Prometheus takes an empty label for an absent one"]
    );
}

#[test]
fn two_that_show_nothing() {
    let empty: [(&str, _); 0] = [];
    for signal in Signal::ALL {
        let none = |name: &str| variant(name).shows_nothing(signal);
        let blank = |name: &str| variant(name).shows(signal, empty.clone());
        for pair in [[none("A"), none("B")], [none("A"), blank("B")], [blank("A"), blank("B")]] {
            let diagnostics = found(meaning("M", pair.to_vec()));
            assert_eq!(codes(&diagnostics), [Code::TwoBlank]);
            assert!(diagnostics[0].message.starts_with("`A` and `B` of `M` both show nothing on a "));
            assert!(found(meaning("M", pair.to_vec()).merges(signal, &["A", "B"])).is_empty());
        }
        let shown = variant("B").shows(signal, [("status", constant("x"))]);
        assert!(found(meaning("M", vec![none("A"), shown])).is_empty());
        assert!(found(meaning("M", vec![none("A"), variant("B")])).is_empty());
    }
}

#[test]
fn what_is_not_known_is_passed_over() {
    let unknown = variant("A").carries("p", None).shows(Signal::Log, [("k", payload("p"))]);
    let mut unread = variant("B").shows(Signal::Log, [("k", constant("x"))]);
    unread.pair_mut(Signal::Log, "k").unwrap().value = Leaf::Unknown(reported());
    let plain = variant("C").shows(Signal::Log, [("k", constant("x"))]);
    assert!(found(meaning("M", vec![unknown, unread.clone(), plain.clone()])).is_empty());
    // What isn't known of the greater map doesn't matter where the smaller one is found in it anyway.
    let Some(Shown::Pairs(pairs)) = unread.log.as_mut().map(|log| &mut log.shown) else { panic!() };
    pairs[0].key = "other".to_owned();
    pairs.extend(plain.pairs(Signal::Log).to_vec());
    assert_eq!(codes(&found(meaning("M", vec![plain, unread]))), [Code::Ambiguous]);
}

#[test]
fn values_of_several_types_meet_as_texts() {
    let any = |value| Domain::of(value);
    let anything = || any(Type::Any);
    let strings = || any(Type::Array(Scalar::String));
    let member = |number| crate::ir::draft::Member::of(Literal::Int(number));
    let codes_of = || Domain { members: Some(vec![member(1), member(2)].into()), ..int() };
    let meets = |left: Domain, right: Domain| {
        let of =
            |name: &str, domain| variant(name).carries("p", domain).shows(Signal::Log, [("k", payload("p"))]);
        !found(meaning("M", vec![of("A", left), of("B", right)])).is_empty()
    };
    assert!(meets(range(-5, 9), text_of(1)) && meets(range(100, 199), text_of(3)));
    assert!(!meets(range(10, 99), text_of(1)) && !meets(range(-5, -1), text_of(1)));
    assert!(meets(range(-5, -1), text_of(2)) && !meets(range(-50, -10), text_of(2)));
    assert!(meets(range(1, 5), only(&["x", "5"])) && !meets(range(1, 5), only(&["x", "05"])));
    assert!(meets(int(), range(7, 7)) && !meets(int(), double(0.0, 9.0)));
    assert!(meets(double(0.0, 1.0), double(1.0, 2.0)) && !meets(double(0.0, 1.0), double(1.5, 2.0)));
    assert!(meets(double(0.0, 2.0), only(&["1.50", "1.5"])) && !meets(double(0.0, 2.0), only(&["1.50"])));
    assert!(meets(double(2.25, 2.75), text_of(3)) && !meets(double(2.0, 3.0), text_of(2)));
    assert!(meets(text(), text_of(0)) && meets(anything(), text()) && meets(anything(), strings()));
    assert!(meets(strings(), any(Type::Array(Scalar::Int))) && !meets(strings(), text()));
    assert!(meets(codes_of(), only(&["2"])) && !meets(codes_of(), range(3, 9)));
    assert!(meets(Domain { open: true, ..codes_of() }, range(3, 9)));
    assert!(meets(Domain { range: Some(crate::ir::draft::Range::Int(2, 9)), ..codes_of() }, range(2, 2)));
    assert!(!meets(Domain { range: Some(crate::ir::draft::Range::Int(2, 9)), ..codes_of() }, range(1, 1)));
    let list = |name: &str, literal| variant(name).shows(Signal::Log, [("k", constant(literal))]);
    let one = || list("A", Literal::StringArray(vec!["x".to_owned(), "y".to_owned()]));
    let free = |domain| variant("B").carries("p", domain).shows(Signal::Log, [("k", payload("p"))]);
    assert_eq!(found(meaning("M", vec![one(), free(strings())])).len(), 1);
    assert!(found(meaning("M", vec![one(), free(text())])).is_empty());
}

#[test]
fn what_stands_for_the_rest_is_shared_on_a_metric_alone() {
    let of = |name: &str, low, high, signal| {
        let other = Literal::Int(-1);
        let bounded = Some(crate::ir::draft::Bounded { values: 5, other });
        let domain = Domain { bounded, ..range(low, high) };
        variant(name).carries("code", domain).shows(signal, [("code", payload("code"))])
    };
    let both = |signal| found(meaning("M", vec![of("A", 400, 499, signal), of("B", 500, 599, signal)]));
    assert_eq!(
        both(Signal::Metric)[0].notes,
        ["`A` with `code` -1 and `B` with `code` -1 both show `{ code=-1 }`"]
    );
    assert!(both(Signal::Log).is_empty());
}

#[test]
fn a_payload_is_lost_where_no_signal_writes_it() {
    let lost = variant("A")
        .carries("code", int())
        .carries("name", text())
        .shows(Signal::Metric, [("name", payload("name"))]);
    let face = meaning("M", vec![lost]);
    let mut view = face.view("V");
    view.variants[0] = view.variants[0].clone().shows_nothing(Signal::Metric);
    let diagnostics = findings(&[Target::Otlp], vec![view, face]);
    assert_eq!(codes(&diagnostics), [Code::PayloadLost; 2]);
    assert_eq!(diagnostics[0].message, "no signal of the meaning `M` writes `code` of `A`");
    assert_eq!(
        diagnostics[0].help.as_deref(),
        Some("write it on a signal, such as `log { code = code }`, or take it out")
    );
    assert_eq!(diagnostics[1].message, "no signal of the view `V` writes `name` of `A`");
    assert_eq!(diagnostics[1].names, ["pay.V", "V.A", "name"]);
}

#[test]
fn what_a_view_inherits_is_reported_once() {
    let face = meaning("M", vec![status("A", "x"), status("B", "x"), status("C", "y")]);
    let mut view = face.view("V");
    assert_eq!(findings(&[Target::Otlp], vec![view.clone(), face.clone()]).len(), 1);
    view.variants[2] = status("C", "x");
    let diagnostics = findings(&[Target::Otlp], vec![face, view]);
    let messages: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "`A` and `B` of `M` can't be told apart on a metric",
            "`A` and `C` of `V` can't be told apart on a metric",
            "`B` and `C` of `V` can't be told apart on a metric"
        ]
    );
}

#[test]
fn local_names_that_differ_by_a_letter() {
    let of = |name: &str, key: &str, value: &str| variant(name).shows(Signal::Log, [(key, constant(value))]);
    let diagnostics = found(meaning("M", vec![of("A", "error_type", "x"), of("B", "eror_type", "y")]));
    assert_eq!(codes(&diagnostics), [Code::NearMiss]);
    assert_eq!(diagnostics[0].message, "`error_type` and `eror_type` of `M` differ by one letter");
    assert!(found(meaning("M", vec![of("A", "error.type", "x"), of("B", "eror.type", "y")])).is_empty());
    let apart = of("B", "x", "y").shows(Signal::Metric, [("eror_type", constant("y"))]);
    assert!(found(meaning("M", vec![of("A", "error_type", "x"), apart])).is_empty());
}

#[test]
fn only_what_is_wrong_is_found_in_the_meaning_of_another() {
    let of = |name: &str, key: &str| variant(name).shows(Signal::Log, [(key, constant("x"))]);
    let variants = vec![of("A", "error_type"), of("B", "eror_type"), of("C", "error_type")];
    let face = meaning("M", variants).merges(Signal::Log, &["A", "B"]);
    assert_eq!(codes(&found(face.clone())), [Code::NearMiss, Code::Ambiguous, Code::MergesNothing]);
    let theirs = Meaning { package: "other".to_owned(), ..face };
    assert_eq!(codes(&found(theirs)), [Code::Ambiguous]);
}
