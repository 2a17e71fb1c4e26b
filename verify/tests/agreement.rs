//! `slo verify` and the interpreter agree: what an occurrence of an event becomes is never found wrong, whatever the contract, and
//! what was changed in it is.

use slo_compiler::diagnostic::Severity;
use slo_compiler::plan::{Arena, Event, Plan};
use slo_interpreter::{Interpreter, LeftOut, Telemetry};
use slo_model::{Container, ContainerKind};
use slo_verify::{Cause, Settings, Verifier};

use crate::encode::{Sent, sent};
use crate::judge::generate::{self, Dice};
use crate::judge::occurrences;

/// The errors of what was sent.
pub(crate) fn errors<'p>(plans: &'p [Plan<'p>], all: &[Sent]) -> Vec<Cause> {
    let mut verifier = Verifier::new(plans, Settings::default());
    for sent in all {
        verifier.traces(&sent.spans);
        verifier.logs(&sent.logs);
        verifier.metrics(&sent.metrics);
    }
    let report = verifier.finish();
    report.causes.into_iter().filter(|cause| cause.severity == Severity::Error).collect()
}

/// The resource that a contract's telemetry comes from.
fn resource_of<'p>(plan: &Plan<'p>) -> Option<&'p Container<'p>> {
    let all = plan.packages.iter().flat_map(|package| &package.containers);
    all.map(|one| one.table).find(|table| table.kind == ContainerKind::Resource)
}

/// Whether all that was given went out: what doesn't fit is left out, and whoever reads the rest misses it.
fn is_whole(telemetry: &Telemetry<'_>) -> bool {
    telemetry.left_out.iter().all(|one| matches!(one, LeftOut::Folded { .. }))
}

/// What occurrences of an event become, but for those that a value of made incomplete.
pub(crate) fn sent_of(plan: &Plan<'_>, event: &Event<'_>, seed: u64, count: u64) -> Vec<Sent> {
    let mut dice = Dice::new(seed ^ occurrences::hash(event.table.name));
    let mut interpreter = Interpreter::new(&event.table);
    let mut all = Vec::new();
    for number in 0..count {
        let occurrence = occurrences::occurrence(&mut dice, plan, event);
        let telemetry = interpreter.record(&occurrence);
        if is_whole(&telemetry) {
            all.push(sent(&event.table, resource_of(plan), &telemetry, seed * 1_000 + number + 1));
        }
    }
    all
}

/// Judges occurrences of each event of a contract, and says how many there were.
fn nothing_is_found(name: &str, text: &str, plans: &[Plan<'_>], seed: u64) -> usize {
    let mut count = 0;
    for plan in plans {
        for event in plan.events() {
            let all = sent_of(plan, event, seed, 40);
            count += all.len();
            for one in &all {
                let found = errors(plans, std::slice::from_ref(one));
                assert!(found.is_empty(), "{name}, `{}`:\n{text}\n{one:#?}\n{found:#?}", event.table.name);
            }
            let found = errors(plans, &all);
            assert!(found.is_empty(), "{name}, `{}`:\n{text}\n{found:#?}", event.table.name);
        }
    }
    count
}

#[test]
fn what_the_interpreter_writes_is_never_found_wrong() {
    let mut count = 0;
    for seed in 0..150 {
        let text = generate::contract(seed);
        let compilation = generate::compiled(&text);
        let Some(checked) = &compilation.checked else { continue };
        let arena = Arena::default();
        let plans = [Plan::with_external(&arena, checked)];
        count += nothing_is_found(&format!("contract {seed}"), &text, &plans, seed);
    }
    assert!(count > 1_000, "{count} occurrences were judged");
}
