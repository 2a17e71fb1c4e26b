//! Business states are split: the metric says `failed`, the log 500, the span 500; none says what happened.

use std::collections::HashMap;
use std::time::Duration;

use opentelemetry_proto::tonic::common::v1::KeyValue;

use super::series::{Series, Shown};
use super::tell::{self, Outcomes};
use super::{Evidence, Joined, Judged, Names};
use crate::contracts::fin_pay::PaymentOutcome;
use crate::sent_request::SentRequest;

pub(super) const ASKS: &str = "the outcome, from metric, log and span alike";

/// The outcome can be told from the metric, from the log and from the span, and is the true one. The requests are the payments of
/// which the reference contract has a word.
pub(super) fn judge(evidence: &Evidence, names: &Names, outcomes: &Outcomes) -> Judged {
    let series = Series::of(evidence, names.payments);
    let logs = told(
        evidence.received.logs.iter().map(|log| (&log.record.trace_id, &log.record.attributes, log.at)),
        &outcomes.by_fields,
    );
    let spans = told(
        evidence.received.spans.iter().map(|span| (&span.record.trace_id, &span.record.attributes, span.at)),
        &outcomes.by_attributes,
    );
    let requests =
        || evidence.answered().filter_map(|(request, answer)| Some((request, answer, request.outcome()?)));
    let unanswered: Vec<&SentRequest> =
        evidence.requests.iter().filter(|request| request.answer.is_none()).collect();
    let mut shown: Vec<(PaymentOutcome, Shown<'_, '_>)> = Vec::new();
    for outcome in tell::OUTCOMES {
        let says = says(outcomes, &outcome);
        let own: Vec<&SentRequest> =
            requests().filter(|(_, _, own)| *own == outcome).map(|(request, ..)| request).collect();
        if series.counts(&says, &own, &unanswered) {
            shown.push((
                outcome.clone(),
                series.shown(|export| (export.count(&says) > 0).then_some(export.at)),
            ));
        }
    }
    Joined::each(requests().map(|(request, answer, _)| (request, answer)), |request, answer| {
        let outcome = request.outcome()?;
        let (_, metric) = shown.iter().find(|(own, _)| *own == outcome)?;
        let (metric, _) = metric.after(answer)?;
        let log = said(&logs, request, &outcome)?;
        let span = said(&spans, request, &outcome)?;
        Some(metric.max(log).max(span))
    })
}

/// Whether labels say this outcome.
fn says<'o>(outcomes: &'o Outcomes, outcome: &'o PaymentOutcome) -> impl Fn(&[KeyValue]) -> bool + use<'o> {
    move |labels| (outcomes.by_labels)(labels).as_ref() == Some(outcome)
}

/// What the records of each trace say of the payment, and when they came.
type Told<'r> = HashMap<&'r [u8], Vec<(PaymentOutcome, Duration)>>;

fn told<'r>(
    records: impl Iterator<Item = (&'r Vec<u8>, &'r Vec<KeyValue>, Duration)>,
    tell: &dyn Fn(&[KeyValue]) -> Option<PaymentOutcome>,
) -> Told<'r> {
    let mut told = Told::new();
    for (trace, attributes, at) in records {
        if let Some(outcome) = tell(attributes) {
            told.entry(trace.as_slice()).or_default().push((outcome, at));
        }
    }
    told
}

/// When the first record of a request had come that says this outcome, where none says another.
fn said(told: &Told<'_>, request: &SentRequest, outcome: &PaymentOutcome) -> Option<Duration> {
    let said = told.get(request.trace_id.as_slice())?;
    let is_true = said.iter().all(|(own, _)| own == outcome);
    said.iter().map(|(_, at)| *at).min().filter(|_| is_true)
}

#[cfg(test)]
mod tests {
    use super::super::scene::{Scene, joined, pair, point, text};
    use super::super::{CONTRACT, PLAIN};
    use super::*;
    use opentelemetry_proto::tonic::common::v1::any_value::Value;

    #[test]
    fn with_the_contract_each_signal_says_it() {
        let mut scene = Scene::new();
        let (paid, late) = (scene.request(200), scene.request(504));
        scene.log(paid, 20, |log| log.attributes.push(pair("result", text("paid"))));
        scene.span(paid, 25, |span| span.attributes.push(pair("payment.result", text("paid"))));
        scene.log(late, 20, |log| log.attributes.push(pair("error_type", text("network_timeout"))));
        scene.span(late, 20, |span| span.attributes.push(pair("payment.error.type", text("timeout"))));
        // What broke is no payment's outcome; it is neither a request nor counted.
        scene.request(500);
        let counted = [point("status", text("ok"), 1), point("status", text("timeout"), 1)];
        scene.counter("payment.attempts", 60, &counted);
        let judged = judge(&scene.evidence(), &CONTRACT, &tell::inverse());
        assert_eq!(joined(judged), (2, vec![50, 50]));
    }

    #[test]
    fn a_signal_that_says_another_outcome_joins_nothing() {
        let mut scene = Scene::new();
        let [right, wrong_log, no_span] = [200, 200, 200].map(|status| scene.request(status));
        for request in [right, no_span] {
            scene.log(request, 20, |log| log.attributes.push(pair("result", text("paid"))));
        }
        scene.log(wrong_log, 20, |log| log.attributes.push(pair("error_type", text("network_timeout"))));
        for request in [right, wrong_log] {
            scene.span(request, 20, |span| span.attributes.push(pair("payment.result", text("paid"))));
        }
        scene.counter("payment.attempts", 60, &[point("status", text("ok"), 3)]);
        let judged = judge(&scene.evidence(), &CONTRACT, &tell::inverse());
        assert_eq!(joined(judged), (3, vec![50]));
    }

    #[test]
    fn a_metric_that_counts_otherwise_joins_nothing() {
        let mut scene = Scene::new();
        let paid = scene.request(200);
        scene.log(paid, 20, |log| log.attributes.push(pair("result", text("paid"))));
        scene.span(paid, 20, |span| span.attributes.push(pair("payment.result", text("paid"))));
        scene.counter("payment.attempts", 60, &[point("status", text("ok"), 2)]);
        let judged = judge(&scene.evidence(), &CONTRACT, &tell::inverse());
        assert_eq!(joined(judged), (1, vec![]));
    }

    #[test]
    fn usual_instrumentation_tells_what_went_well_and_no_more() {
        let mut scene = Scene::new();
        for status in [200, 200, 504, 504, 402, 402] {
            let request = scene.request(status);
            let logged = if status == 200 { 200 } else { 500 };
            scene.log(request, 20, |log| log.attributes.push(pair("status_code", Value::IntValue(logged))));
            scene.span(request, 20, |span| {
                span.attributes.push(pair("http.status_code", Value::IntValue(status.into())));
            });
        }
        let counted = [point("status", text("ok"), 2), point("status", text("failed"), 4)];
        scene.counter("payment_status", 60, &counted);
        let evidence = scene.evidence();
        let judged = judge(&evidence, &PLAIN, &tell::searched(&evidence, PLAIN.payments));
        assert_eq!(joined(judged), (6, vec![50, 50]));
    }
}
