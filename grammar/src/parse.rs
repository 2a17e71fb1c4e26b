//! Reads text into the syntax tree.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use pest::Parser as _;
use pest::iterators::Pair;

use crate::around::Construct;
use crate::leaves::Leaves;
use crate::read::{Read, Reader};
use crate::split::{DECLARATIONS, LATER_DECLARATIONS, Piece, split};
use crate::tree::{Expression, Item, LeafKind, SyntaxTree, Tag, Unread};
use crate::{FileId, Place, Placed, SyntaxError, SyntaxErrorKind, limits};

// The derive's `Rule` has no docs of its own.
#[allow(missing_docs, unreachable_pub)]
mod pest_parser {
    #[derive(pest_derive::Parser)]
    #[grammar = "slo.pest"]
    pub struct PestParser;
}
use pest_parser::PestParser;
pub(crate) use pest_parser::Rule;

/// Reads one file. The tree holds what could be read, and one error for each item that could not.
#[must_use]
pub fn parse(file: FileId, text: Arc<str>) -> SyntaxTree {
    let mut leaves = Leaves::new(&text);
    let mut items = Vec::new();
    let mut errors = characters(file, &text);
    let mut unread = Vec::new();
    let mut broken = None;
    for piece in split(file, &text) {
        if broken.as_ref().is_some_and(|broken: &Broken| broken.has(file, &text, &piece)) {
            unread.extend(unread_in(&text, &piece));
            leaves.token(LeafKind::Unread, piece.start, piece.end);
            continue;
        }
        broken = None;
        match parse_piece(file, &text, &piece, &mut leaves) {
            Ok(item) => items.push(item),
            Err(error) => {
                let indent = indent(&text, piece.start);
                broken = Some(Broken { indent, off: error.is_at_the_end() });
                // A character that must not stand in a file was reported as such.
                if !errors.iter().take(MOST_CHARACTERS).any(|other| other.is_inside(&error)) {
                    errors.push(error);
                }
                unread.extend(unread_in(&text, &piece));
                leaves.token(LeafKind::Unread, piece.start, piece.end);
            }
        }
    }
    errors.sort_by_key(|error| error.place.start);
    let leaves = leaves.finish();
    SyntaxTree { file, text, leaves, items, errors, unread }
}

/// Reads many files on all cores. The trees come in the order of the files.
#[must_use]
pub fn parse_all(files: &[(FileId, Arc<str>)]) -> Vec<SyntaxTree> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    // A thread costs about as much as reading this much text.
    const BYTES_A_THREAD: usize = 64 * 1024;
    let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
    let threads = cores.min(files.len()).min(bytes / BYTES_A_THREAD + 1);
    if threads <= 1 {
        return files.iter().map(|(file, text)| parse(*file, Arc::clone(text))).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut trees = Vec::new();
        while let Some((file, text)) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            trees.push(parse(*file, Arc::clone(text)));
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
    let reader = Reader { file: place.file, base: place.start };
    if let Some(error) = guard(place, text) {
        return Err(error);
    }
    let mut pairs = PestParser::parse(Rule::tag, text)
        .map_err(|error| reader.unexpected(text, Construct::Tag, &error))?;
    let key = reader.tag_key(pairs.next().ok_or_else(|| reader.nothing(text))?)?;
    let options = pairs
        .filter(|pair| pair.as_rule() == Rule::tag_option)
        .map(|pair| reader.option(pair))
        .collect::<Read<_>>()?;
    Ok(Tag { key, options })
}

/// Reads one value as a file writes it. Its places begin at `place`, where `text` stands.
///
/// # Errors
/// Gives the first mistake.
pub fn parse_value(place: Place, text: &str) -> Result<Placed<Expression>, SyntaxError> {
    let reader = Reader { file: place.file, base: place.start };
    if let Some(error) = guard(place, text) {
        return Err(error);
    }
    let mut pairs = PestParser::parse(Rule::only_value, text)
        .map_err(|error| reader.unexpected(text, Construct::Tag, &error))?;
    reader.value(pairs.next().ok_or_else(|| reader.nothing(text))?)
}

/// An item that could not be read. What is left of it may stand on lines of its own: the same mistake, seen again.
struct Broken {
    indent: usize,
    /// Whether it broke off where more was expected.
    off: bool,
}

impl Broken {
    /// Whether a piece that follows is left of it.
    fn has(&self, file: FileId, text: &str, piece: &Piece) -> bool {
        if text[piece.start..].starts_with('}') {
            return true;
        }
        let declares = rule_of(file, text, piece).is_ok_and(|rule| rule != Rule::metric);
        indent(text, piece.start) > self.indent && (self.off || !declares)
    }
}

/// How far the line that `at` stands on is indented.
fn indent(text: &str, at: usize) -> usize {
    let line = text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let line = text[line..].trim_start_matches('\u{feff}');
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// What must hold before pest may recurse.
fn guard(place: Place, text: &str) -> Option<SyntaxError> {
    let whole = Place { end: place.start + text.len().min(limits::ITEM_BYTES) as u32, ..place };
    if text.len() > limits::ITEM_BYTES {
        return Some(SyntaxError { kind: SyntaxErrorKind::ItemTooLong, place: whole });
    }
    if text.bytes().filter(|byte| matches!(byte, b'[' | b'{' | b'(')).count() > limits::NESTING {
        return Some(SyntaxError { kind: SyntaxErrorKind::TooDeep, place: whole });
    }
    let error = characters(place.file, text).into_iter().next()?;
    let moved = Place { start: error.place.start + place.start, end: error.place.end + place.start, ..place };
    Some(SyntaxError { place: moved, ..error })
}

/// How many characters that must not stand there are reported of a file: in one that is no text, all of them are.
const MOST_CHARACTERS: usize = 20;

/// Characters that must not stand in a file at all.
pub(crate) fn characters(file: FileId, text: &str) -> Vec<SyntaxError> {
    let mut errors = Vec::new();
    for (offset, character) in text.char_indices() {
        if character.is_ascii() && !character.is_ascii_control() {
            continue;
        }
        let kind = match character {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}' => {
                SyntaxErrorKind::BidirectionalControl { character }
            }
            '\t' | '\n' | '\r' => continue,
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

/// What a piece that could not be read would have declared.
fn unread_in(text: &str, piece: &Piece) -> Vec<Unread> {
    let declaration = &text[piece.declaration..piece.end];
    let mut words = declaration
        .split(|character: char| character.is_whitespace() || ":{}[](),=".contains(character))
        .filter(|word| !word.is_empty());
    let mut unread = Vec::new();
    let mut keyword = words.next().unwrap_or("");
    for word in words {
        if unread.is_empty() || DECLARATIONS.contains(&keyword) {
            unread.push(Unread { keyword: keyword.to_owned(), name: word.replace('"', "") });
        }
        keyword = word;
    }
    unread
}

fn parse_piece(file: FileId, text: &str, piece: &Piece, leaves: &mut Leaves<'_>) -> Read<Item> {
    if let Some(error) = &piece.error {
        return Err(error.clone());
    }
    let source = &text[piece.start..piece.end];
    let declared = rule_of(file, text, piece)?;
    let reader = Reader { file, base: piece.start as u32 };
    let mut pairs = PestParser::parse(Rule::item, source)
        .map_err(|error| reader.unexpected(source, Construct::Header, &error))?;
    let pair = pairs.find(|pair| pair.as_rule() == declared).ok_or_else(|| reader.nothing(source))?;
    let mut tokens = Vec::new();
    collect_tokens(pair.clone(), &mut tokens);
    let item = reader.item(pair)?;
    for (kind, start, end) in tokens {
        leaves.token(kind, piece.start + start, piece.start + end);
    }
    Ok(item)
}

/// The rule of the declaration that a piece begins with.
fn rule_of(file: FileId, text: &str, piece: &Piece) -> Read<Rule> {
    let declaration = &text[piece.declaration..piece.end];
    let end = declaration
        .find(|character: char| !(character.is_alphanumeric() || character == '_'))
        .unwrap_or(declaration.len());
    let word = &declaration[..end];
    let rule = match word {
        "package" => Some(Rule::package),
        "use" => Some(Rule::use_item),
        "attribute" => Some(Rule::attribute),
        "refine" => Some(Rule::refine),
        "group" => Some(Rule::group),
        "resource" => Some(Rule::resource),
        "scope" => Some(Rule::scope),
        "policy" => Some(Rule::policy),
        "metric" => Some(Rule::metric),
        "meaning" => Some(Rule::meaning),
        "view" => Some(Rule::view),
        "event" => Some(Rule::event),
        _ => None,
    };
    let length = if end == 0 { declaration.chars().next().map_or(0, char::len_utf8) } else { end };
    let place = Place::new(file, piece.declaration as u32, (piece.declaration + length) as u32);
    rule.ok_or_else(|| {
        let kind = if let Some(keyword) = LATER_DECLARATIONS.iter().find(|later| **later == word) {
            SyntaxErrorKind::NotInThisRelease { keyword }
        } else if end == 0 {
            let found = declaration[..length].to_owned();
            SyntaxErrorKind::Unexpected { expected: vec!["a declaration"], found, around: Box::default() }
        } else {
            SyntaxErrorKind::UnknownDeclaration { word: word.to_owned(), nearest: nearest_keyword(word) }
        };
        SyntaxError { kind, place }
    })
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

/// The leaves that a pair is made of, as offsets into the piece.
fn collect_tokens(pair: Pair<'_, Rule>, tokens: &mut Vec<(LeafKind, usize, usize)>) {
    let kind = match pair.as_rule() {
        Rule::doc | Rule::inner_doc => LeafKind::Doc,
        Rule::open_brace
        | Rule::close_brace
        | Rule::open_list
        | Rule::close_list
        | Rule::open_paren
        | Rule::close_paren
        | Rule::open_angle
        | Rule::close_angle
        | Rule::colon
        | Rule::comma
        | Rule::equals
        | Rule::ellipsis
        | Rule::dots
        | Rule::same
        | Rule::question => LeafKind::Punctuation,
        Rule::word => LeafKind::Word,
        Rule::string => LeafKind::String,
        Rule::number => LeafKind::Number,
        Rule::key | Rule::string_key => LeafKind::Key,
        Rule::package_keyword
        | Rule::use_keyword
        | Rule::attribute_keyword
        | Rule::refine_keyword
        | Rule::group_keyword
        | Rule::resource_keyword
        | Rule::scope_keyword
        | Rule::policy_keyword
        | Rule::metric_keyword
        | Rule::enum_keyword
        | Rule::map_keyword
        | Rule::timestamp_keyword
        | Rule::duration_keyword
        | Rule::allow_keyword
        | Rule::if_keyword
        | Rule::meaning_keyword
        | Rule::view_keyword
        | Rule::event_keyword
        | Rule::log_keyword
        | Rule::span_keyword
        | Rule::current_keyword
        | Rule::lossy_keyword
        | Rule::of_keyword
        | Rule::in_keyword
        | Rule::via_keyword
        | Rule::as_keyword
        | Rule::and_keyword
        | Rule::not_keyword
        | Rule::present_keyword => LeafKind::Keyword,
        _ => {
            for inner in pair.into_inner() {
                collect_tokens(inner, tokens);
            }
            return;
        }
    };
    let span = pair.as_span();
    tokens.push((kind, span.start(), span.end()));
}
