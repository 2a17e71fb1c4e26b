#![doc = include_str!("../README.md")]
#![cfg_attr(
    not(all(
        feature = "json-lines",
        feature = "prometheus",
        any(feature = "otlp-grpc", feature = "otlp-http")
    )),
    allow(dead_code, reason = "each exporter uses its part")
)]

mod counts;
mod delivery;
#[cfg(feature = "json-lines")]
mod json_lines;
mod metrics;
pub mod names;
#[cfg(any(feature = "otlp-http", feature = "otlp-grpc"))]
mod otlp;
mod pipeline;
#[cfg(feature = "prometheus")]
mod prometheus;
mod records;
mod sdk;
#[cfg(test)]
mod tests;

pub use counts::{Counts, DropReason, ExporterCounts, SignalCounts};
pub use metrics::meters::PipelineMeterProvider;
#[cfg(any(feature = "otlp-http", feature = "otlp-grpc"))]
pub use otlp::{Otlp, OtlpCompression};
pub use pipeline::builder::PipelineBuilder;
pub use pipeline::error::{PipelineError, PipelineProblem};
pub use pipeline::flow::Report;
pub use pipeline::handle::{PendingReport, Pipeline};
#[cfg(feature = "prometheus")]
pub use prometheus::Prometheus;
pub use slo::__export::OmissionReason;
