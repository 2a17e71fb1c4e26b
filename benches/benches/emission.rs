//! The time that a payment attempt's telemetry takes, by each form.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use slo_benches::emission::{Attempt, FORMS, Outcome, Over, Providers, warmed};

fn emission(criterion: &mut Criterion) {
    let attempts =
        [("known route", Attempt::at_known_route()), ("matched route", Attempt::at_matched_route())];
    for (route, attempt) in attempts {
        let mut group = criterion.benchmark_group(format!("record, {route}"));
        for (name, make) in FORMS {
            let providers = Providers::dropping();
            let form = warmed(*make, &providers);
            let over = Over::example();
            group.bench_function(*name, |bencher| {
                bencher.iter(|| {
                    form.record(black_box(&attempt), black_box(Outcome::Succeeded), black_box(over))
                });
            });
        }
        group.finish();

        let mut group = criterion.benchmark_group(format!("guard, {route}"));
        for (name, make) in FORMS {
            let providers = Providers::dropping();
            let form = warmed(*make, &providers);
            group.bench_function(*name, |bencher| {
                bencher.iter(|| form.guard(black_box(&attempt), &mut || black_box(Outcome::Succeeded)));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, emission);
criterion_main!(benches);
