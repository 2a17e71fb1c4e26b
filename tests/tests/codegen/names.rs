//! Names of declarations, variants, fields and payloads that clash in Rust, or that Rust has for itself.

use std::collections::HashMap;

use slo_tests::{compile_text, rust};

const CONTRACT: &str = r#"
=== slo.toml ===
name = "test"
version = "1.0.0"
slo = "0.1"
targets = ["otlp"]

[vocabularies]
"std.otel" = "1.44.0"
=== app/app.slo ===
package odd.app

use std.otel
use odd.other

attribute result: enum { ok, failed }
attribute self: enum { self, Self, super, crate }
attribute odd.family: map<other.colour>

scope Option {}

meaning Result {
    Ok(self: int, type: string, values: double, list: string[], any: any) "every type" {
        all { v = "ok" }
        log info { v = "ok", p1 = self, p2 = type, p3 = values, p4 = list, p5 = any }
    }
    Err(code: enum { A, B }, method: http.request.method, narrowed: http.request.method, only=["GET", "FOO"]) {
        all { v = "err", code = code, method = method, narrowed = narrowed }
        log error
    }
    Some(code: enum { A, B }) { all { v = "some", code = code }, log warn }
    None(code: enum { A, C }, only: enum { x }) { all { v = "none", code = code, only = only }, log warn }
    Self { all { v = "self" }, log warn }
    Unlisted { all { v = "unlisted" }, log warn }
}

view Vec of Result { Self { log fatal } }

event String in Option {
    outcome: Result via Vec
    self: result
    type: result?
    later: self
    aB: int
    ab: int
    wide: other.level, only=[low, 7]
    level: other.level, only=[low]
    family: odd.family.x
    fee: int = 5
    metric odd.string: counter, value=fee, limit=10 { outcome, later as sf, family as fam }
    log odd.string { outcome, self, type as kind, later as sf, aB, ab, wide as wider, level, family as fam }
}

event StringLater in Option {
    log odd.nothing: trace
}

metric odd.seen in Option: gauge, observed { result as value, other.colour }
=== other/other.slo ===
package odd.other

attribute other.colour: enum { red, green = "grün" }
attribute other.level: enum { low = -1, high = 1 }, open, other=0
"#;

#[test]
fn clashing_names_are_told_apart_in_each_module() {
    let compilation = compile_text(CONTRACT);
    let checked = compilation.checked.unwrap_or_else(|| panic!("{:?}", compilation.diagnostics));
    let mut shown = String::new();
    for file in rust(&checked) {
        let parsed = syn::parse_file(&file.text).unwrap_or_else(|error| panic!("{error}\n{}", file.text));
        let mut seen: HashMap<String, usize> = HashMap::new();
        shown.push_str(&format!("{}\n", file.path));
        for item in parsed.items {
            let (name, inner): (String, Vec<String>) = match item {
                syn::Item::Struct(item) => {
                    let fields = item.fields.iter().filter_map(|field| field.ident.as_ref());
                    (item.ident.to_string(), fields.map(ToString::to_string).collect())
                }
                syn::Item::Enum(item) => {
                    let variant = |variant: &syn::Variant| {
                        let fields: Vec<String> = variant
                            .fields
                            .iter()
                            .filter_map(|field| Some(field.ident.as_ref()?.to_string()))
                            .collect();
                        let fields =
                            if fields.is_empty() { String::new() } else { format!("({})", fields.join(" ")) };
                        format!("{}{fields}", variant.ident)
                    };
                    (item.ident.to_string(), item.variants.iter().map(variant).collect())
                }
                _ => continue,
            };
            *seen.entry(name.clone()).or_default() += 1;
            let names: std::collections::HashSet<&String> = inner.iter().collect();
            assert_eq!(names.len(), inner.len(), "{name}: {inner:?}");
            shown.push_str(&format!("    {name}: {}\n", inner.join(", ")));
        }
        assert!(seen.values().all(|count| *count == 1), "{}: {seen:?}", file.path);
    }
    insta::assert_snapshot!(shown);
}
