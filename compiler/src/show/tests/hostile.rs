//! What the contract says is somebody else's text.

use super::reference;
use crate::ir::{Contract, Leaf, Literal, PairValue, Shown};
use crate::show::page::{Block, Page, Phrase, Table};
use crate::show::{Found, find, render};

/// Everything that has steered a terminal or a page.
const HOSTILE: &str = "a|b`c`\n# d\t<script>\\|\u{1b}[31m\r\u{9b}2J\u{202e}e\u{2066}\u{200f}\u{feff}\u{e0041}*f*_g_[h](i)&amp;\u{7}";

/// A contract with hostile text wherever text may stand.
fn hostile() -> Contract {
    let mut contract = reference();
    for meaning in &mut contract.meanings {
        meaning.docs = HOSTILE.to_owned();
        for variant in &mut meaning.variants {
            variant.description = HOSTILE.to_owned();
            let projections = [&mut variant.metric, &mut variant.log, &mut variant.span];
            for projection in projections.into_iter().flatten() {
                let Shown::Pairs(pairs) = &mut projection.shown else { continue };
                for pair in pairs {
                    pair.key = format!("{}{HOSTILE}", pair.key);
                    if let Leaf::Known(PairValue::Constant(Literal::String(text))) = &mut pair.value {
                        text.push_str(HOSTILE);
                    }
                }
            }
        }
        for lossy in &mut meaning.lossy {
            lossy.reason = HOSTILE.to_owned();
        }
    }
    for event in &mut contract.events {
        event.docs = HOSTILE.to_owned();
        for metric in &mut event.metrics {
            metric.unit = HOSTILE.to_owned();
            metric.docs = HOSTILE.to_owned();
            for writer in &mut metric.writers {
                writer.key.push_str(HOSTILE);
            }
        }
    }
    for attribute in &mut contract.attributes {
        let Leaf::Known(attribute) = attribute else { continue };
        std::sync::Arc::make_mut(attribute).docs = HOSTILE.to_owned();
    }
    contract.places.files = contract.places.files.iter().map(|file| format!("{file}{HOSTILE}")).collect();
    contract
}

fn all() -> Vec<Found> {
    let contract = hostile();
    let names =
        ["JobOutcome", "Coarse", "Job", "PaymentAttempt", "payment.attempts", "http.route", "PaymentService"];
    names.into_iter().map(|name| find(&contract, name).unwrap()).collect()
}

/// A page with hostile text in each of its blocks.
fn page() -> Page {
    let row = vec![vec![Phrase::code(HOSTILE)], vec![Phrase::words(HOSTILE), Phrase::code("plain|`")]];
    Page {
        blocks: vec![
            Block::Title(Phrase::words("meaning ").and_code(HOSTILE)),
            Block::Docs(
                "# heading\n1. list\n- list\n+ list\n    code\n> quote\n===\n~~~\n\n| a |\n| - |\n"
                    .to_owned(),
            ),
            Block::Properties(vec![("unit", Phrase::code(" `{by}` "))]),
            Block::Table(Table { columns: vec![Phrase::words("a"), Phrase::code(HOSTILE)], rows: vec![row] }),
        ],
    }
}

#[test]
fn hostile_text_is_text() {
    insta::assert_snapshot!("hostile_terminal", render::terminal(&[page()], false, 100));
    insta::assert_snapshot!("hostile_markdown", render::markdown(&[page()]));
}

fn steers(text: &str) -> bool {
    text.chars().any(|character| {
        (character.is_control() && character != '\n')
            || matches!(character, '\u{200f}' | '\u{202e}' | '\u{2066}' | '\u{feff}' | '\u{e0041}')
    })
}

#[test]
fn nothing_steers_a_terminal() {
    for found in all() {
        for text in [found.terminal(false, 100), found.markdown(), found.json()] {
            assert!(!steers(&text), "{text:?}");
        }
    }
}

#[test]
fn markdown_has_no_markup_but_ours() {
    for found in all() {
        let text = found.markdown();
        assert!(!text.contains("<script"), "{text}");
        let mut cells = None;
        for line in text.lines() {
            // Every row of a table has as many cells as its header; no cell begins another line.
            cells = line.starts_with('|').then(|| line.matches('|').count()).inspect(|count| {
                assert_eq!(*count, cells.unwrap_or(*count), "{line}");
            });
            // Headings are ours alone.
            if line.starts_with('#') {
                assert!(line.starts_with("## ") || line.starts_with("### "), "{line}");
                assert!(!line.starts_with("# d"), "{line}");
            }
            if cells.is_some() {
                assert_eq!(line.matches('`').count() % 2, 0, "{line}");
            }
        }
    }
}

#[test]
fn json_gives_the_text_back() {
    for found in all() {
        let read: serde_json::Value = serde_json::from_str(&found.json()).unwrap();
        assert_eq!(read, serde_json::to_value(&found).unwrap());
    }
    let read: serde_json::Value = serde_json::from_str(&all()[0].json()).unwrap();
    assert_eq!(read["sheets"][0]["docs"], HOSTILE);
}
