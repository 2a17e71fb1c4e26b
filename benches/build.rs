//! Compiles the contract in `slo/` for the form that is generated from it.
fn main() {
    slo_compiler::build_script::contracts("slo");
}
