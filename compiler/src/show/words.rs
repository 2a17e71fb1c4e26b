//! Numbers, lists and templates in words.

use crate::ir::{Template, TemplatePart};
use crate::text::grouped;

/// An integer as the language writes it: `-5_000`.
pub(super) fn integer(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", grouped(number.unsigned_abs()))
}

/// How many of many a text lists before it says how many more there are.
const SHOWN: usize = 8;

/// The first few of many, and how many more there are.
pub(super) fn first_few<T>(all: &[T]) -> (&[T], Option<String>) {
    match all.split_at_checked(SHOWN) {
        Some((first, rest)) if !rest.is_empty() => {
            (first, Some(format!("and {} more", grouped(rest.len() as u64))))
        }
        _ => (all, None),
    }
}

/// A template as the contract writes it, without its quotes.
pub(super) fn template(template: &Template) -> String {
    let part = |part: &TemplatePart| match part {
        TemplatePart::Text(text) => text.replace('{', "{{").replace('}', "}}"),
        TemplatePart::Hole(name) | TemplatePart::Key(name) => format!("{{{name}}}"),
    };
    template.parts.iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_grouped_behind_their_sign() {
        assert_eq!(integer(999), "999");
        assert_eq!(integer(-1_000), "-1_000");
        assert_eq!(integer(i64::MIN), "-9_223_372_036_854_775_808");
    }

    #[test]
    fn a_long_list_says_how_many_more_there_are() {
        assert_eq!(first_few(&[0; 8]), (&[0; 8][..], None));
        assert_eq!(first_few(&[0; 1_009]), (&[0; 8][..], Some("and 1_001 more".to_owned())));
    }
}
