//! The ways on which a metric's points reach a Prometheus server, and what each makes of names.

mod collector;
mod go;
mod java;
mod java_script;
mod loss;
mod python;
mod rules;
mod rust;

use std::fmt;

pub use loss::PrometheusLoss;

use super::{
    MetricKind, OpenMetricsFamily, TranslationStrategy, open_metrics_family, prometheus_label,
    prometheus_metric,
};

/// A way on which points reach a Prometheus server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PrometheusWay {
    /// The server's own OTLP receiver.
    #[default]
    Otlp,
    /// OTLP to a Collector, whose `prometheusexporter` is scraped.
    Collector,
    /// The text of `slo-export`.
    Slo,
    /// The Go SDK's exporter.
    Go,
    /// The Java SDK's exporter.
    Java,
    /// The Python SDK's exporter.
    Python,
    /// The JavaScript SDK's exporter.
    JavaScript,
    /// The crate `opentelemetry-prometheus`.
    Rust,
    /// A Prometheus library that writes the text format 0.0.4.
    Client,
    /// A Prometheus library that writes OpenMetrics text.
    ClientOpenMetrics,
}

impl PrometheusWay {
    /// All ways.
    pub const ALL: [PrometheusWay; 10] = [
        PrometheusWay::Otlp,
        PrometheusWay::Collector,
        PrometheusWay::Slo,
        PrometheusWay::Go,
        PrometheusWay::Java,
        PrometheusWay::Python,
        PrometheusWay::JavaScript,
        PrometheusWay::Rust,
        PrometheusWay::Client,
        PrometheusWay::ClientOpenMetrics,
    ];

    /// The way's name in `slo.toml`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.rules().name
    }

    /// What its rules were seen on: a package and its version. None for the texts of `slo` and of a library.
    #[must_use]
    pub const fn source(self) -> Option<&'static str> {
        self.rules().source
    }

    /// Whether the server scrapes a text; by the other way it is sent OTLP.
    #[must_use]
    pub const fn is_scraped(self) -> bool {
        !matches!(self, PrometheusWay::Otlp)
    }

    /// Whether names are made by the server's strategy; other exporters have rules of their own.
    #[must_use]
    pub const fn uses_strategy(self) -> bool {
        matches!(self, PrometheusWay::Otlp | PrometheusWay::Slo)
    }

    /// Whether points carry their resource along, as `target_info` or as labels. A Prometheus library has none.
    #[must_use]
    pub const fn has_resource(self) -> bool {
        !matches!(self, PrometheusWay::Client | PrometheusWay::ClientOpenMetrics)
    }

    /// Whether the server puts promoted attributes of the resource on each series, or the text has them there already.
    #[must_use]
    pub const fn promotes(self) -> bool {
        self.uses_strategy()
    }

    /// Whether the names of OpenMetrics 1.0 hold: a family has each of its names alone, and what begins with `_` is reserved.
    #[must_use]
    pub const fn is_open_metrics(self) -> bool {
        matches!(self, PrometheusWay::Slo | PrometheusWay::ClientOpenMetrics)
    }

    /// What two attributes of one point do that become one label.
    #[must_use]
    pub const fn labels_meet(self) -> PrometheusLoss {
        self.rules().labels_meet
    }

    /// What an attribute does of which no label can be made.
    #[must_use]
    pub const fn label_missing(self) -> PrometheusLoss {
        self.rules().label_missing
    }

    /// What two metrics do that have a name in common.
    #[must_use]
    pub const fn metrics_meet(self) -> PrometheusLoss {
        self.rules().metrics_meet
    }

    /// What an attribute of a point does that becomes this label, where something else is there or writes it too.
    #[must_use]
    pub fn reserved(self, label: &str, kind: MetricKind) -> Option<PrometheusLoss> {
        let rules = self.rules();
        match label {
            "job" => Some(rules.job),
            "instance" => Some(rules.instance),
            "le" => (kind == MetricKind::Histogram).then_some(rules.bound),
            "__name__" => Some(rules.name_label),
            "otel_scope_name" | "otel_scope_schema_url" | "otel_scope_version" => {
                self.has_resource().then_some(rules.scope)
            }
            // Libraries keep what begins so for themselves.
            _ if label.starts_with("__") && self.checks_labels() => Some(rules.name_label),
            _ => None,
        }
    }

    /// Whether a label that begins with `__` is refused, whatever follows.
    const fn checks_labels(self) -> bool {
        matches!(
            self,
            PrometheusWay::Go
                | PrometheusWay::Collector
                | PrometheusWay::Client
                | PrometheusWay::ClientOpenMetrics
        )
    }
}

impl fmt::Display for PrometheusWay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A way, and how the server translates what comes by OTLP. The text of `slo` has the same names; other exporters have their
/// own rules, with their default settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PrometheusNaming {
    /// The way.
    pub way: PrometheusWay,
    /// The server's strategy.
    pub strategy: TranslationStrategy,
}

impl PrometheusNaming {
    /// A metric's name in the server, without the endings of a histogram's series, or `None` where it doesn't come.
    #[must_use]
    pub fn metric(&self, name: &str, unit: &str, kind: MetricKind) -> Option<String> {
        match self.way {
            PrometheusWay::Otlp | PrometheusWay::Slo => prometheus_metric(name, unit, kind, self.strategy),
            PrometheusWay::Go | PrometheusWay::Collector => {
                prometheus_metric(name, unit, kind, TranslationStrategy::default())
            }
            PrometheusWay::Java => Some(java::metric(name, unit, kind)),
            PrometheusWay::Python => Some(python::metric(name, unit, kind)),
            PrometheusWay::JavaScript => java_script::metric(name, kind),
            PrometheusWay::Rust => Some(rust::metric(name, unit, kind)),
            // The sample of a counter ends so in OpenMetrics (1.0, "Counter"): libraries append it where a name doesn't.
            PrometheusWay::ClientOpenMetrics if kind == MetricKind::Counter && !name.ends_with("_total") => {
                Some(format!("{name}_total"))
            }
            PrometheusWay::Client | PrometheusWay::ClientOpenMetrics => Some(name.to_owned()),
        }
    }

    /// The names of the series in which a metric's points stand, or `None` where it doesn't come. A histogram `x` is `x_bucket`,
    /// `x_count` and `x_sum`.
    #[must_use]
    pub fn series(&self, name: &str, unit: &str, kind: MetricKind) -> Option<Vec<String>> {
        let metric = self.metric(name, unit, kind)?;
        Some(match kind {
            MetricKind::Histogram => ["bucket", "count", "sum"].map(|part| format!("{metric}_{part}")).into(),
            _ => vec![metric],
        })
    }

    /// The names that no other metric of the same text may have, besides its series: those of its family, where two of a name
    /// take each other away.
    #[must_use]
    pub fn family(&self, name: &str, unit: &str, kind: MetricKind) -> Vec<String> {
        match self.way {
            PrometheusWay::Otlp | PrometheusWay::Python | PrometheusWay::Client => Vec::new(),
            PrometheusWay::Java => vec![java::family(name, unit)],
            PrometheusWay::Slo | PrometheusWay::ClientOpenMetrics => {
                self.open_metrics(name, unit, kind).map_or(Vec::new(), |family| family.names().collect())
            }
            // Their library takes a family away that is called as a series of a histogram, whatever its own series are.
            PrometheusWay::Go | PrometheusWay::Collector => {
                let series = self.series(name, unit, kind).filter(|_| kind == MetricKind::Histogram);
                self.metric(name, unit, kind).into_iter().chain(series.into_iter().flatten()).collect()
            }
            _ => self.metric(name, unit, kind).into_iter().collect(),
        }
    }

    /// The family of a metric in OpenMetrics text; `None` too where the way's text is none.
    #[must_use]
    pub fn open_metrics(&self, name: &str, unit: &str, kind: MetricKind) -> Option<OpenMetricsFamily> {
        match self.way {
            PrometheusWay::Slo => open_metrics_family(name, unit, kind, self.strategy),
            PrometheusWay::ClientOpenMetrics => {
                let name = self.metric(name, unit, kind)?;
                open_metrics_family(&name, unit, kind, TranslationStrategy::NoTranslation)
            }
            _ => None,
        }
    }

    /// The label that an attribute's key becomes, or `None` where it can be none.
    #[must_use]
    pub fn label(&self, key: &str) -> Option<String> {
        match self.way {
            PrometheusWay::Otlp | PrometheusWay::Slo => prometheus_label(key, self.strategy),
            PrometheusWay::Go => go::label(key),
            PrometheusWay::Collector => collector::label(key),
            PrometheusWay::Java => java::label(key),
            PrometheusWay::Python => Some(python::label(key)).filter(|label| !label.is_empty()),
            PrometheusWay::JavaScript => java_script::label(key),
            PrometheusWay::Rust => rust::label(key),
            PrometheusWay::Client | PrometheusWay::ClientOpenMetrics => {
                (!key.is_empty()).then(|| key.to_owned())
            }
        }
    }
}

impl fmt::Display for PrometheusNaming {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.way.uses_strategy() {
            true => write!(formatter, "{}", self.strategy),
            false => write!(formatter, "the way `{}`", self.way),
        }
    }
}

/// What fits a metric's name; `_` only stands between.
fn allowed_in_metric(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == ':'
}

/// A text in which each character that doesn't fit is `_`.
fn each_to_underscore(text: &str, fits: impl Fn(char) -> bool) -> String {
    text.chars().map(|character| if fits(character) { character } else { '_' }).collect()
}

/// A text in which each longest run of what doesn't fit is one `_`.
fn runs_to_underscore(text: &str, fits: impl Fn(char) -> bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut fitted = true;
    for character in text.chars() {
        let fits = fits(character);
        if fits {
            escaped.push(character);
        } else if fitted {
            escaped.push('_');
        }
        fitted = fits;
    }
    escaped
}
