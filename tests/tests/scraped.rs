//! The same events reach real Prometheus servers by both ways: one scrapes the program's endpoint, one takes OTLP. They show the
//! same names, labels and values, and exemplars whose traces are there.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::generated::scenarios::CONTRACT;
use crate::generated::scenarios::scenarios::{
    PaymentAttempt, PaymentAttemptLater, PaymentOutcome, PaymentService,
};
use crate::prometheus::process::Server;
use serde_json::{Value, json};
use slo::__private::v8::tables::Prometheus as Named;
use slo::Contract;
use slo::Event;
use slo::decode::TranslationStrategy;
use slo_export::{Otlp, Pipeline, Prometheus};
use slo_receiver::{Keep, Receiver};

const PATIENCE: Duration = Duration::from_secs(60);

/// A series: its labels, its name among them, and its value.
type Series = BTreeMap<BTreeMap<String, String>, String>;

#[test]
#[ignore = "needs a Prometheus server: tests/prometheus/server builds one"]
fn what_is_scraped_is_what_comes_by_otlp() {
    for strategy in TranslationStrategy::ALL {
        for promoted in [&[][..], &["service.namespace", "deployment.environment.name"]] {
            let contract = Contract { prometheus: Named { strategy, promoted }, ..CONTRACT };
            compare(Box::leak(Box::new(contract)));
        }
    }
}

fn compare(contract: &'static Contract<'static>) {
    let Named { strategy, promoted } = contract.prometheus;
    let receiver = Receiver::builder().keep(Keep::digest_by("order").with_contexts()).start().unwrap();
    let by_otlp = Server::start(strategy, promoted, false);
    let service = PaymentService::new("fin-pay-prod", "host \"1\"\\n");
    let more = "service.namespace=shop,deployment.environment.name=prod,k8s.pod.name=pod-1";
    let of_variables = |name: &str| (name == "OTEL_RESOURCE_ATTRIBUTES").then(|| more.to_owned());
    let resource = service.assemble().environment(of_variables).build().unwrap().to_resource();
    let otlp = Otlp::http().endpoint(receiver.http_endpoint()).metrics_endpoint(by_otlp.otlp());
    let pipeline = Pipeline::builder(contract, resource)
        .otlp(otlp)
        .prometheus(Prometheus::at("127.0.0.1:0"))
        .without_globals()
        .environment(|_| None)
        .start()
        .unwrap();
    let scraping = Server::configured(&json!({
        "global": { "scrape_interval": "1s", "scrape_timeout": "1s" },
        "scrape_configs": [{
            "job_name": "scraped",
            "honor_labels": true,
            "metric_name_validation_scheme": "utf8",
            "static_configs": [{ "targets": [pipeline.prometheus_address().unwrap().to_string()] }],
        }],
    }));

    pipeline.telemetry().in_scope(|| {
        for number in 0..60_u64 {
            let outcome = match number % 3 {
                0 => PaymentOutcome::Succeeded,
                1 => PaymentOutcome::Timeout,
                _ => PaymentOutcome::Rejected,
            };
            let later = PaymentAttemptLater { outcome: Some(outcome) };
            PaymentAttempt { order: number.to_string().into(), later }
                .record(Duration::from_millis(number * number));
        }
    });
    let report = pipeline.flush_blocking();
    for exit in [
        &report.counts.logs.exporters[0],
        &report.counts.spans.exporters[0],
        &report.counts.metrics.exporters[0],
    ] {
        assert_eq!((exit.pending, exit.unconfirmed, exit.all_dropped()), (0, 0, 0), "{report}");
    }

    let expected: Series =
        shown(&by_otlp).into_iter().map(|(labels, value)| (as_scraped(labels), value)).collect();
    assert!(expected.len() > 20, "{expected:#?}");
    let end = Instant::now() + PATIENCE;
    let found = loop {
        let found = shown(&scraping);
        if found == expected || Instant::now() > end {
            break found;
        }
        std::thread::sleep(Duration::from_millis(200));
    };
    assert_eq!(found, expected, "{strategy}, promoted {promoted:?}");

    // Exemplars: of either server, and their traces were received.
    let digest = receiver.digest().unwrap();
    let traces: Vec<String> =
        digest.traces.iter().filter_map(|(_, seen)| Some(seen.context?.trace_id.to_string())).collect();
    assert_eq!(traces.len(), 60);
    for server in [&by_otlp, &scraping] {
        let exemplars = exemplars(server);
        assert!(!exemplars.is_empty(), "{strategy}: no exemplar");
        for trace in exemplars {
            assert!(traces.contains(&trace), "{strategy}: the trace {trace} is not there");
        }
    }
    drop(pipeline);
}

/// The series of the service, with their values, but for the runtime's own, which go on counting.
fn shown(server: &Server) -> Series {
    let data = server.ask("query", "query", r#"{job="shop/fin-pay-prod"}"#);
    let sample = |sample: &Value| {
        let labels: BTreeMap<String, String> = serde_json::from_value(sample["metric"].clone()).unwrap();
        (labels, sample["value"][1].as_str().unwrap().to_owned())
    };
    let all = data["result"].as_array().unwrap().iter().map(sample);
    all.filter(|(labels, _)| !labels["__name__"].starts_with("slo")).collect()
}

/// Labels that came by OTLP, as the server has them where it scraped them. It writes a bucket's bound that is whole as `5`
/// where it came by OTLP, and as `5.0` where it was scraped, whatever the text has (Prometheus 3.0's migration guide, "le and
/// quantile label values"). Nothing else may differ.
fn as_scraped(mut labels: BTreeMap<String, String>) -> BTreeMap<String, String> {
    if let Some(bound) = labels.get_mut("le")
        && bound.parse::<i64>().is_ok()
    {
        bound.push_str(".0");
    }
    labels
}

/// The traces of all exemplars.
fn exemplars(server: &Server) -> Vec<String> {
    let data = server.ask("query_exemplars", "query", r#"{job="shop/fin-pay-prod"}"#);
    let of_series =
        data.as_array().unwrap().iter().flat_map(|series| series["exemplars"].as_array().unwrap());
    of_series.map(|exemplar| exemplar["labels"]["trace_id"].as_str().unwrap().to_owned()).collect()
}
