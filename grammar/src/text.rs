//! Text of a contract that the tree shares with its file.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use crate::TokenRange;

/// The text of a file, which the tree's texts are stretches of.
#[derive(Debug)]
pub(crate) struct Source(pub(crate) Arc<str>);

/// A stretch of a file's text; where escapes or quotes were resolved, a text of its own. It reads as a `str`.
#[derive(Clone)]
pub struct Text {
    source: Arc<Source>,
    start: u32,
    end: u32,
}

impl Text {
    /// The text from `start` to `end` of a file.
    pub(crate) fn stretch(source: &Arc<Source>, start: u32, end: u32) -> Text {
        Text { source: Arc::clone(source), start, end }
    }

    /// How long it is, in bytes.
    #[must_use]
    pub const fn len(&self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it holds nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.end == self.start
    }

    /// The text itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.source.0.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}

impl Default for Text {
    fn default() -> Text {
        Text::from("")
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text { end: text.len() as u32, source: Arc::new(Source(Arc::from(text))), start: 0 }
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        Text::from(text.as_str())
    }
}

impl From<Text> for String {
    fn from(text: Text) -> String {
        text.as_str().to_owned()
    }
}

impl From<&Text> for String {
    fn from(text: &Text) -> String {
        text.as_str().to_owned()
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), formatter)
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Text {}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialEq<String> for Text {
    fn eq(&self, other: &String) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<Text> for str {
    fn eq(&self, other: &Text) -> bool {
        self == other.as_str()
    }
}

impl PartialEq<Text> for &str {
    fn eq(&self, other: &Text) -> bool {
        *self == other.as_str()
    }
}

impl PartialEq<Text> for String {
    fn eq(&self, other: &Text) -> bool {
        self == other.as_str()
    }
}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Text) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Text) -> Ordering {
        self.as_str().cmp(other)
    }
}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

/// The doc comment of a declaration, as it is written: its tokens, and the lines that they stand on.
#[derive(Clone, Debug, Default)]
pub struct Docs {
    /// The tokens, one a line, with the ends of the lines between them.
    pub tokens: TokenRange,
    /// From the first `///` or `//!` to the end of the last line.
    pub(crate) written: Text,
}

impl Docs {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The last line's token.
    pub(crate) fn last(&self) -> Option<usize> {
        let end = self.tokens.end.checked_sub(1)?;
        (!self.is_empty()).then_some(end as usize)
    }

    /// The lines, without what marks them as docs.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        // One character at a time is looked for in an eighth of the time that two take.
        let lines = self.written.as_str().split('\n').flat_map(|line| line.split('\r'));
        // Comments may stand between.
        let docs = lines.map(|line| line.trim_start_matches([' ', '\t']));
        docs.filter(|line| is_doc(line.as_bytes())).map(|line| {
            let text = line.get(3..).unwrap_or("");
            text.strip_prefix(' ').unwrap_or(text).trim_end()
        })
    }

    /// The lines as one text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(self.written.len());
        for line in self.lines() {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(line);
        }
        text
    }
}

/// Whether a line is one of a doc comment: `///` or `//!`, and no `////`.
pub(crate) fn is_doc(line: &[u8]) -> bool {
    matches!(line, [b'/', b'/', b'!', ..])
        || (matches!(line, [b'/', b'/', b'/', ..]) && line.get(3) != Some(&b'/'))
}
