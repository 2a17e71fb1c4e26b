//! What can be wrong with a text before its meaning is looked at.

use crate::{Around, Place};

/// A mistake of syntax.
#[derive(Clone, Debug, PartialEq)]
pub struct SyntaxError {
    /// What is wrong.
    pub kind: SyntaxErrorKind,
    /// Where.
    pub place: Place,
}

impl SyntaxError {
    /// Whether it is the same mistake: of the same kind in a smaller place, or at the very place.
    pub(crate) fn is_inside(&self, other: &SyntaxError) -> bool {
        let same = std::mem::discriminant(&self.kind) == std::mem::discriminant(&other.kind);
        self.place == other.place
            || (same && other.place.start <= self.place.start && self.place.end <= other.place.end)
    }

    /// Whether more was expected where the text ends.
    pub(crate) fn is_at_the_end(&self) -> bool {
        matches!(&self.kind, SyntaxErrorKind::Unexpected { found, .. } if found.is_empty())
    }
}

/// The kinds of mistake.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum SyntaxErrorKind {
    /// Something else stood where one of these was expected.
    Unexpected {
        /// What could stand there, as people call it.
        expected: Vec<&'static str>,
        /// What stands there: a token; a line's end as it is written; nothing at the end.
        found: String,
        /// What stands around it.
        around: Box<Around>,
    },
    /// A bracket that nothing closes.
    NotClosed {
        /// The bracket.
        bracket: char,
    },
    /// A bracket that closes nothing.
    NotOpened {
        /// The bracket.
        bracket: char,
    },
    /// A text without its closing quote on the same line.
    StringNotClosed,
    /// `\q` and its like.
    UnknownEscape {
        /// The escape as it is written.
        escape: String,
    },
    /// Brackets inside brackets, deeper than [`crate::limits::NESTING`].
    TooDeep,
    /// An item longer than [`crate::limits::ITEM_BYTES`].
    ItemTooLong,
    /// An item that begins with a word that begins none.
    UnknownDeclaration {
        /// The word.
        word: String,
        /// The keyword that it may have been meant to be.
        nearest: Option<&'static str>,
    },
    /// A declaration of the language that this release does not compile.
    NotInThisRelease {
        /// The keyword.
        keyword: &'static str,
    },
    /// A doc comment after which nothing comes that it could describe.
    DocWithoutItem,
    /// A doc comment before what has none of its kind.
    MisplacedDoc {
        /// Whether it is `//!` rather than `///`.
        inner: bool,
        /// The keyword of what follows.
        keyword: String,
    },
    /// A key, name or text longer than [`crate::limits::NAME_BYTES`] or [`crate::limits::STRING_BYTES`].
    TooLong {
        /// What is too long.
        what: &'static str,
        /// How long it may be, in bytes.
        limit: usize,
    },
    /// A key with an empty part, such as `service."".name`.
    EmptyPart,
    /// A character that makes text read otherwise than it is stored.
    BidirectionalControl {
        /// The character.
        character: char,
    },
    /// A control character that isn't a tab or a newline.
    ControlCharacter {
        /// The character.
        character: char,
    },
}
