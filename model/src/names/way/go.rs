//! `go.opentelemetry.io/otel/exporters/prometheus`, the Go SDK's exporter. Metrics have the names that the server itself gives
//! them by default: both ask one library, `otlptranslator`.

use super::runs_to_underscore;

/// Source: seen on version 0.69.0 with `otlptranslator` 1.0.0. A run of what doesn't fit, `_` included, becomes one `_`; a digit
/// in front gets `key_`; of a key that begins and ends with `__` that stays. What has nothing but `_` has no label.
pub(super) fn label(key: &str) -> Option<String> {
    let escaped = |text: &str| runs_to_underscore(text, |character| character.is_ascii_alphanumeric());
    let within = key.strip_prefix("__").and_then(|rest| rest.strip_suffix("__"));
    let label = within.map_or_else(|| escaped(key), |within| format!("__{}__", escaped(within)));
    if label.starts_with(|first: char| first.is_ascii_digit()) {
        return Some(format!("key_{label}"));
    }
    label.bytes().any(|byte| byte != b'_').then_some(label)
}
