//! What a metric is in OpenMetrics text, which a program writes that is scraped.

use super::{MetricKind, TranslationStrategy, prometheus_metric};

/// The types of metric families that the metrics of a contract may have.
///
/// Source: OpenMetrics 1.0, "Metric Types".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OpenMetricsType {
    /// Only ever grows.
    Counter,
    /// The last value.
    Gauge,
    /// A histogram with explicit bounds.
    Histogram,
    /// What the text can't say the type of.
    Unknown,
}

impl OpenMetricsType {
    /// The type's name behind `# TYPE`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            OpenMetricsType::Counter => "counter",
            OpenMetricsType::Gauge => "gauge",
            OpenMetricsType::Histogram => "histogram",
            OpenMetricsType::Unknown => "unknown",
        }
    }

    /// What may stand behind the family's name in the name of a sample; nothing may where this is empty.
    ///
    /// Source: OpenMetrics 1.0, "Suffixes".
    #[must_use]
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            OpenMetricsType::Counter => &["_total", "_created"],
            OpenMetricsType::Histogram => &["_bucket", "_count", "_sum", "_created"],
            OpenMetricsType::Gauge | OpenMetricsType::Unknown => &[],
        }
    }
}

/// A metric as OpenMetrics text has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenMetricsFamily {
    /// The name behind `# TYPE`.
    pub name: String,
    /// The type.
    pub family_type: OpenMetricsType,
}

impl OpenMetricsFamily {
    /// The names that no other family of the same text may have, nor any of its samples: the family's own, and what its
    /// samples may be called, whether or not there is such a sample.
    ///
    /// Source: OpenMetrics 1.0, "Suffixes".
    pub fn names(&self) -> impl Iterator<Item = String> {
        let samples = self.family_type.endings().iter().map(|ending| format!("{}{ending}", self.name));
        std::iter::once(self.name.clone()).chain(samples)
    }
}

/// The family that a metric is in OpenMetrics text under its [name](prometheus_metric), or `None` where it has no name, or
/// no form there: the text has no histogram with exponential buckets.
///
/// Source: OpenMetrics 1.0, "Counter": the sample of a counter is the family's name and `_total`. A counter whose name doesn't
/// end so, as under a strategy that appends nothing, can't be written as one: it is of unknown type. A sum that
/// may fall is a gauge.
#[must_use]
pub fn open_metrics_family(
    name: &str,
    unit: &str,
    kind: MetricKind,
    strategy: TranslationStrategy,
) -> Option<OpenMetricsFamily> {
    let metric = prometheus_metric(name, unit, kind, strategy)?;
    let family = |name: &str, family_type| OpenMetricsFamily { name: name.to_owned(), family_type };
    Some(match kind {
        MetricKind::Counter => match metric.strip_suffix("_total").filter(|rest| !rest.is_empty()) {
            Some(rest) => family(rest, OpenMetricsType::Counter),
            None => family(&metric, OpenMetricsType::Unknown),
        },
        MetricKind::UpDownCounter | MetricKind::Gauge => family(&metric, OpenMetricsType::Gauge),
        MetricKind::Histogram => family(&metric, OpenMetricsType::Histogram),
        MetricKind::ExponentialHistogram => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use MetricKind::{Counter, ExponentialHistogram, Gauge, Histogram, UpDownCounter};
    use TranslationStrategy::{
        NoTranslation, NoUtf8EscapingWithSuffixes, UnderscoreEscapingWithSuffixes,
        UnderscoreEscapingWithoutSuffixes,
    };

    #[test]
    fn a_family_is_a_name_and_a_type() {
        for (name, unit, kind, strategy, expected) in [
            ("jobs", "", Counter, UnderscoreEscapingWithSuffixes, ("jobs", "counter")),
            ("jobs.total", "", Counter, UnderscoreEscapingWithSuffixes, ("jobs", "counter")),
            ("disk.io", "By", Counter, NoUtf8EscapingWithSuffixes, ("disk.io_bytes", "counter")),
            ("jobs", "", UpDownCounter, UnderscoreEscapingWithSuffixes, ("jobs", "gauge")),
            ("jobs.total", "", Gauge, UnderscoreEscapingWithSuffixes, ("jobs_total", "gauge")),
            ("wait", "s", Histogram, UnderscoreEscapingWithSuffixes, ("wait_seconds", "histogram")),
            // Nothing is appended: what the name says is what there is.
            ("jobs", "", Counter, UnderscoreEscapingWithoutSuffixes, ("jobs", "unknown")),
            ("jobs.total", "", Counter, UnderscoreEscapingWithoutSuffixes, ("jobs", "counter")),
            ("jobs.total", "", Counter, NoTranslation, ("jobs.total", "unknown")),
            // Nothing would be left of the family's name.
            ("total", "", Counter, UnderscoreEscapingWithSuffixes, ("total", "unknown")),
            ("_total", "", Counter, NoTranslation, ("_total", "unknown")),
        ] {
            let found = open_metrics_family(name, unit, kind, strategy).unwrap();
            assert_eq!(
                (found.name.as_str(), found.family_type.name()),
                expected,
                "`{name}` under {strategy}"
            );
        }
        assert_eq!(open_metrics_family("wait", "s", ExponentialHistogram, NoTranslation), None);
        assert_eq!(open_metrics_family("名前", "", Gauge, UnderscoreEscapingWithSuffixes), None);
    }

    #[test]
    fn a_family_keeps_the_names_of_its_samples() {
        let names = |kind| {
            let family = open_metrics_family("a", "", kind, UnderscoreEscapingWithSuffixes).unwrap();
            family.names().collect::<Vec<_>>()
        };
        assert_eq!(names(Counter), ["a", "a_total", "a_created"]);
        assert_eq!(names(Gauge), ["a"]);
        assert_eq!(names(Histogram), ["a", "a_bucket", "a_count", "a_sum", "a_created"]);
    }
}
