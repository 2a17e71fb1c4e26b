//! Service names are mixed: `payment-service` for the metrics, `payment` for the logs, `payment-svc-v2` for the spans.

use super::entry::Entries;
use super::series::Series;
use super::{Evidence, Joined, Judged, Names};

pub(super) const ASKS: &str = "metric, log and span name one service";

/// The resource of the request's log record, that of its span and that of the metric that counts it name one service.
pub(super) fn judge(evidence: &Evidence, names: &Names, entries: &Entries<'_>) -> Judged {
    let series = Series::of(evidence, names.requests);
    let shown = series.shown_by_status(evidence, names, |export, _| Some(export.at));
    Joined::each(evidence.answered(), |request, answer| {
        let entry = entries.get(request)?;
        let (_, metric) = shown.get(&answer.status)?.after(answer)?;
        let service = &entry.log.service;
        let is_one = !service.is_empty() && *service == entry.span.service && service == metric.service;
        is_one.then(|| entry.at().max(metric.at))
    })
}

#[cfg(test)]
mod tests {
    use super::super::scene::{Point, Scene, joined, point};
    use super::super::{CONTRACT, PLAIN};
    use super::*;
    use opentelemetry_proto::tonic::common::v1::any_value::Value;

    fn scene(names: &Names) -> Scene {
        let mut scene = Scene::new();
        for _ in 0..2 {
            let request = scene.request(200);
            scene.span(request, 20, |_| {});
            scene.log(request, 30, |_| {});
        }
        let counted: [Point<'_>; 1] = [point(names.status, Value::IntValue(200), 2)];
        scene.counter(names.requests, 70, &counted);
        scene
    }

    #[test]
    fn one_name_joins_and_three_do_not() {
        for names in [&PLAIN, &CONTRACT] {
            let evidence = scene(names).evidence();
            assert_eq!(joined(judge(&evidence, names, &Entries::of(&evidence))), (2, vec![60, 60]));

            let mut mixed = scene(names);
            mixed.change(|evidence| {
                evidence.received.spans[0].service = "pay-v2".to_owned();
                evidence.received.logs[1].service = String::new();
            });
            let evidence = mixed.evidence();
            assert_eq!(joined(judge(&evidence, names, &Entries::of(&evidence))), (2, vec![]));
        }
    }

    #[test]
    fn another_name_of_the_metric_joins_nothing() {
        let mut mixed = scene(&PLAIN);
        mixed.change(|evidence| evidence.received.metrics[0].service = "payment-service".to_owned());
        let evidence = mixed.evidence();
        assert_eq!(joined(judge(&evidence, &PLAIN, &Entries::of(&evidence))), (2, vec![]));
    }
}
