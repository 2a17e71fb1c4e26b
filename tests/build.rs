//! Compiles the contracts that the tests of the derive are held to.
fn main() {
    slo_compiler::build_script::contracts("contracts");
}
