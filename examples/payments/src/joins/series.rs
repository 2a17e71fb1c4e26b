//! A counter's points, export by export: whether they count the requests, and from when on they show one.

use std::collections::BTreeMap;
use std::time::Duration;

use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value::Value};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::{Exemplar, Metric, NumberDataPoint, number_data_point};

use super::{Evidence, Names};
use crate::received::Arrived;
use crate::sent_request::{Answer, SentRequest};

/// A counter, as often as it was received.
#[derive(Clone, Debug)]
pub(super) struct Series<'e> {
    exports: Vec<Export<'e>>,
}

/// A counter as it was received once.
#[derive(Clone, Debug)]
pub(super) struct Export<'e> {
    pub(super) service: &'e str,
    pub(super) at: Duration,
    /// When it was collected, in nanoseconds since 1970: everything that was counted before is in it.
    collected: u64,
    points: Vec<Point<'e>>,
}

#[derive(Clone, Copy, Debug)]
struct Point<'e> {
    labels: &'e [KeyValue],
    count: u64,
    exemplars: &'e [Exemplar],
}

impl<'e> Series<'e> {
    /// The counter of this name.
    pub(super) fn of(evidence: &'e Evidence, name: &str) -> Series<'e> {
        let own = evidence.received.metrics.iter().filter(|metric| metric.record.name == name);
        Series { exports: own.filter_map(Export::of).collect() }
    }

    /// All sets of labels that were received.
    pub(super) fn labels(&self) -> impl Iterator<Item = &'e [KeyValue]> {
        self.exports.iter().flat_map(|export| &export.points).map(|point| point.labels)
    }

    /// Whether the points with these labels count these requests, and nothing else: whether each export has all requests that were
    /// answered before it was collected, and none that had not been sent when it came. `others` may or may not be counted.
    pub(super) fn counts(
        &self,
        has: &dyn Fn(&[KeyValue]) -> bool,
        requests: &[&SentRequest],
        others: &[&SentRequest],
    ) -> bool {
        let mut answered: Vec<u64> =
            requests.iter().filter_map(|request| Some(request.answer?.wall)).collect();
        let mut sent: Vec<Duration> = requests.iter().chain(others).map(|request| request.sent).collect();
        answered.sort_unstable();
        sent.sort_unstable();
        let mut any = false;
        let is_right = self.exports.iter().all(|export| {
            let count = export.count(has);
            any |= count > 0;
            let least = answered.partition_point(|wall| *wall < export.collected) as u64;
            let most = sent.partition_point(|at| *at < export.at) as u64;
            (least..=most).contains(&count)
        });
        any && is_right
    }

    /// The exports that show something, where `shows` says from when on each does.
    pub(super) fn shown(&self, shows: impl Fn(&Export<'e>) -> Option<Duration>) -> Shown<'_, 'e> {
        let showing = self
            .exports
            .iter()
            .filter_map(|export| Some(Showing { collected: export.collected, at: shows(export)?, export }));
        let mut showing: Vec<Showing<'_, '_>> = showing.collect();
        showing.sort_by_key(|showing| showing.collected);
        // What a later one shows earlier serves whoever asks for an earlier one.
        let mut best = None;
        for showing in showing.iter_mut().rev() {
            let better = best.filter(|best: &Showing<'_, '_>| best.at < showing.at).unwrap_or(*showing);
            (showing.at, showing.export) = (better.at, better.export);
            best = Some(better);
        }
        Shown(showing)
    }

    /// The same for each status code that was answered: of the points of that code.
    pub(super) fn shown_by_status(
        &self,
        evidence: &Evidence,
        names: &Names,
        shows: impl Fn(&Export<'e>, u16) -> Option<Duration>,
    ) -> BTreeMap<u16, Shown<'_, 'e>> {
        let answered = evidence.answered().map(|(_, answer)| answer.status);
        let mut by_status = BTreeMap::new();
        for status in answered {
            by_status.entry(status).or_insert_with(|| {
                let has = says_status(names.status, status);
                self.shown(|export| shows(export, status).filter(|_| export.count(&has) > 0))
            });
        }
        by_status
    }
}

/// When a counter shows something.
#[derive(Clone, Debug)]
pub(super) struct Shown<'s, 'e>(Vec<Showing<'s, 'e>>);

/// An export that shows it; or, of those that were collected later, the one that does so first.
#[derive(Clone, Copy, Debug)]
struct Showing<'s, 'e> {
    /// When the first of these was collected.
    collected: u64,
    at: Duration,
    export: &'s Export<'e>,
}

impl<'s, 'e> Shown<'s, 'e> {
    /// Which export first shows what was answered then, and from when on: one that was collected after the answer.
    pub(super) fn after(&self, answer: Answer) -> Option<(Duration, &'s Export<'e>)> {
        let first = self.0.partition_point(|showing| showing.collected <= answer.wall);
        self.0.get(first).map(|showing| (showing.at, showing.export))
    }
}

impl<'e> Export<'e> {
    /// `None` where it is no counter, or has no points.
    fn of(metric: &'e Arrived<Metric>) -> Option<Export<'e>> {
        let Some(Data::Sum(sum)) = &metric.record.data else { return None };
        // The SDK collects a counter's points together. Of several times the earliest is the safe one.
        let collected = sum.data_points.iter().map(|point| point.time_unix_nano).min()?;
        let points = sum.data_points.iter().map(Point::of).collect();
        Some(Export { service: &metric.service, at: metric.at, collected, points })
    }

    pub(super) fn count(&self, has: &(impl Fn(&[KeyValue]) -> bool + ?Sized)) -> u64 {
        self.points.iter().filter(|point| has(point.labels)).map(|point| point.count).sum()
    }

    /// The exemplars of the points with these labels.
    pub(super) fn exemplars(&self, has: impl Fn(&[KeyValue]) -> bool) -> impl Iterator<Item = &'e Exemplar> {
        self.points.iter().filter(move |point| has(point.labels)).flat_map(|point| point.exemplars)
    }
}

impl<'e> Point<'e> {
    fn of(point: &'e NumberDataPoint) -> Point<'e> {
        let count = match point.value {
            Some(number_data_point::Value::AsInt(count)) => u64::try_from(count).unwrap_or_default(),
            // Counts of a run are far below what a double holds exactly.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "see above")]
            Some(number_data_point::Value::AsDouble(count)) => count as u64,
            None => 0,
        };
        Point { labels: &point.attributes, count, exemplars: &point.exemplars }
    }
}

/// Whether labels say this status code, as a number or as text.
pub(super) fn says_status<'s>(key: &'s str, status: u16) -> impl Fn(&[KeyValue]) -> bool + use<'s> {
    move |labels| {
        labels.iter().filter(|label| label.key == key).any(|label| {
            match label.value.as_ref().and_then(|value| value.value.as_ref()) {
                Some(Value::IntValue(own)) => *own == i64::from(status),
                Some(Value::StringValue(own)) => *own == status.to_string(),
                _ => false,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::{self, Scene, point};
    use super::*;

    fn counts(count_at_100: i64, count_at_200: i64) -> bool {
        let mut scene = Scene::new();
        for at in [10, 20, 150] {
            scene.request_at(200, at);
        }
        scene.counter("requests", 100, &[point("code", Value::IntValue(200), count_at_100)]);
        scene.counter("requests", 200, &[point("code", Value::IntValue(200), count_at_200)]);
        let evidence = scene.evidence();
        let requests: Vec<&SentRequest> = evidence.requests.iter().collect();
        Series::of(&evidence, "requests").counts(&says_status("code", 200), &requests, &[])
    }

    #[test]
    fn a_counter_counts_requests_where_each_export_may_be_right() {
        assert!(counts(2, 3));
        assert!(counts(3, 3), "the third was sent before the export came");
        assert!(!counts(1, 3), "two had been answered");
        assert!(!counts(2, 2), "the third is missing");
        assert!(!counts(2, 4), "there are three");
        assert!(!counts(0, 0));
    }

    #[test]
    fn an_answer_is_shown_by_what_was_collected_after_it() {
        let mut scene = Scene::new();
        for at in [100, 200, 300] {
            scene.counter("requests", at, &[point("code", Value::IntValue(200), 1)]);
        }
        let evidence = scene.evidence();
        let series = Series::of(&evidence, "requests");
        let ms = Duration::from_millis;
        let shown = |first: u64| {
            // The one that comes at 200 shows it last.
            let shown = series.shown(|export| Some(if export.at == ms(200) { ms(900) } else { export.at }));
            let answer = Answer { status: 200, at: ms(first), wall: scene::wall(first) };
            shown.after(answer).map(|(at, export)| (at, export.at))
        };
        assert_eq!(shown(10), Some((ms(100), ms(100))));
        assert_eq!(shown(150), Some((ms(300), ms(300))), "the one before shows it later");
        assert_eq!(shown(299), None, "it was collected before");
    }

    #[test]
    fn a_status_code_is_a_number_or_a_text() {
        use super::super::scene::{pair, text};
        let says = says_status("code", 302);
        assert!(says(&[pair("code", Value::IntValue(302))]) && says(&[pair("code", text("302"))]));
        assert!(!says(&[pair("code", Value::IntValue(200))]) && !says(&[pair("status", text("302"))]));
    }
}
