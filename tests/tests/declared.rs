//! Spans, logs and entities that one package declares, and events of others that are held to them.

use slo_compiler::diagnostic::Code;
use slo_compiler::ir::{Entities, SpanKind};
use slo_tests::{compile_text, rendered};

const HOUSE: &str = "=== house.slo ===
package house

attribute house.route: string, max=64, bounded=20, other=\"other\"
attribute house.id: string

span house.call: client { house.route required }
log house.failed: error { house.route required }
entity house.shop { house.id id }
";

fn with_shop(uses: &str, entries: &str) -> String {
    format!(
        "{HOUSE}=== shop/shop.slo ===
package shop
{uses}
scope Shop {{}}
event Call in Shop {{
{entries}
}}
"
    )
}

#[test]
fn what_another_package_declares_is_used_by_its_name() {
    let entries = "    path: house.route\n    span \"call\" of house.call { path }\n    log house.failed: error { path }";
    let compilation = compile_text(&with_shop("use house", entries));
    assert_eq!(rendered(&compilation), "");
    let contract = compilation.contract.unwrap();
    let event = &contract.events[0];
    let span = event.span.as_ref().unwrap();
    assert_eq!(span.kind, SpanKind::Client);
    assert_eq!(span.convention.as_ref().unwrap().name, "house.call");
    assert_eq!(event.logs[0].convention.as_ref().unwrap().package, "house");
    let names = [&contract.declared_spans, &contract.declared_logs, &contract.entities];
    assert_eq!(names.map(|declared| declared.len()), [1, 1, 1]);
}

#[test]
fn a_name_behind_its_package_means_the_same() {
    let entries = "    path: house.route\n    span \"call\" of house.house.call { path }";
    let compilation = compile_text(&with_shop("use house", entries));
    assert_eq!(rendered(&compilation), "");
}

#[test]
fn a_package_that_is_not_used_is_named() {
    let compilation = compile_text(&with_shop("", "    path: string\n    span \"call\" of house.call"));
    let [finding] = compilation.diagnostics.as_slice() else { panic!("{}", rendered(&compilation)) };
    assert_eq!((finding.code, finding.help.as_deref()), (Code::UnknownName, Some("add `use house`")));
}

#[test]
fn a_log_of_the_name_is_held_to_nothing_where_its_package_is_not_used() {
    let compilation = compile_text(&with_shop("", "    path: string\n    log house.failed: info"));
    assert_eq!(rendered(&compilation), "");
}

#[test]
fn a_log_that_two_packages_declare_is_ambiguous() {
    let other = "=== other/other.slo ===\npackage other\nattribute other.id: string\nlog house.failed: info { other.id }\n";
    let text =
        with_shop("use house\nuse other", "    path: house.route\n    log house.failed: error") + other;
    let compilation = compile_text(&text);
    let codes: Vec<Code> = compilation.diagnostics.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, [Code::AmbiguousName], "{}", rendered(&compilation));
}

#[test]
fn a_declaration_with_a_mistake_is_told_of_once() {
    let text = "package a
scope S {}
attribute a.id: string
span a.call: client { a.id must }
event E in S {
    id: a.id
    span \"one\" of a.call { id }
}
event F in S {
    id: a.id
    span \"two\" of a.call { id }
}
";
    let compilation = compile_text(text);
    let codes: Vec<Code> = compilation.diagnostics.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, [Code::OptionValue], "{}", rendered(&compilation));
}

#[test]
fn a_declaration_that_could_not_be_read_is_not_missed() {
    let text = "package a
scope S {}
attribute a.id: string
span a.call: client { a.id required opt_in }
entity a.shop { a.id id id }
span a.other: client, entities=a.shop { a.id }
event E in S {
    id: a.id
    span \"one\" of a.call { id }
}
";
    let compilation = compile_text(text);
    let codes: Vec<Code> = compilation.diagnostics.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, [Code::Unexpected; 2], "{}", rendered(&compilation));
}

#[test]
fn a_key_that_a_family_begins_like_is_not_one_of_it() {
    let text = |list: &str| {
        format!(
            "package a
scope S {{}}
attribute a.body: string
attribute a.body.size: int
attribute a.header: map<string>
span a.call: client {{ a.body required, a.header required }}
event E in S {{
    body: a.body
    size: a.body.size
    agent: a.header.agent
    span \"one\" of a.call {{ {list} }}
}}
"
        )
    };
    let codes = |list: &str| -> Vec<Code> {
        let compilation = compile_text(&text(list));
        let errors = compilation.diagnostics.iter().filter(|finding| finding.code == Code::RequiredLabel);
        errors.map(|finding| finding.code).collect()
    };
    assert_eq!(codes("body, agent"), []);
    assert_eq!(codes("size, agent"), [Code::RequiredLabel]);
    assert_eq!(codes("body, size"), [Code::RequiredLabel]);
}

#[test]
fn entities_are_kept_as_they_are_put_together() {
    let text = "package a
attribute a.id: string
entity a.pod { a.id id }
entity a.node { a.id id }
entity host { a.id id }
metric a.time: gauge, entities=all_of(a.pod, [host, a.node]) {}
";
    let contract = compile_text(text).contract.unwrap();
    let entity = |name: &str| Entities::Entity(name.to_owned());
    let expected =
        Entities::AllOf(vec![entity("a.pod"), Entities::OneOf(vec![entity("host"), entity("a.node")])]);
    assert_eq!(contract.metrics[0].entities.as_ref(), Some(&expected));
    assert_eq!(expected.to_string(), "all_of(a.pod, one_of(host, a.node))");
}

#[test]
fn the_tables_of_a_vocabulary_have_them_sorted() {
    let text = "package a
attribute a.id: string, examples=[\"x\", \"y\"]
attribute a.load: double, examples=[0.5, 2]
span b.late: server, closed { a.id required }
span b.early { a.id if \"it is known\" }
log a.log: warn, deprecated=a.other { a.id opt_in }
entity a.pod { a.id id }
metric a.time: gauge, entities=all_of(a.pod, one_of(a.pod)) {}
";
    let checked = compile_text(text).checked.unwrap();
    let tables = slo_compiler::target::tables::print(&checked, "a").text;
    let (_, spans) = tables.split_once("static SPANS").unwrap();
    assert!(spans.find("b.early").unwrap() < spans.find("b.late").unwrap(), "{spans}");
    let (_, entries) = tables.split_once("static ATTRIBUTES").unwrap();
    insta::assert_snapshot!(format!("static ATTRIBUTES{entries}"));
}
