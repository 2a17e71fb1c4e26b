//! The seed struct and its wrong variants, without a contract, by trybuild. What needs a contract is in
//! `derive_messages.rs`: trybuild's own crate has no folder for one.

use slo_tests::project::is_compiler_of_snapshots;

#[test]
fn the_seed_compiles_and_its_wrong_variants_do_not() {
    let cases = trybuild::TestCases::new();
    cases.pass("trybuild/seed.rs");
    // The words around a message are the Rust compiler's, and change with it.
    if is_compiler_of_snapshots() {
        cases.compile_fail("trybuild/wrong_*.rs");
    }
}
