//! Counter and span count different things: a filter counts a redirected request twice, the tracer once.

use std::collections::BTreeMap;

use super::entry::Entries;
use super::series::{Series, says_status};
use super::{Evidence, Joined, Judged, Names};
use crate::sent_request::SentRequest;

pub(super) const ASKS: &str = "counted once: metric = spans = requests answered";

/// The metric's points count the requests of each status code as often as they were answered, and each of these has one span
/// under the caller's.
pub(super) fn judge(evidence: &Evidence, names: &Names, entries: &Entries<'_>) -> Judged {
    let series = Series::of(evidence, names.requests);
    let unanswered: Vec<&SentRequest> =
        evidence.requests.iter().filter(|request| request.answer.is_none()).collect();
    let mut by_status: BTreeMap<u16, Vec<&SentRequest>> = BTreeMap::new();
    for (request, answer) in evidence.answered() {
        by_status.entry(answer.status).or_default().push(request);
    }
    let counted: Vec<u16> = by_status
        .iter()
        .filter(|(status, requests)| {
            series.counts(&says_status(names.status, **status), requests, &unanswered)
        })
        .map(|(status, _)| *status)
        .collect();
    let shown = series.shown_by_status(evidence, names, |export, _| Some(export.at));
    Joined::each(evidence.answered(), |request, answer| {
        let [span] = entries.spans(request) else { return None };
        counted.contains(&answer.status).then_some(())?;
        let (metric, _) = shown.get(&answer.status)?.after(answer)?;
        Some(metric.max(span.at))
    })
}

#[cfg(test)]
mod tests {
    use super::super::scene::{Scene, joined, point, text};
    use super::super::{CONTRACT, PLAIN};
    use super::*;
    use opentelemetry_proto::tonic::common::v1::any_value::Value;

    #[test]
    fn what_is_counted_twice_is_not_joined() {
        let mut scene = Scene::new();
        for status in [200, 200, 302, 302] {
            let request = scene.request(status);
            scene.span(request, 20, |_| {});
        }
        let counted =
            |redirects| [point("code", Value::IntValue(200), 2), point("code", text("302"), redirects)];
        scene.counter(PLAIN.requests, 60, &counted(4));
        let evidence = scene.evidence();
        assert_eq!(joined(judge(&evidence, &PLAIN, &Entries::of(&evidence))), (4, vec![50, 50]));
    }

    #[test]
    fn a_request_with_two_spans_or_none_is_not_joined() {
        let mut scene = Scene::new();
        let [one, two, _none] = [200, 200, 200].map(|status| scene.request(status));
        for request in [one, two, two] {
            scene.span(request, 20, |_| {});
        }
        scene.counter(CONTRACT.requests, 60, &[point(CONTRACT.status, Value::IntValue(200), 3)]);
        let evidence = scene.evidence();
        assert_eq!(joined(judge(&evidence, &CONTRACT, &Entries::of(&evidence))), (3, vec![50]));
    }
}
