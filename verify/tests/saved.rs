//! Runs that are put together: the result hangs on no order, and loses nothing.

use std::path::Path;

use slo_compiler::plan::{Arena, Plan};
use slo_verify::input::file;
use slo_verify::input::{Source, Wrong};
use slo_verify::{Report, Run, Settings, Verifier};

use crate::recorded::LANGUAGES;

/// What the contract of the service in Go says of what a service in each language sent, of which some is wrong, and some can't be read.
fn runs() -> Vec<Report> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/verify/go/slo");
    let compilation = slo_compiler::compile(&slo_compiler::load::load(&root).unwrap());
    let arena = Arena::default();
    let plans = [Plan::with_external(&arena, compilation.checked.as_ref().unwrap())];
    let settings = Settings { resource: Some("Service".to_owned()), ..Settings::default() };
    let run = |(number, language): (usize, &str)| {
        let mut run = Run::new(Verifier::new(&plans, settings.clone()), Box::new(|| false));
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded").join(language);
        for name in ["traces.binpb", "logs.binpb", "metrics.binpb"] {
            let mut bytes = std::fs::read(folder.join(name)).unwrap();
            // A value that no contract has, and that is as long.
            let places = bytes.windows(4).enumerate().filter(|(_, part)| *part == b"card");
            let places: Vec<usize> = places.map(|(at, _)| at).collect();
            places.iter().for_each(|at| bytes[*at..at + 4].copy_from_slice(b"cash"));
            file::read(&bytes[..bytes.len() - number], &Source::File(name.into()), &mut run);
        }
        run.finish().unwrap()
    };
    LANGUAGES.into_iter().enumerate().map(run).collect()
}

/// What is counted of a run.
type Count = fn(&Report) -> u64;

fn together(runs: &[&Report]) -> Report {
    let mut all = Report::default();
    runs.iter().for_each(|run| all.merge((*run).clone()));
    all
}

#[test]
fn runs_are_one_in_any_order() {
    let runs = runs();
    let [one, two, three, four] = &runs.iter().collect::<Vec<_>>()[..] else { panic!("there are four runs") };
    let all = together(&[one, two, three, four]);
    assert_eq!(all, together(&[four, two, one, three]));
    assert_eq!(all, together(&[&together(&[three, one]), &together(&[two, four])]));
    let records = |run: &Report| {
        run.coverage.iter().flatten().flat_map(|event| &event.records).map(|one| one.count).sum()
    };
    let parts: [(&str, Count); 6] = [
        ("causes", |run| run.causes.iter().map(|cause| cause.count).sum()),
        ("joined", |run| run.joined.values().map(|joined| joined.joined).sum()),
        ("records", records),
        ("scopes", |run| run.scopes.values().flat_map(|share| share.own.iter().chain(&share.others)).sum()),
        ("late", |run| run.late.iter().sum()),
        ("refusals", |run| run.refusals.iter().map(|refusal| refusal.count).sum()),
    ];
    for (name, part) in parts {
        let sum: u64 = runs.iter().map(part).sum();
        assert_eq!(part(&all), sum, "{name}");
        assert!(sum > 0, "{name}");
    }
    assert!(all.refusals.iter().all(|refusal| refusal.wrong == Wrong::Truncated));
}

#[test]
fn a_run_is_read_as_it_was_saved() {
    let contracts = ["0123456789abcdef".to_owned()];
    for run in runs() {
        let text = run.to_json(&contracts).unwrap();
        assert_eq!(Report::from_json(&text, &contracts).unwrap(), run);
    }
}

#[test]
fn what_is_no_run_of_these_contracts_is_refused() {
    let contracts = ["0123456789abcdef".to_owned()];
    let said = |text: &str| Report::from_json(text, &contracts).unwrap_err().to_string();
    let other = Report::default().to_json(&["fedcba9876543210".to_owned()]).unwrap();
    insta::assert_snapshot!([said("{}"), said(r#"{"slo.run":9}"#), said(&other)].join("\n"), @"
    it is no run that `--save` wrote: missing field `slo.run` at line 1 column 2
    it has the format 9, and this slo reads 1
    it was judged by other contracts, or by other versions of them: runs are put together that are judged by the same; read its telemetry again (`--record` keeps it)
    ");
}
