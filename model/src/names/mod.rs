//! What a key and a metric are called under each target.
//!
//! What stands here of Prometheus was seen on its server, version 3 with the OTLP receiver on, and is compared with it
//! by the test `prometheus` of the workspace. Where the server differs from the specification of OpenTelemetry, the server
//! is right. What a program writes that a server scrapes, and what it writes as log lines, has its names here as well.

mod bound;
mod label;
mod labels;
pub mod log_line;
mod metric;
mod open_metrics;
mod strategy;
mod unit;
mod way;

pub use bound::prometheus_bound;
pub use label::{prometheus_label, prometheus_reserved};
pub use labels::{PrometheusPoint, PrometheusScope, prometheus_labels};
pub use metric::{MetricKind, prometheus_metric, prometheus_series};
pub use open_metrics::{OpenMetricsFamily, OpenMetricsType, open_metrics_family};
pub use strategy::TranslationStrategy;
pub use way::{PrometheusLoss, PrometheusNaming, PrometheusWay};

/// The path of nested JSON at which a key's value stands: its parts between dots.
pub fn nested_path(key: &str) -> impl Iterator<Item = &str> {
    key.split('.')
}

/// Whether nothing but `_` is left of a name.
fn only_underscores(name: &str) -> bool {
    name.bytes().all(|byte| byte == b'_')
}
