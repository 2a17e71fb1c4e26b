//! A `when` leaves out some records and lets some pass.

use super::signals::signals;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Contract, Event, When};
use crate::measure::records::{Records, State, states};

pub(super) fn check(contract: &Contract, event: &Event, diagnostics: &mut Vec<Diagnostic>) {
    for signal in signals(event) {
        if let Some(when) = signal.when {
            condition(contract, event, (when, &signal.about()), diagnostics);
        }
    }
}

fn condition(
    contract: &Contract,
    event: &Event,
    (when, about): (&When, &[String]),
    diagnostics: &mut Vec<Diagnostic>,
) {
    let records = Records::of(Some(when));
    for id in records.tested() {
        let tests = records.tests(id);
        let name = event.field(id).name.as_str();
        let Some(states) = states(contract, event.field(id), tests) else { continue };
        let left = |state: &&State| tests.iter().all(|test| state.passes(&test.passes));
        if !states.iter().any(|state| left(&state)) {
            let place = |index: usize| tests.get(index).map(|test| contract.places.place(test.node));
            let at = place(0).unwrap_or(contract.places.place(when.node));
            let message = match tests.len() {
                2 => format!("no record passes both tests of `{name}`"),
                1 => format!("no record passes this test of `{name}`"),
                _ => format!("no record passes all {} tests of `{name}`", tests.len()),
            };
            diagnostics.push(
                Diagnostic::new(Code::ConstantCondition, at, message)
                    .about("none")
                    .about(event.full_name())
                    .about_all(about)
                    .about(format!("{}.{name}", event.full_name()))
                    .and_maybe(place(1), "and this")
                    .note(possible(name, &states))
                    .help("take out a test, or the signal that never goes out"),
            );
            continue;
        }
        for test in tests {
            if states.iter().all(|state| state.passes(&test.passes)) {
                let message = format!("every record passes this test of `{name}`");
                diagnostics.push(
                    Diagnostic::new(Code::ConstantCondition, contract.places.place(test.node), message)
                        .about("all")
                        .about(event.full_name())
                        .about_all(about)
                        .about(format!("{}.{name}", event.full_name()))
                        .note(possible(name, &states))
                        .help("take the test out"),
                );
            }
        }
    }
}

/// What a field may be, as a note.
fn possible(name: &str, states: &[State]) -> String {
    let names: Vec<String> = states
        .iter()
        .map(|state| match state {
            State::Absent => "absent".to_owned(),
            State::Variant(name) => format!("`{name}`"),
            State::Value(value) => format!("`{}`", value.value()),
            State::Else => "something else".to_owned(),
        })
        .collect();
    match names.as_slice() {
        [one] => format!("`{name}` is always {one}"),
        several => format!("`{name}` may be {}", crate::text::some_alternatives(several)),
    }
}
