//! Why a value does not fit its key.

use std::fmt;

use crate::{Range, ValueType};

/// Why a value does not fit its key. Its text continues a sentence that has named the key, as in
/// "`service.tier`: `silver` is none of `frontend`, `backend`, `batch`".
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Unfit {
    /// There is no value, or an empty one, where one is wanted.
    Missing,
    /// The value has another type.
    Type {
        /// The type that the key has.
        expected: ValueType,
        /// What was found, as people say it: `a string`, `text that is no integer`.
        found: String,
    },
    /// An integer that 64 bits with a sign can't hold.
    TooLarge {
        /// The integer's digits.
        value: String,
    },
    /// A number that is not a number, or infinite.
    NotFinite,
    /// A number outside the key's range.
    Range {
        /// The number.
        value: String,
        /// The key's range.
        range: Range,
    },
    /// A number that the key leaves out.
    Excepted {
        /// The number.
        value: String,
    },
    /// A value that the key's list of members doesn't hold.
    Members {
        /// The value.
        value: String,
        /// The members, each as it stands on the wire.
        members: Vec<String>,
    },
    /// Text that is longer than the key allows, both counted in characters.
    Length {
        /// The text's length.
        length: usize,
        /// The most that the key allows.
        max: u32,
    },
    /// A member of an object.
    Member {
        /// Its name.
        name: String,
        /// Why it does not fit.
        why: Box<Unfit>,
    },
    /// Text that the key's template doesn't describe.
    Matches {
        /// The text.
        value: String,
        /// The template, as the contract writes it.
        template: String,
        /// The keys that its holes name, with the values that these holes equal.
        keys: Vec<(String, String)>,
    },
}

/// How many members a message lists before it says how many more there are.
const MEMBERS_SHOWN: usize = 8;

/// How much of a value a message quotes, in characters: a message must not be a way to flood a log.
const VALUE_SHOWN: usize = 80;

fn shown(value: &str) -> String {
    let mut text: String =
        value.chars().take(VALUE_SHOWN).flat_map(|character| character.escape_debug()).collect();
    if value.chars().nth(VALUE_SHOWN).is_some() {
        text.push('…');
    }
    text
}

impl fmt::Display for Unfit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unfit::Missing => formatter.write_str("there is no value"),
            Unfit::Type { expected, found } => write!(formatter, "expected `{expected}`, found {found}"),
            Unfit::TooLarge { value } => {
                write!(formatter, "`{}` does not fit a signed integer of 64 bits", shown(value))
            }
            Unfit::Member { name, why } => write!(formatter, "`{}`: {why}", shown(name)),
            Unfit::NotFinite => formatter.write_str("the number is not finite"),
            Unfit::Range { value, range } => {
                write!(formatter, "`{}` is outside the range `{range}`", shown(value))
            }
            Unfit::Excepted { value } => write!(formatter, "`{}` is excepted", shown(value)),
            Unfit::Members { value, members } => {
                write!(formatter, "`{}` is none of ", shown(value))?;
                for (index, member) in members.iter().take(MEMBERS_SHOWN).enumerate() {
                    let separator = if index == 0 { "" } else { ", " };
                    write!(formatter, "{separator}`{}`", shown(member))?;
                }
                match members.len().checked_sub(MEMBERS_SHOWN) {
                    Some(rest) if rest > 0 => write!(formatter, " and {rest} more"),
                    _ => Ok(()),
                }
            }
            Unfit::Length { length, max } => {
                write!(formatter, "{length} characters are more than the {max} that are allowed")
            }
            Unfit::Matches { value, template, keys } => {
                write!(formatter, "`{}` does not match `{}`", shown(value), shown(template))?;
                for (index, (key, value)) in keys.iter().enumerate() {
                    let joined = if index == 0 { ", where" } else { " and" };
                    write!(formatter, "{joined} `{{{}}}` is `{}`", shown(key), shown(value))?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for Unfit {}
