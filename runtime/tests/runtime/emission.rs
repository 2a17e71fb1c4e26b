//! Events on three signals.

use std::time::Duration;

use crate::pay::{Attempt, CONTRACT, Method, Outcome};
use slo::testing::Recorder;
use slo::{Event, Period, Running};

const QUARTER: Duration = Duration::from_millis(250);

#[test]
fn a_fact_that_is_over() {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| {
        recorder.clock().advance(QUARTER);
        Attempt::by(Method::Card, 7, "/pay").with(Outcome::Timeout).record(Period::until_now(QUARTER));
    });
    insta::assert_snapshot!(recorder.recorded(), @r#"
    metric payment.attempts{path="/pay", payment.method="card", status="timeout"} 1
    metric payment.duration{status="timeout"} count 1 sum 0.25
    log payment.attempt WARN "attempt by card" {error_type="network_timeout", http.route="/pay", payment.method="card"} at 0.25s in "POST /pay"
    span "POST /pay" server error {http.route="/pay", payment.amount=7, payment.error.type="timeout", payment.method="card"} from 0s to 0.25s
    "#);
}

#[test]
fn a_fact_that_runs_says_the_same() {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| {
        let mut attempt = Attempt::by(Method::Wallet, 7, "/pay").begin();
        recorder.clock().advance(QUARTER);
        attempt.outcome = Some(Outcome::Declined { code: 2 });
        attempt.end();
    });
    recorder.assert_recorded(|| {
        Attempt::by(Method::Wallet, 7, "/pay")
            .with(Outcome::Declined { code: 2 })
            .record(Period::until_now(QUARTER));
    });
}

#[test]
fn what_nobody_set_is_what_the_contract_says() {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| drop(Attempt::by(Method::Card, 7, "/pay").begin()));
    recorder.assert_recorded(|| {
        Attempt::by(Method::Card, 7, "/pay").with(Outcome::Timeout).record(Period::until_now(Duration::ZERO));
    });
}

#[test]
fn a_running_fact_is_counted_up_and_down_at_one_point() {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| {
        let attempt = Attempt::by(Method::Card, 7, "/pay").begin();
        assert_eq!(recorder.recorded().metrics, [r#"payment.running{payment.method="card"} 1"#]);
        attempt.end();
        assert!(
            recorder.recorded().metrics.contains(&r#"payment.running{payment.method="card"} -1"#.to_owned())
        );
    });
}

#[test]
fn past_a_bound_labels_and_names_show_the_rest_and_attributes_the_value() {
    let recorder = Recorder::new(&CONTRACT);
    let attempt = |route| Attempt::by(Method::Card, 7, route).with(Outcome::Timeout).record(Duration::ZERO);
    recorder.in_scope(|| ["/a", "/b", "/c", "/a"].into_iter().for_each(attempt));
    let said = recorder.recorded();
    assert_eq!(
        said.metrics[..3],
        [
            r#"payment.attempts{path="/a", payment.method="card", status="timeout"} 2"#,
            r#"payment.attempts{path="/b", payment.method="card", status="timeout"} 1"#,
            r#"payment.attempts{path="_OTHER", payment.method="card", status="timeout"} 1"#,
        ]
    );
    let names: Vec<&str> = said.spans.iter().map(|line| line.split(" server").next().unwrap()).collect();
    assert_eq!(names, [r#""POST /a""#, r#""POST /a""#, r#""POST /b""#, r#""POST _OTHER""#]);
    assert!(said.spans[3].contains(r#"http.route="/c""#) && said.logs[3].contains(r#"http.route="/c""#));
    assert_eq!(
        recorder.own("slo.values.folded"),
        [(r#"slo.event="fin.pay.Attempt", slo.field="route""#.to_owned(), 1.0)]
    );
}

#[test]
fn past_a_limit_measurements_go_to_one_point() {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| {
        for amount in [1, 2, 3, 4, 5, 1] {
            Attempt::by(Method::Card, amount, "/pay").with(Outcome::Succeeded).record(Duration::ZERO);
        }
    });
    let said = recorder.recorded();
    let amounts: Vec<&str> =
        said.metrics.iter().filter_map(|line| line.strip_prefix("payment.amounts")).collect();
    assert_eq!(
        amounts,
        [
            "{amount=1} count 2 sum 2",
            "{amount=2} count 1 sum 2",
            "{amount=3} count 1 sum 3",
            "{otel.metric.overflow=true} count 2 sum 9",
        ]
    );
    assert_eq!(
        recorder.own("slo.measurements.overflowed"),
        [(r#"slo.event="fin.pay.Attempt", slo.metric="payment.amounts""#.to_owned(), 2.0)]
    );
}

#[test]
fn what_does_not_fit_is_left_out_counted_and_named() {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| {
        let mut attempt = Attempt::by(Method::Card, 5_000, "/pay").with(Outcome::Declined { code: 3 });
        attempt.later.note = Some("too long".into());
        attempt.record(Duration::ZERO);
        attempt.record(Duration::ZERO);
    });
    // The amount is a measured value and a label, the code a label: neither has anything that stands for it.
    insta::assert_snapshot!(recorder.recorded().to_string().replace("payment.attempt ERROR", "…"), @r#"
    log … "attempt by card" {http.route="/pay", payment.method="card"} at 0s in "POST /pay"
    log … "attempt by card" {http.route="/pay", payment.method="card"} at 0s in "POST /pay"
    span "POST /pay" server error {http.route="/pay", payment.method="card"} from 0s to 0s
    span "POST /pay" server error {http.route="/pay", payment.method="card"} from 0s to 0s
    "#);
    let problems: Vec<String> = recorder.problems().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(problems.join("\n"), @"
    `code` of `fin.pay.Attempt` does not fit: `3` is outside the range `1..=2`
    `amount` of `fin.pay.Attempt` does not fit: `5000` is outside the range `0..=1000`
    `note` of `fin.pay.Attempt` does not fit: 8 characters are more than the 5 that are allowed
    ");
    let invalid: f64 = recorder.own("slo.values.invalid").iter().map(|(_, count)| count).sum();
    assert_eq!(invalid, 6.0);
}

#[test]
fn a_clock_that_is_set_back_changes_no_length() {
    let recorder = Recorder::new(&CONTRACT);
    let begin = slo::Clock::now(recorder.clock());
    recorder.in_scope(|| {
        let attempt = Attempt::by(Method::Card, 7, "/pay").begin();
        recorder.clock().advance(QUARTER);
        recorder.clock().set(begin - Duration::from_secs(3_600));
        attempt.end();
        Attempt::by(Method::Card, 7, "/pay").record(begin..begin - QUARTER);
    });
    let spans = recorder.recorded().spans;
    assert!(spans[0].ends_with("from 0s to 0.25s") || spans[1].ends_with("from 0s to 0.25s"), "{spans:?}");
    assert!(spans[0].ends_with("from 0s to 0s") || spans[1].ends_with("from 0s to 0s"), "{spans:?}");
    assert_eq!(recorder.own("slo.events.backwards").len(), 1);
}

#[test]
fn nothing_is_said_of_what_exporters_do() {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| {
        let _suppressed = opentelemetry::Context::enter_telemetry_suppressed_scope();
        Attempt::by(Method::Card, 7, "/pay").record(Duration::ZERO);
        drop(Attempt::by(Method::Card, 7, "/pay").begin());
    });
    recorder.assert_nothing_recorded();
}

#[test]
fn a_panic_ends_a_fact_once() {
    let recorder = Recorder::new(&CONTRACT);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        recorder.in_scope(|| {
            let _attempt = Attempt::by(Method::Card, 7, "/pay").begin();
            std::panic::resume_unwind(Box::new("the gateway is on fire"));
        });
    }));
    assert!(panicked.is_err());
    let said = recorder.recorded();
    assert_eq!((said.logs.len(), said.spans.len()), (1, 1));
    assert!(said.metrics[0].ends_with(r#"status="timeout"} 1"#), "{said}");
}
