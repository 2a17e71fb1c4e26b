//! What `#[derive(SloAttributes)]` costs beside `serde::Serialize`: 400 structs of ten fields of mixed types, each held
//! to a resource of its own in one contract, which the build script compiles. Measured are `cargo check` and
//! `cargo build` of that crate alone, non-incremental, default profile, net of the same structs without a derive.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

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

fn contract() -> String {
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

fn source(kind: Kind) -> String {
    let mut text = String::from("#![allow(dead_code)]\n");
    for number in 0..STRUCTS {
        match kind {
            Kind::Plain => {}
            Kind::Serde => text.push_str("#[derive(serde::Serialize)]\n"),
            Kind::Slo => {
                writeln!(text, "#[derive(slo::SloAttributes)]\n#[slo(resource = \"bench.Service{number}\")]")
                    .unwrap();
            }
        }
        writeln!(text, "pub struct Service{number} {{").unwrap();
        for (index, (key, _, rust, _)) in FIELDS.iter().enumerate() {
            if kind == Kind::Slo {
                writeln!(text, "    #[slo(\"{key}\")]").unwrap();
            }
            writeln!(text, "    pub field{index}: {rust},").unwrap();
        }
        text.push_str("}\n");
    }
    text
}

/// All three crates have the same dependencies, so that one target folder serves them.
fn write_crate(folder: &Path, kind: Kind, repository: &Path) {
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
    fs::write(folder.join("src/lib.rs"), source(kind)).unwrap();
    if kind == Kind::Slo {
        fs::write(folder.join("build.rs"), "fn main() { slo_compiler::build_script::contracts(\"slo\") }\n")
            .unwrap();
        fs::create_dir_all(folder.join("slo")).unwrap();
        let manifest = "name = \"bench\"\nversion = \"0.0.0\"\nslo = \"0.1\"\n[vocabularies]\n\"std.otel\" = \"1.44.0\"\n";
        fs::write(folder.join("slo/slo.toml"), manifest).unwrap();
        fs::write(folder.join("slo/bench.slo"), contract()).unwrap();
    }
}

/// Runs Cargo on a crate, with this program in rustc's place, which notes what rustc took.
fn cargo(folder: &Path, target: &Path, command: &str) -> Cost {
    let note = target.with_extension("note");
    let _ = fs::remove_file(&note);
    let output = Command::new("cargo")
        .args([command, "--quiet", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_INCREMENTAL", "0")
        .env("RUSTC_WORKSPACE_WRAPPER", std::env::current_exe().unwrap())
        .env(NOTE, &note)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let notes = fs::read_to_string(&note).unwrap_or_default();
    let mut cost = Cost::default();
    for line in notes.lines() {
        let (wall, cpu) = line.split_once(' ').unwrap();
        cost = Cost {
            wall: cost.wall + wall.parse::<f64>().unwrap(),
            cpu: cost.cpu + cpu.parse::<f64>().unwrap(),
        };
    }
    cost
}

const NOTE: &str = "SLO_DERIVE_COST_NOTE";

/// What rustc took for one crate, in seconds.
#[derive(Clone, Copy, Default)]
struct Cost {
    wall: f64,
    cpu: f64,
}

/// In rustc's place: runs it, and notes what it took where it compiles one of the measured libraries.
fn wrapper(note: &str) -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let measured = arguments.iter().any(|argument| argument.to_string_lossy().ends_with("src/lib.rs"));
    let start = Instant::now();
    let status = Command::new(&arguments[0]).args(&arguments[1..]).status().unwrap();
    let wall = start.elapsed().as_secs_f64();
    if measured {
        fs::write(note, format!("{wall} {}\n", children_cpu())).unwrap();
    }
    ExitCode::from(u8::try_from(status.code().unwrap_or(1)).unwrap_or(1))
}

/// The processor time of the finished children of this process, in seconds (proc(5): `cutime` and `cstime`, in
/// hundredths); 0 where there is no such file.
fn children_cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks =
        |index: usize| fields.get(index).and_then(|field| field.parse::<f64>().ok()).unwrap_or_default();
    (ticks(13) + ticks(14)) / 100.0
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() -> ExitCode {
    if let Ok(note) = std::env::var(NOTE) {
        return wrapper(&note);
    }
    let rounds = std::env::args().nth(1).map_or(ROUNDS, |rounds| rounds.parse().expect("a number of rounds"));
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned();
    let work = std::env::temp_dir().join(format!("slo-derive-cost-{}", std::process::id()));
    let target = work.join("target");
    for kind in Kind::ALL {
        write_crate(&work.join(kind.name()), kind, &repository);
    }
    println!(
        "{STRUCTS} structs of {} fields, median of {rounds} rounds, seconds of rustc for that crate alone\n",
        FIELDS.len()
    );
    println!("| command | time | plain | serde, net | slo, net | slo / serde |");
    println!("|---|---|---|---|---|---|");
    for command in ["check", "build"] {
        let mut costs: [Vec<Cost>; 3] = Default::default();
        for kind in Kind::ALL {
            // The dependencies and the build script are built first.
            cargo(&work.join(kind.name()), &target, command);
        }
        for _ in 0..rounds {
            for (index, kind) in Kind::ALL.into_iter().enumerate() {
                fs::write(work.join(kind.name()).join("src/lib.rs"), source(kind)).unwrap();
                costs[index].push(cargo(&work.join(kind.name()), &target, command));
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
        "\nthe build script, its contract of {STRUCTS} resources included: {:.2} s",
        build_script(&work, &target)
    );
    fs::remove_dir_all(&work).unwrap();
    ExitCode::SUCCESS
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
