//! Tables at a terminal.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::{contract, shown};
use crate::show::find;

/// The words of a text, lines and rules left out.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = text
        .split_whitespace()
        .map(|word| word.trim_matches(['─', ',']).to_owned())
        .filter(|word| !word.is_empty())
        .collect();
    words.sort();
    words
}

#[test]
fn a_narrow_terminal_stacks_and_loses_nothing() {
    let found = shown("fin.pay.PaymentAttempt");
    insta::assert_snapshot!("narrow", found.terminal(false, 80));
    for name in ["fin.pay.PaymentAttempt", "jobs.Job", "jobs.JobOutcome", "web.Fetch", "http.route"] {
        let found = shown(name);
        let wide = words(&found.terminal(false, usize::MAX));
        for width in [0, 1, 20, 80, 100] {
            assert_eq!(words(&found.terminal(false, width)), wide, "{name} at {width}");
        }
    }
}

#[test]
fn colours_are_all_that_colour_adds() {
    let found = shown("fin.pay.PaymentAttempt");
    let (plain, colored) = (found.terminal(false, 100), found.terminal(true, 100));
    assert!(!plain.contains('\u{1b}'));
    assert!(colored.contains("\u{1b}[1m"));
    let stripped = ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m"];
    let without = stripped.iter().fold(colored, |text, code| text.replace(code, ""));
    assert_eq!(without, plain);
}

/// A meaning with variants of which one has a value much longer than all others.
fn many(variants: usize) -> crate::ir::Contract {
    let mut text = String::from("package many\nmeaning Many {\n");
    for number in 0..variants {
        let value = if number == variants / 2 { "x".repeat(300) } else { format!("value_{number}") };
        let line = format!("Variant{number} {{ metric {{ status = \"{value}\" }}, log warn, span error }}");
        writeln!(text, "{line}").unwrap();
    }
    text.push_str("}\n");
    contract(&[("many.slo", &text)])
}

#[test]
fn a_thousand_variants_stay_readable() {
    let contract = many(1_000);
    let text = find(&contract, "Many").unwrap().terminal(false, 100);
    let rows: Vec<&str> = text.lines().filter(|line| line.contains("status=")).collect();
    assert_eq!(rows.len(), 1_000);
    assert!(rows.iter().all(|row| row.find("status=") == rows[0].find("status=")), "columns are aligned");
    let long = rows.iter().filter(|row| row.width() > 100).count();
    assert_eq!(long, 1, "one long value doesn't widen the others' rows");
    assert!(text.contains(&"x".repeat(300)), "and is shown whole");
}

#[test]
fn wide_characters_take_two_columns() {
    let contract = contract(&[(
        "wide.slo",
        "package wide\nmeaning Wide {\n    A { metric { status = \"支付成功\" }, log info { a = \"1\" }, span { b = \"1\" } }\n    B { metric { status = \"ok\" }, log info { a = \"2\" }, span { b = \"2\" } }\n}\n",
    )]);
    insta::assert_snapshot!("wide", find(&contract, "Wide").unwrap().terminal(false, 100));
}
