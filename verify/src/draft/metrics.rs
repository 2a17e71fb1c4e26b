//! Metrics of a draft, alone and in the events of spans.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::contract::Writer;
use super::event::{Event, listed};
use super::guess::Said;
use super::names;
use super::seen::{Kind, Metric, Spans};
use crate::judge::habits;

impl<'d> Writer<'d> {
    /// The metrics of a scope that count what is a span each: as many of each value of each label.
    pub(super) fn metrics_of(&mut self, scope: &str, spans: &Spans) -> Vec<(&'d str, &'d Metric)> {
        let Some((scope, seen)) = self.service.scopes.get_key_value(scope) else { return Vec::new() };
        let own = seen.metrics.iter().filter(|(name, metric)| {
            names::is_sayable(name)
                && counts_spans(metric, spans)
                && self.kind(metric).is_some_and(|kind| matches!(kind, Kind::Counter | Kind::Histogram))
                && !self.attached_metrics.contains(&(scope.as_str(), name.as_str()))
                && (!metric.has_fractions || metric.kinds.contains(&Kind::Histogram))
        });
        let all: Vec<(&str, &Metric)> = own.map(|(name, metric)| (name.as_str(), metric)).collect();
        self.attached_metrics.extend(all.iter().map(|(name, _)| (scope.as_str(), *name)));
        all
    }

    /// The kind of a metric that a contract can have.
    fn kind(&self, metric: &Metric) -> Option<Kind> {
        let kind = metric.kinds.first().filter(|kind| metric.kinds.len() == 1 && **kind != Kind::Summary)?;
        let has_buckets =
            metric.is_exponential || metric.bounds.as_ref().is_some_and(|bounds| !bounds.is_empty());
        (*kind != Kind::Histogram || has_buckets).then_some(*kind)
    }

    /// A metric of the event of a span, whose labels are the span's keys.
    pub(super) fn metric_of(
        &mut self,
        event: &mut Event,
        name: &str,
        metric: &Metric,
        fields: &BTreeMap<String, String>,
    ) -> String {
        let mut list = Vec::new();
        for (key, values) in &metric.labels.keys {
            let Some(field) = fields.get(key) else { continue };
            let said = self.said(key);
            event.bound(field, (key, values), &said);
            list.push(listed(field, key, &said));
        }
        let kind = self.kind(metric).unwrap_or(Kind::Counter);
        let options = self.options(event, kind, metric);
        format!("metric {}: {options} {{ {} }}", names::key(name), list.join(", "))
    }

    /// An event of a metric alone.
    pub(super) fn metric_alone(
        &mut self,
        scope: &str,
        name: &str,
        metric: &Metric,
        used: &mut BTreeSet<String>,
    ) -> String {
        let shown = names::comment(name);
        if !names::is_sayable(name) {
            self.left_out.push(format!("the metric `{shown}`, whose name can't be written"));
            return format!("// question: a metric `{shown}` came, whose name can't be written.\n");
        }
        let Some(kind) = self.kind(metric) else {
            self.left_out.push(format!(
                "the metric `{shown}`: a summary, a histogram without buckets, or of several kinds"
            ));
            return format!(
                "// question: `{shown}` came as a summary, as a histogram without buckets, or as several kinds of instruments: no contract has one.\n"
            );
        };
        let mut event = Event::default();
        let mut list = Vec::new();
        for (key, values) in &metric.labels.keys {
            let said = self.said(key);
            if matches!(said, Said::Object(_)) {
                continue;
            }
            if let Some(field) = event.field(key, &said, values.records < metric.labels.records) {
                event.bound(&field, (key, values), &said);
                used.insert(key.clone());
                list.push(listed(&field, key, &said));
            }
        }
        let options = self.options(&mut event, kind, metric);
        if metric.unit.texts.len() > 1 || metric.unit.has_more {
            event.comment(format!("question: `{shown}` came with several units: which is meant?"));
        }
        event.item(format!("metric {}: {options} {{ {} }}", names::key(name), list.join(", ")));
        let wanted = self.declarations.new_name(&names::declaration(name));
        let count = metric.labels.records;
        event.comment(format!("question: which event does it count or measure? {count} points were seen."));
        event.text(&wanted, scope)
    }

    /// The kind of a metric with its unit, what it measures, and its buckets.
    fn options(&self, event: &mut Event, kind: Kind, metric: &Metric) -> String {
        let is_unit = |unit: &&String| !unit.is_empty() && names::is_plain(unit) && !unit.contains(' ');
        let unit = metric.unit.texts.first().filter(is_unit);
        let unit = unit.map_or_else(String::new, |unit| format!(", unit={}", names::string(unit)));
        let counts_in_doubles = habits::counts_in_doubles(self.service.language.only());
        let is_double = metric.has_fractions || metric.has_doubles && !counts_in_doubles;
        let is_measured = !matches!(kind, Kind::Counter | Kind::UpDownCounter) || is_double;
        let mut options = match kind {
            Kind::Counter => "counter",
            Kind::UpDownCounter => "updowncounter",
            Kind::Gauge => "gauge",
            Kind::Histogram | Kind::Summary => "histogram",
        }
        .to_owned();
        options.push_str(&unit);
        if is_measured {
            let number = if is_double || kind == Kind::Histogram { "double" } else { "int" };
            let value = event.own("value", &format!("{number}{unit}"), "");
            let _ = write!(options, ", value={value}");
        }
        if kind == Kind::Histogram {
            match metric.bounds.as_ref().filter(|bounds| !bounds.is_empty()) {
                Some(bounds) => {
                    let bounds: Vec<String> = bounds.iter().map(f64::to_string).collect();
                    let _ = write!(options, ", buckets=[{}]", bounds.join(", "));
                }
                None => options.push_str(", exponential"),
            }
        }
        options
    }
}

/// Whether a metric counts what is a span each: its labels are keys that each span has, and of each value of each label it counted as many as
/// there were spans with it.
fn counts_spans(metric: &Metric, spans: &Spans) -> bool {
    let Some(series) = metric.series.as_ref().filter(|series| !series.is_empty()) else { return false };
    let total = series.values().fold(0_u64, |all, count| all.saturating_add(*count));
    total == spans.keys.records
        && !metric.labels.keys.is_empty()
        && metric.labels.keys.iter().all(|(key, values)| {
            let Some(on_span) = spans.keys.keys.get(key) else { return false };
            let counted = |value: &String| {
                let own = series
                    .iter()
                    .filter(|(labels, _)| labels.iter().any(|pair| (&pair.0, &pair.1) == (key, value)));
                own.map(|(_, count)| *count).fold(0_u64, u64::saturating_add)
            };
            values.records == metric.labels.records
                && on_span.records == spans.keys.records
                && !on_span.has_more
                && on_span.told.iter().all(|(value, count)| counted(value) == count.count)
        })
}
