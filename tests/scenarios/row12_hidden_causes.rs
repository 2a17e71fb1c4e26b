//! Aggregation and sampling hide causes: an alert on a metric has no trace to look at.

use std::sync::Arc;

use opentelemetry_proto::tonic::metrics::v1::{metric::Data, number_data_point::Value};
use opentelemetry_sdk::trace::Sampler;
use slo_receiver::{Keep, Receiver};

use super::ordinary_service::OrdinaryService;
use super::service::{PATIENCE, pay, pipeline, prometheus, scrape, serve};

const REQUESTS: usize = 200;

fn one_in_ten() -> Sampler {
    Sampler::TraceIdRatioBased(0.1)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ordinary_metric_leads_to_no_trace() {
    let receiver = Receiver::builder().keep(Keep::everything()).start().unwrap();
    let service = OrdinaryService::new(&receiver, one_in_ten());
    pay(service.serve().await, REQUESTS).await;
    service.shut_down();
    let received = receiver.everything().unwrap();
    // A few traces are there, and nothing says which of them the metric counts.
    let sampled = received.all_spans().count();
    assert!(0 < sampled && sampled < REQUESTS / 2, "{sampled}");
    let metric = received.all_metrics().last().unwrap();
    let Some(Data::Sum(sum)) = &metric.data else { panic!("{metric:?}") };
    let [point] = sum.data_points.as_slice() else { panic!("{sum:?}") };
    assert_eq!((point.value, point.attributes.len()), (Some(Value::AsInt(REQUESTS as i64)), 1));
    assert_eq!(point.exemplars, []);
}

#[tokio::test]
async fn with_a_contract_a_metric_leads_to_a_trace_that_is_there() {
    let receiver = Receiver::builder().keep(Keep::digest_by("order").with_contexts()).start().unwrap();
    let builder = pipeline(&receiver).prometheus(prometheus()).sampler(one_in_ten());
    let pipeline = Arc::new(builder.start().unwrap());
    pay(serve(Arc::clone(&pipeline)).await, REQUESTS).await;
    let text = scrape(&pipeline).await;
    let report = pipeline.shutdown(PATIENCE).await;
    assert!(report.is_whole(), "{report}");
    let sampled_out = report.counts.spans.omitted(slo_export::OmissionReason::SampledOut);
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
