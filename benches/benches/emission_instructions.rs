//! The instructions that a payment attempt's telemetry takes, by each form. Unlike times, they are nearly the same in
//! each run and on each machine.

// It ends with a panic where a form is asked for that isn't in the list.
#![allow(clippy::expect_used, missing_docs, reason = "gungraun's macros make public items")]

use std::hint::black_box;

use gungraun::prelude::*;
use slo_benches::emission::{Attempt, FORMS, Form, Outcome, Over, Providers, warmed};

/// A form at work, handed back by what is measured, so that its end isn't.
struct Ready {
    form: Box<dyn Form>,
    attempt: Attempt,
    _providers: Providers,
}

fn ready(name: &str, attempt: Attempt) -> Ready {
    let (_, make) = FORMS.iter().find(|(form, _)| *form == name).expect("the form is in the list");
    let providers = Providers::dropping();
    Ready { form: warmed(*make, &providers), attempt, _providers: providers }
}

fn known(name: &str) -> Ready {
    ready(name, Attempt::at_known_route())
}

fn matched(name: &str) -> Ready {
    ready(name, Attempt::at_matched_route())
}

#[library_benchmark]
#[bench::known_by_hand_unbound(args = ("by hand, unbound"), setup = known)]
#[bench::known_by_hand_bound(args = ("by hand, bound"), setup = known)]
#[bench::known_by_contract(args = ("by contract"), setup = known)]
#[bench::known_specialized(args = ("by contract, specialized"), setup = known)]
#[bench::matched_by_hand_unbound(args = ("by hand, unbound"), setup = matched)]
#[bench::matched_by_hand_bound(args = ("by hand, bound"), setup = matched)]
#[bench::matched_by_contract(args = ("by contract"), setup = matched)]
#[bench::matched_specialized(args = ("by contract, specialized"), setup = matched)]
fn record(ready: Ready) -> Ready {
    ready.form.record(black_box(&ready.attempt), black_box(Outcome::Succeeded), black_box(Over::example()));
    ready
}

#[library_benchmark]
#[bench::known_by_hand_unbound(args = ("by hand, unbound"), setup = known)]
#[bench::known_by_hand_bound(args = ("by hand, bound"), setup = known)]
#[bench::known_by_contract(args = ("by contract"), setup = known)]
#[bench::known_specialized(args = ("by contract, specialized"), setup = known)]
#[bench::matched_by_hand_unbound(args = ("by hand, unbound"), setup = matched)]
#[bench::matched_by_hand_bound(args = ("by hand, bound"), setup = matched)]
#[bench::matched_by_contract(args = ("by contract"), setup = matched)]
#[bench::matched_specialized(args = ("by contract, specialized"), setup = matched)]
fn guard(ready: Ready) -> Ready {
    ready.form.guard(black_box(&ready.attempt), &mut || black_box(Outcome::Succeeded));
    ready
}

library_benchmark_group!(name = emission, benchmarks = [record, guard]);
main!(library_benchmark_groups = emission);
