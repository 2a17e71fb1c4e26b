//! Mistakes of syntax as diagnostics.

mod mistake;
mod mistakes;
#[cfg(test)]
mod tests;

use slo_grammar::{Around, DECLARATIONS, SyntaxError, SyntaxErrorKind, limits};

use crate::diagnostic::{Code, Diagnostic};
use crate::text::list;
use mistakes::MISTAKES;

/// The diagnostic of a mistake of syntax.
pub(crate) fn syntax_diagnostic(error: &SyntaxError) -> Diagnostic {
    let at = |code, message: String| Diagnostic::new(code, error.place, message);
    match &error.kind {
        SyntaxErrorKind::Unexpected { expected, found, around } => {
            let message = format!("expected {}, found {}", wanted(expected), shown(found));
            let diagnostic = at(Code::Unexpected, message);
            match help(expected, found, around) {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            }
        }
        SyntaxErrorKind::NotClosed { bracket } => {
            let closing = match bracket {
                '{' => '}',
                '[' => ']',
                _ => ')',
            };
            at(Code::NotClosed, format!("nothing closes this `{bracket}`"))
                .help(format!("close it with `{closing}` before the next declaration"))
        }
        SyntaxErrorKind::NotOpened { bracket } => {
            at(Code::NotOpened, format!("this `{bracket}` closes nothing")).help("take it out")
        }
        SyntaxErrorKind::StringNotClosed => {
            at(Code::NotClosed, "the text is not closed on its line".to_owned())
                .help("end it with `\"`; a line's end is written `\\n`")
        }
        SyntaxErrorKind::UnknownEscape { escape } => {
            at(Code::UnknownEscape, format!("there is no escape `{escape}`"))
                .help("the escapes are `\\\"`, `\\\\`, `\\n`, `\\t` and `\\u{…}`")
        }
        SyntaxErrorKind::TooDeep => {
            at(Code::TooDeep, format!("brackets nest deeper than {} levels", limits::NESTING))
                .help("flatten it")
        }
        SyntaxErrorKind::ItemTooLong => {
            at(Code::TooLarge, format!("a declaration is longer than {} bytes", limits::ITEM_BYTES))
                .help("split it")
        }
        SyntaxErrorKind::PartTooLong => {
            at(Code::TooLarge, format!("this has more than {} words and signs", limits::PART_TOKENS))
                .help("split it")
        }
        SyntaxErrorKind::TooManyEntries => {
            at(Code::TooLarge, format!("the block has more than {} entries", limits::BLOCK_ENTRIES))
                .help("split it")
        }
        SyntaxErrorKind::More { count } => {
            let (what, are) = if *count == 1 { ("mistake", "is") } else { ("mistakes", "are") };
            at(Code::Unexpected, format!("{count} more {what} of syntax {are} in this file, from here on"))
                .help("mend those above first")
        }
        SyntaxErrorKind::TooLong { what, limit } => {
            at(Code::TooLarge, format!("a {what} is longer than {limit} bytes")).help("shorten it")
        }
        SyntaxErrorKind::UnknownDeclaration { word, nearest } => {
            let diagnostic =
                at(Code::UnknownDeclaration, format!("`{word}` begins no declaration")).about(word);
            match nearest {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic.help(format!("the declarations are {}", list(&DECLARATIONS))),
            }
        }
        SyntaxErrorKind::NotInThisRelease { keyword } => {
            at(Code::NotInThisRelease, format!("this release does not compile `{keyword}` yet"))
                .about(*keyword)
                .help(
                    "the language has it, see docs/language.md; take it out until a release that compiles it",
                )
        }
        SyntaxErrorKind::DocWithoutItem => {
            at(Code::DocWithoutItem, "a doc comment describes what follows, and nothing does".to_owned())
                .help("write `//` for a comment that describes nothing")
        }
        SyntaxErrorKind::MisplacedDoc { inner: true, .. } => {
            at(Code::DocWithoutItem, "`//!` describes a package, and none follows".to_owned())
                .help("say `package NAME` below it; another declaration is described by `///`")
        }
        SyntaxErrorKind::MisplacedDoc { inner: false, keyword } if keyword == "package" => {
            at(Code::DocWithoutItem, "a package is described by `//!`".to_owned())
                .help("write `//!` instead of `///`")
        }
        SyntaxErrorKind::MisplacedDoc { keyword, .. } => {
            at(Code::DocWithoutItem, format!("`{keyword}` takes no doc comment"))
                .help("write `//` for a comment that describes nothing")
        }
        SyntaxErrorKind::EmptyPart => at(Code::EmptyPart, "a part of the name is empty".to_owned())
            .help("take the dot or the quotes out"),
        SyntaxErrorKind::BidirectionalControl { character } => at(
            Code::BidirectionalControl,
            format!(
                "the character U+{:04X} makes text read otherwise than it is stored",
                u32::from(*character)
            ),
        )
        .help("take it out"),
        // What is longer than the character itself is a name that has it as an escape.
        SyntaxErrorKind::ControlCharacter { character }
            if error.place.range().len() > character.len_utf8() =>
        {
            at(
                Code::ControlCharacter,
                format!("the name holds the control character U+{:04X}", u32::from(*character)),
            )
            .help("take it out: a name has none, written as an escape neither")
        }
        SyntaxErrorKind::ControlCharacter { character } => at(
            Code::ControlCharacter,
            format!("the control character U+{:04X} stands in the text", u32::from(*character)),
        )
        .help(format!("take it out; between quotes it is written `\\u{{{:x}}}`", u32::from(*character))),
        _ => at(Code::Unexpected, "the text can't be read".to_owned()),
    }
}

/// What was expected, in a sentence.
fn wanted(expected: &[&str]) -> String {
    match expected {
        [] => "something else".to_owned(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
    }
}

/// What was found, in a sentence.
fn shown(found: &str) -> String {
    match found {
        "" => "the end".to_owned(),
        "\n" | "\r" | "\r\n" => "the end of the line".to_owned(),
        text if text.starts_with('"') && text.ends_with('"') && text.len() > 1 => {
            "a text in quotes".to_owned()
        }
        text if text.starts_with('"') => "a text that nothing closes".to_owned(),
        found if !found.chars().any(is_visible) => {
            let codes: Vec<String> =
                found.chars().map(|character| format!("U+{:04X}", u32::from(character))).collect();
            format!("the character {}", codes.join(" "))
        }
        found => format!("`{found}`"),
    }
}

/// Whether a character can be seen, so that quoting it says something.
fn is_visible(character: char) -> bool {
    !character.is_whitespace()
        && !character.is_control()
        && !matches!(character, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// What to do about a token that can't stand where it was found.
fn help(expected: &[&str], found: &str, around: &Around) -> Option<String> {
    let mistake = MISTAKES.iter().find(|mistake| mistake.is_made(found, around));
    match (mistake, expected) {
        (Some(mistake), _) => Some(mistake.help(found, around)),
        (None, ["an option"]) => Some("name one, or take out the `,` or `:` before it".to_owned()),
        (None, ["a declaration"]) => Some(format!("the declarations are {}", list(&DECLARATIONS))),
        (None, _) => None,
    }
}
