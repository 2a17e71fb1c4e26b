//! The text as it is.

use std::time::{Duration, UNIX_EPOCH};

use opentelemetry::KeyValue;
use opentelemetry::trace::{SpanId, TraceId};
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use slo_model::names::TranslationStrategy;

use super::data::{Exemplars, measured, rendering, service};
use super::parser::{open_metrics, prometheus_text};
use crate::metrics::exemplar::Exemplar;
use crate::prometheus::accept::{Escaping, Exposition, Format};
use crate::prometheus::left_out::{Omission, Why};
use crate::prometheus::text::{Rendering, render};

const DEFAULT: TranslationStrategy = TranslationStrategy::UnderscoreEscapingWithSuffixes;

fn payments() -> ResourceMetrics {
    measured(&service(), Temporality::Cumulative, |meter| {
        let pay = meter("pay");
        let attempts = pay
            .u64_counter("payment.attempts")
            .with_unit("{attempt}")
            .with_description("Attempts to pay: \"all\" of them,\nwith a \\.")
            .build();
        attempts.add(3, &[KeyValue::new("status", "ok"), KeyValue::new("retried", true)]);
        attempts.add(1, &[KeyValue::new("status", "a\"b\\c\nd")]);
        let duration = pay
            .f64_histogram("payment.duration")
            .with_unit("s")
            .with_description("How long it took.")
            .with_boundaries(vec![0.005, 0.1, 1.0, 2_500_000.0])
            .build();
        for seconds in [0.005, 0.05, 0.05, 7.0, 1e9] {
            duration.record(seconds, &[KeyValue::new("status", "ok")]);
        }
        meter("disk").i64_up_down_counter("disk.queue").build().add(-2, &[]);
        meter("disk").f64_gauge("disk.io").with_unit("By/s").build().record(1.5e-7, &[]);
        meter("disk").f64_gauge("disk.load").with_unit("1").build().record(f64::INFINITY, &[]);
    })
}

fn traced() -> Exemplars {
    let exemplar = |value, second: u64| Exemplar {
        value,
        time: UNIX_EPOCH + Duration::new(1_700_000_000 + second, 120_000_000),
        trace_id: TraceId::from(0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c),
        span_id: SpanId::from(second + 1),
    };
    Exemplars(vec![
        ("payment.attempts", exemplar(1.0, 0)),
        ("payment.duration", exemplar(0.05, 5)),
        ("payment.duration", exemplar(0.04, 4)),
        ("payment.duration", exemplar(1e9, 2)),
        ("payment.duration", exemplar(f64::NAN, 9)),
        ("disk.io", exemplar(1.0, 0)),
    ])
}

#[test]
fn metrics_as_open_metrics() {
    let exemplars = traced();
    let rendered = render(&payments(), &rendering(DEFAULT, Format::OpenMetrics, &exemplars));
    open_metrics(&rendered.text);
    assert_eq!(rendered.left_out, []);
    insta::assert_snapshot!("open_metrics", rendered.text);
}

#[test]
fn metrics_as_prometheus_text() {
    let exemplars = traced();
    let rendered = render(&payments(), &rendering(DEFAULT, Format::TextV0, &exemplars));
    prometheus_text(&rendered.text);
    insta::assert_snapshot!("prometheus_text", rendered.text);
}

#[test]
fn names_as_they_are_stand_in_quotes() {
    let exemplars = Exemplars::default();
    let rendering =
        rendering(TranslationStrategy::NoUtf8EscapingWithSuffixes, Format::OpenMetrics, &exemplars);
    let metrics = measured(&service(), Temporality::Cumulative, |meter| {
        let attempts = meter("pay").u64_counter("payment.attempts").build();
        attempts.add(1, &[KeyValue::new("tenant.id", "1"), KeyValue::new("tenant_id", "2")]);
        let pay = meter("pay");
        let duration = pay.f64_histogram("payment.duration").with_unit("s");
        duration.with_boundaries(vec![1.0]).build().record(0.5, &[]);
    });
    let quoted = render(&metrics, &rendering).text;
    open_metrics(&quoted);
    insta::assert_snapshot!("quoted", quoted);
    let exposition = Exposition { escaping: Escaping::Underscores, ..rendering.exposition };
    let escaped = render(&metrics, &Rendering { exposition, ..rendering }).text;
    open_metrics(&escaped);
    insta::assert_snapshot!("escaped", escaped);
    // Nothing says that these count.
    let strategy = TranslationStrategy::NoTranslation;
    insta::assert_snapshot!("untranslated", render(&metrics, &Rendering { strategy, ..rendering }).text);
    let exposition = Exposition { format: Format::TextV1, ..rendering.exposition };
    insta::assert_snapshot!(
        "untranslated_text",
        render(&metrics, &Rendering { strategy, exposition, ..rendering }).text
    );
}

#[test]
fn what_families_would_share_is_taken_apart() {
    let exemplars = Exemplars::default();
    let rendering = rendering(DEFAULT, Format::OpenMetrics, &exemplars);
    let metrics = measured(&[], Temporality::Cumulative, |meter| {
        let label = [KeyValue::new("x", "1")];
        // One family, and a series twice.
        meter("a").u64_counter("jobs").with_description("Jobs.").build().add(1, &[]);
        meter("b").u64_counter("jobs").build().add(2, &label);
        meter("c").u64_counter("jobs").build().add(3, &label);
        // A counter `load`, and a gauge that has its name.
        meter("a").u64_counter("load").build().add(1, &[]);
        meter("b").f64_gauge("load").build().record(0.5, &[]);
        // A histogram, and a gauge that is one of its series.
        meter("a").u64_histogram("size").with_boundaries(vec![1.0]).build().record(1, &[]);
        meter("b").u64_gauge("size.count").build().record(7, &[]);
        meter("b").u64_gauge("size.count").build().record(8, &label);
        // What OpenMetrics has no such histograms for.
        meter("a").f64_histogram("heat").with_boundaries(vec![-1.0, 0.0]).build().record(-0.5, &[]);
        let le = [KeyValue::new("le", "own")];
        meter("a").f64_histogram("own").with_boundaries(vec![1.0]).build().record(0.5, &le);
    });
    let rendered = render(&metrics, &rendering);
    open_metrics(&rendered.text);
    insta::assert_snapshot!("taken_apart", rendered.text);
    let repeated = |name: &str| Omission { name: name.to_owned(), why: Why::Repeated, points: 1 };
    assert_eq!(rendered.left_out, [repeated("jobs"), repeated("size.count")]);
    // Prometheus's own text lets negative bounds be.
    let exposition = Exposition { format: Format::TextV0, ..rendering.exposition };
    assert!(
        render(&metrics, &Rendering { exposition, ..rendering }).text.contains("# TYPE heat histogram\n")
    );
}

#[test]
fn what_cant_be_shown_is_told() {
    let exemplars = Exemplars::default();
    let rendering = Rendering {
        promoted: &["名", "__", "region"],
        ..rendering(DEFAULT, Format::OpenMetrics, &exemplars)
    };
    let resource = [
        KeyValue::new("service.name", "shop"),
        KeyValue::new("__", "x"),
        KeyValue::new("job", "x"),
        KeyValue::new("region", "eu"),
    ];
    let metrics = measured(&resource, Temporality::Cumulative, |meter| {
        let pay = meter("pay");
        pay.f64_histogram("wait.exponential").build().record(1.0, &[]);
        let jobs = pay.u64_counter("jobs").build();
        jobs.add(1, &[KeyValue::new("名前", "x")]);
        jobs.add(2, &[KeyValue::new("__name__", "x")]);
        jobs.add(3, &[KeyValue::new("job", "x")]);
    });
    let rendered = render(&metrics, &rendering);
    open_metrics(&rendered.text);
    insta::assert_snapshot!("reserved", rendered.text);
    let told: Vec<String> = rendered.left_out.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(told.join("\n"), @"
    left out the resource's attribute `__`: Prometheus has no place for a label of this name
    left out the resource's attribute `job`: Prometheus has no place for a label of this name
    left out a point of `jobs`: Prometheus takes no label of the name that an attribute has
    left out an attribute of 2 points of `jobs`: `job`, `instance` and `__name__` are Prometheus's own
    left out a point of `jobs`: another one is the same series in Prometheus
    left out a point of `wait.exponential`: text has no exponential histograms; give it bounds, or send it over OTLP
    ");

    let delta = measured(&[], Temporality::Delta, |meter| {
        meter("pay").u64_counter("jobs").build().add(1, &[]);
        let size = meter("pay").u64_histogram("size").build();
        size.record(1, &[]);
        size.record(1, &[KeyValue::new("x", "1")]);
    });
    let rendered = render(&delta, &rendering);
    assert_eq!(rendered.text, "# EOF\n");
    let told: Vec<String> = rendered.left_out.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(told.join("\n"), @"
    left out a point of `jobs`: a scrape shows totals, and these are differences
    left out 2 points of `size`: a scrape shows totals, and these are differences
    ");
}
