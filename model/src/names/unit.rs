//! What a unit adds to a metric's name.

/// What a unit adds: what is measured, and `per_…`. Either may be empty. Nothing is escaped yet.
///
/// Source: seen on Prometheus 3, OTLP receiver. The first `/` divides the unit; a half with `{` or `}` in it adds nothing, and
/// one that the server doesn't know adds itself.
pub(super) fn suffixes(unit: &str) -> (&str, String) {
    let (measured, per) = unit.split_once('/').unwrap_or((unit, ""));
    let measured = plain(measured);
    let measured = word(measured).unwrap_or(measured);
    let per = plain(per);
    let per = if per.is_empty() { String::new() } else { format!("per_{}", singular(per).unwrap_or(per)) };
    (measured, per)
}

/// Half a unit without the blanks around it, or nothing where it has an annotation.
fn plain(half: &str) -> &str {
    if half.contains(['{', '}']) { "" } else { half.trim() }
}

pub(super) fn word(unit: &str) -> Option<&'static str> {
    Some(match unit {
        "d" => "days",
        "h" => "hours",
        "min" => "minutes",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "GiBy" => "gibibytes",
        "TiBy" => "tibibytes",
        "KBy" => "kilobytes",
        "MBy" => "megabytes",
        "GBy" => "gigabytes",
        "TBy" => "terabytes",
        "m" => "meters",
        "V" => "volts",
        "A" => "amperes",
        "J" => "joules",
        "W" => "watts",
        "g" => "grams",
        "Cel" => "celsius",
        "Hz" => "hertz",
        "%" => "percent",
        "1" => "",
        _ => return None,
    })
}

/// After `/`, where `m` is a minute, and `min`, `ms` and the others aren't known.
pub(super) fn singular(unit: &str) -> Option<&'static str> {
    Some(match unit {
        "s" => "second",
        "m" => "minute",
        "h" => "hour",
        "d" => "day",
        "w" => "week",
        "mo" => "month",
        "y" => "year",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_two_halves() {
        for (unit, measured, per) in [
            ("", "", ""),
            ("1", "", ""),
            ("By", "bytes", ""),
            ("By/s", "bytes", "per_second"),
            (" By / s ", "bytes", "per_second"),
            ("m/m", "meters", "per_minute"),
            ("By/min", "bytes", "per_min"),
            ("By/", "bytes", ""),
            ("/s", "", "per_second"),
            ("1/s", "", "per_second"),
            ("s/1", "seconds", "per_1"),
            ("{call}", "", ""),
            ("{call}/s", "", "per_second"),
            ("By/{call}", "bytes", ""),
            ("a{", "", ""),
            ("a/b/c", "a", "per_b/c"),
            ("by", "by", ""),
            ("m²", "m²", ""),
        ] {
            assert_eq!(suffixes(unit), (measured, per.to_owned()), "`{unit}`");
        }
    }
}
