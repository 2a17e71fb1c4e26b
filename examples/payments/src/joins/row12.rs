//! Aggregation and sampling hide causes: an alert on a metric has no trace to look at.

use std::collections::HashMap;
use std::time::Duration;

use super::series::{Series, says_status};
use super::{Evidence, Joined, Judged, Names};

pub(super) const ASKS: &str = "the metric's point leads to a trace that came";

/// The point that counts the request has an exemplar whose trace has come, and is that of a request that was so answered.
pub(super) fn judge(evidence: &Evidence, names: &Names) -> Judged {
    let series = Series::of(evidence, names.requests);
    let mut traces: HashMap<&[u8], Duration> = HashMap::new();
    for span in &evidence.received.spans {
        let at = traces.entry(span.record.trace_id.as_slice()).or_insert(span.at);
        *at = span.at.min(*at);
    }
    let answers: HashMap<&[u8], u16> =
        evidence.answered().map(|(request, answer)| (request.trace_id.as_slice(), answer.status)).collect();
    let shown = series.shown_by_status(evidence, names, |export, status| {
        let exemplars = export.exemplars(says_status(names.status, status));
        let led = exemplars.map(|exemplar| exemplar.trace_id.as_slice());
        let led =
            led.filter(|trace| answers.get(trace) == Some(&status)).filter_map(|trace| traces.get(trace));
        Some(export.at.max(*led.min()?))
    });
    Joined::each(evidence.answered(), |_, answer| Some(shown.get(&answer.status)?.after(answer)?.0))
}

#[cfg(test)]
mod tests {
    use super::super::scene::{Point, Scene, joined};
    use super::super::{CONTRACT, PLAIN};
    use super::*;
    use opentelemetry_proto::tonic::common::v1::any_value::Value;

    fn counted(names: &Names, status: i64, exemplar: Option<usize>) -> Point<'_> {
        Point { label: (names.status, Value::IntValue(status)), count: 1, exemplar }
    }

    #[test]
    fn a_point_leads_to_a_trace_by_its_exemplar() {
        for names in [&PLAIN, &CONTRACT] {
            let mut scene = Scene::new();
            let [paid, refused, lost] = [200, 402, 500].map(|status| scene.request(status));
            scene.span(paid, 90, |_| {});
            scene.span(refused, 20, |_| {});
            let points = [
                counted(names, 200, Some(paid)),
                counted(names, 402, None),
                // Its trace did not come.
                counted(names, 500, Some(lost)),
            ];
            scene.counter(names.requests, 60, &points);
            assert_eq!(joined(judge(&scene.evidence(), names)), (3, vec![80]));
        }
    }

    #[test]
    fn a_trace_of_another_answer_says_nothing() {
        let mut scene = Scene::new();
        let [paid, refused] = [200, 402].map(|status| scene.request(status));
        for request in [paid, refused] {
            scene.span(request, 20, |_| {});
        }
        let points = [counted(&PLAIN, 200, Some(refused)), counted(&PLAIN, 402, Some(refused))];
        scene.counter(PLAIN.requests, 60, &points);
        assert_eq!(joined(judge(&scene.evidence(), &PLAIN)), (2, vec![50]));
    }

    #[test]
    fn an_exemplar_may_come_later_than_the_point() {
        let mut scene = Scene::new();
        let request = scene.request(200);
        scene.span(request, 20, |_| {});
        scene.counter(PLAIN.requests, 60, &[counted(&PLAIN, 200, None)]);
        scene.counter(PLAIN.requests, 110, &[counted(&PLAIN, 200, Some(request))]);
        assert_eq!(joined(judge(&scene.evidence(), &PLAIN)), (1, vec![100]));
    }
}
