//! An event that a library or another program records: nothing is made of it, and everything else knows it.

use slo_compiler::diagnostic::Code;
use slo_compiler::plan::{Arena, Plan};
use slo_tests::compile_text;

const CONTRACT: &str = r#"
package shop

scope Driver {}
scope Shop {}

event Query in Driver: external {
    table:   string, only=["stock", "orders"]
    elapsed: duration(s)
    metric shop.queries: counter, unit="{query}" { table }
    span "query": client
}

event Sale in Shop {
    metric shop.sales: counter, unit="{sale}"
    log shop.sale: info
}

metric shop.queries.running in Driver: updowncounter, while=Query, unit="{query}"
"#;

#[test]
fn nothing_is_made_of_it() {
    let compilation = compile_text(CONTRACT);
    let arena = Arena::default();
    let plan = Plan::of(&arena, compilation.checked.as_ref().expect("it is sound"));
    let events: Vec<&str> = plan.events().map(|event| event.table.name).collect();
    assert_eq!(events, ["shop.Sale"]);
    let metrics: Vec<&str> = plan.metrics().map(|(table, _)| table.name).collect();
    assert_eq!(metrics, ["shop.sales"]);
}

#[test]
fn it_is_proved_as_any_other() {
    let text = CONTRACT.replace("string, only=[\"stock\", \"orders\"]", "string");
    let found: Vec<Code> = compile_text(&text).diagnostics.iter().map(|finding| finding.code).collect();
    assert_eq!(found, [Code::Unbounded]);
}
