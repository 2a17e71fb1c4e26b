//! Takes records.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::common::v1::{InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Number;
use opentelemetry_proto::tonic::metrics::v1::{Metric as CameMetric, NumberDataPoint, ResourceMetrics};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, Span as CameSpan};

use super::pairs::{self, VARYING};
use super::seen::{Kind, Logs, Metric, Scope, Spans};
use super::texts::{self, Part};
use super::{Draft, MOST_SERVICES};
use crate::input::{Family, FamilyType, LineForm, Sample, Scrape, nested};
use crate::judge::{is_cumulative, levels, log_body, log_event_name};
use crate::run::Takes;

/// How many scopes of a service are told apart.
const MOST_SCOPES: usize = 256;

/// How many kinds of spans, of logs and of metrics of a scope are told apart.
const MOST_KINDS: usize = 200;

/// How many series of a metric are told apart.
const MOST_SERIES: usize = 500;

/// How many descriptions of errors are kept for a kind of span, and of how long a value.
const MOST_DESCRIPTIONS: usize = 1_000;
const LONGEST_TOLD: usize = 128;

/// How many names of events on spans are told apart.
const MOST_EVENTS: usize = 16;

/// What a resource says of its service.
fn service_name(resource: Option<&Resource>) -> String {
    let attributes = resource.map_or(&[][..], |resource| resource.attributes.as_slice());
    let pair = attributes.iter().find(|pair| pair.key == "service.name");
    match pair.and_then(|pair| pair.value.as_ref()).and_then(|value| value.value.as_ref()) {
        Some(Any::StringValue(name)) => name.clone(),
        _ => String::new(),
    }
}

impl Draft {
    /// Notes a resource, and gives the name of its service; none where there is no room for it.
    fn resource(&mut self, resource: Option<&Resource>) -> Option<String> {
        let name = service_name(resource);
        if self.services.len() >= MOST_SERVICES && !self.services.contains_key(&name) {
            return None;
        }
        let service = self.services.entry(name.clone()).or_default();
        if let Some(resource) = resource {
            service.resource.take(&resource.attributes, 0);
            for pair in resource.attributes.iter().filter(|pair| pair.key == "telemetry.sdk.language") {
                if let Some(Any::StringValue(language)) =
                    pair.value.as_ref().and_then(|value| value.value.as_ref())
                {
                    service.language.take(language);
                }
            }
        }
        Some(name)
    }

    fn scope(
        &mut self,
        service: &str,
        scope: Option<&InstrumentationScope>,
        records: usize,
    ) -> Option<&mut Scope> {
        let service = self.services.get_mut(service)?;
        let name = scope.map_or("", |scope| scope.name.as_str());
        if service.scopes.len() >= MOST_SCOPES && !service.scopes.contains_key(name) {
            service.beyond += records as u64;
            return None;
        }
        let own = service.scopes.entry(name.to_owned()).or_default();
        if let Some(version) = scope.map(|scope| scope.version.as_str()).filter(|version| !version.is_empty())
        {
            own.versions.take(version);
        }
        Some(own)
    }

    fn span(&mut self, service: &str, scope: Option<&InstrumentationScope>, came: &CameSpan) {
        let next = self.spans.len();
        let (parts, _) = texts::parts(&came.name, &came.attributes);
        let Some(own) = self.scope(service, scope, 1) else { return };
        // Unspecified counts as internal (OTLP, `SpanKind`).
        let kind = came.kind.max(1);
        let form = texts::form(&parts);
        let full = own.spans.len() >= MOST_KINDS && !own.spans.contains_key(&(form.clone(), kind));
        let key = if full { (vec![Part::Varying], kind) } else { (form, kind) };
        let number = *own.spans.entry(key).or_insert(next);
        if number == next {
            self.spans.push(Spans { parts: Some(parts.clone()), ..Spans::default() });
        }
        let status = came.status.as_ref().map_or(0, |status| status.code.clamp(0, 2));
        let level = 1_u8 << status;
        let said = self.pairs.said(&came.attributes);
        self.pairs.span(number, (&came.trace_id, &came.span_id), said, &mut self.logs);
        let Some(seen) = self.spans.get_mut(number) else { return };
        seen.names.take(&came.name);
        if seen.parts.as_ref() != Some(&parts) {
            seen.parts = None;
        }
        seen.statuses |= level;
        seen.keys.take(&came.attributes, level);
        if status == 2
            && let Some(status) = &came.status
        {
            describe(seen, came, &status.message);
        }
        for (number, event) in came.events.iter().enumerate() {
            let has_room = seen.events.len() < MOST_EVENTS;
            if !has_room && !seen.events.contains_key(&event.name) {
                seen.events_beyond += 1;
                continue;
            }
            let own = seen.events.entry(event.name.clone()).or_default();
            own.keys.take(&event.attributes, 0);
            let is_first = !came.events.iter().take(number).any(|other| other.name == event.name);
            if is_first {
                own.spans.take(&came.attributes, 0);
            }
        }
    }

    fn log(&mut self, service: &str, scope: Option<&InstrumentationScope>, came: &LogRecord) {
        let next = self.logs.len();
        let name = log_event_name(came);
        let body = log_body(came);
        let (parts, varying) =
            body.map_or_else(Default::default, |body| texts::parts(body, &came.attributes));
        let severity = levels::band(came.severity_number).map_or(0, |band| band as u8);
        let Some(own) = self.scope(service, scope, 1) else { return };
        let key = match name {
            "" => (String::new(), texts::form(&parts), severity),
            name => (name.to_owned(), Vec::new(), severity),
        };
        let full = own.logs.len() >= MOST_KINDS && !own.logs.contains_key(&key);
        let key = if full { (String::new(), Vec::new(), severity) } else { key };
        let form = key.1.clone();
        let number = *own.logs.entry(key).or_insert(next);
        if number == next {
            self.logs.push(Logs { body: Some(parts.clone()), form, ..Logs::default() });
        }
        let mut said = self.pairs.said(&came.attributes);
        said.extend((VARYING..).zip(&varying).take(16).map(|(number, text)| (number, pairs::hash(text))));
        if let Some(seen) = self.logs.get_mut(number) {
            if seen.body.as_ref() != Some(&parts) {
                seen.body = None;
            }
            seen.bodies.take(body.unwrap_or_default());
            seen.keys.take(&came.attributes, 0);
            seen.records += 1;
        }
        self.pairs.log(number, (&came.trace_id, &came.span_id), said, &mut self.logs);
    }

    fn metric(&mut self, service: &str, scope: Option<&InstrumentationScope>, came: &CameMetric) {
        let Some(own) = self.scope(service, scope, 1) else { return };
        if own.metrics.len() >= MOST_KINDS && !own.metrics.contains_key(&came.name) {
            own.beyond += 1;
            return;
        }
        let seen = own
            .metrics
            .entry(came.name.clone())
            .or_insert_with(|| Metric { series: Some(BTreeMap::new()), ..Metric::default() });
        seen.is_scraped = false;
        seen.unit.take(&came.unit);
        let is_cumulative = is_cumulative(came);
        let numbers = |seen: &mut Metric, kind: Kind, points: &[NumberDataPoint]| {
            seen.kinds.insert(kind);
            for point in points {
                seen.labels.take(&point.attributes, 0);
                let counted = match point.value {
                    Some(Number::AsInt(number)) => u64::try_from(number).ok(),
                    Some(Number::AsDouble(number))
                        if number.fract() == 0.0 && (0.0..9e15).contains(&number) =>
                    {
                        Some(number as u64)
                    }
                    _ => None,
                };
                count(seen, &point.attributes, counted, is_cumulative);
                match point.value {
                    Some(Number::AsInt(_)) => seen.has_ints = true,
                    Some(Number::AsDouble(number)) => {
                        seen.has_doubles = true;
                        seen.has_fractions |= number.fract() != 0.0;
                    }
                    None => {}
                }
            }
        };
        match &came.data {
            Some(Data::Gauge(gauge)) => numbers(seen, Kind::Gauge, &gauge.data_points),
            Some(Data::Sum(sum)) => {
                let kind = if sum.is_monotonic { Kind::Counter } else { Kind::UpDownCounter };
                numbers(seen, kind, &sum.data_points);
            }
            Some(Data::Histogram(histogram)) => {
                seen.kinds.insert(Kind::Histogram);
                for point in &histogram.data_points {
                    seen.labels.take(&point.attributes, 0);
                    count(seen, &point.attributes, Some(point.count), is_cumulative);
                    if seen.bounds.is_none() {
                        seen.bounds = Some(point.explicit_bounds.clone());
                    }
                }
            }
            Some(Data::ExponentialHistogram(histogram)) => {
                seen.kinds.insert(Kind::Histogram);
                seen.is_exponential = true;
                histogram.data_points.iter().for_each(|point| seen.labels.take(&point.attributes, 0));
            }
            Some(Data::Summary(summary)) => {
                seen.kinds.insert(Kind::Summary);
                summary.data_points.iter().for_each(|point| seen.labels.take(&point.attributes, 0));
            }
            None => {}
        }
    }
}

/// Keeps what the error of a span was described as, by each of its values that is a short text or a number.
fn describe(seen: &mut Spans, came: &CameSpan, description: &str) {
    for pair in &came.attributes {
        let text = match pair.value.as_ref().and_then(|value| value.value.as_ref()) {
            Some(Any::StringValue(text)) if text.len() <= LONGEST_TOLD => text.clone(),
            Some(Any::IntValue(number)) => number.to_string(),
            _ => continue,
        };
        let key = (pair.key.clone(), text);
        if seen.descriptions.len() < MOST_DESCRIPTIONS || seen.descriptions.contains_key(&key) {
            seen.descriptions.entry(key).or_default().take(description);
        }
    }
}

/// Keeps what a series counted.
fn count(seen: &mut Metric, labels: &[KeyValue], counted: Option<u64>, is_cumulative: bool) {
    let Some(series) = &mut seen.series else { return };
    let Some(counted) = counted else {
        seen.series = None;
        return;
    };
    let mut key: Vec<(String, String)> = labels
        .iter()
        .map(|pair| (pair.key.clone(), crate::value::Came::of(pair.value.as_ref()).to_string()))
        .collect();
    key.sort();
    if series.len() >= MOST_SERIES && !series.contains_key(&key) {
        seen.series = None;
        return;
    }
    let own = series.entry(key).or_default();
    *own = if is_cumulative { counted } else { own.saturating_add(counted) };
}

impl Takes for Draft {
    fn traces(&mut self, came: &[ResourceSpans]) {
        for resource in came {
            let service = self.resource(resource.resource.as_ref());
            for group in &resource.scope_spans {
                self.records += group.spans.len() as u64;
                match &service {
                    Some(service) => {
                        group.spans.iter().for_each(|span| self.span(service, group.scope.as_ref(), span));
                    }
                    None => self.beyond += group.spans.len() as u64,
                }
            }
        }
    }

    fn logs(&mut self, came: &[ResourceLogs]) {
        for resource in came {
            let service = self.resource(resource.resource.as_ref());
            for group in &resource.scope_logs {
                self.records += group.log_records.len() as u64;
                match &service {
                    Some(service) => {
                        group.log_records.iter().for_each(|log| self.log(service, group.scope.as_ref(), log));
                    }
                    None => self.beyond += group.log_records.len() as u64,
                }
            }
        }
    }

    fn metrics(&mut self, came: &[ResourceMetrics]) {
        for resource in came {
            let service = self.resource(resource.resource.as_ref());
            for group in &resource.scope_metrics {
                self.records += group.metrics.len() as u64;
                match &service {
                    Some(service) => {
                        group.metrics.iter().for_each(|one| self.metric(service, group.scope.as_ref(), one));
                    }
                    None => self.beyond += group.metrics.len() as u64,
                }
            }
        }
    }

    fn log_lines(&mut self, _: LineForm, mut came: Vec<ResourceLogs>) {
        for resource in &mut came {
            for record in resource.scope_logs.iter_mut().flat_map(|group| &mut group.log_records) {
                record.attributes = nested::flatten(std::mem::take(&mut record.attributes), &|_| false);
            }
        }
        self.logs(&came);
    }

    fn scrape(&mut self, came: &Scrape) {
        let service = scraped_service(came);
        if self.services.len() >= MOST_SERVICES && !self.services.contains_key(&service) {
            self.beyond += 1;
            return;
        }
        self.services.entry(service.clone()).or_default();
        for family in &came.families {
            self.records += 1;
            self.family(&service, family);
        }
    }

    fn news(&self) -> u64 {
        self.records
    }
}

/// The service that a scrape is of, where `target_info` says it.
fn scraped_service(came: &Scrape) -> String {
    let info = came.families.iter().filter(|family| family.name.starts_with("target"));
    let mut labels = info.flat_map(|family| &family.samples).flat_map(|sample| &sample.labels);
    labels.find(|(label, _)| label == "service_name").map_or_else(String::new, |(_, name)| name.clone())
}

/// The units that exporters write after names, with how OpenTelemetry writes them.
const UNITS: &[(&str, &str)] = &[
    ("_seconds", "s"),
    ("_milliseconds", "ms"),
    ("_bytes", "By"),
    ("_ratio", "1"),
    ("_celsius", "Cel"),
    ("_meters", "m"),
];

impl Draft {
    /// Takes a family of a scrape. Its name is that of the exporter: what its rules added for kind and unit is taken off.
    fn family(&mut self, service: &str, family: &Family) {
        let kind = match family.family_type {
            Some(FamilyType::Counter) => Kind::Counter,
            Some(FamilyType::Histogram) => Kind::Histogram,
            Some(FamilyType::Summary) => Kind::Summary,
            Some(FamilyType::Gauge) => Kind::Gauge,
            _ => return,
        };
        if family.name.starts_with("target") && family.name.len() <= "target_info".len() {
            return;
        }
        let mut name = family.name.as_str();
        if kind == Kind::Counter {
            name = name.strip_suffix("_total").unwrap_or(name);
        }
        let unit = UNITS.iter().find_map(|(ending, unit)| Some((name.strip_suffix(ending)?, *unit)));
        let (name, unit) = unit.unwrap_or((name, ""));
        for sample in family.samples.iter().filter(|sample| !sample.name.ends_with("_created")) {
            let label =
                |name: &str| sample.labels.iter().find(|(label, _)| label == name).map(|(_, value)| value);
            let scope = InstrumentationScope {
                name: label("otel_scope_name").cloned().unwrap_or_default(),
                ..InstrumentationScope::default()
            };
            let Some(own) = self.scope(service, Some(&scope), 1) else { continue };
            if own.metrics.len() >= MOST_KINDS && !own.metrics.contains_key(name) {
                own.beyond += 1;
                continue;
            }
            let seen = own
                .metrics
                .entry(name.to_owned())
                .or_insert_with(|| Metric { is_scraped: true, ..Metric::default() });
            seen.unit.take(unit);
            seen.kinds.insert(kind);
            of_sample(seen, kind, sample);
        }
    }
}

fn of_sample(seen: &mut Metric, kind: Kind, sample: &Sample) {
    if kind == Kind::Histogram {
        let bound = sample.labels.iter().find(|(label, _)| label == "le");
        match bound.map(|(_, bound)| bound.parse::<f64>()) {
            Some(Ok(bound)) if bound.is_finite() => {
                let bounds = seen.bounds.get_or_insert_with(Vec::new);
                if !bounds.contains(&bound) {
                    bounds.push(bound);
                    bounds.sort_by(f64::total_cmp);
                }
                return;
            }
            Some(_) => return,
            None if !sample.name.ends_with("_count") => return,
            None => {}
        }
    }
    seen.has_doubles |= sample.value.fract() != 0.0;
    seen.has_fractions |= sample.value.fract() != 0.0;
    seen.has_ints |= sample.value.fract() == 0.0;
    let labels: Vec<_> = sample
        .labels
        .iter()
        .filter(|(label, _)| !label.starts_with("otel_scope_") && label != "le" && label != "quantile")
        .map(|(label, value)| opentelemetry_proto::tonic::common::v1::KeyValue {
            key: label.clone(),
            value: Some(opentelemetry_proto::tonic::common::v1::AnyValue {
                value: Some(Any::StringValue(value.clone())),
            }),
            ..Default::default()
        })
        .collect();
    seen.labels.take(&labels, 0);
}
