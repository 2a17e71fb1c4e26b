//! Service names are mixed: `job="payment-service"`, `"service":"payment"`, `service.name="payment-svc-v2"`.

use std::collections::BTreeSet;
use std::sync::Arc;

use opentelemetry::logs::{LogRecord, Logger, LoggerProvider};
use opentelemetry::metrics::MeterProvider;
use opentelemetry::trace::{Tracer, TracerProvider};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::{InMemoryLogExporter, SdkLoggerProvider};
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
use slo_receiver::{Keep, Plan, Receiver};

use super::service::{PATIENCE, Written, exits, pay, prometheus, scrape, serve};

/// Three teams, three names.
#[test]
fn ordinary_exits_name_three_services() {
    let named = |name: &'static str| Resource::builder_empty().with_service_name(name).build();
    let registry = prometheus::Registry::new();
    let exporter = opentelemetry_prometheus::exporter().with_registry(registry.clone()).build().unwrap();
    let metrics =
        SdkMeterProvider::builder().with_reader(exporter).with_resource(named("payment-service")).build();
    metrics.meter("payments").u64_counter("payments").build().add(1, &[]);
    let (logs, spans) = (InMemoryLogExporter::default(), InMemorySpanExporter::default());
    let loggers = SdkLoggerProvider::builder()
        .with_simple_exporter(logs.clone())
        .with_resource(named("payment"))
        .build();
    let logger = loggers.logger("payments");
    let mut record = logger.create_log_record();
    record.add_attribute("event", "payment_init");
    logger.emit(record);
    let traces = SdkTracerProvider::builder()
        .with_simple_exporter(spans.clone())
        .with_resource(named("payment-svc-v2"))
        .build();
    drop(traces.tracer("payments").start("POST /pay"));

    let of = |resource: &Resource| {
        resource.get(&opentelemetry::Key::from_static_str("service.name")).unwrap().to_string()
    };
    let text = prometheus::TextEncoder::new().encode_to_string(&registry.gather()).unwrap();
    assert!(text.contains("service_name=\"payment-service\""), "{text}");
    let of_log = of(&logs.get_emitted_logs().unwrap()[0].resource);
    assert_eq!(spans.get_finished_spans().unwrap().len(), 1);
    let names = BTreeSet::from(["payment-service".to_owned(), of_log, "payment-svc-v2".to_owned()]);
    assert_eq!(names.len(), 3, "{names:?}");
}

#[tokio::test]
async fn with_a_contract_every_exit_names_one_service() {
    let receiver = Receiver::builder().plan(Plan::healthy()).keep(Keep::digest_by("order")).start().unwrap();
    let written = Written::default();
    let builder = exits(&receiver).prometheus(prometheus()).json_lines(written.clone());
    let exits = Arc::new(builder.start().unwrap());
    pay(serve(Arc::clone(&exits)).await, 5).await;
    let text = scrape(&exits).await;
    let report = exits.shutdown(PATIENCE).await;
    assert!(report.is_whole(), "{report}");

    // OTLP: one resource for the three signals.
    let digest = receiver.digest().unwrap();
    assert_eq!((digest.logs.distinct(), digest.traces.distinct()), (5, 5));
    assert!(digest.metrics.of("payment.attempts").next().is_some());
    let [resource] = digest.resources() else { panic!("{:#?}", digest.resources()) };
    assert!(format!("{resource:?}").contains("fin-pay-prod"));
    // JSON lines.
    let lines = written.lines();
    assert_eq!(lines.len(), 5);
    for line in lines {
        assert_eq!(line["resource"]["service"]["name"], "fin-pay-prod", "{line}");
    }
    // Prometheus: `job` is the service, on every series.
    let series: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(series.iter().any(|line| line.starts_with("payment_attempts_total{")), "{text}");
    for line in series {
        assert!(line.contains(r#"job="fin-pay-prod""#) && line.contains(r#"instance="1""#), "{line}");
    }
}
