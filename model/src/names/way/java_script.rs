//! `@opentelemetry/exporter-prometheus`, the JavaScript SDK's exporter.

use super::super::MetricKind;
use super::runs_to_underscore;

/// Source: seen on version 0.301.0. No unit is appended, and `_total` where a counter's name doesn't end so. A name of which
/// nothing but `_` is left is left out.
pub(super) fn metric(name: &str, kind: MetricKind) -> Option<String> {
    let mut whole = escaped(name);
    if whole.is_empty() || whole == "_" {
        return None;
    }
    if whole.starts_with(|first: char| first.is_ascii_digit()) {
        whole.insert(0, '_');
    }
    if kind == MetricKind::Counter && !whole.ends_with("_total") {
        whole.push_str("_total");
    }
    Some(whole)
}

/// Source: seen on the same. A run of what doesn't fit, `_` included, becomes one `_`. A label with a digit in front or without a
/// character can't be read by the server.
pub(super) fn label(key: &str) -> Option<String> {
    let label = escaped(key);
    let first = label.chars().next()?;
    (!first.is_ascii_digit()).then_some(label)
}

fn escaped(text: &str) -> String {
    runs_to_underscore(text, |character| character.is_ascii_alphanumeric())
}
