//! Providers of the SDK that export nothing and have no thread, so that only the making of telemetry is measured.

use std::time::Duration;

use opentelemetry::{Context, InstrumentationScope};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{LogProcessor, SdkLogRecord, SdkLoggerProvider};
use opentelemetry_sdk::metrics::reader::MetricReader;
use opentelemetry_sdk::metrics::{ManualReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{SdkTracerProvider, Span, SpanData, SpanProcessor};

/// The SDK's providers.
#[derive(Debug)]
#[expect(missing_docs, reason = "their types tell")]
pub struct Providers {
    pub tracer: SdkTracerProvider,
    pub logger: SdkLoggerProvider,
    pub meter: SdkMeterProvider,
}

impl Providers {
    /// Providers that end in these.
    pub fn new(
        spans: impl SpanProcessor + 'static,
        logs: impl LogProcessor + 'static,
        metrics: impl MetricReader,
    ) -> Providers {
        let resource = Resource::builder_empty().build();
        Providers {
            tracer: SdkTracerProvider::builder()
                .with_resource(resource.clone())
                .with_span_processor(spans)
                .build(),
            logger: SdkLoggerProvider::builder()
                .with_resource(resource.clone())
                .with_log_processor(logs)
                .build(),
            meter: SdkMeterProvider::builder().with_resource(resource).with_reader(metrics).build(),
        }
    }

    /// Providers that drop each span and log record where an exporter's queue would take it, and whose metrics nobody
    /// reads.
    #[must_use]
    pub fn dropping() -> Providers {
        Providers::new(Dropping, Dropping, ManualReader::builder().build())
    }
}

impl Providers {
    /// A telemetry whose events go to these providers.
    #[must_use]
    pub fn telemetry(&self) -> slo::Telemetry {
        slo::Telemetry::builder()
            .metrics(self.meter.clone())
            .traces(self.tracer.clone())
            .logs(self.logger.clone())
            .build()
    }
}

/// The instrumentation scope of payments.
#[must_use]
pub fn scope() -> InstrumentationScope {
    InstrumentationScope::builder("fin.pay").with_version("1.4.0").build()
}

#[derive(Debug)]
struct Dropping;

impl SpanProcessor for Dropping {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, _: SpanData) {}

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

impl LogProcessor for Dropping {
    fn emit(&self, _: &mut SdkLogRecord, _: &InstrumentationScope) {}

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}
