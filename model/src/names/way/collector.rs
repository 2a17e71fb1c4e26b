//! The Collector's `prometheusexporter`. Metrics have the names that the server itself gives them by default, as by the Go SDK's
//! exporter.

use super::each_to_underscore;

/// Source: seen on version 0.165.1, which asks `otlptranslator` 1.0.0 to keep runs of `_`, other than the Go SDK's exporter. Each
/// character that doesn't fit becomes `_`; a digit in front gets `key_`. What has nothing but `_` has no label.
pub(super) fn label(key: &str) -> Option<String> {
    let label = each_to_underscore(key, |character| character.is_ascii_alphanumeric());
    if label.starts_with(|first: char| first.is_ascii_digit()) {
        return Some(format!("key_{label}"));
    }
    label.bytes().any(|byte| byte != b'_').then_some(label)
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn runs_of_underscores_stay() {
        for (key, expected) in [
            ("a.b", Some("a_b")),
            ("a..b", Some("a__b")),
            ("a__b", Some("a__b")),
            ("_x", Some("_x")),
            ("..name..", Some("__name__")),
            ("__a.b__", Some("__a_b__")),
            ("9lives", Some("key_9lives")),
            ("éa", Some("_a")),
            ("名", None),
            ("__", None),
            ("", None),
        ] {
            assert_eq!(label(key).as_deref(), expected, "`{key}`");
        }
    }
}
