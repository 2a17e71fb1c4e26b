//! Generated Rust holds what a contract says and nothing more, whatever the contract says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use slo_compiler::emit;
use slo_tests::compile_text;
use syn::visit::Visit;

/// What a file of generated Rust is made of, by its names and texts.
#[derive(Default)]
struct Contents {
    items: Vec<String>,
    texts: Vec<String>,
    docs: Vec<String>,
    macros: usize,
}

impl<'ast> Visit<'ast> for Contents {
    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.items.push(item.ident.to_string());
        syn::visit::visit_item_struct(self, item);
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.items.push(item.ident.to_string());
        syn::visit::visit_item_enum(self, item);
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.items.push(item.sig.ident.to_string());
    }

    fn visit_macro(&mut self, _: &'ast syn::Macro) {
        self.macros += 1;
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if let syn::Meta::NameValue(meta) = &attribute.meta
            && let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &meta.value
        {
            self.docs.push(text.value());
        }
    }

    fn visit_lit_str(&mut self, text: &'ast syn::LitStr) {
        self.texts.push(text.value());
    }
}

fn contents(code: &str) -> Contents {
    let file = syn::parse_file(code).unwrap_or_else(|error| panic!("{error}\n{code}"));
    let mut contents = Contents::default();
    contents.visit_file(&file);
    contents
}

/// Text that would like to be code.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("*/ fn evil() {} /*".to_owned()),
        Just("\"#; fn evil() {} //".to_owned()),
        Just("\" ); evil!(); (\"".to_owned()),
        Just("\n#[doc = \"\"] fn evil() {}".to_owned()),
        Just("```\nassert!(false)\n".to_owned()),
        Just("        assert!(false)".to_owned()),
        Just("{}{{}}\\u{0}\\".to_owned()),
        "\\PC{0,12}",
    ];
    proptest::collection::vec(piece, 1..4).prop_map(|pieces| pieces.concat())
}

/// The text as a file quotes it; without what no file may hold.
fn quoted(text: &str) -> Option<String> {
    let forbidden = |character: char| {
        (character.is_control() && character != '\n' && character != '\t')
            || matches!(character, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    (!text.contains(forbidden)).then(|| {
        let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t");
        format!("\"{text}\"")
    })
}

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
        for code in emit::rust::emit(checked).into_iter().map(|file| file.text).chain([emit::rust::emit_for_include(checked)]) {
            let contents = contents(&code);
            prop_assert!(contents.items.iter().all(|item| item == "Shop" || item == "ShopKind"), "{:?}", contents.items);
            prop_assert_eq!(contents.macros, 0);
            // No line of docs opens code that rustdoc would run: indented, or fenced without a language.
            let mut fenced = false;
            for line in &contents.docs {
                prop_assert!(!line.contains('\n'));
                let fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
                prop_assert!(!fence || fenced || line.ends_with("text"), "{line:?}");
                prop_assert!(fenced || !line.starts_with("     "), "{line:?}");
                fenced ^= fence;
            }
            if contents.items.len() == 2 {
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
    let code = emit::rust::emit_for_include(&checked);
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

/// Who is speaking.
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
    let files =
        emit::rust::emit(&compilation.checked.unwrap_or_else(|| panic!("{:?}", compilation.diagnostics)));
    let shown: String = files.iter().map(|file| format!("──────── {}\n{}\n", file.path, file.text)).collect();
    insta::assert_snapshot!(shown);
}
