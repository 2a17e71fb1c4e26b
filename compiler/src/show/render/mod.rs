//! What is shown, for a terminal, as Markdown, as JSON.

mod json;
mod markdown;
mod terminal;

pub(super) use json::json;
pub(super) use markdown::markdown;
pub(super) use terminal::terminal;

/// Whether a character steers a terminal, changes the direction in which text is read, or can't be seen: what a contract
/// says is somebody else's text.
///
/// Source: Unicode, general categories Cc, Zl and Zp, and the default-ignorable format characters, but for the joiners of
/// U+200C and U+200D, which scripts and emoji need.
fn is_hostile(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{200e}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// A text with its hostile characters written as the language's escapes, on one line.
pub(super) fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => visible.push_str("\\n"),
            '\t' => visible.push_str("\\t"),
            hostile if is_hostile(hostile) => visible.push_str(&format!("\\u{{{:x}}}", hostile as u32)),
            other => visible.push(other),
        }
    }
    visible
}

/// The lines of what the contract says in its own words.
fn lines(docs: &str) -> impl Iterator<Item = &str> {
    docs.lines().map(str::trim_end)
}
