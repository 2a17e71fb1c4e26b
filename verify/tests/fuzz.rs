//! Requests that are changed as structures and as bytes, judged by one verifier: nothing panics, and memory doesn't grow.
//!
//! `SLO_FUZZ_SECONDS` says for how long; without it some thousands of requests are judged. `SLO_FUZZ_SEED` has others made.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that can't go on fails")]
#![allow(clippy::print_stdout, reason = "how many requests were judged is the result")]

use std::path::Path;
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, KeyValue, KeyValueList};
use opentelemetry_proto::tonic::logs::v1::ResourceLogs;
use opentelemetry_proto::tonic::metrics::v1::ResourceMetrics;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Number;
use opentelemetry_proto::tonic::trace::v1::ResourceSpans;
use prost::Message;
use slo_compiler::plan::{Arena, Plan};
use slo_verify::input::{LineForm, Recorder, Scrape, Source, Wrong, file};
use slo_verify::{Run, Settings, Takes, Verifier};

const LANGUAGES: [&str; 4] = ["go", "java", "python", "javascript"];

/// How many requests are judged where no time is said.
const REQUESTS: u64 = 2_000;

/// How much more memory the later requests may take than the earlier ones, in KiB.
const GROWTH: u64 = 48 << 10;

/// How much memory the whole may take, in KiB.
const MOST: u64 = 512 << 10;

/// Numbers that are the same in each run.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    fn below(&mut self, sides: usize) -> usize {
        usize::try_from(self.next() % sides.max(1) as u64).unwrap()
    }

    fn time(&mut self) -> u64 {
        [0, 1, u64::MAX, u64::MAX - 1, 1_796_083_200_000_000_000][self.below(5)]
    }

    fn text(&mut self) -> String {
        match self.below(8) {
            0 => String::new(),
            1 => "x".repeat(1 << self.below(17)),
            2 => format!("name-{}", self.next()),
            3 => "\u{202e}\u{0}\n\"{}".to_owned(),
            4 => "checkout".to_owned(),
            5 => "shop.payments".to_owned(),
            6 => "é".repeat(self.below(300)),
            _ => "NaN".to_owned(),
        }
    }

    fn id(&mut self, length: usize) -> Vec<u8> {
        let length = [0, 1, length - 1, length, length + 1, 64][self.below(6)];
        (0..length).map(|_| u8::try_from(self.next() & 3).unwrap()).collect()
    }

    fn value(&mut self, depth: usize) -> Option<AnyValue> {
        let value = match self.below(if depth > 0 { 9 } else { 6 }) {
            0 => Any::StringValue(self.text()),
            1 => Any::IntValue([i64::MIN, -1, 0, 1, i64::MAX][self.below(5)]),
            2 => Any::DoubleValue([f64::NAN, f64::INFINITY, -0.0, 1.5, 1e308][self.below(5)]),
            3 => Any::BoolValue(self.below(2) == 0),
            4 => Any::BytesValue(self.id(8)),
            5 => return None,
            6 => return Some(AnyValue { value: None }),
            7 => {
                let values = (0..self.below(4)).filter_map(|_| self.value(depth - 1)).collect();
                Any::ArrayValue(ArrayValue { values })
            }
            _ => Any::KvlistValue(KeyValueList {
                values: (0..self.below(4)).map(|_| self.pair(depth - 1)).collect(),
            }),
        };
        Some(AnyValue { value: Some(value) })
    }

    fn pair(&mut self, depth: usize) -> KeyValue {
        KeyValue { key: self.text(), value: self.value(depth), ..KeyValue::default() }
    }

    /// Changes a list of pairs: a value, a key, one that comes twice, one that is gone, one that is new.
    fn list(&mut self, list: &mut Vec<KeyValue>) {
        let at = self.below(list.len());
        match self.below(6) {
            0 => list.push(self.pair(20)),
            1 => list.extend(list.get(at).cloned()),
            2 if !list.is_empty() => {
                list.remove(at);
            }
            3 => {
                let key = self.text();
                list.iter_mut().skip(at).take(1).for_each(|pair| pair.key.clone_from(&key));
            }
            _ => {
                let value = self.value(20);
                list.iter_mut().skip(at).take(1).for_each(|pair| pair.value.clone_from(&value));
            }
        }
    }
}

/// The requests of a recording, by their signal.
#[derive(Clone)]
enum Request {
    Traces(ExportTraceServiceRequest),
    Logs(ExportLogsServiceRequest),
    Metrics(ExportMetricsServiceRequest),
}

impl Request {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Request::Traces(request) => request.encode_to_vec(),
            Request::Logs(request) => request.encode_to_vec(),
            Request::Metrics(request) => request.encode_to_vec(),
        }
    }

    fn change(&mut self, dice: &mut Dice) {
        match self {
            Request::Traces(request) => traces(request, dice),
            Request::Logs(request) => logs(request, dice),
            Request::Metrics(request) => metrics(request, dice),
        }
    }
}

fn traces(request: &mut ExportTraceServiceRequest, dice: &mut Dice) {
    let resource = dice.below(request.resource_spans.len());
    let Some(resource) = request.resource_spans.get_mut(resource) else { return };
    if dice.below(8) == 0 {
        return dice.list(&mut resource.resource.get_or_insert_default().attributes);
    }
    let group = dice.below(resource.scope_spans.len());
    let Some(group) = resource.scope_spans.get_mut(group) else { return };
    if dice.below(8) == 0 {
        group.scope.get_or_insert_default().name = dice.text();
        return;
    }
    let span = dice.below(group.spans.len());
    let Some(span) = group.spans.get_mut(span) else { return };
    match dice.below(10) {
        0 => span.name = dice.text(),
        1 => span.kind = [i32::MIN, -1, 0, 3, i32::MAX][dice.below(5)],
        2 => (span.start_time_unix_nano, span.end_time_unix_nano) = (dice.time(), dice.time()),
        3 => span.trace_id = dice.id(16),
        4 => span.span_id = dice.id(8),
        5 => span.parent_span_id = dice.id(8),
        6 => span.status.get_or_insert_default().code = [i32::MIN, 0, 1, 2, 99][dice.below(5)],
        7 => {
            for event in &mut span.events {
                event.name = dice.text();
                dice.list(&mut event.attributes);
            }
        }
        _ => dice.list(&mut span.attributes),
    }
}

fn logs(request: &mut ExportLogsServiceRequest, dice: &mut Dice) {
    let resource = dice.below(request.resource_logs.len());
    let Some(resource) = request.resource_logs.get_mut(resource) else { return };
    let group = dice.below(resource.scope_logs.len());
    let Some(group) = resource.scope_logs.get_mut(group) else { return };
    let log = dice.below(group.log_records.len());
    let Some(log) = group.log_records.get_mut(log) else { return };
    match dice.below(8) {
        0 => log.body = dice.value(20),
        1 => log.severity_number = [i32::MIN, -1, 0, 9, 25, i32::MAX][dice.below(6)],
        2 => log.severity_text = dice.text(),
        3 => (log.time_unix_nano, log.observed_time_unix_nano) = (dice.time(), dice.time()),
        4 => (log.trace_id, log.span_id) = (dice.id(16), dice.id(8)),
        5 => log.event_name = dice.text(),
        _ => dice.list(&mut log.attributes),
    }
}

fn metrics(request: &mut ExportMetricsServiceRequest, dice: &mut Dice) {
    let resource = dice.below(request.resource_metrics.len());
    let Some(resource) = request.resource_metrics.get_mut(resource) else { return };
    let group = dice.below(resource.scope_metrics.len());
    let Some(group) = resource.scope_metrics.get_mut(group) else { return };
    let metric = dice.below(group.metrics.len());
    let Some(metric) = group.metrics.get_mut(metric) else { return };
    match dice.below(8) {
        0 => metric.name = dice.text(),
        1 => metric.unit = dice.text(),
        2 => metric.data = None,
        _ => {}
    }
    match &mut metric.data {
        Some(Data::Sum(sum)) => {
            sum.aggregation_temporality = [i32::MIN, 0, 1, 2][dice.below(4)];
            for point in &mut sum.data_points {
                (point.start_time_unix_nano, point.time_unix_nano) = (dice.time(), dice.time());
                point.value =
                    [None, Some(Number::AsInt(i64::MIN)), Some(Number::AsDouble(f64::NAN))][dice.below(3)];
                dice.list(&mut point.attributes);
            }
        }
        Some(Data::Histogram(histogram)) => {
            for point in &mut histogram.data_points {
                point.count = dice.next();
                point.bucket_counts.push(u64::MAX);
                point.explicit_bounds.push(f64::NAN);
                for exemplar in &mut point.exemplars {
                    (exemplar.trace_id, exemplar.span_id) = (dice.id(16), dice.id(8));
                }
                dice.list(&mut point.attributes);
            }
        }
        Some(Data::Gauge(gauge)) => {
            gauge.data_points.iter_mut().for_each(|point| dice.list(&mut point.attributes))
        }
        _ => {}
    }
}

/// The messages of a file, each after its length.
fn messages<M: Message + Default>(path: &Path) -> Vec<M> {
    let bytes = std::fs::read(path).unwrap();
    let mut rest = bytes.as_slice();
    let mut all = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let (message, after) = after.split_at(u32::from_be_bytes(*length) as usize);
        all.push(M::decode(message).unwrap());
        rest = after;
    }
    all
}

fn requests(language: &str) -> Vec<Request> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded").join(language);
    let traces = messages(&folder.join("traces.binpb")).into_iter().map(Request::Traces);
    let logs = messages(&folder.join("logs.binpb")).into_iter().map(Request::Logs);
    let metrics = messages(&folder.join("metrics.binpb")).into_iter().map(Request::Metrics);
    traces.chain(logs).chain(metrics).collect()
}

/// The memory that the program has, in KiB; none where the system doesn't say.
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

/// What was received, as text.
struct Received(String);

impl Takes for Received {
    fn traces(&mut self, came: &[ResourceSpans]) {
        self.0.push_str(&format!("{came:?}"));
    }

    fn logs(&mut self, came: &[ResourceLogs]) {
        self.0.push_str(&format!("{came:?}"));
    }

    fn metrics(&mut self, came: &[ResourceMetrics]) {
        self.0.push_str(&format!("{came:?}"));
    }

    fn log_lines(&mut self, _: LineForm, came: Vec<ResourceLogs>) {
        self.logs(&came);
    }

    fn scrape(&mut self, came: &Scrape) {
        self.0.push_str(&format!("{came:?}"));
    }

    fn news(&self) -> u64 {
        0
    }
}

/// The recording of a request is read as the request, unless it says that it isn't kept.
fn is_recorded(framed: &[u8]) {
    let source = Source::File("changed".into());
    let read = |bytes: &[u8], recording: Option<&mut Vec<u8>>| {
        let run = Run::new(Received(String::new()), Box::new(|| false));
        let mut run = run.recorded(recording.map(Recorder::new));
        file::read(bytes, &source, &mut run);
        let (received, unread) = run.end().unwrap();
        (received.0, unread.refusals)
    };
    let mut recording = Vec::new();
    let (came, refusals) = read(framed, Some(&mut recording));
    let (again, refused) = read(&recording, None);
    let is_left_out = refusals.iter().any(|refusal| refusal.wrong == Wrong::NotRecorded);
    assert!(is_left_out || came == again, "{came}\n{again}");
    assert_eq!(refusals, refused);
}

#[test]
fn changed_requests_are_judged_in_bounded_memory() {
    let seconds = std::env::var("SLO_FUZZ_SECONDS").ok().map(|seconds| seconds.parse().unwrap());
    let compilations: Vec<_> = LANGUAGES
        .iter()
        .map(|language| {
            let root =
                Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/verify").join(language).join("slo");
            slo_compiler::compile(&slo_compiler::load::load(&root).unwrap())
        })
        .collect();
    let arena = Arena::default();
    let plans: Vec<Plan<'_>> = compilations
        .iter()
        .map(|compilation| Plan::with_external(&arena, compilation.checked.as_ref().unwrap()))
        .collect();
    let right: Vec<Request> = LANGUAGES.iter().flat_map(|language| requests(language)).collect();
    let mut run = Run::new(Verifier::new(&plans, Settings::default()), Box::new(|| false));
    let source = Source::File("changed".into());
    let seed = std::env::var("SLO_FUZZ_SEED").map_or(1, |seed| seed.parse().unwrap());
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seed | 1));
    let begun = Instant::now();
    let is_over = |count: u64| match seconds {
        Some(seconds) => begun.elapsed() >= Duration::from_secs(seconds),
        None => count >= REQUESTS,
    };
    let (mut count, mut early, mut late) = (0_u64, 0, 0);
    while !is_over(count) {
        let mut request = right[dice.below(right.len())].clone();
        (0..=dice.below(6)).for_each(|_| request.change(&mut dice));
        let mut bytes = request.bytes();
        if dice.below(4) == 0 {
            for _ in 0..=dice.below(8) {
                let at = dice.below(bytes.len());
                match dice.below(3) {
                    0 => bytes.truncate(at),
                    _ => bytes
                        .iter_mut()
                        .skip(at)
                        .take(1)
                        .for_each(|byte| *byte = dice.next().to_le_bytes()[0]),
                }
            }
        }
        let framed = [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], &bytes].concat();
        file::read(framed.as_slice(), &source, &mut run);
        if count.is_multiple_of(16) {
            is_recorded(&framed);
        }
        count += 1;
        if count.is_multiple_of(50)
            && let Some(memory) = memory()
        {
            // What is bounded has filled up in the first third.
            let share = match seconds {
                Some(seconds) => begun.elapsed().as_secs_f64() / seconds as f64,
                None => count as f64 / REQUESTS as f64,
            };
            let most = if share < 0.4 { &mut early } else { &mut late };
            *most = (*most).max(memory);
        }
    }
    let report = run.finish().unwrap();
    println!(
        "{count} requests, {} causes, up to {early} KiB at first and {late} KiB later",
        report.causes.len()
    );
    assert!(late <= early + GROWTH && late < MOST, "memory grew from {early} KiB to {late} KiB");
    assert!(!report.causes.is_empty());
}
