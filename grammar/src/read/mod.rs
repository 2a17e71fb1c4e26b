//! Makes the tree's types of pest's pairs, one function a construct.

mod block;
pub(crate) mod cut;
mod declaration;
mod event;
mod meaning;
mod tag;
mod value;

use std::sync::Arc;

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::{Pair, Pairs};

use crate::around::{Around, Construct, around, shown};
use crate::expected::expected;
use crate::rules::{PestParser, Rule};
use crate::split::{not_closed, not_opened};
use crate::text::{Docs, Source, Text};
use crate::token::{TokenRange, Tokens, is_doc, is_word, kind};
use crate::tree::{Name, Opt};

use crate::{FileId, Place, Placed, SyntaxError, SyntaxErrorKind, limits, literal};

use cut::Batch;

pub(crate) type Read<T> = Result<T, SyntaxError>;

/// Makes the tree's types of what pest finds among some tokens.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'t> {
    pub(crate) file: FileId,
    pub(crate) source: &'t Arc<Source>,
    pub(crate) tokens: &'t Tokens,
    /// Where the text stands in its file.
    pub(crate) shift: u32,
    /// Whether what is wrong is told in full: in a text that is none, nearly all is wrong.
    pub(crate) in_full: bool,
    /// What pest made of parts that it was given at once.
    pub(crate) batch: Option<&'t Batch<'t>>,
    /// The token that pest saw first, less what it saw before.
    pub(crate) base: isize,
}

/// What is given to pest, and what it stands in.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    /// Its first token, docs excluded.
    pub(crate) start: usize,
    /// Where pest begins: behind the word that chose the rule.
    pub(crate) parsed: usize,
    pub(crate) end: usize,
    pub(crate) construct: Construct,
    /// What pest reads it by.
    pub(crate) rule: Rule,
}

impl<'t> Reader<'t> {
    pub(crate) fn new(file: FileId, source: &'t Arc<Source>, tokens: &'t Tokens, shift: u32) -> Reader<'t> {
        Reader { file, source, tokens, shift, in_full: true, batch: None, base: 0 }
    }

    pub(crate) fn text(&self) -> &'t str {
        &self.source.0
    }

    /// What pest makes of a part.
    pub(crate) fn parsed(&self, part: Part) -> Read<(Reader<'t>, Pairs<'t, Rule>)> {
        if let Some((offset, pairs)) = self.batch.and_then(|batch| batch.take(&part)) {
            return Ok((Reader { base: part.parsed as isize - offset as isize, ..*self }, pairs));
        }
        let kinds = self.tokens.kinds(part.parsed..part.end);
        if kinds.len() > limits::PART_TOKENS {
            let kind = SyntaxErrorKind::PartTooLong;
            return Err(SyntaxError { kind, place: self.place(TokenRange::new(part.start, part.start + 1)) });
        }
        match PestParser::parse(part.rule, kinds) {
            Ok(mut pairs) => {
                let inner = pairs.next().map_or_else(|| pairs.clone(), Pair::into_inner);
                Ok((Reader { base: part.parsed as isize, ..*self }, inner))
            }
            Err(error) => Err(self.unexpected(part, &error)),
        }
    }

    /// What pest expected in a part.
    fn unexpected(&self, part: Part, error: &pest::error::Error<Rule>) -> SyntaxError {
        if let Some(error) = self.broken_token(part.start..part.end) {
            return error;
        }
        let at = part.parsed
            + match error.location {
                InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
            };
        let positives = match &error.variant {
            ErrorVariant::ParsingError { positives, .. } => positives.as_slice(),
            ErrorVariant::CustomError { .. } => &[],
        };
        self.error_at(part, at, positives)
    }

    /// That another token was expected at `at`.
    pub(crate) fn error_at(&self, part: Part, at: usize, positives: &[Rule]) -> SyntaxError {
        // An item ends with its file or where another one begins: nothing of that is what was found.
        let item_ends = at >= part.end && matches!(part.construct, Construct::Header | Construct::Tag);
        let (range, found) = if item_ends {
            (TokenRange::new(at, at), "")
        } else {
            (TokenRange::new(at, at + 1), shown(self.text(), self.tokens, at))
        };
        if found == "}"
            && let Some(doc) = self.doc_before(part.start, at)
        {
            return self.error(SyntaxErrorKind::DocWithoutItem, TokenRange::new(doc, doc + 1));
        }
        let place = if item_ends {
            let end = self.shift + self.tokens.end(at.saturating_sub(1));
            Place::new(self.file, end, end)
        } else {
            let start = self.shift + self.tokens.start(range.start as usize);
            Place::new(self.file, start, start + found.len() as u32)
        };
        let mut around = match self.in_full {
            true => around(self.text(), self.tokens, part.start, at, part.construct),
            false => Around::default(),
        };
        if item_ends {
            around.next.clear();
        }
        let first = self.in_full && at == part.start;
        let expected = expected(positives, found, &around, first);
        let kind =
            SyntaxErrorKind::Unexpected { expected, found: found.to_owned(), around: Box::new(around) };
        SyntaxError { kind, place }
    }

    /// The line of docs right before a token.
    fn doc_before(&self, start: usize, at: usize) -> Option<usize> {
        let behind = if self.tokens.at(at.checked_sub(1)?) == kind::LINE_END { at - 1 } else { at };
        behind.checked_sub(1).filter(|doc| *doc >= start && is_doc(self.tokens.at(*doc)))
    }

    /// The first token that no rule takes: a bracket by itself, or a text that its line doesn't close.
    fn broken_token(&self, tokens: std::ops::Range<usize>) -> Option<SyntaxError> {
        let (at, kind) = tokens.into_iter().find_map(|at| {
            let kind = match self.tokens.at(at) {
                kind::NOT_CLOSED => not_closed(self.text(), self.tokens, at),
                kind::NOT_OPENED => not_opened(self.text(), self.tokens, at),
                kind::TEXT_NOT_CLOSED => SyntaxErrorKind::StringNotClosed,
                _ => return None,
            };
            Some((at, kind))
        })?;
        Some(self.error(kind, TokenRange::new(at, at + 1)))
    }

    pub(crate) fn error(&self, kind: SyntaxErrorKind, tokens: TokenRange) -> SyntaxError {
        SyntaxError { kind, place: self.place(tokens) }
    }

    /// The bytes of some tokens, at least one.
    pub(crate) fn place(&self, tokens: TokenRange) -> Place {
        let last = (tokens.end as usize).saturating_sub(1).max(tokens.start as usize);
        Place::new(
            self.file,
            self.shift + self.tokens.start(tokens.start as usize),
            self.shift + self.tokens.end(last),
        )
    }

    /// The docs that stand among some tokens, with the ends of their lines.
    pub(crate) fn docs(&self, tokens: std::ops::Range<usize>) -> Docs {
        let std::ops::Range { start, mut end } = tokens;
        if end > start && self.tokens.at(end - 1) == kind::LINE_END {
            end -= 1;
        }
        let written = if end > start {
            Text::stretch(self.source, self.tokens.start(start), self.tokens.end(end - 1))
        } else {
            Text::stretch(self.source, 0, 0)
        };
        Docs { tokens: TokenRange::new(start, end), written }
    }

    /// The tokens of a pair.
    fn range(&self, pair: &Pair<'_, Rule>) -> TokenRange {
        let span = pair.as_span();
        TokenRange::new(self.token_at(span.start()), self.token_at(span.end()))
    }

    fn place_of(&self, pair: &Pair<'_, Rule>) -> Place {
        self.place(self.range(pair))
    }

    /// The token of a pair that is made of one.
    fn token(&self, pair: &Pair<'_, Rule>) -> usize {
        self.token_at(pair.as_span().start())
    }

    /// The token at an offset in what pest was given.
    fn token_at(&self, offset: usize) -> usize {
        offset.wrapping_add_signed(self.base)
    }

    /// What the grammar says must be there. That it isn't can't happen, and is an error rather than a panic.
    fn found<T>(&self, value: Option<T>, tokens: TokenRange) -> Read<T> {
        value.ok_or_else(|| {
            let kind = SyntaxErrorKind::Unexpected {
                expected: vec!["something else"],
                found: String::new(),
                around: Box::default(),
            };
            self.error(kind, tokens)
        })
    }

    /// The next pair, where the grammar says that it is a name.
    fn next_name(&self, pairs: &mut Pairs<'_, Rule>, tokens: TokenRange) -> Read<Name> {
        let pair = self.found(pairs.next(), tokens)?;
        self.name(&pair)
    }

    /// The joined text of a key, a word or a text in quotes.
    fn name(&self, pair: &Pair<'_, Rule>) -> Read<Name> {
        self.name_at(self.token(pair))
    }

    pub(crate) fn name_at(&self, token: usize) -> Read<Name> {
        let place = self.place(TokenRange::new(token, token + 1));
        let (start, end) = (self.tokens.start(token), self.tokens.end(token));
        let mut text = Text::stretch(self.source, start, end);
        let mut kind = None;
        if !is_word(self.tokens.at(token)) && text.contains('"') {
            text = self.joined(&text, place)?;
            let control = text.chars().find(|character| character.is_control());
            kind = control.map(|character| SyntaxErrorKind::ControlCharacter { character });
        }
        if text.len() > limits::NAME_BYTES {
            kind = Some(SyntaxErrorKind::TooLong { what: "name", limit: limits::NAME_BYTES });
        }
        match kind {
            None => Ok(Placed::new(text, place)),
            Some(kind) => Err(SyntaxError { kind, place }),
        }
    }

    /// A key with its quoted parts resolved.
    fn joined(&self, written: &str, place: Place) -> Read<Text> {
        let mut joined = String::with_capacity(written.len());
        let mut rest = written;
        while !rest.is_empty() {
            if !joined.is_empty() {
                joined.push('.');
            }
            let length = if rest.starts_with('"') {
                let length = literal::quoted_length(rest);
                let start = place.start + (written.len() - rest.len()) as u32;
                let place = Place { start, end: start + length as u32, ..place };
                let part = self.unquoted(&rest[..length], place)?;
                if part.is_empty() {
                    return Err(SyntaxError { kind: SyntaxErrorKind::EmptyPart, place });
                }
                joined.push_str(&part);
                length
            } else {
                let length = rest.find('.').unwrap_or(rest.len());
                joined.push_str(&rest[..length]);
                length
            };
            rest = rest[length..].strip_prefix('.').unwrap_or("");
        }
        Ok(Text::from(joined))
    }

    /// A text in quotes.
    fn string(&self, pair: &Pair<'_, Rule>) -> Read<Placed<Text>> {
        self.string_at(self.token(pair))
    }

    fn string_at(&self, token: usize) -> Read<Placed<Text>> {
        let place = self.place(TokenRange::new(token, token + 1));
        let written = self.text().get(self.tokens.place(token)).unwrap_or("");
        let text = if written.contains('\\') || written.len() > limits::STRING_BYTES {
            Text::from(self.unquoted(written, place)?)
        } else {
            Text::stretch(self.source, self.tokens.start(token) + 1, self.tokens.end(token).saturating_sub(1))
        };
        Ok(Placed::new(text, place))
    }

    /// What stands between quotes, with its escapes resolved.
    fn unquoted(&self, written: &str, place: Place) -> Read<String> {
        let quoted = written.get(1..written.len().saturating_sub(1)).unwrap_or("");
        if quoted.len() > limits::STRING_BYTES {
            let kind = SyntaxErrorKind::TooLong { what: "text", limit: limits::STRING_BYTES };
            return Err(SyntaxError { kind, place });
        }
        let text = literal::unescape(quoted).map_err(|(offset, escape)| {
            let start = place.start + 1 + offset as u32;
            let place = Place { start, end: start + escape.len() as u32, ..place };
            SyntaxError { kind: SyntaxErrorKind::UnknownEscape { escape }, place }
        })?;
        match text.chars().find(|character| literal::is_bidirectional(*character)) {
            Some(character) => {
                Err(SyntaxError { kind: SyntaxErrorKind::BidirectionalControl { character }, place })
            }
            None => Ok(text),
        }
    }
}

/// Collects the options of a declaration or an entry, whose pairs follow each other with commas between.
struct Options(Vec<Opt>);

impl Options {
    fn push(&mut self, option: Opt, rest: &Pairs<'_, Rule>) {
        if self.0.is_empty() {
            // Most often nothing but options follows.
            self.0.reserve_exact(1 + rest.len() / 2);
        }
        self.0.push(option);
    }
}
