//! Cuts a file into items, and blocks into entries, before any of them is parsed, so that a mistake in one hides none
//! in another.
//!
//! An item ends with its line, unless a bracket is open, the line ends in `,` `:` `=` `|` `->` or `=>`, or the next
//! line begins with the `{` that it waits for: there the lexer gives no line's end. An item that doesn't close, or
//! closes too much, ends before the next line that begins with a declaration's keyword or with a doc comment.
//!
//! Every token is looked at a fixed number of times: which brackets belong together is found once for the file.

use std::ops::Range;

use crate::token::{Tokens, is_declaration, is_doc, is_key, kind};
use crate::{SyntaxErrorKind, TokenRange, limits};

/// Words that follow a key in a list; a keyword before one of them is a key.
const FOLLOW_A_KEY: [&str; 9] =
    ["as", "required", "recommended", "opt_in", "if", "via", "in", "not", "present"];

/// A piece of a file: an item with its docs.
#[derive(Debug)]
pub(crate) struct Piece {
    pub(crate) tokens: TokenRange,
    /// Where the declaration begins, behind the docs.
    pub(crate) declaration: usize,
    /// What makes it unreadable as a whole, with the token at which it does.
    pub(crate) broken: Option<(SyntaxErrorKind, usize)>,
}

/// Cuts the tokens of a file.
pub(crate) struct Splitter<'t> {
    text: &'t str,
    tokens: &'t Tokens,
    at: usize,
}

impl<'t> Splitter<'t> {
    /// `tokens` are those of `text`, with their brackets [paired](pair_brackets).
    pub(crate) fn new(text: &'t str, tokens: &'t Tokens) -> Splitter<'t> {
        Splitter { text, tokens, at: 0 }
    }

    pub(crate) fn piece(&mut self) -> Option<Piece> {
        self.at = behind_line_ends(self.tokens, self.at);
        let start = self.at;
        if start >= self.tokens.len() {
            return None;
        }
        let declaration = behind_docs(self.tokens, start);
        let (end, broken) = if declaration >= self.tokens.len() {
            (declaration, Some((SyntaxErrorKind::DocWithoutItem, start)))
        } else {
            self.declaration(declaration)
        };
        self.at = end.max(start + 1);
        let mut last = self.at;
        while last > start + 1 && self.tokens.at(last - 1) == kind::LINE_END {
            last -= 1;
        }
        let bytes = self.tokens.end(last - 1).saturating_sub(self.tokens.start(start)) as usize;
        let broken = broken
            .or_else(|| (bytes > limits::ITEM_BYTES).then_some((SyntaxErrorKind::ItemTooLong, declaration)));
        Some(Piece { tokens: TokenRange::new(start, last), declaration, broken })
    }

    /// Follows a declaration to its end; gives the token behind it, and what makes it unreadable.
    fn declaration(&self, start: usize) -> (usize, Option<(SyntaxErrorKind, usize)>) {
        let mut broken = None;
        let mut depth = 0_usize;
        // How many brackets nothing closes.
        let mut open = 0_usize;
        // Set where brackets no longer tell where the item ends.
        let mut lost = false;
        let mut at = start;
        while at < self.tokens.len() {
            let token = self.tokens.at(at);
            // Brackets that belong together have no such line between them.
            if at > start && (depth == 0 || lost) && self.begins_item(at) {
                break;
            }
            match token {
                kind::LINE_END if depth == 0 && !lost => break,
                b'{' | b'[' | b'(' => {
                    depth += 1;
                    if depth > limits::NESTING && !lost {
                        broken.get_or_insert((SyntaxErrorKind::TooDeep, at));
                    }
                }
                b'}' | b']' | b')' if depth > 0 => depth -= 1,
                kind::NOT_CLOSED if depth == 0 => {
                    lost = true;
                    open += 1;
                    if open == limits::NESTING + 1 {
                        broken = Some((SyntaxErrorKind::TooDeep, at));
                    }
                    broken.get_or_insert((not_closed(self.text, self.tokens, at), at));
                }
                b'}' | b']' | b')' | kind::NOT_OPENED if depth == 0 => {
                    lost = true;
                    broken.get_or_insert((not_opened(self.text, self.tokens, at), at));
                }
                _ => {}
            }
            at += 1;
        }
        (at, broken)
    }

    /// Whether a doc comment or a keyword begins an item there.
    fn begins_item(&self, at: usize) -> bool {
        let token = self.tokens.at(at);
        (is_declaration(token) || is_doc(token))
            && begins_line(self.text, self.tokens, at)
            && (is_doc(token) || begins_declaration(self.text, self.tokens, at))
    }
}

/// Finds which brackets belong together, and gives those that nothing closes, or that close nothing, kinds of their
/// own. No bracket reaches past a line that begins a declaration, unless blocks hold what begins so as well.
pub(crate) fn pair_brackets(text: &str, tokens: &mut Tokens) {
    let mut open: Vec<u32> = Vec::new();
    // How many of each kind are open, so that a bracket that closes nothing costs no search.
    let mut counts = [0_usize; 3];
    for at in 0..tokens.len() {
        let token = tokens.at(at);
        match token {
            b'{' | b'[' | b'(' => {
                open.push(at as u32);
                counts[usize::from(index_of(token))] += 1;
            }
            b'}' | b']' | b')' if counts[usize::from(index_of(token))] == 0 => {
                tokens.set(at, kind::NOT_OPENED)
            }
            b'}' | b']' | b')' => {
                while let Some(opener) = open.pop() {
                    let found = index_of(tokens.at(opener as usize));
                    counts[usize::from(found)] -= 1;
                    if found == index_of(token) {
                        break;
                    }
                    tokens.set(opener as usize, kind::NOT_CLOSED);
                }
            }
            // These stand inside blocks as well.
            kind::METRIC | kind::SPAN | kind::LOG | kind::ENTITY => {}
            _ if !open.is_empty()
                && is_declaration(token)
                && begins_line(text, tokens, at)
                && begins_declaration(text, tokens, at) =>
            {
                counts = [0; 3];
                open.drain(..).for_each(|opener| tokens.set(opener as usize, kind::NOT_CLOSED));
            }
            _ => {}
        }
    }
    open.drain(..).for_each(|opener| tokens.set(opener as usize, kind::NOT_CLOSED));
}

fn index_of(bracket: u8) -> u8 {
    match bracket {
        b'{' | b'}' => 0,
        b'[' | b']' => 1,
        _ => 2,
    }
}

/// Cuts what a block holds into entries, each with its docs: an entry a line, and where `commas` says so, a comma
/// ends one as well.
pub(crate) struct Entries<'t> {
    tokens: &'t Tokens,
    at: usize,
    end: usize,
    commas: bool,
}

/// An entry of a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) tokens: TokenRange,
    /// Where it begins, behind its docs.
    pub(crate) start: usize,
}

impl<'t> Entries<'t> {
    /// The entries between the brackets before `start` and at `end`.
    pub(crate) fn new(tokens: &'t Tokens, start: usize, end: usize, commas: bool) -> Entries<'t> {
        Entries { tokens, at: start, end, commas }
    }
}

impl Iterator for Entries<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        let first = behind_line_ends(self.tokens, self.at);
        if first >= self.end {
            return None;
        }
        let start = behind_docs(self.tokens, first).min(self.end);
        let mut depth = 0_usize;
        let mut at = start;
        while at < self.end {
            match self.tokens.at(at) {
                // The reason of a `lossy` may stand on a line of its own.
                kind::LINE_END
                    if depth == 0
                        && !(self.commas
                            && self.tokens.at(start) == kind::LOSSY
                            && self.tokens.at(at + 1) == kind::TEXT) =>
                {
                    break;
                }
                b',' if depth == 0 && self.commas && at > start => break,
                b'{' | b'[' | b'(' => depth += 1,
                b'}' | b']' | b')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            at += 1;
        }
        self.at = at + usize::from(at < self.end);
        Some(Entry { tokens: TokenRange::new(first, at), start })
    }
}

/// What stands between the first brace among the tokens of an item and the one that closes it.
pub(crate) fn block(tokens: &Tokens, item: Range<usize>) -> Option<Range<usize>> {
    let open = item.clone().find(|at| tokens.at(*at) == b'{')?;
    let mut depth = 0_usize;
    let close = (open..item.end).find(|at| {
        match tokens.at(*at) {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => return false,
        }
        depth == 0
    })?;
    Some(open + 1..close)
}

pub(crate) fn not_closed(text: &str, tokens: &Tokens, at: usize) -> SyntaxErrorKind {
    SyntaxErrorKind::NotClosed { bracket: bracket(text, tokens, at) }
}

pub(crate) fn not_opened(text: &str, tokens: &Tokens, at: usize) -> SyntaxErrorKind {
    SyntaxErrorKind::NotOpened { bracket: bracket(text, tokens, at) }
}

fn bracket(text: &str, tokens: &Tokens, at: usize) -> char {
    text.get(tokens.place(at)).and_then(|bracket| bracket.chars().next()).unwrap_or('{')
}

fn behind_line_ends(tokens: &Tokens, mut at: usize) -> usize {
    while tokens.at(at) == kind::LINE_END {
        at += 1;
    }
    at
}

/// The first token that belongs to no doc comment.
fn behind_docs(tokens: &Tokens, mut at: usize) -> usize {
    while is_doc(tokens.at(at)) {
        at = behind_line_ends(tokens, at + 1);
    }
    at
}

/// Whether a token stands at the beginning of its line, without a blank before it.
fn begins_line(text: &str, tokens: &Tokens, at: usize) -> bool {
    let before = tokens.start(at).checked_sub(1).and_then(|before| text.as_bytes().get(before as usize));
    at < tokens.len() && before.is_none_or(|before| matches!(before, b'\n' | b'\r'))
}

/// Whether a word is a keyword with a name behind it.
fn begins_declaration(text: &str, tokens: &Tokens, at: usize) -> bool {
    is_declaration(tokens.at(at))
        && is_key(tokens.at(at + 1))
        && tokens.start(at + 1) > tokens.end(at)
        && text.get(tokens.place(at + 1)).is_some_and(|name| !FOLLOW_A_KEY.contains(&name))
}
