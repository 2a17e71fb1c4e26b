//! What takes the place of what is gone, as far as a contract says so by `deprecated=SUCCESSOR`.

use super::Sides;
use crate::ir::{Contract, Deprecation};

fn successor(deprecated: Option<&Deprecation>) -> Option<&str> {
    match deprecated {
        Some(Deprecation::Successor(successor)) => Some(successor),
        _ => None,
    }
}

/// The end of a sentence on what is gone; empty where nothing is said of a successor. The new contract counts before the old.
fn told<'c>(sides: &Sides<'c>, of: impl Fn(&'c Contract) -> Option<&'c str>) -> String {
    let successor = of(sides.new).or_else(|| of(sides.old));
    successor.map_or_else(String::new, |successor| format!("; `{successor}` takes its place"))
}

/// What takes the place of a metric.
pub(super) fn of_metric(sides: &Sides<'_>, name: &str) -> String {
    told(sides, |contract| {
        let mut metrics = contract.metrics.iter().filter(|metric| metric.name == name);
        metrics.find_map(|metric| successor(metric.deprecated.as_ref()))
    })
}

/// What takes the place of an attribute.
pub(super) fn of_key(sides: &Sides<'_>, key: &str) -> String {
    told(sides, |contract| {
        let mut attributes = contract.attributes.iter().filter(|attribute| attribute.key == key);
        attributes.find_map(|attribute| successor(attribute.deprecated.as_ref()))
    })
}
