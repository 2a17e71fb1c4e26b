//! How often a payment attempt's telemetry allocates, once a form is at work.

// The counts are printed with `--nocapture`.
#![allow(clippy::print_stdout)]

#[path = "../../runtime/tests/counting/mod.rs"]
mod counting;

use slo_benches::emission::{Attempt, ByContract, FORMS, Outcome, Over, Providers, Route, warmed};

fn allocations(work: impl FnOnce()) -> usize {
    counting::allocations(work).1
}

/// How often a form allocates for a record and for a guard.
///
/// Of the bound form, a record is the span's list of attributes; a guard is that, the span, and what contexts share it
/// by. What the unbound form's texts need depends on the standard library.
const ALLOCATIONS: &[(&str, usize, usize)] =
    &[("by hand, bound", 1, 3), ("by contract", 1, 3), ("by contract, specialized", 1, 3)];

#[test]
fn a_fact_allocates_what_the_sdk_keeps_and_no_more() {
    for (name, make) in FORMS {
        let providers = Providers::dropping();
        let form = warmed(*make, &providers);
        for attempt in [Attempt::at_known_route(), Attempt::at_matched_route()] {
            let record = allocations(|| form.record(&attempt, Outcome::Succeeded, Over::example()));
            let guard = allocations(|| form.guard(&attempt, &mut || Outcome::Succeeded));
            println!("{name}, {}: record {record}, guard {guard}", attempt.route.as_str());
            for expected in ALLOCATIONS.iter().filter(|(form, ..)| form == name) {
                assert_eq!((*name, record, guard), *expected);
            }
        }
    }
}

#[test]
fn a_value_that_gives_way_allocates_no_more() {
    let providers = Providers::dropping();
    let form = warmed(|providers| Box::new(ByContract::new(providers)), &providers);
    let at = |number| Attempt { route: Route::matched(number), ..Attempt::at_known_route() };
    // Past the bound of 200.
    (0..300).for_each(|number| form.record(&at(number), Outcome::Succeeded, Over::example()));
    let beyond = at(299);
    for _ in 0..2 {
        assert_eq!(allocations(|| form.record(&beyond, Outcome::Succeeded, Over::example())), 1);
        assert_eq!(allocations(|| form.guard(&beyond, &mut || Outcome::Succeeded)), 3);
    }
}
