//! What exporters say while they export. The subscriber is of the whole process, as a service's is, so that this stands
//! alone: what is said on a thread that has one of its own, while that is at work, goes nowhere anyway.

use std::sync::{Arc, Mutex, OnceLock};

use crate::events::{charge, request};
use crate::service::Service;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{BatchLogProcessor, LogBatch, LogExporter};
use opentelemetry_sdk::trace::{BatchSpanProcessor, SpanData, SpanExporter};
use slo::Telemetry;
use tracing::{info, info_span};

/// All that a program can say.
fn say_everything() {
    charge("1");
    request("1").in_scope(|| charge("1"));
    info!("an event");
    info_span!("a span").in_scope(|| {
        info!(http_route = "/v1/logs", "an event in a span");
        charge("1");
        drop(request("1"));
    });
}

/// An exporter that says all that a program can say, while it exports.
#[derive(Clone, Default)]
struct Talkative(Arc<Exports>);

#[derive(Default)]
struct Exports {
    /// Where events go: it is made after the exporter.
    telemetry: OnceLock<Telemetry>,
    exported: Mutex<usize>,
}

impl std::fmt::Debug for Talkative {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Talkative")
    }
}

impl Talkative {
    fn export(&self, count: usize) -> OTelSdkResult {
        *self.0.exported.lock().unwrap() += count;
        self.0.telemetry.get().unwrap().in_scope(say_everything);
        Ok(())
    }

    fn exported(&self) -> usize {
        *self.0.exported.lock().unwrap()
    }
}

impl SpanExporter for Talkative {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        Talkative::export(self, batch.len())
    }
}

impl LogExporter for Talkative {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        Talkative::export(self, batch.iter().count())
    }
}

#[test]
fn what_exporters_say_while_they_export_does_not_go_out() {
    let (simple, batch, spans) = (Talkative::default(), Talkative::default(), Talkative::default());
    let service = Service::with(
        true,
        |traces| traces.with_span_processor(BatchSpanProcessor::builder(spans.clone()).build()),
        |logs| {
            logs.with_simple_exporter(simple.clone())
                .with_log_processor(BatchLogProcessor::builder(batch.clone()).build())
        },
    );
    for exporter in [&simple, &batch, &spans] {
        assert!(exporter.0.telemetry.set(service.telemetry.clone()).is_ok());
    }
    tracing::dispatcher::set_global_default(service.dispatch.clone()).unwrap();
    service.telemetry.in_scope(|| {
        info_span!("by hand").in_scope(|| charge("1"));
        request("2").in_scope(|| info!("an event"));
    });
    let all = (2, 3);
    service.traces.force_flush().unwrap();
    service.log_provider.force_flush().unwrap();
    assert_eq!((spans.exported(), simple.exported(), batch.exported()), (all.0, all.1, all.1));
    assert_eq!(service.counts(), all);

    service.traces.shutdown().unwrap();
    service.log_provider.shutdown().unwrap();
    assert_eq!(service.counts(), all);
}
