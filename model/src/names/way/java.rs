//! `io.opentelemetry:opentelemetry-exporter-prometheus`, the Java SDK's exporter.

use super::super::MetricKind;
use super::super::unit;
use super::{allowed_in_metric, runs_to_underscore};

/// What the library keeps for the names of samples, and cuts off other names.
const ENDINGS: [&str; 4] = ["_total", "_created", "_bucket", "_info"];

/// The name of a metric's family: a counter's sample has `_total` behind it.
///
/// Source: seen on version 1.66.0-alpha with `prometheus-metrics` 1.8.0. Endings of samples are cut off the name, whatever the
/// kind. A unit isn't appended that the name ends with as a word; no `_ratio` is.
pub(super) fn family(name: &str, unit: &str) -> String {
    let mut whole = without_endings(runs_to_underscore(name, allowed_in_metric));
    if let Some(unit) = unit_words(unit)
        && !whole.ends_with(&format!("_{unit}"))
        && !whole.ends_with(&format!(".{unit}"))
    {
        whole = format!("{whole}_{unit}");
    }
    whole
}

/// The name before the endings of a histogram's series.
pub(super) fn metric(name: &str, unit: &str, kind: MetricKind) -> String {
    let family = family(name, unit);
    if kind == MetricKind::Counter { format!("{family}_total") } else { family }
}

fn without_endings(mut name: String) -> String {
    loop {
        let before = name.len();
        for ending in ENDINGS {
            if name == ending {
                return name.split_off(1);
            }
            if let Some(rest) = name.strip_suffix(ending) {
                name = rest.to_owned();
            }
        }
        if name.len() == before {
            return name;
        }
    }
}

fn unit_words(unit: &str) -> Option<String> {
    let plain = without_braces(unit);
    // A `/` alone is `per`, unless an annotation stood beside it.
    if ["", "1"].contains(&plain.as_str()) || (plain == "/" && unit.contains('{')) {
        return None;
    }
    if let Some(known) = word(&plain) {
        return Some(known.to_owned());
    }
    let divided = plain.split_once('/').map(|(measured, per)| {
        let measured = word(measured).unwrap_or(measured).trim_matches(is_blank);
        let per = singular(per).unwrap_or(per).trim_matches(is_blank);
        let between = if measured.is_empty() { "" } else { "_" };
        format!("{measured}{between}per_{per}")
    });
    let fits = |character: char| allowed_in_metric(character) || character == '.';
    let mut words: String =
        divided.unwrap_or(plain).chars().map(|one| if fits(one) { one } else { '_' }).collect();
    words = words.trim_matches(['_', '.']).to_owned();
    loop {
        let before = words.len();
        for ending in ENDINGS {
            if ending.strip_prefix('_') == Some(words.as_str()) {
                return None;
            }
            if let Some(rest) = words.strip_suffix(ending) {
                words = rest.to_owned();
            }
        }
        words = words.trim_end_matches(['_', '.']).to_owned();
        if words.len() == before {
            return (!words.is_empty()).then_some(words);
        }
    }
}

/// A unit without its annotations, and, where it has some, without the blanks around it.
fn without_braces(unit: &str) -> String {
    if !unit.contains('{') {
        return unit.to_owned();
    }
    let mut plain = String::new();
    let mut rest = unit;
    while let Some((before, annotated)) = rest.split_once('{') {
        let Some((_, after)) = annotated.split_once('}') else { break };
        plain.push_str(before);
        rest = after;
    }
    plain.push_str(rest);
    plain.trim_matches(is_blank).to_owned()
}

/// What Java's `String.trim` takes away.
fn is_blank(character: char) -> bool {
    character <= ' '
}

fn word(unit: &str) -> Option<&'static str> {
    Some(match unit {
        "a" => "years",
        "mo" => "months",
        "wk" => "weeks",
        "TiBy" => "tebibytes",
        "kBy" => "kilobytes",
        "1" | "KBy" => return None,
        _ => return unit::word(unit),
    })
}

/// After `/`: the word without its `s`.
fn singular(unit: &str) -> Option<&'static str> {
    if ["Cel", "Hz", "%"].contains(&unit) { None } else { word(unit)?.strip_suffix('s') }
}

/// Source: seen on the same. A run of what doesn't fit, `_` included, becomes one `_`; a digit in front gets `key_`. A metric is
/// left out that has a label of `_` alone.
pub(super) fn label(key: &str) -> Option<String> {
    let label = runs_to_underscore(key, |character| character.is_ascii_alphanumeric());
    if label.starts_with(|first: char| first.is_ascii_digit()) {
        return Some(format!("key_{label}"));
    }
    (!label.is_empty() && label != "_").then_some(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_appended_by_its_own_words() {
        for (unit, expected) in [
            ("", "x"),
            ("1", "x"),
            ("1 ", "x_1"),
            ("1/s", "x_1_per_second"),
            ("/", "x_per"),
            ("{call}/", "x"),
            ("{call}/{item}", "x"),
            ("/s", "x_per_second"),
            ("By/", "x_bytes_per"),
            ("By/Cel", "x_bytes_per_Cel"),
            ("kBy", "x_kilobytes"),
            ("KBy", "x_KBy"),
            ("By.s", "x_By.s"),
            ("a/b/c", "x_years_per_b_c"),
            ("m²", "x_m"),
            ("total", "x"),
            ("名", "x"),
        ] {
            assert_eq!(metric("x", unit, MetricKind::Gauge), expected, "`{unit}`");
        }
    }

    #[test]
    fn a_unit_that_the_name_ends_with_is_a_word() {
        for (name, expected) in [
            ("read.bytes", "read_bytes"),
            ("kilobytes", "kilobytes_bytes"),
            ("bytes", "bytes_bytes"),
            ("read.bytes.total", "read_bytes"),
        ] {
            assert_eq!(metric(name, "By", MetricKind::Gauge), expected, "`{name}`");
        }
    }
}
