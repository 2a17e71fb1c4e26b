//! Where something stands.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// A place in a file of a registry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, by its path from the registry's folder.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: u32,
    /// The column, in characters from 1.
    pub column: u32,
}

impl Place {
    /// The beginning of a file.
    pub(crate) fn start(file: &Arc<str>) -> Place {
        Place { file: Arc::clone(file), line: 1, column: 1 }
    }
}

impl Place {
    /// The same place, its file named by the way to it through the registry's folder.
    #[must_use]
    pub fn below(&self, folder: &Path) -> Place {
        let file = folder.join(&*self.file);
        Place { file: Arc::from(file.to_string_lossy().as_ref()), ..self.clone() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:{}", shown(&self.file), self.line, self.column)
    }
}

/// A value with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub place: Place,
}

impl<T> Placed<T> {
    /// Another value at the same place.
    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Placed<U> {
        Placed { value: change(self.value), place: self.place }
    }
}

/// A text from outside as a message has it: on one line, without what moves a terminal's cursor, and not too long.
pub(crate) fn shown(text: &str) -> String {
    const LENGTH: usize = 200;
    let unseen = |one: char| {
        one.is_control()
            || matches!(one, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
    };
    let mut shown: String =
        text.chars().take(LENGTH).map(|one| if unseen(one) { '\u{fffd}' } else { one }).collect();
    if text.chars().nth(LENGTH).is_some() {
        shown.push('…');
    }
    shown
}
