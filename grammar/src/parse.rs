//! Reads text into the syntax tree.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use pest::Parser as _;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::Pair;

use crate::called::called;
use crate::leaves::Leaves;
use crate::split::{DECLARATIONS, LATER_DECLARATIONS, Piece, split};
use crate::tree::{
    Attribute, Block, Entry, Expression, Item, Label, LeafKind, Level, Member, Metric, Name, NamedType, Opt,
    Package, Policy, PolicyEntry, Refine, SyntaxTree, Tag, Type, Unread,
};
use crate::{FileId, Place, Placed, SyntaxError, SyntaxErrorKind, limits, literal};

// The derive's `Rule` has no docs of its own.
#[allow(missing_docs, unreachable_pub)]
mod pest_parser {
    #[derive(pest_derive::Parser)]
    #[grammar = "slo.pest"]
    pub struct PestParser;
}
use pest_parser::PestParser;
pub(crate) use pest_parser::Rule;

type Read<T> = Result<T, SyntaxError>;

/// Reads one file. The tree holds what could be read, and one error for each item that could not.
#[must_use]
pub fn parse(file: FileId, text: Arc<str>) -> SyntaxTree {
    let mut leaves = Leaves::new(&text);
    let mut items = Vec::new();
    let mut errors = characters(file, &text);
    let mut unread = Vec::new();
    for piece in split(file, &text) {
        match parse_piece(file, &text, &piece, &mut leaves) {
            Ok(item) => items.push(item),
            Err(error) => {
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
    let mut pairs = PestParser::parse(Rule::tag, text).map_err(|error| reader.unexpected(text, &error))?;
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
    let mut pairs =
        PestParser::parse(Rule::only_value, text).map_err(|error| reader.unexpected(text, &error))?;
    reader.value(pairs.next().ok_or_else(|| reader.nothing(text))?)
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
fn characters(file: FileId, text: &str) -> Vec<SyntaxError> {
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
    let mut pairs =
        PestParser::parse(Rule::item, source).map_err(|error| reader.unexpected(source, &error))?;
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
        _ => None,
    };
    let length = if end == 0 { declaration.chars().next().map_or(0, char::len_utf8) } else { end };
    let place = Place::new(file, piece.declaration as u32, (piece.declaration + length) as u32);
    rule.ok_or_else(|| {
        let kind = if let Some(keyword) = LATER_DECLARATIONS.iter().find(|later| **later == word) {
            SyntaxErrorKind::NotInThisRelease { keyword }
        } else if end == 0 {
            let found = declaration[..length].to_owned();
            SyntaxErrorKind::Unexpected { expected: vec!["a declaration"], found }
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
        | Rule::dots => LeafKind::Punctuation,
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
        | Rule::if_keyword => LeafKind::Keyword,
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

/// Makes the tree's types of pest's pairs; knows where in the file the text stands that pest saw.
struct Reader {
    file: FileId,
    base: u32,
}

impl Reader {
    fn item(&self, pair: Pair<'_, Rule>) -> Read<Item> {
        Ok(match pair.as_rule() {
            Rule::package => {
                let docs = docs(&pair);
                Item::Package(Package { docs, name: self.only_key(pair)? })
            }
            Rule::use_item => Item::Use(self.only_key(pair)?),
            Rule::attribute => Item::Attribute(self.attribute(pair)?),
            Rule::refine => {
                let docs = docs(&pair);
                let options = self.options_in(&pair)?;
                Item::Refine(Refine { docs, key: self.only_key(pair)?, options })
            }
            Rule::group => Item::Group(self.block(pair)?),
            Rule::resource => Item::Resource(self.block(pair)?),
            Rule::scope => Item::Scope(self.block(pair)?),
            Rule::policy => Item::Policy(self.policy(pair)?),
            _ => Item::Metric(self.metric(pair)?),
        })
    }

    fn attribute(&self, pair: Pair<'_, Rule>) -> Read<Attribute> {
        let docs = docs(&pair);
        let options = self.options_in(&pair)?;
        let place = self.place(&pair);
        let mut key = None;
        let mut type_of = None;
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::key => key = Some(self.name(inner)?),
                Rule::type_of => {
                    let place = self.place(&inner);
                    for inner in inner.into_inner() {
                        type_of = Some(Placed::new(self.type_of(inner)?, place));
                    }
                }
                _ => {}
            }
        }
        Ok(Attribute { docs, key: self.found(key, place)?, type_of: self.found(type_of, place)?, options })
    }

    fn type_of(&self, pair: Pair<'_, Rule>) -> Read<Type> {
        let place = self.place(&pair);
        let kind = pair.as_rule();
        if kind == Rule::named_type {
            return Ok(Type::Named(self.named_type(pair)?));
        }
        for inner in pair.into_inner() {
            match (kind, inner.as_rule()) {
                (Rule::enum_type, Rule::members) => {
                    let members = inner.into_inner().filter(|pair| pair.as_rule() == Rule::member);
                    return Ok(Type::Enum(members.map(|pair| self.member(pair)).collect::<Read<_>>()?));
                }
                (Rule::map_type, Rule::named_type) => return Ok(Type::Map(self.named_type(inner)?)),
                (Rule::timestamp_type, Rule::word) => return Ok(Type::Timestamp(self.name(inner)?)),
                (Rule::duration_type, Rule::word) => return Ok(Type::Duration(self.name(inner)?)),
                _ => {}
            }
        }
        self.found(None, place)
    }

    fn named_type(&self, pair: Pair<'_, Rule>) -> Read<NamedType> {
        let array = pair.clone().into_inner().any(|inner| inner.as_rule() == Rule::array);
        Ok(NamedType { name: self.only_key(pair)?, array })
    }

    fn member(&self, pair: Pair<'_, Rule>) -> Read<Member> {
        let docs = docs(&pair);
        let place = self.place(&pair);
        let mut name = None;
        let mut wire = None;
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::word | Rule::string => name = Some(self.name(inner)?),
                Rule::value => wire = Some(self.value(inner)?),
                _ => {}
            }
        }
        Ok(Member { docs, name: self.found(name, place)?, wire })
    }

    fn block(&self, pair: Pair<'_, Rule>) -> Read<Block> {
        let docs = docs(&pair);
        let options = self.options_in(&pair)?;
        let place = self.place(&pair);
        let mut name = None;
        let mut entries = Vec::new();
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::word => name = Some(self.name(inner)?),
                Rule::block => {
                    for entry in inner.into_inner().filter(|pair| pair.as_rule() == Rule::entry) {
                        entries.push(self.entry(entry)?);
                    }
                }
                _ => {}
            }
        }
        Ok(Block { docs, name: self.found(name, place)?, options, entries })
    }

    fn entry(&self, pair: Pair<'_, Rule>) -> Read<Entry> {
        let spread = pair.clone().into_inner().find(|inner| inner.as_rule() == Rule::spread);
        if let Some(spread) = spread {
            return Ok(Entry::Spread(self.only_key(spread)?));
        }
        let docs = docs(&pair);
        let options = self.options_in(&pair)?;
        Ok(Entry::Key { docs, key: self.only_key(pair)?, options })
    }

    fn policy(&self, pair: Pair<'_, Rule>) -> Read<Policy> {
        let docs = docs(&pair);
        let place = self.place(&pair);
        let mut name = None;
        let mut entries = Vec::new();
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::word => name = Some(self.name(inner)?),
                Rule::policy_entry => {
                    for inner in inner.into_inner() {
                        match inner.as_rule() {
                            Rule::house_rule => {
                                let options = self.options_in(&inner)?;
                                entries.push(PolicyEntry::Rule { name: self.only_key(inner)?, options });
                            }
                            Rule::allow => entries.push(self.allow(inner)?),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(Policy { docs, name: self.found(name, place)?, entries })
    }

    fn allow(&self, pair: Pair<'_, Rule>) -> Read<PolicyEntry> {
        let place = self.place(&pair);
        let (mut code, mut name, mut reason) = (None, None, None);
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::word => code = Some(self.name(inner)?),
                Rule::key => name = Some(self.name(inner)?),
                Rule::string => reason = Some(self.string(inner)?),
                _ => {}
            }
        }
        Ok(PolicyEntry::Allow {
            code: self.found(code, place)?,
            name: self.found(name, place)?,
            reason: self.found(reason, place)?,
        })
    }

    fn metric(&self, pair: Pair<'_, Rule>) -> Read<Metric> {
        let docs = docs(&pair);
        let options = self.options_in(&pair)?;
        let mut labels = Vec::new();
        for inner in pair.clone().into_inner().filter(|inner| inner.as_rule() == Rule::labels) {
            for label in inner.into_inner().filter(|inner| inner.as_rule() == Rule::label) {
                let level = label.clone().into_inner().find(|inner| inner.as_rule() == Rule::level);
                let level = level.map(|pair| self.level(pair)).transpose()?;
                labels.push(Label { key: self.only_key(label)?, level });
            }
        }
        Ok(Metric { docs, name: self.only_key(pair)?, options, labels })
    }

    fn level(&self, pair: Pair<'_, Rule>) -> Read<Placed<Level>> {
        let place = self.place(&pair);
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::word => return Ok(Placed::new(Level::Word(inner.as_str().to_owned()), place)),
                Rule::string => return Ok(Placed::new(Level::If(self.string(inner)?.value), place)),
                _ => {}
            }
        }
        self.found(None, place)
    }

    /// The options that stand in a declaration or an entry.
    fn options_in(&self, pair: &Pair<'_, Rule>) -> Read<Vec<Opt>> {
        let lists = pair
            .clone()
            .into_inner()
            .filter(|inner| matches!(inner.as_rule(), Rule::options | Rule::more_options));
        lists
            .flat_map(Pair::into_inner)
            .filter(|inner| inner.as_rule() == Rule::option)
            .map(|inner| self.option(inner))
            .collect()
    }

    /// An option of a file or of a tag.
    fn option(&self, pair: Pair<'_, Rule>) -> Read<Opt> {
        let place = self.place(&pair);
        let mut name = Name::new(String::new(), place);
        let mut value = None;
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::word => name = self.name(inner)?,
                Rule::string => {
                    let text = self.string(inner)?;
                    value = Some(Placed::new(Expression::String(text.value), text.place));
                }
                Rule::value => value = Some(self.value(inner)?),
                Rule::tag_value => {
                    for inner in inner.into_inner() {
                        value = Some(self.expression(inner)?);
                    }
                }
                _ => {}
            }
        }
        Ok(Opt { name, value, place })
    }

    fn value(&self, pair: Pair<'_, Rule>) -> Read<Placed<Expression>> {
        let place = self.place(&pair);
        match pair.into_inner().next() {
            Some(inner) => self.expression(inner),
            None => self.found(None, place),
        }
    }

    fn expression(&self, pair: Pair<'_, Rule>) -> Read<Placed<Expression>> {
        let place = self.place(&pair);
        let value = match pair.as_rule() {
            Rule::string => Expression::String(self.string(pair)?.value),
            Rule::number => number(pair),
            Rule::range => {
                let ends = pair.into_inner().filter(|inner| inner.as_rule() == Rule::number);
                let mut ends = ends.map(|end| {
                    let place = self.place(&end);
                    Placed::new(number(end), place)
                });
                let (low, high) = (ends.next(), ends.next());
                Expression::Range(Box::new(self.found(low, place)?), Box::new(self.found(high, place)?))
            }
            Rule::list => {
                let values = pair.into_inner().filter(|inner| inner.as_rule() == Rule::value);
                Expression::List(values.map(|inner| self.value(inner)).collect::<Read<_>>()?)
            }
            Rule::raw => {
                let text = pair.as_str().trim_end_matches([' ', '\t']);
                let end = place.start + text.len() as u32;
                return Ok(Placed::new(Expression::Raw(text.to_owned()), Place { end, ..place }));
            }
            _ => Expression::Key(self.name(pair)?.value),
        };
        Ok(Placed::new(value, place))
    }

    fn tag_key(&self, pair: Pair<'_, Rule>) -> Read<Name> {
        let place = self.place(&pair);
        match pair.into_inner().next() {
            Some(inner) if inner.as_rule() == Rule::key => self.name(inner),
            Some(inner) => self.checked_name(Placed::new(inner.as_str().to_owned(), self.place(&inner))),
            None => self.found(None, place),
        }
    }

    fn only_key(&self, pair: Pair<'_, Rule>) -> Read<Name> {
        let place = self.place(&pair);
        match pair.into_inner().find(|inner| inner.as_rule() == Rule::key) {
            Some(key) => self.name(key),
            None => self.found(None, place),
        }
    }

    /// The joined text of a key, a word or a text in quotes.
    fn name(&self, pair: Pair<'_, Rule>) -> Read<Name> {
        let place = self.place(&pair);
        let text = match pair.as_rule() {
            Rule::key | Rule::string_key => {
                let mut text = String::with_capacity(pair.as_str().len());
                for segment in pair.into_inner() {
                    if !text.is_empty() {
                        text.push('.');
                    }
                    let part = self.name(segment)?;
                    text.push_str(&part.value);
                }
                text
            }
            Rule::string => self.string(pair)?.value,
            _ => pair.as_str().to_owned(),
        };
        self.checked_name(Placed::new(text, place))
    }

    fn checked_name(&self, name: Name) -> Read<Name> {
        let kind = if name.value.is_empty() {
            SyntaxErrorKind::EmptyPart
        } else if name.value.len() > limits::NAME_BYTES {
            SyntaxErrorKind::TooLong { what: "name", limit: limits::NAME_BYTES }
        } else if let Some(character) = name.value.chars().find(|character| character.is_control()) {
            SyntaxErrorKind::ControlCharacter { character }
        } else {
            return Ok(name);
        };
        Err(SyntaxError { kind, place: name.place })
    }

    fn string(&self, pair: Pair<'_, Rule>) -> Read<Placed<String>> {
        let place = self.place(&pair);
        let text = pair.as_str();
        let quoted = text.get(1..text.len().saturating_sub(1)).unwrap_or("");
        if quoted.len() > limits::STRING_BYTES {
            let kind = SyntaxErrorKind::TooLong { what: "text", limit: limits::STRING_BYTES };
            return Err(SyntaxError { kind, place });
        }
        match literal::unescape(quoted) {
            Ok(value) => match characters(self.file, &value).into_iter().next() {
                Some(error) if matches!(error.kind, SyntaxErrorKind::BidirectionalControl { .. }) => {
                    Err(SyntaxError { kind: error.kind, place })
                }
                _ => Ok(Placed::new(value, place)),
            },
            Err((offset, escape)) => {
                let start = place.start + 1 + offset as u32;
                let place = Place { start, end: start + escape.len() as u32, ..place };
                Err(SyntaxError { kind: SyntaxErrorKind::UnknownEscape { escape }, place })
            }
        }
    }

    fn place(&self, pair: &Pair<'_, Rule>) -> Place {
        let span = pair.as_span();
        Place::new(self.file, self.base + span.start() as u32, self.base + span.end() as u32)
    }

    /// What the grammar says must be there. That it isn't can't happen, and is an error rather than a panic.
    fn found<T>(&self, value: Option<T>, place: Place) -> Read<T> {
        let kind = SyntaxErrorKind::Unexpected { expected: vec!["something else"], found: String::new() };
        value.ok_or(SyntaxError { kind, place })
    }

    fn nothing(&self, text: &str) -> SyntaxError {
        let kind = SyntaxErrorKind::Unexpected { expected: vec!["something"], found: String::new() };
        SyntaxError { kind, place: Place::new(self.file, self.base, self.base + text.len() as u32) }
    }

    fn unexpected(&self, text: &str, error: &pest::error::Error<Rule>) -> SyntaxError {
        let at = match error.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
        };
        let mut expected: Vec<&'static str> = match &error.variant {
            ErrorVariant::ParsingError { positives, .. } => {
                positives.iter().flat_map(|token| called(*token)).copied().collect()
            }
            ErrorVariant::CustomError { .. } => Vec::new(),
        };
        expected.sort_unstable();
        expected.dedup();
        let skipped = text[at..].len() - text[at..].trim_start_matches([' ', '\t']).len();
        let at = at + skipped;
        let rest = &text[at..];
        let length = match rest.chars().next() {
            None => 0,
            Some(first) if first.is_alphanumeric() || first == '_' => rest
                .find(|character: char| !(character.is_alphanumeric() || character == '_'))
                .unwrap_or(rest.len()),
            Some('\r') if rest.starts_with("\r\n") => 2,
            Some('.') => rest.len() - rest.trim_start_matches('.').len(),
            Some('/') if rest.starts_with("//!") => 3,
            Some(first) => first.len_utf8(),
        };
        let found = rest[..length].to_owned();
        if let Some(error) = self.doc_of_nothing(text, at, &found) {
            return error;
        }
        let start = self.base + at as u32;
        let place = Place::new(self.file, start, start + length as u32);
        SyntaxError { kind: SyntaxErrorKind::Unexpected { expected, found }, place }
    }

    /// Where the text before `at` is a doc comment, and what was found there has none.
    fn doc_of_nothing(&self, text: &str, at: usize, found: &str) -> Option<SyntaxError> {
        let before = text[..at].trim_end();
        let line = before.rsplit(['\n', '\r']).next()?.trim_start();
        let inner = line.starts_with("//!");
        if !inner && (!line.starts_with("///") || line.starts_with("////")) {
            return None;
        }
        let kind = match found {
            "}" => SyntaxErrorKind::DocWithoutItem,
            "package" | "use" => SyntaxErrorKind::MisplacedDoc { inner, keyword: found.to_owned() },
            keyword if inner && DECLARATIONS.contains(&keyword) => {
                SyntaxErrorKind::MisplacedDoc { inner, keyword: keyword.to_owned() }
            }
            _ => return None,
        };
        let end = self.base + before.len() as u32;
        Some(SyntaxError { kind, place: Place::new(self.file, end - line.len() as u32, end) })
    }
}

fn number(pair: Pair<'_, Rule>) -> Expression {
    let mut digits = String::new();
    let mut unit = String::new();
    for inner in pair.into_inner() {
        match inner.as_rule() {
            Rule::digits => digits = inner.as_str().replace('_', ""),
            _ => unit = inner.as_str().to_owned(),
        }
    }
    Expression::Number { digits, unit }
}

/// The docs that stand at the beginning of a declaration, an entry or a member.
fn docs(pair: &Pair<'_, Rule>) -> String {
    let lines = pair
        .clone()
        .into_inner()
        .take_while(|inner| matches!(inner.as_rule(), Rule::docs | Rule::inner_docs))
        .flat_map(Pair::into_inner);
    let lines: Vec<&str> = lines
        .map(|line| {
            let text = line.as_str().get(3..).unwrap_or("");
            text.strip_prefix(' ').unwrap_or(text).trim_end()
        })
        .collect();
    lines.join("\n")
}
