//! A metric has no more points than it says: those of all lists that record it, each once.

use crate::hash::{HashMap, HashSet};
use std::collections::BTreeMap;

use slo_grammar::Place;

use super::metric::Recorded;
use super::signals::is_external;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Contract, Node};
use crate::ir::{Bound, ContainerId};
use crate::measure::{Count, more_than, points_in, series};
use crate::text::grouped;

/// The SDK's default limit on a metric's points (OpenTelemetry, metrics SDK, "Cardinality limits").
const DEFAULT_LIMIT: u64 = 2_000;

/// At most this many lists are written out beside a metric's points.
const SHOWN: usize = 4;

/// What was found of the labels of lists, by the places of these.
#[derive(Default)]
pub(super) struct OfLabels {
    /// Lists with a label that was reported as one without a bound, or as one that can't stay: what the product is with it says
    /// nothing new.
    pub(super) uncounted: HashSet<Node>,
    /// What is found of labels that make their points unlimited, and have the same cause.
    pub(super) unlimited: HashMap<Node, Vec<Diagnostic>>,
}

impl OfLabels {
    fn take(&mut self, recorded: &[Recorded<'_>]) -> Vec<Diagnostic> {
        let lists = recorded.iter().filter_map(|one| self.unlimited.remove(&one.instrument.node));
        lists.flatten().collect()
    }
}

/// Checks what is recorded under one name.
pub(super) fn check(
    contract: &Contract,
    recorded: &[Recorded<'_>],
    labels: &mut OfLabels,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if !recorded.iter().any(|one| labels.uncounted.contains(&one.instrument.node)) {
        let said = recorded.iter().filter_map(|one| Some((one, one.instrument.points.as_ref()?)));
        match said.min_by_key(|(_, bound)| bound.points) {
            Some((first, bound)) => {
                diagnostics.extend(exceeded(contract, recorded, (first, bound), labels));
            }
            None => unsaid(contract, recorded, labels, diagnostics),
        }
    }
    diagnostics.extend(labels.take(recorded));
}

/// A metric that says how many points it has at most.
fn exceeded(
    contract: &Contract,
    recorded: &[Recorded<'_>],
    (first, bound): (&Recorded<'_>, &Bound),
    labels: &mut OfLabels,
) -> Option<Diagnostic> {
    let most = u64::from(bound.points);
    let total = more_than(contract, recorded, most)?;
    let name = &first.instrument.name;
    let message = match total {
        Count::Finite(_) => {
            format!("`{name}` has {}{}, and says {}", total.of("points"), of_all(recorded), grouped(most))
        }
        Count::Unlimited => format!("the points of `{name}` can't be counted"),
    };
    let help = match recorded {
        _ if are_external(contract, recorded) => {
            "take a label out, narrow one, or say how many points there are; labels that depend on each other are a meaning, whose variants write several keys and count once"
        }
        [_] => {
            "take a label out, narrow one, or let the program see to it: `limit=N`; labels that depend on each other are a meaning, whose variants write several keys and count once"
        }
        _ => {
            "take a label out, narrow one, or say how many points all of these have together; a list with `limit=N` counts with that, which the program sees to"
        }
    };
    let finding =
        Diagnostic::new(Code::PointsExceeded, contract.places.place(bound.node), message).about(name);
    Some(counted(contract, recorded, (first, total), finding, labels).help(help))
}

/// A metric that doesn't say so, and may have more than the SDK keeps, which counts by scope.
fn unsaid(
    contract: &Contract,
    recorded: &[Recorded<'_>],
    labels: &mut OfLabels,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut by_scope: BTreeMap<ContainerId, Vec<Recorded<'_>>> = BTreeMap::new();
    for one in recorded.iter().filter(|one| one.instrument.limit.is_none()) {
        if let Some(scope) = one.instrument.scope.known() {
            by_scope.entry(*scope).or_default().push(*one);
        }
    }
    for recorded in by_scope.values() {
        let total = more_than(contract, recorded, DEFAULT_LIMIT);
        let (Some(first), Some(total)) = (recorded.first(), total) else { continue };
        let name = &first.instrument.name;
        let message = format!("`{name}` has {}{}", total.of("points"), of_all(recorded));
        let at = contract.places.place(first.instrument.node);
        let is_external = are_external(contract, recorded);
        let help = match (is_external, total) {
            // What another program records is as it is.
            (true, Count::Unlimited) => "once each of its labels has a bound: `only=[…]`, `values=\"file\"`",
            (true, Count::Finite(_)) => "proved here of its labels",
            (false, _) => {
                "proved here, or `limit=N`, kept by the program; labels that depend on each other are a meaning, whose variants write several keys and count once"
            }
        };
        let finding = Diagnostic::new(Code::NeedsBound, at, message).about(name);
        let finding = counted(contract, recorded, (first, total), finding, labels).help(format!(
            "past {}, where the SDK folds what is over, a metric says how many it may have: `points=N`, {help}",
            grouped(DEFAULT_LIMIT)
        ));
        diagnostics.push(if is_external { finding.or_allow() } else { finding });
    }
}

/// A finding about a metric's points, with the lists that record it, what their number is made of, and, where there is none, the
/// labels that leave it open.
fn counted(
    contract: &Contract,
    recorded: &[Recorded<'_>],
    (first, total): (&Recorded<'_>, Count),
    finding: Diagnostic,
    labels: &mut OfLabels,
) -> Diagnostic {
    let finding = others(contract, recorded, first, finding.counting(total));
    let mut finding = finding.note(witness(contract, recorded, total));
    if total != Count::Unlimited {
        return finding;
    }
    for label in labels.take(recorded) {
        finding = finding.about_all(label.names);
        // Two labels of one metric have its declaration in common.
        for one in label.labels {
            if !finding.labels.iter().any(|other| other.place == one.place) {
                finding.labels.push(one);
            }
        }
        finding.notes.push(format!("{}: {}", label.message, label.help.unwrap_or_default()));
    }
    finding
}

/// Whether no program of this contract records any of them.
fn are_external(contract: &Contract, recorded: &[Recorded<'_>]) -> bool {
    recorded.iter().all(|one| is_external(contract, one.event))
}

fn of_all(recorded: &[Recorded<'_>]) -> String {
    match recorded.len() {
        1 => String::new(),
        lists => format!(" in its {lists} lists"),
    }
}

/// A finding with the other lists that record the metric.
fn others(
    contract: &Contract,
    recorded: &[Recorded<'_>],
    first: &Recorded<'_>,
    finding: Diagnostic,
) -> Diagnostic {
    let place = |one: &Recorded<'_>| -> Place { contract.places.place(one.instrument.node) };
    let others = recorded.iter().filter(|one| one.instrument.node != first.instrument.node);
    others.take(SHOWN).fold(finding, |finding, one| finding.and(place(one), "recorded here too"))
}

/// The products of a metric's lists, and the series that its points are.
pub(super) fn witness(contract: &Contract, recorded: &[Recorded<'_>], total: Count) -> String {
    let product = |one: &Recorded<'_>| points_in(contract, one.event, one.instrument).shown();
    let counted = match recorded {
        [one] => product(one),
        _ => {
            let of_list = |one: &Recorded<'_>| match one.event {
                Some(event) => format!("`{}`: {}", event.full_name(), product(one)),
                None => product(one),
            };
            let mut lists: Vec<String> = recorded.iter().take(SHOWN).map(of_list).collect();
            if recorded.len() > SHOWN {
                lists.push(format!("{} lists more", recorded.len() - SHOWN));
            }
            format!("{}; what several have counts once", lists.join("; "))
        }
    };
    match series_of_each(recorded) {
        1 => counted,
        each => format!("{counted}, which are {} series", total.times(Count::Finite(each))),
    }
}

/// How many series each point of a metric is.
pub(super) fn series_of_each(recorded: &[Recorded<'_>]) -> u64 {
    let of_one = recorded.iter().map(|one| match series(one.instrument, Count::Finite(1)) {
        Count::Finite(series) => series,
        Count::Unlimited => 1,
    });
    of_one.max().unwrap_or(1)
}
