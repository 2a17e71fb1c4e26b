//! How often the service sends what it has: the same for both instrumentations, by OpenTelemetry's own variables.

use std::time::Duration;

/// Log records and spans go out at least as often.
pub(crate) const RECORDS: Duration = Duration::from_millis(200);

/// Metrics are collected and go out as often.
pub(crate) const METRICS: Duration = Duration::from_millis(500);

/// The variables, with their values in milliseconds.
pub(crate) const VARIABLES: [(&str, Duration); 3] = [
    ("OTEL_BLRP_SCHEDULE_DELAY", RECORDS),
    ("OTEL_BSP_SCHEDULE_DELAY", RECORDS),
    ("OTEL_METRIC_EXPORT_INTERVAL", METRICS),
];
