//! How a mistake of syntax is told by what stands around it.

use slo_grammar::{Around, Construct};

/// A mistake that people make, and what to do about it.
///
/// In `before` and `found` these stand for a class of tokens: `NAME` for a word or a key, `DOTTED` for a
/// key of several parts, `TEXT` for a text in quotes,
/// `NUMBER`, and `END` for a line's end or the text's. What stands in brackets that close is `{}`, `[]` or `()`.
#[derive(Debug)]
pub(super) struct Mistake {
    /// What it stands in; nothing where that doesn't matter.
    within: &'static [Construct],
    /// The last tokens before it, each with its alternatives between `/`; all of them where `^` stands first. What
    /// stands before `…` stands anywhere before the rest.
    before: &'static str,
    /// The token itself, with its alternatives.
    found: &'static str,
    /// The token behind it, where that matters.
    next: Option<&'static str>,
    /// What to do. `{first}` and `{last}` are the first and the last token before it, `{found}` and `{next}` itself and
    /// the one behind it.
    help: &'static str,
}

pub(super) const fn mistake(
    within: &'static [Construct],
    before: &'static str,
    found: &'static str,
    help: &'static str,
) -> Mistake {
    Mistake { within, before, found, next: None, help }
}

impl Mistake {
    /// Only where this token follows.
    pub(super) const fn then(self, next: &'static str) -> Mistake {
        Mistake { next: Some(next), ..self }
    }

    /// Whether it is this mistake that was made.
    pub(super) fn is_made(&self, found: &str, around: &Around) -> bool {
        (self.within.is_empty() || self.within.contains(&around.construct))
            && self.found.split(' ').any(|pattern| is_like(found, pattern))
            && self.next.is_none_or(|next| next.split(' ').any(|pattern| is_like(&around.next, pattern)))
            && self.follows(&around.before)
    }

    fn follows(&self, before: &[String]) -> bool {
        let (anywhere, last) = self.before.split_once(" … ").unwrap_or(("", self.before));
        let (whole, last) = match last.strip_prefix('^') {
            Some(last) => (true, last),
            None => (false, last),
        };
        let last: Vec<&str> = last.split_whitespace().collect();
        let Some(start) = before.len().checked_sub(last.len()) else { return false };
        let (earlier, tokens) = before.split_at(start);
        (earlier.is_empty() || !whole)
            && (anywhere.is_empty() || earlier.iter().any(|token| token == anywhere))
            && tokens
                .iter()
                .zip(&last)
                .all(|(token, patterns)| patterns.split('/').any(|pattern| is_like(token, pattern)))
    }

    pub(super) fn help(&self, found: &str, around: &Around) -> String {
        let before = |token: Option<&String>| token.map_or("…", String::as_str).to_owned();
        let next = if is_any_value(&around.next) { around.next.as_str() } else { "…" };
        let names = [
            ("{first}", before(around.before.first())),
            ("{last}", before(around.before.last())),
            ("{found}", found.to_owned()),
            ("{next}", next.to_owned()),
        ];
        let mut help = String::with_capacity(self.help.len());
        let mut rest = self.help;
        // One pass, so that a name in a text of the contract stays as it is written there.
        while let Some(open) = rest.find('{') {
            help.push_str(&rest[..open]);
            rest = &rest[open..];
            let (length, text) = names
                .iter()
                .find(|(name, _)| rest.starts_with(name))
                .map_or((1, "{"), |(name, text)| (name.len(), text.as_str()));
            help.push_str(text);
            rest = &rest[length..];
        }
        help.push_str(rest);
        help
    }
}

fn is_like(token: &str, pattern: &str) -> bool {
    match pattern {
        "DOTTED" => token.contains('.') && is_like(token, "NAME"),
        "NAME" => token.starts_with(|first: char| first == '_' || first.is_alphabetic()),
        "TEXT" => token.starts_with('"'),
        "NUMBER" => token.starts_with(|first: char| first.is_ascii_digit()),
        "END" => matches!(token, "" | "\n" | "\r" | "\r\n"),
        _ => token == pattern,
    }
}

fn is_any_value(token: &str) -> bool {
    ["NAME", "TEXT", "NUMBER"].into_iter().any(|class| is_like(token, class))
}
