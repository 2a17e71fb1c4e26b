//! What stating events costs rustc, and how much code it makes, beside the same calls of OpenTelemetry's SDK by hand: 100 events,
//! each with a meaning, two metrics, a log record and a span, which a program states once each.
//!
//! Time is the processor time of rustc for the crate alone, net of a crate that states nothing. Code is what is loaded
//! as such: what 100 events take more than 10 do, so that what is there once for all of them isn't counted.
//! With `--check` it measures events that are read from their tables, and ends with 1 where they cost more than they may: four
//! times the calls by hand in time, 1.3 times in code.
//!
//! Both are read from Linux (`/proc`, ELF): elsewhere it measures nothing, and ends with 3.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used, reason = "a measurement")]

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use slo_benches::rustc::{cargo, in_rustcs_place, median};
use slo_compiler::plan::{Arena, Plan};
use slo_compiler::save::{Over, save};
use slo_compiler::target::rust;
use slo_compiler::{Input, InputFile, Root, compile};

const EVENTS: usize = 100;
const FEW: usize = 10;
const ROUNDS: usize = 3;

/// How many times what it costs by hand an event may cost.
const MOST_TIME: f64 = 4.0;
const MOST_CODE: f64 = 1.3;

#[derive(Clone, Copy, PartialEq)]
enum Form {
    Nothing,
    ByHand,
    ByContract,
    Specialized,
}

impl Form {
    const fn name(self) -> &'static str {
        match self {
            Form::Nothing => "nothing",
            Form::ByHand => "by hand",
            Form::ByContract => "by contract",
            Form::Specialized => "by contract, specialized",
        }
    }
}

fn contract(events: usize, options: &str) -> String {
    let mut text = String::from("package bench\n\nscope Scope {\n    otel.scope.version: static=\"1\"\n}\n");
    for number in 0..events {
        write!(
            text,
            "
meaning Outcome{number} {{
    Done \"it was done\" {{ all {{ outcome = \"done\" }}, log info }}
    Refused \"it was not\" {{ all {{ outcome = \"refused\" }}, log warn, span error }}
}}

event Event{number} in Scope{options} {{
    outcome: Outcome{number}
    elapsed: duration(s)

    metric bench.event{number}.count: counter, points=10 {{ outcome }}
    metric bench.event{number}.duration: histogram, unit=\"s\", value=elapsed, buckets=[0.1, 1] {{ outcome }}
    log bench.event{number}: body=\"it is over\"
    span \"event{number}\": server {{ outcome }}
}}
"
        )
        .unwrap();
    }
    text
}

fn by_hand(events: usize) -> String {
    let mut text = String::from(
        "use opentelemetry::logs::{LogRecord, Logger, LoggerProvider, Severity};
use opentelemetry::trace::{Span, SpanKind, Status, Tracer};
use opentelemetry::{KeyValue, global};
",
    );
    for number in 0..events {
        write!(
            text,
            "
fn event{number}(refused: bool, logger: &impl Logger, elapsed: f64) {{
    let outcome = if refused {{ \"refused\" }} else {{ \"done\" }};
    let label = KeyValue::new(\"outcome\", outcome);
    let meter = global::meter(\"bench\");
    meter.u64_counter(\"bench.event{number}.count\").build().add(1, std::slice::from_ref(&label));
    let duration = meter.f64_histogram(\"bench.event{number}.duration\").with_unit(\"s\");
    duration.with_boundaries(vec![0.1, 1.0]).build().record(elapsed, std::slice::from_ref(&label));
    let mut record = logger.create_log_record();
    record.set_event_name(\"bench.event{number}\");
    record.set_body(\"it is over\".into());
    record.add_attribute(\"outcome\", outcome);
    record.add_attribute(\"elapsed\", elapsed);
    record.set_severity_number(if refused {{ Severity::Warn }} else {{ Severity::Info }});
    logger.emit(record);
    let tracer = global::tracer(\"bench\");
    let builder = tracer.span_builder(\"event{number}\").with_kind(SpanKind::Server).with_attributes([label]);
    let mut span = builder.start(&tracer);
    if refused {{
        span.set_status(Status::error(\"\"));
    }}
    span.end();
}}
"
        )
        .unwrap();
    }
    let calls: String =
        (0..events).map(|number| format!("    event{number}(true, &logger, 1.0);\n")).collect();
    format!(
        "{text}\nfn main() {{\n    let logger = opentelemetry_sdk::logs::SdkLoggerProvider::builder().build().logger(\"bench\");\n{calls}}}\n"
    )
}

fn by_contract(events: usize) -> String {
    let calls: String = (0..events)
        .map(|number| {
            format!("    Event{number} {{ outcome: Outcome{number}::Refused }}.record(std::time::Duration::from_secs(1));\n")
        })
        .collect();
    format!("mod contracts;\n\nuse contracts::bench::*;\nuse slo::Event;\n\nfn main() {{\n{calls}}}\n")
}

fn write_crate(folder: &Path, form: Form, events: usize, repository: &Path) {
    let _ = fs::remove_dir_all(folder.join("src"));
    fs::create_dir_all(folder.join("src")).unwrap();
    let manifest = format!(
        "[package]
name = \"cost\"
version = \"0.0.0\"
edition = \"2024\"

[dependencies]
opentelemetry = {{ version = \"0.33\", features = [\"logs\", \"metrics\", \"trace\"] }}
opentelemetry_sdk = {{ version = \"0.33\", features = [\"logs\", \"metrics\", \"trace\"] }}
slo = {{ path = \"{}\", default-features = false, features = [\"emit\"] }}

[profile.dev]
strip = true

[profile.release]
strip = true

[workspace]
",
        repository.join("runtime").display()
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::copy(repository.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let source = match form {
        Form::Nothing => "fn main() {}\n".to_owned(),
        Form::ByHand => by_hand(events),
        Form::ByContract | Form::Specialized => {
            let options = if form == Form::Specialized { ": specialized" } else { "" };
            generate(folder, &contract(events, options));
            by_contract(events)
        }
    };
    fs::write(folder.join("src/main.rs"), source).unwrap();
}

/// Has the compiler write the contract's modules, as `slo build` does.
fn generate(folder: &Path, contract: &str) {
    let manifest = InputFile::new("slo.toml", "name = \"bench\"\nversion = \"1.0.0\"\nslo = \"0.1\"\n");
    let root = Root::new(manifest, vec![InputFile::new("bench.slo", contract)]);
    let compilation = compile(&Input { roots: vec![root], data: None });
    let contract = compilation.checked.unwrap();
    let arena = Arena::default();
    let files = rust::print(&Plan::of(&arena, &contract));
    save(&folder.join("src/contracts"), &files.iter().collect::<Vec<_>>(), &[], Over::Anything).unwrap();
}

/// What the crate takes: seconds of rustc, in the middle of so many rounds, and the bytes of its code.
fn measured(
    folder: &Path,
    (form, events): (Form, usize),
    repository: &Path,
    release: bool,
    rounds: usize,
) -> (f64, f64) {
    write_crate(folder, form, events, repository);
    let target = folder.join("target");
    let arguments: &[&str] = if release { &["build", "--release"] } else { &["build"] };
    let times = (0..rounds).map(|_| {
        let main = folder.join("src/main.rs");
        fs::write(&main, fs::read_to_string(&main).unwrap()).unwrap();
        cargo(folder, &target, arguments).cpu
    });
    let time = median(times.collect());
    let program = target.join(if release { "release/cost" } else { "debug/cost" });
    (time, code(&fs::read(program).unwrap()) as f64)
}

/// How many bytes of a program are loaded as code (ELF of 64 bits: the executable segments).
///
/// # Panics
/// It is no such program.
fn code(program: &[u8]) -> u64 {
    let number = |at: usize, size: usize| {
        let bytes = program.get(at..at + size).unwrap_or_default();
        bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
    };
    assert!(program.starts_with(b"\x7fELF\x02\x01"), "the program is ELF of 64 bits");
    let (first, size, count) = (number(32, 8), number(54, 2), number(56, 2));
    let segments = (0..count).map(|segment| (first + segment * size) as usize);
    let executable = segments.filter(|at| number(*at, 4) == 1 && number(at + 4, 4) & 1 == 1);
    executable.map(|at| number(at + 32, 8)).sum()
}

fn main() -> ExitCode {
    if let Some(done) = in_rustcs_place() {
        return done;
    }
    if !cfg!(target_os = "linux") {
        eprintln!("not run: processor time and code are measured on Linux alone");
        return ExitCode::from(3);
    }
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned();
    let folder = std::env::temp_dir().join(format!("slo-compile-cost-{}", std::process::id()));
    let checks = std::env::args().any(|argument| argument == "--check");
    let mut dear = Vec::new();
    println!("| {EVENTS} events | seconds of rustc | by hand | bytes an event | by hand |");
    println!("|---|---|---|---|---|");
    for release in [false, true] {
        let profile = if release { "release" } else { "dev" };
        let (empty, _) = measured(&folder, (Form::Nothing, 0), &repository, release, ROUNDS);
        let mut by_hand = None;
        let forms: &[Form] = if checks {
            &[Form::ByHand, Form::ByContract]
        } else {
            &[Form::ByHand, Form::ByContract, Form::Specialized]
        };
        for form in forms.iter().copied() {
            let (time, most) = measured(&folder, (form, EVENTS), &repository, release, ROUNDS);
            let (_, least) = measured(&folder, (form, FEW), &repository, release, 1);
            let cost = (time - empty, (most - least) / (EVENTS - FEW) as f64);
            let (of_time, of_code) = *by_hand.get_or_insert(cost);
            let (times, code) = (cost.0 / of_time, cost.1 / of_code);
            println!(
                "| {}, {profile} | {:.2} | {times:.1} | {:.0} | {code:.2} |",
                form.name(),
                cost.0,
                cost.1
            );
            if form == Form::ByContract && (times > MOST_TIME || code > MOST_CODE) {
                dear.push(profile);
            }
        }
    }
    fs::remove_dir_all(&folder).unwrap();
    if checks && !dear.is_empty() {
        eprintln!(
            "an event costs more than {MOST_TIME} times the time or {MOST_CODE} times the code: {dear:?}"
        );
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
