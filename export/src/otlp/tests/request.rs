//! From the SDK's data to what OTLP sends.

use std::borrow::Cow;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use opentelemetry::logs::LogRecord as _;
use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry::trace::{SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState};
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::metrics::v1::exemplar::Value;
use opentelemetry_proto::tonic::metrics::v1::{self as sent, metric};
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::reader::MetricReader;
use opentelemetry_sdk::metrics::{Aggregation, Instrument, SdkMeterProvider, Stream, Temporality};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};
use prost::Message;

use super::given::*;
use crate::metrics::exemplar::{Exemplar, FindExemplars};
use crate::otlp::encoding::Encoding;
use crate::otlp::request::{Request, SentResource};
use slo::__export::SharedReader;

/// A request that is not taken apart.
fn whole(metrics: &ResourceMetrics, find: &dyn FindExemplars, only_scope: Option<&str>) -> Request {
    Request::metrics(metrics, find, only_scope, Encoding::Protobuf, usize::MAX).remove(0)
}

const TRACE: TraceId = TraceId::from_bytes([7; 16]);
const SPAN: SpanId = SpanId::from_bytes([9; 8]);

#[test]
fn log_records_stand_under_their_scopes_and_the_resource() {
    let mut batch = records(&["one", "two"]);
    let other = InstrumentationScope::builder("refunds").build();
    batch.extend(records(&["three"]).into_iter().map(|(record, _)| (record, other.clone())));
    // A record written by hand has a target, which takes the place of its scope's name.
    batch.extend(records(&["four"]).into_iter().map(|(mut record, scope)| {
        record.set_target("payments::by_hand");
        (record, scope)
    }));
    let request = Request::logs(&items(batch), &SentResource::from(&resource()), Encoding::Protobuf);
    assert_eq!(request.records(), 4);

    let message = ExportLogsServiceRequest::decode(request.message).unwrap();
    let [of_resource] = message.resource_logs.try_into().unwrap();
    assert_eq!(of_resource.schema_url, SCHEMA);
    assert_eq!(of_resource.resource.unwrap().attributes[0].key, "service.name");
    let mut scopes: Vec<_> = of_resource
        .scope_logs
        .into_iter()
        .map(|scope| (scope.scope.unwrap().name, scope.schema_url, scope.log_records.len()))
        .collect();
    scopes.sort();
    let owned = |name: &str, url: &str, count| (name.to_owned(), url.to_owned(), count);
    assert_eq!(
        scopes,
        [owned("checkout", SCHEMA, 2), owned("payments::by_hand", SCHEMA, 1), owned("refunds", "", 1)]
    );
}

#[test]
fn spans_stand_under_their_scopes_and_the_resource() {
    let span = |name: &'static str| SpanData {
        span_context: SpanContext::new(TRACE, SPAN, TraceFlags::SAMPLED, false, TraceState::default()),
        parent_span_id: SpanId::INVALID,
        parent_span_is_remote: false,
        span_kind: SpanKind::Server,
        name: Cow::Borrowed(name),
        start_time: UNIX_EPOCH + Duration::from_secs(1),
        end_time: UNIX_EPOCH + Duration::from_secs(2),
        attributes: vec![KeyValue::new("http.route", "/pay")],
        dropped_attributes_count: 0,
        events: SpanEvents::default(),
        links: SpanLinks::default(),
        status: Status::error("declined"),
        instrumentation_scope: InstrumentationScope::builder("checkout").build(),
    };
    let request =
        Request::traces(vec![span("a"), span("b")], &SentResource::from(&resource()), Encoding::Protobuf);
    assert_eq!(request.records(), 2);

    let message = ExportTraceServiceRequest::decode(request.message).unwrap();
    let of_resource = &message.resource_spans[0];
    assert_eq!(of_resource.schema_url, SCHEMA);
    let [one, other] = &of_resource.scope_spans[0].spans[..] else { panic!("{of_resource:?}") };
    assert_eq!((one.name.as_str(), other.name.as_str()), ("a", "b"));
    assert_eq!((one.trace_id.as_slice(), one.span_id.as_slice()), (&[7; 16][..], &[9; 8][..]));
    assert_eq!((one.start_time_unix_nano, one.end_time_unix_nano), (1_000_000_000, 2_000_000_000));
    assert_eq!(one.status.as_ref().unwrap().message, "declined");
}

/// Finds an exemplar with this value of each point of `scope` that has the attribute `found`.
struct Finds(f64);

impl FindExemplars for Finds {
    fn of(&self, scope: &InstrumentationScope, metric: &str, attributes: &[&KeyValue]) -> Vec<Exemplar> {
        let keys: Vec<_> = attributes.iter().map(|attribute| attribute.key.as_str()).collect();
        if scope.name() != "checkout" || !metric.starts_with("orders") || keys != ["a", "found", "z"] {
            return Vec::new();
        }
        let time = UNIX_EPOCH + Duration::from_nanos(5);
        vec![Exemplar { value: self.0, time, trace_id: TRACE, span_id: SPAN }]
    }
}

/// What is collected of what this does.
fn metrics(measure: impl Fn(&Meter)) -> ResourceMetrics {
    let reader = SharedReader::new(Temporality::Cumulative);
    let exponential = |instrument: &Instrument| {
        (instrument.name() == "orders.sizes").then(|| {
            let aggregation =
                Aggregation::Base2ExponentialHistogram { max_size: 20, max_scale: 4, record_min_max: true };
            Stream::builder().with_aggregation(aggregation).build().unwrap()
        })
    };
    let provider = SdkMeterProvider::builder()
        .with_resource(resource())
        .with_reader(reader.clone())
        .with_view(exponential)
        .build();
    for scope in ["checkout", "refunds"] {
        measure(&provider.meter(scope));
    }
    let mut metrics = ResourceMetrics::default();
    reader.collect(&mut metrics).unwrap();
    metrics
}

/// All points' exemplars, by metric, of the scope `checkout`.
fn exemplars(metrics: &ResourceMetrics, value: f64) -> Vec<(String, Vec<Vec<sent::Exemplar>>)> {
    let request = whole(metrics, &Finds(value), None);
    let message = ExportMetricsServiceRequest::decode(request.message).unwrap();
    let of_resource = &message.resource_metrics[0];
    assert_eq!(of_resource.schema_url, SCHEMA);
    let mut found = Vec::new();
    for scope in &of_resource.scope_metrics {
        for metric in &scope.metrics {
            let exemplars: Vec<_> = match metric.data.clone().unwrap() {
                metric::Data::Gauge(data) => {
                    data.data_points.into_iter().map(|point| point.exemplars).collect()
                }
                metric::Data::Sum(data) => {
                    data.data_points.into_iter().map(|point| point.exemplars).collect()
                }
                metric::Data::Histogram(data) => {
                    data.data_points.into_iter().map(|point| point.exemplars).collect()
                }
                metric::Data::ExponentialHistogram(data) => {
                    data.data_points.into_iter().map(|point| point.exemplars).collect()
                }
                metric::Data::Summary(_) => panic!("{metric:?}"),
            };
            if scope.scope.as_ref().unwrap().name == "checkout" {
                found.push((metric.name.clone(), exemplars));
            } else {
                assert!(exemplars.iter().all(Vec::is_empty));
            }
        }
    }
    found
}

fn attributes(last: &'static str) -> [KeyValue; 3] {
    [KeyValue::new("z", 1), KeyValue::new("a", 1), KeyValue::new(last, 1)]
}

#[test]
fn points_have_the_exemplars_of_their_attributes() {
    let metrics = metrics(|meter| {
        let all = [attributes("found"), attributes("other")];
        let counter = meter.u64_counter("orders").build();
        let gauge = meter.f64_gauge("orders.open").build();
        let histogram = meter.f64_histogram("orders.amounts").build();
        let exponential = meter.u64_histogram("orders.sizes").build();
        for attributes in &all {
            counter.add(1, attributes);
            gauge.record(1.0, attributes);
            histogram.record(1.0, attributes);
            exponential.record(1, attributes);
        }
        meter.i64_up_down_counter("stock").build().add(1, &all[0]);
    });
    assert_eq!(whole(&metrics, &Finds(1.0), None).records(), 18);
    assert_eq!(whole(&metrics, &Finds(1.0), Some("checkout")).records(), 9);
    assert_eq!(whole(&metrics, &Finds(1.0), Some("stock")).records(), 0);

    let found = exemplars(&metrics, 1.0);
    assert_eq!(found.len(), 5);
    for (name, points) in found {
        let with: Vec<_> = points.iter().flatten().collect();
        if name == "stock" {
            assert!(with.is_empty());
            continue;
        }
        assert_eq!(points.len(), 2, "{name}");
        let [exemplar] = with[..] else { panic!("{name}: {points:?}") };
        assert_eq!((exemplar.trace_id.as_slice(), exemplar.span_id.as_slice()), (&[7; 16][..], &[9; 8][..]));
        assert_eq!(exemplar.time_unix_nano, 5);
        let value = match name.as_str() {
            "orders" | "orders.sizes" => Value::AsInt(1),
            _ => Value::AsDouble(1.0),
        };
        assert_eq!(exemplar.value, Some(value), "{name}");
    }
}

#[test]
fn an_integer_that_is_none_is_sent_as_it_is() {
    let metrics = metrics(|meter| meter.u64_counter("orders").build().add(1, &attributes("found")));
    let value = |value| exemplars(&metrics, value)[0].1[0][0].value;
    assert_eq!(value(-3.0), Some(Value::AsInt(-3)));
    assert_eq!(value(0.5), Some(Value::AsDouble(0.5)));
    assert_eq!(value(1e300), Some(Value::AsDouble(1e300)));
    assert_eq!(value(f64::INFINITY), Some(Value::AsDouble(f64::INFINITY)));
}

#[test]
fn a_time_before_1970_is_none() {
    struct Early;
    impl FindExemplars for Early {
        fn of(&self, _: &InstrumentationScope, _: &str, _: &[&KeyValue]) -> Vec<Exemplar> {
            let time: SystemTime = UNIX_EPOCH - Duration::from_secs(1);
            vec![Exemplar { value: 1.0, time, trace_id: TRACE, span_id: SPAN }]
        }
    }
    let metrics = metrics(|meter| meter.u64_counter("orders").build().add(1, &[]));
    let message = ExportMetricsServiceRequest::decode(whole(&metrics, &Early, None).message).unwrap();
    let data = message.resource_metrics[0].scope_metrics[0].metrics[0].data.clone();
    let Some(metric::Data::Sum(sum)) = data else { panic!("{data:?}") };
    assert_eq!(sum.data_points[0].exemplars[0].time_unix_nano, 0);
}

#[test]
fn nothing_at_all_has_no_records() {
    assert_eq!(logs(&[]).records(), 0);
    assert_eq!(whole(&metrics(|_| {}), &Finds(1.0), None).records(), 0);
}
