//! Cuts a file into items before any of them is parsed, so that a mistake in one hides none in another.
//!
//! An item ends with its line, unless a bracket is open, the line ends in `,` `:` `=` `|` `->` or `=>`, or the next
//! line begins with the `{` that it waits for. An item that doesn't close, or closes too much, ends before the next
//! line that begins with a declaration's keyword or with `///`. Nesting is counted here, before the parser
//! recurses.

use crate::{FileId, Place, SyntaxError, SyntaxErrorKind, limits};

/// The keywords of the declarations that this release compiles.
pub const DECLARATIONS: [&str; 12] = [
    "package",
    "use",
    "attribute",
    "refine",
    "group",
    "resource",
    "scope",
    "policy",
    "metric",
    "meaning",
    "view",
    "event",
];

/// The keywords of the declarations that the language has and a later release will compile.
pub const LATER_DECLARATIONS: [&str; 7] =
    ["span", "log", "entity", "classify", "normalize", "correlation", "objective"];

/// These stand inside blocks as well, so that a line which begins with one of them begins a declaration only where
/// none is open.
const ALSO_INSIDE: [&str; 4] = ["metric", "span", "log", "entity"];

/// Words that follow a key in a list; a keyword before one of them is a key.
const FOLLOW_A_KEY: [&str; 9] =
    ["as", "required", "recommended", "opt_in", "if", "via", "in", "not", "present"];

/// A piece of a file: an item with its docs, without the blanks and comments around it.
#[derive(Debug)]
pub(crate) struct Piece {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Where the declaration begins, behind the docs.
    pub(crate) declaration: usize,
    /// What makes it unreadable, if something does.
    pub(crate) error: Option<SyntaxError>,
}

/// Cuts `text`, which is at most [`limits::FILE_BYTES`] long.
pub(crate) fn split(file: FileId, text: &str) -> Vec<Piece> {
    let mut splitter = Splitter { file, text, bytes: text.as_bytes(), at: 0 };
    if text.starts_with('\u{feff}') {
        splitter.at = '\u{feff}'.len_utf8();
    }
    let mut pieces = Vec::new();
    while let Some(piece) = splitter.piece() {
        pieces.push(piece);
    }
    pieces
}

struct Splitter<'t> {
    file: FileId,
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
}

impl Splitter<'_> {
    fn piece(&mut self) -> Option<Piece> {
        self.at = self.skip_blank(self.at);
        let start = self.at;
        if start >= self.bytes.len() {
            return None;
        }
        let mut end = start;
        while self.is_doc(self.at) {
            end = self.line_end(self.at);
            self.at = self.skip_blank(end);
            // Docs of a file that belong to no item, where a blank line and another doc's kind follow, are read as
            // one run: the grammar says whether they may stand there.
        }
        let declaration = self.at;
        if declaration >= self.bytes.len() {
            self.at = self.bytes.len();
            let error = self.error(SyntaxErrorKind::DocWithoutItem, start, end);
            return Some(Piece { start, end, declaration: end, error: Some(error) });
        }
        let (end, error) = self.declaration(declaration);
        self.at = end.max(declaration + 1);
        let error = error.or_else(|| {
            (end - start > limits::ITEM_BYTES)
                .then(|| self.error(SyntaxErrorKind::ItemTooLong, declaration, declaration + 1))
        });
        Some(Piece { start, end: self.at, declaration, error })
    }

    /// Follows a declaration to its end; gives the byte behind it and its first mistake.
    fn declaration(&self, start: usize) -> (usize, Option<SyntaxError>) {
        let mut at = start;
        let mut end = start;
        let mut open: Vec<(u8, usize)> = Vec::new();
        let mut error: Option<SyntaxError> = None;
        // Set where brackets no longer tell where the item ends.
        let mut lost = false;
        while at < self.bytes.len() {
            match self.bytes[at] {
                b'\n' | b'\r' => {
                    let next = self.line_start_after(at);
                    if self.begins_declaration(next, !open.is_empty() && !lost) {
                        break;
                    }
                    if open.is_empty() && !lost && !self.goes_on(end) && !self.waits_for_brace(end, next) {
                        break;
                    }
                    at = next;
                    continue;
                }
                b' ' | b'\t' => {}
                b'/' if self.is_comment(at) => {
                    at = self.line_end(at);
                    continue;
                }
                b'/' if self.is_doc(at) => {
                    at = self.line_end(at);
                    end = at;
                    continue;
                }
                b'"' => match self.string_end(at) {
                    Some(close) => {
                        at = close;
                        end = at;
                        continue;
                    }
                    None => {
                        let stop = self.line_end(at);
                        error.get_or_insert_with(|| self.error(SyntaxErrorKind::StringNotClosed, at, stop));
                        at = stop;
                        end = stop;
                        continue;
                    }
                },
                bracket @ (b'{' | b'[' | b'(') => {
                    open.push((bracket, at));
                    if open.len() > limits::NESTING {
                        error.get_or_insert_with(|| self.error(SyntaxErrorKind::TooDeep, at, at + 1));
                    }
                    end = at + 1;
                }
                bracket @ (b'}' | b']' | b')') => {
                    end = at + 1;
                    let opener = match bracket {
                        b'}' => b'{',
                        b']' => b'[',
                        _ => b'(',
                    };
                    match open.iter().rposition(|(other, _)| *other == opener) {
                        Some(index) => {
                            if let Some(&(bracket, place)) = open.get(index + 1) {
                                error.get_or_insert_with(|| self.not_closed(bracket, place));
                            }
                            open.truncate(index);
                        }
                        None => {
                            let kind = SyntaxErrorKind::NotOpened { bracket: char::from(bracket) };
                            error.get_or_insert_with(|| self.error(kind, at, at + 1));
                            lost = true;
                        }
                    }
                }
                _ => end = at + 1,
            }
            at += 1;
        }
        if let Some(&(bracket, place)) = open.first() {
            let error = error.unwrap_or_else(|| self.not_closed(bracket, place));
            let stop = if at >= self.bytes.len() { self.next_declaration(start) } else { at };
            return (self.trimmed(start, stop.min(end)), Some(error));
        }
        (end, error)
    }

    /// The first line behind `start` that begins a declaration or its docs, or the text's end.
    fn next_declaration(&self, start: usize) -> usize {
        let mut at = self.line_end(start);
        while at < self.bytes.len() {
            let next = self.line_start_after(at);
            if self.begins_declaration(next, false) {
                return next;
            }
            at = self.line_end(next);
        }
        self.bytes.len()
    }

    /// Whether the line at `at` begins a declaration. Inside an open bracket, docs and words that also begin
    /// something else don't count.
    fn begins_declaration(&self, at: usize, inside: bool) -> bool {
        let rest = &self.text[at..];
        if !inside && self.is_doc(at) {
            return true;
        }
        let inside_docs = inside && self.is_doc(at);
        if inside_docs {
            // The docs of the next declaration go with it.
            let mut next = at;
            while self.is_doc(next) {
                next = self.line_start_after(self.line_end(next));
            }
            return self.begins_declaration(next, true);
        }
        let word_end = rest.find(|character: char| !is_word(character)).unwrap_or(rest.len());
        let (word, rest) = rest.split_at(word_end);
        let keyword = DECLARATIONS.contains(&word) || LATER_DECLARATIONS.contains(&word);
        if !keyword || (inside && ALSO_INSIDE.contains(&word)) {
            return false;
        }
        let name = rest.trim_start_matches([' ', '\t']);
        let follows = name.split(|character: char| !is_word(character)).next().unwrap_or("");
        name.len() < rest.len()
            && name.starts_with(|first: char| is_word(first) || first == '"')
            && !FOLLOW_A_KEY.contains(&follows)
    }

    /// Whether the text that ends at `end` asks for more.
    fn goes_on(&self, end: usize) -> bool {
        let before = &self.bytes[..end];
        matches!(before.last(), Some(b',' | b':' | b'=' | b'|'))
            || before.ends_with(b"->")
            || before.ends_with(b"=>")
    }

    /// Whether the next thing is the `{` of a block whose header ends at `end`.
    fn waits_for_brace(&self, end: usize, next: usize) -> bool {
        let next = self.skip_blank(next);
        self.bytes.get(next) == Some(&b'{') && self.bytes.get(end.wrapping_sub(1)) != Some(&b'}')
    }

    /// Skips blanks, newlines and comments.
    fn skip_blank(&self, mut at: usize) -> usize {
        loop {
            match self.bytes.get(at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => at += 1,
                Some(b'/') if self.is_comment(at) => at = self.line_end(at),
                _ => return at,
            }
        }
    }

    fn is_doc(&self, at: usize) -> bool {
        let rest = &self.bytes[at.min(self.bytes.len())..];
        rest.starts_with(b"//!") || (rest.starts_with(b"///") && !rest.starts_with(b"////"))
    }

    fn is_comment(&self, at: usize) -> bool {
        self.bytes[at..].starts_with(b"//") && !self.is_doc(at)
    }

    fn line_end(&self, at: usize) -> usize {
        let rest = &self.bytes[at.min(self.bytes.len())..];
        at + rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len())
    }

    /// The first byte of the line behind the one that ends at `end`.
    fn line_start_after(&self, end: usize) -> usize {
        match self.bytes.get(end) {
            Some(b'\r') if self.bytes.get(end + 1) == Some(&b'\n') => end + 2,
            Some(_) => end + 1,
            None => end,
        }
    }

    fn string_end(&self, open: usize) -> Option<usize> {
        let mut at = open + 1;
        loop {
            match self.bytes.get(at)? {
                b'"' => return Some(at + 1),
                b'\n' | b'\r' => return None,
                b'\\' if !matches!(self.bytes.get(at + 1), Some(b'\n' | b'\r') | None) => at += 2,
                _ => at += 1,
            }
        }
    }

    /// `end` without the blanks and comments before it.
    fn trimmed(&self, start: usize, end: usize) -> usize {
        let mut last = start;
        let mut at = start;
        while at < end {
            at = self.skip_blank(at).min(end);
            if at < end {
                at = if self.bytes[at] == b'"' { self.string_end(at).unwrap_or(at + 1) } else { at + 1 };
                last = at.min(end);
            }
        }
        while !self.text.is_char_boundary(last) {
            last += 1;
        }
        last
    }

    fn not_closed(&self, bracket: u8, at: usize) -> SyntaxError {
        self.error(SyntaxErrorKind::NotClosed { bracket: char::from(bracket) }, at, at + 1)
    }

    fn error(&self, kind: SyntaxErrorKind, start: usize, end: usize) -> SyntaxError {
        SyntaxError { kind, place: Place::new(self.file, start as u32, end as u32) }
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}
