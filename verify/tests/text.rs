//! What the same services show at Prometheus endpoints and write as lines is never found wrong either.

use std::path::{Path, PathBuf};

use slo_compiler::plan::{Arena, Plan};
use slo_verify::input::{Source, file};
use slo_verify::{Part, Report, Run, Settings, Verifier};

use crate::recorded::LANGUAGES;

fn folder(language: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded").join(language)
}

/// What is found in files by the contract of a service.
fn judged(language: &str, files: &[&str], change: &dyn Fn(&str) -> String) -> Report {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/verify").join(language).join("slo");
    let input = slo_compiler::load::load(&root).unwrap();
    let compilation = slo_compiler::compile(&input);
    let arena = Arena::default();
    let plans = [Plan::with_external(&arena, compilation.checked.as_ref().unwrap())];
    let mut run = Run::new(Verifier::new(&plans, Settings::default()), Box::new(|| false));
    for name in files {
        let text = std::fs::read_to_string(folder(language).join(name)).unwrap();
        file::read(change(&text).as_bytes(), &Source::File((*name).into()), &mut run);
    }
    run.finish().unwrap()
}

fn as_it_is(text: &str) -> String {
    text.to_owned()
}

#[test]
fn nothing_is_found_in_what_sdks_show_to_prometheus() {
    let classic = LANGUAGES.map(|language| (language, "metrics.prom"));
    // The endpoints of the others answer with the same text.
    let open_metrics = ["java", "python"].map(|language| (language, "metrics.openmetrics"));
    for (language, file) in classic.into_iter().chain(open_metrics) {
        let report = judged(language, &[file], &as_it_is);
        assert!(report.refusals.is_empty(), "{language}: {:#?}", report.refusals);
        assert!(report.causes.is_empty(), "{language} {file}: {:#?}", report.causes);
        let events = report.coverage.iter().flatten();
        let metrics =
            events.flat_map(|event| &event.records).filter(|record| record.name.starts_with("metric "));
        for metric in metrics {
            assert!(metric.count > 0, "{language} {file}: {metric:?}");
        }
        assert_eq!(report.covered(Part::Variants).seen, 7, "{language}: {:#?}", report.coverage);
    }
}

#[test]
fn nothing_is_found_in_the_lines_of_a_logger() {
    let report = judged("javascript", &["output.jsonl"], &as_it_is);
    assert!(
        report.refusals.is_empty() && report.causes.is_empty(),
        "{:#?} {:#?}",
        report.refusals,
        report.causes
    );
    let events = report.coverage.iter().flatten();
    let logs: Vec<_> =
        events.flat_map(|event| &event.records).filter(|record| record.name.starts_with("log ")).collect();
    assert!(logs.iter().all(|log| log.count > 0), "{logs:#?}");
}

#[test]
fn what_is_wrong_at_an_endpoint_is_found() {
    for language in LANGUAGES {
        let found = |from: &str, to: &str| {
            let report = judged(language, &["metrics.prom"], &|text| text.replace(from, to));
            let codes: Vec<String> = report.causes.iter().map(|cause| cause.code.to_string()).collect();
            codes.join(" ")
        };
        assert_eq!(
            found("method=\"card\"", "method=\"check\""),
            "SLO1903 SLO1903 SLO1903 SLO1903",
            "{language}"
        );
        assert_eq!(
            found("shop_payment_method", "payment_method"),
            "SLO1901 SLO1904 SLO1901 SLO1904 SLO1901 SLO1904 SLO1901 SLO1904",
            "{language}"
        );
    }
}

/// Files of a service are read in the order of their times, so that a log finds its span whichever file is named first.
#[test]
fn files_are_read_together() {
    for names in [["logs.binpb", "traces.binpb"], ["traces.binpb", "logs.binpb"]] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/verify/go/slo");
        let input = slo_compiler::load::load(&root).unwrap();
        let compilation = slo_compiler::compile(&input);
        let arena = Arena::default();
        let plans = [Plan::with_external(&arena, compilation.checked.as_ref().unwrap())];
        let mut run = Run::new(Verifier::new(&plans, Settings::default()), Box::new(|| false));
        let paths: Vec<PathBuf> = names.iter().map(|name| folder("go").join(name)).collect();
        file::Files::find(&paths).read(&mut run);
        let report = run.finish().unwrap();
        assert!(report.causes.is_empty() && report.refusals.is_empty());
        let joined: Vec<_> = report.joined.values().map(|one| (one.spans, one.logs, one.joined)).collect();
        assert_eq!(joined, [(20, 20, 20), (26, 26, 26)]);
    }
}
