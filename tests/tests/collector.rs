//! What a real OpenTelemetry Collector takes, and what it writes of it: events go out by the pipeline, and are told by the inverse
//! functions from each signal that the Collector wrote.

#[path = "../collector/process.rs"]
mod process;
#[path = "../collector/running.rs"]
pub(crate) mod running;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::generated::contracts;
use crate::generated::contracts::acme_shop::{
    CheckoutOutcome, Delivered, Delivery, Packed, PackedLater, PackedOrder, PackedOrderLines,
    PackedOrderToGo, Parcel, ParcelLater,
};
use crate::generated::scenarios::CONTRACT;
use crate::generated::scenarios::scenarios::{
    PaymentAttempt, PaymentAttemptLater, PaymentOutcome, PaymentService,
};
use crate::probe::pairs::{Pairs, pairs};
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::logs::v1::logs_service_client::LogsServiceClient;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::metrics::v1::{
    Gauge, Metric, NumberDataPoint, ResourceMetrics, ScopeMetrics, metric::Data, number_data_point::Value,
};
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, status::StatusCode};
use opentelemetry_sdk::Resource;
use process::Collector;
use prost::Message;
use slo::decode::{Decoded, Lookup as _, Projection};
use slo::testing::Recorder;
use slo::{Event, Moment};
use slo_export::{Otlp, Pipeline};

const EVENTS: usize = 300;

#[test]
#[ignore = "needs a Collector: tests/collector/run builds one"]
fn each_signal_tells_each_fact_over_grpc() {
    let collector = Collector::start();
    let otlp = Otlp::grpc().endpoint(collector.grpc_endpoint());
    each_signal_tells_each_fact(&collector, otlp);
}

#[test]
#[ignore = "needs a Collector: tests/collector/run builds one"]
fn each_signal_tells_each_fact_over_http() {
    let collector = Collector::start();
    let otlp = Otlp::http().endpoint(collector.http_endpoint());
    each_signal_tells_each_fact(&collector, otlp);
}

fn outcome(number: usize) -> PaymentOutcome {
    match number % 3 {
        0 => PaymentOutcome::Succeeded,
        1 => PaymentOutcome::Timeout,
        _ => PaymentOutcome::Rejected,
    }
}

/// What a log record or a span says of an order: how it ended, when, and in which trace.
type Told = BTreeMap<String, (PaymentOutcome, u64, Vec<u8>)>;

fn each_signal_tells_each_fact(collector: &Collector, otlp: Otlp) {
    let service = PaymentService::new("fin-pay-prod", "1");
    let resource = service.assemble().environment(|_| None).build().unwrap().to_resource();
    let pipeline = Pipeline::builder(&CONTRACT, resource).otlp(otlp).without_globals().environment(|_| None);
    let pipeline = pipeline.start().unwrap();
    pipeline.telemetry().in_scope(|| {
        for number in 0..EVENTS {
            let later = PaymentAttemptLater { outcome: Some(outcome(number)) };
            PaymentAttempt { order: number.to_string().into(), later }.record(Duration::from_millis(7));
        }
    });
    let report = pipeline.shutdown_blocking(Duration::from_secs(30));
    for (_, counts) in report.counts.signals() {
        assert_eq!(counts.exporters[0].delivered, counts.recorded, "{report}");
    }

    collector.wait_until(|collector| {
        (told_by_logs(collector).len(), told_by_spans(collector).len()) == (EVENTS, EVENTS)
            && counted(collector).values().sum::<usize>() == EVENTS
    });
    let (logs, spans) = (told_by_logs(collector), told_by_spans(collector));
    for number in 0..EVENTS {
        assert_eq!(logs[&number.to_string()].0, outcome(number));
    }
    // One outcome, one moment and one trace.
    assert_eq!(logs, spans);
    let each = EVENTS / 3;
    let expected = ["Rejected", "Succeeded", "Timeout"].map(|name| (name.to_owned(), each));
    assert_eq!(counted(collector), BTreeMap::from(expected));

    // One resource on all of them.
    let logs = collector.logs().into_iter().flat_map(|request| request.resource_logs);
    let traces = collector.traces().into_iter().flat_map(|request| request.resource_spans);
    let metrics = collector.metrics().into_iter().flat_map(|request| request.resource_metrics);
    let mut resources = (logs.map(|all| all.resource))
        .chain(traces.map(|all| all.resource))
        .chain(metrics.map(|all| all.resource))
        .map(|resource| pairs(&resource.unwrap().attributes));
    let first = resources.next().unwrap();
    assert!(
        first.iter().any(|(key, value)| key == "service.name"
            && value == &slo::value::Value::String("fin-pay-prod".into()))
    );
    assert!(resources.all(|other| other == first));
}

fn told_by_logs(collector: &Collector) -> Told {
    let requests = collector.logs();
    let scopes = requests.iter().flat_map(|request| &request.resource_logs).flat_map(|all| &all.scope_logs);
    let told = scopes.flat_map(|scope| &scope.log_records).map(|record| {
        assert_eq!(record.event_name, "payment.attempt");
        let fields = pairs(&record.attributes);
        let outcome = PaymentOutcome::from_log(&fields).known().unwrap();
        (order(&fields), (outcome, record.time_unix_nano, record.trace_id.clone()))
    });
    told.collect()
}

fn told_by_spans(collector: &Collector) -> Told {
    let requests = collector.traces();
    let scopes = requests.iter().flat_map(|request| &request.resource_spans).flat_map(|all| &all.scope_spans);
    let told = scopes.flat_map(|scope| &scope.spans).map(|span| {
        let attributes = pairs(&span.attributes);
        let outcome = PaymentOutcome::from_span(&attributes).known().unwrap();
        (order(&attributes), (outcome, span.end_time_unix_nano, span.trace_id.clone()))
    });
    told.collect()
}

/// How many events the last points show of each outcome: the counter's, and the histogram's beside it.
fn counted(collector: &Collector) -> BTreeMap<String, usize> {
    let requests = collector.metrics();
    let scopes =
        requests.iter().flat_map(|request| &request.resource_metrics).flat_map(|all| &all.scope_metrics);
    let (mut counters, mut histograms) = (BTreeMap::new(), BTreeMap::new());
    for metric in scopes.flat_map(|scope| &scope.metrics) {
        match (metric.name.as_str(), metric.data.as_ref().unwrap()) {
            ("payment.attempts", Data::Sum(sum)) => {
                for point in &sum.data_points {
                    let Some(Value::AsInt(count)) = point.value else { panic!("{point:?}") };
                    counters.insert(named(&point.attributes), usize::try_from(count).unwrap());
                }
            }
            ("payment.duration", Data::Histogram(histogram)) => {
                for point in &histogram.data_points {
                    histograms.insert(named(&point.attributes), usize::try_from(point.count).unwrap());
                }
            }
            (name, _) => assert!(name.starts_with("slo."), "{name}"),
        }
    }
    assert_eq!(counters, histograms);
    counters
}

fn named(labels: &[KeyValue]) -> String {
    format!("{:?}", PaymentOutcome::from_metric(&pairs(labels)).known().unwrap())
}

fn order(pairs: &Pairs) -> String {
    let (_, order) = pairs.iter().find(|(key, _)| key == "order").unwrap();
    let slo::value::Value::String(order) = order else { panic!("{order:?}") };
    order.to_string()
}

/// What services say besides, as the Collector wrote it: events on a span, the description of a status, logs without a name, and
/// objects. Each is told from what was written.
#[test]
#[ignore = "needs a Collector: tests/collector/run builds one"]
fn span_events_descriptions_nameless_logs_and_objects_come_back() {
    let collector = Collector::start();
    let resource = Resource::builder_empty().with_service_name("shop").build();
    let otlp = Otlp::http().endpoint(collector.http_endpoint());
    let pipeline = Pipeline::builder(&contracts::CONTRACT, resource).otlp(otlp).without_globals();
    let pipeline = pipeline.environment(|_| None).start().unwrap();
    let order = || PackedOrder {
        id: "a-1".into(),
        gift: None,
        to_go: PackedOrderToGo { town: "Ystad".into(), hours: Some(Duration::from_secs(5_400)) },
        lines: vec![PackedOrderLines { sku: "x".into(), count: 2 }],
        tags: vec!["new".into()],
    };
    pipeline.telemetry().in_scope(|| {
        Delivery { outcome: Delivered::Lost { weeks: 3 }, parcel: 7 }.record(Duration::from_secs(1));
        Parcel { weight: 4, later: ParcelLater { outcome: Some(CheckoutOutcome::Sold) } }
            .record(Duration::from_secs(2));
        Packed { order: order(), later: PackedLater::default() }.record(Duration::from_secs(3));
    });
    pipeline.shutdown_blocking(Duration::from_secs(30));
    collector.wait_until(|collector| (collector.log_records().len(), collector.spans().len()) == (4, 3));

    let records = collector.log_records();
    let said: Vec<(&str, String)> = records
        .iter()
        .map(|record| (record.event_name.as_str(), text(record.body.as_ref().unwrap())))
        .collect();
    let expected_records = [
        ("", "lost for 3 weeks".to_owned()),
        ("", "asked for".to_owned()),
        ("acme.packed", "packed".to_owned()),
        ("", "first".to_owned()),
    ];
    assert_eq!(said, expected_records);
    // The members of a map have no order: it is the SDK's.
    let recorder = Recorder::new(&contracts::CONTRACT);
    recorder.in_scope(|| Packed { order: order(), later: PackedLater::default() }.record(Moment::Now));
    assert_eq!(records[2].value("order"), recorder.logs()[0].0.value("order"));
    assert!(records[2].value("order").is_some());

    let spans = collector.spans();
    let span = |name: &str| spans.iter().find(|span| span.name == name).unwrap();
    let status = span("delivery").status.as_ref().unwrap();
    assert_eq!((status.code, status.message.as_str()), (StatusCode::Error as i32, "3 weeks"));
    // How many weeks is in the text alone.
    let delivered = Delivered::from_span(span("delivery"));
    assert!(matches!(delivered, Decoded::Variant(found) if found.name == "Lost"));
    let parcel = span("parcel");
    let names: Vec<&str> = parcel.events.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(names, ["weighed 4 kg", "sold"]);
    let [weighed, sold] = parcel.events.as_slice() else { panic!("{parcel:?}") };
    assert_eq!(pairs(&weighed.attributes), [("kg".into(), slo::value::Value::Int(4))]);
    assert!(matches!(CheckoutOutcome::from_span(sold), Decoded::Variant(found) if found.name == "Sold"));
    assert_eq!(sold.time_unix_nano, parcel.end_time_unix_nano);
}

fn text(body: &AnyValue) -> String {
    let Some(any_value::Value::StringValue(text)) = &body.value else { panic!("{body:?}") };
    text.clone()
}

/// What the other tests rest on. The Collector writes a resource, a scope, a body and a status where there was none: empty ones.
#[tokio::test]
#[ignore = "needs a Collector: tests/collector/run builds one"]
async fn the_collector_writes_what_it_took() {
    let collector = Collector::start();
    let (logs, traces, metrics) = (logs(), traces(), metrics());
    post(&collector, "/v1/logs", &logs);
    post(&collector, "/v1/traces", &traces);
    post(&collector, "/v1/metrics", &metrics);
    let mut client = LogsServiceClient::connect(collector.grpc_endpoint()).await.unwrap();
    client.export(logs.clone()).await.unwrap();
    collector.wait_until(|collector| {
        (collector.logs().len(), collector.traces().len(), collector.metrics().len()) == (2, 1, 1)
    });
    assert_eq!(collector.logs(), [logs.clone(), logs]);
    assert_eq!(collector.traces(), [traces]);
    assert_eq!(collector.metrics(), [metrics]);
}

fn post(collector: &Collector, path: &str, message: &impl Message) {
    let agent = ureq::Agent::new_with_config(ureq::Agent::config_builder().proxy(None).build());
    let request = agent.post(format!("{}{path}", collector.http_endpoint()));
    request.content_type("application/x-protobuf").send(&message.encode_to_vec()).unwrap();
}

/// A message that is there, and empty.
fn some<M: Default>() -> Option<M> {
    Some(M::default())
}

fn logs() -> ExportLogsServiceRequest {
    let record = LogRecord { event_name: "payment.attempt".to_owned(), body: some(), ..LogRecord::default() };
    let scope = ScopeLogs { scope: some(), log_records: vec![record], ..ScopeLogs::default() };
    let resource = ResourceLogs { resource: some(), scope_logs: vec![scope], ..ResourceLogs::default() };
    ExportLogsServiceRequest { resource_logs: vec![resource] }
}

fn traces() -> ExportTraceServiceRequest {
    let span = Span {
        trace_id: vec![1; 16],
        span_id: vec![2; 8],
        name: "POST /pay".to_owned(),
        status: some(),
        ..Span::default()
    };
    let scope = ScopeSpans { scope: some(), spans: vec![span], ..ScopeSpans::default() };
    let resource = ResourceSpans { resource: some(), scope_spans: vec![scope], ..ResourceSpans::default() };
    ExportTraceServiceRequest { resource_spans: vec![resource] }
}

fn metrics() -> ExportMetricsServiceRequest {
    let point = NumberDataPoint { value: Some(Value::AsInt(7)), ..NumberDataPoint::default() };
    let data = Some(Data::Gauge(Gauge { data_points: vec![point] }));
    let metric = Metric { name: "payment.attempts".to_owned(), data, ..Metric::default() };
    let scope = ScopeMetrics { scope: some(), metrics: vec![metric], ..ScopeMetrics::default() };
    let resource =
        ResourceMetrics { resource: some(), scope_metrics: vec![scope], ..ResourceMetrics::default() };
    ExportMetricsServiceRequest { resource_metrics: vec![resource] }
}
