//! The names that exporters have in counts, problems and metrics.

/// OTLP, over gRPC or HTTP.
pub const OTLP: &str = "otlp";
/// JSON log lines.
pub const JSON_LINES: &str = "json_lines";
/// A Prometheus server that scrapes the program.
pub const PROMETHEUS: &str = "prometheus";
