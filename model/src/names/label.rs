//! What an attribute's key is called as a label.

use super::{MetricKind, TranslationStrategy, only_underscores};

/// The label that Prometheus's server makes of an attribute's key, or `None` where it refuses the key, and every metric
/// of the same request with it.
///
/// Source: seen on Prometheus 3, OTLP receiver. Under escaping each character that isn't an ASCII letter, a digit or `_`
/// becomes `_`, and runs of `_` stay; a digit in front gets `key_` before it, a single `_` in front gets `key`. A label of
/// nothing but `_` is refused, `__` as well, which no escaping touched. Without escaping a key stays as it is, and only the
/// empty one is refused; a [promoted](super::PrometheusPoint::promoted) one of nothing but `_` is refused there too.
#[must_use]
pub fn prometheus_label(key: &str, strategy: TranslationStrategy) -> Option<String> {
    if !strategy.escapes() {
        return (!key.is_empty()).then(|| key.to_owned());
    }
    let fits = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let mut label: String =
        key.chars().map(|character| if fits(character) { character } else { '_' }).collect();
    if label.starts_with(|first: char| first.is_ascii_digit()) {
        label.insert_str(0, "key_");
    } else if label.starts_with('_') && !label.starts_with("__") {
        label.insert_str(0, "key");
    }
    (!only_underscores(&label)).then_some(label)
}

/// Whether the server sets this label itself on points of this kind, so that an attribute which becomes it is lost, or
/// spoils the series.
///
/// Source: seen on Prometheus 3, OTLP receiver. `__name__` is lost always. `job` is lost where the resource has a
/// `service.name`, `instance` where it has a `service.instance.id`; where it hasn't, the attribute takes their place and
/// poses as another target. `le` of a histogram is overwritten on `x_bucket` and stays on `x_sum` and `x_count`, which no
/// longer go together then. Of the kinds here none has a `quantile`: that is a summary's. A server with
/// `promote_scope_metadata` sets `otel_scope_name`, `otel_scope_version`, `otel_scope_schema_url` and a label `otel_scope_…`
/// for each attribute of a scope as well; by default it sets none.
#[must_use]
pub fn prometheus_reserved(label: &str, kind: MetricKind) -> bool {
    match label {
        "__name__" | "instance" | "job" => true,
        "le" => kind == MetricKind::Histogram,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_what_the_server_makes_of_keys() {
        let escaped = |key| prometheus_label(key, TranslationStrategy::UnderscoreEscapingWithSuffixes);
        for (key, label) in [
            ("tenant.id", "tenant_id"),
            ("tenant-id", "tenant_id"),
            ("a..b", "a__b"),
            ("a__b.", "a__b_"),
            ("_priv", "key_priv"),
            (".priv", "key_priv"),
            ("0day", "key_0day"),
            ("__double", "__double"),
            ("..name..", "__name__"),
            ("a:b", "a_b"),
            ("名", "key_"),
            ("_", "key_"),
        ] {
            assert_eq!(escaped(key).as_deref(), Some(label), "`{key}`");
        }
        for key in ["", "名前", "__", "___", ".."] {
            assert_eq!(escaped(key), None, "`{key}`");
        }
        let kept = |key| prometheus_label(key, TranslationStrategy::NoTranslation);
        for key in ["tenant.id", "名前", "_priv", "0day", "__", " "] {
            assert_eq!(kept(key).as_deref(), Some(key));
        }
        assert_eq!(kept(""), None);
    }

    #[test]
    fn what_a_histogram_reserves_is_free_elsewhere() {
        for kind in MetricKind::ALL {
            for label in ["__name__", "instance", "job"] {
                assert!(prometheus_reserved(label, kind), "`{label}` of {kind:?}");
            }
            assert_eq!(prometheus_reserved("le", kind), kind == MetricKind::Histogram);
            assert!(!prometheus_reserved("quantile", kind));
        }
    }
}
