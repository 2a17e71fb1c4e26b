//! What cold builds cost: the program; a program that uses only the runtime; one with the derive; one with each exporter, beside
//! the same program with the same `opentelemetry` crates and without slo. With paths of repositories of slo: what the derive
//! and the build script of each add.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use slo_benches::rustc::{Cost, children_cpu};

const OPENTELEMETRY: &str = "opentelemetry = { version = \"0.33.1\", default-features = false }\nopentelemetry_sdk = { version = \"0.33.1\", default-features = false }\nopentelemetry-proto = { version = \"0.33.1\", default-features = false, features = [\"gen-tonic-messages\"] }\n";

const PRINTS: &str =
    "fn main() {\n    println!(\"{:?}\", opentelemetry_sdk::Resource::builder_empty().build());\n}\n";

fn write_crate(folder: &Path, name: &str, dependencies: &str, build: bool, repository: &Path) {
    fs::create_dir_all(folder.join("src")).unwrap();
    let compiler = repository.join("compiler").display().to_string();
    let build_dependencies = if build {
        format!(
            "\n[build-dependencies]\nslo-compiler = {{ path = \"{compiler}\", default-features = false, features = [\"rust\"] }}\n"
        )
    } else {
        String::new()
    };
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}{build_dependencies}\n[workspace]\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::copy(repository.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let prints = dependencies.contains("opentelemetry_sdk");
    let mut source = if prints { PRINTS } else { "fn main() {}\n" }.to_owned();
    if dependencies.contains("derive") || build {
        source.push_str("\n#[derive(slo::SloAttributes)]\npub struct Service {\n    #[slo(\"service.name\", required)]\n    pub name: String,\n}\n");
    }
    fs::write(folder.join("src/main.rs"), source).unwrap();
    if build {
        fs::write(folder.join("build.rs"), "fn main() { slo_compiler::build_script::contracts(\"slo\") }\n")
            .unwrap();
        fs::create_dir_all(folder.join("slo")).unwrap();
        fs::write(folder.join("slo/slo.toml"), "name = \"cost\"\nversion = \"0.0.0\"\nslo = \"0.1\"\n")
            .unwrap();
        fs::write(folder.join("slo/cost.slo"), "package cost\n\nscope Cost {}\n").unwrap();
    }
}

fn cold(folder: &Path, arguments: &[&str], target: &Path) -> Cost {
    let _ = fs::remove_dir_all(target);
    let (start, before) = (Instant::now(), children_cpu());
    let output = Command::new("cargo")
        .args(arguments)
        .arg("--quiet")
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_INCREMENTAL", "0")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let cost = Cost { wall: start.elapsed().as_secs_f64(), cpu: children_cpu() - before };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    cost
}

fn packages(folder: &Path) -> usize {
    let output = Command::new("cargo")
        .args(["tree", "--prefix", "none", "--edges", "normal,build", "--no-dedupe"])
        .current_dir(folder)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut names: Vec<&str> = text.lines().filter_map(|line| line.split(" (").next()).collect();
    names.sort_unstable();
    names.dedup();
    names.len()
}

/// What the derive and the build script of a repository add to a program with the runtime alone.
fn added(repository: &Path, work: &Path, target: &Path) {
    let runtime = repository.join("runtime").display().to_string();
    let slo = |features: &str| {
        format!("slo = {{ path = \"{runtime}\", default-features = false, features = [{features}] }}\n")
    };
    let [alone, derive, script] =
        [("", false), ("\"derive\"", false), ("\"derive\"", true)].map(|(more, build)| {
            let folder = work.join("cost-added");
            let _ = fs::remove_dir_all(&folder);
            write_crate(&folder, "cost-added", &slo(more), build, repository);
            let costs = ["build", "check"].map(|command| cold(&folder, &[command], target).cpu);
            (packages(&folder), costs)
        });
    for (title, (packages, costs)) in [("the derive", derive), ("both", script)] {
        let [build, check] = [0, 1].map(|at| costs[at] - alone.1[at]);
        println!("| {title}, {} | {} | {build:.1} | {check:.1} |", repository.display(), packages - alone.0);
    }
}

fn main() {
    let repositories: Vec<_> = std::env::args_os().skip(1).collect();
    if !repositories.is_empty() {
        let work = std::env::temp_dir().join(format!("slo-build-cost-{}", std::process::id()));
        println!("| adds | packages | processor seconds, `cargo build` | `cargo check` |");
        println!("|---|---|---|---|");
        for repository in repositories {
            added(&fs::canonicalize(repository).unwrap(), &work, &work.join("target"));
        }
        return fs::remove_dir_all(&work).unwrap();
    }
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned();
    let work = std::env::temp_dir().join(format!("slo-build-cost-{}", std::process::id()));
    let target = work.join("target");
    let runtime = repository.join("runtime").display().to_string();
    let export = repository.join("export").display().to_string();
    let slo_export = |features: &str| {
        format!(
            "slo = {{ path = \"{runtime}\", default-features = false, features = [\"emit\"] }}\nslo-export = {{ path = \"{export}\", features = [{features}] }}\n"
        )
    };
    let slo = |features: &str| {
        format!("slo = {{ path = \"{runtime}\", default-features = false, features = [{features}] }}\n")
    };
    let crates = [
        ("without slo", "cost-none", String::new(), false),
        ("the runtime alone", "cost-runtime", slo("\"sdk\", \"otlp\""), false),
        ("with the derive", "cost-derive", slo("\"sdk\", \"otlp\", \"derive\""), false),
        ("with the derive and the build script", "cost-script", slo("\"sdk\", \"otlp\", \"derive\""), true),
        ("that records events", "cost-emit", slo("\"emit\""), false),
        ("that exports by JSON lines", "cost-json-lines", slo_export("\"json-lines\""), false),
        ("that exports by OTLP over HTTP", "cost-otlp-http", slo_export("\"otlp-http\""), false),
        (
            "that exports by OTLP over HTTP, with TLS",
            "cost-otlp-http-tls",
            slo_export("\"otlp-http\", \"tls\""),
            false,
        ),
        ("that exports by OTLP over gRPC", "cost-otlp-grpc", slo_export("\"otlp-grpc\""), false),
        (
            "that exports by an endpoint for Prometheus",
            "cost-prometheus",
            slo_export("\"prometheus\""),
            false,
        ),
        (
            "that exports by all of them, with TLS and gzip",
            "cost-all",
            slo_export("\"json-lines\", \"otlp-http\", \"otlp-grpc\", \"prometheus\", \"tls\", \"gzip\""),
            false,
        ),
    ];
    println!("| cold `cargo build` of | packages | seconds | processor seconds |");
    println!("|---|---|---|---|");
    for (title, name, dependencies, build) in crates {
        let folder = work.join(name);
        write_crate(&folder, name, &format!("{OPENTELEMETRY}{dependencies}"), build, &repository);
        let Cost { wall, cpu } = cold(&folder, &["build"], &target);
        println!("| a program {title} | {} | {wall:.1} | {cpu:.1} |", packages(&folder));
    }
    let Cost { wall, cpu } = cold(&repository, &["build", "-p", "slo-cli"], &target);
    println!("| the program `slo` | | {wall:.1} | {cpu:.1} |");
    fs::remove_dir_all(&work).unwrap();
}
