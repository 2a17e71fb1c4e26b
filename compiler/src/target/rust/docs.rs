//! A contract's docs as Rust's. An attribute a line, so that nothing in a text can end a comment.

use proc_macro2::TokenStream;
use quote::quote;

/// Docs above an item.
pub(super) fn outer(text: &str) -> TokenStream {
    let lines = lines(text);
    quote!(#(#[doc = #lines])*)
}

/// Docs above an item: what the contract says of it, and what it is there.
pub(super) fn of_item(text: &str, declared: &str) -> TokenStream {
    outer(&if text.is_empty() { declared.to_owned() } else { format!("{text}\n\n{declared}") })
}

/// The sentence that says what an item is in the contract.
pub(super) fn declared(kind: &str, full_name: &str, place: &str) -> String {
    match place {
        "" => format!("The {kind} `{full_name}` of the contract."),
        place => format!("The {kind} `{full_name}` of the contract, `{place}`."),
    }
}

/// The text, or another where there is none.
pub(super) fn or<'t>(text: &'t str, other: &'t str) -> &'t str {
    if text.is_empty() { other } else { text }
}

/// Docs at a file's beginning.
#[cfg(feature = "json")]
pub(super) fn inner(text: &str) -> TokenStream {
    let lines = lines(text);
    quote!(#(#![doc = #lines])*)
}

/// The lines of a text. Code in it is marked as text, since rustdoc would run it as a test.
fn lines(text: &str) -> Vec<String> {
    let mut fenced = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        let line: String = line.chars().filter(|character| !character.is_control()).collect();
        let trimmed = line.trim_start();
        let fence = ["```", "~~~"].into_iter().find(|fence| trimmed.starts_with(fence));
        let line = match fence {
            Some(fence) if !fenced => {
                fenced = true;
                format!("{fence}text")
            }
            Some(fence) => {
                fenced = false;
                fence.to_owned()
            }
            // Four blanks make code as well.
            None if !fenced && line.len() - trimmed.len() >= 4 => format!("   {trimmed}"),
            None => line,
        };
        lines.push(format!(" {line}"));
    }
    if fenced {
        lines.push(" ```".to_owned());
    }
    lines
}
