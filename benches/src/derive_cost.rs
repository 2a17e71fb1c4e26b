//! What `#[derive(SloAttributes)]` costs beside `serde::Serialize`: 400 structs of ten fields of mixed types, each held
//! to a resource of its own in one contract, which the build script compiles; and the same of structs that are held to events.
//! Measured are `cargo check` and `cargo build` of that crate alone, non-incremental, default profile, net of the same
//! structs without a derive.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use slo_benches::rustc::{Cost, cargo, in_rustcs_place, median};

const STRUCTS: usize = 400;
const ROUNDS: usize = 5;

/// Key, type in the contract, type in Rust, option in the contract: ten of mixed types.
const FIELDS: [(&str, &str, &str, &str); 10] = [
    ("service.name", "", "String", "required, matches=\"{team}-{product}-{env}\""),
    ("service.version", "", "Option<String>", "env=SERVICE_VERSION, default=\"0.0.0\""),
    ("service.instance.id", "", "String", "optional"),
    ("app.replicas", "int, range=0..=1_000", "u16", "required"),
    ("app.ratio", "double, range=0.0..=1.0", "f64", "optional"),
    ("app.debug", "bool", "bool", "optional"),
    ("app.tier", "enum { frontend, backend, batch }", "String", "required"),
    ("app.zones", "string[]", "Vec<String>", "optional"),
    ("app.shards", "int", "i64", "env=[APP_SHARDS, SHARDS], default=1"),
    ("deployment.environment.name", "", "String", "required, only=[\"production\", \"staging\"]"),
];

/// The same of an event, whose elapsed time no struct gives: name, type in the contract, type in Rust.
const EVENT_FIELDS: [(&str, &str, &str); 10] = [
    ("outcome", "Outcome", "Outcome"),
    ("method", "bench.method", "String"),
    ("amount", "bench.amount", "u32"),
    ("attempt", "int, range=1..=9", "u8"),
    ("ratio", "double, range=0.0..=1.0", "f64"),
    ("express", "bool", "bool"),
    ("coupon", "string?, max=8", "Option<String>"),
    ("route", "bench.route, bounded=200, other=\"_OTHER\"", "slo::Text"),
    ("weight", "double?", "f64"),
    ("region", "string, unset=\"none\"", "Option<String>"),
];

/// The attributes of the events, their scope, and the meaning that they share.
const EVENT_DECLARATIONS: &str = "package bench

attribute bench.method: enum { card, wallet, transfer }
attribute bench.amount: int, range=0..=100_000
attribute bench.route: string

scope Scope {
    otel.scope.version: static=\"1.0.0\"
}

meaning Outcome {
    Succeeded \"it was done\" { all { outcome = \"succeeded\" }, log info }
    Refused(code: int, range=400..=499) \"it was not\" { all { outcome = \"refused\", code = code }, log warn, span error }
}
";

/// The meaning's type, as short as can be: how much the generated code costs is not asked here.
const OUTCOME: &str = r#"
pub enum Outcome { Succeeded, Refused { code: i64 } }
const NONE: slo::__private::v8::tables::Shown<'static> = slo::__private::v8::tables::Shown::None;
const SUCCEEDED: slo::__private::v8::tables::Variant<'static> = slo::__private::v8::tables::Variant {
    name: "Succeeded", payload: &[], metric: NONE, log: NONE, span: NONE, severity: None, status: None,
};
const CODE: slo::__private::v8::tables::Slot<'static> = slo::__private::v8::tables::Slot {
    key: slo::__private::v8::Key::new("code", slo::value::ValueType::Int, ""), only: None, bounded: None, other: None,
};
impl slo::decode::Projection for Outcome {
    type Of = Self;
    const TABLE: &'static slo::__private::v8::tables::Meaning<'static> = &slo::__private::v8::tables::Meaning {
        name: "bench.Outcome",
        variants: &[SUCCEEDED, slo::__private::v8::tables::Variant { name: "Refused", payload: &[CODE], ..SUCCEEDED }],
        lossy: &[],
        until: None,
    };
}
impl slo::Meaning for Outcome {
    fn values<'a>(&'a self, at: usize, values: &mut slo::__private::v8::Values<'_, 'a>) {
        match self {
            Self::Succeeded => values.put(at, slo::__private::v8::FieldValue::Variant(0)),
            Self::Refused { code } => {
                values.put(at, slo::__private::v8::FieldValue::Variant(1));
                values.value(at + 1, code);
            }
        }
    }
    fn visit<'a, V: slo::__private::v8::Variants<'a>>(&'a self, _: &mut V) {}
    fn from_parts(_: u16, _: &[Option<slo::value::Value<'static>>]) -> Option<Self> {
        None
    }
}
"#;

/// What structs are held to.
#[derive(Clone, Copy)]
enum Subject {
    Resources,
    Events,
}

impl Subject {
    fn name(self) -> &'static str {
        match self {
            Subject::Resources => "resources",
            Subject::Events => "events",
        }
    }

    fn contract(self) -> String {
        match self {
            Subject::Resources => resources(),
            Subject::Events => events(),
        }
    }

    fn source(self, kind: Kind) -> String {
        match self {
            Subject::Resources => source_of_resources(kind),
            Subject::Events => source_of_events(kind),
        }
    }
}

fn resources() -> String {
    let mut text = String::from("package bench\n\nuse std.otel\n\n");
    for (key, declared, ..) in FIELDS.iter().filter(|(_, declared, ..)| !declared.is_empty()) {
        writeln!(text, "attribute {key}: {declared}").unwrap();
    }
    for number in 0..STRUCTS {
        writeln!(text, "\nresource Service{number} {{").unwrap();
        for (key, _, _, option) in FIELDS {
            writeln!(text, "    {key}: {option}").unwrap();
        }
        text.push_str("}\n");
    }
    text
}

fn events() -> String {
    let mut text = String::from(EVENT_DECLARATIONS);
    for number in 0..STRUCTS {
        writeln!(text, "\nevent Event{number} in Scope {{").unwrap();
        for (name, declared, _) in EVENT_FIELDS {
            writeln!(text, "    {name}: {declared}").unwrap();
        }
        writeln!(
            text,
            "    elapsed: duration(s)\n
    metric bench.event{number}.duration: histogram, unit=\"s\", value=elapsed, buckets=[0.005, 0.05, 0.5, 5], points=10_000 {{ outcome, method, express }}
    log bench.event{number}: body=\"{{amount}} by {{method}}\"
    span \"POST {{route}}\": server
}}"
        )
        .unwrap();
    }
    text
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Plain,
    Serde,
    Slo,
}

impl Kind {
    const ALL: [Kind; 3] = [Kind::Plain, Kind::Serde, Kind::Slo];

    fn name(self) -> &'static str {
        match self {
            Kind::Plain => "plain",
            Kind::Serde => "serde",
            Kind::Slo => "slo",
        }
    }
}

fn source_of_resources(kind: Kind) -> String {
    let mut text = String::from("#![allow(dead_code)]\n");
    for number in 0..STRUCTS {
        let fields = FIELDS.iter().map(|(key, _, rust, _)| (*key, *rust));
        structure(&mut text, kind, &format!("Service{number}"), "resource", fields);
    }
    text
}

fn source_of_events(kind: Kind) -> String {
    let mut text = String::from("#![allow(dead_code)]\n");
    if kind == Kind::Serde {
        text.push_str("#[derive(serde::Serialize)]");
    }
    text.push_str(OUTCOME);
    for number in 0..STRUCTS {
        // Serde has no `Text`.
        let of = |rust: &'static str| match (rust, kind) {
            ("slo::Text", Kind::Serde) => "std::borrow::Cow<'static, str>",
            (rust, _) => rust,
        };
        let fields = EVENT_FIELDS.iter().map(|(name, _, rust)| (*name, of(rust)));
        structure(&mut text, kind, &format!("Event{number}"), "event", fields);
    }
    text
}

fn structure<'f>(
    text: &mut String,
    kind: Kind,
    name: &str,
    of: &str,
    fields: impl Iterator<Item = (&'f str, &'f str)>,
) {
    match kind {
        Kind::Plain => {}
        Kind::Serde => text.push_str("#[derive(serde::Serialize)]\n"),
        Kind::Slo => {
            writeln!(text, "#[derive(slo::SloAttributes)]\n#[slo({of} = \"bench.{name}\")]").unwrap();
        }
    }
    writeln!(text, "pub struct {name} {{").unwrap();
    for (index, (tag, rust)) in fields.enumerate() {
        if kind == Kind::Slo {
            writeln!(text, "    #[slo(\"{tag}\")]").unwrap();
        }
        writeln!(text, "    pub field{index}: {rust},").unwrap();
    }
    text.push_str("}\n");
}

/// All three crates have the same dependencies, so that one target folder serves them.
fn write_crate(folder: &Path, subject: Subject, kind: Kind, repository: &Path) {
    fs::create_dir_all(folder.join("src")).unwrap();
    let path = |name: &str| repository.join(name).display().to_string();
    let build = if kind == Kind::Slo {
        format!(
            "\n[build-dependencies]\nslo-compiler = {{ path = \"{}\", default-features = false, features = [\"rust\"] }}\n",
            path("compiler")
        )
    } else {
        String::new()
    };
    let manifest = format!(
        "[package]\nname = \"cost-{}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\nserde = {{ version = \"1\", features = [\"derive\"] }}\nslo = {{ path = \"{}\" }}\n{build}\n[workspace]\n",
        kind.name(),
        path("runtime")
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::copy(repository.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    fs::write(folder.join("src/lib.rs"), subject.source(kind)).unwrap();
    if kind == Kind::Slo {
        fs::write(folder.join("build.rs"), "fn main() { slo_compiler::build_script::contracts(\"slo\") }\n")
            .unwrap();
        fs::create_dir_all(folder.join("slo")).unwrap();
        let manifest = "name = \"bench\"\nversion = \"0.0.0\"\nslo = \"0.1\"\n[vocabularies]\n\"std.otel\" = \"1.44.0\"\n";
        fs::write(folder.join("slo/slo.toml"), manifest).unwrap();
        fs::write(folder.join("slo/bench.slo"), subject.contract()).unwrap();
    }
}

fn main() -> ExitCode {
    if let Some(done) = in_rustcs_place() {
        return done;
    }
    let rounds = std::env::args().nth(1).map_or(ROUNDS, |rounds| rounds.parse().expect("a number of rounds"));
    println!("median of {rounds} rounds, seconds of rustc for that crate alone");
    let only = std::env::args().nth(2);
    for subject in [Subject::Resources, Subject::Events] {
        if only.as_ref().is_none_or(|only| only == subject.name()) {
            table(subject, rounds);
        }
    }
    ExitCode::SUCCESS
}

fn table(subject: Subject, rounds: usize) {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned();
    let work = std::env::temp_dir().join(format!("slo-derive-cost-{}", std::process::id()));
    let target = work.join("target");
    for kind in Kind::ALL {
        write_crate(&work.join(kind.name()), subject, kind, &repository);
    }
    println!(
        "\n{STRUCTS} structs of {} fields that are held to {}\n",
        FIELDS.len().max(EVENT_FIELDS.len()),
        subject.name()
    );
    println!("| command | time | plain | serde, net | slo, net | slo / serde |");
    println!("|---|---|---|---|---|---|");
    for command in ["check", "build"] {
        let mut costs: [Vec<Cost>; 3] = Default::default();
        for kind in Kind::ALL {
            // The dependencies and the build script are built first.
            cargo(&work.join(kind.name()), &target, &[command]);
        }
        for _ in 0..rounds {
            for (index, kind) in Kind::ALL.into_iter().enumerate() {
                fs::write(work.join(kind.name()).join("src/lib.rs"), subject.source(kind)).unwrap();
                costs[index].push(cargo(&work.join(kind.name()), &target, &[command]));
            }
        }
        for (name, time) in [("wall", (|cost| cost.wall) as fn(&Cost) -> f64), ("processor", |cost| cost.cpu)]
        {
            let [plain, serde, slo] =
                [0, 1, 2].map(|index: usize| median(costs[index].iter().map(time).collect()));
            println!(
                "| `cargo {command}` | {name} | {plain:.2} | {:.2} | {:.2} | {:.2} |",
                serde - plain,
                slo - plain,
                (slo - plain) / (serde - plain)
            );
        }
    }
    println!(
        "\nthe build script, its contract of {STRUCTS} {} included: {:.2} s",
        subject.name(),
        build_script(&work, &target)
    );
    if std::env::var_os("SLO_DERIVE_COST_KEEP").is_none() {
        fs::remove_dir_all(&work).unwrap();
    }
}

/// Runs the build script by itself, as Cargo does; the median of three.
fn build_script(work: &Path, target: &Path) -> f64 {
    let script = find(&target.join("debug/build"), "build-script-build").expect("the build script was built");
    let out = work.join("out");
    fs::create_dir_all(&out).unwrap();
    let run = || {
        let start = Instant::now();
        let status = Command::new(&script)
            .current_dir(work.join("slo"))
            .env("CARGO_MANIFEST_DIR", work.join("slo"))
            .env("OUT_DIR", &out)
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success());
        start.elapsed().as_secs_f64()
    };
    median((0..3).map(|_| run()).collect())
}

fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    let named =
        |path: &Path| path.file_name().is_some_and(|file| file.to_string_lossy().starts_with("cost-slo-"));
    let mut paths = fs::read_dir(folder).ok()?.filter_map(Result::ok).map(|entry| entry.path());
    paths.find(|path| named(path) && path.join(name).is_file()).map(|path| path.join(name))
}
