//! When a contract is held to what Rust can be made of, and what no text of `tests/ui` shows of it.

use std::fmt::Write;

use slo_compiler::Compilation;
use slo_compiler::diagnostic::{Code, Severity};
use slo_tests::{MANIFEST, compile_text};

const BELOW_ZERO: &str = "package shop\nscope Shop {}\nevent Sale in Shop {\n    change: int\n    metric shop.change: counter, value=change\n    log shop.sale: info\n}\n";

fn codes(compilation: &Compilation) -> Vec<&'static str> {
    compilation.diagnostics.iter().map(|finding| finding.code.id()).collect()
}

#[test]
fn a_contract_is_held_to_rust_where_rust_is_made_of_it() {
    let mut compilation = compile_text(BELOW_ZERO);
    assert!(compilation.checked.is_some() && codes(&compilation).is_empty());
    compilation.hold_to_rust();
    assert_eq!(codes(&compilation), ["SLO1404"]);
    assert!(compilation.checked.is_none(), "no back end gets it");
    // It is said once, however often it is asked.
    compilation.hold_to_rust();
    assert_eq!(codes(&compilation), ["SLO1404"]);

    let said = format!("=== slo.toml ===\n{MANIFEST}\n[rust]\n=== contract.slo ===\n{BELOW_ZERO}");
    let compilation = compile_text(&said);
    assert_eq!(codes(&compilation), ["SLO1404"]);
    assert!(compilation.checked.is_none());
}

#[test]
fn what_a_mistake_makes_unknown_is_passed_over() {
    let text = "package shop\nscope Shop {}\nevent Sale in Shop {\n    change: shop.chagne\n    other: int, range=\"x\"\n    outcome: Outcome\n    metric shop.change: counter, value=change\n    metric shop.other: counter, value=other\n    metric shop.nothing: counter, value=nothing\n    metric shop.none\n    log shop.sale: info\n}\nmetric shop.running: updowncounter, while=Sael {}\n";
    let mut compilation = compile_text(text);
    let before = codes(&compilation);
    assert!(compilation.count(Severity::Error) > 3, "{before:?}");
    compilation.hold_to_rust();
    assert_eq!(codes(&compilation), before);
}

#[test]
fn more_than_rust_can_number_is_refused() {
    let refused = |text: &str| -> Vec<String> {
        let mut compilation = compile_text(text);
        assert_eq!(compilation.count(Severity::Error), 0, "{:?}", compilation.diagnostics.first());
        compilation.hold_to_rust();
        let found = compilation.diagnostics.iter().filter(|finding| finding.code == Code::TooManyForRust);
        found.map(|finding| finding.message.clone()).collect()
    };
    // A block has at most 10,000 entries: what an event has more of comes from groups.
    let fields = |count: usize| {
        let numbers: Vec<usize> = (0..count).collect();
        let groups = numbers.chunks(9_000).enumerate().map(|(group, numbers)| {
            let lines: String = numbers.iter().map(|number| format!("    f{number}: bool\n")).collect();
            (format!("group G{group} {{\n{lines}}}\n"), format!("    ...G{group}\n"))
        });
        let (groups, spreads): (String, String) = groups.unzip();
        format!(
            "package shop\nscope Shop {{}}\n{groups}event Sale in Shop {{\n{spreads}    log shop.sale: info\n}}\n"
        )
    };
    assert!(refused(&fields(65_536)).is_empty());
    assert_eq!(
        refused(&fields(65_537)),
        ["`Sale` has 65_537 values, and generated Rust numbers up to 65_536"]
    );
    let listed = |count: usize| {
        let mut text = "package shop\nscope Shop {}\nevent Sale in Shop {\n    city: string, values=\"cities.txt\"\n    log shop.sale: info\n}\n=== cities.txt ===\n".to_owned();
        (0..count).for_each(|number| writeln!(text, "city {number}").unwrap());
        text
    };
    assert!(refused(&listed(65_536)).is_empty());
    assert_eq!(
        refused(&listed(65_537)),
        ["`city` has 65_537 values, and generated Rust numbers up to 65_536"]
    );
}
