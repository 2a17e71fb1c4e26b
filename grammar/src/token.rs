//! Tokens as people see them, for errors: the parser has none of its own.

/// How long the token at `at` is, in bytes; a line's end is one. Nothing stands at the text's end.
pub(crate) fn length_at(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    let Some(first) = rest.chars().next() else { return 0 };
    match first {
        '"' => text_length(rest),
        digit if digit.is_ascii_digit() => number_length(rest),
        letter if is_word(letter) => key_length(rest),
        '.' => {
            let dots = rest.len() - rest.trim_start_matches('.').len();
            if rest[..dots].len() == 2 && rest[dots..].starts_with('=') { 3 } else { dots }
        }
        _ => SIGNS.iter().find(|sign| rest.starts_with(**sign)).map_or(first.len_utf8(), |sign| sign.len()),
    }
}

/// Signs of more than one character, of this language and of others.
const SIGNS: [&str; 10] = ["\r\n", "//!", "==", "!=", "&&", "||", "<=", ">=", "->", "=>"];

/// `at` behind the blanks and the comments of its line, and behind its docs too.
pub(crate) fn skip_blank(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    let shown = rest.trim_start_matches([' ', '\t']);
    let at = text.len() - shown.len();
    if shown.starts_with("//") { at + shown.find(['\n', '\r']).unwrap_or(shown.len()) } else { at }
}

pub(crate) fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn word_length(rest: &str) -> usize {
    rest.find(|character: char| !is_word(character)).unwrap_or(rest.len())
}

/// A text in quotes, or what there is of it on its line.
fn text_length(rest: &str) -> usize {
    let mut escaped = false;
    for (offset, character) in rest.char_indices().skip(1) {
        match character {
            '\n' | '\r' => return offset,
            '"' if !escaped => return offset + 1,
            _ => escaped = character == '\\' && !escaped,
        }
    }
    rest.len()
}

fn number_length(rest: &str) -> usize {
    let whole = word_length(rest);
    let behind = &rest[whole..];
    if behind.starts_with('%') {
        return whole + 1;
    }
    match behind.strip_prefix('.') {
        Some(part) if part.starts_with(|first: char| first.is_ascii_digit()) => whole + 1 + word_length(part),
        _ => whole,
    }
}

/// A word with the parts that follow it behind dots.
fn key_length(rest: &str) -> usize {
    let mut end = word_length(rest);
    while let Some(part) = rest[end..].strip_prefix('.') {
        let length = if part.starts_with('"') { text_length(part) } else { word_length(part) };
        if length == 0 {
            break;
        }
        end += 1 + length;
    }
    end
}
