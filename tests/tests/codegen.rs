//! Generated Rust holds what a contract says and nothing more, whatever the contract says.

use proptest::prelude::*;
use slo_tests::{compile_text, rust, rust_for_include};

mod contents;
mod events;
mod examples;
mod names;
use contents::{contents, hostile, no_line_runs, quoted};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn nothing_escapes_from_docs_keys_and_values(docs in hostile(), value in hostile(), key in hostile(), member in hostile()) {
        let (Some(value_quoted), Some(member_quoted)) = (quoted(&value), quoted(&member)) else { return Ok(()) };
        // A key holds no newline, and a part of it is not empty.
        let key: String = key.chars().filter(|character| !character.is_control() && *character != '.').collect();
        let Some(key_quoted) = quoted(&format!("k{key}")) else { return Ok(()) };
        let doc_lines: String = docs.lines().map(|line| format!("/// {line}\n")).collect();
        let text = format!(
            "package shop\n\n{doc_lines}attribute shop.{key_quoted}: string\n\n{doc_lines}attribute shop.kind: enum {{ one = {member_quoted}, two = \"x{}\" }}\n\n{doc_lines}resource Shop {{\n{doc_lines}    shop.{key_quoted}: env=SHOP, default={value_quoted}\n    shop.kind: required\n}}\n",
            &member_quoted[1..member_quoted.len() - 1],
        );
        let compilation = compile_text(&text);
        let Some(checked) = &compilation.checked else {
            // Only what the language forbids may fail: control characters and directions in docs.
            prop_assert!(quoted(&docs).is_none(), "{:?}\n{text}", compilation.diagnostics);
            return Ok(());
        };
        for code in rust(checked).into_iter().map(|file| file.text).chain([rust_for_include(checked)]) {
            let contents = contents(&code);
            prop_assert!(contents.items.iter().all(|item| ["Shop", "ShopKind", "CONTRACT"].contains(&item.as_str())), "{:?}", contents.items);
            // The one that looks at the format.
        prop_assert_eq!(contents.macros, usize::from(contents.items.contains(&"CONTRACT".to_owned())));
            prop_assert_eq!(no_line_runs(&contents.docs), None);
            if contents.items.contains(&"Shop".to_owned()) {
                prop_assert!(contents.texts.contains(&value), "the default is lost");
                prop_assert!(contents.texts.contains(&member), "the member is lost");
                let key = format!("shop.k{key}");
                prop_assert!(contents.texts.contains(&key), "the key is lost");
            }
        }
    }
}

#[test]
fn names_that_clash_or_are_rusts_own_are_told_apart() {
    let text = r#"
package shop

attribute shop.type: enum { self, Self, r#else = "x" }
"#;
    // `#` begins nothing in the language.
    assert!(compile_text(text).checked.is_none());
    let text = r#"
package shop

attribute shop.type: enum { self, Self, match, "2nd", "2-nd", name, Name, "..." }
attribute shop_type: enum { a }, open
attribute shop.new: string
attribute new: string
attribute "名前": string

resource ShopType {
    shop.type: required
    shop.new: required
    new: optional
    type: required
    "名前": optional
}

attribute type: string
"#;
    let compilation = compile_text(text);
    let checked = compilation.checked.as_ref();
    assert!(checked.is_some() || !compilation.diagnostics.is_empty());
    // Prometheus can't name `名前`, and `shop.type` and `shop_type` never meet in one container.
    let text = text.replace("    \"名前\": optional\n", "");
    let compilation = compile_text(&text);
    let checked = compilation.checked.unwrap_or_else(|| panic!("{:?}", compilation.diagnostics));
    let code = rust_for_include(&checked);
    insta::assert_snapshot!(code);
}

#[test]
fn the_code_of_a_contract_reads_as_if_written_by_hand() {
    let text = r#"
//! Payments: one meaning, the same on every signal.
package fin.pay

use std.otel

/// Which layer of the architecture the service belongs to.
attribute service.tier: enum { frontend, backend, batch = "batch-job" }
/// How the shards are numbered.
attribute app.shard: int, range=0..=63

/// The service that sends the telemetry.
resource PaymentService: closed {
    service.name: required, matches="{team}-{product}-{deployment.environment.name}"
    service.version: env=[SERVICE_VERSION, VERSION], default="0.0.0"
    service.tier: required
    deployment.environment.name: required
    app.shard: env=SHARD
    telemetry.sdk.language: auto
}

/// Which instrumentation is speaking.
scope PaymentScope {
    otel.scope.version: static="1.4.0"
}
"#;
    let compilation = compile_text(text);
    let files = rust(&compilation.checked.unwrap_or_else(|| panic!("{:?}", compilation.diagnostics)));
    let shown: String = files.iter().map(|file| format!("──────── {}\n{}\n", file.path, file.text)).collect();
    insta::assert_snapshot!(shown);
}
