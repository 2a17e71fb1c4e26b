//! What can be wrong with a text before its meaning is looked at.

use crate::around::Around;
use crate::{Place, limits};

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
    fn is_inside(&self, other: &SyntaxError) -> bool {
        let same = std::mem::discriminant(&self.kind) == std::mem::discriminant(&other.kind);
        self.place == other.place
            || (same && other.place.start <= self.place.start && self.place.end <= other.place.end)
    }

    /// Whether more was expected where the text ends.
    pub(crate) fn is_at_the_end(&self) -> bool {
        matches!(&self.kind, SyntaxErrorKind::Unexpected { found, .. } if found.is_empty())
    }
}

/// The mistakes of a file, so many that a person can read them.
pub(crate) struct Errors {
    errors: Vec<SyntaxError>,
    /// How many of them are about characters.
    characters: usize,
    /// How many more there are, and where the first of them is.
    more: Option<(usize, Place)>,
    count: usize,
    off: bool,
}

impl Errors {
    /// Begins with those about characters.
    pub(crate) fn new(errors: Vec<SyntaxError>) -> Errors {
        Errors { characters: errors.len(), errors, more: None, count: 0, off: false }
    }

    pub(crate) fn push(&mut self, error: SyntaxError) {
        self.count += 1;
        self.off = error.is_at_the_end();
        // A character that must not stand in a file was reported as such.
        if self.errors.iter().take(self.characters).any(|other| other.is_inside(&error)) {
            return;
        }
        if self.are_shown() {
            self.errors.push(error);
        } else {
            self.more.get_or_insert((0, error.place)).0 += 1;
        }
    }

    /// Whether the next one is shown.
    pub(crate) fn are_shown(&self) -> bool {
        self.errors.len() < limits::FILE_ERRORS
    }

    /// How many there are, shown or not.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Whether the last one was that more was expected where the text ends.
    pub(crate) fn last_is_at_the_end(&self) -> bool {
        self.off
    }

    /// All in the order of the text.
    pub(crate) fn finish(mut self) -> Vec<SyntaxError> {
        if let Some((count, place)) = self.more {
            self.errors.push(SyntaxError { kind: SyntaxErrorKind::More { count }, place });
        }
        self.errors.sort_by_key(|error| error.place.start);
        self.errors
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
    /// What is read as one, longer than [`crate::limits::PART_TOKENS`].
    PartTooLong,
    /// A block with more entries than [`crate::limits::BLOCK_ENTRIES`].
    TooManyEntries,
    /// More mistakes than [`crate::limits::FILE_ERRORS`] in one file.
    More {
        /// How many more.
        count: usize,
    },
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
