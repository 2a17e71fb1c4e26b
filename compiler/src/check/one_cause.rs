//! A label without a bound that makes a metric's points unlimited: one finding, about the metric and the label.

use crate::diagnostic::{Code, Diagnostic};
use crate::hash::HashMap;

/// Takes what is found of the labels into what is found of the points, from `first` on.
pub(super) fn join(first: usize, diagnostics: &mut Vec<Diagnostic>) {
    let Some(new) = diagnostics.get(first..) else { return };
    let is_unlimited = |one: &Diagnostic| {
        matches!(one.code, Code::NeedsBound | Code::PointsExceeded)
            && one.names.iter().any(|name| name == "unlimited")
    };
    // A finding about points names the metric first.
    let metrics: HashMap<String, usize> = (first..)
        .zip(new)
        .filter(|(_, one)| is_unlimited(one))
        .filter_map(|(at, one)| Some((one.names.first()?.clone(), at)))
        .collect();
    if metrics.is_empty() {
        return;
    }
    // And one about a label the metric last.
    let of_points = |one: &Diagnostic| {
        let metric = one.names.last().filter(|_| one.code == Code::ConventionUnbounded)?;
        metrics.get(metric).copied()
    };
    let joined: Vec<usize> =
        (first..).zip(new).filter(|(_, one)| of_points(one).is_some()).map(|(at, _)| at).collect();
    let labels: Vec<(usize, Diagnostic)> = joined
        .iter()
        .filter_map(|at| {
            let label = diagnostics.get(*at)?;
            Some((of_points(label)?, label.clone()))
        })
        .collect();
    for (at, label) in labels {
        let Some(points) = diagnostics.get_mut(at) else { continue };
        points
            .names
            .extend(label.names.into_iter().filter(|name| !points.names.contains(name)).collect::<Vec<_>>());
        // Two labels of one metric have its declaration in common.
        for one in label.labels {
            if !points.labels.iter().any(|other| other.place == one.place) {
                points.labels.push(one);
            }
        }
        let help = label.help.unwrap_or_default();
        points.notes.push(format!("{}: {help}", label.message));
    }
    let mut at = 0;
    diagnostics.retain(|_| {
        at += 1;
        joined.binary_search(&(at - 1)).is_err()
    });
}
