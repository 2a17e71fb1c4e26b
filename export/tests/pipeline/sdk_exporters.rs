//! Exporters of OpenTelemetry's SDK, whatever they do.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::pay::{Attempt, CONTRACT, Method};
use opentelemetry::KeyValue;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::logs::{LogBatch, LogExporter};
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData, ResourceMetrics};
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use slo::Event;
use slo_export::{
    DropReason, ExporterCounts, Pipeline, PipelineBuilder, PipelineProblem, Prometheus, Report,
};

/// More time than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// What an exporter does with a batch.
#[derive(Clone, Copy, Debug)]
enum Does {
    Exports,
    Fails,
    Panics,
    NeverComes,
}

/// An exporter of everything.
#[derive(Clone, Debug)]
struct Exporter {
    does: Does,
    temporality: Temporality,
    exported: Arc<AtomicU64>,
    service: Arc<Mutex<Option<String>>>,
    is_shut_down: Arc<AtomicU64>,
}

impl Exporter {
    fn that(does: Does) -> Exporter {
        Exporter {
            does,
            temporality: Temporality::Cumulative,
            exported: Arc::default(),
            service: Arc::default(),
            is_shut_down: Arc::default(),
        }
    }

    async fn export(&self, records: u64) -> OTelSdkResult {
        match self.does {
            Does::Exports => {
                self.exported.fetch_add(records, Ordering::Relaxed);
                Ok(())
            }
            Does::Fails => Err(OTelSdkError::InternalFailure("the disk is full".to_owned())),
            Does::Panics => panic!("the disk is on fire"),
            Does::NeverComes => std::future::pending().await,
        }
    }

    fn set(&self, resource: &Resource) {
        let name = resource.get(&"service.name".into()).map(|value| value.to_string());
        *self.service.lock().unwrap() = name;
    }

    fn end(&self) -> OTelSdkResult {
        self.is_shut_down.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

impl LogExporter for Exporter {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        Exporter::export(self, batch.iter().count() as u64).await
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.set(resource);
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        self.end()
    }
}

impl SpanExporter for Exporter {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        Exporter::export(self, batch.len() as u64).await
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.set(resource);
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        self.end()
    }
}

impl PushMetricExporter for Exporter {
    /// Counts the attempts.
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        let all = metrics.scope_metrics().flat_map(|scope| scope.metrics());
        let mut attempts = 0;
        for metric in all.filter(|metric| metric.name() == "payment.attempts") {
            if let AggregatedMetrics::U64(MetricData::Sum(sum)) = metric.data() {
                attempts += sum.data_points().map(|point| point.value()).sum::<u64>();
            }
        }
        if matches!((self.does, self.temporality), (Does::Exports, Temporality::Cumulative)) {
            self.exported.store(0, Ordering::Relaxed);
        }
        Exporter::export(self, attempts).await
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        self.end()
    }

    fn temporality(&self) -> Temporality {
        self.temporality
    }
}

fn builder() -> PipelineBuilder {
    let resource = Resource::builder_empty().with_attribute(KeyValue::new("service.name", "pay")).build();
    Pipeline::builder(&CONTRACT, resource).without_globals().environment(|name| {
        // What never comes is waited for so long.
        let is_timeout = matches!(
            name,
            "OTEL_BSP_EXPORT_TIMEOUT" | "OTEL_BLRP_EXPORT_TIMEOUT" | "OTEL_METRIC_EXPORT_TIMEOUT"
        );
        is_timeout.then(|| "200".to_owned())
    })
}

fn with(exporter: &Exporter) -> Pipeline {
    builder()
        .log_exporter("vendor", exporter.clone())
        .span_exporter("vendor", exporter.clone())
        .metric_exporter("vendor", exporter.clone())
        .start()
        .unwrap()
}

fn record(pipeline: &Pipeline, events: usize) {
    pipeline.telemetry().in_scope(|| {
        (0..events).for_each(|_| Attempt::by(Method::Card, 7, "/pay").record(Duration::ZERO));
    });
}

/// What the exporter has of each signal. The sums are whole.
fn counts(report: &Report) -> [ExporterCounts; 3] {
    report.counts.signals().map(|(name, signal)| {
        assert!(signal.add_up(), "{name}: {report}");
        signal.exporter("vendor").unwrap().clone()
    })
}

#[test]
fn what_an_exporter_exported_is_delivered() {
    let exporter = Exporter::that(Does::Exports);
    let pipeline = with(&exporter);
    record(&pipeline, 3);
    let report = pipeline.shutdown_blocking(PATIENCE);
    assert!(report.is_whole() && report.is_in_time, "{report}");
    let delivered: Vec<u64> = counts(&report).iter().map(|counts| counts.delivered).collect();
    let recorded: Vec<u64> =
        report.counts.signals().iter().map(|(_, signal)| signal.recorded - signal.all_omitted()).collect();
    assert_eq!(delivered, recorded);
    assert_eq!(exporter.service.lock().unwrap().as_deref(), Some("pay"));
    assert_eq!(exporter.is_shut_down.load(Ordering::Relaxed), 3);
}

#[test]
fn what_failed_panicked_or_never_came_is_unconfirmed_and_not_tried_again() {
    for (does, trouble) in [
        (Does::Fails, "the disk is full"),
        (Does::Panics, "panicked: the disk is on fire"),
        (Does::NeverComes, "no answer in time"),
    ] {
        let pipeline = with(&Exporter::that(does));
        record(&pipeline, 3);
        let report = pipeline.shutdown_blocking(PATIENCE);
        assert!(!report.is_whole(), "{report}");
        for counts in counts(&report) {
            assert!(counts.unconfirmed > 0, "{does:?}: {report}");
            assert_eq!((counts.delivered, counts.all_dropped()), (0, 0), "{does:?}: {report}");
            assert!(counts.error.unwrap().contains(trouble), "{does:?}: {report}");
        }
    }
}

#[test]
fn an_exporter_of_deltas_has_each_measurement_once() {
    let exporter = Exporter { temporality: Temporality::Delta, ..Exporter::that(Does::Exports) };
    let cumulative = Exporter::that(Does::Exports);
    let pipeline = builder()
        .metric_exporter("vendor", exporter.clone())
        .metric_exporter("other", cumulative.clone())
        .start()
        .unwrap();
    for _ in 0..5 {
        record(&pipeline, 3);
        let report = pipeline.flush_blocking();
        assert!(report.is_in_time, "{report}");
    }
    let report = pipeline.shutdown_blocking(PATIENCE);
    assert!(report.is_whole(), "{report}");
    assert_eq!(exporter.exported.load(Ordering::Relaxed), 15);
    assert_eq!(cumulative.exported.load(Ordering::Relaxed), 15, "each has its own collections");
}

#[test]
fn what_an_exporter_of_deltas_did_not_export_no_later_one_brings() {
    let exporter = Exporter { temporality: Temporality::Delta, ..Exporter::that(Does::Fails) };
    let pipeline = builder().metric_exporter("vendor", exporter).start().unwrap();
    record(&pipeline, 2);
    let report = pipeline.flush_blocking();
    let counts = report.counts.metrics.exporter("vendor").unwrap().clone();
    assert!(report.counts.metrics.add_up(), "{report}");
    assert_eq!((counts.delivered, counts.pending), (0, 0), "{report}");
    assert!(counts.unconfirmed > 0, "{report}");
}

#[test]
fn two_exporters_of_a_signal_have_two_names() {
    let exporter = Exporter::that(Does::Exports);
    let error = builder()
        .log_exporter("vendor", exporter.clone())
        .span_exporter("vendor", exporter.clone())
        .span_exporter("vendor", exporter.clone())
        .metric_exporter("prometheus", exporter)
        .prometheus(Prometheus::at("127.0.0.1:0"))
        .start()
        .unwrap_err();
    let expected = [("span", "vendor"), ("metric", "prometheus")]
        .map(|(signal, name)| PipelineProblem::SameName { signal, name });
    // The contract's exponential buckets can't be scraped, either.
    assert!(expected.iter().all(|problem| error.problems().contains(problem)), "{error}");
}

#[test]
fn a_variable_leaves_a_signal_out() {
    let exporter = Exporter::that(Does::Exports);
    let pipeline = builder()
        .environment(|name| (name == "OTEL_TRACES_EXPORTER").then(|| "none".to_owned()))
        .log_exporter("vendor", exporter.clone())
        .span_exporter("vendor", exporter)
        .start()
        .unwrap();
    record(&pipeline, 1);
    let counts = pipeline.counts();
    assert!(counts.logs.exporter("vendor").is_some() && counts.spans.exporter("vendor").is_none());
    let report = pipeline.shutdown_blocking(PATIENCE);
    assert!(report.is_whole(), "{report}");
}

#[test]
fn what_comes_after_the_end_is_dropped_for_every_exporter() {
    let pipeline = with(&Exporter::that(Does::Exports));
    let report = pipeline.shutdown_blocking(PATIENCE);
    assert!(report.is_whole(), "{report}");
    record(&pipeline, 2);
    let counts = pipeline.counts();
    for (name, signal) in counts.signals() {
        let late = signal.exporter("vendor").unwrap().dropped(DropReason::AfterShutdown);
        assert!(late > 0 && signal.add_up(), "{name}: {counts}");
    }
}
