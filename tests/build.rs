//! Compiles the contracts that the tests of the derive are held to, and generates Rust from those of the scenarios and of the
//! examples.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a build script of tests"
)]

use std::path::{Path, PathBuf};

fn main() {
    slo_compiler::build_script::contracts("contracts");
    generate("scenarios", Path::new("scenarios/slo"));
    for example in ["payments", "http-server", "kafka-consumer", "grpc-service"] {
        generate(&example.replace('-', "_"), &Path::new("../examples").join(example).join("slo"));
    }
}

/// Generates the Rust of a contract root as `NAME.rs`.
fn generate(name: &str, root: &Path) {
    println!("cargo::rerun-if-changed={}", root.display());
    let input = slo_compiler::load::load(root).expect("the root can be read");
    let compilation = slo_compiler::compile(&input);
    let checked = compilation.checked.expect("the contract is sound");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("Cargo says it")).join(format!("{name}.rs"));
    std::fs::write(out, slo_compiler::target::rust::print_for_include(&checked))
        .expect("the file can be written");
}
