//! What the IR says of values that are listed, and of the attributes that they are of.

use slo_compiler::ir::{Contract, Domain, FieldValue, WriterValue};
use slo_tests::compile_text;

const CONTRACT: &str = r#"
package shop

use std.otel

attribute shop.kind: enum { card, wallet, transfer }
attribute shop.narrowed: shop.kind, only=[card, wallet]
attribute shop.currency: string, values="currencies.txt"
attribute shop.partition: int, bounded=8, other=-1

scope Shop {}

meaning Outcome {
    Paid(kind: shop.kind, only=[card], code: int, range=0..=9) "paid" {
        all { outcome = "paid", kind = kind, code = code }
        log info
    }
}

event Sale in Shop {
    outcome: Outcome
    kind: shop.kind, only=[card]
    narrowed: shop.narrowed
    narrower: shop.narrowed, only=[card]
    own: enum { a, b }, only=[a]
    currency: shop.currency
    euro: shop.currency, only=["EUR"]
    scheme: url.scheme, only=["http"]
    method: http.request.method, only=["GET"]
    digits: int, only=[1, 2]
    constant: shop.kind = card
    text: string = "x"
    plain: string
    log shop.sale { outcome, constant, text }
}

metric shop.lag in Shop: gauge, observed { shop.partition as part }

=== currencies.txt ===
EUR
PLN
"#;

fn contract() -> Contract {
    let compilation = compile_text(CONTRACT);
    assert!(compilation.checked.is_some(), "{:?}", compilation.diagnostics);
    Contract::clone(&compilation.contract.unwrap())
}

#[test]
fn an_enum_that_is_narrowed_is_an_enum_still_and_a_list_is_none() {
    let contract = contract();
    let event = &contract.events[0];
    let domain = |name: &str| match &*event.field_named(name).unwrap().value {
        FieldValue::Plain(domain) => domain.clone(),
        other => panic!("{name}: {other:?}"),
    };
    for name in ["kind", "narrowed", "narrower", "own", "method", "constant"] {
        assert!(domain(name).is_enum(), "{name}");
    }
    for name in ["currency", "euro", "scheme", "digits"] {
        assert!(domain(name).listed && !domain(name).is_enum(), "{name}");
    }
    for name in ["text", "plain"] {
        assert!(!domain(name).listed && !domain(name).is_enum(), "{name}");
    }
    // What a signal's writer may write of a constant is one value, of the same kind of list.
    let log = &event.logs[0];
    let written = |key: &str| -> Domain {
        log.writers.iter().rev().find(|writer| writer.key == key).unwrap().domain().unwrap().clone()
    };
    assert!(written("shop.kind").is_enum());
    assert!(written("text").listed);
}

#[test]
fn a_payload_and_an_observed_label_name_their_attribute() {
    let contract = contract();
    let payload = &contract.meanings[0].variants[0].payload;
    assert_eq!([payload[0].key.as_str(), payload[1].key.as_str()], ["shop.kind", ""]);
    let writer = &contract.instruments[0].writers[0];
    assert_eq!(writer.key, "part");
    assert_eq!(*writer.value, WriterValue::Observed("shop.partition".to_owned()));
}

/// A root, and a contract whose event stands in its scope.
const FOREIGN: &str = r#"
=== vocabulary/slo.toml ===
name = "house"
version = "1.0.0"
slo = "0.1"
=== vocabulary/house.slo ===
package house
attribute house.tier: enum { front, back }
scope Web {
    house.tier: static=front
}
scope Other {}
=== slo.toml ===
name = "test"
version = "1.0.0"
slo = "0.1"

[vocabularies]
vocabulary = { path = "vocabulary" }
=== contract.slo ===
package shop
use house
event Sale in Web {
    amount: int
    log shop.sale: info
}
"#;

#[test]
fn a_scope_of_another_root_that_an_event_names_is_part_of_the_contract() {
    let compilation = compile_text(FOREIGN);
    assert!(compilation.checked.is_some(), "{:?}", compilation.diagnostics);
    let contract = compilation.contract.unwrap();
    let names: Vec<String> = contract.containers.iter().map(|container| container.full_name()).collect();
    assert_eq!(names, ["house.Web"]);
    assert_eq!(contract.containers[0].writers[0].key, "house.tier");
}
