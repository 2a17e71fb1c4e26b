//! `opentelemetry-exporter-prometheus`, the Python SDK's exporter.

use super::super::MetricKind;
use super::super::unit;
use super::{allowed_in_metric, runs_to_underscore};

/// Source: seen on version 0.66b2 with SDK 1.45.2, which makes names lower-case. What is in braces of a unit is taken out. A
/// unit isn't appended that the name ends with; no `_ratio` is. A `_total` at the end of a counter's name stands behind the unit.
pub(super) fn metric(name: &str, unit: &str, kind: MetricKind) -> String {
    let mut whole = runs_to_underscore(&name.to_ascii_lowercase(), allowed_in_metric);
    if kind == MetricKind::Counter {
        whole = whole.strip_suffix("_total").map_or(whole.clone(), str::to_owned);
    }
    let unit = unit_words(unit);
    if !unit.is_empty() && !whole.ends_with(&format!("_{unit}")) {
        whole = format!("{whole}_{unit}");
    }
    if kind == MetricKind::Counter { format!("{whole}_total") } else { whole }
}

fn unit_words(unit: &str) -> String {
    let plain = without_braces(unit);
    if let Some(known) = unit::word(&plain) {
        return known.to_owned();
    }
    let escaped = |part: &str| runs_to_underscore(part, allowed_in_metric);
    if let Some((measured, per)) = plain.split_once('/') {
        let (measured, per) = (escaped(measured), escaped(per));
        if !per.is_empty() {
            let per = unit::singular(&per).unwrap_or(&per);
            let measured = unit::word(&measured).unwrap_or(&measured);
            let between = if measured.is_empty() { "" } else { "_" };
            return format!("{measured}{between}per_{per}");
        }
    }
    escaped(&plain).trim_matches('_').to_owned()
}

/// A unit without what stands between its first `{` and its last `}`.
fn without_braces(unit: &str) -> String {
    match (unit.find('{'), unit.rfind('}')) {
        (Some(open), Some(close)) if open < close => {
            format!("{}{}", unit.get(..open).unwrap_or_default(), unit.get(close + 1..).unwrap_or_default())
        }
        _ => unit.to_owned(),
    }
}

/// Source: seen on the same. A digit in front becomes `_`, and a run of what doesn't fit, `_` included, becomes one.
pub(super) fn label(key: &str) -> String {
    let mut start = key.chars();
    let key = match start.next() {
        Some(first) if first.is_ascii_digit() => format!("_{}", start.as_str()),
        _ => key.to_owned(),
    };
    runs_to_underscore(&key, |character| character.is_ascii_alphanumeric())
}
