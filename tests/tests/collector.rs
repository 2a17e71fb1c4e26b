//! What a real OpenTelemetry Collector takes, and what it writes of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that can't go on fails")]

#[path = "../collector/process.rs"]
mod process;

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::logs::v1::logs_service_client::LogsServiceClient;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::metrics::v1::{
    Gauge, Metric, NumberDataPoint, ResourceMetrics, ScopeMetrics, metric::Data, number_data_point::Value,
};
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use process::Collector;
use prost::Message;

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
