//! Reads text into the syntax tree.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::around::Construct;
use crate::error::Errors;
use crate::lex::{lex, lex_tag};
use crate::read::cut::{AT_ONCE, Cut};
use crate::read::{Part, Reader};
use crate::rules::Rule;
use crate::split::{Entry, Piece, Splitter, pair_brackets};
use crate::text::{Source, Text};
use crate::token::{
    DECLARATIONS, LATER_DECLARATIONS, TokenRange, Tokens, is_declaration, is_key, is_word, kind,
};
use crate::tree::{Expression, Item, SyntaxTree, Tag, Unread};
use crate::{FileId, Place, Placed, SyntaxError, SyntaxErrorKind, limits, literal};

/// Reads one file. The tree holds what could be read, and an error for each item or entry that could not.
#[must_use]
pub fn parse(file: FileId, text: Arc<str>) -> SyntaxTree {
    let mut tokens = lex(&text);
    pair_brackets(&text, &mut tokens);
    let source = Arc::new(Source(Arc::clone(&text)));
    let reader = Reader::new(file, &source, &tokens, 0);
    let mut reading = Reading::new(Errors::new(characters(file, &text)));
    let mut splitter = Splitter::new(&text, &tokens);
    let (mut cuts, mut entries) = (Vec::new(), Vec::new());
    let mut together = 0;
    loop {
        let piece = splitter.piece();
        let more = piece.as_ref().map_or(AT_ONCE, |piece| piece.tokens.range().len());
        together += more;
        if together > AT_ONCE {
            reading.items(&reader, &cuts, &entries);
            cuts.clear();
            entries.clear();
            together = more;
        }
        let Some(piece) = piece else { break };
        cuts.push(reader.cut(piece, &mut entries));
    }
    let Reading { mut items, errors, unread, .. } = reading;
    items.shrink_to_fit();
    SyntaxTree { file, items, errors: errors.finish(), unread, text, tokens }
}

/// Reads many files on all cores, for whom asks for no tokens: each file's are let go once it was read. The trees come in
/// the order of the files.
#[must_use]
pub fn parse_all(files: &[(FileId, Arc<str>)]) -> Vec<SyntaxTree> {
    let parse = |file: FileId, text: &Arc<str>| SyntaxTree {
        tokens: Tokens::default(),
        ..parse(file, Arc::clone(text))
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    // A thread costs about as much as reading this much text.
    const BYTES_A_THREAD: usize = 64 * 1024;
    let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
    let threads = cores.min(files.len()).min(bytes / BYTES_A_THREAD + 1);
    if threads <= 1 {
        return files.iter().map(|(file, text)| parse(*file, text)).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut trees = Vec::new();
        while let Some((file, text)) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            trees.push(parse(*file, text));
        }
        trees
    };
    let mut trees: Vec<SyntaxTree> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().filter_map(|worker| worker.join().ok()).flatten().collect()
    });
    trees.sort_by_key(|tree| tree.file);
    trees
}

/// Reads what `#[slo("…")]` says of a field. Its places begin at `place`, where `text` stands.
///
/// # Errors
/// Gives the first mistake.
pub fn parse_tag(place: Place, text: &str) -> Result<Tag, SyntaxError> {
    by_itself(place, text, lex_tag, |reader| reader.tag())
}

/// Reads one value as a file writes it. Its places begin at `place`, where `text` stands.
///
/// # Errors
/// Gives the first mistake.
pub fn parse_value(place: Place, text: &str) -> Result<Placed<Expression>, SyntaxError> {
    by_itself(place, text, lex, |reader| reader.only_value())
}

/// Reads a text that is no file's, once it holds what must hold before pest may recurse.
fn by_itself<T>(
    place: Place,
    text: &str,
    lex: impl Fn(&str) -> Tokens,
    read: impl Fn(&Reader<'_>) -> Result<T, SyntaxError>,
) -> Result<T, SyntaxError> {
    let whole = Place { end: place.start + text.len().min(limits::ITEM_BYTES) as u32, ..place };
    if text.len() > limits::ITEM_BYTES {
        return Err(SyntaxError { kind: SyntaxErrorKind::ItemTooLong, place: whole });
    }
    if let Some(error) = characters(place.file, text).into_iter().next() {
        let moved =
            Place { start: error.place.start + place.start, end: error.place.end + place.start, ..place };
        return Err(SyntaxError { place: moved, ..error });
    }
    let tokens = lex(text);
    let open = |kind: &u8| matches!(kind, b'[' | b'{' | b'(');
    if tokens.kinds(0..tokens.len()).as_bytes().iter().filter(|kind| open(kind)).count() > limits::NESTING {
        return Err(SyntaxError { kind: SyntaxErrorKind::TooDeep, place: whole });
    }
    let source = Arc::new(Source(Arc::from(text)));
    read(&Reader::new(place.file, &source, &tokens, place.start))
}

/// What was read of a file so far.
struct Reading {
    items: Vec<Item>,
    errors: Errors,
    unread: Vec<Unread>,
    /// The last item, where it could not be read: what is left of it may stand on lines of its own.
    broken: Option<Broken>,
}

impl Reading {
    fn new(errors: Errors) -> Reading {
        Reading { items: Vec::new(), errors, unread: Vec::new(), broken: None }
    }

    /// Reads items: at once where they are short, else entry by entry.
    fn items(&mut self, reader: &Reader<'_>, cuts: &[Cut], entries: &[(Entry, Part)]) {
        let one_by_one = |reading: &mut Reading, reader: &Reader<'_>| {
            cuts.iter().for_each(|cut| reading.item(reader, cut, entries));
        };
        if cuts.iter().map(|cut| cut.tokens().range().len()).sum::<usize>() > AT_ONCE {
            return one_by_one(self, reader);
        }
        let readable = cuts.iter().filter(|cut| cannot_be_read(reader, &cut.piece).is_none());
        let parts = readable.flat_map(|cut| {
            let of_block = entries.get(cut.entries.clone()).unwrap_or_default();
            std::iter::once(cut.head).chain(of_block.iter().map(|(_, part)| *part))
        });
        reader.at_once(parts, |reader| one_by_one(self, reader));
    }

    fn item(&mut self, reader: &Reader<'_>, cut: &Cut, entries: &[(Entry, Part)]) {
        let reader = &Reader { in_full: self.errors.are_shown(), ..*reader };
        if self.broken.as_ref().is_some_and(|broken| broken.has(reader, &cut.piece)) {
            return unread_in(reader, &cut.piece, &mut self.unread);
        }
        let before = self.errors.count();
        match cannot_be_read(reader, &cut.piece) {
            Some(error) => self.errors.push(error),
            None => self.items.extend(reader.item(cut, entries, &mut self.errors)),
        }
        self.broken = None;
        if self.errors.count() > before {
            unread_in(reader, &cut.piece, &mut self.unread);
            let first = reader.tokens.start(cut.tokens().start as usize) as usize;
            let off = self.errors.last_is_at_the_end();
            self.broken = Some(Broken { indent: indent(reader.text(), first), off });
        }
    }
}

/// An item that could not be read.
struct Broken {
    indent: usize,
    /// Whether it broke off where more was expected.
    off: bool,
}

impl Broken {
    /// Whether a piece that follows is left of it.
    fn has(&self, reader: &Reader<'_>, piece: &Piece) -> bool {
        let first = piece.tokens.start as usize;
        let start = reader.tokens.start(first) as usize;
        if reader.text().as_bytes().get(start) == Some(&b'}') {
            return true;
        }
        let keyword = reader.tokens.at(piece.declaration);
        let declares = is_declaration(keyword) && !is_signal(keyword) && !is_later(keyword);
        indent(reader.text(), start) > self.indent && (self.off || !declares)
    }
}

/// Whether the keyword begins an entry of an event as well.
const fn is_signal(keyword: u8) -> bool {
    matches!(keyword, kind::METRIC | kind::SPAN | kind::LOG)
}

/// Whether the keyword is one that this release does not compile.
const fn is_later(keyword: u8) -> bool {
    matches!(keyword, b'Y' | b'Z' | b'X' | b'J')
}

/// How far the first token of a line is indented.
fn indent(text: &str, start: usize) -> usize {
    text.as_bytes()[..start].iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

/// How many characters that must not stand there are reported of a file: in one that is no text, all of them are.
const MOST_CHARACTERS: usize = 20;

/// Characters that must not stand in a file at all.
fn characters(file: FileId, text: &str) -> Vec<SyntaxError> {
    // All of nearly every file is of these. The loop calls nothing: the derive, which reads all of a contract, is seldom optimised.
    let (mut usual, mut left) = (true, text.as_bytes());
    while let [byte, rest @ ..] = left {
        usual &= matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r');
        left = rest;
    }
    if usual {
        return Vec::new();
    }
    let mut errors = Vec::new();
    for (offset, character) in text.char_indices() {
        let kind = match character {
            ' '..='~' | '\t' | '\n' | '\r' => continue,
            marked if literal::is_bidirectional(marked) => {
                SyntaxErrorKind::BidirectionalControl { character }
            }
            control if control.is_control() => SyntaxErrorKind::ControlCharacter { character },
            _ => continue,
        };
        let place = Place::new(file, offset as u32, (offset + character.len_utf8()) as u32);
        errors.push(SyntaxError { kind, place });
        if errors.len() >= MOST_CHARACTERS {
            break;
        }
    }
    errors
}

/// What keeps a piece from being read as a declaration at all.
fn cannot_be_read(reader: &Reader<'_>, piece: &Piece) -> Option<SyntaxError> {
    let start = piece.declaration;
    let first = piece.tokens.start as usize;
    if let Some((kind, at)) = &piece.broken {
        let whole = *kind == SyntaxErrorKind::DocWithoutItem;
        let tokens = if whole { piece.tokens } else { TokenRange::new(*at, at + 1) };
        return Some(reader.error(kind.clone(), tokens));
    }
    let keyword = reader.tokens.at(start);
    if !is_declaration(keyword) || is_later(keyword) {
        return Some(no_declaration(reader, piece));
    }
    // A package has docs of its own kind, and `use` has none.
    let doc = (first..start).find(|doc| match reader.tokens.at(*doc) {
        kind::DOC => matches!(keyword, kind::PACKAGE | kind::USE),
        kind::INNER_DOC => keyword != kind::PACKAGE,
        _ => false,
    })?;
    let inner = reader.tokens.at(doc) == kind::INNER_DOC;
    let keyword = reader.text().get(reader.tokens.place(start)).unwrap_or("").to_owned();
    Some(reader.error(SyntaxErrorKind::MisplacedDoc { inner, keyword }, TokenRange::new(doc, doc + 1)))
}

/// That no declaration begins with the token that stands where one should.
fn no_declaration(reader: &Reader<'_>, piece: &Piece) -> SyntaxError {
    let start = piece.declaration;
    let written = reader.text().get(reader.tokens.place(start)).unwrap_or("");
    let word = written.split('.').next().unwrap_or("");
    let token = reader.tokens.at(start);
    if !is_word(token) && (token != kind::DOTTED || word.starts_with('"')) {
        let part = Part {
            start,
            parsed: start,
            end: piece.tokens.end as usize,
            construct: Construct::Header,
            rule: Rule::named,
        };
        return reader.error_at(part, start, &[Rule::named]);
    }
    let kind = match LATER_DECLARATIONS.iter().find(|later| **later == word) {
        Some(keyword) => SyntaxErrorKind::NotInThisRelease { keyword },
        None => SyntaxErrorKind::UnknownDeclaration { word: word.to_owned(), nearest: nearest_keyword(word) },
    };
    let place = reader.place(TokenRange::new(start, start + 1));
    SyntaxError { kind, place: Place { end: place.start + word.len() as u32, ..place } }
}

/// The keyword that shares the most of its beginning with `word`, at least two letters.
fn nearest_keyword(word: &str) -> Option<&'static str> {
    let shared = |keyword: &str| {
        word.bytes().zip(keyword.bytes()).take_while(|(left, right)| left.eq_ignore_ascii_case(right)).count()
    };
    DECLARATIONS
        .into_iter()
        .map(|keyword| (shared(keyword), keyword))
        .max()
        .filter(|(count, _)| *count >= 2)
        .map(|(_, keyword)| keyword)
}

/// What a piece that could not be read would have declared: its own name, and those behind other keywords.
fn unread_in(reader: &Reader<'_>, piece: &Piece, unread: &mut Vec<Unread>) {
    let tokens = reader.tokens;
    let named = |at: &usize| is_key(tokens.at(*at));
    let mut names = (piece.declaration..piece.tokens.end as usize).filter(named);
    let Some(mut keyword) = names.next() else { return };
    let mut first = true;
    for name in names {
        if first || (is_declaration(tokens.at(keyword)) && !is_later(tokens.at(keyword))) {
            unread.push(Unread {
                keyword: plain(reader, keyword),
                name: plain(reader, name),
                tokens: piece.tokens,
            });
        }
        first = false;
        keyword = name;
    }
}

/// A key without its quotes.
fn plain(reader: &Reader<'_>, token: usize) -> Text {
    let (start, end) = (reader.tokens.start(token), reader.tokens.end(token));
    let written = reader.text().get(start as usize..end as usize).unwrap_or("");
    if written.contains('"') {
        Text::from(written.replace('"', ""))
    } else {
        Text::stretch(reader.source, start, end)
    }
}
