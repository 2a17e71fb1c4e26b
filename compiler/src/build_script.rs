//! What a `build.rs` calls, in one line:
//!
//! ```rust,no_run
//! fn main() { slo_compiler::build_script::contracts("slo") }
//! ```
//!
//! It compiles the contract root, checks the crate's own structs against each other, and leaves two things in
//! `OUT_DIR`: the contract, which the derive reads, and the generated Rust, which `slo::include_contracts!()` takes in.
//! Cargo is told to run it again when a file of the contract changes, goes or comes.
#![allow(clippy::disallowed_methods, reason = "a build script reads and writes files")]
#![allow(clippy::print_stdout, reason = "a build script speaks to Cargo on standard output")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::derive::{CONTRACTS_FILE, Contracts, HASH_FILE, crates};
use crate::diagnostic::{Diagnostic, Severity, render};
use crate::source::SourceMap;
use crate::{Compilation, emit, load};

/// The file in `OUT_DIR` that holds the generated Rust.
pub const RUST_FILE: &str = "slo_contracts.rs";

/// Compiles the contract root at `root`, a path from the crate's folder. Where there is an error, it is shown, and the
/// process ends with a failure, as a build script does.
pub fn contracts(root: impl AsRef<Path>) {
    if let Err(why) = run(root.as_ref()) {
        println!("cargo::error={why}");
        exit();
    }
}

/// Ends a build script that has said what is wrong.
fn exit() {
    // `cargo::error` fails the build whatever the exit code; the code is for those who run the script by hand.
    let _ = ExitCode::FAILURE;
    std::process::exit(1);
}

fn run(root: &Path) -> Result<(), String> {
    let variable = |name: &str| {
        std::env::var_os(name).map(PathBuf::from).ok_or(format!("`{name}` is not set: is this a build script?"))
    };
    let (crate_dir, out_dir) = (variable("CARGO_MANIFEST_DIR")?, variable("OUT_DIR")?);
    let root = crate_dir.join(root);
    println!("cargo::rerun-if-changed={}", root.display());
    println!("cargo::rerun-if-changed={}", crate_dir.join("src").display());
    let compilation = crates::compile_with(&root, &[crate_dir.clone()]).map_err(|error| error.to_string())?;
    for path in load::watched(&root, compilation.manifest.as_ref()) {
        println!("cargo::rerun-if-changed={}", path.display());
    }
    report(&compilation);
    let (Some(checked), 0) = (&compilation.checked, compilation.count(Severity::Error)) else {
        exit();
        return Ok(());
    };
    let root = std::path::absolute(&root).unwrap_or(root);
    let contracts = Contracts { root, contract: checked.contract().clone(), watched: Vec::new() };
    let json = serde_json::to_string(&contracts).map_err(|error| error.to_string())?;
    let write = |name: &str, text: &str| {
        let path = out_dir.join(name);
        fs::write(&path, text).map_err(|error| format!("`{}` can't be written: {error}", path.display()))
    };
    write(CONTRACTS_FILE, &json)?;
    write(RUST_FILE, &emit::rust::emit_for_include(checked))?;
    write(HASH_FILE, &crate::text::hash(&json))
}

/// Shows errors and warnings in Cargo's way: a line each, and the place first.
fn report(compilation: &Compilation) {
    for diagnostic in &compilation.diagnostics {
        let directive = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => continue,
        };
        for line in lines(diagnostic, &compilation.sources) {
            println!("cargo::{directive}={line}");
        }
    }
}

fn lines(diagnostic: &Diagnostic, sources: &SourceMap) -> Vec<String> {
    let text = render::rustc(std::slice::from_ref(diagnostic), sources);
    text.lines().map(str::trim_end).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}
