//! `opentelemetry-prometheus`, an exporter of the Rust SDK.

use super::super::MetricKind;
use super::super::unit;
use super::each_to_underscore;

/// Source: seen on version 0.33.1. Each character that doesn't fit becomes `_`, and suffixes are appended whatever the name
/// ends with. `1` is `ratio` for every kind; a unit that isn't known appends nothing.
pub(super) fn metric(name: &str, unit: &str, kind: MetricKind) -> String {
    let fits = |character: char| character.is_ascii_alphanumeric() || "_:".contains(character);
    let mut whole = each_to_underscore(name, fits);
    if let Some(unit) = unit_words(unit) {
        whole.push('_');
        whole.push_str(&unit);
    }
    if kind == MetricKind::Counter {
        whole.push_str("_total");
    }
    whole
}

fn unit_words(whole: &str) -> Option<String> {
    if let Some(known) = known(whole) {
        return Some(known.to_owned());
    }
    let (measured, per) = whole.split_once('/')?;
    let per = unit::singular(per)?;
    // Of what is divided, `1` and units of time are left out.
    let measured =
        known(measured).filter(|_| !["1", "d", "h", "min", "s", "ms", "us", "ns"].contains(&measured));
    Some(measured.map_or_else(|| format!("per_{per}"), |measured| format!("{measured}_per_{per}")))
}

fn known(unit: &str) -> Option<&'static str> {
    Some(match unit {
        "1" => "ratio",
        "B" => "bytes",
        "KB" => "kilobytes",
        "MB" => "megabytes",
        "GB" => "gigabytes",
        "TB" => "terabytes",
        _ => return unit::word(unit),
    })
}

/// Source: seen on the same. Each character that doesn't fit becomes `_`. A label with `:`, with a digit in front or without a
/// character can't be read by the server.
pub(super) fn label(key: &str) -> Option<String> {
    let fits = |character: char| character.is_ascii_alphanumeric() || character == ':';
    let label = each_to_underscore(key, fits);
    let first = label.chars().next()?;
    (!label.contains(':') && !first.is_ascii_digit()).then_some(label)
}
