//! All forms make the same telemetry, or their costs could not be compared.

use crate::kept::Kept;
use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt as _;
use slo_benches::emission::{Attempt, FORMS, Form as _, Outcome, Over, Route, by_hand};

const SPANS: &str = "\
POST /carts/{cart}/pay/{attempt} Server http.route=/carts/{cart}/pay/{attempt} payment.amount=12900 payment.method=wallet payment.result=paid
POST /carts/{cart}/pay/{attempt} Server error http.route=/carts/{cart}/pay/{attempt} payment.amount=12900 payment.error.type=timeout payment.method=wallet
POST /carts/{cart}/pay/{attempt} Server http.route=/carts/{cart}/pay/{attempt} payment.amount=12900 payment.method=wallet payment.risk.action=blocked
POST /shops/42/carts/{cart}/pay Server http.route=/shops/42/carts/{cart}/pay payment.amount=12900 payment.method=wallet payment.result=paid
POST /shops/42/carts/{cart}/pay Server error http.route=/shops/42/carts/{cart}/pay payment.amount=12900 payment.error.type=timeout payment.method=wallet
POST /shops/42/carts/{cart}/pay Server http.route=/shops/42/carts/{cart}/pay payment.amount=12900 payment.method=wallet payment.risk.action=blocked
";

const LOGS: &str = "\
payment.attempt INFO payment attempt http.route=/carts/{cart}/pay/{attempt} payment.amount=Int(12900) payment.method=wallet result=paid
payment.attempt WARN payment attempt error_type=network_timeout http.route=/carts/{cart}/pay/{attempt} payment.amount=Int(12900) payment.method=wallet
payment.attempt WARN payment attempt http.route=/carts/{cart}/pay/{attempt} payment.amount=Int(12900) payment.method=wallet reject_reason=risk_blocked
payment.attempt INFO payment attempt http.route=/shops/42/carts/{cart}/pay payment.amount=Int(12900) payment.method=wallet result=paid
payment.attempt WARN payment attempt error_type=network_timeout http.route=/shops/42/carts/{cart}/pay payment.amount=Int(12900) payment.method=wallet
payment.attempt WARN payment attempt http.route=/shops/42/carts/{cart}/pay payment.amount=Int(12900) payment.method=wallet reject_reason=risk_blocked
";

const METRICS: &str = "\
payment.attempts {attempt} 1 path=/carts/{cart}/pay/{attempt} payment.method=wallet status=ok
payment.attempts {attempt} 1 path=/carts/{cart}/pay/{attempt} payment.method=wallet status=rejected
payment.attempts {attempt} 1 path=/carts/{cart}/pay/{attempt} payment.method=wallet status=timeout
payment.attempts {attempt} 1 path=/shops/42/carts/{cart}/pay payment.method=wallet status=ok
payment.attempts {attempt} 1 path=/shops/42/carts/{cart}/pay payment.method=wallet status=rejected
payment.attempts {attempt} 1 path=/shops/42/carts/{cart}/pay payment.method=wallet status=timeout
payment.duration s 2 in 0.005,0.05,0.5,5 status=ok
payment.duration s 2 in 0.005,0.05,0.5,5 status=rejected
payment.duration s 2 in 0.005,0.05,0.5,5 status=timeout
";

#[test]
fn each_form_records_and_guards_the_same() {
    for (name, make) in FORMS {
        for is_guard in [false, true] {
            let kept = Kept::default();
            let providers = kept.providers();
            let form = make(&providers);
            let _facts = providers.telemetry().context().attach();
            for attempt in [Attempt::at_known_route(), Attempt::at_matched_route()] {
                for outcome in Outcome::ALL {
                    if is_guard {
                        form.guard(&attempt, &mut || outcome);
                    } else {
                        form.record(&attempt, outcome, Over::example());
                    }
                }
            }
            assert_eq!(kept.spans(), SPANS, "{name}, guard: {is_guard}");
            assert_eq!(kept.logs(), LOGS, "{name}, guard: {is_guard}");
            assert_eq!(kept.metrics(), METRICS, "{name}, guard: {is_guard}");
        }
    }
}

#[test]
fn a_record_has_the_times_of_its_fact() {
    for (name, make) in FORMS {
        let kept = Kept::default();
        let over = Over::example();
        let providers = kept.providers();
        let _facts = providers.telemetry().context().attach();
        make(&providers).record(&Attempt::at_known_route(), Outcome::Succeeded, over);
        let spans = kept.spans.lock().unwrap();
        let times: Vec<_> = spans.iter().map(|span| (span.start_time, span.end_time)).collect();
        assert_eq!(times, [(over.start, over.start + over.elapsed)], "{name}");
    }
}

#[test]
fn work_is_under_the_span_of_its_guard() {
    for (name, make) in FORMS {
        let kept = Kept::default();
        let mut during = None;
        let providers = kept.providers();
        let _facts = providers.telemetry().context().attach();
        make(&providers).guard(&Attempt::at_known_route(), &mut || {
            during = Some(Context::current().span().span_context().clone());
            Outcome::Succeeded
        });
        assert_eq!(
            kept.spans.lock().unwrap().first().map(|span| span.span_context.clone()),
            during,
            "{name}"
        );
        assert!(!Context::current().has_active_span(), "{name}");
    }
}

/// The unbound form bounds nothing, as people do.
#[test]
fn past_the_bound_the_bound_form_tells_routes_apart_in_logs_and_spans_only() {
    let kept = Kept::default();
    let providers = kept.providers();
    let form = by_hand::Bound::new(&providers);
    for number in 0..300 {
        let attempt = Attempt { route: Route::matched(number), ..Attempt::at_known_route() };
        form.record(&attempt, Outcome::Succeeded, Over::example());
    }
    // 200 less the three that are known.
    let metrics = kept.metrics();
    assert_eq!(metrics.matches("payment.attempts {attempt} 1 ").count(), 197);
    assert!(metrics.contains("payment.attempts {attempt} 103 path=_OTHER "));
    assert!(kept.spans().ends_with(
        "POST _OTHER Server http.route=/shops/299/carts/{cart}/pay payment.amount=12900 payment.method=wallet \
         payment.result=paid\n"
    ));
    assert!(kept.logs().contains("http.route=/shops/299/carts/{cart}/pay "));
}
