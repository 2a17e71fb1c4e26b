//! Texts in quotes, and the templates that some of them are.

/// Resolves the escapes of what stands between two quotes.
///
/// # Errors
/// Gives the offset and the text of an escape that the language doesn't have.
pub(crate) fn unescape(quoted: &str) -> Result<String, (usize, String)> {
    let mut text = String::with_capacity(quoted.len());
    let mut rest = quoted;
    while let Some(position) = rest.find('\\') {
        text.push_str(&rest[..position]);
        let offset = quoted.len() - rest.len() + position;
        let escape = &rest[position..];
        let (character, length) = match escape.as_bytes().get(1) {
            Some(b'"') => ('"', 2),
            Some(b'\\') => ('\\', 2),
            Some(b'n') => ('\n', 2),
            Some(b't') => ('\t', 2),
            _ => unicode(escape).ok_or_else(|| (offset, shown(escape)))?,
        };
        text.push(character);
        rest = &escape[length..];
    }
    text.push_str(rest);
    Ok(text)
}

/// How long the text in quotes is that `text` begins with.
pub(crate) fn quoted_length(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 2)
}

/// Whether a character makes text read otherwise than it is stored.
pub(crate) const fn is_bidirectional(character: char) -> bool {
    matches!(
        character,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}'
    )
}

/// `\u{1F600}`: up to six hexadecimal digits of a character that isn't a control of text's direction.
fn unicode(escape: &str) -> Option<(char, usize)> {
    let digits = escape.strip_prefix("\\u{")?.split_once('}')?.0;
    if digits.is_empty() || digits.len() > 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let character = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
    Some((character, "\\u{}".len() + digits.len()))
}

/// An escape as an error quotes it.
fn shown(escape: &str) -> String {
    match escape.strip_prefix("\\u{").and_then(|rest| rest.split_once('}')) {
        Some((digits, _)) if digits.len() <= 12 => format!("\\u{{{digits}}}"),
        _ => escape.chars().take(2).collect(),
    }
}

/// Writes text as the language quotes it.
#[must_use]
pub fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() => quoted.push_str(&format!("\\u{{{:x}}}", control as u32)),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplatePart {
    /// Text that stands there as it is.
    Text(String),
    /// `{name}`
    Hole(String),
}

/// What can be wrong with a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateError {
    /// `{` without `}`.
    NotClosed,
    /// `}` without `{`.
    NotOpened,
    /// `{}`, or a hole whose name is no name.
    BadHole,
}

/// Cuts a template such as `{team}-{product}` into its parts; `{{` and `}}` are braces.
///
/// # Errors
/// Says what is wrong with its braces.
pub fn template_parts(template: &str) -> Result<Vec<TemplatePart>, TemplateError> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut rest = template;
    while let Some(position) = rest.find(['{', '}']) {
        let (before, at) = rest.split_at(position);
        text.push_str(before);
        if let Some(after) = at.strip_prefix("{{") {
            text.push('{');
            rest = after;
        } else if let Some(after) = at.strip_prefix("}}") {
            text.push('}');
            rest = after;
        } else if let Some(hole) = at.strip_prefix('{') {
            let (name, after) = hole
                .split_once('}')
                .filter(|(name, _)| !name.contains('{'))
                .ok_or(TemplateError::NotClosed)?;
            let fits = |character: char| character.is_alphanumeric() || "_.-".contains(character);
            if name.is_empty() || !name.chars().all(fits) {
                return Err(TemplateError::BadHole);
            }
            if !text.is_empty() {
                parts.push(TemplatePart::Text(std::mem::take(&mut text)));
            }
            parts.push(TemplatePart::Hole(name.to_owned()));
            rest = after;
        } else {
            return Err(TemplateError::NotOpened);
        }
    }
    text.push_str(rest);
    if !text.is_empty() {
        parts.push(TemplatePart::Text(text));
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escapes_are_resolved_or_named() {
        assert_eq!(unescape(r#"a\"b\\c\n\t\u{e9}"#), Ok("a\"b\\c\n\té".to_owned()));
        assert_eq!(unescape(r"ab\q"), Err((2, r"\q".to_owned())));
        assert_eq!(unescape(r"\u{d800}"), Err((0, r"\u{d800}".to_owned())));
        assert_eq!(unescape(r"\u{}"), Err((0, r"\u{}".to_owned())));
    }

    #[test]
    fn a_template_is_cut_at_its_holes() {
        use TemplatePart::{Hole, Text};
        assert_eq!(
            template_parts("{team}-{{x}}{env}"),
            Ok(vec![Hole("team".into()), Text("-{x}".into()), Hole("env".into())])
        );
        assert_eq!(template_parts("{team"), Err(TemplateError::NotClosed));
        assert_eq!(template_parts("{team-{env}"), Err(TemplateError::NotClosed));
        assert_eq!(template_parts("team}"), Err(TemplateError::NotOpened));
        assert_eq!(template_parts("{}"), Err(TemplateError::BadHole));
    }

    proptest! {
        #[test]
        fn what_is_quoted_reads_back(text in "\\PC*[\n\t\"\\\\]?\\PC*") {
            let quoted = quote(&text);
            prop_assert_eq!(unescape(&quoted[1..quoted.len() - 1]), Ok(text));
        }
    }
}
