//! What a `build.rs` calls, in one line:
//!
//! ```rust,no_run
//! slo_compiler::build_script::contracts("slo")
//! ```
//!
//! It compiles the contract root, checks the crate's own structs against each other, and leaves two things in
//! `OUT_DIR`: the contract's texts, which the derive compiles, and the generated Rust, which `slo::include_contracts!()` takes in.
//! Cargo is told to run it again when a file of the contract changes, goes or comes.
#![allow(clippy::disallowed_methods, reason = "a build script reads and writes files")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a build script speaks to Cargo and to people")]

use std::path::{Path, PathBuf};

use crate::derive::crates::{self, Findings};
use crate::derive::{BUNDLE_FILE, bundle};
use crate::diagnostic::{Severity, render};
use crate::pinned::{LOCK_NAME, MANIFEST_NAME};
use crate::plan::{Arena, Plan};
use crate::save::{self, Over};
use crate::target::{self, File};
use crate::{Compilation, load};

/// The file in `OUT_DIR` that holds the generated Rust.
pub const RUST_FILE: &str = "slo_contracts.rs";

/// Compiles the contract root at `root`, a path from the crate's folder. Where there is an error, it is shown, and the
/// process ends with a failure, as a build script does.
pub fn contracts(root: impl AsRef<Path>) {
    if let Err(Failure(why)) = run(root.as_ref()) {
        for line in why.lines() {
            println!("cargo::error={line}");
        }
        // `cargo::error` fails the build by itself; the code is for those who run the script by hand.
        std::process::exit(1);
    }
}

/// Why there is no contract to use; empty where the findings say it.
struct Failure(String);

impl<E: std::fmt::Display> From<E> for Failure {
    fn from(error: E) -> Failure {
        Failure(error.to_string())
    }
}

fn run(root: &Path) -> Result<(), Failure> {
    let variable = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .ok_or(format!("`{name}` is not set: is this a build script?"))
    };
    let (crate_dir, out_dir) = (variable("CARGO_MANIFEST_DIR")?, variable("OUT_DIR")?);
    let root = crate_dir.join(root);
    // Cargo watches a folder with all that is in it, and runs the script again when a file comes, too.
    println!("cargo::rerun-if-changed={}", root.display());
    println!("cargo::rerun-if-changed={}", crate_dir.join("src").display());
    let home = load::Home::of(&root);
    if home.is_workspace {
        // A file that isn't there would have the script run each time.
        let files = [MANIFEST_NAME, LOCK_NAME].map(|name| home.folder.join(name));
        for file in files.iter().filter(|file| file.is_file()) {
            println!("cargo::rerun-if-changed={}", file.display());
        }
    }
    let mut input = load::load(&root)?;
    let lists = bundle::noted(&mut input);
    for vocabulary in input.roots.iter().skip(1) {
        println!("cargo::rerun-if-changed={}", vocabulary.folder.display());
    }
    let mut compilation = crates::compile_with(&root, &input, Findings::AcrossStructs, &[crate_dir]);
    compilation.leave_houses_out();
    compilation.hold_to_rust();
    report(&compilation);
    let (Some(checked), 0) = (&compilation.checked, compilation.count(Severity::Error)) else {
        return Err(Failure(String::new()));
    };
    let file = |path: &str, text: String| File { path: path.to_owned(), text };
    let files = [
        file(BUNDLE_FILE, bundle::checked(&bundle::write(&input, &bundle::listed(&lists)))),
        file(RUST_FILE, target::rust::print_for_include(&Plan::of(&Arena::default(), checked))),
    ];
    // What stands in `OUT_DIR` is this script's own.
    save::save(&out_dir, &files.each_ref(), &[], Over::Anything)?;
    Ok(())
}

/// Shows errors and warnings in Cargo's way, a line each with the place first. The lines of the contract go to standard
/// error, which Cargo shows where the build fails.
fn report(compilation: &Compilation) {
    for diagnostic in &compilation.diagnostics {
        let directive = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => continue,
        };
        let one = std::slice::from_ref(diagnostic);
        let short = render::short(one, &compilation.sources);
        let first = short.lines().next().unwrap_or_default();
        let help = diagnostic.help.iter().map(|help| format!("; {}", help.replace('\n', " ")));
        println!("cargo::{directive}={first}{}", help.collect::<String>());
        eprintln!("{}", render::rustc(one, &compilation.sources));
    }
}
