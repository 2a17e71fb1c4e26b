//! The checks, a file each, written against containers and writers. Files and the derive share this one list.
//!
//! They look at a draft, and pass over in silence what of it is unknown: that was reported once.

mod blank;
mod bounded;
mod carried;
mod collision;
mod complete;
mod condition;
mod convention;
mod declared;
mod deprecated;
mod empty;
mod folded;
mod held_to;
mod labels;
mod levels;
mod meaning;
mod measured;
mod metric;
mod metric_name;
mod nameless;
mod points;
mod policy;
mod projection;
mod prometheus;
mod raw;
mod required;
mod sensitive;
mod signals;
mod store;
mod taken;
mod two_logs;
mod two_names;
mod type_conflict;
mod units;
mod unkept;
mod unused;
mod value;
mod words;

use crate::hash::HashSet;
use std::sync::Arc;

use slo_stdlib_mappings::Vocabulary;

use crate::diagnostic::{Code, Diagnostic, Limit, Severity};
use crate::ir;
use crate::ir::draft::{Container, Contract, Writer};
use crate::policy::Rule;

/// A contract without an error but for what it accepts: what back ends take.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedContract(Arc<ir::Contract>);

impl CheckedContract {
    /// The contract, if none of all findings about it is an error. What a vocabulary's rules find changes nothing that is made.
    pub(crate) fn new(contract: &Arc<ir::Contract>, diagnostics: &[Diagnostic]) -> Option<CheckedContract> {
        let is_error = |finding: &Diagnostic| finding.severity == Severity::Error && !finding.is_of_house;
        let sound = !diagnostics.iter().any(is_error);
        sound.then(|| CheckedContract(Arc::clone(contract)))
    }

    /// The contract.
    #[must_use]
    pub fn contract(&self) -> &ir::Contract {
        &self.0
    }

    /// The contract, shared.
    #[must_use]
    pub fn shared(&self) -> Arc<ir::Contract> {
        Arc::clone(&self.0)
    }
}

/// What a root takes in: the contract has of it what is used.
pub(crate) struct TakenIn<'t> {
    /// The built-in vocabularies.
    pub(crate) tables: Vec<&'static Vocabulary>,
    /// The names of the metrics that the files of others declare.
    pub(crate) metrics: Vec<&'t str>,
}

/// Has the findings from a number on say how they are accepted: what another program records is as it is.
fn may_be_accepted(diagnostics: &mut [Diagnostic], from: usize) {
    let is_of_record = |code| matches!(code, Code::Unbounded | Code::Sensitive | Code::NotCarried);
    for finding in diagnostics.iter_mut().skip(from).filter(|finding| is_of_record(finding.code)) {
        *finding = finding.clone().or_allow();
    }
}

/// Checks a whole contract, after what earlier stages found in it.
pub(crate) fn check(
    contract: &Contract,
    rules: &[Rule],
    taken_in: &TakenIn<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    type_conflict::check(contract, diagnostics);
    let tables = taken_in.tables.as_slice();
    convention::namespaces(contract, tables, diagnostics);
    for container in &contract.containers {
        match is_own(contract, &container.package) {
            true => check_container(contract, container, diagnostics),
            // Another root's keys may collide under our targets alone.
            false => collision::container(contract, container, diagnostics),
        }
    }
    // Meanings before views: what a view inherits is reported where it stands.
    let mut values = HashSet::default();
    let own = contract.meanings.iter().filter(|face| is_own(contract, &face.package));
    let (views, meanings): (Vec<_>, Vec<_>) = own.partition(|face| face.view.is_some());
    let held = deprecated::of_meanings(contract);
    for face in meanings.into_iter().chain(views) {
        projection::meaning(contract, face, &mut values, diagnostics);
        let held = held.get(&face.node).copied().unwrap_or(held_to::HeldTo::TakenIn);
        deprecated::meaning(contract, face, held, diagnostics);
    }
    meaning::check(contract, diagnostics);
    let mut incomplete = complete::Seen::default();
    let mut folded = folded::Seen::default();
    let mut store = store::Store::default();
    let mut limit = Limit::default();
    let mut of_labels = points::OfLabels::default();
    let mut spans = Vec::new();
    for event in &contract.events {
        limit.apply(diagnostics);
        for signal in signals::signals(event) {
            let written = collision::signal(contract, &signal, diagnostics);
            match signal.of {
                signals::Of::Log(_) => store.add(&signal, written),
                signals::Of::Span(span) => spans.push((span.every, signal.clone(), written)),
                signals::Of::Metric(_) | signals::Of::SpanEvent => {}
            }
            deprecated::list(contract, signal.writers, signal.held_to(contract), diagnostics);
        }
        deprecated::event(contract, event, diagnostics);
        let before = diagnostics.len();
        let mut unbounded = bounded::Told::default();
        for metric in &event.metrics {
            let told = (&mut unbounded, &mut of_labels);
            bounded::metric(contract, tables, Some(event), metric, told, diagnostics);
            folded::metric(contract, metric, &mut folded, diagnostics);
            measured::check(contract, event, metric, diagnostics);
        }
        projection::event(contract, event, diagnostics);
        condition::check(contract, event, diagnostics);
        complete::check(contract, event, &mut incomplete, diagnostics);
        blank::check(contract, event, diagnostics);
        levels::check(contract, event, diagnostics);
        bounded::span_name(contract, tables, event, diagnostics);
        folded::span_name(contract, event, diagnostics);
        sensitive::check(contract, event, diagnostics);
        carried::check(contract, event, diagnostics);
        declared::check(contract, event, diagnostics);
        if event.external {
            may_be_accepted(diagnostics, before);
        }
        unused::check(contract, event, diagnostics);
        two_names::check(contract, event, diagnostics);
        two_logs::check(contract, event, diagnostics);
    }
    for instrument in &contract.instruments {
        let event = instrument.during.map(|id| contract.event(id));
        collision::signal(contract, &signals::of_instrument(event, instrument), diagnostics);
        projection::constants(contract, event, &instrument.writers, diagnostics);
        let held = signals::of_instrument(event, instrument).held_to(contract);
        deprecated::list(contract, &instrument.writers, held, diagnostics);
        let told = (&mut bounded::Told::default(), &mut of_labels);
        let before = diagnostics.len();
        bounded::metric(contract, tables, event, instrument, told, diagnostics);
        if signals::is_external(contract, event) {
            may_be_accepted(diagnostics, before);
        }
        folded::metric(contract, instrument, &mut folded, diagnostics);
    }
    store.check(contract, diagnostics);
    for (at, (_, other, set)) in spans.iter().enumerate().filter(|(_, (every, ..))| *every) {
        // Two that are set on every span are compared once.
        let compared = spans.iter().enumerate().filter(|(own, (every, ..))| !every || *own < at);
        for (_, (_, signal, own)) in compared {
            if collision::may_be_of_one_resource(contract, signal, other) {
                collision::every(contract, (signal, own), (other, set), diagnostics);
            }
        }
    }
    nameless::check(contract, diagnostics);
    unkept::check(contract, diagnostics);
    metric::check(contract, &mut of_labels, diagnostics);
    metric_name::check(contract, taken_in, diagnostics);
    words::check(contract, diagnostics);
    prometheus::check(contract, diagnostics);
    policy::check(contract, rules, diagnostics);
}

/// Whether a package is the contract's own.
fn is_own(contract: &Contract, package: &str) -> bool {
    contract.owns(package)
}

/// The checks of one container: those of a contract's and those of a struct's.
pub(crate) fn check_container(contract: &Contract, container: &Container, diagnostics: &mut Vec<Diagnostic>) {
    collision::container(contract, container, diagnostics);
    let before = diagnostics.len();
    value::check(contract, container, diagnostics);
    for finding in diagnostics.iter_mut().skip(before) {
        finding.names.push(container.full_name());
    }
    deprecated::container(contract, container, diagnostics);
    convention::placement(contract, container, diagnostics);
}

/// The writers of a container by their keys, the first of each: a key that stands twice is reported by itself.
fn by_key(writers: &[Writer]) -> crate::hash::HashMap<&str, &Writer> {
    let mut map = crate::hash::HashMap::default();
    for writer in writers {
        map.entry(writer.key.as_str()).or_insert(writer);
    }
    map
}
