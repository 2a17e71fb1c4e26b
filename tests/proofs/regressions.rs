//! Contracts that the compiler once judged otherwise than a list of their records.

use std::collections::BTreeSet;

use slo_compiler::diagnostic::Code;
use slo_tests::{compile_text, rendered};

use crate::proofs::reported;

/// Compiles a contract with the scope `Shop` and the attributes that these contracts need.
#[track_caller]
fn assert_found(contract: &str, codes: &[Code]) {
    let head = "package shop\nattribute k.x: string\nattribute k.truth: bool\nscope Shop {}\n";
    let compilation = compile_text(&format!("{head}{contract}"));
    let expected: BTreeSet<Code> = codes.iter().copied().collect();
    assert_eq!(reported(&compilation), expected, "{}", rendered(&compilation));
}

#[test]
fn a_present_range_has_its_points() {
    let contract = |points: u32| {
        format!(
            "event Work in Shop {{
                n: int?, range=0..=999
                metric m: counter, points={points}, when=(n present) {{ n }}
                log work.done: info
            }}"
        )
    };
    assert_found(&contract(1_000), &[]);
    assert_found(&contract(999), &[Code::PointsExceeded]);
}

#[test]
fn a_constant_text_is_one_point() {
    assert_found(
        r#"event Work in Shop {
            w: string = "x"
            v: k.x = "x"
            metric m: counter, points=1 { w, v }
            log work.done: info
            span "work {w} {v}": internal
        }"#,
        &[],
    );
}

#[test]
fn keys_join_in_tuples_as_they_do_in_metrics() {
    assert_found(
        r#"meaning Outcome {
            Ada { metric { k.x = "x" }, log { s = "x" } }
            Bea { metric { k_x = "x" }, log { s = "y" } }
        }"#,
        &[Code::Ambiguous],
    );
}

#[test]
fn a_condition_narrows_a_bool() {
    assert_found(
        "event Work in Shop {
            ok: k.truth
            metric m: counter, points=1, when=(ok == false) { ok }
            log work.done: info
        }",
        &[],
    );
}

#[test]
fn a_condition_may_leave_absence_alone() {
    assert_found(
        "event Work in Shop {
            one: k.truth
            other: k.truth?
            log work.done: info, when=(other not in [false, true])
        }",
        &[],
    );
}

#[test]
fn every_place_of_a_metric_is_compared() {
    assert_found(
        r#"event One in Shop {
            a: bool?
            b: bool
            metric m: counter { a, side = "left" }
            metric m: counter { b, side = "right" }
            log one.done: info
        }
        event Two in Shop {
            a: bool
            metric m: counter { side = "left" }
            log two.done: info
        }"#,
        &[Code::MetricDiffers],
    );
}

#[test]
fn a_view_inherits_what_is_merged() {
    assert_found(
        r#"meaning Outcome {
            Ada { span { t = "x" } }
            Bea { span { s = "y" } }
            Cleo { span { t = "x" } }
            lossy span { Ada, Cleo } "one is enough"
        }
        view Side of Outcome {
            Bea { span { t = "x" } }
            lossy span { Ada, Bea, Cleo } "one is enough"
        }"#,
        &[],
    );
}

#[test]
fn the_overflow_hides_nothing() {
    assert_found(
        r#"attribute otel.metric.overflow: bool
        meaning Outcome {
            Ada(code: int, range=0..=3) { metric { s = "x", otel.metric.overflow = true }, log none }
            Bea { metric { s = "y" }, log { s = "x" } }
        }"#,
        &[Code::PayloadLost],
    );
}

#[test]
fn merged_tuples_count_once() {
    let contract = |points: u32| {
        format!(
            r#"meaning Outcome {{
                Ada {{ metric {{ s = "x" }}, log {{ t = "x" }} }}
                Bea(code: int, range=0..=2) {{ metric {{ s = to_string(code) }}, log {{ t = to_string(code) }} }}
                Cleo {{ metric {{ s = "1" }}, log {{ t = "y" }} }}
                lossy metric {{ Bea, Cleo }} "one is enough"
            }}
            event Work in Shop {{
                outcome: Outcome
                metric m: counter, points={points} {{ outcome }}
                log work.done: info
            }}"#
        )
    };
    assert_found(&contract(4), &[]);
    assert_found(&contract(3), &[Code::PointsExceeded]);
}

#[test]
fn a_key_on_one_signal_says_nothing_of_another() {
    assert_found(
        r#"meaning Outcome {
            Ada { span { k.truth = false } }
            Bea { metric { k.truth = true } }
            Cleo(rest: bool) { span { u = "z", k.truth = rest } }
        }"#,
        &[Code::Ambiguous],
    );
}

#[test]
fn an_open_enum_writes_beyond_its_members() {
    assert_found(
        r#"attribute f.open: enum { red, blue }, open
        event Work in Shop {
            colour: f.open
            w: string, only=["x", "y"]
            metric m: counter, when=(colour not in [red, blue]) { w, colour as w }
            log work.done: info
        }"#,
        &[Code::KeyTwice, Code::TellsNothing],
    );
}
