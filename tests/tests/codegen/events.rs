//! Meanings, views, events and observed metrics: nothing escapes from what a contract says of them.

use std::collections::BTreeSet;

use proptest::prelude::*;
use slo_compiler::target::rust::names::pascal;
use slo_tests::{compile_text, rust, rust_for_include};

use super::contents::{contents, hostile, no_line_runs, quoted};

const MANIFEST: &str =
    "=== slo.toml ===\nname = \"test\"\nversion = \"1.0.0\"\nslo = \"0.1\"\ntargets = [\"otlp\"]\n";

/// A contract that writes the texts wherever a text may stand.
struct Hostile {
    contract: String,
    key: String,
    value: String,
    member: String,
    /// The text of the body and of the span's name, as it stands in the record.
    body: String,
}

impl Hostile {
    /// None where a text can't stand in a file.
    fn of(docs: &str, value: &str, key: &str, member: &str) -> Option<Hostile> {
        let word = |text: &str| -> String {
            text.chars().filter(|character| !character.is_control() && *character != '.').collect()
        };
        let (key, member) = (word(key), format!("m{}", word(member)));
        let body = format!("b{}e", value.replace(['\n', '\t'], " "));
        let template = quoted(&body.replace('{', "{{").replace('}', "}}"))?;
        let (value_quoted, member_quoted) = (quoted(value)?, quoted(&member)?);
        let other = quoted(&format!("y{value}"))?;
        let name = |letter: &str| quoted(&format!("{letter}{key}"));
        let (attribute, text) = (name("k")?, name("t")?);
        let (metric, log, observed) = (name("m")?, name("l")?, name("o")?);
        let docs: String = docs.lines().map(|line| format!("/// {line}\n")).collect();
        let contract = format!(
            r#"{MANIFEST}=== contract.slo ===
package shop

{docs}attribute shop.{attribute}: string
{docs}attribute shop.{text}: string
{docs}attribute shop.kind: enum {{ one = {member_quoted}, two = "2" }}

scope ShopScope {{}}

{docs}meaning Outcome {{
{docs}    Good(reason: enum {{ {member_quoted}, plain }}, code: int, range=0..=9) {{
        all {{ state = {value_quoted}, reason = reason, code = to_string(code), shop.{attribute} = {value_quoted} }}
        log info
    }}
    Bad {value_quoted} {{ all {{ state = {other} }}, log warn, span error }}
    Worse {{ all {{ state = {other} , worse = true }}, log warn, span error }}
    lossy log {{ Bad, Worse }} {other}
    lossy span {{ Bad, Worse }} {other}
}}

{docs}view Coarse of Outcome {{
    Bad {{ metric {{ coarse = {value_quoted} }} }}
}}

{docs}event Sale in ShopScope {{
{docs}    outcome: Outcome, unset=Bad
{docs}    kind: shop.kind
    text: shop.{text}?, bounded=3, other={value_quoted}
    constant: string = {value_quoted}
    unset: string, unset={value_quoted}
    elapsed: duration(s)

{docs}    metric {metric}: counter {{ outcome via Coarse, kind, text as label, fixed = {value_quoted} }}
{docs}    log {log}: body={template}, when=(kind not in [{member_quoted}])
{docs}    span {template}: server
}}

{docs}metric {observed} in ShopScope: gauge, observed {{ shop.kind as {attribute}, fixed = {value_quoted} }}
"#
        );
        Some(Hostile { contract, key, value: value.to_owned(), member, body })
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn nothing_escapes_from_meanings_views_events_and_metrics(docs in hostile(), value in hostile(), key in hostile(), member in hostile()) {
        let Some(hostile) = Hostile::of(&docs, &value, &key, &member) else { return Ok(()) };
        let compilation = compile_text(&hostile.contract);
        let Some(checked) = &compilation.checked else {
            // Only what the language forbids may fail: control characters and directions in docs.
            prop_assert!(quoted(&docs).is_none(), "{:?}\n{}", compilation.diagnostics, hostile.contract);
            return Ok(());
        };
        let observed = pascal(&format!("o{}", hostile.key));
        let wanted = ["CONTRACT", "Coarse", "EMITTERS", "Outcome", "OutcomeReason", "Sale", "SaleLater", "ShopKind", "ShopScope"];
        let wanted: BTreeSet<&str> = wanted.into_iter().chain([observed.as_str()]).collect();
        let files: Vec<String> = rust(checked).into_iter().map(|file| file.text).collect();
        for codes in [files, vec![rust_for_include(checked)]] {
            let all: Vec<_> = codes.iter().map(|code| contents(code)).collect();
            let items: BTreeSet<&str> = all.iter().flat_map(|one| &one.items).map(String::as_str).collect();
            prop_assert_eq!(&items, &wanted);
            let texts: BTreeSet<&str> = all.iter().flat_map(|one| &one.texts).map(String::as_str).collect();
            for (what, text) in [("value", &hostile.value), ("member", &hostile.member), ("body", &hostile.body)] {
                prop_assert!(texts.contains(text.as_str()), "the {what} is lost: {text:?}");
            }
            for letter in ["k", "shop.k", "shop.t", "m", "l", "o"] {
                let name = format!("{letter}{}", hostile.key);
                prop_assert!(texts.contains(name.as_str()), "{name:?} is lost");
            }
            for one in &all {
                // The one that looks at the format.
        prop_assert_eq!(one.macros, usize::from(one.items.contains(&"CONTRACT".to_owned())));
                prop_assert_eq!(no_line_runs(&one.docs), None);
            }
        }
    }
}
