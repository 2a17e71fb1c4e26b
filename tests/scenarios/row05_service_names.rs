//! Service names are mixed: `job="payment-service"`, `"service":"payment"`, `service.name="payment-svc-v2"`.

use std::collections::BTreeSet;
use std::sync::Arc;

use opentelemetry_proto::tonic::common::v1::any_value;
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_sdk::trace::Sampler;
use slo_receiver::{Keep, Plan, Receiver};

use super::ordinary_service::OrdinaryService;
use super::service::{PATIENCE, Written, pay, pipeline, prometheus, scrape, serve};

/// Three teams, three names.
#[tokio::test(flavor = "multi_thread")]
async fn ordinary_exporters_name_three_services() {
    let receiver = Receiver::builder().keep(Keep::everything()).start().unwrap();
    let service = OrdinaryService::new(&receiver, Sampler::AlwaysOn);
    pay(service.serve().await, 1).await;
    service.shut_down();

    let received = receiver.everything().unwrap();
    let logs = received.logs.iter().flat_map(|request| &request.message.resource_logs);
    let spans = received.traces.iter().flat_map(|request| &request.message.resource_spans);
    let metrics = received.metrics.iter().flat_map(|request| &request.message.resource_metrics);
    let names: BTreeSet<String> = (logs.map(|all| &all.resource))
        .chain(spans.map(|all| &all.resource))
        .chain(metrics.map(|all| &all.resource))
        .map(|resource| service_name(resource.as_ref().unwrap()))
        .collect();
    assert_eq!(names, ["payment", "payment-service", "payment-svc-v2"].map(str::to_owned).into());
}

fn service_name(resource: &Resource) -> String {
    let name = resource.attributes.iter().find(|attribute| attribute.key == "service.name").unwrap();
    match name.value.as_ref().unwrap().value.as_ref().unwrap() {
        any_value::Value::StringValue(name) => name.clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn with_a_contract_every_exporter_names_one_service() {
    let receiver = Receiver::builder().plan(Plan::healthy()).keep(Keep::digest_by("order")).start().unwrap();
    let written = Written::default();
    let builder = pipeline(&receiver).prometheus(prometheus()).json_lines(written.clone());
    let pipeline = Arc::new(builder.start().unwrap());
    pay(serve(Arc::clone(&pipeline)).await, 5).await;
    let text = scrape(&pipeline).await;
    let report = pipeline.shutdown(PATIENCE).await;
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
