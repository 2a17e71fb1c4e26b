//! A counter's points, export by export, and whether they count the facts.

use std::time::Duration;

use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value::Value};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::{Exemplar, Metric, NumberDataPoint, number_data_point};

use super::Evidence;
use crate::fact::{Answer, Fact};
use crate::received::Arrived;

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

    /// Whether the points with these labels count these facts, and nothing else: whether each export has all facts that were
    /// answered before it was collected, and none that had not been sent when it came. `others` may or may not be counted.
    pub(super) fn counts(
        &self,
        has: &dyn Fn(&[KeyValue]) -> bool,
        facts: &[&Fact],
        others: &[&Fact],
    ) -> bool {
        let mut any = false;
        let is_right = self.exports.iter().all(|export| {
            let count = export.count(has);
            any |= count > 0;
            let answered = |fact: &&&Fact| fact.answer.is_some_and(|answer| answer.wall < export.collected);
            let sent = |fact: &&&Fact| fact.sent < export.at;
            let least = facts.iter().filter(answered).count() as u64;
            let most = facts.iter().chain(others).filter(sent).count() as u64;
            (least..=most).contains(&count)
        });
        any && is_right
    }

    /// The exports that were collected after the answer, and have points with these labels.
    pub(super) fn after(
        &self,
        answer: Answer,
        has: impl Fn(&[KeyValue]) -> bool,
    ) -> impl Iterator<Item = &Export<'e>> {
        self.exports.iter().filter(move |export| export.collected > answer.wall && export.count(&has) > 0)
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

    fn count(&self, has: &(impl Fn(&[KeyValue]) -> bool + ?Sized)) -> u64 {
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
    use super::super::scene::{Scene, point};
    use super::*;

    fn counts(count_at_100: i64, count_at_200: i64) -> bool {
        let mut scene = Scene::new();
        for at in [10, 20, 150] {
            scene.fact_at(200, at);
        }
        scene.counter("requests", 100, &[point("code", Value::IntValue(200), count_at_100)]);
        scene.counter("requests", 200, &[point("code", Value::IntValue(200), count_at_200)]);
        let evidence = scene.evidence();
        let facts: Vec<&Fact> = evidence.facts.iter().collect();
        Series::of(&evidence, "requests").counts(&says_status("code", 200), &facts, &[])
    }

    #[test]
    fn a_counter_counts_facts_where_each_export_may_be_right() {
        assert!(counts(2, 3));
        assert!(counts(3, 3), "the third was sent before the export came");
        assert!(!counts(1, 3), "two had been answered");
        assert!(!counts(2, 2), "the third is missing");
        assert!(!counts(2, 4), "there are three");
        assert!(!counts(0, 0));
    }

    #[test]
    fn a_status_code_is_a_number_or_a_text() {
        use super::super::scene::{pair, text};
        let says = says_status("code", 302);
        assert!(says(&[pair("code", Value::IntValue(302))]) && says(&[pair("code", text("302"))]));
        assert!(!says(&[pair("code", Value::IntValue(200))]) && !says(&[pair("status", text("302"))]));
    }
}
