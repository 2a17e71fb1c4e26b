//! Compiles the contracts that the tests of the derive are held to, and generates Rust from those of the scenarios and of the
//! examples, and from contracts that are made up for the interpreter to judge.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a build script of tests"
)]

#[path = "judge/generate.rs"]
mod generate;
#[path = "judge/glue.rs"]
mod glue;

use std::path::{Path, PathBuf};

use slo_compiler::plan::{Arena, Plan};

fn main() {
    slo_compiler::build_script::contracts("contracts");
    generate("scenarios", Path::new("scenarios/slo"));
    for example in ["payments", "http-server", "kafka-consumer", "grpc-service"] {
        generate(&example.replace('-', "_"), &Path::new("../examples").join(example).join("slo"));
    }
    write("judge.rs", &made_up());
}

/// How many contracts are made up.
const MADE_UP: usize = 48;

/// The code of contracts that are made up, with what states their events.
fn made_up() -> String {
    let (mut modules, mut cases) = (String::new(), String::new());
    let mut found = 0;
    for seed in 0..20 * MADE_UP as u64 {
        let text = generate::contract(seed);
        let mut compilation = generate::compiled(&text);
        compilation.hold_to_rust();
        // A draw can't see to all that is proved.
        let Some(checked) = compilation.checked else { continue };
        let name = format!("seed{seed}");
        let (module, case) = glue::module(&name, &text, &Plan::of(&Arena::default(), &checked));
        modules.push_str(&module);
        cases.push_str(&case);
        found += 1;
        if found == MADE_UP {
            return format!("{modules}\npub const CASES: &[Case] = &[\n{cases}];\n");
        }
    }
    panic!("only {found} contracts are sound");
}

/// Generates the Rust of a contract root as `NAME.rs`.
fn generate(name: &str, root: &Path) {
    println!("cargo::rerun-if-changed={}", root.display());
    let input = slo_compiler::load::load(root).expect("the root can be read");
    let compilation = slo_compiler::compile(&input);
    let checked = compilation.checked.expect("the contract is sound");
    let code = slo_compiler::target::rust::print_for_include(&Plan::of(&Arena::default(), &checked));
    write(&format!("{name}.rs"), &code);
}

fn write(name: &str, text: &str) {
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("Cargo says it")).join(name);
    std::fs::write(out, text).expect("the file can be written");
}
