//! Aggregation and sampling hide causes: an alert on a metric has no trace to look at.

use std::sync::Arc;

use opentelemetry::KeyValue;
use opentelemetry::trace::{Tracer, TracerProvider};
use opentelemetry_sdk::trace::{InMemorySpanExporter, Sampler, SdkTracerProvider};
use slo_receiver::{Keep, Receiver};

use super::ordinary::Ordinary;
use super::service::{PATIENCE, exits, pay, prometheus, scrape, serve};

const REQUESTS: usize = 200;

fn one_in_ten() -> Sampler {
    Sampler::TraceIdRatioBased(0.1)
}

#[test]
fn an_ordinary_metric_leads_to_no_trace() {
    let ordinary = Ordinary::new();
    let spans = InMemorySpanExporter::default();
    let traces =
        SdkTracerProvider::builder().with_sampler(one_in_ten()).with_simple_exporter(spans.clone()).build();
    let tracer = traces.tracer("payments");
    let counter = ordinary.meter.u64_counter("payment_status").build();
    for _ in 0..REQUESTS {
        tracer.in_span("POST /pay", |_| counter.add(1, &[KeyValue::new("status", "failed")]));
    }
    // A few traces are there, and nothing says which of them the metric counts.
    let sampled = spans.get_finished_spans().unwrap().len();
    assert!(0 < sampled && sampled < REQUESTS / 2, "{sampled}");
    let points = ordinary.counter("payment_status");
    assert_eq!(points.len(), 1);
    assert_eq!((points[0].1, points[0].0.len()), (REQUESTS as u64, 1));
    assert_eq!(ordinary.exemplars("payment_status"), 0);
}

#[tokio::test]
async fn with_a_contract_a_metric_leads_to_a_trace_that_is_there() {
    let receiver = Receiver::builder().keep(Keep::digest_by("order").with_contexts()).start().unwrap();
    let builder = exits(&receiver).prometheus(prometheus()).sampler(one_in_ten());
    let exits = Arc::new(builder.start().unwrap());
    pay(serve(Arc::clone(&exits)).await, REQUESTS).await;
    let text = scrape(&exits).await;
    let report = exits.shutdown(PATIENCE).await;
    assert!(report.is_whole(), "{report}");
    let sampled_out = report.counts.spans.left_out(slo::Omission::SampledOut);
    let digest = receiver.digest().unwrap();
    assert_eq!(digest.traces.distinct() + sampled_out, REQUESTS as u64);

    let traces: Vec<_> = digest.traces.iter().filter_map(|(_, seen)| seen.context).collect();
    let is_there = |trace: &str, span: &str| {
        traces.iter().any(|own| own.trace_id.to_string() == trace && own.span_id.to_string() == span)
    };
    // OTLP.
    let exemplars: Vec<_> = ["payment.attempts", "payment.duration"]
        .into_iter()
        .flat_map(|metric| digest.metrics.of(metric))
        .flat_map(|series| &series.exemplars)
        .collect();
    assert!(!exemplars.is_empty());
    for exemplar in exemplars {
        assert!(is_there(&exemplar.trace_id.to_string(), &exemplar.span_id.to_string()), "{exemplar:?}");
    }
    // The endpoint.
    let mut counted = 0;
    for line in text.lines() {
        let Some((series, exemplar)) = line.split_once(" # {") else { continue };
        let name = series.split('{').next().unwrap();
        assert!(["payment_attempts_total", "payment_duration_seconds_bucket"].contains(&name), "{line}");
        let label =
            |name: &str| exemplar.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap();
        assert!(is_there(label("trace_id"), label("span_id")), "{line}");
        counted += 1;
    }
    assert!(counted >= 2, "{text}");
}
