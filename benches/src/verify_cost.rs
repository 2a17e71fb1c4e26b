//! What it costs to hold telemetry to a contract, beside decoding it alone: spans of fifteen attributes, half of them events of a contract of
//! a hundred, each with its log, a tenth of them wrong.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::exit)]

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use prost::Message;
use slo_compiler::plan::{Arena, Plan};
use slo_compiler::{Input, InputFile, Root, compile};
use slo_verify::{Report, Settings, Verifier};

/// How often each is measured, unless it is said; the median is shown.
const RUNS: usize = 9;

/// How many spans are in a request.
const BATCH: u64 = 500;

/// How many spans one run has, unless it is said.
const SPANS: u64 = 100_000;

const MANIFEST: &str =
    "name = \"shop\"\nversion = \"1.0.0\"\nowner = \"team-shop\"\nslo = \"0.1\"\ntargets = [\"otlp\"]\n";

/// A contract of a hundred events, each with twelve keys, an enum and a meaning on its log and its span.
fn contract() -> String {
    let mut text = String::from(
        "package shop\n\nattribute service.name: string\nresource Shop { service.name: static=\"shop\" }\nscope Till {}\n",
    );
    for key in 0..12 {
        let kind = match key % 3 {
            0 => "string, max=40",
            1 => "int, range=0..=1000000",
            _ => "double, range=0.0..=1000000.0",
        };
        writeln!(text, "attribute shop.key{key}: {kind}").unwrap();
    }
    text.push_str("attribute shop.method: enum { card, wallet, transfer }\nattribute shop.outcome: enum { paid, refused, failed }\nattribute error.type: string, max=32\n");
    text.push_str("meaning Outcome {\n    Paid {\n        metric { outcome = \"paid\" }\n        log info { outcome = \"paid\" }\n        span { shop.outcome = paid }\n    }\n    Refused {\n        metric { outcome = \"refused\" }\n        log warn { outcome = \"refused\" }\n        span error { shop.outcome = refused, error.type = \"refused\" }\n    }\n}\n");
    for event in 0..100 {
        writeln!(text, "event E{event} in Till: external {{\n    outcome: Outcome\n    method: shop.method")
            .unwrap();
        for key in 0..12 {
            writeln!(text, "    key{key}: shop.key{key}").unwrap();
        }
        let all = (0..12).map(|key| format!("key{key}")).collect::<Vec<_>>().join(", ");
        writeln!(text, "    log shop.e{event}: body=\"order {{key0}} done\" {{ outcome, method, {all} }}\n    span \"work {event}\": internal {{ outcome, method, {all} }}\n}}").unwrap();
    }
    text
}

fn pair(key: impl Into<String>, value: Any) -> KeyValue {
    KeyValue { key: key.into(), value: Some(AnyValue { value: Some(value) }), ..KeyValue::default() }
}

fn text(text: impl Into<String>) -> Any {
    Any::StringValue(text.into())
}

/// Fifteen attributes of a span of an event; fourteen of its log. One in ten records has a method that the contract doesn't have.
fn attributes(number: u64, is_log: bool) -> Vec<KeyValue> {
    let mut all: Vec<KeyValue> = (0..12)
        .map(|key| {
            let value = match key % 3 {
                0 => text(format!("value-{number}-{key}")),
                1 => Any::IntValue(i64::try_from(number % 1_000).unwrap()),
                _ => Any::DoubleValue(number as f64 / 8.0 % 1_000.0),
            };
            pair(format!("shop.key{key}"), value)
        })
        .collect();
    all.push(pair("shop.method", text(if number % 10 == 9 { "cheque" } else { "card" })));
    if is_log {
        all.push(pair("outcome", text("paid")));
    } else {
        all.push(pair("shop.outcome", text("paid")));
        all.push(pair("thread.id", Any::IntValue(7)));
    }
    all
}

/// Fifteen attributes of a library's span.
fn of_library(number: u64) -> Vec<KeyValue> {
    let keys =
        (0..11).map(|key| pair(format!("http.request.header.x{key}"), text(format!("value-{number}-{key}"))));
    keys.chain([
        pair("http.request.method", text("GET")),
        pair("http.route", text("/orders/{id}")),
        pair("http.response.status_code", Any::IntValue(200)),
        pair("url.scheme", text("http")),
    ])
    .collect()
}

fn resource() -> Option<Resource> {
    Some(Resource { attributes: vec![pair("service.name", text("shop"))], ..Resource::default() })
}

fn scope(name: &str) -> Option<InstrumentationScope> {
    Some(InstrumentationScope { name: name.to_owned(), ..InstrumentationScope::default() })
}

/// Two requests: spans, every other one of an event, and the logs of these.
fn requests(batch: u64) -> (ExportTraceServiceRequest, ExportLogsServiceRequest) {
    let begun = 1_796_083_200_000_000_000_u64;
    let numbers = || batch * BATCH..(batch + 1) * BATCH;
    let trace = |number: u64| [[7; 8], (number / 10 + 1).to_be_bytes()].concat();
    let span = |number: u64| {
        let is_event = number.is_multiple_of(2);
        Span {
            trace_id: trace(number),
            span_id: (number + 1).to_be_bytes().to_vec(),
            name: if is_event { format!("work {}", number / 2 % 100) } else { "GET /orders/{id}".to_owned() },
            kind: if is_event { 1 } else { 2 },
            start_time_unix_nano: begun + number * 100_000,
            end_time_unix_nano: begun + number * 100_000 + 50_000,
            attributes: if is_event { attributes(number / 2, false) } else { of_library(number) },
            ..Span::default()
        }
    };
    let log = |number: u64| LogRecord {
        trace_id: trace(number),
        span_id: (number + 1).to_be_bytes().to_vec(),
        event_name: format!("shop.e{}", number / 2 % 100),
        severity_number: 9,
        severity_text: "INFO".to_owned(),
        time_unix_nano: begun + number * 100_000 + 40_000,
        body: Some(AnyValue { value: Some(text(format!("order value-{}-0 done", number / 2))) }),
        attributes: attributes(number / 2, true),
        ..LogRecord::default()
    };
    let spans = |rest| numbers().filter(|number| number % 2 == rest).map(span).collect();
    let scope_spans = vec![
        ScopeSpans { scope: scope("shop"), spans: spans(0), ..ScopeSpans::default() },
        ScopeSpans { scope: scope("net/http"), spans: spans(1), ..ScopeSpans::default() },
    ];
    let log_records = numbers().step_by(2).map(log).collect();
    let scope_logs = vec![ScopeLogs { scope: scope("shop"), log_records, ..ScopeLogs::default() }];
    (
        ExportTraceServiceRequest {
            resource_spans: vec![ResourceSpans {
                resource: resource(),
                scope_spans,
                ..ResourceSpans::default()
            }],
        },
        ExportLogsServiceRequest {
            resource_logs: vec![ResourceLogs { resource: resource(), scope_logs, ..ResourceLogs::default() }],
        },
    )
}

/// Writes the contract, and so many spans with their logs as the Collector's file exporter does.
fn write(folder: &Path, spans: u64) {
    fs::create_dir_all(folder.join("slo")).unwrap();
    fs::write(folder.join("slo/slo.toml"), MANIFEST).unwrap();
    fs::write(folder.join("slo/shop.slo"), contract()).unwrap();
    let file = |name: &str| std::io::BufWriter::new(fs::File::create(folder.join(name)).unwrap());
    let (mut traces, mut logs) = (file("traces.binpb"), file("logs.binpb"));
    for batch in 0..spans / BATCH {
        let (spans, records) = requests(batch);
        for (file, bytes) in [(&mut traces, spans.encode_to_vec()), (&mut logs, records.encode_to_vec())] {
            file.write_all(&u32::try_from(bytes.len()).unwrap().to_be_bytes()).unwrap();
            file.write_all(&bytes).unwrap();
        }
    }
}

/// The median of some runs, in spans a second.
fn rate((spans, runs): (u64, usize), mut run: impl FnMut()) -> f64 {
    let mut took: Vec<f64> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64()
        })
        .collect();
    took.sort_by(f64::total_cmp);
    spans as f64 / took[runs / 2]
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (all, runs) = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => (SPANS, RUNS),
        ["--write", folder, spans] => return write(Path::new(folder), spans.parse().unwrap()),
        [spans, runs] => (spans.parse().unwrap(), runs.parse().unwrap()),
        _ => {
            println!("verify-cost [SPANS RUNS | --write FOLDER SPANS]");
            std::process::exit(2);
        }
    };
    let input = Input {
        roots: vec![Root::new(
            InputFile::new("slo.toml", MANIFEST),
            vec![InputFile::new("shop.slo", contract())],
        )],
        ..Input::default()
    };
    let compilation = compile(&input);
    let checked =
        compilation.checked.as_ref().unwrap_or_else(|| panic!("{:#?}", compilation.diagnostics.first()));
    let arena = Arena::default();
    let plans = [Plan::with_external(&arena, checked)];
    let encoded: Vec<(Vec<u8>, Vec<u8>)> = (0..all / BATCH)
        .map(|batch| {
            let (spans, logs) = requests(batch);
            (spans.encode_to_vec(), logs.encode_to_vec())
        })
        .collect();
    let spans = |bytes: &Vec<u8>| ExportTraceServiceRequest::decode(bytes.as_slice()).unwrap().resource_spans;
    let logs = |bytes: &Vec<u8>| ExportLogsServiceRequest::decode(bytes.as_slice()).unwrap().resource_logs;
    let decoding = rate((all, runs), || {
        for (of_spans, of_logs) in &encoded {
            black_box((spans(of_spans), logs(of_logs)));
        }
    });
    let judge = || -> Report {
        let mut verifier = Verifier::new(&plans, Settings::default());
        for (of_spans, of_logs) in &encoded {
            verifier.traces(&spans(of_spans));
            verifier.logs(&logs(of_logs));
        }
        verifier.finish()
    };
    let report = judge();
    let joined: u64 = report.joined.values().map(|one| one.joined).sum();
    assert_eq!(joined, all / 2, "each log is joined with its span");
    let wrong: u64 = report.causes.iter().map(|cause| cause.count).sum();
    assert_eq!(
        wrong,
        all / 10,
        "a tenth of the events is wrong, on its span and on its log: {:?}",
        report.causes
    );
    let judged = rate((all, runs), || {
        black_box(judge());
    });
    println!(
        "{all} spans of 15 attributes, half of them events with a log each; one thread, median of {runs}"
    );
    println!("decoded by prost:  {decoding:>9.0} spans a second");
    println!("decoded and judged: {judged:>8.0} spans a second, {:.2} of decoding alone", judged / decoding);
}
