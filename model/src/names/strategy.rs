//! How a Prometheus server is told to translate names.

use crate::table::described;
use std::fmt;

described! {
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

    /// Whether characters that don't fit become `_`.
    pub(crate) const fn escapes(self) -> bool {
        matches!(
            self,
            TranslationStrategy::UnderscoreEscapingWithSuffixes
                | TranslationStrategy::UnderscoreEscapingWithoutSuffixes
        )
    }

    /// Whether a metric's unit and kind are appended to its name.
    pub(super) const fn appends(self) -> bool {
        matches!(
            self,
            TranslationStrategy::UnderscoreEscapingWithSuffixes
                | TranslationStrategy::NoUtf8EscapingWithSuffixes
        )
    }
}

impl fmt::Display for TranslationStrategy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
