//! As GitHub's Markdown.
//!
//! Source: GitHub Flavored Markdown 0.29. What the contract says is text and never markup: names and values stand in
//! code spans, or where they hold what a code span in a table can't, in `<code>` with entities.

use super::super::page::{Block, Cell, Kind, Page, Phrase, Piece};
use super::lines;
use crate::text::visible;

/// Pages one below the other.
pub(in crate::show) fn markdown(pages: &[Page]) -> String {
    let blocks: Vec<String> = pages.iter().flat_map(|page| &page.blocks).map(block).collect();
    let mut text = blocks.join("\n\n");
    text.push('\n');
    text
}

fn block(block: &Block) -> String {
    match block {
        Block::Title(title) => format!("## {}", phrase(title)),
        Block::Heading(heading) => format!("### {}", phrase(heading)),
        Block::Docs(docs) => lines(docs).map(line).collect::<Vec<_>>().join("\n"),
        Block::Properties(properties) => {
            let properties =
                properties.iter().map(|(name, property)| format!("- **{name}**: {}", phrase(property)));
            properties.collect::<Vec<_>>().join("\n")
        }
        Block::Table(table) => {
            let header: Vec<String> = table.columns.iter().map(phrase).collect();
            let mut rows = vec![row(&header), row(&vec!["---".to_owned(); header.len()])];
            rows.extend(table.rows.iter().map(|cells| row(&cells.iter().map(cell).collect::<Vec<_>>())));
            rows.join("\n")
        }
        Block::Remark(remark) => phrase(remark),
    }
}

fn row(cells: &[String]) -> String {
    format!("| {} |", cells.join(" | "))
}

fn cell(items: &Cell) -> String {
    items.iter().map(phrase).collect::<Vec<_>>().join(", ")
}

fn phrase(phrase: &Phrase) -> String {
    phrase.0.iter().map(piece).collect()
}

fn piece(piece: &Piece) -> String {
    match piece.kind {
        Kind::Words | Kind::Faint => escaped(&visible(&piece.text)),
        Kind::Code => code(&visible(&piece.text)),
    }
}

fn code(text: &str) -> String {
    let fits = !text.contains(['`', '|', '\\']) && text.trim() == text;
    if fits { format!("`{text}`") } else { format!("<code>{}</code>", escaped(text)) }
}

/// A line of prose: what would make a heading, a list or a quote of it is text as well.
fn line(text: &str) -> String {
    let text = text.trim_start();
    let escaped = escaped(&visible(text));
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text.as_bytes().get(digits) {
        Some(b'.' | b')') if digits > 0 => {
            let (number, rest) = escaped.split_at(digits);
            format!("{number}\\{rest}")
        }
        Some(b'#' | b'+' | b'-' | b'=') if digits == 0 => format!("\\{escaped}"),
        _ => escaped,
    }
}

/// Text in which nothing is markup. Entities rather than backslashes stand for what splits a table's cells or begins HTML.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '|' => escaped.push_str("&#124;"),
            '`' => escaped.push_str("&#96;"),
            '\\' => escaped.push_str("&#92;"),
            '*' | '_' | '[' | ']' | '~' | '$' => {
                escaped.push('\\');
                escaped.push(character);
            }
            other => escaped.push(other),
        }
    }
    escaped
}
