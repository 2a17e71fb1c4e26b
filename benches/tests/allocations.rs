//! How often a payment attempt's telemetry allocates, once a form is at work.

// Only an allocator sees allocations, and `GlobalAlloc` is an unsafe trait. The counts are printed with `--nocapture`.
#![allow(clippy::print_stdout, unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use slo_benches::emission::{Attempt, ByContract, FORMS, Outcome, Over, Providers, Route, warmed};

struct Counting;

thread_local! {
    /// How many allocations this thread has made. The test harness's own threads must not count.
    static MADE: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: both functions pass their arguments on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        MADE.set(MADE.get() + 1);
        // SAFETY: the caller keeps `alloc`'s contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps `dealloc`'s contract, and `pointer` came from `System.alloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(work: impl FnOnce()) -> usize {
    let before = MADE.get();
    work();
    MADE.get() - before
}

/// How often a form allocates for a record and for a guard.
///
/// Of the bound form, a record is the span's list of attributes; a guard is that, the span, and what contexts share it
/// by. What the unbound form's texts need depends on the standard library.
const ALLOCATIONS: &[(&str, usize, usize)] = &[("by hand, bound", 1, 3), ("by contract", 1, 3)];

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
