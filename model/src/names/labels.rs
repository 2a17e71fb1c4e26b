//! The labels of a point.

use std::collections::BTreeMap;

use super::{TranslationStrategy, only_underscores, prometheus_label};

/// What the server makes the labels of a point of. The keys of a list differ from each other; values are text.
#[derive(Clone, Copy, Debug, Default)]
pub struct PrometheusPoint<'p> {
    /// The point's own attributes, in any order.
    pub attributes: &'p [(&'p str, &'p str)],
    /// The attributes of the resource that the server promotes, in the order in which the resource has them.
    pub promoted: &'p [(&'p str, &'p str)],
    /// The resource's `service.name`, with `service.namespace` and `/` before it where it has one. Empty where the resource has
    /// no `service.name`.
    pub job: &'p str,
    /// The resource's `service.instance.id`. Empty where it has none.
    pub instance: &'p str,
    /// The scope, where the server has `promote_scope_metadata` on. By default it is off: scopes differ in nothing then.
    pub scope: Option<PrometheusScope<'p>>,
}

/// What the server makes labels of a scope of.
#[derive(Clone, Copy, Debug, Default)]
pub struct PrometheusScope<'p> {
    /// The scope's name. The server passes over a scope without one.
    pub name: &'p str,
    /// The scope's version.
    pub version: &'p str,
    /// The URL of the schema that the scope's metrics follow.
    pub schema_url: &'p str,
    /// The scope's attributes, in the order in which it has them.
    pub attributes: &'p [(&'p str, &'p str)],
}

/// The labels that a point shows, sorted by name, without `__name__` and without the `le` of a histogram's buckets, or
/// `None` where the server refuses the point, and every metric of the same request with it.
///
/// Source: seen on Prometheus 3, OTLP receiver.
/// - Attributes that become one label are joined with `;` in the order of their keys, without a word. An empty value
///   is no label; joined behind another it leaves its `;`.
/// - A promoted attribute gives way to an attribute of the point, unless that is empty. Of promoted attributes that become
///   one label, and of a scope's, the last one stays, and takes the label with it where it is empty.
/// - `job`, `instance`, and the labels of a scope take the place of an attribute. A scope's empty version and empty URL take
///   the attribute's label away.
///
/// `target_info` shows the same labels of the resource's attributes, all but `service.name`, `service.namespace` and
/// `service.instance.id`, with `job` and `instance`, and nothing promoted; it is left out where none of these two is there.
#[must_use]
pub fn prometheus_labels(
    point: &PrometheusPoint<'_>,
    strategy: TranslationStrategy,
) -> Option<Vec<(String, String)>> {
    let mut labels = joined(point.attributes, strategy)?;
    let promoted = promoted(point.promoted, strategy)?;
    for (label, value) in promoted {
        labels.entry(label).or_insert(value);
    }
    for (label, value) in [("job", point.job), ("instance", point.instance)] {
        if !value.is_empty() {
            labels.insert(label.to_owned(), value.to_owned());
        }
    }
    if let Some(scope) = point.scope.filter(|scope| !scope.name.is_empty()) {
        for (label, value) in scope_labels(&scope, strategy)? {
            put(&mut labels, label, &value);
        }
    }
    labels.remove("__name__");
    Some(labels.into_iter().collect())
}

type Labels = BTreeMap<String, String>;

/// Sets a label; an empty value takes it away.
fn put(labels: &mut Labels, label: String, value: &str) {
    if value.is_empty() {
        labels.remove(&label);
    } else {
        labels.insert(label, value.to_owned());
    }
}

fn joined(attributes: &[(&str, &str)], strategy: TranslationStrategy) -> Option<Labels> {
    let mut sorted = attributes.to_vec();
    sorted.sort_unstable();
    let mut labels = Labels::new();
    for (key, value) in sorted {
        if value.is_empty() && !strategy.escapes() {
            continue;
        }
        let label = prometheus_label(key, strategy)?;
        match labels.get_mut(&label) {
            Some(joined) => {
                joined.push(';');
                joined.push_str(value);
            }
            None => put(&mut labels, label, value),
        }
    }
    Some(labels)
}

fn promoted(attributes: &[(&str, &str)], strategy: TranslationStrategy) -> Option<Labels> {
    let mut labels = Labels::new();
    for (key, value) in attributes {
        let label = prometheus_label(key, strategy).filter(|label| !only_underscores(label))?;
        put(&mut labels, label, value);
    }
    Some(labels)
}

/// A scope's labels; those that it takes away are there with an empty value.
fn scope_labels(scope: &PrometheusScope<'_>, strategy: TranslationStrategy) -> Option<Labels> {
    let mut labels = Labels::new();
    for (key, value) in scope.attributes {
        put(&mut labels, prometheus_label(&format!("otel_scope_{key}"), strategy)?, value);
    }
    for (label, value) in [
        ("otel_scope_name", scope.name),
        ("otel_scope_version", scope.version),
        ("otel_scope_schema_url", scope.schema_url),
    ] {
        labels.insert(label.to_owned(), value.to_owned());
    }
    Some(labels)
}

#[cfg(test)]
mod tests {
    use super::TranslationStrategy::{NoTranslation, UnderscoreEscapingWithSuffixes};
    use super::*;

    type Attributes<'t> = &'t [(&'t str, &'t str)];

    fn shown(point: &PrometheusPoint<'_>, strategy: TranslationStrategy) -> String {
        match prometheus_labels(point, strategy) {
            None => "refused".to_owned(),
            Some(labels) => {
                labels.iter().map(|(label, value)| format!("{label}={value}")).collect::<Vec<_>>().join(" ")
            }
        }
    }

    #[test]
    fn attributes_that_become_one_label_are_joined() {
        let cases: [(Attributes<'_>, &str, &str); 8] = [
            (&[("a_b", "2"), ("a.b", "1")], "a_b=1;2", "a.b=1 a_b=2"),
            (&[("a_b", "2"), ("a.b", "")], "a_b=2", "a_b=2"),
            (&[("a_b", ""), ("a.b", "1")], "a_b=1;", "a.b=1"),
            (&[("a_b", ""), ("a.b", "")], "", ""),
            (&[("__name__", "x"), ("..name..", "y")], "", "..name..=y"),
            (&[("le", "1"), ("job", "x")], "job=x le=1", "job=x le=1"),
            (&[("名前", "")], "refused", ""),
            (&[("", "x")], "refused", "refused"),
        ];
        for (attributes, escaped, kept) in cases {
            let point = PrometheusPoint { attributes, ..PrometheusPoint::default() };
            assert_eq!(shown(&point, UnderscoreEscapingWithSuffixes), escaped, "{attributes:?}");
            assert_eq!(shown(&point, NoTranslation), kept, "{attributes:?}");
        }
    }

    #[test]
    fn the_point_stands_before_what_is_promoted() {
        let cases: [(Attributes<'_>, Attributes<'_>, &str); 6] = [
            (&[("a.b", "point")], &[("a_b", "resource")], "a_b=point"),
            (&[("a.b", "")], &[("a_b", "resource")], "a_b=resource"),
            (&[], &[("a_b", "1"), ("a.b", "2")], "a_b=2"),
            (&[], &[("a.b", "2"), ("a_b", "1")], "a_b=1"),
            (&[], &[("a.b", "2"), ("a_b", "")], ""),
            (&[], &[("___", "x")], "refused"),
        ];
        for (attributes, promoted, expected) in cases {
            let point = PrometheusPoint { attributes, promoted, ..PrometheusPoint::default() };
            assert_eq!(
                shown(&point, UnderscoreEscapingWithSuffixes),
                expected,
                "{attributes:?} {promoted:?}"
            );
        }
        let point = PrometheusPoint { promoted: &[("___", "x")], ..PrometheusPoint::default() };
        assert_eq!(shown(&point, NoTranslation), "refused");
    }

    #[test]
    fn resource_and_scope_take_the_place_of_attributes() {
        let scope = PrometheusScope {
            name: "lib",
            attributes: &[("name", "x"), ("a.b", "1"), ("a_b", "2")],
            ..PrometheusScope::default()
        };
        let point = PrometheusPoint {
            attributes: &[("job", "x"), ("instance", "y"), ("otel.scope.version", "z")],
            promoted: &[("instance", "p")],
            job: "shop/cart",
            ..PrometheusPoint::default()
        };
        let strategy = UnderscoreEscapingWithSuffixes;
        assert_eq!(shown(&point, strategy), "instance=y job=shop/cart otel_scope_version=z");
        let promoting = PrometheusPoint { scope: Some(scope), ..point };
        let labels = "instance=y job=shop/cart otel_scope_a_b=2 otel_scope_name=lib";
        assert_eq!(shown(&promoting, strategy), labels);
        let nameless = PrometheusScope { name: "", ..scope };
        let passed_over = PrometheusPoint { scope: Some(nameless), ..point };
        assert_eq!(shown(&passed_over, strategy), shown(&point, strategy));
    }
}
