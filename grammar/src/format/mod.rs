//! The one style of the language (`docs/format.md`), printed over the tokens: what they are and how they are spelled
//! stays; where lines end, what they are indented by and what stands below each other is the style's.
//!
//! Three steps, each linear: [`units`] sees of each token what could end a line before it, [`print`] decides which lines
//! end and writes them, [`columns`] puts what belongs together below each other.

mod columns;
mod print;
mod units;

use std::sync::Arc;

use crate::{FileId, SyntaxError, parse};

/// How wide a line may be before the list in braces that it holds goes on lines of its own, in characters, and without
/// the blanks that make columns.
const WIDTH: usize = 120;

/// The text of a file in the style.
///
/// # Errors
/// Gives what is wrong with the text: what it says isn't known, then.
pub fn format(file: FileId, text: Arc<str>) -> Result<String, Vec<SyntaxError>> {
    let tree = parse(file, text);
    if !tree.errors.is_empty() {
        return Err(tree.errors);
    }
    Ok(columns::align(&print::print(&units::Units::of(&tree))))
}
