//! A draft of a contract names all that was seen, is sound, and finds nothing in what it was made from.

use std::collections::BTreeSet;

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::{Metric, ResourceMetrics, ScopeMetrics};
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use slo_compiler::accept::baseline::FILE_NAME as BASELINE;
use slo_compiler::diagnostic::Severity;
use slo_compiler::plan::{Arena, Plan};
use slo_compiler::{Input, InputFile, Root};
use slo_verify::{Cause, Draft, Drafted, Report, Settings, Takes, Verifier};

use crate::agreement::sent_of;
use crate::judge::generate;
use crate::mutated::mutations;
use crate::recorded::{LANGUAGES, Recording, recording};

fn draft(recording: &Recording) -> Drafted {
    let mut draft = Draft::default();
    for request in &recording.traces {
        draft.traces(&request.resource_spans);
    }
    for request in &recording.logs {
        draft.logs(&request.resource_logs);
    }
    for request in &recording.metrics {
        draft.metrics(&request.resource_metrics);
    }
    let mut all = draft.contracts();
    assert_eq!(all.len(), 1, "one service");
    all.remove(0)
}

fn compiled(drafted: &Drafted) -> slo_compiler::Compilation {
    let input = |path: &str| {
        let file = drafted.files.iter().find(|file| file.path == path)?;
        Some(InputFile::new(file.path.as_str(), file.text.as_str()))
    };
    let contracts = drafted.files.iter().map(|file| file.path.as_str()).filter(|path| path.ends_with(".slo"));
    let mut root = Root::new(input("slo.toml").unwrap(), contracts.filter_map(input).collect());
    root.baseline = input(BASELINE);
    slo_compiler::compile(&Input { roots: vec![root], ..Input::default() })
}

fn assert_sound(what: &str, compilation: &slo_compiler::Compilation) {
    let errors = compilation.diagnostics.iter().filter(|finding| finding.severity == Severity::Error);
    let errors: Vec<String> =
        errors.map(|finding| format!("{}: {}", finding.code, finding.message)).collect();
    assert!(compilation.checked.is_some() && errors.is_empty(), "{what}: {errors:#?}");
}

/// The names of metrics, spans, events on spans and keys that a recording has.
fn seen(recording: &Recording) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut keys = |list: &[KeyValue]| names.extend(list.iter().map(|pair| pair.key.clone()));
    let mut others = Vec::new();
    for resource in recording.traces.iter().flat_map(|one| &one.resource_spans) {
        keys(&resource.resource.as_ref().unwrap().attributes);
        for span in resource.scope_spans.iter().flat_map(|one| &one.spans) {
            keys(&span.attributes);
            for event in &span.events {
                keys(&event.attributes);
                others.push(event.name.clone());
            }
        }
    }
    for log in recording
        .logs
        .iter()
        .flat_map(|one| &one.resource_logs)
        .flat_map(|one| &one.scope_logs)
        .flat_map(|one| &one.log_records)
    {
        keys(&log.attributes);
        others.push(log.event_name.clone());
    }
    for metric in recording
        .metrics
        .iter()
        .flat_map(|one| &one.resource_metrics)
        .flat_map(|one| &one.scope_metrics)
        .flat_map(|one| &one.metrics)
    {
        others.push(metric.name.clone());
        match metric.data.as_ref().unwrap() {
            Data::Sum(sum) => sum.data_points.iter().for_each(|point| keys(&point.attributes)),
            Data::Gauge(gauge) => gauge.data_points.iter().for_each(|point| keys(&point.attributes)),
            Data::Histogram(histogram) => {
                histogram.data_points.iter().for_each(|point| keys(&point.attributes))
            }
            other => panic!("{other:?}"),
        }
    }
    names.extend(others.into_iter().filter(|name| !name.is_empty()));
    names
}

/// What a draft can't tell: Java's logs of orders say nothing but their text, and of which outcome a log is a draft says by `when=`, so that
/// a counter isn't held to it.
const UNTOLD: [(&str, &str); 4] = [
    ("java", "log of Checkout: of one that was placed, as refused"),
    ("java", "counts: none of what was declined, beside logs alone"),
    ("python", "counts: none of what was declined, beside logs alone"),
    ("javascript", "counts: none of what was declined, beside logs alone"),
];

fn judged(compilation: &slo_compiler::Compilation, recording: &Recording) -> Report {
    let arena = Arena::default();
    let plans = [Plan::with_external(&arena, compilation.checked.as_ref().unwrap())];
    let mut verifier = Verifier::new(&plans, Settings::default());
    for request in &recording.traces {
        verifier.traces(&request.resource_spans);
    }
    for request in &recording.logs {
        verifier.logs(&request.resource_logs);
    }
    for request in &recording.metrics {
        verifier.metrics(&request.resource_metrics);
    }
    verifier.finish()
}

/// What occurrences of all events of a made-up contract become.
fn made_up(seed: u64) -> Option<Recording> {
    let compilation = generate::compiled(&generate::contract(seed));
    let arena = Arena::default();
    let plan = Plan::with_external(&arena, compilation.checked.as_ref()?);
    let all = plan.events().flat_map(|event| sent_of(&plan, event, seed, 40));
    let mut recording =
        Recording { traces: Vec::new(), logs: Vec::new(), metrics: Vec::new(), is_metrics_first: false };
    for sent in all {
        recording.traces.push(ExportTraceServiceRequest { resource_spans: sent.spans });
        recording.logs.push(ExportLogsServiceRequest { resource_logs: sent.logs });
        recording.metrics.push(ExportMetricsServiceRequest { resource_metrics: sent.metrics });
    }
    Some(recording)
}

#[test]
fn a_draft_of_what_made_up_contracts_send_is_sound() {
    let (mut all, mut wrong) = (0, Vec::new());
    for seed in 0..150 {
        let Some(recording) = made_up(seed) else { continue };
        let mut draft = Draft::default();
        recording.traces.iter().for_each(|one| draft.traces(&one.resource_spans));
        recording.logs.iter().for_each(|one| draft.logs(&one.resource_logs));
        recording.metrics.iter().for_each(|one| draft.metrics(&one.resource_metrics));
        for drafted in draft.contracts() {
            all += 1;
            let compilation = compiled(&drafted);
            assert_sound(&format!("contract {seed}"), &compilation);
            let report = judged(&compilation, &recording);
            let is_error = |cause: &&Cause| cause.severity == Severity::Error;
            let found: Vec<&str> =
                report.causes.iter().filter(is_error).map(|cause| cause.words.message.as_str()).collect();
            if !found.is_empty() {
                wrong.push(format!("contract {seed}: {found:#?}"));
            }
        }
    }
    // Made-up events share names and keys, so that nothing tells some from others, and their logs and spans.
    assert!(wrong.len() * 20 <= all, "{} of {all}: {}", wrong.len(), wrong.join("\n"));
    assert!(all > 100, "{all} drafts");
}

#[test]
fn a_draft_finds_nothing_in_what_it_was_made_from() {
    for language in LANGUAGES {
        let recording = recording(language);
        let drafted = draft(&recording);
        let compilation = compiled(&drafted);
        assert_sound(language, &compilation);
        let report = judged(&compilation, &recording);
        let found: BTreeSet<String> = report
            .causes
            .iter()
            .map(|cause| format!("{} {:?} {}", cause.code, cause.names, cause.words.message))
            .collect();
        assert!(found.is_empty(), "{language}: {found:#?}");
        for name in seen(&recording) {
            let is_there = |file: &slo_compiler::target::File| file.text.contains(&name);
            assert!(
                drafted.files.iter().any(is_there),
                "{language}: `{name}` was seen, and isn't in the draft"
            );
        }
    }
}

#[test]
fn a_draft_finds_what_is_changed_in_what_it_was_made_from() {
    for language in LANGUAGES {
        let right = recording(language);
        let compilation = compiled(&draft(&right));
        let (mut all, mut missed) = (0, Vec::new());
        for mutation in mutations(language).iter().filter(|mutation| !mutation.found.is_empty()) {
            let mut changed = right.clone();
            if !(mutation.change)(&mut changed) {
                continue;
            }
            all += 1;
            if judged(&compilation, &changed).causes.is_empty() {
                missed.push(mutation.name.clone());
            }
        }
        assert_eq!(
            missed,
            UNTOLD.iter().filter(|(of, _)| *of == language).map(|(_, name)| *name).collect::<Vec<_>>()
        );
        assert!(all >= 500, "{language}: {all} faults");
    }
}

#[test]
fn a_draft_of_hostile_names_is_sound() {
    let long = "x".repeat(65_536);
    let names = [
        "",
        "\"",
        "a\nb",
        "\u{202e}",
        "..",
        "a..b",
        "log",
        "metric x",
        "{}",
        "{a",
        "é.ü",
        "1",
        "true",
        long.as_str(),
    ];
    let mut draft = Draft::default();
    for (number, name) in names.iter().enumerate() {
        let pair = |key: &str, value: Any| KeyValue {
            key: key.to_owned(),
            value: Some(AnyValue { value: Some(value) }),
            ..KeyValue::default()
        };
        let attributes = vec![
            pair(name, Any::StringValue((*name).to_owned())),
            pair("until", Any::StringValue("until".to_owned())),
            pair("event", Any::IntValue(i64::MIN)),
            pair("bytes", Any::BytesValue(vec![0])),
            pair("double", Any::DoubleValue(f64::NAN)),
        ];
        let scope =
            Some(InstrumentationScope { name: (*name).to_owned(), ..InstrumentationScope::default() });
        let span = Span {
            name: (*name).to_owned(),
            trace_id: vec![1; 16],
            span_id: vec![u8::try_from(number + 1).unwrap(); 8],
            kind: i32::MAX,
            attributes: attributes.clone(),
            ..Span::default()
        };
        let log = LogRecord {
            event_name: (*name).to_owned(),
            severity_number: i32::MIN,
            body: Some(AnyValue { value: Some(Any::StringValue((*name).to_owned())) }),
            attributes,
            trace_id: span.trace_id.clone(),
            span_id: span.span_id.clone(),
            ..LogRecord::default()
        };
        let metric = Metric { name: (*name).to_owned(), unit: (*name).to_owned(), ..Metric::default() };
        draft.traces(&[ResourceSpans {
            scope_spans: vec![ScopeSpans {
                scope: scope.clone(),
                spans: vec![span],
                ..ScopeSpans::default()
            }],
            ..ResourceSpans::default()
        }]);
        draft.logs(&[ResourceLogs {
            scope_logs: vec![ScopeLogs {
                scope: scope.clone(),
                log_records: vec![log],
                ..ScopeLogs::default()
            }],
            ..ResourceLogs::default()
        }]);
        draft.metrics(&[ResourceMetrics {
            scope_metrics: vec![ScopeMetrics { scope, metrics: vec![metric], ..ScopeMetrics::default() }],
            ..ResourceMetrics::default()
        }]);
    }
    for drafted in draft.contracts() {
        assert_sound("hostile names", &compiled(&drafted));
        assert!(!drafted.left_out.is_empty());
    }
}
