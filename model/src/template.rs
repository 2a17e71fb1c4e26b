//! Templates of `matches=`.

use crate::table::packed::packed;
use std::fmt;

packed! {
    /// One part of a [`Template`].
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Part<'a> {
        /// Text that stands there as it is.
        Text(text: &'a str),
        /// A hole: one or more letters, digits, `_` or `.`. Its name is for people.
        Hole(name: &'a str),
        /// The value of another key of the same resource or scope.
        Key(key: &'a str),
    }

    /// A template such as `{team}-{product}-{env}`.
    ///
    /// A hole is one or more letters, digits, `_` or `.`, so that `fin-pay-prod` matches `{team}-{product}-{env}` and
    /// `fin-eu-pay-prod` does not.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Template<'a> {
        /// The template's parts, in their order.
        pub parts: &'a [Part<'a>],
    }
}

/// Whether a hole may hold this character.
fn in_hole(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '.'
}

impl Template<'_> {
    /// Whether the template describes `text`. `value_of` gives the value of another key; where it gives none, the
    /// key's part stands for any text that isn't empty.
    ///
    /// Every way of sharing the text out among the holes is tried, in time proportional to the text's length
    /// times the number of parts: the set of places that a prefix of the parts can reach is carried along.
    #[must_use]
    pub fn matches<'v>(&self, text: &str, value_of: impl Fn(&str) -> Option<&'v str>) -> bool {
        // `reached[i]`: the parts so far describe exactly the first `i` bytes of the text.
        let mut reached = vec![false; text.len() + 1];
        reached[0] = true;
        for part in self.parts {
            reached = match part {
                Part::Text(literal) => after_text(&reached, text, literal),
                Part::Hole(_) => after_run(&reached, text, in_hole),
                Part::Key(key) => match value_of(key) {
                    Some(value) => after_text(&reached, text, value),
                    None => after_run(&reached, text, |_| true),
                },
            };
        }
        reached.last().copied().unwrap_or(false)
    }
}

fn after_text(reached: &[bool], text: &str, literal: &str) -> Vec<bool> {
    let mut next = vec![false; reached.len()];
    for (index, _) in reached.iter().enumerate().filter(|(_, reached)| **reached) {
        if text.as_bytes().get(index..).is_some_and(|rest| rest.starts_with(literal.as_bytes())) {
            next[index + literal.len()] = true;
        }
    }
    next
}

/// One or more characters that `allowed` lets pass.
fn after_run(reached: &[bool], text: &str, allowed: impl Fn(char) -> bool) -> Vec<bool> {
    let mut next = vec![false; reached.len()];
    let mut running = false;
    for (index, character) in text.char_indices() {
        running = (running || reached[index]) && allowed(character);
        if running {
            next[index + character.len_utf8()] = true;
        }
    }
    next
}

/// Writes the template as a contract does, with `{{` and `}}` for braces.
impl fmt::Display for Template<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in self.parts {
            match part {
                Part::Text(text) => {
                    formatter.write_str(&text.replace('{', "{{").replace('}', "}}"))?;
                }
                Part::Hole(name) | Part::Key(name) => write!(formatter, "{{{name}}}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NAME: Template<'static> = Template {
        parts: &[
            Part::Hole("team"),
            Part::Text("-"),
            Part::Hole("product"),
            Part::Text("-"),
            Part::Hole("env"),
        ],
    };

    #[test]
    fn a_hole_is_letters_digits_underscores_and_dots() {
        let matches = |text| NAME.matches(text, |_| None);
        assert!(matches("fin-pay-prod"));
        assert!(matches("fin-pay_2-prod.eu"));
        assert!(matches("équipe-pay-prod"));
        assert!(!matches("fin-eu-pay-prod"));
        assert!(!matches("fin--prod"));
        assert!(!matches("fin-pay-"));
        assert!(!matches("fin pay-pay-prod"));
        assert!(!matches(""));
    }

    #[test]
    fn a_key_equals_its_value_or_stands_for_any_text() {
        let template = Template {
            parts: &[Part::Hole("team"), Part::Text("-"), Part::Key("deployment.environment.name")],
        };
        assert!(template.matches("fin-eu-prod", |_| Some("eu-prod")));
        assert!(!template.matches("fin-eu-prod", |_| Some("prod")));
        assert!(template.matches("fin-eu-prod", |_| None));
        assert_eq!(template.to_string(), "{team}-{deployment.environment.name}");
    }

    /// The definition itself, tried in every way: the reference that the carried set is held to.
    fn by_definition(parts: &[Part<'_>], text: &str) -> bool {
        match parts.split_first() {
            None => text.is_empty(),
            Some((Part::Text(literal), rest)) => {
                text.strip_prefix(literal).is_some_and(|left| by_definition(rest, left))
            }
            Some((_, rest)) => text
                .char_indices()
                .take_while(|(_, character)| in_hole(*character))
                .any(|(index, character)| by_definition(rest, &text[index + character.len_utf8()..])),
        }
    }

    proptest! {
        #[test]
        fn agrees_with_its_definition(shape in "[ab-]{0,3}(\\{[ab-]{0,2}){0,4}", text in "[ab-]{0,9}") {
            let mut parts = Vec::new();
            for (index, literal) in shape.split('{').enumerate() {
                if index > 0 {
                    parts.push(Part::Hole("hole"));
                }
                parts.push(Part::Text(literal));
            }
            let template = Template { parts: &parts };
            prop_assert_eq!(template.matches(&text, |_| None), by_definition(&parts, &text));
        }
    }
}
