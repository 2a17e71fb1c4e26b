//! What the resource gives every series, and `target_info`.

use opentelemetry_sdk::Resource;
use slo_model::names::{PrometheusPoint, TranslationStrategy, prometheus_label, prometheus_labels};

use super::attribute::text;
use super::left_out::{LeftOuts, Why};
use super::name;
use super::text::Rendering;

/// The attributes that are not in `target_info`: they are `job` and `instance`.
const IDENTIFYING: [&str; 3] = ["service.name", "service.namespace", "service.instance.id"];

/// The target, as a Prometheus server calls what a resource is.
#[derive(Debug, Default)]
pub(super) struct Target {
    pub(super) job: String,
    pub(super) instance: String,
    /// The attributes that stand on every series, sorted by key.
    pub(super) promoted: Vec<(String, String)>,
    /// The attributes that stand on `target_info`, sorted by key.
    others: Vec<(String, String)>,
}

impl Target {
    /// The target that a resource is. Attributes of which the server can't make labels, and for which it would refuse
    /// everything, are left out.
    pub(super) fn new(resource: &Resource, rendering: &Rendering<'_>, left_out: &mut LeftOuts) -> Target {
        let mut all: Vec<(String, String)> =
            resource.iter().map(|(key, value)| (key.as_str().to_owned(), text(value).into_owned())).collect();
        // The SDK has them in another order each time.
        all.sort_unstable();
        let of = |key: &str| all.iter().find(|(other, _)| other == key).map(|(_, value)| value.as_str());
        let job = match (of("service.namespace"), of("service.name")) {
            (_, None) => String::new(),
            (None, Some(name)) => name.to_owned(),
            (Some(namespace), Some(name)) => format!("{namespace}/{name}"),
        };
        let instance = of("service.instance.id").unwrap_or_default().to_owned();
        let mut target = Target { job, instance, ..Target::default() };
        for (key, value) in all {
            let promote = rendering.promoted.contains(&key.as_str());
            let other = !IDENTIFYING.contains(&key.as_str());
            let alone = [(key.as_str(), value.as_str())];
            let fits = |point: PrometheusPoint<'_>| {
                let labels = prometheus_labels(&point, rendering.strategy);
                labels.and_then(|labels| name::labels(labels, rendering.exposition.escaping)).is_some()
            };
            let promote_fits = fits(PrometheusPoint { promoted: &alone, ..PrometheusPoint::default() });
            let other_fits = fits(PrometheusPoint { attributes: &alone, ..PrometheusPoint::default() });
            if (promote && !promote_fits) || (other && (!other_fits || target.reserves(&key, rendering))) {
                left_out.add(&key, Why::Resource, 1);
            }
            if promote && promote_fits {
                target.promoted.push((key.clone(), value.clone()));
            }
            if other && other_fits {
                target.others.push((key, value));
            }
        }
        target
    }

    /// Whether an attribute of this key is lost, since its label is the metric's name or says which target it is.
    pub(super) fn reserves(&self, key: &str, rendering: &Rendering<'_>) -> bool {
        let label = prometheus_label(key, rendering.strategy);
        let label = label.and_then(|label| name::label(label, rendering.exposition.escaping));
        match label.as_deref() {
            Some("__name__") => true,
            Some("job") => !self.job.is_empty(),
            Some("instance") => !self.instance.is_empty(),
            _ => false,
        }
    }

    /// The labels of `target_info`; none where it isn't shown.
    pub(super) fn labels(&self, strategy: TranslationStrategy) -> Option<Vec<(String, String)>> {
        let attributes = borrowed(&self.others);
        let point = PrometheusPoint {
            attributes: &attributes,
            job: &self.job,
            instance: &self.instance,
            ..PrometheusPoint::default()
        };
        let labels = prometheus_labels(&point, strategy)?;
        labels.iter().any(|(label, _)| label == "job" || label == "instance").then_some(labels)
    }
}

pub(super) fn borrowed(attributes: &[(String, String)]) -> Vec<(&str, &str)> {
    attributes.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}
