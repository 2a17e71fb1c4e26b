//! Compiles the contract in `slo/` for `slo::include_contracts!()`.
fn main() {
    slo_compiler::build_script::contracts("slo");
}
