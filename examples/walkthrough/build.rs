//! Compiles the contract in `slo/` for the derive and for `slo::include_contracts!()`.
fn main() {
    slo_compiler::build_script::contracts("slo");
}
