//! Text from outside, as a message quotes it.

use std::fmt;

/// How much of a text a message quotes, in characters: a message must not be a way to flood a log.
const LENGTH: usize = 80;

/// A text that somebody else wrote, cut to a length and without anything that could forge a line of a log.
pub struct Shown<'a>(pub &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars().take(LENGTH) {
            write!(formatter, "{}", character.escape_debug())?;
        }
        if self.0.chars().nth(LENGTH).is_some() {
            formatter.write_str("…")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_break_is_escaped_and_a_long_text_cut() {
        assert_eq!(Shown("a\nb").to_string(), r"a\nb");
        assert_eq!(Shown(&"x".repeat(81)).to_string(), format!("{}…", "x".repeat(80)));
    }
}
