//! The variables of a dashboard, which Grafana replaces before it asks a server.

/// What stands for any text within a text in quotes. No one writes it: it is of Unicode's private use.
pub(crate) const ANY: char = '\u{e000}';

/// What stands for any name.
pub(crate) const ANY_NAME: &str = "slo_any_name";

/// What a variable is that stands neither in quotes nor in brackets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bare {
    /// A name, where nothing says otherwise.
    Name,
    /// A number, where it is not a part of a name.
    Number,
}

/// An expression without variables: a duration where a duration stands, any text in quotes, and otherwise a name or a number.
pub(crate) fn replaced(text: &str, bare: Bare) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    let mut quote: Option<char> = None;
    let mut brackets = 0_usize;
    while let Some(first) = rest.chars().next() {
        if let Some((name, after)) = variable(rest) {
            let next = after.chars().next();
            match quote {
                Some(_) => result.push(ANY),
                None => result.push_str(instead(name, &result, next, brackets > 0, bare)),
            }
            rest = after;
            continue;
        }
        rest = rest.get(first.len_utf8()..).unwrap_or_default();
        result.push(first);
        match (quote, first) {
            (Some('"' | '\''), '\\') => {
                if let Some(escaped) = rest.chars().next() {
                    result.push(escaped);
                    rest = rest.get(escaped.len_utf8()..).unwrap_or_default();
                }
            }
            (Some(open), close) if open == close => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(first),
            (None, '[') => brackets += 1,
            (None, ']') => brackets = brackets.saturating_sub(1),
            (None, _) => {}
        }
    }
    result
}

/// What stands in a variable's place outside of quotes.
fn instead(name: &str, before: &str, next: Option<char>, in_brackets: bool, bare: Bare) -> &'static str {
    match name {
        "__interval_ms" | "__range_ms" | "__range_s" | "__from" | "__to" => return "1",
        "__interval" | "__rate_interval" | "__range" => return "1m",
        _ => {}
    }
    let is_in_name = next.is_some_and(|next| is_word(next) || "{[:(".contains(next));
    let before_blanks = before.trim_end();
    let last = before.chars().next_back();
    let is_offset = before_blanks.ends_with("offset") && before_blanks.len() < before.len();
    if in_brackets || is_offset {
        // A unit may follow.
        return if next.is_some_and(|next| next.is_ascii_alphabetic()) { "1" } else { "1m" };
    }
    let after_digits = before.trim_end_matches(|one: char| one.is_ascii_digit() || one == '.');
    let is_in_number = after_digits.len() < before.len() && !after_digits.ends_with(is_word);
    let is_after_name = last.is_some_and(|last| is_word(last) || last == ':');
    let after_operator = before_blanks.ends_with(|one| "<>=+-*/%^".contains(one));
    match bare {
        _ if is_in_number => "1",
        _ if is_in_name || is_after_name => ANY_NAME,
        Bare::Name if !after_operator => ANY_NAME,
        _ => "1",
    }
}

/// A variable at the beginning of a text, by its name, and what comes after it: `$name`, `${name}`, `${name:format}`, `[[name]]`.
fn variable(text: &str) -> Option<(&str, &str)> {
    let (inner, after) = if let Some(inner) = text.strip_prefix("${") {
        inner.split_once('}')?
    } else if let Some(inner) = text.strip_prefix("[[") {
        inner.split_once("]]")?
    } else {
        let inner = text.strip_prefix('$')?;
        let end = inner.find(|one| !is_word(one)).unwrap_or(inner.len());
        (inner.get(..end)?, inner.get(end..)?)
    };
    let end = inner.find(|one| !is_word(one)).unwrap_or(inner.len());
    let name = inner.get(..end)?;
    // `$1` is a group of a regular expression.
    let begins = name.chars().next().is_some_and(|first| first == '_' || first.is_ascii_alphabetic());
    let ends = inner.get(end..)?.chars().next().is_none_or(|next| next == ':' || next == '.');
    (begins && ends).then_some((name, after))
}

fn is_word(one: char) -> bool {
    one == '_' || one.is_ascii_alphanumeric()
}

/// Whether a name or a text has the place of a variable in it.
pub(crate) fn has_variable(text: &str) -> bool {
    text.contains(ANY) || text.contains(ANY_NAME)
}
