//! What was recorded, a line for each point, record and span.

use std::collections::HashMap;
use std::fmt;
use std::time::SystemTime;

use opentelemetry::logs::AnyValue;
use opentelemetry::trace::{SpanId, Status};
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::logs::SdkLogRecord;
use opentelemetry_sdk::metrics::data::{
    AggregatedMetrics, ExponentialHistogramDataPoint, HistogramDataPoint, Metric, MetricData, ResourceMetrics,
};
use opentelemetry_sdk::trace::SpanData;

use crate::emit::OWN_SCOPE;

/// The telemetry that was recorded, as text: a line for each point, log record and span. Metrics say what was added
/// since the last look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Such as `payment.attempts{status="ok"} 1`.
    pub metrics: Vec<String>,
    /// Such as `payment.attempt INFO "payment attempt" {result="paid"} at 0.25s in "POST /pay"`.
    pub logs: Vec<String>,
    /// Such as `"POST /pay" server {payment.result="paid"} from 0s to 0.25s event "charged" {} at 0.2s`.
    pub spans: Vec<String>,
}

impl Recorded {
    /// Whether nothing was recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.metrics.is_empty() && self.logs.is_empty() && self.spans.is_empty()
    }

    /// The lines in which the two differ, signal by signal; empty where they are equal.
    #[must_use]
    pub fn difference(&self, expected: &Recorded) -> String {
        let mut text = String::new();
        let signals = [
            ("metric", &self.metrics, &expected.metrics),
            ("log", &self.logs, &expected.logs),
            ("span", &self.spans, &expected.spans),
        ];
        for (signal, recorded, expected) in signals {
            let mut left = expected.clone();
            for line in recorded {
                match left.iter().position(|other| other == line) {
                    Some(index) => drop(left.remove(index)),
                    None => text.push_str(&format!("recorded, not expected: {signal} {line}\n")),
                }
            }
            left.iter().for_each(|line| text.push_str(&format!("expected, not recorded: {signal} {line}\n")));
        }
        text
    }
}

impl fmt::Display for Recorded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signals = [("metric", &self.metrics), ("log", &self.logs), ("span", &self.spans)];
        for (signal, lines) in signals {
            for line in lines {
                writeln!(formatter, "{signal} {line}")?;
            }
        }
        Ok(())
    }
}

/// Makes lines of what was kept. Times are counted from `begin` on.
pub(super) struct Lines {
    pub(super) begin: SystemTime,
    /// The last values of sums that are always cumulative, as up-down counters are.
    pub(super) totals: HashMap<String, f64>,
}

impl Lines {
    pub(super) fn spans(&self, spans: &[SpanData]) -> Vec<String> {
        let names: HashMap<SpanId, &str> =
            spans.iter().map(|span| (span.span_context.span_id(), &*span.name)).collect();
        let mut lines: Vec<String> = spans.iter().map(|span| self.span(span, &names)).collect();
        lines.sort_unstable();
        lines
    }

    fn span(&self, span: &SpanData, names: &HashMap<SpanId, &str>) -> String {
        let status = match &span.status {
            Status::Unset => String::new(),
            Status::Ok => " ok".to_owned(),
            Status::Error { description } if description.is_empty() => " error".to_owned(),
            Status::Error { description } => format!(" error {description:?}"),
        };
        let links =
            if span.links.is_empty() { String::new() } else { format!(" links {}", span.links.len()) };
        let under = names.get(&span.parent_span_id).map(|name| format!(" under {name:?}"));
        let events: String = (span.events.iter())
            .map(|event| {
                let (attributes, time) = (pairs(&event.attributes), self.time(event.timestamp));
                format!(" event {:?} {{{attributes}}} at {time}", event.name)
            })
            .collect();
        format!(
            "{:?} {}{status} {{{}}} from {} to {}{links}{events}{}",
            span.name,
            format!("{:?}", span.span_kind).to_lowercase(),
            pairs(&span.attributes),
            self.time(span.start_time),
            self.time(span.end_time),
            under.unwrap_or_default()
        )
    }

    pub(super) fn logs(
        &self,
        logs: &[(SdkLogRecord, InstrumentationScope)],
        spans: &[SpanData],
    ) -> Vec<String> {
        let mut lines: Vec<String> = logs.iter().map(|(record, _)| self.log(record, spans)).collect();
        lines.sort_unstable();
        lines
    }

    fn log(&self, record: &SdkLogRecord, spans: &[SpanData]) -> String {
        let mut attributes: Vec<String> =
            record.attributes_iter().map(|(key, value)| format!("{key}={}", any(value))).collect();
        attributes.sort_unstable();
        let body = record.body().map(|body| format!(" {}", any(body))).unwrap_or_default();
        let time = record.timestamp().map(|time| format!(" at {}", self.time(time))).unwrap_or_default();
        let span = record.trace_context().and_then(|context| {
            spans.iter().find(|span| {
                span.span_context.span_id() == context.span_id
                    && span.span_context.trace_id() == context.trace_id
            })
        });
        let span = span.map(|span| format!(" in {:?}", span.name)).unwrap_or_default();
        format!(
            "{} {}{body} {{{}}}{time}{span}",
            record.event_name().unwrap_or("_"),
            record.severity_text().unwrap_or_default(),
            attributes.join(", ")
        )
    }

    /// The points of the contract's metrics; the runtime's own are none of them.
    pub(super) fn metrics(&mut self, metrics: &ResourceMetrics) -> Vec<String> {
        let mut lines = Vec::new();
        for scope in metrics.scope_metrics().filter(|scope| scope.scope().name() != OWN_SCOPE) {
            for metric in scope.metrics() {
                self.metric(metric, &mut lines);
            }
        }
        lines.sort_unstable();
        lines
    }

    /// The points of the runtime's own counters.
    pub(super) fn own(&self, metrics: &ResourceMetrics) -> HashMap<String, Vec<(String, f64)>> {
        let mut own: HashMap<String, Vec<(String, f64)>> = HashMap::new();
        for scope in metrics.scope_metrics().filter(|scope| scope.scope().name() == OWN_SCOPE) {
            for metric in scope.metrics() {
                if let AggregatedMetrics::U64(MetricData::Sum(sum)) = metric.data() {
                    let points = sum.data_points().map(|point| {
                        (pairs(&point.attributes().cloned().collect::<Vec<_>>()), point.value() as f64)
                    });
                    own.entry(metric.name().to_owned()).or_default().extend(points);
                }
            }
        }
        own
    }

    fn metric(&mut self, metric: &Metric, lines: &mut Vec<String>) {
        match metric.data() {
            AggregatedMetrics::F64(data) => self.data(metric.name(), data, |value| *value, lines),
            AggregatedMetrics::U64(data) => self.data(metric.name(), data, |value| *value as f64, lines),
            AggregatedMetrics::I64(data) => self.data(metric.name(), data, |value| *value as f64, lines),
        }
    }

    fn data<T: Copy>(
        &mut self,
        name: &str,
        data: &MetricData<T>,
        number: impl Fn(&T) -> f64,
        lines: &mut Vec<String>,
    ) {
        let point = |attributes: Vec<&KeyValue>| {
            format!("{name}{{{}}}", pairs(&attributes.into_iter().cloned().collect::<Vec<_>>()))
        };
        match data {
            MetricData::Gauge(gauge) => {
                for one in gauge.data_points() {
                    lines.push(format!("{} {}", point(one.attributes().collect()), number(&one.value())));
                }
            }
            MetricData::Sum(sum) => {
                let cumulative = sum.temporality() == opentelemetry_sdk::metrics::Temporality::Cumulative;
                for one in sum.data_points() {
                    let key = point(one.attributes().collect());
                    let value = number(&one.value());
                    let before = if cumulative { self.totals.insert(key.clone(), value) } else { None };
                    let added = value - before.unwrap_or(0.0);
                    if !cumulative || added != 0.0 {
                        lines.push(format!("{key} {added}"));
                    }
                }
            }
            MetricData::Histogram(histogram) => {
                for one in histogram.data_points() {
                    let one: &HistogramDataPoint<T> = one;
                    lines.push(format!(
                        "{} count {} sum {}",
                        point(one.attributes().collect()),
                        one.count(),
                        number(&one.sum())
                    ));
                }
            }
            MetricData::ExponentialHistogram(histogram) => {
                for one in histogram.data_points() {
                    let one: &ExponentialHistogramDataPoint<T> = one;
                    lines.push(format!(
                        "{} count {} sum {}",
                        point(one.attributes().collect()),
                        one.count(),
                        number(&one.sum())
                    ));
                }
            }
        }
    }

    fn time(&self, time: SystemTime) -> String {
        match time.duration_since(self.begin) {
            Ok(after) => format!("{}s", after.as_secs_f64()),
            Err(before) => format!("-{}s", before.duration().as_secs_f64()),
        }
    }
}

fn pairs(attributes: &[KeyValue]) -> String {
    let mut pairs: Vec<String> = attributes
        .iter()
        .map(|pair| match &pair.value {
            opentelemetry::Value::String(text) => format!("{}={:?}", pair.key, text.as_str()),
            other => format!("{}={other}", pair.key),
        })
        .collect();
    pairs.sort_unstable();
    pairs.join(", ")
}

fn any(value: &AnyValue) -> String {
    match value {
        AnyValue::String(text) => format!("{:?}", text.as_str()),
        AnyValue::Int(number) => number.to_string(),
        AnyValue::Double(number) => number.to_string(),
        AnyValue::Boolean(truth) => truth.to_string(),
        AnyValue::ListAny(list) => format!("[{}]", list.iter().map(any).collect::<Vec<_>>().join(",")),
        AnyValue::Map(members) => {
            let members = members.iter().map(|(name, value)| format!("{name}={}", any(value)));
            let mut members: Vec<String> = members.collect();
            members.sort_unstable();
            format!("{{{}}}", members.join(", "))
        }
        other => format!("{other:?}"),
    }
}
