//! What is shown, for a terminal, as Markdown, as JSON.

mod json;
mod markdown;
mod terminal;

pub(super) use json::json;
pub(super) use markdown::markdown;
pub(super) use terminal::terminal;

/// The lines of what the contract says in its own words.
fn lines(docs: &str) -> impl Iterator<Item = &str> {
    docs.lines().map(str::trim_end)
}
