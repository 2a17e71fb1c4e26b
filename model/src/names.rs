//! What a key is called under each target.

use std::fmt;

/// Prometheus's translation of OTLP names, `otlp.translation_strategy` of its configuration (version 3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TranslationStrategy {
    /// Characters that don't fit become `_`, units and types are appended. Prometheus's own default.
    #[default]
    UnderscoreEscapingWithSuffixes,
    /// Characters that don't fit become `_`, nothing is appended.
    UnderscoreEscapingWithoutSuffixes,
    /// Names stay as they are, units and types are appended.
    NoUtf8EscapingWithSuffixes,
    /// Names stay as they are.
    NoTranslation,
}

impl TranslationStrategy {
    /// All strategies, in the order of Prometheus's documentation.
    pub const ALL: [TranslationStrategy; 4] = [
        TranslationStrategy::UnderscoreEscapingWithSuffixes,
        TranslationStrategy::UnderscoreEscapingWithoutSuffixes,
        TranslationStrategy::NoUtf8EscapingWithSuffixes,
        TranslationStrategy::NoTranslation,
    ];

    /// The strategy's name in Prometheus's configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            TranslationStrategy::UnderscoreEscapingWithSuffixes => "UnderscoreEscapingWithSuffixes",
            TranslationStrategy::UnderscoreEscapingWithoutSuffixes => "UnderscoreEscapingWithoutSuffixes",
            TranslationStrategy::NoUtf8EscapingWithSuffixes => "NoUTF8EscapingWithSuffixes",
            TranslationStrategy::NoTranslation => "NoTranslation",
        }
    }

    const fn escapes(self) -> bool {
        matches!(
            self,
            TranslationStrategy::UnderscoreEscapingWithSuffixes
                | TranslationStrategy::UnderscoreEscapingWithoutSuffixes
        )
    }
}

impl fmt::Display for TranslationStrategy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The label that Prometheus's server makes of an attribute's key, or `None` where nothing is left of it: the
/// server refuses such a label, and every metric of the same request with it.
///
/// Source: what a Prometheus server of version 3 does with OTLP. Under escaping each character that isn't an ASCII letter,
/// a digit or `_` becomes `_`; a digit in front gets `key_` before it, a single `_` in front gets `key`.
#[must_use]
pub fn prometheus_label(key: &str, strategy: TranslationStrategy) -> Option<String> {
    let mut label = if strategy.escapes() {
        key.chars()
            .map(
                |character| {
                    if character.is_ascii_alphanumeric() || character == '_' { character } else { '_' }
                },
            )
            .collect()
    } else {
        key.to_owned()
    };
    if strategy.escapes() {
        if label.starts_with(|first: char| first.is_ascii_digit()) {
            label.insert_str(0, "key_");
        } else if label.starts_with('_') && !label.starts_with("__") {
            label.insert_str(0, "key");
        }
    }
    let refused = label.is_empty() || (label != key && label.bytes().all(|byte| byte == b'_'));
    (!refused).then_some(label)
}

/// The path of nested JSON at which a key's value stands: its parts between dots.
pub fn nested_path(key: &str) -> impl Iterator<Item = &str> {
    key.split('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_what_the_server_makes_of_keys() {
        let escaped = |key| prometheus_label(key, TranslationStrategy::UnderscoreEscapingWithSuffixes);
        assert_eq!(escaped("tenant.id").as_deref(), Some("tenant_id"));
        assert_eq!(escaped("tenant-id").as_deref(), Some("tenant_id"));
        assert_eq!(escaped("a..b").as_deref(), Some("a__b"));
        assert_eq!(escaped("_priv").as_deref(), Some("key_priv"));
        assert_eq!(escaped(".priv").as_deref(), Some("key_priv"));
        assert_eq!(escaped("0day").as_deref(), Some("key_0day"));
        assert_eq!(escaped("__double").as_deref(), Some("__double"));
        assert_eq!(escaped("a:b").as_deref(), Some("a_b"));
        assert_eq!(escaped("名前"), None);
        assert_eq!(escaped("名").as_deref(), Some("key_"));
        let kept = |key| prometheus_label(key, TranslationStrategy::NoTranslation);
        assert_eq!(kept("tenant.id").as_deref(), Some("tenant.id"));
        assert_eq!(kept("名前").as_deref(), Some("名前"));
    }
}
