//! The interpreter judges generated code: occurrences made up, of contracts made up, go through a contract's plan and through the
//! Rust that is made of it and OpenTelemetry's SDK, and come out equal.
//!
//! `SLO_JUDGE_SEED` chooses other occurrences, and `SLO_JUDGE_EVENTS` how many of each event.

#[allow(dead_code, reason = "the build script makes the contracts")]
mod generate;
mod occurrences;
mod read;
mod seen;
mod wrong;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use slo::testing::{Recorder, TestClock};
use slo_compiler::plan::{Arena, Event, Plan};
use slo_interpreter::{Given, Interpreter, Occurrence};
use slo_model::event;

use generate::Dice;
use read::{Lasts, Read};
use seen::{expected, seen};
use wrong::MISTAKES;

/// A contract that was made up, with what states its occurrences.
struct Case {
    name: &'static str,
    text: &'static str,
    contract: &'static event::Contract<'static>,
    events: &'static [Stated],
}

/// An event of it.
struct Stated {
    table: &'static event::Event<'static>,
    /// States an occurrence that is over.
    record: fn(&Occurrence<'_>),
    /// States one that runs, where it may.
    run: Option<Run>,
}

type Run = fn(&Occurrence<'_>, &TestClock, &mut dyn FnMut());

/// When occurrences begin.
fn start() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_767_225_600)
}

#[allow(unused_imports, unreachable_pub, clippy::all)]
mod made_up {
    use super::{Case, Given, Lasts, Occurrence, Read, Stated, TestClock, start};

    include!(concat!(env!("OUT_DIR"), "/judge.rs"));
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

/// An occurrence of which the program says something else than the interpreter.
type Disagreement = String;

/// States occurrences of an event, as many as are asked for, until the interpreter says something else than the program. The
/// interpreter runs `table`, and occurrences are made up of what `event` says.
fn judge(
    case: &Case,
    own: &Stated,
    plan: &Plan<'_>,
    event: &Event<'_>,
    table: &event::Event<'_>,
    (seed, count): (u64, u64),
) -> Result<(), Disagreement> {
    let mut dice = Dice::new(seed ^ occurrences::hash(&format!("{} {}", case.name, own.table.name)));
    let mut interpreter = Interpreter::new(table);
    let (recorder, counting) = (Recorder::new(case.contract), Recorder::new(case.contract));
    for number in 0..count {
        let occurrence = occurrences::occurrence(&mut dice, plan, event);
        let runs = own.run.filter(|_| dice.once_in(2));
        let state = |recorder: &Recorder, during: &mut dyn FnMut()| {
            recorder.in_scope(|| match runs {
                Some(run) => run(&occurrence, recorder.clock(), during),
                None => (own.record)(&occurrence),
            });
        };
        let running = runs.map(|_| interpreter.begin(&occurrence)).unwrap_or_default();
        let telemetry = interpreter.record(&occurrence);
        let right = expected(own.table, &running, &telemetry, &occurrence);
        let found = seen(&recorder, &counting, own.table, state);
        if found != right {
            return Err(format!(
                "the occurrence {number} of `{}` of {}: {occurrence:#?}\nthe program says: {found:#?}\nright is: {right:#?}\n{}",
                own.table.name, case.name, case.text
            ));
        }
    }
    Ok(())
}

/// Each event of the contracts that were made up: as its program has it, and as the plan has it.
fn each_event(mut ask: impl FnMut(&Case, &Stated, &Plan<'_>, &Event<'_>)) {
    for case in made_up::CASES {
        let checked = generate::compiled(case.text).checked.expect("the build script found it sound");
        let arena = Arena::default();
        let plan = Plan::of(&arena, &checked);
        for own in case.events {
            let event = plan.events().find(|event| event.table.name == own.table.name).unwrap();
            ask(case, own, &plan, event);
        }
    }
}

#[test]
fn generated_code_says_what_the_interpreter_says() {
    let (seed, count) = (setting("SLO_JUDGE_SEED", 1), setting("SLO_JUDGE_EVENTS", 60));
    each_event(|case, own, plan, event| {
        assert_eq!(format!("{:?}", event.table), format!("{:?}", own.table), "{}", case.name);
        let judged = judge(case, own, plan, event, &event.table, (seed, count));
        assert!(judged.is_ok(), "{}", judged.unwrap_err());
    });
}

/// What shows that the judge sees each mistake that a plan may have.
#[test]
fn a_wrong_plan_is_found_out() {
    let mut unseen: Vec<&str> = MISTAKES.iter().map(|mistake| mistake.name).collect();
    each_event(|case, own, plan, event| {
        for mistake in MISTAKES {
            let Some(at) = unseen.iter().position(|name| *name == mistake.name) else { continue };
            let Some(wrong) = (mistake.make)(*own.table) else { continue };
            if judge(case, own, plan, event, &wrong, (1, 60)).is_err() {
                unseen.swap_remove(at);
            }
        }
    });
    assert_eq!(unseen, [""; 0], "mistakes that no occurrence shows");
}
