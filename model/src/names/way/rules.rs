//! What each way does, as data: seen on the package and version that stands with it.

use super::PrometheusLoss::{
    self, FirstKept, Joined, LastKept, Lost, MetricGone, Renamed, Replaces, RequestRefused, TargetDown,
};
use super::PrometheusWay;

/// What there is to know of a way, besides how it makes names.
pub(super) struct Rules {
    pub(super) name: &'static str,
    /// What it was seen on; none where a text's own specification says it.
    pub(super) source: Option<&'static str>,
    /// What two attributes of one point do that become one label.
    pub(super) labels_meet: PrometheusLoss,
    /// What an attribute does of which no label can be made.
    pub(super) label_missing: PrometheusLoss,
    /// What two metrics do that have a name in common.
    pub(super) metrics_meet: PrometheusLoss,
    /// What an attribute does that becomes `job`.
    pub(super) job: PrometheusLoss,
    /// What one does that becomes `instance`.
    pub(super) instance: PrometheusLoss,
    /// What one of a histogram does that becomes `le`.
    pub(super) bound: PrometheusLoss,
    /// What one does that becomes `__name__`.
    pub(super) name_label: PrometheusLoss,
    /// What one does that becomes a label of the scope.
    pub(super) scope: PrometheusLoss,
}

/// The library's, whichever text it writes.
const CLIENT: Rules = Rules {
    name: "client",
    source: None,
    labels_meet: MetricGone,
    label_missing: MetricGone,
    metrics_meet: MetricGone,
    job: Renamed,
    instance: Renamed,
    bound: MetricGone,
    name_label: MetricGone,
    scope: Renamed,
};

impl PrometheusWay {
    pub(super) const fn rules(self) -> Rules {
        match self {
            PrometheusWay::Otlp => Rules {
                name: "otlp",
                source: Some("Prometheus 3.16.0"),
                labels_meet: Joined,
                label_missing: RequestRefused,
                metrics_meet: FirstKept,
                job: Lost,
                instance: Replaces,
                bound: Lost,
                name_label: Lost,
                scope: Replaces,
            },
            PrometheusWay::Collector => Rules {
                name: "collector",
                source: Some("prometheusexporter v0.165.1"),
                labels_meet: MetricGone,
                label_missing: MetricGone,
                metrics_meet: MetricGone,
                job: MetricGone,
                instance: MetricGone,
                bound: TargetDown,
                name_label: MetricGone,
                scope: MetricGone,
            },
            PrometheusWay::Slo => Rules {
                name: "slo",
                source: None,
                labels_meet: Joined,
                label_missing: MetricGone,
                metrics_meet: FirstKept,
                job: Lost,
                instance: Lost,
                bound: Lost,
                name_label: Lost,
                scope: Lost,
            },
            PrometheusWay::Go => Rules {
                name: "go",
                source: Some("go.opentelemetry.io/otel/exporters/prometheus v0.69.0"),
                labels_meet: Joined,
                label_missing: TargetDown,
                metrics_meet: TargetDown,
                job: Renamed,
                instance: Renamed,
                bound: TargetDown,
                name_label: TargetDown,
                scope: TargetDown,
            },
            PrometheusWay::Java => Rules {
                name: "java",
                source: Some("io.opentelemetry:opentelemetry-exporter-prometheus 1.66.0-alpha"),
                labels_meet: Joined,
                label_missing: MetricGone,
                metrics_meet: TargetDown,
                job: Renamed,
                instance: Renamed,
                bound: MetricGone,
                name_label: MetricGone,
                scope: Replaces,
            },
            PrometheusWay::Python => Rules {
                name: "python",
                source: Some("opentelemetry-exporter-prometheus 0.66b2"),
                labels_meet: LastKept,
                label_missing: Lost,
                metrics_meet: FirstKept,
                job: Renamed,
                instance: Renamed,
                bound: Lost,
                name_label: Lost,
                scope: Replaces,
            },
            PrometheusWay::JavaScript => Rules {
                name: "javascript",
                source: Some("@opentelemetry/exporter-prometheus 0.301.0"),
                labels_meet: TargetDown,
                label_missing: TargetDown,
                metrics_meet: MetricGone,
                job: Renamed,
                instance: Renamed,
                bound: TargetDown,
                name_label: TargetDown,
                scope: TargetDown,
            },
            PrometheusWay::Rust => Rules {
                name: "rust",
                source: Some("opentelemetry-prometheus 0.33.1"),
                labels_meet: Joined,
                label_missing: TargetDown,
                metrics_meet: MetricGone,
                job: Renamed,
                instance: Renamed,
                bound: TargetDown,
                name_label: TargetDown,
                scope: Joined,
            },
            PrometheusWay::Client => CLIENT,
            PrometheusWay::ClientOpenMetrics => Rules { name: "client openmetrics", ..CLIENT },
        }
    }
}
