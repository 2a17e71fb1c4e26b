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

/// What a contract gets for help, a line each.
fn helps(source: &str) -> String {
    let compilation = compile_text(&format!("package shop\nuse std.otel\nscope Shop {{}}\n{source}"));
    let told = compilation.diagnostics.iter().map(|finding| {
        format!("{} {}\n  {}\n", finding.code, finding.message, finding.help.as_deref().unwrap_or_default())
    });
    told.collect()
}

/// What another program records is as it is: each finding says how it is accepted, and offers nothing that only generated code keeps.
#[test]
fn it_is_accepted_as_it_is() {
    insta::assert_snapshot!(helps(
        r#"attribute card.number: string, sensitive
event Query in Shop: external {
    table:  string
    server: server.address
    count:  int, bounded=3_000, other=0
    kind:   string, only=["read"]
    card:   card.number
    metric shop.queries: counter, unit="{query}" { table, kind, card }
    metric shop.queries.failed: counter, unit="{query}" { table, kind }
    metric shop.rows: counter, unit="{row}", limit=10 { kind }
    metric shop.sizes: counter, unit="{row}" { count }
    metric http.client.active_requests { server }
    log shop.query: info { table, server, count }
    span "query {table}": client { table, server, count, kind, card }
    span event "found {table}" {}
}
metric shop.lag in Shop: gauge, observed, value=int { server.address }
"#
    ));
}

#[test]
fn buckets_that_it_sets_none_of_are_the_sdks() {
    insta::assert_snapshot!(helps(
        r#"event Query in Shop: external {
    elapsed: duration(s)
    metric shop.time: histogram, unit="s", value=elapsed
}
"#
    ));
}

#[test]
fn a_metric_without_a_scope_is_in_one_with_an_empty_name() {
    let contract = r#"=== slo.toml ===
name = "shop"
version = "1.0.0"
slo = "0.1"
[prometheus]
ways = { default = "client" }
=== shop.slo ===
package shop
scope Library { otel.scope.name: static="" }
event Sale: external {
    metric shop_sales: counter
}
"#;
    let told = |text: &str| {
        let found = compile_text(text).diagnostics;
        found
            .iter()
            .map(|one| format!("{} {}", one.code, one.help.clone().unwrap_or_default()))
            .collect::<String>()
    };
    insta::assert_snapshot!(told(contract));
    assert_eq!(told(&contract.replace("metric shop_sales:", "metric shop_sales in Library:")), "");
}
