//! What SDKs of four languages sent (`../recorded/README.md`) is read as it stands, without a refusal.

use std::path::Path;

use slo_verify::input::file::Files;

use super::kept::Kept;
use crate::recorded::{LANGUAGES, recording};

fn kept(language: &str, file: &str) -> Kept {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded").join(language).join(file);
    let mut kept = Kept::default();
    Files::find(&[path]).read(&mut kept);
    assert_eq!(kept.said(), [""; 0], "{language}/{file}");
    kept
}

#[test]
fn every_record_that_sdks_sent_is_received() {
    for language in LANGUAGES {
        let sent = recording(language);
        let spans =
            sent.traces.iter().flat_map(|request| &request.resource_spans).flat_map(|one| &one.scope_spans);
        let spans: usize = spans.map(|scope| scope.spans.len()).sum();
        let logs =
            sent.logs.iter().flat_map(|request| &request.resource_logs).flat_map(|one| &one.scope_logs);
        let logs: usize = logs.map(|scope| scope.log_records.len()).sum();
        let metrics = sent.metrics.iter().flat_map(|request| &request.resource_metrics);
        let metrics = metrics.flat_map(|one| &one.scope_metrics).map(|scope| scope.metrics.len());
        for (file, kind, count) in [
            ("traces.binpb", "span ", spans),
            ("logs.binpb", "log ", logs),
            ("metrics.binpb", "metric ", metrics.sum()),
        ] {
            let kept = kept(language, file);
            assert!(
                count > 5 && kept.records.iter().all(|record| record.starts_with(kind)),
                "{language}/{file}"
            );
            assert_eq!(kept.records.len(), count, "{language}/{file}");
        }
    }
}

#[test]
fn what_prometheus_endpoints_of_sdks_say_is_received_in_both_texts() {
    for (language, file) in [
        ("go", "metrics.prom"),
        ("java", "metrics.prom"),
        ("java", "metrics.openmetrics"),
        ("python", "metrics.prom"),
        ("python", "metrics.openmetrics"),
        ("javascript", "metrics.prom"),
    ] {
        let kept = kept(language, file);
        let [scrape] = kept.scrapes.as_slice() else { panic!("{language}/{file} is one scrape") };
        let shop = scrape.families.iter().filter(|family| family.name.contains("shop"));
        assert!(shop.clone().count() > 2, "{language}/{file}");
        for family in shop {
            assert!(
                family.family_type.is_some() && !family.samples.is_empty(),
                "{language}/{file}: {}",
                family.name
            );
        }
    }
}

#[test]
fn the_lines_of_pino_are_received() {
    let kept = kept("javascript", "output.jsonl");
    assert!(kept.records.len() > 20);
    assert!(kept.records.iter().all(|record| record.contains(" time=1")
        && record.contains(" trace=")
        && record.contains(" number=")));
}
