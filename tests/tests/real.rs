//! Services of others, written down as they are: what is found is what is wrong with them. Two are of OpenTelemetry's demo (Go and C++,
//! at 054282e), which stand on its registry of keys; one is Vector (Rust without OpenTelemetry, at c3445d4). No code is made of them.

use std::path::Path;

use slo_compiler::diagnostic::Code;

/// The findings of a service, a line each.
fn findings(service: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("real").join(service);
    let compilation = slo_compiler::compile(&slo_compiler::load::load(&root).unwrap());
    // That a key is old, and how names are read, is the same for each place: the codes are counted elsewhere.
    let told = compilation
        .diagnostics
        .iter()
        .filter(|finding| ![Code::DeprecatedKey, Code::LocalName].contains(&finding.code));
    told.map(|finding| format!("{} {}\n", finding.code, finding.message)).collect()
}

#[test]
fn checkout_has_what_is_wrong_with_it() {
    insta::assert_snapshot!(findings("checkout"));
}

#[test]
fn currency_has_what_is_wrong_with_it() {
    insta::assert_snapshot!(findings("currency"));
}

#[test]
fn vector_has_what_is_wrong_with_it() {
    insta::assert_snapshot!(findings("vector"));
}
