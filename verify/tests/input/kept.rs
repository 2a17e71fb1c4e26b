//! Keeps what is received, as text.

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::logs::v1::ResourceLogs;
use opentelemetry_proto::tonic::metrics::v1::{ResourceMetrics, metric::Data};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::ResourceSpans;
use slo_verify::input::file;
use slo_verify::input::{LineForm, Place, Receive, Refusal, Scrape, Source, Wrong};

/// What was received, a line for each record.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) records: Vec<String>,
    pub(crate) refusals: Vec<Refusal>,
    pub(crate) scrapes: Vec<Scrape>,
    /// Where each part stood.
    pub(crate) places: Vec<(Source, Place)>,
    /// So many parts are taken, and no more.
    pub(crate) most: Option<usize>,
}

impl Kept {
    /// The refusals as people read them.
    pub(crate) fn said(&self) -> Vec<String> {
        self.refusals.iter().map(ToString::to_string).collect()
    }

    pub(crate) fn wrongs(&self) -> Vec<Wrong> {
        self.refusals.iter().map(|refusal| refusal.wrong).collect()
    }

    fn log(&mut self, kind: &str, logs: Vec<ResourceLogs>) {
        for resource in logs {
            for group in resource.scope_logs {
                let from = from(resource.resource.as_ref(), group.scope.as_ref());
                for record in group.log_records {
                    let mut text = kind.to_owned();
                    for (name, shown) in [
                        ("time", number(record.time_unix_nano)),
                        ("observed", number(record.observed_time_unix_nano)),
                        ("severity", record.severity_text.clone()),
                        ("number", number(u64::try_from(record.severity_number).unwrap())),
                        ("event", record.event_name.clone()),
                        ("body", record.body.as_ref().map(value).unwrap_or_default()),
                        ("trace", hex(&record.trace_id)),
                        ("span", hex(&record.span_id)),
                        ("flags", number(record.flags.into())),
                        ("dropped", number(record.dropped_attributes_count.into())),
                    ] {
                        if !shown.is_empty() {
                            text.push_str(&format!(" {name}={shown}"));
                        }
                    }
                    self.records.push(format!("{text} {}{from}", pairs(&record.attributes)));
                }
            }
        }
    }
}

impl Receive for Kept {
    fn traces(&mut self, spans: Vec<ResourceSpans>) {
        for resource in spans {
            for group in resource.scope_spans {
                let from = from(resource.resource.as_ref(), group.scope.as_ref());
                for span in group.spans {
                    let ids = format!("{}/{}", hex(&span.trace_id), hex(&span.span_id));
                    let times = format!("{}..{}", span.start_time_unix_nano, span.end_time_unix_nano);
                    let text = format!("span {} {ids} kind={} {times}", span.name, span.kind);
                    self.records.push(format!("{text} {}{from}", pairs(&span.attributes)));
                }
            }
        }
    }

    fn logs(&mut self, logs: Vec<ResourceLogs>) {
        self.log("log", logs);
    }

    fn metrics(&mut self, metrics: Vec<ResourceMetrics>) {
        for resource in metrics {
            for group in resource.scope_metrics {
                let from = from(resource.resource.as_ref(), group.scope.as_ref());
                for metric in group.metrics {
                    let data = match metric.data {
                        None => "nothing".to_owned(),
                        Some(Data::Gauge(data)) => format!("gauge {:?}", values(&data.data_points)),
                        Some(Data::Sum(data)) => format!("sum {:?}", values(&data.data_points)),
                        Some(Data::Histogram(data)) => {
                            let points = data
                                .data_points
                                .iter()
                                .map(|point| (point.count, point.sum, &point.bucket_counts));
                            format!("histogram {:?}", points.collect::<Vec<_>>())
                        }
                        Some(Data::ExponentialHistogram(data)) => {
                            let points = data
                                .data_points
                                .iter()
                                .map(|point| (point.count, point.scale, point.zero_count));
                            format!("exponential histogram {:?}", points.collect::<Vec<_>>())
                        }
                        Some(Data::Summary(data)) => format!("summary of {}", data.data_points.len()),
                    };
                    self.records.push(format!("metric {} {} {data}{from}", metric.name, metric.unit));
                }
            }
        }
    }

    fn log_lines(&mut self, form: LineForm, logs: Vec<ResourceLogs>) {
        self.log(if form == LineForm::Json { "json" } else { "logfmt" }, logs);
    }

    fn scrape(&mut self, scrape: Scrape) {
        self.scrapes.push(scrape);
    }

    fn refused(&mut self, refusal: Refusal) {
        self.refusals.push(refusal);
    }

    fn reading(&mut self, source: &Source, place: &Place) {
        self.places.push((source.clone(), place.clone()));
    }

    fn goes_on(&self) -> bool {
        self.most.is_none_or(|most| self.places.len() < most)
    }
}

/// What becomes of a file with these bytes.
pub(crate) fn kept(bytes: impl AsRef<[u8]>) -> Kept {
    let mut kept = Kept::default();
    file::read(bytes.as_ref(), &Source::File("file".into()), &mut kept);
    kept
}

/// What becomes of a file with these bytes, of which all can be read.
pub(crate) fn read(bytes: impl AsRef<[u8]>) -> Kept {
    let kept = kept(bytes);
    assert_eq!(kept.said(), [""; 0]);
    kept
}

fn number(number: u64) -> String {
    if number == 0 { String::new() } else { number.to_string() }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from(resource: Option<&Resource>, scope: Option<&InstrumentationScope>) -> String {
    let resource = resource.map(|resource| pairs(&resource.attributes)).filter(|pairs| pairs != "{}");
    let scope = scope.filter(|scope| **scope != InstrumentationScope::default());
    let scope =
        scope.map(|scope| format!(" in {} {}{}", scope.name, scope.version, pairs(&scope.attributes)));
    format!(
        "{}{}",
        resource.map(|pairs| format!(" of {pairs}")).unwrap_or_default(),
        scope.unwrap_or_default()
    )
}

fn pairs(attributes: &[KeyValue]) -> String {
    let pairs = attributes
        .iter()
        .map(|pair| format!("{}={}", pair.key, pair.value.as_ref().map_or("nothing".to_owned(), value)));
    format!("{{{}}}", pairs.collect::<Vec<_>>().join(","))
}

fn value(any: &AnyValue) -> String {
    match &any.value {
        None => "empty".to_owned(),
        Some(Value::StringValue(text)) => format!("{text:?}"),
        Some(Value::BoolValue(truth)) => truth.to_string(),
        Some(Value::IntValue(number)) => number.to_string(),
        Some(Value::DoubleValue(number)) => format!("{number:?}"),
        Some(Value::ArrayValue(array)) => {
            format!("[{}]", array.values.iter().map(value).collect::<Vec<_>>().join(","))
        }
        Some(Value::KvlistValue(list)) => pairs(&list.values),
        Some(Value::BytesValue(bytes)) => format!("0x{}", hex(bytes)),
        Some(Value::StringValueStrindex(index)) => format!("#{index}"),
    }
}

fn values(points: &[opentelemetry_proto::tonic::metrics::v1::NumberDataPoint]) -> Vec<String> {
    use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value;
    let shown = |value: &Option<Value>| match value {
        None => "none".to_owned(),
        Some(Value::AsInt(number)) => number.to_string(),
        Some(Value::AsDouble(number)) => format!("{number:?}"),
    };
    points.iter().map(|point| shown(&point.value)).collect()
}
