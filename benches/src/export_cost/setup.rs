//! What records events, and what exports them.

use std::time::Duration;

use opentelemetry_otlp::{LogExporter, MetricExporter, SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::BatchLogProcessor;
use opentelemetry_sdk::metrics::PeriodicReader;
use opentelemetry_sdk::trace::BatchSpanProcessor;
use slo_benches::emission::by_hand::{Bound, Unbound};
use slo_benches::emission::{ByContract, CONTRACT, Form, Providers, Specialized};
use slo_export::{Otlp, Pipeline};
use tokio::runtime::Runtime;

/// How long a flush and the end take at most.
const PATIENCE: Duration = Duration::from_secs(30);

/// What records events, and what exports them.
pub(crate) struct Setup {
    pub(crate) name: &'static str,
    /// What the program's environment says.
    pub(crate) variables: &'static [(&'static str, &'static str)],
    pub(crate) start: fn(&str) -> Running,
}

/// The set-up that the others stand beside.
pub(crate) const BESIDE: &str = "by hand, bound; the SDK's processors";

const NO_EXEMPLARS: &[(&str, &str)] = &[("OTEL_METRICS_EXEMPLAR_FILTER", "always_off")];

/// The set-ups, in the order of their turns. The SDK has no exemplars.
pub(crate) const SETUPS: &[Setup] = &[
    Setup {
        name: "by hand, unbound; the SDK's processors",
        variables: &[],
        start: |endpoint| of_sdk(endpoint, |providers| Box::new(Unbound::new(providers))),
    },
    Setup {
        name: BESIDE,
        variables: &[],
        start: |endpoint| of_sdk(endpoint, |providers| Box::new(Bound::new(providers))),
    },
    Setup {
        name: "by contract; the SDK's processors",
        variables: &[],
        start: |endpoint| of_sdk(endpoint, |providers| Box::new(ByContract::new(providers))),
    },
    Setup {
        name: "by contract",
        variables: &[],
        start: |endpoint| of_pipeline(endpoint, false, Box::new(ByContract)),
    },
    Setup {
        name: "by contract, no exemplars",
        variables: NO_EXEMPLARS,
        start: |endpoint| of_pipeline(endpoint, false, Box::new(ByContract)),
    },
    Setup {
        name: "by contract, exact collections",
        variables: &[],
        start: |endpoint| of_pipeline(endpoint, true, Box::new(ByContract)),
    },
    Setup {
        name: "by contract, specialized",
        variables: &[],
        start: |endpoint| of_pipeline(endpoint, false, Box::new(Specialized)),
    },
    Setup {
        name: "by contract, specialized, no exemplars",
        variables: NO_EXEMPLARS,
        start: |endpoint| of_pipeline(endpoint, false, Box::new(Specialized)),
    },
    Setup {
        name: "by contract, specialized, exact collections",
        variables: &[],
        start: |endpoint| of_pipeline(endpoint, true, Box::new(Specialized)),
    },
];

/// A form whose events are exported.
pub(crate) struct Running {
    pub(crate) form: Box<dyn Form>,
    exporting: Exporting,
}

enum Exporting {
    /// The SDK's, whose exporter runs in a tokio runtime.
    Sdk(Providers, Runtime),
    Pipeline(Pipeline),
}

impl Running {
    /// Sends what waits.
    pub(crate) fn flush(&self) {
        match &self.exporting {
            Exporting::Sdk(Providers { tracer, logger, meter }, _) => {
                logger.force_flush().unwrap();
                tracer.force_flush().unwrap();
                meter.force_flush().unwrap();
            }
            Exporting::Pipeline(pipeline) => _ = pipeline.flush_blocking(),
        }
    }

    /// Sends what waits, and ends.
    pub(crate) fn end(self) {
        match self.exporting {
            Exporting::Sdk(Providers { tracer, logger, meter }, _runtime) => {
                logger.shutdown_with_timeout(PATIENCE).unwrap();
                tracer.shutdown_with_timeout(PATIENCE).unwrap();
                meter.shutdown_with_timeout(PATIENCE).unwrap();
            }
            Exporting::Pipeline(pipeline) => _ = pipeline.shutdown_blocking(PATIENCE),
        }
    }
}

fn of_sdk(endpoint: &str, make: fn(&Providers) -> Box<dyn Form>) -> Running {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let entered = runtime.enter();
    let spans = SpanExporter::builder().with_tonic().with_endpoint(endpoint).build().unwrap();
    let logs = LogExporter::builder().with_tonic().with_endpoint(endpoint).build().unwrap();
    let metrics = MetricExporter::builder().with_tonic().with_endpoint(endpoint).build().unwrap();
    let providers = Providers::new(
        BatchSpanProcessor::builder(spans).build(),
        BatchLogProcessor::builder(logs).build(),
        PeriodicReader::builder(metrics).build(),
    );
    drop(entered);
    Running { form: make(&providers), exporting: Exporting::Sdk(providers, runtime) }
}

fn of_pipeline(endpoint: &str, is_exact: bool, form: Box<dyn Form>) -> Running {
    let builder = Pipeline::builder(&CONTRACT, Resource::builder_empty().build());
    let builder = if is_exact { builder.exact_collections() } else { builder };
    let pipeline = builder.otlp(Otlp::grpc().endpoint(endpoint)).start().unwrap();
    Running { form, exporting: Exporting::Pipeline(pipeline) }
}
