//! What cold builds cost: the program; a program that uses only the runtime; one with the derive; one with each exit, beside
//! the same program with the same `opentelemetry` crates and without slo.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

const OPENTELEMETRY: &str = "opentelemetry = { version = \"0.33.1\", default-features = false }\nopentelemetry_sdk = { version = \"0.33.1\", default-features = false }\nopentelemetry-proto = { version = \"0.33.1\", default-features = false, features = [\"gen-tonic-messages\"] }\n";

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
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{OPENTELEMETRY}{dependencies}{build_dependencies}\n[workspace]\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::copy(repository.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let mut source = String::from(
        "fn main() {\n    println!(\"{:?}\", opentelemetry_sdk::Resource::builder_empty().build());\n}\n",
    );
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

fn cold(folder: &Path, arguments: &[&str], target: &Path) -> f64 {
    let _ = fs::remove_dir_all(target);
    let start = Instant::now();
    let output = Command::new("cargo")
        .args(["build", "--quiet"])
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let took = start.elapsed().as_secs_f64();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    took
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

fn main() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned();
    let work = std::env::temp_dir().join(format!("slo-build-cost-{}", std::process::id()));
    let target = work.join("target");
    let runtime = repository.join("runtime").display().to_string();
    let slo = |features: &str| {
        format!("slo = {{ path = \"{runtime}\", default-features = false, features = [{features}] }}\n")
    };
    let crates = [
        ("without slo", "cost-none", String::new(), false),
        ("the runtime alone", "cost-runtime", slo("\"sdk\", \"otlp\""), false),
        ("with the derive", "cost-derive", slo("\"sdk\", \"otlp\", \"derive\""), false),
        ("with the derive and the build script", "cost-script", slo("\"sdk\", \"otlp\", \"derive\""), true),
        ("whose facts go out", "cost-emit", slo("\"emit\""), false),
        ("by JSON lines", "cost-json-lines", slo("\"json-lines\""), false),
        ("by OTLP over HTTP", "cost-otlp-http", slo("\"otlp-http\""), false),
        ("by OTLP over HTTP, with TLS", "cost-otlp-http-tls", slo("\"otlp-http\", \"tls\""), false),
        ("by OTLP over gRPC", "cost-otlp-grpc", slo("\"otlp-grpc\""), false),
        ("by an endpoint for Prometheus", "cost-prometheus", slo("\"prometheus\""), false),
        (
            "by all of them, with TLS and gzip",
            "cost-all",
            slo("\"json-lines\", \"otlp-http\", \"otlp-grpc\", \"prometheus\", \"tls\", \"gzip\""),
            false,
        ),
    ];
    println!("| cold `cargo build` of | packages | seconds |");
    println!("|---|---|---|");
    for (title, name, dependencies, build) in crates {
        let folder = work.join(name);
        write_crate(&folder, name, &dependencies, build, &repository);
        let took = cold(&folder, &[], &target);
        println!("| a program {title} | {} | {took:.1} |", packages(&folder));
    }
    let took = cold(&repository, &["-p", "slo-cli"], &target);
    println!("| the program `slo` | | {took:.1} |");
    fs::remove_dir_all(&work).unwrap();
}
