//! How the outcome of a payment is told from what a metric, a log record and a span show.

use std::collections::HashMap;

use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value::Value};
use slo::decode::Projection;

use super::Evidence;
use super::series::Series;
use crate::contracts::fin_pay::PaymentOutcome;
use crate::sent_request::SentRequest;

/// Tells outcomes apart, signal by signal.
pub(super) struct Outcomes {
    pub(super) by_labels: Tell,
    pub(super) by_fields: Tell,
    pub(super) by_attributes: Tell,
}

type Tell = Box<dyn Fn(&[KeyValue]) -> Option<PaymentOutcome>>;

/// By what the compiler generated from the contract.
pub(super) fn inverse() -> Outcomes {
    Outcomes {
        by_labels: Box::new(|pairs| PaymentOutcome::from_metric(&values(pairs)).known()),
        by_fields: Box::new(|pairs| PaymentOutcome::from_log(&values(pairs)).known()),
        by_attributes: Box::new(|pairs| PaymentOutcome::from_span(&values(pairs)).known()),
    }
}

/// Attributes as the inverse reads them.
fn values(pairs: &[KeyValue]) -> Vec<(&str, slo::value::Value<'_>)> {
    let value = |pair: &'_ KeyValue| match pair.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(slo::value::Value::String(text.clone().into())),
        Value::IntValue(number) => Some(slo::value::Value::Int(*number)),
        Value::DoubleValue(number) => Some(slo::value::Value::Double(*number)),
        Value::BoolValue(truth) => Some(slo::value::Value::Bool(*truth)),
        _ => None,
    };
    pairs.iter().filter_map(|pair| Some((pair.key.as_str(), value(pair)?))).collect()
}

/// By what was received itself, where nobody has written down what it means: an attribute tells an outcome where all payments
/// of that outcome show it, and no other payment does. Whoever looks may know the truth, so that whatever can be told is told.
pub(super) fn searched(evidence: &Evidence, counter: &str) -> Outcomes {
    let payments: Vec<&SentRequest> =
        evidence.requests.iter().filter(|request| request.is_payment() && request.answer.is_some()).collect();
    let unanswered: Vec<&SentRequest> =
        evidence.requests.iter().filter(|request| request.answer.is_none()).collect();

    let series = Series::of(evidence, counter);
    let mut labels: Vec<&KeyValue> = Vec::new();
    for label in series.labels().flatten() {
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    let by_labels = found(labels, |label| {
        OUTCOMES.into_iter().find(|outcome| {
            let of_outcome: Vec<&SentRequest> = payments
                .iter()
                .copied()
                .filter(|request| request.outcome().as_ref() == Some(outcome))
                .collect();
            let has = |labels: &[KeyValue]| labels.contains(label);
            of_outcome.len() >= FEWEST && series.counts(&has, &of_outcome, &unanswered)
        })
    });

    let logs = evidence.received.logs.iter().map(|log| (&log.record.trace_id, &log.record.attributes));
    let spans = evidence.received.spans.iter().map(|span| (&span.record.trace_id, &span.record.attributes));
    let by_fields = shown(&payments, logs);
    let by_attributes = shown(&payments, spans);
    Outcomes {
        by_labels: telling(by_labels),
        by_fields: telling(by_fields),
        by_attributes: telling(by_attributes),
    }
}

/// What the reference contract has a word for.
pub(super) const OUTCOMES: [PaymentOutcome; 3] =
    [PaymentOutcome::Succeeded, PaymentOutcome::Timeout, PaymentOutcome::Rejected];

/// Of one payment alone everything tells that it is this one.
const FEWEST: usize = 2;

/// An attribute, and the outcome that it tells.
type Telling = Vec<(KeyValue, PaymentOutcome)>;

fn found<'p>(
    pairs: impl IntoIterator<Item = &'p KeyValue>,
    outcome: impl Fn(&KeyValue) -> Option<PaymentOutcome>,
) -> Telling {
    pairs.into_iter().filter_map(|pair| Some((pair.clone(), outcome(pair)?))).collect()
}

/// The attributes of records that tell an outcome. Payments without a record say nothing against one.
fn shown<'r>(
    payments: &[&SentRequest],
    records: impl Iterator<Item = (&'r Vec<u8>, &'r Vec<KeyValue>)>,
) -> Telling {
    let mut by_trace: HashMap<&[u8], Vec<&KeyValue>> = HashMap::new();
    for (trace, attributes) in records {
        by_trace.entry(trace).or_default().extend(attributes);
    }
    let of = |request: &SentRequest| {
        by_trace.get(request.trace_id.as_slice()).map(Vec::as_slice).unwrap_or_default()
    };
    let with_records: Vec<(&SentRequest, &[&KeyValue])> = payments
        .iter()
        .map(|request| (*request, of(request)))
        .filter(|(_, pairs)| !pairs.is_empty())
        .collect();
    let mut telling = Telling::new();
    for outcome in OUTCOMES {
        let is_own = |request: &SentRequest| request.outcome() == Some(outcome.clone());
        let own: Vec<_> = with_records.iter().filter(|(request, _)| is_own(request)).collect();
        let Some((_, first)) = own.first().filter(|_| own.len() >= FEWEST) else { continue };
        for pair in *first {
            let by_all = own.iter().all(|(_, pairs)| pairs.contains(pair));
            let by_others =
                with_records.iter().any(|(request, pairs)| !is_own(request) && pairs.contains(pair));
            if by_all && !by_others {
                telling.push(((*pair).clone(), outcome.clone()));
            }
        }
    }
    telling
}

/// Tells an outcome where exactly one is told.
fn telling(telling: Telling) -> Tell {
    Box::new(move |pairs| {
        let mut told = telling.iter().filter(|(pair, _)| pairs.contains(pair)).map(|(_, outcome)| outcome);
        let first = told.next()?;
        told.all(|other| other == first).then(|| first.clone())
    })
}

/// The text of a value, where it is one.
pub(super) fn text(value: Option<&AnyValue>) -> Option<&str> {
    match value?.value.as_ref()? {
        Value::StringValue(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::{Scene, pair, point, text};
    use super::*;

    #[test]
    fn the_inverse_tells_what_the_contract_says() {
        let outcomes = inverse();
        assert_eq!((outcomes.by_labels)(&[pair("status", text("timeout"))]), Some(PaymentOutcome::Timeout));
        let refused = [pair("reject_reason", text("risk_blocked")), pair("n", Value::IntValue(1))];
        assert_eq!((outcomes.by_fields)(&refused), Some(PaymentOutcome::Rejected));
        let paid = [pair("payment.result", text("paid"))];
        assert_eq!((outcomes.by_attributes)(&paid), Some(PaymentOutcome::Succeeded));
        assert_eq!((outcomes.by_attributes)(&[pair("http.status_code", Value::IntValue(200))]), None);
    }

    /// Two payments that went well, and two each that timed out, were refused and broke.
    fn payments() -> (Scene, Vec<(usize, u16)>) {
        let mut scene = Scene::new();
        let requests = [200, 200, 504, 504, 402, 402, 500, 500].map(|status| (scene.request(status), status));
        (scene, requests.to_vec())
    }

    #[test]
    fn what_all_of_an_outcome_show_and_no_other_tells_it() {
        let (mut scene, requests) = payments();
        for (request, status) in requests {
            scene.log(request, 20, |log| {
                log.attributes.push(pair("ok", Value::BoolValue(status == 200)));
                log.attributes.push(pair("order", text(&format!("{request}"))));
            });
            scene
                .span(request, 20, |span| span.attributes.push(pair("code", Value::IntValue(status.into()))));
        }
        scene.counter("payments", 30, &[point("status", text("ok"), 2), point("status", text("failed"), 6)]);
        let outcomes = searched(&scene.evidence(), "payments");
        let ok = Some(PaymentOutcome::Succeeded);
        assert_eq!((outcomes.by_labels)(&[pair("status", text("ok"))]), ok);
        assert_eq!((outcomes.by_labels)(&[pair("status", text("failed"))]), None);
        assert_eq!((outcomes.by_fields)(&[pair("ok", Value::BoolValue(true))]), ok);
        assert_eq!((outcomes.by_fields)(&[pair("ok", Value::BoolValue(false))]), None);
        assert_eq!((outcomes.by_fields)(&[pair("order", text("0"))]), None);
        let codes =
            [200, 504, 402, 500].map(|code| (outcomes.by_attributes)(&[pair("code", Value::IntValue(code))]));
        assert_eq!(codes, [ok, Some(PaymentOutcome::Timeout), Some(PaymentOutcome::Rejected), None]);
    }

    #[test]
    fn a_point_that_counts_others_too_tells_nothing() {
        let (mut scene, _) = payments();
        scene.counter("payments", 30, &[point("status", text("ok"), 3)]);
        let outcomes = searched(&scene.evidence(), "payments");
        assert_eq!((outcomes.by_labels)(&[pair("status", text("ok"))]), None);
    }

    #[test]
    fn one_payment_alone_tells_nothing_of_its_outcome() {
        let mut scene = Scene::new();
        let request = scene.request(200);
        scene.log(request, 20, |log| log.attributes.push(pair("order", text("0"))));
        let outcomes = searched(&scene.evidence(), "payments");
        assert_eq!((outcomes.by_fields)(&[pair("order", text("0"))]), None);
    }
}
