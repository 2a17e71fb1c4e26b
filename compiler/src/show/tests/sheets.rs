//! The kinds of sheet.

use super::shown;
use crate::measure::Count;
use crate::show::sheet::{FactorSheet, PointsSheet, Sheet};

#[test]
fn a_meaning_is_a_table_of_variants_and_signals() {
    let found = shown("fin.pay.PaymentOutcome");
    insta::assert_snapshot!("meaning_terminal", found.terminal(false, 120));
    insta::assert_snapshot!("meaning_markdown", found.markdown());
    insta::assert_snapshot!("meaning_json", found.json());
}

#[test]
fn payloads_merged_variants_and_views_are_shown() {
    insta::assert_snapshot!("payloads", shown("HttpOutcome").terminal(false, 120));
    insta::assert_snapshot!("merged", shown("JobOutcome").terminal(false, 140));
    insta::assert_snapshot!("view", shown("Coarse").terminal(false, 140));
}

#[test]
fn an_event_is_a_table_of_fields_and_signals() {
    let found = shown("fin.pay.PaymentAttempt");
    insta::assert_snapshot!("event_terminal", found.terminal(false, 200));
    insta::assert_snapshot!("event_markdown", found.markdown());
    insta::assert_snapshot!("event_json", found.json());
    insta::assert_snapshot!("event_with_everything", shown("jobs.Job").terminal(false, 140));
    insta::assert_snapshot!("event_with_a_view", shown("web.Fetch").terminal(false, 140));
}

#[test]
fn a_metric_is_everything_that_records_it() {
    insta::assert_snapshot!("metric_of_an_event", shown("http.client.request.duration").terminal(false, 120));
    insta::assert_snapshot!("metric_observed", shown("job.lag").terminal(false, 120));
    insta::assert_snapshot!("metric_running", shown("job.running").markdown());
}

#[test]
fn a_key_is_what_is_declared_and_everything_that_writes_it() {
    insta::assert_snapshot!("key_renamed", shown("http.route").terminal(false, 120));
    insta::assert_snapshot!("key_renamed_json", shown("http.route").json());
    insta::assert_snapshot!("key_of_an_observed_metric", shown("job.name").terminal(false, 120));
    insta::assert_snapshot!("key_of_a_resource", shown("service.tier").markdown());
    insta::assert_snapshot!("key_local_to_a_meaning", shown("status").terminal(false, 120));
    insta::assert_snapshot!("key_sensitive", shown("job.owner").terminal(false, 120));
    insta::assert_snapshot!("key_deprecated", shown("job.id").terminal(false, 120));
    insta::assert_snapshot!("key_of_a_vocabulary", shown("network.transport").terminal(false, 120));
}

#[test]
fn a_resource_and_a_scope_are_their_keys() {
    insta::assert_snapshot!("resource", shown("PaymentService").terminal(false, 200));
    insta::assert_snapshot!("scope", shown("PaymentScope").terminal(false, 200));
}

/// The numbers are proof 5's own.
#[test]
fn points_are_a_product_and_series_follow_from_them() {
    let sheets = shown("fin.pay.PaymentAttempt").sheets;
    let [Sheet::Event(event)] = sheets.as_slice() else { panic!("not one event") };
    let [attempts, duration] = event.metrics.as_slice() else { panic!("not two metrics") };
    let factor = |name: &str, count| FactorSheet { name: name.to_owned(), count: Count::Finite(count) };
    assert_eq!(
        attempts.points,
        PointsSheet {
            factors: vec![factor("outcome", 3), factor("method", 3), factor("route", 201)],
            total: Count::Finite(1_809),
        }
    );
    assert_eq!(attempts.series.total, Count::Finite(1_809));
    assert_eq!(duration.series.total, Count::Finite(3 * 7));
}
