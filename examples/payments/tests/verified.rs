//! `slo verify` judges what each service sent by a contract alone, without knowing what happened: it counts the gaps that the table counts, which knows.

use std::path::Path;

use payments::{Instrumentation, Tried};
use slo_compiler::diagnostic::Code;
use slo_compiler::plan::{Arena, Plan};
use slo_verify::{Report, Settings, Verifier};

use crate::comparison::{joined, tried};

/// What the contract of a root finds in what was received, in the order in which it came.
fn verified(root: &str, tried: &Tried) -> Report {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
    let compilation = slo_compiler::compile(&slo_compiler::load::load(&root).unwrap());
    let arena = Arena::default();
    let plans = [Plan::with_external(&arena, compilation.checked.as_ref().unwrap())];
    let mut verifier = Verifier::new(&plans, Settings::default());
    let received = &tried.received;
    let mut came: Vec<_> = received.traces.iter().map(|one| one.moment.instant).collect();
    came.extend(received.logs.iter().map(|one| one.moment.instant));
    came.extend(received.metrics.iter().map(|one| one.moment.instant));
    came.sort_unstable();
    came.dedup();
    for at in came {
        for one in received.traces.iter().filter(|one| one.moment.instant == at) {
            verifier.traces(&one.message.resource_spans);
        }
        for one in received.logs.iter().filter(|one| one.moment.instant == at) {
            verifier.logs(&one.message.resource_logs);
        }
        for one in received.metrics.iter().filter(|one| one.moment.instant == at) {
            verifier.metrics(&one.message.resource_metrics);
        }
    }
    verifier.finish()
}

/// How often a code was found, by the names that it is about.
fn found(report: &Report, code: Code) -> Vec<(String, u64)> {
    let of_code = report.causes.iter().filter(|cause| cause.code == code);
    of_code.map(|cause| (cause.names.join(" "), cause.count)).collect()
}

/// How many requests of a row were not joined.
fn gap(tried: &Tried, row: u8) -> u64 {
    let joined = joined(&tried.run, row);
    (joined.requests - joined.count()) as u64
}

#[tokio::test]
async fn nothing_is_found_with_the_contract() {
    let tried = tried(Instrumentation::Contract).await;
    let report = verified("slo", &tried);
    assert!(report.causes.is_empty(), "{:#?}", report.causes);
    // Row 3: each log names the moment of its span.
    let logs: u64 = report.joined.values().map(|one| one.joined).sum();
    assert!(logs > 76 && report.late[0] == logs, "{:?}", report.late);
    // Rows 4 and 11: each log has its span.
    assert!(report.joined.values().all(|one| one.logs_alone == 0 && one.expired == 0));
    assert!(report.joined.values().all(|one| one.spans == one.joined), "{:?}", report.joined);
    // Row 12.
    let exemplars: u64 = report.joined.values().map(|one| one.exemplars).sum();
    assert!(exemplars > 0);
    assert!(report.joined.values().all(|one| one.exemplars == one.exemplars_joined));
    // Row 9.
    assert!(
        report.joined.values().all(|one| one.counted == one.spans && one.spans > 0),
        "{:?}",
        report.joined
    );
}

#[tokio::test]
async fn the_gaps_of_usual_instrumentation_are_counted_as_the_table_counts_them() {
    let tried = tried(Instrumentation::Plain).await;
    let report = verified("plain", &tried);
    let answered = |status: u16| {
        let answers = tried.requests.iter().filter_map(|request| request.answer);
        answers.filter(|answer| answer.status == status).count() as u64
    };
    let [(payment, payments), (redirect, redirects), (deduction, deductions), (_, requests)] =
        ["Payment", "Redirect", "Deduction", "Request"].map(|event| {
            let number = report.coverage[0].iter().position(|seen| seen.name.ends_with(event)).unwrap();
            (&report.coverage[0][number], report.joined.get(&(0, number)).copied().unwrap_or_default())
        });
    // Row 9: more was counted than spans came, since a redirect passes two filters. What came after the last collection is not counted.
    let spans = payments.spans + redirects.spans;
    let uncounted = gap(&tried, 9).checked_sub(answered(302)).unwrap();
    let all = spans + answered(302);
    assert!((all - 2 * uncounted..=all).contains(&requests.counted), "{requests:?}, {uncounted} uncounted");
    // Row 11: what was not sent at the end. Only the tracer's provider was shut down, so that all spans came.
    assert_eq!(payments.spans + redirects.spans, tried.run.answered as u64);
    let lost = payments.spans + redirects.spans - payments.joined - redirects.joined;
    let row_11 = tried.run.rows.iter().find(|row| row.number == 11).unwrap();
    assert_eq!(lost, row_11.judged.as_ref().map_or(0, |_| gap(&tried, 11)), "{row_11:?}");
    // Row 2: the log says 500 of whatever failed, the metric `failed`.
    // Row 13: of what was invalid or timed out, the severity and the status are those of a failure.
    let contradictions = found(&report, Code::TelemetryContradiction);
    let [(names, count)] = contradictions.as_slice() else { panic!("{contradictions:?}") };
    assert!(names.contains("outcome"), "{names}");
    let told_otherwise = answered(400) + answered(402) + answered(504);
    assert!((told_otherwise - lost..=told_otherwise).contains(count), "{count} of {told_otherwise}");
    // The table's are those that aren't invalid, and those that were paid after the last export of metrics.
    let unexported = gap(&tried, 2).checked_sub(answered(402) + answered(504));
    assert!(unexported.is_some_and(|count| count < answered(200)), "{unexported:?}");
    // The table's are those that the scenario has a word of.
    assert_eq!(gap(&tried, 13), answered(400) + answered(504));
    for variant in payment.variants.iter().filter(|one| !["Paid", "Failed"].contains(&one.name.as_str())) {
        assert_eq!(
            [variant.counts[0], variant.counts[1]],
            [0, 0],
            "{} is told by the span alone",
            variant.name
        );
    }
    let statuses = found(&report, Code::TelemetryStatus);
    assert_eq!(statuses.iter().map(|(_, count)| count).sum::<u64>(), answered(400), "{statuses:?}");
    // Row 3: no log names the moment of its span.
    assert_eq!((report.late[0], joined(&tried.run, 3).count()), (0, 0));
    // Row 4: the deduction's log has no trace.
    let records = deduction.records.iter().find(|record| record.name.starts_with("log")).unwrap();
    assert_eq!((deductions.logs_alone, joined(&tried.run, 4).count()), (records.count, 0));
    assert!((gap(&tried, 4) - lost.max(1)..=gap(&tried, 4)).contains(&records.count), "{records:?}");
    // Row 5: three names of one service.
    let strangers = found(&report, Code::TelemetryResource);
    assert_eq!(strangers.len(), 2, "{strangers:?}");
    assert_eq!(report.strangers, ["service `payment-service`", "service `payment`"]);
    assert_eq!(joined(&tried.run, 5).count(), 0);
    // Row 12: no point leads to a trace.
    assert_eq!(payments.exemplars + redirects.exemplars, 0);
    assert_eq!((redirect.records[0].count, joined(&tried.run, 12).count()), (answered(302), 0));
    // Nothing was found besides.
    let codes = [Code::TelemetryContradiction, Code::TelemetryStatus, Code::TelemetryResource];
    assert!(report.causes.iter().all(|cause| codes.contains(&cause.code)), "{:#?}", report.causes);
}
