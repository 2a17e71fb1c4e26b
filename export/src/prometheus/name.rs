//! Names as the text has them.

use std::fmt;

use super::accept::Escaping;
use super::families::Labels;

/// Text that stands within double quotes: a label's value, a name in quotes, and the help of OpenMetrics (OpenMetrics
/// 1.0.0, "ABNF", `escaped-char`). Nothing else ends a line or a text.
pub(super) struct Quoted<'t>(pub(super) &'t str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        escape(self.0, &['\\', '"', '\n'], formatter)
    }
}

/// The help of Prometheus's own text, in which a quote stays (Prometheus, "Exposition formats", "Comments, help text, and
/// type information").
pub(super) struct Help<'t>(pub(super) &'t str);

impl fmt::Display for Help<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        escape(self.0, &['\\', '\n'], formatter)
    }
}

fn escape(text: &str, special: &[char], formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut rest = text;
    while let Some(at) = rest.find(special) {
        let (before, from) = rest.split_at(at);
        formatter.write_str(before)?;
        formatter.write_str(match from.as_bytes().first() {
            Some(b'\n') => "\\n",
            Some(b'"') => "\\\"",
            _ => "\\\\",
        })?;
        // Each of them is one byte.
        rest = from.get(1..).unwrap_or_default();
    }
    formatter.write_str(rest)
}

/// Whether a metric of this name needs no quotes.
pub(super) fn is_plain_metric(name: &str) -> bool {
    is_plain(name, |character| character == '_' || character == ':')
}

/// Whether a label of this name needs no quotes.
pub(super) fn is_plain_label(name: &str) -> bool {
    is_plain(name, |character| character == '_')
}

fn is_plain(name: &str, also: impl Fn(char) -> bool) -> bool {
    !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name.chars().all(|character| character.is_ascii_alphanumeric() || also(character))
}

/// A metric's name for a scraper that takes such names, or none where none can be made of it.
pub(super) fn metric(name: String, escaping: Escaping) -> Option<String> {
    exposed(name, escaping, is_plain_metric, |character| character == '_' || character == ':')
}

/// A label's name for a scraper that takes such names, or none where none can be made of it.
pub(super) fn label(name: String, escaping: Escaping) -> Option<String> {
    exposed(name, escaping, is_plain_label, |character| character == '_')
}

/// Labels for a scraper that takes such names. Some may become the same then; their values are joined with `;`, as the
/// server joins those of attributes. None where a name can't be in the text.
pub(super) fn labels(labels: Labels, escaping: Escaping) -> Option<Labels> {
    let mut exposed: Labels = Vec::with_capacity(labels.len());
    for (label, value) in labels {
        let label = self::label(label, escaping)?;
        match exposed.iter_mut().find(|(own, _)| *own == label) {
            Some((_, joined)) => {
                joined.push(';');
                joined.push_str(&value);
            }
            None => exposed.push((label, value)),
        }
    }
    // `..name..` becomes it.
    exposed.retain(|(label, _)| label != "__name__");
    exposed.sort_unstable();
    Some(exposed)
}

/// Names that stand in quotes must not have a NUL in them, on which the server's parser ends. Underscores stand for each
/// character that doesn't fit, and for a digit in front, as `escaping=underscores` has it (Prometheus, "Content Negotiation";
/// `model.EscapeName` of its common library). There a label keeps `:`, which no label of the text may have: not here.
fn exposed(
    name: String,
    escaping: Escaping,
    is_plain: impl Fn(&str) -> bool,
    also: impl Fn(char) -> bool,
) -> Option<String> {
    if name.is_empty() {
        return None;
    }
    if is_plain(&name) {
        return Some(name);
    }
    match escaping {
        Escaping::AllowUtf8 => (!name.contains('\0')).then_some(name),
        Escaping::Underscores => {
            let fits = |(index, character): (usize, char)| {
                let digit = character.is_ascii_digit() && index > 0;
                if digit || character.is_ascii_alphabetic() || also(character) { character } else { '_' }
            };
            Some(name.chars().enumerate().map(fits).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_its_line_or_its_quotes() {
        assert_eq!(Quoted("a\"b\\c\nd\re").to_string(), "a\\\"b\\\\c\\nd\re");
        assert_eq!(Help("a\"b\\c\nd").to_string(), "a\"b\\\\c\\nd");
        assert_eq!(Quoted("").to_string(), "");
        assert_eq!(Quoted("\n名\n").to_string(), "\\n名\\n");
    }

    #[test]
    fn names_are_escaped_for_scrapers_that_want_it() {
        for (name, metric_name, label_name) in [
            ("a:b", "a:b", "a_b"),
            ("a.b", "a_b", "a_b"),
            ("5xx", "_xx", "_xx"),
            ("名前", "__", "__"),
            ("a\0b", "a_b", "a_b"),
        ] {
            assert_eq!(metric(name.to_owned(), Escaping::Underscores).as_deref(), Some(metric_name));
            assert_eq!(label(name.to_owned(), Escaping::Underscores).as_deref(), Some(label_name));
        }
        assert_eq!(metric("a.\"\n".to_owned(), Escaping::AllowUtf8).as_deref(), Some("a.\"\n"));
        for escaping in [Escaping::AllowUtf8, Escaping::Underscores] {
            assert_eq!(metric(String::new(), escaping), None);
        }
        assert_eq!(label("a\0".to_owned(), Escaping::AllowUtf8), None);
    }
}
