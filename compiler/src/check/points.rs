//! A metric has no more points than it says: those of all lists that record it, each once.

use crate::hash::HashSet;
use std::collections::BTreeMap;

use slo_grammar::Place;

use super::metric::Recorded;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Contract, Node};
use crate::ir::{Bound, ContainerId};
use crate::measure::{Count, points_in, series, together};
use crate::text::grouped;

/// The SDK's default limit on a metric's points (OpenTelemetry, metrics SDK, "Cardinality limits").
const DEFAULT_LIMIT: u64 = 2_000;

/// At most this many lists are written out beside a metric's points.
const SHOWN: usize = 4;

/// Lists with a label that was reported as one without a bound, or as one that can't stay: what the product is with it says
/// nothing new.
pub(super) type Told = HashSet<Node>;

/// Checks what is recorded under one name.
pub(super) fn check(
    contract: &Contract,
    recorded: &[Recorded<'_>],
    told: &Told,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if recorded.iter().any(|one| told.contains(&one.instrument.node)) {
        return;
    }
    let said = recorded.iter().filter_map(|one| Some((one, one.instrument.points.as_ref()?)));
    match said.min_by_key(|(_, bound)| bound.points) {
        Some((first, bound)) => exceeded(contract, recorded, (first, bound), diagnostics),
        None => unsaid(contract, recorded, diagnostics),
    }
}

/// A metric that says how many points it has at most.
fn exceeded(
    contract: &Contract,
    recorded: &[Recorded<'_>],
    (first, bound): (&Recorded<'_>, &Bound),
    diagnostics: &mut Vec<Diagnostic>,
) {
    let most = u64::from(bound.points);
    let total = together(contract, recorded);
    if !total.exceeds(most) {
        return;
    }
    let name = &first.instrument.name;
    let message = match total {
        Count::Finite(_) => {
            format!("`{name}` has {}{}, and says {}", total.of("points"), of_all(recorded), grouped(most))
        }
        Count::Unlimited => format!("the points of `{name}` can't be counted"),
    };
    let finding = Diagnostic::new(Code::PointsExceeded, contract.places.place(bound.node), message)
        .about(name)
        .counting(total);
    diagnostics.push(others(contract, recorded, first, finding).note(witness(contract, recorded, total)).help(
        match recorded {
            _ if are_external(recorded) => "take a label out, narrow one, or say how many points there are; labels that depend on each other are a meaning, whose variants write several keys and count once",
            [_] => "take a label out, narrow one, or let the program see to it: `limit=N`; labels that depend on each other are a meaning, whose variants write several keys and count once",
            _ => "take a label out, narrow one, or say how many points all of these have together; a list with `limit=N` counts with that, which the program sees to",
        },
    ));
}

/// A metric that doesn't say so, and may have more than the SDK keeps, which counts by scope.
fn unsaid(contract: &Contract, recorded: &[Recorded<'_>], diagnostics: &mut Vec<Diagnostic>) {
    let mut by_scope: BTreeMap<ContainerId, Vec<Recorded<'_>>> = BTreeMap::new();
    for one in recorded.iter().filter(|one| one.instrument.limit.is_none()) {
        if let Some(scope) = one.instrument.scope.known() {
            by_scope.entry(*scope).or_default().push(*one);
        }
    }
    for recorded in by_scope.values() {
        let total = together(contract, recorded);
        let Some(first) = recorded.first().filter(|_| total.exceeds(DEFAULT_LIMIT)) else { continue };
        let name = &first.instrument.name;
        let message = format!("`{name}` has {}{}", total.of("points"), of_all(recorded));
        let at = contract.places.place(first.instrument.node);
        let finding = Diagnostic::new(Code::NeedsBound, at, message).about(name).counting(total);
        let help = match are_external(recorded) {
            // What another program records is as it is.
            true => "proved here of labels that have a bound",
            false => {
                "proved here, or `limit=N`, kept by the program; labels that depend on each other are a meaning, whose variants write several keys and count once"
            }
        };
        diagnostics.push(
            others(contract, recorded, first, finding).note(witness(contract, recorded, total)).help(format!(
                "past {}, where the SDK folds what is over, a metric says how many it may have: `points=N`, {help}",
                grouped(DEFAULT_LIMIT)
            )),
        );
    }
}

/// Whether no program of this contract records any of them.
fn are_external(recorded: &[Recorded<'_>]) -> bool {
    recorded.iter().all(|one| one.event.is_some_and(|event| event.external))
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
    match all_series(recorded, total) {
        series if series == total => counted,
        series => format!("{counted}, which are {series} series"),
    }
}

/// The series of so many points of a metric.
pub(super) fn all_series(recorded: &[Recorded<'_>], points: Count) -> Count {
    let of_one = recorded.iter().map(|one| series(one.instrument, points));
    let most = of_one.max_by_key(|series| match series {
        Count::Finite(series) => *series,
        Count::Unlimited => u64::MAX,
    });
    most.unwrap_or(points)
}
