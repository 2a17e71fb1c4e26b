//! The seed struct and its wrong variants, without a contract, by trybuild. What needs a contract is in
//! `tests/tests/derive_messages.rs`: trybuild's own crate has no folder for one.
//!
//! They stand here because trybuild builds all that a package's tests depend on once more, and here that is little.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::process::Command;

/// Whether the compiler's own words are those that stand beside the wrong variants: other compilers say the same in others.
fn is_compiler_of_messages() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output().unwrap().stdout;
    String::from_utf8(version).unwrap().starts_with("rustc 1.95.")
}

#[test]
fn the_seed_compiles_and_its_wrong_variants_do_not() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/trybuild/seed.rs");
    if is_compiler_of_messages() {
        cases.compile_fail("tests/trybuild/wrong_*.rs");
    }
}
